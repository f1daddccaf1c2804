# SPDX-License-Identifier: Apache-2.0
"""After a yes to a note: leave to ask later, how it stands, and whether the help came."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.base import BaseAction, Events, Turn, app, say
from bot.policy import contacting
from bot.policy.referring import CAME, NOT_CAME, NOT_YET

ARRIVED = {"help_came": CAME, "help_not_yet": NOT_YET, "help_not_came": NOT_CAME}


class MayAsk(BaseAction):
    """Nobody is asked later who did not say that we may."""

    NAME = "action_news_may_ask"
    DOES = True

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn) -> Events:
        """Keep the leave, and say what it means."""
        kept = await app().follow_up.may_ask(turn.conversation_id)
        say(dispatcher, "news_may_ask" if kept else "news_nothing_to_ask")
        return []


class News(BaseAction):
    """Only to who asks: somebody else may look on."""

    NAME = "action_news_told"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn) -> Events:
        """Say how it stands with the notes agreed to in this talk, or with the one they name."""
        named = contacting.reference(tracker.latest_message.get("text") or "")
        for one in await app().follow_up.news(turn.conversation_id, named):
            say(dispatcher, one.say, one.values)
        return []


class Arrived(BaseAction):
    """The answer to whether the help came."""

    NAME = "action_news_arrived"
    DOES = True

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn) -> Events:
        """Keep it, and say what follows."""
        said = ARRIVED[tracker.get_slot("choice")]
        kept = await app().follow_up.arrived(turn.conversation_id, said)
        say(dispatcher, f"news_{said}" if kept else "news_nothing_to_ask")
        return []

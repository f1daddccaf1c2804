# SPDX-License-Identifier: Apache-2.0
"""Answers a question in approved words, or says that the answer is not known and who has it."""

from __future__ import annotations

from collections.abc import Mapping

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import BaseAction, Events, Turn, answers, app, crisis, say
from bot.policy.questions import CONTACT_ANEW

UNTOLD = (None, "none", "other", "skip")
WAYS_ON = ("tell", "find_help", "person", "done")


class AnswerQuestion(BaseAction):
    """In the middle of a form it offers nothing: the form's question is asked again after it."""

    NAME = "action_information_answer"
    ASIDE = True

    async def act(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn
    ) -> Events:
        """Say the answer and who knows more; nobody is led into a form by a question."""
        facts = await app().facts.of(turn.conversation_id)
        topic, had = _topic(tracker, facts), tracker.get_slot("informed") or []
        text = tracker.latest_message.get("text") or ""
        known = {**facts, **answers(tracker), **await crisis(tracker, turn)}
        told = app().information.tell(text, topic, known, turn.medium, had)
        open_form = (tracker.active_loop or {}).get("name")
        for one in told.said[:-1]:
            say(dispatcher, one.say)
        last = told.said[-1]
        choices = () if open_form else WAYS_ON
        say(dispatcher, last.say, last.values, choices=choices, services=last.services)
        shown = [*(tracker.get_slot("shown") or ()), *(card.id for card in last.services)]
        informed = [SlotSet("informed", [*had, told.id])] if told.id else []
        # Whoever asks for others after these does not get the same ones.
        return [*informed, SlotSet("shown", list(dict.fromkeys(shown)))]


def _topic(tracker: Tracker, facts: Mapping[str, str]) -> str:
    """Return what it is about: told in this talk, picked from a list, or kept from before."""
    before = None if CONTACT_ANEW in facts else facts.get("topic")  # a code was used since
    known = (tracker.get_slot("heard"), tracker.get_slot("needs_topic"), before)
    return next((topic for topic in known if topic not in UNTOLD), "none")

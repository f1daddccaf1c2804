# SPDX-License-Identifier: Apache-2.0
"""Deletes a conversation because the person asked, or says what holds it and for how long."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.base import BaseAction, Events, Turn, app, say

HELD = "held"


class Erase(BaseAction):
    """A yes to "do you want us to delete"."""

    NAME = "action_privacy_erase"
    DOES = True

    async def act(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn
    ) -> Events:
        """Have it deleted, unless danger in it waits for a review; say what a service still has."""
        if await app().retention.ask_to_erase(turn.conversation_id) == HELD:
            say(dispatcher, "delete_held", {"hours": str(app().hours_held)})
        else:
            say(dispatcher, "delete_done")
        if await app().referrals.passed_on(turn.conversation_id):
            say(dispatcher, "delete_passed_on", {"weeks": app().referrals.weeks_kept})
        return []

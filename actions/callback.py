# SPDX-License-Identifier: Apache-2.0
"""Offers a call from a worker here, and begins to ask how it is safe to ring."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import BaseAction, Events, Turn, app, asked_anew, forget, say
from actions.referral import US
from bot.policy.questions import AGREES, CALLED, CONTACT, WRITTEN


class OfferCallback(BaseAction):
    """Somebody wants to be rung: no call is booked before it is known how that is safe."""

    NAME = "action_callback_offer"

    async def act(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn
    ) -> Events:
        """Say what is booked, or offer a call by us where we can ring out, or by a service."""
        if booked := await app().callbacks.standing(turn.conversation_id):
            say(dispatcher, *booked)
            return []
        possible = app().callbacks.possible
        by_us = ("callback",) if possible else ()
        by_them = ("refer",) if tracker.get_slot("offered") else ()
        name = "callback_by_person" if possible else "callback_only_by_person"
        say(dispatcher, name, choices=(*by_them, *by_us, "person", "find_help", "done"))
        return []


class StartCallback(BaseAction):
    """A call from us was chosen: what was said of another recipient does not count for it."""

    NAME = "action_callback_start"

    async def act(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn
    ) -> Events:
        """Say what is asked now, and ask it all anew."""
        say(dispatcher, "callback_intro")
        await asked_anew(turn)
        others = SlotSet(AGREES, "not_asked")  # it is they who are rung, whoever they ask for
        # A call is what they want: it is not asked how else to reach them.
        unwritten = [SlotSet(slot, "not_asked") for slot in (*WRITTEN, CALLED)]
        return [*forget(*CONTACT), others, *unwritten, SlotSet("referral_service", US)]

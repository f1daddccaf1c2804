# SPDX-License-Identifier: Apache-2.0
"""Asks which service the person wants to hear from, by name, and lets the matter rest if none."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.base import BaseAction, Events, Turn, asked_anew, forget, say
from actions.services import ways_on
from bot.policy.questions import AGREES, CONTACT

# Not a service: a worker of ours rings.
US = "us"


class AskService(BaseAction):
    """The first question of a referral: the services just shown, by name."""

    NAME = "action_ask_referral_service"

    async def act(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn
    ) -> Events:
        """Ask which of the services, each under a key that stands until others are shown.

        A number that was taken back, or given before they came back by a code, is asked anew.
        """
        offered = tracker.get_slot("offered") or []
        named = [(f"service_{n}", service["name"]) for n, service in enumerate(offered, 1)]
        say(dispatcher, "referral_ask_service", choices=[*named, "skip"])
        if await asked_anew(turn):
            return forget(*CONTACT)
        # Who did not want one service may want another.
        anew = [AGREES] if tracker.get_slot(AGREES) in ("no", "skip") else []
        return forget(*anew)


class ReferralOver(BaseAction):
    """No service was wanted: what was not asked may be asked another time."""

    NAME = "action_referral_over"

    async def act(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn
    ) -> Events:
        """Go back to what can be done with the services shown."""
        choices = ways_on(tracker.get_slot("offered") or [], more=True)
        say(dispatcher, "services_next", choices=choices)
        return forget("referral_service", *CONTACT)

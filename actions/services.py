# SPDX-License-Identifier: Apache-2.0
"""Shows fitting services, those not shown before, and keeps the answers that led to them.

By telephone they are told one after another: nobody writes down three in one breath.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import BaseAction, Events, Turn, answers, app, crisis, forget, say
from bot.policy import rights
from bot.policy.needs import access_said, also_said, home_area, outside
from bot.policy.turn import Medium, ServiceCard

AT_MOST = 3
BESIDE = 2
TOGETHER = 2
"""Services told at once by telephone where the first may not be open now."""
OTHERS = "another"


class OfferServices(BaseAction):
    """The end of the needs assessment, and every wish to see others."""

    NAME = "action_services_offer"

    async def act(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn
    ) -> Events:
        """Show at most three services and what was told calls for, then ask what next."""
        facts = await app().facts.of(turn.conversation_id)
        new = {n: v for n, v in answers(tracker).items() if facts.get(n) != v}
        if new:
            await app().facts.keep(turn.conversation_id, turn.turn_id, new)
        shown = list(tracker.get_slot("shown") or ())
        informed = list(tracker.get_slot("informed") or ())
        others = next(tracker.get_latest_entity_values("choice"), "") == OTHERS
        known = {**facts, **new, **await crisis(tracker, turn)}
        later = [ServiceCard(**card) for card in tracker.get_slot("later") or ()]
        begins = not (others and later)
        if begins:
            later = app().offers.offer(known, turn.medium, shown, anew=not others)
        cards, later = _at_once(later, turn.medium, begins)
        referable = [
            {"id": card.id, "name": card.name}
            for card in cards
            if app().offers.takes_referrals(card.id)
        ]
        before = [s for s in tracker.get_slot("offered") or () if s not in referable]
        offered = [*referable, *before][:AT_MOST]
        if cards:
            say(dispatcher, "services_offered" if begins else "services_and", services=cards)
            beside = _beside(known, informed, home_area(known, app().area)) if not later else []
            for name in beside:
                say(dispatcher, name, choices=())
            informed += [name.removeprefix("info_") for name in beside]
            asks = "services_next_one" if later else "services_next"
            say(dispatcher, asks, choices=ways_on(offered, more=True))
        else:
            last = "services_no_more_other_country" if outside(known) else "services_no_more"
            say(dispatcher, last, choices=ways_on(offered, more=False))
        return [
            SlotSet("informed", informed),
            SlotSet("later", [asdict(card) for card in later]),
            SlotSet("shown", list(dict.fromkeys([*shown, *(card.id for card in cards)]))),
            # service_1 to service_3 point into this list, so an earlier pick no longer stands.
            SlotSet("offered", offered),
            *forget("referral_service"),
        ]


def _at_once(
    cards: Sequence[ServiceCard], medium: str, begins: bool
) -> tuple[list[ServiceCard], list[ServiceCard]]:
    """Return what is told now and what after it: by telephone one by one.

    One that may not be open now never stands alone at the beginning.
    """
    many = len(cards)
    if medium == Medium.VOICE:
        many = TOGETHER if begins and cards and not cards[0].open_now else 1
    return list(cards[:many]), list(cards[many:])


def _beside(known: Mapping[str, str], informed: Collection[str], home: str) -> list[str]:
    """Return what is said beside the services, other than what was said before; never a wall."""
    names = (*also_said(known), access_said(known), rights.said(known), home)
    fresh = [name for name in names if name and name.removeprefix("info_") not in informed]
    return fresh[:BESIDE]


def ways_on(offered: list[dict[str, str]], more: bool) -> list[str]:
    """Return what can be picked after services; being put in touch only where somebody takes it."""
    return [
        *(["another"] if more else []),
        *(["refer"] if offered else []),
        "person",
        "done",
    ]

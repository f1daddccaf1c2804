# SPDX-License-Identifier: Apache-2.0
"""Which services a person is shown, from what they chose to tell us."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import cast

from bot.policy.age import BANDS
from bot.policy.directory import Offer, Person, channels, choose, named
from bot.policy.listing import NEEDS, AgeBand, Audience, Service
from bot.policy.needs import CATEGORIES, needs_of
from bot.policy.passing import OTHERS
from bot.policy.turn import Medium, ServiceCard, Utterance
from bot.service.ports import Clock
from bot.service.talking import CAN_SPEAK
from bot.words import Words

# What is answered by something else than the name of an area.
AREAS = {"elsewhere": "elsewhere_england_wales", "skip": "not_said", "": "not_said"}
AUDIENCES: dict[str, Audience] = {"women": "women", "men": "men", "lgbt": "lgbt", "anyone": "any"}
# Lines that take nobody's details from us: the person reaches them without us.
NOT_REFERRED_TO = (
    *("emergency", "crisis", "reporting", "access", "perpetrator", "statutory", "everyday"),
)

if set(CATEGORIES.values()) != set(NEEDS):
    raise RuntimeError("the nine needs and their names do not match")


def person(facts: Mapping[str, str], medium: str) -> Person:
    """Return what bears on a choice of services; a skipped answer is one not given."""
    talk = {"yes": True, "no": False}.get(facts.get(CAN_SPEAK, ""))
    if facts.get("access") in ("hearing", "speaking"):
        talk = False  # a number alone is no way for them, whatever the channel they are on
    age, area = facts.get("age_band", ""), facts.get("area", "")
    return Person(
        topic=facts.get("topic", "none") if facts.get("topic") != "skip" else "none",
        age_band=cast(AgeBand, age) if age in BANDS else "not_said",
        area=AREAS.get(area, area),
        place=facts.get("council") or None,
        audience=AUDIENCES.get(facts.get("audience", ""), "not_said"),
        needs=_needs(facts),
        can_talk=talk,
        reported={"yes": True, "no": False}.get(facts.get("reported", "")),
        in_crisis="yes" == facts.get("crisis") or facts.get("managing") == "managing_hardly",
        over=Medium(medium),
        for_another=facts.get("who") in OTHERS,
    )


def _needs(facts: Mapping[str, str]) -> tuple[str, ...]:
    """Return the categories of need, with that of a case that goes to court."""
    court = ("criminal_justice_system",) if facts.get("stage") in ("charged", "trial") else ()
    return tuple(dict.fromkeys((*needs_of(facts), *court)))


class Offers:
    """Chooses services and says why, in approved words."""

    def __init__(self, services: Sequence[Service], words: Words, clock: Clock) -> None:
        self.services, self.words, self.clock = services, words, clock
        self._by_id = {s.id: s for s in services}

    def offer(
        self,
        facts: Mapping[str, str],
        medium: str,
        shown: Collection[str] = (),
        anew: bool = False,
    ) -> list[ServiceCard]:
        """Return at most three services that fit and were not shown yet, the first open now.

        `anew`: help is asked for once more, and what fits best comes first again.
        """
        now = datetime.fromtimestamp(self.clock(), UTC)
        found = choose(self.services, person(facts, medium), now, shown, anew=anew)
        return [self._card(offer, medium, facts) for offer in found]

    def named(self, ids: Sequence[str], facts: Mapping[str, str], medium: str) -> list[ServiceCard]:
        """Return those of these services that fit, never a limited line alone."""
        now = datetime.fromtimestamp(self.clock(), UTC)
        found = named(self.services, ids, person(facts, medium), now)
        return [self._card(offer, medium, facts) for offer in found]

    def takes_referrals(self, service_id: str) -> bool:
        """Say whether a worker can pass a note to this service."""
        service = self._by_id.get(service_id)
        if service is None or service.tier in NOT_REFERRED_TO:
            return False
        # A form that the person fills in, and nothing else, takes nobody's details from us.
        return not all(c.medium == "url" and c.contact for c in channels(service))

    def name(self, service_id: str) -> str:
        """Return a service's public name."""
        return self._by_id[service_id].name

    def _card(self, offer: Offer, medium: str, facts: Mapping[str, str]) -> ServiceCard:
        ways = {c.medium: c for c in reversed(offer.channels)}
        web = ways.get("chat") or ways.get("url")
        why = f"services_why_{offer.why}"
        if facts.get("who") in OTHERS and f"{why}_them" in self.words.names():
            why = f"{why}_them"
        reason = self.words.message(Utterance(why), Medium(medium)).text
        notes = [offer.service.answered_by]
        if offer.service.on_bill is False and "phone" in ways:
            notes.append(self.words.message(Utterance("services_not_on_bill"), Medium(medium)).text)
        return ServiceCard(
            id=offer.service.id,
            name=offer.service.name,
            why=" ".join(filter(None, (reason, *notes))),
            phone=ways["phone"].display if "phone" in ways else None,
            text=ways["text"].display if "text" in ways else None,
            url=web.value if web else None,
            open_now=offer.open_now,
            free=offer.free,
        )

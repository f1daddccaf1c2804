# SPDX-License-Identifier: Apache-2.0
"""What of the directory may be shown to anybody who looks, and in what order?

Here nobody is asked anything and nothing is inferred. What a service may not be offered for, it is
not shown for either: the rules of `bot/policy/eligibility.py` hold.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.policy.eligibility import (
    COUNTRIES_OF_AREA,
    ENGLAND,
    answers_always,
    channels,
    channels_for,
    is_open,
    is_unsure,
    is_written,
    speakable,
)
from bot.policy.listing import Offer, Person, Service
from bot.policy.preference import NO_TOPIC, OPEN_TO_ANY, rank, why
from bot.policy.topics import ANY, TOPICS

# What may be looked for: a topic that says nothing narrows nothing.
TOPICS_TO_CHOOSE = tuple(sorted(TOPICS - set(NO_TOPIC)))


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for. What is empty narrows nothing."""

    topic: str = ""
    need: str = ""
    area: str = ""
    open_now: bool = False
    written: bool = False


def may_be_published(service: Service) -> bool:
    """Say whether anybody at all may be told of it: speakable, and by a way that is certain."""
    return speakable(service) and bool(channels(service))


def reaches(service: Service, area: str) -> bool:
    """Say whether a service works in an area, or in a part of it: the councils are told apart."""
    if not area:
        return True
    if service.local:
        return service.area == area
    return COUNTRIES_OF_AREA.get(area, ENGLAND) <= service.countries


def helps_with(service: Service, topic: str) -> bool:
    """Say whether it answers a topic, by itself or because it is there after any crime."""
    to_anybody = ANY in service.topics and service.tier in OPEN_TO_ANY
    return not topic or topic in service.topics or to_anybody


def browse(services: Iterable[Service], wanted: Wanted, now: datetime) -> list[Offer]:
    """Return everything that fits, one service for each door.

    The best that is certainly open now to anybody comes first, then all others as they fit.
    Nothing is hidden for an age or for whom a service is: each one says that for itself.
    """
    person = Person(
        topic=wanted.topic or "none",
        area=wanted.area or "not_said",
        needs=(wanted.need,) if wanted.need else (),
        can_talk=False if wanted.written else None,
    )
    found: dict[str, Service] = {}
    for service in sorted(services, key=lambda s: rank(s, person, now)):
        if may_be_published(service) and _fits(service, wanted, person, now):
            door = service.line or service.id
            # Who named no place is told of the door by the name that is everybody's.
            if door not in found or (not wanted.area and found[door].local and not service.local):
                found[door] = service
    offers = [_offer(service, person, now) for service in found.values()]
    first = [o for o in offers if o.open_now and not is_unsure(o.service, person)][:1]
    return [*first, *(o for o in offers if o not in first)]


def always_there(services: Iterable[Service], now: datetime, written: bool = False) -> list[Offer]:
    """Return who certainly listens at any hour whatever happened: no limited line stands alone."""
    person = Person(can_talk=False if written else None)
    found = (
        s
        for s in services
        if may_be_published(s)
        and s.tier in ("generalist", "crisis")
        and ANY in s.topics
        and not s.local
        and answers_always(s, person)
    )
    return [_offer(s, person, now) for s in sorted(found, key=lambda s: s.tier != "generalist")]


def _fits(service: Service, wanted: Wanted, person: Person, now: datetime) -> bool:
    return (
        helps_with(service, wanted.topic)
        and (not wanted.need or wanted.need in service.needs)
        and reaches(service, wanted.area)
        and (not wanted.written or any(map(is_written, channels(service))))
        and (not wanted.open_now or is_open(service, person, now) is True)
    )


def _offer(service: Service, person: Person, now: datetime) -> Offer:
    return Offer(
        service=service,
        why=why(service, person),
        open_now=is_open(service, person, now),
        free=service.free,
        channels=channels_for(service, person),
    )

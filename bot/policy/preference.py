# SPDX-License-Identifier: Apache-2.0
"""Which of the services a person may have comes before which, and why is each one theirs?

A way to report to the police or to give information is preferred only where the table says so, or
when asked for: nobody is pushed to report. Emergency numbers are in no row: the emergency words
carry them.
"""

from __future__ import annotations

from datetime import datetime
from typing import get_args

from bot.policy.age import UNDER_18
from bot.policy.eligibility import answers_always, channels, is_unsure, is_written
from bot.policy.hours import state
from bot.policy.listing import ABOUT_ANOTHER, Person, Reason, Service, Tier
from bot.policy.topics import ANY
from bot.policy.turn import Medium

# Topic -> the tiers offered, the first one first. What has no row takes the usual ones.
USUAL_TIERS: tuple[Tier, ...] = ("specialist", "generalist", "crisis", "police_victim_care")
PREFERRED_TIERS: dict[str, tuple[Tier, ...]] = {
    "mental_distress": ("crisis", "generalist"),
    "fraud": ("reporting", "specialist", "generalist", "crisis", "police_victim_care"),
    "online_abuse_image": (*USUAL_TIERS, "reporting"),
    "hate_crime": ("specialist", "generalist", "crisis", "reporting", "police_victim_care"),
    "court_process": ("criminal_justice", "generalist", "crisis", "police_victim_care"),
    "compensation": ("compensation", "generalist", "crisis", "police_victim_care"),
    "complaint": ("complaints", "generalist", "crisis"),
    "police_update": ("police_victim_care", "statutory", "generalist", "crisis"),
}
# Tiers whose services for "any crime" are worth offering whatever happened, unasked.
OPEN_TO_ANY = ("specialist", "generalist", "crisis", "police_victim_care")
NO_TOPIC = ("none", "other")
FAMILY = "family_friends_and_children"
BY_FAMILY = ("domestic_abuse", "honour_based_abuse", "child_abuse", "elder_abuse")
"""What is mostly done by those at home."""


def tiers_for(topic: str, asked: str = "") -> tuple[str, ...]:
    """Return the tiers to offer from; a tier that was asked about comes before everything."""
    if asked in get_args(Tier):
        return (asked, "crisis", "generalist")
    return PREFERRED_TIERS.get(topic, USUAL_TIERS)


def is_relevant(service: Service, person: Person, asked: str = "") -> bool:
    """Say whether the service answers what the person came with or asked about."""
    if meets_need(service, person) or (service.tier == asked and person.topic in NO_TOPIC):
        return True
    if service.tier == "reporting" != asked and person.reported:
        return False  # it is reported already
    if service.tier not in tiers_for(person.topic, asked):
        return False
    to_anybody = ANY in service.topics and service.tier in (*OPEN_TO_ANY, asked)
    return to_anybody or person.topic in service.topics


def only_fills(service: Service, person: Person) -> bool:
    """Say whether it is a crisis line without a crisis: beside a keyed car it reads as an insult.

    Somebody who told nothing may need one, and so may a child, or somebody who cannot speak aloud
    and has few doors left.
    """
    young = is_for_children(service) and person.age_band in UNDER_18
    may_be = person.topic in ("mental_distress", "none") or person.can_talk is False
    wanted = person.in_crisis or young or may_be or meets_need(service, person)
    return service.tier == "crisis" and not wanted


def why(service: Service, person: Person) -> Reason:
    """Return the code of the reason this service is offered to this person."""
    young_or_old = service.maximum_age is not None or (service.minimum_age or 0) > 18
    if person.audience in service.audience:
        return "for_audience"
    if young_or_old and person.age_band != "not_said":
        return "for_age"
    if service.tier == "crisis":
        return "crisis"
    if service.local and service.tier in ("generalist", "police_victim_care"):
        return "local"
    if person.topic in service.topics:
        return "for_topic"
    if meets_need(service, person):
        return "for_need"
    if answers_always(service, person) and service.tier not in OPEN_TO_ANY:
        return "always_open"
    return "any_crime"


def rank(service: Service, person: Person, now: datetime, asked: str = "") -> tuple[int, ...]:
    """Return the sorting key: each line is one preference, the first line the strongest."""
    tiers = tiers_for(person.topic, asked)
    contacts = [c for c in channels(service) if c.contact]
    return (
        not (is_for_children(service) and person.age_band in UNDER_18),
        not contacts and person.over is Medium.VOICE,
        not (person.topic in NO_TOPIC and meets_need(service, person)),
        service.only_for not in ("", ABOUT_ANOTHER) or _is_sideline(service, person),
        _tier(service, person, tiers),
        is_unsure(service, person),
        _silence(service) if person.can_talk is False else 0,
        not service.local,
        not contacts,
        state(service.hours, now) == "closed",
        not answers_always(service, person),
        not service.emotional_support,
        service.topics.index(person.topic) if person.topic in service.topics else 99,
    )


def meets_need(service: Service, person: Person) -> bool:
    """Say whether it helps with a category of need the person has named.

    A service for one kind of crime helps with that need after that crime: a burgled person who
    worries about their health is not sent to a sexual assault referral centre.
    """
    return any(helps_with(service, person, need) for need in person.needs)


def helps_with(service: Service, person: Person, need: str) -> bool:
    """Say whether it helps this person with one category of need."""
    for_them = ANY in service.topics or person.topic in service.topics
    return for_them and need in service.needs and not _is_of_getting_on(service, person)


def _is_of_getting_on(service: Service, person: Person) -> bool:
    """Say whether it is a line on how a family gets on, for somebody whom the family may hurt.

    Nothing like family counselling is offered there; a council, and the services for what happened,
    help with a family.
    """
    talks = service.tier == "everyday" and service.emotional_support and FAMILY in service.needs
    return talks and person.topic in BY_FAMILY


def knows(service: Service, person: Person) -> bool:
    """Say whether it is of the kind to turn to first after what happened, and mainly for that."""
    mainly = person.topic in service.topics[:1] and not service.only_for
    return mainly and service.tier in tiers_for(person.topic)[:1]


def is_for_children(service: Service) -> bool:
    """Say whether it is a service for children and young people only."""
    return service.maximum_age is not None and service.maximum_age <= 18


def _is_sideline(service: Service, person: Person) -> bool:
    """Say whether a specialist is mainly for something else, and not chosen for who they are."""
    own = why(service, person) in ("for_audience", "for_age")
    return service.tier == "specialist" and person.topic in service.topics[1:] and not own


def _tier(service: Service, person: Person, tiers: tuple[str, ...]) -> int:
    """Return the place of its tier; one for a need alone comes before the crisis lines."""
    if service.tier in tiers:
        return 2 * tiers.index(service.tier)
    before_crisis = 2 * tiers.index("crisis") - 1 if "crisis" in tiers else 2 * len(tiers)
    return before_crisis if meets_need(service, person) else 2 * len(tiers)


def _silence(service: Service) -> int:
    """Say how well it serves somebody who cannot speak: 0 at once, 1 later, 2 not at all."""
    written = [c for c in channels(service) if is_written(c)]
    return 0 if any(c.in_hours for c in written) else 2 - bool(written)

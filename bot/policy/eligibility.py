# SPDX-License-Identifier: Apache-2.0
"""May this service be offered to this person, and by which of its channels?"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot.policy.hours import open_now
from bot.policy.listing import ABOUT_ANOTHER, COUNTRIES, Channel, Person, Service

CERTAIN_ENOUGH = ("high", "medium")
ONLY_WHEN_ASKED = ("perpetrator", "access")

AGES = {
    "under_16": (0, 15),
    "16_17": (16, 17),
    "18_24": (18, 24),
    "25_59": (25, 59),
    "60_plus": (60, 120),
}

# Where a person in this area must be covered. Every area with a file of its own is in England
# until it is named here, and whoever did not say where they live is asked about none but England's.
# "Elsewhere in England and Wales" is taken for England, where 19 in 20
# of them live, unless their place says Wales.
COUNTRIES_OF_AREA = {
    "other_uk": frozenset({"scotland", "northern_ireland"}),
}
ENGLAND = frozenset({"england"})


def speakable(service: Service, asked: str = "") -> bool:
    """Say whether anybody may be told of this service; `asked` is a tier they asked about."""
    return (
        service.status == "current"
        and service.self_referral
        and (service.tier not in ONLY_WHEN_ASKED or service.tier == asked)
    )


def channels(service: Service) -> tuple[Channel, ...]:
    """Return the ways to reach it that are certain enough to be said, each by its own mark."""
    return tuple(c for c in service.channels if c.certainty in CERTAIN_ENOUGH)


def channels_for(service: Service, person: Person) -> tuple[Channel, ...]:
    """Return what may be said, written ways first for somebody who cannot talk aloud."""
    said = channels(service)
    if person.can_talk is False:
        return tuple(sorted(said, key=lambda c: (not is_written(c), c.medium == "phone")))
    return said


def is_written(channel: Channel) -> bool:
    """Say whether somebody answers here without a word being spoken."""
    return channel.contact and channel.medium != "phone"


def suits(service: Service, person: Person) -> bool:
    """Say whether the service is for this person and within their reach, as far as is known."""
    reachable = channels(service)
    if person.can_talk is False:
        reachable = tuple(c for c in reachable if c.medium != "phone")
    return bool(
        reachable
        and fits_asker(service, person)
        and fits_age(service, person)
        and fits_audience(service, person)
        and covers(service, person)
    )


def fits_asker(service: Service, person: Person) -> bool:
    """Say whether it is for the one who asks: some are for people worried about another alone."""
    return service.only_for != ABOUT_ANOTHER or person.for_another


def fits_age(service: Service, person: Person) -> bool:
    """Say whether everybody of the person's age band may use it; unsaid excludes nobody."""
    if person.age_band == "not_said" or service.only_for == ABOUT_ANOTHER:
        return True
    youngest, oldest = AGES[person.age_band]
    return (service.minimum_age or 0) <= youngest and oldest <= (service.maximum_age or oldest)


def fits_audience(service: Service, person: Person) -> bool:
    """Say whether it is for the group the person named; who named none is excluded from none."""
    open_to_all = not service.audience or person.audience in ("any", "not_said")
    return open_to_all or person.audience in service.audience


def covers(service: Service, person: Person) -> bool:
    """Say whether the person is where the service works. A council's service needs that council."""
    place = (person.place or "").strip().casefold().replace(" ", "_")
    if service.local:
        return service.area == person.area and (not service.places or place in service.places)
    if place in COUNTRIES:
        return place in service.countries
    return COUNTRIES_OF_AREA.get(person.area, ENGLAND) <= service.countries


def is_unsure(service: Service, person: Person) -> bool:
    """Say whether the service has a limit and the person has not said which side they are on."""
    ages = (service.minimum_age, service.maximum_age)
    limited_age = ages != (None, None) and service.only_for != ABOUT_ANOTHER
    return (limited_age and person.age_band == "not_said") or (
        bool(service.audience) and person.audience in ("any", "not_said")
    )


def answers_always(service: Service, person: Person) -> bool:
    """Say whether somebody certainly answers this person at any hour, in a way they can use."""
    return (
        bool(service.hours.always_open)
        and service.hours.certainty == "high"
        and any(c.in_hours for c in _usable(service, person))
    )


def is_open(service: Service, person: Person, now: datetime) -> bool | None:
    """Say whether a channel this person can use is answered now; None when it is not certain."""
    if not any(c.in_hours for c in _usable(service, person)):
        return None
    return open_now(service.hours, now)


def is_stale(service: Service, today: date, after: timedelta = timedelta(days=365)) -> bool:
    """Say whether the record must be called old: nobody is known to have checked it lately."""
    return service.assured is None or today - service.assured > after


def _usable(service: Service, person: Person) -> tuple[Channel, ...]:
    said = channels(service)
    return tuple(c for c in said if is_written(c)) if person.can_talk is False else said

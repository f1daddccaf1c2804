# SPDX-License-Identifier: Apache-2.0
"""What the directory knows of a service, and what a person has let us know of themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from bot.policy.hours import Certainty, Hours
from bot.policy.turn import Medium

Tier = Literal[
    "emergency",
    "statutory",
    "crisis",
    "generalist",
    "specialist",
    "police_victim_care",
    "criminal_justice",
    "compensation",
    "reporting",
    "complaints",
    "perpetrator",
    "access",
    "everyday",
]
Status = Literal["current", "uncertain", "historic"]
Means = Literal["phone", "text", "chat", "email", "url"]
Group = Literal["women", "men", "lgbt"]
Audience = Literal["women", "men", "lgbt", "any", "not_said"]
AgeBand = Literal["under_16", "16_17", "18_24", "25_59", "60_plus", "not_said"]
Reason = Literal[
    "for_topic",
    "for_audience",
    "for_age",
    "for_need",
    "local",
    "any_crime",
    "crisis",
    "always_open",
]

NATIONAL = "national"
ABOUT_ANOTHER = "about_another"
"""A service's `only_for`: for people worried about somebody, whose own age is what it asks for."""
COUNTRIES = frozenset({"england", "wales", "scotland", "northern_ireland"})

# The Ministry of Justice's nine categories of need, by their own names.
NEEDS = (
    "education_skills_and_employment",
    "finance_and_benefits",
    "outlook_and_attitudes",
    "mental_and_physical_health",
    "drugs_and_alcohol",
    "social_interaction",
    "family_friends_and_children",
    "shelter_and_accommodation",
    "criminal_justice_system",
)


@dataclass(frozen=True)
class Channel:
    """One way to reach a service.

    `value` is what a machine dials or opens, `display` what a person reads. `contact` is False
    for a page that can only be read. `in_hours` is True when the service's hours are this
    channel's too; an e-mail, a form or a chat with hours of its own is answered later. `note`
    says why it is withheld, for whoever checks it.
    """

    medium: Means
    value: str
    display: str
    certainty: Certainty
    contact: bool = True
    in_hours: bool = False
    note: str = ""


@dataclass(frozen=True)
class Service:
    """One service of the directory. None, or an empty tuple, means not known or not limited.

    `serves` is where it works, in the words of its record.

    `topics` starts with what the service is mainly for. Services with the same `line` are one
    door: only one of them is offered. `only_for` names a circumstance that nobody is asked about.
    """

    id: str
    name: str
    tier: Tier
    status: Status
    self_referral: bool
    hours: Hours
    channels: tuple[Channel, ...] = ()
    topics: tuple[str, ...] = ()
    uuid: str = ""
    organisation: str = ""
    description: str = ""
    eligibility: str = ""
    accessibility: str = ""
    answered_by: str = ""
    area: str = NATIONAL
    serves: tuple[str, ...] = ()
    countries: frozenset[str] = COUNTRIES
    places: tuple[str, ...] = ()
    minimum_age: int | None = None
    maximum_age: int | None = None
    audience: frozenset[Group] = frozenset()
    needs: tuple[str, ...] = ()
    line: str = ""
    only_for: str = ""
    emotional_support: bool = False
    free: bool | None = None
    on_bill: bool | None = None
    languages: tuple[str, ...] = ()
    hours_note: str = ""
    valid_at: str = ""
    assured: date | None = None

    @property
    def local(self) -> bool:
        """Say whether it serves one area only."""
        return self.area != NATIONAL


@dataclass(frozen=True)
class Person:
    """What somebody chose to tell us that bears on which service fits. Nothing is inferred.

    `in_crisis`: words of suicide or of distress were heard, so that a line for them is no insult.
    `for_another`: they ask for somebody else, whose age, place and topic these are.
    `place` is a council (`north_somerset`) or a country (`wales`); `over` is the channel they
    are on now; `can_talk` is False when they cannot speak aloud. `needs` has the greatest worry
    first; `reported` is None where nobody said whether the police were told.
    """

    topic: str = "none"
    age_band: AgeBand = "not_said"
    area: str = "not_said"
    place: str | None = None
    audience: Audience = "not_said"
    needs: tuple[str, ...] = ()
    can_talk: bool | None = None
    over: Medium = Medium.CHAT
    in_crisis: bool = False
    for_another: bool = False
    reported: bool | None = None


@dataclass(frozen=True)
class Offer:
    """A service offered to one person now: the code of the reason, and what may be said of it.

    `open_now` and `free` are None where it is not certain.
    """

    service: Service
    why: Reason
    open_now: bool | None
    free: bool | None
    channels: tuple[Channel, ...]

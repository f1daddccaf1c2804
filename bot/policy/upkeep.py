# SPDX-License-Identifier: Apache-2.0
"""What in the directory is to be looked at again, in which order, and who is left with nothing?

For a person with a telephone: what is said to people and may be wrong comes first, then what could
be said if somebody confirmed it. Nothing here decides what is said; `eligibility` does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

from bot.policy.browsing import may_be_published
from bot.policy.eligibility import CERTAIN_ENOUGH, channels, is_written, speakable
from bot.policy.listing import NEEDS, Channel, Service
from bot.policy.preference import NO_TOPIC, is_for_children
from bot.policy.topics import TOPICS

AFTER = timedelta(days=365)
OLDER_FROM = 55

# In the order in which they are to be looked at.
Why = Literal["said_unsure", "said_old", "number_withheld", "hours", "runs", "other_withheld"]
# "2025-26" is two years, not a month, and "2023-2026" is two dates.
_DATES = re.compile(r"\b(20\d\d)(?:-(0[1-9]|1[0-2])\b(?:-(0[1-9]|[12]\d|3[01])\b)?)?")
# Who to ring first among equals: somebody in a crisis cannot wait for a wrong number.
_TIERS = {tier: place for place, tier in enumerate(("emergency", "crisis", "generalist"))}


@dataclass(frozen=True)
class Check:
    """One detail to verify: what, its value where there is one, its mark, and why now."""

    why: Why
    what: str
    value: str
    mark: str
    note: str = ""


@dataclass(frozen=True)
class Due:
    """A service to look at, with everything about it that one call could settle."""

    service: Service
    checks: tuple[Check, ...]

    @property
    def said(self) -> bool:
        """Say whether people are told of it now, as it stands."""
        return any(check.why in ("said_unsure", "said_old") for check in self.checks)


@dataclass(frozen=True)
class Gap:
    """Somebody whom no service reaches in a way: a need, a topic or a group."""

    kind: Literal["need", "topic", "group"]
    name: str
    lacks: tuple[str, ...]


def newest(service: Service) -> date | None:
    """Return when it was last known to be right: the assured date, else the newest one noted.

    A year alone counts as its first day: nobody is to think a record newer than it is.
    """
    if service.assured:
        return service.assured
    dates = [
        date(int(year), int(month or 1), min(int(day or 1), 28))
        for year, month, day in _DATES.findall(service.valid_at)
    ]
    return max(dates, default=None)


def due(services: Iterable[Service], today: date) -> list[Due]:
    """Return every service with something to verify, the one that matters most first."""
    found = [Due(s, checks) for s in services if (checks := _checks(s, today))]
    order = get_args(Why)
    return sorted(
        found,
        key=lambda d: (
            order.index(d.checks[0].why),
            _TIERS.get(d.service.tier, len(_TIERS)),
            newest(d.service) or date.min,
            d.service.name,
        ),
    )


def gaps(services: Sequence[Service]) -> list[Gap]:
    """Return which need, topic and group has no service by telephone, online, or in an area."""
    told = [s for s in services if may_be_published(s)]
    areas = sorted({s.area for s in services if s.local})
    rows: list[tuple[Literal["need", "topic", "group"], str, list[Service]]] = [
        *(("need", need, [s for s in told if need in s.needs]) for need in NEEDS),
        *(
            ("topic", topic, [s for s in told if topic in s.topics])
            for topic in sorted(TOPICS - set(NO_TOPIC))
        ),
        *(("group", name, [s for s in told if fits(s)]) for name, fits in GROUPS.items()),
    ]
    found = [Gap(kind, name, _lacks(fitting, areas)) for kind, name, fitting in rows]
    return [gap for gap in found if gap.lacks]


GROUPS = {
    "women": lambda s: "women" in s.audience,
    "men": lambda s: "men" in s.audience,
    "lgbt": lambda s: "lgbt" in s.audience,
    "under_16": lambda s: is_for_children(s) and (s.minimum_age or 0) < 16,
    "older_people": lambda s: (s.minimum_age or 0) >= OLDER_FROM,
    "cannot_talk_aloud": lambda s: any(map(is_written, channels(s))),
    "welsh": lambda s: "cy" in s.languages,
    "british_sign_language": lambda s: "BSL" in s.accessibility or "bfi" in s.languages,
}


def _lacks(fitting: list[Service], areas: list[str]) -> tuple[str, ...]:
    if not fitting:
        return ("any",)
    means = {c.medium for s in fitting for c in channels(s)}
    lacks = ["by phone"] if "phone" not in means else []
    lacks += ["online"] if means == {"phone"} else []
    here = {s.area for s in fitting if s.local}
    return (*lacks, *(f"local in {area}" for area in areas if area not in here))


def _checks(service: Service, today: date) -> tuple[Check, ...]:
    if service.status == "historic":
        return ()
    found = [c for channel in service.channels for c in _channel(service, channel, today)]
    if service.hours.certainty != "high" and any(map(_is_number, channels(service))):
        found.append(Check("hours", "hours", "", service.hours.certainty, service.hours_note))
    if service.status == "uncertain":
        found.append(Check("runs", "service", service.name, "unverified", service.valid_at))
    order = get_args(Why)
    return tuple(sorted(found, key=lambda c: order.index(c.why)))


def _channel(service: Service, channel: Channel, today: date) -> list[Check]:
    def check(why: Why) -> list[Check]:
        mark, note = channel.certainty, channel.note
        return [Check(why, channel.medium, channel.display or channel.value, mark, note)]

    if channel.certainty not in CERTAIN_ENOUGH:
        return check("number_withheld" if _is_number(channel) else "other_withheld")
    if not speakable(service):
        return []
    if channel.certainty != "high" and _is_number(channel):
        return check("said_unsure")
    last = newest(service)
    return check("said_old") if last is None or today - last > AFTER else []


def _is_number(channel: Channel) -> bool:
    return channel.medium in ("phone", "text")

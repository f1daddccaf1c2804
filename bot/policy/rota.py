# SPDX-License-Identifier: Apache-2.0
"""Who is on duty at a moment, who comes next, and when nobody is: read in London time.

A clock change that makes a time doubtful counts for both: whoever ends and whoever begins then are
on duty together, and no gap opens that nobody planned.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from bot.policy.hours import LONDON, WEEKDAYS, in_london, is_bank_holiday
from bot.policy.urgency import TIERS

MEANS = ("voice", "sms", "email", "webhook")
AHEAD = 14  # days looked ahead
BankHolidays = Literal["as_usual", "off", "only"]


@dataclass(frozen=True)
class Person:
    """Somebody on the rota, and by which means they are called."""

    id: str
    name: str
    ways: tuple[tuple[str, str], ...] = field(repr=False)


@dataclass(frozen=True)
class Shift:
    """A time of duty on some weekdays, or on one date; who is called, in order.

    An end that is not after the start falls on the next day.
    """

    starts: time
    ends: time
    on_call: tuple[str, ...]
    days: frozenset[str] = frozenset()
    date: date | None = None
    bank_holidays: BankHolidays = "as_usual"


@dataclass(frozen=True)
class Team:
    """People with hours of their own, called for some tiers of the queue."""

    name: str
    shifts: tuple[Shift, ...]
    takes: frozenset[str] = frozenset(TIERS)


@dataclass(frozen=True)
class Rota:
    """The whole rota: its people by id, and its teams in the order they are called."""

    people: dict[str, Person]
    teams: tuple[Team, ...]


@dataclass(frozen=True)
class Span:
    """One time of duty between two moments."""

    starts: datetime
    ends: datetime
    on_call: tuple[str, ...]


@dataclass(frozen=True)
class Gap:
    """A time in which nobody is on duty for these tiers."""

    starts: datetime
    ends: datetime
    tiers: tuple[str, ...]


def on_duty(rota: Rota, at: datetime, tier: str = "") -> tuple[Person, ...]:
    """Return who is on duty for a tier, or for any, in the order they are called."""
    at = at.astimezone(UTC)
    spans = [s for s in _spans(rota, at, 0, tier) if s.starts <= at < s.ends]
    return tuple(rota.people[one] for one in dict.fromkeys(n for s in spans for n in s.on_call))


def next_on(rota: Rota, at: datetime, tier: str = "") -> datetime | None:
    """Return when somebody next comes on duty, None when nobody does in the days looked ahead."""
    return min(
        (s.starts for s in _spans(rota, at, AHEAD, tier) if s.starts > at and s.on_call),
        default=None,
    )


def gaps(rota: Rota, at: datetime, days: int = AHEAD) -> list[Gap]:
    """Return the times in the coming days in which nobody is on duty, each with its tiers."""
    at = at.astimezone(UTC)  # moments of one zone are compared by their clock, not as moments
    until = at + timedelta(days=days)
    edges = {at, until}
    for span in _spans(rota, at, days, ""):
        edges |= {moment for moment in (span.starts, span.ends) if at < moment < until}
    found: list[Gap] = []
    moments = sorted(edges)
    for starts, ends in zip(moments, moments[1:], strict=False):
        bare = tuple(tier for tier in TIERS if not on_duty(rota, starts, tier))
        if bare and found and (found[-1].ends, found[-1].tiers) == (starts, bare):
            found[-1] = Gap(found[-1].starts, ends, bare)
        elif bare:
            found.append(Gap(starts, ends, bare))
    return found


def _spans(rota: Rota, at: datetime, days: int, tier: str) -> Iterator[Span]:
    today = in_london(at).date()
    for team in rota.teams:
        if tier and tier not in team.takes:
            continue
        for ahead in range(-2, days + 2):
            day = today + timedelta(days=ahead)
            for shift in _begin(team, day):
                over = day + timedelta(days=shift.ends <= shift.starts)
                yield Span(
                    min(_both(day, shift.starts)), max(_both(over, shift.ends)), shift.on_call
                )


def _begin(team: Team, day: date) -> list[Shift]:
    """Return the shifts of a team that begin on a day; a date of its own replaces the week's."""
    own = [shift for shift in team.shifts if shift.date == day]
    if own:
        return own
    off = ("off",) if is_bank_holiday(day) else ("only",)
    return [
        shift
        for shift in team.shifts
        if shift.date is None
        and WEEKDAYS[day.weekday()] in shift.days
        and shift.bank_holidays not in off
    ]


def _both(day: date, at: time) -> tuple[datetime, datetime]:
    """Return the two moments that a time may mean when the clocks change; else the same twice."""
    once, again = (datetime.combine(day, at, LONDON).replace(fold=fold) for fold in (0, 1))
    return once.astimezone(UTC), again.astimezone(UTC)

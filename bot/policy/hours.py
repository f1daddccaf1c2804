# SPDX-License-Identifier: Apache-2.0
"""Is a service open at this moment? Answered in London time: clock changes, weekdays, holidays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

import holidays

Certainty = Literal["high", "medium", "low", "unverified"]
State = Literal["open", "closed", "unknown"]

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True)
class Schedule:
    """One opening on some days of the week, as read on a clock in London.

    A closing time that is not after the opening time falls on the next day.
    """

    days: frozenset[str]
    opens_at: time
    closes_at: time


@dataclass(frozen=True)
class Hours:
    """When a service answers, and how sure we are of it. No schedule means not known."""

    certainty: Certainty = "unverified"
    always_open: bool | None = None
    schedules: tuple[Schedule, ...] = ()
    bank_holidays: State = "unknown"


def state(hours: Hours, at: datetime) -> State:
    """Say whether the timetable has the service open at `at`, whatever the timetable is worth."""
    local = in_london(at)
    if hours.always_open:
        return "open"
    if not hours.schedules:
        return "unknown"
    days = [day for s in hours.schedules if (day := _opening_day(s, local)) is not None]
    if not days:
        return "closed"
    if all(is_bank_holiday(day) for day in days):
        return hours.bank_holidays
    return "open"


def open_now(hours: Hours, at: datetime) -> bool | None:
    """Say whether people may be told "open now": None, for not known, unless hours are certain."""
    if hours.certainty != "high":
        return None
    return {"open": True, "closed": False, "unknown": None}[state(hours, at)]


def is_bank_holiday(day: date) -> bool:
    """Say whether England and Wales have a bank holiday on this day."""
    return day in _bank_holidays(day.year)


def _opening_day(schedule: Schedule, local: datetime) -> date | None:
    """Return the day on which the opening that covers `local` began, or None if none covers it."""
    now, today = local.time(), local.date()
    yesterday = today - timedelta(days=1)
    overnight = schedule.closes_at <= schedule.opens_at
    if WEEKDAYS[today.weekday()] in schedule.days and now >= schedule.opens_at:
        if overnight or now < schedule.closes_at:
            return today
    if overnight and WEEKDAYS[yesterday.weekday()] in schedule.days and now < schedule.closes_at:
        return yesterday
    return None


def in_london(at: datetime | float) -> datetime:
    """Return a moment, or seconds since 1970, as clocks in London have it."""
    if isinstance(at, int | float):
        return datetime.fromtimestamp(at, LONDON)
    if at.utcoffset() is None:
        raise ValueError("a moment without a time zone could be an hour wrong")
    return at.astimezone(LONDON)


def clock(at: datetime) -> str:
    """Return a time of day as it is said: "9 am", "8:30 pm"."""
    hour = f"{at.hour % 12 or 12}" + (f":{at.minute:02}" if at.minute else "")
    return f"{hour} {'am' if at.hour < 12 else 'pm'}"


def said(moment: datetime | float, now: datetime | float) -> str:
    """Return a moment as it is said: "today at 9 am", "Monday at 8:30 pm"."""
    local = in_london(moment)
    days = (local.date() - in_london(now).date()).days
    day = {0: "today", 1: "tomorrow"}.get(days) or local.strftime("%A")
    if abs(days) >= 7:
        day = f"{day} {local.day} {local.strftime('%B')}"
    return f"{day} at {clock(local)}"


@lru_cache(maxsize=8)
def _bank_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))

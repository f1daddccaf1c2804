# SPDX-License-Identifier: Apache-2.0
"""When is a service open? Every row is a moment and what may be said of it."""

from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.policy.hours import Hours, Schedule, is_bank_holiday, open_now, state

LONDON = ZoneInfo("Europe/London")
WEEKDAYS = frozenset({"MO", "TU", "WE", "TH", "FR"})
OFFICE = Hours("high", False, (Schedule(WEEKDAYS, time(9), time(17)),))
LATE_WEDNESDAY = Hours(
    "high",
    False,
    (
        Schedule(frozenset({"MO", "TU", "TH", "FR"}), time(8, 30), time(17)),
        Schedule(frozenset({"WE"}), time(10), time(17)),
    ),
)
NIGHT = Hours("high", False, (Schedule(frozenset({"FR"}), time(22), time(2)),))
ALWAYS = Hours("high", True)


def at(text: str) -> datetime:
    """Read a moment on a clock in London."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("hours", "moment", "expected"),
    [
        (OFFICE, "2026-11-23T08:59", "closed"),  # a Monday
        (OFFICE, "2026-11-23T09:00", "open"),
        (OFFICE, "2026-11-23T16:59", "open"),
        (OFFICE, "2026-11-23T17:00", "closed"),
        (OFFICE, "2026-11-22T12:00", "closed"),  # a Sunday
        (LATE_WEDNESDAY, "2026-11-25T09:00", "closed"),
        (LATE_WEDNESDAY, "2026-11-25T10:00", "open"),
        (LATE_WEDNESDAY, "2026-11-26T09:00", "open"),
        (NIGHT, "2026-11-27T21:59", "closed"),
        (NIGHT, "2026-11-27T23:00", "open"),
        (NIGHT, "2026-11-28T01:59", "open"),  # Friday's opening, on Saturday's clock
        (NIGHT, "2026-11-28T02:00", "closed"),
        (NIGHT, "2026-11-27T01:00", "closed"),
        (ALWAYS, "2026-12-25T03:00", "open"),
        (Hours("high", False), "2026-11-23T12:00", "unknown"),
        (Hours(), "2026-11-23T12:00", "unknown"),
    ],
)
def test_timetable(hours: Hours, moment: str, expected: str) -> None:
    assert state(hours, at(moment)) == expected


@pytest.mark.parametrize(
    ("kept", "expected"), [("unknown", "unknown"), ("closed", "closed"), ("open", "open")]
)
@pytest.mark.parametrize("day", ["2026-12-25", "2026-12-28", "2027-05-03"])
def test_bank_holiday_is_not_an_ordinary_weekday(day: str, kept: str, expected: str) -> None:
    hours = Hours("high", False, OFFICE.schedules, kept)
    assert state(hours, at(f"{day}T12:00")) == expected
    assert state(hours, at(f"{day}T03:00")) == "closed"


def test_bank_holidays_are_those_of_england_and_wales() -> None:
    assert is_bank_holiday(at("2026-04-06T00:00").date())  # Easter Monday, not kept in Scotland
    assert not is_bank_holiday(at("2026-01-02T00:00").date())  # kept in Scotland only


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2026, 7, 6, 8, 30, tzinfo=UTC), "open"),  # half past nine in summer
        (datetime(2026, 12, 7, 8, 30, tzinfo=UTC), "closed"),
        (datetime(2026, 3, 30, 8, 0, tzinfo=UTC), "open"),  # the first Monday of summer time
        (datetime(2026, 3, 27, 8, 0, tzinfo=UTC), "closed"),
        (datetime(2026, 10, 26, 16, 30, tzinfo=UTC), "open"),  # the first Monday after it
        (datetime(2026, 10, 23, 16, 30, tzinfo=UTC), "closed"),
    ],
)
def test_clock_changes_move_the_hours_with_them(moment: datetime, expected: str) -> None:
    assert state(OFFICE, moment) == expected


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        state(OFFICE, datetime(2026, 11, 23, 12, 0))


@pytest.mark.parametrize(
    ("certainty", "moment", "expected"),
    [
        ("high", "2026-11-23T12:00", True),
        ("high", "2026-11-23T03:00", False),
        ("high", "2026-12-25T12:00", None),
        ("medium", "2026-11-23T12:00", None),
        ("medium", "2026-11-23T03:00", None),
        ("low", "2026-11-23T12:00", None),
        ("unverified", "2026-11-23T12:00", None),
    ],
)
def test_open_now_is_said_only_when_hours_are_certain(
    certainty: str, moment: str, expected: bool | None
) -> None:
    assert open_now(Hours(certainty, False, OFFICE.schedules), at(moment)) is expected


def test_always_open_counts_only_when_certain() -> None:
    assert open_now(ALWAYS, at("2026-12-25T03:00")) is True
    assert open_now(Hours("medium", True), at("2026-12-25T03:00")) is None

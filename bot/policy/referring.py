# SPDX-License-Identifier: Apache-2.0
"""A note for a service: by when it is to be answered, when it is chased, and what staff do next.

Pure. Working time is Monday to Friday, 9 to 5 in London, without bank holidays. [J] Every figure
here is a judgement that a safeguarding lead signs before real use.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.policy.hours import LONDON, in_london, is_bank_holiday
from bot.policy.urgency import DANGER

OPENS, CLOSES = time(9), time(17)

# How soon: danger now and by voice, high the same day, all else in two working days.
NOW, TODAY, USUAL = "now", "today", "usual"
TIERS = (NOW, TODAY, USUAL)
TIER_OF_PAGE = {NOW: "now", TODAY: "soon", USUAL: "when_ready"}
"""Each tier as pages to staff name it (bot/policy/urgency.py)."""

# How far it has come. PLANNED and SENDING are ours to send; BY_HAND, UNSURE and FAILED a worker's.
PLANNED, SENDING, BY_HAND, UNSURE, FAILED = "planned", "sending", "by_hand", "unsure", "failed"
WAITING, ACCEPTED, DECLINED, NOT_REACHED = "waiting", "accepted", "declined", "not_reached"
STATES = (
    *(PLANNED, SENDING, BY_HAND, UNSURE, FAILED),
    *(WAITING, ACCEPTED, DECLINED, NOT_REACHED),
)
# What a service may say, and the states in which it may.
ANSWERS: dict[str, tuple[str, ...]] = {
    ACCEPTED: (WAITING, UNSURE),
    DECLINED: (WAITING, UNSURE),
    NOT_REACHED: (WAITING, UNSURE, ACCEPTED),
}
REASONS = ("full", "not_for_us", "out_of_area", "need_more", "other")
"""Why a service says no; what it says in its own words stays with it."""

# Whether the help came, as the person says later.
CAME, NOT_YET, NOT_CAME = "came", "not_yet", "not_came"
ARRIVED = (CAME, NOT_YET, NOT_CAME)

WAITS = (60.0, 300.0, 900.0, 3600.0)
"""Seconds before what did not go is tried again; after the last a worker sends it."""


@dataclass(frozen=True)
class Pace:
    """One tier. `hours`: working hours to answer after `days` further working days.

    `clock`: seconds to answer by the clock on the wall, instead. `again_seconds`: how long after
    the reminder, of working time or by that clock. `asked`: working days after which the person
    is asked whether the help came.
    """

    days: int = 0
    hours: float = 0.0
    clock: float = 0.0
    again_seconds: float = 0.0
    asked: int = 1


PACES = {
    NOW: Pace(clock=3600.0, again_seconds=1800.0, asked=1),
    TODAY: Pace(days=0, hours=2.0, again_seconds=2 * 3600.0, asked=1),
    USUAL: Pace(days=2, again_seconds=8 * 3600.0, asked=3),
}


def tier(urgency: str) -> str:
    """Return how soon a note is to be answered, by the most urgent thing heard in the story."""
    if urgency in DANGER:
        return NOW
    return TODAY if urgency == "high" else USUAL


def is_working_day(day: date) -> bool:
    """Say whether services answer on this day."""
    return day.weekday() < 5 and not is_bank_holiday(day)


def answer_by(how_soon: str, sent: datetime) -> datetime:
    """Return when a service is to have answered what was sent at a moment.

    Today: the end of that working day, with two working hours at least. Two working days: the
    end of the second one after it. What is sent out of hours counts from the next opening.
    """
    pace = PACES[how_soon]
    if pace.clock:
        return sent + timedelta(seconds=pace.clock)
    begins = _opening(sent)
    end = _at(_working_day_after(begins.date(), pace.days), CLOSES)
    return max(end, after_working(begins, pace.hours * 3600))


def chase_by(how_soon: str, reminded: datetime) -> datetime:
    """Return when a worker takes over, after the one reminder."""
    pace = PACES[how_soon]
    if pace.clock:
        return reminded + timedelta(seconds=pace.again_seconds)
    return after_working(reminded, pace.again_seconds)


def ask_after(how_soon: str, due: datetime) -> datetime:
    """Return from when the person is asked whether the help came: some working days after."""
    return _at(_working_day_after(_opening(due).date(), PACES[how_soon].asked), OPENS)


def after_working(begins: datetime, seconds: float) -> datetime:
    """Return the moment at which so many seconds of working time have passed."""
    at, left = _opening(begins), timedelta(seconds=seconds)
    while left > (rest := _at(at.date(), CLOSES) - at):
        left -= rest
        at = _at(_working_day_after(at.date(), 1), OPENS)
    return at + left


def _opening(at: datetime) -> datetime:
    """Return the moment itself in working time, else when working time next begins."""
    local = in_london(at)
    if is_working_day(local.date()) and local.time() < CLOSES:
        return max(local, _at(local.date(), OPENS))
    return _at(_working_day_after(local.date(), 1), OPENS)


def _working_day_after(day: date, days: int) -> date:
    while days:
        day += timedelta(days=1)
        days -= is_working_day(day)
    return day


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, LONDON)


@dataclass(frozen=True)
class Standing:
    """How it stands with one note. `consent`: to_send, sent, recalled or withdrawn.

    `rung`: a worker rang the service. `late`: it did not answer in time, nor to the reminder.
    `arrived`: what the person said of the help. `handled`: what a worker has dealt with last.
    """

    consent: str
    state: str
    tier: str
    rung: bool = False
    late: bool = False
    arrived: str = ""
    handled: str = ""


# What a worker has to do, the first that fits. What they dealt with is not asked of them again.
_TO_DO: tuple[tuple[str, Callable[[Standing], object]], ...] = (
    ("take_back", lambda s: s.consent == "recalled"),
    ("nothing", lambda s: s.consent == "withdrawn"),
    ("nothing", lambda s: s.consent == "to_judge"),  # it is judged first, and shown for that
    ("by_hand", lambda s: s.state == BY_HAND),
    ("failed", lambda s: s.state == FAILED),
    ("ring", lambda s: s.tier == NOW and not s.rung and s.state not in ANSWERS),
    ("unsure", lambda s: s.state == UNSURE),
    ("not_came", lambda s: s.arrived == NOT_CAME and s.handled != "not_came"),
    ("not_yet", lambda s: s.arrived == NOT_YET and s.handled != "not_yet"),
    ("declined", lambda s: s.state == DECLINED and not s.handled),
    ("not_reached", lambda s: s.state == NOT_REACHED and not s.handled),
    ("late", lambda s: s.state == WAITING and s.late and s.handled != "late"),
)


def to_do(standing: Standing) -> str:
    """Return what a worker has to do with a note, "" for nothing now."""
    found = next((name for name, fits in _TO_DO if fits(standing)), "")
    return "" if found == "nothing" else found


MAY_HANDLE = ("declined", "not_reached", "late", "not_came", "not_yet")
"""What a worker may mark as dealt with."""


MAY_SEND_AGAIN = (BY_HAND, FAILED, UNSURE, WAITING)
"""In which a worker may have a note sent once more by the service's route."""


def after(state: str, answer: str) -> str:
    """Return the state after a service's answer, "" where it may not give it now."""
    return answer if state in ANSWERS.get(answer, ()) else ""

# SPDX-License-Identifier: Apache-2.0
"""What follows from how a call back went. Nobody is rung again after a wrong voice by itself.

Peers' lesson: 14 of 118 published referrals reached the abuser by a call back; so every call's
outcome is recorded, also what nearly went wrong, and a person decides before another one.
"""

from __future__ import annotations

from datetime import date, timedelta

REACHED, NO_ANSWER, NOT_RUNG = "reached", "no_answer", "not_rung"
WRONG_VOICE, UNSAFE, NEAR_MISS = "wrong_voice", "unsafe", "near_miss"
OUTCOMES = (REACHED, NO_ANSWER, WRONG_VOICE, UNSAFE, NEAR_MISS, NOT_RUNG)

BOOKED, CALLING, HELD = "booked", "calling", "held"
DONE, OVER, WITHDRAWN = "done", "over", "withdrawn"
TO_JUDGE = "to_judge"
"""Agreed to by somebody of whom a worker judges first whether they may decide it themselves."""
OPEN = (BOOKED, CALLING, HELD, TO_JUDGE)

PLANNED = ("callback_soon", "callback", "callback_missed")
"""The work that is planned for a call: before it, as its safe time begins, and as it ends."""

MOST_ATTEMPTS = 3  # [J]
MOST_MISSED = 3  # windows in which nobody here rang [J]
REMINDED_BEFORE = 1800.0  # seconds before a safe time begins that staff are reminded of it [J]

# Words a worker says first. Plain, easy to say and to hear, and about nothing.
FIRST = "amber bright copper gentle golden green little quiet silver sunny tall yellow".split()
SECOND = "apple button candle garden kettle lantern meadow pebble river teapot window".split()


def after(outcome: str, attempts: int) -> str:
    """Return the state of a callback after its `attempts`-th call went so.

    Raises KeyError for an outcome that is none.
    """
    again = BOOKED if attempts < MOST_ATTEMPTS else OVER
    return {
        REACHED: DONE,
        NO_ANSWER: again,
        NOT_RUNG: BOOKED,
        WRONG_VOICE: HELD,
        UNSAFE: HELD,
        NEAR_MISS: HELD,
    }[outcome]


def after_missed(missed: int) -> str:
    """Return the state of a callback after the `missed`-th safe time went by with no call."""
    return BOOKED if missed < MOST_MISSED else HELD


def day_said(day: date, today: date) -> str:
    """Return a day as it is said: "tomorrow, Saturday 28 November"."""
    named = {today: "today, ", today + timedelta(days=1): "tomorrow, "}
    return f"{named.get(day, 'on ')}{day:%A} {day.day} {day:%B}"

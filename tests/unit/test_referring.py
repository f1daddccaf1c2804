# SPDX-License-Identifier: Apache-2.0
"""By when a service is to answer, row by row over weekends and bank holidays; and who does what."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.policy import referring
from bot.policy.referring import NOW, TODAY, USUAL, Standing
from bot.policy.urgency import ORDER

LONDON = ZoneInfo("Europe/London")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("urgency", "tier"),
    [
        ("immediate_danger", NOW), ("suicide_risk", NOW), ("safeguarding", NOW),
        ("high", TODAY), ("standard", USUAL), ("none", USUAL),
    ],
)  # fmt: skip
def test_how_soon_follows_what_was_heard(urgency, tier):
    assert referring.tier(urgency) == tier


def test_every_urgency_has_a_tier():
    assert {referring.tier(urgency) for urgency in ORDER} == set(referring.TIERS)


# 27 November 2026 is a Friday; 25 and 28 December (for Boxing Day) are bank holidays, so is
# 1 January.
@pytest.mark.parametrize(
    ("tier", "sent", "due"),
    [
        (NOW, "2026-11-28T03:00", "2026-11-28T04:00"),
        (TODAY, "2026-11-27T09:30", "2026-11-27T17:00"),
        (TODAY, "2026-11-27T14:59", "2026-11-27T17:00"),
        (TODAY, "2026-11-27T16:30", "2026-11-30T10:30"),  # never less than two working hours
        (TODAY, "2026-11-27T17:00", "2026-11-30T17:00"),
        (TODAY, "2026-11-28T12:00", "2026-11-30T17:00"),
        (TODAY, "2026-11-27T07:00", "2026-11-27T17:00"),
        (USUAL, "2026-11-25T10:00", "2026-11-27T17:00"),
        (USUAL, "2026-11-27T10:00", "2026-12-01T17:00"),
        (USUAL, "2026-11-27T20:00", "2026-12-02T17:00"),
        (USUAL, "2026-12-23T10:00", "2026-12-29T17:00"),
        (USUAL, "2026-12-31T10:00", "2027-01-05T17:00"),
        (USUAL, "2026-10-23T10:00", "2026-10-27T17:00"),  # the clocks go back between
    ],
)
def test_when_it_is_to_be_answered(tier, sent, due):
    assert referring.answer_by(tier, at(sent)) == at(due)


@pytest.mark.parametrize(
    ("tier", "reminded", "taken_over"),
    [
        (NOW, "2026-11-28T04:00", "2026-11-28T04:30"),
        (TODAY, "2026-11-27T17:00", "2026-11-30T11:00"),
        (USUAL, "2026-12-01T17:00", "2026-12-02T17:00"),
        (USUAL, "2026-12-24T17:00", "2026-12-29T17:00"),
    ],
)
def test_when_a_worker_takes_over(tier, reminded, taken_over):
    assert referring.chase_by(tier, at(reminded)) == at(taken_over)


@pytest.mark.parametrize(
    ("tier", "due", "asked"),
    [
        (NOW, "2026-11-28T04:00", "2026-12-01T09:00"),
        (TODAY, "2026-11-27T17:00", "2026-12-01T09:00"),
        (USUAL, "2026-12-01T17:00", "2026-12-07T09:00"),
    ],
)
def test_when_the_person_is_asked_whether_help_came(tier, due, asked):
    assert referring.ask_after(tier, at(due)) == at(asked)


@pytest.mark.parametrize(
    ("standing", "to_do"),
    [
        (Standing("recalled", "accepted", USUAL), "take_back"),
        (Standing("withdrawn", "by_hand", NOW), ""),
        (Standing("to_send", "planned", USUAL), ""),
        (Standing("to_send", "sending", USUAL), ""),
        (Standing("to_send", "planned", NOW), "ring"),
        (Standing("sent", "waiting", NOW), "ring"),
        (Standing("sent", "waiting", NOW, rung=True), ""),
        (Standing("sent", "accepted", NOW), ""),
        (Standing("to_send", "by_hand", NOW), "by_hand"),
        (Standing("to_send", "by_hand", USUAL), "by_hand"),
        (Standing("to_send", "failed", USUAL), "failed"),
        (Standing("sent", "failed", USUAL), "failed"),
        (Standing("sent", "by_hand", USUAL), "by_hand"),
        (Standing("sent", "unsure", USUAL), "unsure"),
        (Standing("sent", "waiting", USUAL), ""),
        (Standing("sent", "waiting", USUAL, late=True), "late"),
        (Standing("sent", "waiting", USUAL, late=True, handled="late"), ""),
        (Standing("sent", "accepted", USUAL, late=True), ""),
        (Standing("sent", "declined", USUAL), "declined"),
        (Standing("sent", "declined", USUAL, late=True), "declined"),
        (Standing("sent", "declined", USUAL, handled="declined"), ""),
        (Standing("sent", "not_reached", USUAL), "not_reached"),
        (Standing("sent", "accepted", USUAL, arrived="came"), ""),
        (Standing("sent", "accepted", USUAL, arrived="not_yet"), "not_yet"),
        (Standing("sent", "accepted", USUAL, arrived="not_yet", handled="not_yet"), ""),
        (Standing("sent", "accepted", USUAL, arrived="not_came"), "not_came"),
        (Standing("sent", "declined", USUAL, arrived="not_came", handled="declined"), "not_came"),
        (Standing("sent", "declined", USUAL, arrived="not_came", handled="not_came"), ""),
    ],
)
def test_what_a_worker_has_to_do(standing, to_do):
    assert referring.to_do(standing) == to_do


@pytest.mark.parametrize("state", referring.STATES)
@pytest.mark.parametrize("answer", referring.ANSWERS)
def test_what_a_service_may_answer(state, answer):
    found = referring.after(state, answer)
    if state in ("waiting", "unsure") or (state, answer) == ("accepted", "not_reached"):
        assert found == answer
    else:
        assert found == ""


def test_no_other_answer_counts():
    assert referring.after("waiting", "planned") == ""

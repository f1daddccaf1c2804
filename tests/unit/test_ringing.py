# SPDX-License-Identifier: Apache-2.0
"""How the ringing for a caller goes from one stage to the next, row by row."""

from __future__ import annotations

from dataclasses import replace

import pytest

from telephony import ringing
from telephony.ringing import Stage, Transfer

NEW = Transfer("r", "c", "k", "CA1", "/back", rung_at=100.0)
RUNG = replace(NEW, leg="L1")


def test_a_ring_that_was_taken_is_remembered_unless_time_went_on():
    assert ringing.sent(NEW, 0, "L1", 101).leg == "L1"
    moved = replace(NEW, number=1)
    assert ringing.sent(moved, 0, "L1", 101) == moved


@pytest.mark.parametrize(
    ("was", "number", "stage", "now_number", "nobody"),
    [
        (RUNG, 0, Stage.RINGING, 1, False),
        (replace(RUNG, number=1), 1, Stage.OVER, 1, True),
        (replace(RUNG, number=1), 0, Stage.RINGING, 1, False),  # news of an older leg
        (replace(RUNG, stage=Stage.TAKEN), 0, Stage.RINGING, 1, False),
        (replace(RUNG, stage=Stage.JOINED), 0, Stage.JOINED, 0, False),
        (replace(RUNG, stage=Stage.OVER), 0, Stage.OVER, 0, False),
    ],
)
def test_a_leg_ends(was, number, stage, now_number, nobody):
    found = ringing.leg_over(was, "r", number, 2, 130.0)
    assert (found.stage, found.number, found.nobody) == (stage, now_number, nobody)
    assert found.leg_gone is (was.stage is Stage.JOINED)


def test_a_leg_of_another_ringing_changes_nothing():
    assert ringing.leg_over(RUNG, "other", 0, 2, 130.0) == RUNG


@pytest.mark.parametrize(
    ("was", "now", "stage", "number", "rung_at"),
    [
        (RUNG, 150.0, Stage.RINGING, 0, 100.0),
        (RUNG, 176.0, Stage.RINGING, 1, 176.0),
        (replace(RUNG, number=1), 176.0, Stage.OVER, 1, 100.0),
        (NEW, 105.0, Stage.RINGING, 0, 100.0),
        (NEW, 111.0, Stage.RINGING, 0, 111.0),  # never sent: sent again
        (replace(RUNG, stage=Stage.TAKEN), 999.0, Stage.TAKEN, 0, 100.0),
        (replace(RUNG, stage=Stage.JOINED), 9999.0, Stage.JOINED, 0, 100.0),
    ],
)
def test_the_clock(was, now, stage, number, rung_at):
    found = ringing.checked(was, 2, now)
    assert (found.stage, found.number, found.rung_at) == (stage, number, rung_at)


def test_only_the_leg_that_rings_may_take_and_only_it_may_join():
    assert ringing.may_take(RUNG, "r", 0)
    for wrong in (replace(RUNG, number=1), replace(RUNG, ref="x"), None,
                  replace(RUNG, stage=Stage.TAKEN), replace(RUNG, stage=Stage.OVER)):  # fmt: skip
        assert not ringing.may_take(wrong, "r", 0)
    taken = ringing.taken(RUNG, "r", 0, "L1")
    assert taken.stage is Stage.TAKEN
    assert ringing.joined(taken, "r", "L2") == taken
    assert ringing.joined(RUNG, "r", "L1") == RUNG
    assert ringing.joined(taken, "r", "L1").stage is Stage.JOINED


def test_called_off_nobody_is_held_and_nobody_is_told_that_nobody_came():
    found = ringing.ended(replace(RUNG, held=True, nobody=True))
    assert (found.stage, found.held, found.nobody) == (Stage.OVER, False, False)
    assert not ringing.stands(found) and not ringing.stands(None) and ringing.stands(RUNG)

# SPDX-License-Identifier: Apache-2.0
"""Whom each step pages, row by row, and that every tier has its times."""

from __future__ import annotations

import pytest

from bot.policy import on_call
from bot.policy.urgency import TIERS
from bot.settings import ROOT
from bot.store.rota import RotaError, load_paces

PACE = on_call.Pace(60, ("first", "again", "next", "everybody"), 300, 90)


@pytest.mark.parametrize(
    ("step", "on_duty", "who", "wait", "tell"),
    [
        (0, "abc", "a", 60, False),
        (1, "abc", "a", 60, False),
        (2, "abc", "b", 60, False),
        (2, "a", "a", 60, False),  # nobody is next: whoever is there
        (3, "abc", "abc", 60, False),
        (4, "abc", "abc", 300, True),
        (5, "abc", "abc", 300, False),
        (0, "", "", 60, False),
    ],
)
def test_each_step(step, on_duty, who, wait, tell):
    assert "".join(on_call.whom(PACE, step, on_duty)) == who
    found = on_call.at(PACE, step)
    assert (found.wait, found.tell) == (wait, tell)


def test_a_page_is_given_up_after_some_tries_and_pauses_longer_each_time():
    pauses = []
    while (pause := on_call.again_after(len(pauses) + 1)) is not None:
        pauses.append(pause)
    assert pauses == sorted(set(pauses)) and len(pauses) >= 3


def test_the_paces_that_ship_are_faster_for_who_is_more_urgent():
    paces = load_paces(ROOT / "data" / "paging" / "tiers.yml")
    times = [paces[tier].acknowledge_within for tier in TIERS]
    assert times == sorted(times) and times[0] <= 60


def test_paces_without_a_tier_are_refused(tmp_path):
    path = tmp_path / "tiers.yml"
    path.write_text("now: {acknowledge_within: 1, steps: [first], then_every: 1, accept_within: 1}")
    with pytest.raises(RotaError):
        load_paces(path)

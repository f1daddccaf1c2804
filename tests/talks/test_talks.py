# SPDX-License-Identifier: Apache-2.0
"""Ordinary victims are asked little without need, and danger that comes in is noticed."""

from __future__ import annotations

import pytest

from bot.settings import ROOT
from tests.talks.__main__ import held
from tests.talks.loaded import parts
from tests.talks.talk import FOLDER, HIDDEN, ORDINARY, Asked, Held, Talk, read
from training import sentences

MOST_ASKED = 1.0
"""Questions about danger in an ordinary talk, on average."""

MOST_OF_SUICIDE = 0.6
LEAST_NOTICED = 0.87


@pytest.fixture(scope="module")
def loaded():
    return parts()


async def test_ordinary_talks_are_asked_little_about_danger(loaded):
    talks = await held(loaded, read(FOLDER / ORDINARY))
    asked = [one for talk in talks for one in talk.asked]
    assert len(asked) <= MOST_ASKED * len(talks)
    assert sum(one.suicide for one in asked) <= MOST_OF_SUICIDE * len(talks)


async def test_danger_that_comes_into_a_talk_is_noticed(loaded):
    talks = await held(loaded, read(FOLDER / HIDDEN))
    missed = [one.talk.talk for one in talks if not one.noticed]
    assert len(talks) - len(missed) >= LEAST_NOTICED * len(talks), missed


def test_only_what_is_met_in_time_is_noticed():
    talk = Talk(1, "chat", ("a", "b", "c", "d", "e"), 1, "suicide")
    for turn, noticed in ((0, False), (1, True), (3, True), (4, False)):
        assert Held(talk, [Asked(turn, "", "check_suicide")]).noticed is noticed


def test_no_line_of_a_talk_was_learnt():
    learnt = {s.text.casefold() for s in sentences.read(ROOT / "data" / "understanding" / "train")}
    said = {t for name in (ORDINARY, HIDDEN) for one in read(FOLDER / name) for t in one.turns}
    longer = {text for text in said if len(text.split()) > 4}
    assert longer
    assert not {text for text in longer if text.casefold() in learnt}

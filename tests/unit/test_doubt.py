# SPDX-License-Identifier: Apache-2.0
"""While one gentle question is open, a model's doubt opens no other; what is plainly heard does."""

from __future__ import annotations

import pytest

from bot.policy.doubt import TOGETHER
from bot.policy.steps import Asked, Step, next_step
from bot.policy.turn import State, Understanding


def doubt(urgency: str, confidence: float, *cues: str) -> Understanding:
    cues = cues or (f"model:{urgency}",)
    return Understanding(urgency, "check", confidence=confidence, cues=cues)


@pytest.mark.parametrize(
    ("heard", "step"),
    [
        (doubt("immediate_danger", 0.2), Step.CHECK_AGAIN),
        (doubt("suicide_risk", 0.26), Step.CHECK_AGAIN),
        (doubt("suicide_risk", 0.45), Step.CHECK),
        (doubt("immediate_danger", 0.7), Step.CHECK),
        (doubt("immediate_danger", 0.2, "rule:knife"), Step.CHECK),
        (doubt("high", 0.2, "flag:strangled"), Step.CHECK),
        (doubt("safeguarding", 0.2), Step.WORRIED),
        (doubt("safeguarding", 0.9, "model:safeguarding", TOGETHER), Step.CHECK_AGAIN),
    ],
)
def test_what_a_doubt_does_to_an_open_question(heard, step) -> None:
    found = next_step(State.ASSISTANT, Asked(check="safeguarding"), "", heard)
    assert found.step is step
    alone = next_step(State.ASSISTANT, Asked(), "", heard)
    assert alone.step is Step.CHECK


def test_who_answers_it_twice_with_something_else_is_told_whom_to_ring() -> None:
    asked = Asked(check="safeguarding", again=True)
    found = next_step(State.ASSISTANT, asked, "", doubt("immediate_danger", 0.2))
    assert (found.step, found.about) == (Step.UNSURE, "safeguarding")


@pytest.mark.parametrize(
    ("heard", "worried", "step"),
    [
        (doubt("suicide_risk", 0.7, "model:suicide_risk", TOGETHER), True, Step.TALK),
        (doubt("suicide_risk", 0.7, "model:suicide_risk", TOGETHER), False, Step.CHECK),
        (doubt("suicide_risk", 0.2), True, Step.CHECK),
    ],
)
def test_once_staff_have_a_worry_what_is_heard_together_asks_no_more(heard, worried, step) -> None:
    assert next_step(State.ASSISTANT, Asked(worried=worried), "", heard).step is step

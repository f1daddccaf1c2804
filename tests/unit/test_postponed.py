# SPDX-License-Identifier: Apache-2.0
"""What is asked in one breath with a danger is answered after the gentle question, once."""

from __future__ import annotations

import pytest

from bot.policy import postponed
from bot.policy.steps import Next, Step
from bot.policy.turn import Understanding
from bot.words import Words

ANSWERS = Words.load("data/words").information
WORRIED = Understanding("immediate_danger", "check", "domestic_abuse", "disclose")
ASKED = ("ask_service", "who can i ring")
CHECK, CLEARED = Next(Step.CHECK, "red_flag"), Next(Step.CLEARED, "red_flag")


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("he hits her, who can i ring", "ask_service"),
        ("he hits me, is there a helpline", "ask_service"),
        ("he hits me, what do i do", "ask_service"),
        ("he hits me and i dont know what to do", None),  # how they are, and asks nothing
        ("he hits me. can i get compensation?", "ask_information"),
        ("he hits me", None),
        ("he asked what i do to him", None),
    ],
)
def test_a_question_beside_a_danger_is_heard_as_one(text, act) -> None:
    found = postponed.asked(text, WORRIED, "none", ANSWERS)
    assert found == ((act, text) if act else ())


def test_with_no_danger_in_it_nothing_waits() -> None:
    assert postponed.asked("who can i ring", Understanding(), "none", ANSWERS) == ()


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("can you ring me tomorrow", "ask_callback"),
        ("is this private", "ask_privacy"),
        ("can the police do anything", "ask_information"),
        ("not really", "deny"),
    ],
)
def test_a_question_put_to_the_gentle_one_waits_for_its_answer(text, act) -> None:
    found = postponed.asked(text, Understanding(act=act), "none", ANSWERS, check="red_flag")
    assert found == ((act, text) if act != "deny" else ())


@pytest.mark.parametrize(
    ("steps", "waits"),
    [
        ([CHECK], True),
        ([CHECK, Next(Step.CHECK_AGAIN)], True),
        ([CHECK, Next(Step.UNSURE)], True),
        ([CHECK, CLEARED], False),
        ([CHECK, Next(Step.UNSURE), Next(Step.TALK)], False),
        ([Next(Step.HIT, "safeguarding")], True),
        ([Next(Step.HIT, "suicide_risk")], False),
        ([Next(Step.CHECK, "suicide_risk")], True),
        ([CHECK, Next(Step.HIT, "suicide_risk")], False),
        ([Next(Step.UNSURE, "suicide_risk")], True),
    ],
)
def test_it_waits_as_long_as_danger_is_the_matter(steps, waits) -> None:
    asks: list[str] = []
    for number, step in enumerate(steps):
        asks = postponed.kept(asks, () if number and step.step is not Step.HIT else ASKED, step)
    assert bool(asks) == waits


@pytest.mark.parametrize(
    ("step", "answer", "due"),
    [
        (CLEARED, "no", True),
        (Next(Step.TALK), "carry_on", True),
        (Next(Step.TALK), "find_help", False),
        (Next(Step.PERSON), "person", False),
        (Next(Step.UNSURE), "not_sure", False),
        (Next(Step.CARRY_ON), "no", False),
    ],
)
def test_it_is_answered_once_nobody_is_in_danger_or_they_go_on(step, answer, due) -> None:
    assert postponed.answered(ASKED, step, answer) == (ASKED if due else ())

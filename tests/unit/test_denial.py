# SPDX-License-Identifier: Apache-2.0
"""A plain denial of what was asked, and what else the message says, row by row."""

from __future__ import annotations

import pytest

from bot.policy.denial import denied, over


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("no", ""),
        ("i'm not suicidal", ""),
        ("I'm not suicidal I'm FURIOUS", "im furious"),
        ("no i dont want to die", ""),
        ("what no. i just want the pics gone", "i want the pics gone"),
        ("not at all, what a question", "what a question"),
        ("no i want to die", "i want to die"),
        ("no but i wish i was dead", None),
        ("no. not right now", None),
        ("im not thinking of it anymore", None),
        ("im not thinking of it i am doing it", None),
        ("no one would care", None),
        ("no point", None),
        ("i dont want to live", None),
        ("no i dont want to be here", None),
        ("yes im safe", None),
    ],
)
def test_a_denial_of_suicide(text: str, left: str | None) -> None:
    assert denied(text, "suicide_risk") == left


@pytest.mark.parametrize(
    ("text", "asked", "unasked"),
    [
        ("I'm not in danger right now", "", ""),
        ("no he isnt here now. 14 church lane", "14 church lane", "14 church lane"),
        ("i only want a locksmith", None, ""),
        ("i only want the police", None, None),
        ("nobody is in danger", "", ""),
        ("no", "", None),
        ("im not safe", None, None),
        ("we are in danger", None, None),
        ("this is no use im going to ring my daughter", None, None),
    ],
)
def test_a_denial_of_danger_now(text: str, asked: str | None, unasked: str | None) -> None:
    assert denied(text, "red_flag") == asked
    assert over(text) == unasked

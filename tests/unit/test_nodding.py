# SPDX-License-Identifier: Apache-2.0
"""What only shows that somebody read it is an "ok" and no more; what tells or asks stays itself."""

from __future__ import annotations

import pytest

from bot.policy import nodding
from bot.policy.turn import Understanding


@pytest.mark.parametrize("text", ["alright", "Well, maybe", "ok then", "i see", "fair enough"])
@pytest.mark.parametrize("act", ["greet", "provide_detail", "out_of_scope"])
def test_a_nod_is_an_ok(text, act) -> None:
    assert nodding.heard(text, Understanding(act=act)).act == "affirm"


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("alright my lover how do", Understanding(act="greet")),
        ("maybe he will come back", Understanding(act="provide_detail")),
        ("maybe", Understanding("suicide_risk", "check", act="affirm")),
        ("right", Understanding(act="ask_human")),
        ("great", Understanding(act="abuse_bot")),
        ("", Understanding(act="provide_detail")),
    ],
)
def test_what_is_more_than_a_nod_stays_what_it_is(text, heard) -> None:
    found = nodding.heard(text, heard)
    assert (found.act, found.urgency) == (heard.act, heard.urgency)


@pytest.mark.parametrize(
    ("heard", "none"),
    [
        (Understanding(act="affirm"), True),
        (Understanding(act="greet"), True),
        (Understanding(act="affirm", topic="domestic_abuse"), False),
        (Understanding(act="disclose"), False),
    ],
)
def test_what_tells_something_is_no_missing_answer(heard, none) -> None:
    assert nodding.is_no_answer(heard) is none

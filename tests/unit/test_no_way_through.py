# SPDX-License-Identifier: Apache-2.0
"""Words of no way through, and of crisis care of their own, meet the question of suicide."""

from __future__ import annotations

import pytest

from bot.settings import ROOT
from bot.understanding.rules import RuleBook

RULES = RuleBook.load(ROOT / "data" / "understanding" / "rules.yml")


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("i cant see a way through this one", True),
        ("crisis team know me well", True),
        ("theres no way out of this", True),
        ("ive been sectioned before", True),
        ("section 136 last year", True),
        ("they put me on suicide watch", True),
        ("got a crisis loan", False),
        ("no way out of the car park", False),
        ("cant see a way out of the contract", False),
        ("no way did i say that", False),
    ],
)
def test_no_way_through_is_heard_and_its_look_alikes_are_not(text, heard) -> None:
    assert ("no_way_through" in [rule.name for rule in RULES.heard(text)]) is heard

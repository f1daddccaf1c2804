# SPDX-License-Identifier: Apache-2.0
"""What staff read of a story: every answer has a label, every right its reason."""

from __future__ import annotations

import pytest
import yaml

from bot.policy.listing import NEEDS as CATEGORIES
from bot.policy.needs import NAMES
from bot.policy.rights import ROWS
from bot.settings import ROOT
from bot.web.console_facts import ELSEWHERE, FACTS, GROUPS, NEEDS, REASONS, facts, rights
from bot.words import Words

WORDS = Words.load("data/words")
SLOTS = yaml.safe_load((ROOT / "bot" / "domain" / "needs.yml").read_text())["slots"]


def test_every_flag_has_its_group_and_its_reason_in_words() -> None:
    assert {group for group, _, _ in ROWS} == set(GROUPS)
    assert {reason for _, reason, _ in ROWS} == set(REASONS)


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ELSEWHERE])
def test_every_answer_of_the_assessment_is_read_in_plain_words(name: str) -> None:
    assert name in FACTS
    for value in set(SLOTS[f"needs_{name}"]["values"]) - {"not_asked", "enough", "skip"}:
        assert "_" not in facts(WORDS, {name: value})[0][1]


def test_the_needs_stand_under_their_exact_names_the_greatest_first() -> None:
    assert set(NEEDS) == set(CATEGORIES)
    told = {"topic": "fraud", "need": "need_money", "need_much": "some", "second": "need_home",
            "second_much": "a_lot", "council": "bristol", "place": ""}  # fmt: skip
    rows = facts(WORDS, told)
    assert [label for label, _ in rows] == [
        "About", "Shelter and accommodation", "Finance and benefits",
    ]  # fmt: skip


def test_a_group_is_told_once_with_all_its_reasons() -> None:
    found = rights({"topic": "stalking_harassment", "again": "yes", "age_band": "16_17"})
    assert [group for group, _ in found] == ["Persistently targeted", "Vulnerable or intimidated"]
    assert ";" in found[0][1] and not any("risk" in why for _, why in found)
    assert rights({"topic": "fraud"}) == []


def test_a_name_stands_first_as_they_gave_it_and_what_was_never_asked_not_at_all() -> None:
    assert [row[1] for row in facts(WORDS, {"topic": "fraud", "called": "Ada"})] == [
        "Ada", WORDS.label("fraud", "chat"),
    ]  # fmt: skip
    assert facts(WORDS, {"agrees": "skip", "called": "skip"}) == []
    assert facts(WORDS, {"access": "skip"}) == [(FACTS["access"], "skipped")]

# SPDX-License-Identifier: Apache-2.0
"""How well the shipped model hears: it may get better, never worse.

Processors round the model's one-byte arithmetic differently, so a few sentences may fall on the
other side of a threshold from one machine to the next.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.understanding import Screen
from training import figures, sentences

ROOT = Path(__file__).resolve().parents[2]
VALIDATION = ROOT / "data" / "understanding" / "validation"
KNOWN = ROOT / "data" / "understanding" / "known_failures.tsv"
ROUNDING = 6
"""Sentences of all validation that another processor may hear otherwise."""


@pytest.fixture(scope="module")
def screen() -> Screen:
    return Screen.load(ROOT / "models", ROOT / "data")


@pytest.fixture(scope="module")
def measured(screen: Screen) -> dict[str, Any]:
    return figures.measure(screen, sentences.read(VALIDATION))


@pytest.mark.parametrize(
    ("figure", "part", "floor"),
    [
        ("found", "all", 0.965),
        ("found", "chat", 0.96),
        ("found", "voice", 0.965),
        ("each_class", "immediate_danger", 0.98),
        ("each_class", "suicide_risk", 0.94),
        ("each_class", "safeguarding", 0.96),
    ],
)
def test_danger_is_found(measured: dict[str, Any], figure: str, part: str, floor: float) -> None:
    assert measured[figure][part]["share"] >= floor


def test_alarms_are_mostly_true(measured: dict[str, Any]) -> None:
    assert measured["false_alarms"]["all"]["share"] <= 0.10
    assert measured["interrupts_right"]["share"] >= 0.97
    assert measured["topic_macro_f1"] >= 0.76


def test_the_list_of_what_is_missed_only_shrinks(screen: Screen) -> None:
    missed = set(figures.missed(screen, sentences.read(VALIDATION)))
    lines = KNOWN.read_text(encoding="utf-8").splitlines()
    known = {line for line in lines if not line.startswith("#")}
    assert len(missed - known) <= ROUNDING, f"newly missed: {sorted(missed - known)}"
    assert len(known - missed) <= ROUNDING, f"heard now, strike them: {sorted(known - missed)}"

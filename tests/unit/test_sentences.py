# SPDX-License-Identifier: Apache-2.0
"""The labelled sentences: well formed, and nothing judged by was learnt from."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest

from training import sentences
from training.sentences import Sentence

FOLDER = Path(__file__).resolve().parents[2] / "data" / "understanding"
ALIKE = 0.8
"""Shared words, of all words of both, from which two messages count as copies of one another."""


@pytest.fixture(scope="module")
def learnt() -> list[Sentence]:
    return sentences.read(FOLDER / "train")


@pytest.fixture(scope="module")
def judged() -> list[Sentence]:
    return sentences.read(FOLDER / "validation")


def words(sentence: Sentence) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", sentence.text.lower()))


def test_every_label_is_learnt_and_judged(learnt: list[Sentence], judged: list[Sentence]) -> None:
    for rows in (learnt, judged):
        for head, labels in sentences.LABELS.items():
            assert {getattr(row, head) for row in rows} == set(labels), head


def test_no_message_is_danger_and_not(learnt: list[Sentence]) -> None:
    """A single word ("yes") means what was asked before it, so it may be both."""
    seen: dict[str, bool] = {}
    for row in learnt:
        if " " in row.text:
            assert seen.setdefault(row.text.casefold(), row.danger) == row.danger, row.text


def test_nothing_judged_by_was_learnt(learnt: list[Sentence], judged: list[Sentence]) -> None:
    known: dict[str, set[frozenset[str]]] = defaultdict(set)
    for row in learnt:
        for word in (found := words(row)):
            known[word].add(found)
    copies = []
    for row in judged:
        mine = words(row)
        rare = sorted(mine, key=lambda word: len(known[word]))[:5] if len(mine) > 5 else []
        near = set().union(*(known[word] for word in rare))
        if any(len(mine & other) / len(mine | other) > ALIKE for other in near):
            copies.append(row.text)
    assert not copies


def test_a_wrong_row_is_named(tmp_path: Path) -> None:
    header = "\t".join(sentences.COLUMNS)
    row = "one\timmediate_danger\tnone\tdisclose\tchat\tplain\the is here"
    (tmp_path / "hand-z.tsv").write_text(f"{header}\n{row}\n", encoding="utf-8")
    with pytest.raises(ValueError, match="hand-z.tsv line 2"):
        sentences.read(tmp_path)

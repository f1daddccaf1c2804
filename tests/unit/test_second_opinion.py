# SPDX-License-Identifier: Apache-2.0
"""What the small model learns from: written labels, and what a larger model makes of the texts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from training import opinion, sentences

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "data" / "understanding" / "second_opinion.npz"


@pytest.fixture(scope="module")
def learnt() -> list[sentences.Sentence]:
    return sentences.read(ROOT / "data" / "understanding" / "train")


def test_the_kept_opinion_is_about_the_sentences_as_they_are(learnt) -> None:
    texts, targets = opinion.lesson(KEPT, learnt)
    assert len(texts) == 3 * len(learnt)
    for target in targets:
        assert target.shape[0] == len(texts)
        assert np.allclose(target.sum(axis=1), 1, atol=0.01)


def test_an_opinion_about_other_sentences_is_refused(learnt) -> None:
    with pytest.raises(ValueError, match="other sentences"):
        opinion.lesson(KEPT, learnt[1:])


def test_without_an_opinion_the_written_labels_count(learnt, tmp_path) -> None:
    texts, targets = opinion.lesson(tmp_path / "none.npz", learnt[:50])
    assert texts == [row.text for row in learnt[:50]]
    for head, target in zip(opinion.HEADS, targets, strict=True):
        assert list(target.argmax(axis=1)) == sentences.places(learnt[:50], head)


def test_an_opinion_survives_being_kept(learnt, tmp_path) -> None:
    rows = learnt[:40]
    texts = [*(row.text for row in rows), *opinion.spliced(rows, 3)]
    rng, held = np.random.default_rng(1), []
    for head in opinion.HEADS:
        found = rng.random((len(texts), len(sentences.LABELS[head]))).astype(np.float32)
        held.append(found / found.sum(axis=1, keepdims=True))
    opinion.write(tmp_path / "kept.npz", texts, 3, tuple(held))
    again, targets = opinion.lesson(tmp_path / "kept.npz", rows)
    assert again == texts
    for want, got in zip(held, targets, strict=True):
        assert np.abs(want[len(rows) :] - got[len(rows) :]).max() < 0.05

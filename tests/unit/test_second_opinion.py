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
    lesson = opinion.lesson(KEPT, learnt)
    judged = len(learnt) - lesson.unjudged
    assert judged > 20_000
    assert len(lesson.texts) == lesson.unjudged + 3 * judged
    for target in lesson.targets:
        assert target.shape[0] == len(lesson.texts)
        assert np.allclose(target.sum(axis=1), 1, atol=0.01)


def test_an_opinion_about_other_sentences_is_refused(learnt) -> None:
    with pytest.raises(ValueError, match="other sentences"):
        opinion.lesson(KEPT, learnt[1:])


def test_without_an_opinion_the_written_labels_count(learnt, tmp_path) -> None:
    lesson = opinion.lesson(tmp_path / "none.npz", learnt[:50])
    assert lesson.texts == [row.text for row in learnt[:50]]
    for head, target in zip(opinion.HEADS, lesson.targets, strict=True):
        assert list(target.argmax(axis=1)) == sentences.places(learnt[:50], head)


def kept(tmp_path, rows):  # noqa: ANN001, ANN201
    texts = [*(row.text for row in rows), *opinion.spliced(rows, 3)]
    rng, held = np.random.default_rng(1), []
    for head in opinion.HEADS:
        found = rng.random((len(texts), len(sentences.LABELS[head]))).astype(np.float32)
        held.append(found / found.sum(axis=1, keepdims=True))
    opinion.write(tmp_path / "kept.npz", texts, 3, tuple(held))
    return texts, held


def test_an_opinion_survives_being_kept(learnt, tmp_path) -> None:
    texts, held = kept(tmp_path, learnt[:40])
    lesson = opinion.lesson(tmp_path / "kept.npz", learnt[:40])
    assert lesson.texts == texts and lesson.unjudged == 0
    for want, got in zip(held, lesson.targets, strict=True):
        assert np.abs(want[40:] - got[40:]).max() < 0.05


def test_new_sentences_are_learnt_with_some_of_the_others(learnt, tmp_path) -> None:
    kept(tmp_path, learnt[:40])
    whole = opinion.lesson(tmp_path / "kept.npz", [*learnt[:40], *learnt[100:115]])
    new = {row.text for row in learnt[100:110]}
    lesson = whole.little(new, 1)
    assert set(lesson.texts[:10]) == new and lesson.unjudged == 10
    assert len(lesson.texts) == 40 == len(set(lesson.texts)) == len(lesson.targets[0])
    for place, text in enumerate(lesson.texts):
        taught = [target[place] for target in lesson.targets]
        assert any(
            all(
                np.array_equal(one, target[i])
                for one, target in zip(taught, whole.targets, strict=True)
            )
            for i, known in enumerate(whole.texts)
            if known == text
        )

# SPDX-License-Identifier: Apache-2.0
"""The n-gram half of the model, fitted and packed in one byte a weight."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from bot.understanding.ngrams import BUCKETS, counted, vector
from training.sentences import LABELS, Sentence, places

STRENGTH = {"urgency": 10.0, "topic": 20.0, "act": 20.0}


def fit(sentences: Sequence[Sentence], path: Path, seed: int) -> None:
    """Fit one linear model a head and write them all to one file."""
    rarity = _rarity(sentences)
    matrix = _matrix([s.text for s in sentences], rarity)
    columns, biases = [], []
    for head, labels in LABELS.items():
        model = LogisticRegression(
            C=STRENGTH[head], max_iter=300, class_weight="balanced", random_state=seed
        )
        model.fit(matrix, places(sentences, head))
        weights = np.zeros((BUCKETS, len(labels)), dtype=np.float32)
        bias = np.full(len(labels), -20.0, dtype=np.float32)  # a label never seen is never said
        weights[:, model.classes_] = model.coef_.T
        bias[model.classes_] = model.intercept_
        columns.append(weights)
        biases.append(bias)
    weights = np.concatenate(columns, axis=1)
    scale = np.abs(weights).max(axis=0) / 127.0
    packed = np.round(weights / scale).astype(np.int8)
    np.savez_compressed(
        path, weights=packed, scale=scale.astype(np.float32), bias=np.concatenate(biases),
        rarity=rarity.astype(np.float16),
    )  # fmt: skip


def _rarity(sentences: Sequence[Sentence]) -> np.ndarray:
    """Return how telling each bucket is; one that a single sentence fills tells nothing."""
    seen = np.zeros(BUCKETS)
    for sentence in sentences:
        seen[list(counted(sentence.text))] += 1
    rarity = np.log((1 + len(sentences)) / (1 + seen)) + 1
    rarity[seen < 2] = 0.0
    return rarity.astype(np.float16).astype(np.float32)


def _matrix(texts: Sequence[str], rarity: np.ndarray) -> sparse.csr_matrix:
    rows = [vector(text, rarity) for text in texts]
    ends = np.cumsum([0, *(len(places_) for places_, _ in rows)])
    return sparse.csr_matrix(
        (np.concatenate([w for _, w in rows]), np.concatenate([p for p, _ in rows]), ends),
        shape=(len(rows), BUCKETS),
    )

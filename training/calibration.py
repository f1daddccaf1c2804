# SPDX-License-Identifier: Apache-2.0
"""How encoder and n-grams are weighed, and the thresholds, both chosen on validation sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from bot.policy.urgency import DANGER
from training.sentences import Sentence, places


def log_softmax(scores: np.ndarray) -> np.ndarray:
    """Return log probabilities, a row a sentence."""
    shifted = scores - scores.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def mix(
    encoder: np.ndarray, ngrams: np.ndarray, sentences: Sequence[Sentence], head: str
) -> dict[str, float]:
    """Return the two weights under which the true labels are likeliest: mixing and calibration."""
    truth, rows = places(sentences, head), np.arange(len(sentences))
    deep, plain = log_softmax(encoder), log_softmax(ngrams)
    tries = [
        (-log_softmax(a * deep + b * plain)[rows, truth].mean(), a, b)
        for a in np.arange(0.0, 2.01, 0.1)
        for b in np.arange(0.0, 2.01, 0.1)
    ]
    _, a, b = min(tries)
    return {"encoder": round(float(a), 2), "ngrams": round(float(b), 2)}


def curve(danger: np.ndarray, sentences: Sequence[Sentence]) -> list[dict[str, float]]:
    """Return, for each threshold, the share of danger found and of false alarms."""
    truth = np.array([s.danger for s in sentences])
    return [
        {
            "threshold": round(float(at), 2),
            "found": round(float((danger[truth] >= at).mean()), 3),
            "false_alarms": round(float((danger[~truth] >= at).mean()), 3),
            "right": round(float(truth[danger >= at].mean()), 3) if (danger >= at).any() else 1.0,
        }
        for at in np.arange(0.02, 1.0, 0.02)
    ]


def thresholds(
    points: Sequence[dict[str, Any]], alarms: float, interrupt: float
) -> dict[str, float]:
    """Return the thresholds: `check` as low as a share of false alarms allows."""
    check = min((p["threshold"] for p in points if p["false_alarms"] <= alarms), default=0.5)
    return {
        "interrupt": max(interrupt, check),
        "check": check,
        "check_raised": round(check / 2, 3),
        "lean": round(check / 3, 3),
        "flagged": max(0.45, check),
        "short": max(0.85, check),
        "short_interrupt": max(0.97, interrupt),
        "idle": max(0.2, check),
        "told": max(0.35, check),
    }


def danger_of(log_probabilities: np.ndarray) -> np.ndarray:
    """Return the probability of any danger class; these are the first labels of the head."""
    return np.exp(log_probabilities[:, : len(DANGER)]).sum(axis=1)

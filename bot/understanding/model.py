# SPDX-License-Identifier: Apache-2.0
"""What the trained model makes of a message: how likely each urgency, topic and act is.

A small sentence encoder (ONNX, one thread) and letter n-grams, each giving scores for three heads;
`settings.json` beside them says how the two are weighed, calibrated and acted on.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.policy.screen import Thresholds
from bot.policy.urgency import DANGER
from bot.understanding.ngrams import NGrams
from bot.understanding.wishes import WISHES, Wishes

log = logging.getLogger(__name__)

FILES = ("encoder.onnx", "tokenizer.json", "ngrams.npz", "settings.json")
HEADS = ("urgency", "topic", "act")
NONE = "none"
"""Of urgency and of topic: nothing that happened to anybody. Said of both or of neither."""


@dataclass(frozen=True)
class Probabilities:
    """How likely each label is; each of the three adds up to one."""

    urgency: Mapping[str, float]
    topic: Mapping[str, float]
    act: Mapping[str, float]
    wishes: Mapping[str, float] = field(default_factory=dict)
    """How likely each of `wishes.WISHES` is, each for itself; nothing without their model."""

    @property
    def danger(self) -> float:
        """Return how likely any danger class is."""
        return sum(self.urgency[label] for label in DANGER)

    @property
    def agreed(self) -> Mapping[str, float]:
        """Return each urgency; those below danger weighed by whether it is about anything at all.

        The two heads learn the one label `none` apart, and together know it better.
        """
        about = 1.0 - self.topic[NONE]
        calm = {u: p for u, p in self.urgency.items() if u not in DANGER}
        weighed = {u: p * (self.topic[NONE] if u == NONE else about) for u, p in calm.items()}
        scale = sum(calm.values()) / (sum(weighed.values()) or 1.0)
        return {**self.urgency, **{u: p * scale for u, p in weighed.items()}}


class Model:
    """The encoder and the n-grams as one."""

    def __init__(
        self, session: Any, tokenizer: Any, ngrams: NGrams, settings: dict[str, Any],
        wishes: Wishes | None = None,
    ) -> None:  # fmt: skip
        self._session, self._tokenizer, self._ngrams = session, tokenizer, ngrams
        self._wishes, self.rarity = wishes, ngrams.rarity
        self._labels: dict[str, list[str]] = settings["labels"]
        self._mix: dict[str, dict[str, float]] = settings["mix"]
        self.thresholds = Thresholds(**settings["thresholds"])

    @classmethod
    def load(cls, folder: Path) -> Model | None:
        """Return the model in a folder, None when it is missing or cannot be read."""
        if not all((folder / name).is_file() for name in FILES):
            log.warning("no model of understanding: plain rules work alone")
            return None
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            settings = json.loads((folder / "settings.json").read_text(encoding="utf-8"))
            tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            tokenizer.enable_truncation(settings["most_tokens"])
            tokenizer.no_padding()
            session = onnxruntime.InferenceSession(
                str(folder / "encoder.onnx"), options, providers=["CPUExecutionProvider"]
            )
            ngrams, wishes = NGrams.load(folder / "ngrams.npz"), Wishes.load(folder / "wishes.npz")
            return cls(session, tokenizer, ngrams, settings, wishes)
        except Exception:
            log.error("the model of understanding cannot be read: plain rules work alone")
            return None

    def read(self, pieces: Sequence[str]) -> Probabilities:
        """Return what the pieces of one message mean together: the most alarming piece counts."""
        read = [self._one(piece) for piece in pieces]
        worst = max(read, key=lambda p: p.danger)
        if len(read) == 1:
            return worst
        first = read[0]
        topics = {
            t: max(p.topic[t] for p in read if t != "none") for t in first.topic if t != "none"
        }
        wishes = {w: max(p.wishes[w] for p in read) for w in WISHES if w in first.wishes}
        topics["none"] = first.topic["none"]
        return Probabilities(worst.urgency, topics, first.act, wishes)

    def _one(self, piece: str) -> Probabilities:
        coded = self._tokenizer.encode(piece)
        ids = np.array([coded.ids], dtype=np.int64)
        scores = self._session.run(None, {"ids": ids, "mask": np.ones_like(ids)})
        plain = self._ngrams.scores(piece)
        found, start = {}, 0
        for head, deep in zip(HEADS, scores, strict=True):
            labels = self._labels[head]
            mix = self._mix[head]
            mixed = mix["encoder"] * _log_softmax(deep[0])
            mixed = mixed + mix["ngrams"] * _log_softmax(plain[start : start + len(labels)])
            start += len(labels)
            found[head] = dict(zip(labels, np.exp(_log_softmax(mixed)).tolist(), strict=True))
        read = Probabilities(**found)
        if self._wishes is None:
            return read
        return replace(read, wishes=self._wishes.read(piece, self.rarity, read.act))


def _log_softmax(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    shifted = scores - scores.max()
    return shifted - np.log(np.exp(shifted).sum())

# SPDX-License-Identifier: Apache-2.0
"""A second opinion: what a larger model, which had not learnt a sentence, makes of it.

The small model learns from the written labels and from this. How unsure the larger one is tells
it more than a label can, and a label that was written by mistake weighs less.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from training.sentences import LABELS, Sentence, places

HEADS = tuple(LABELS)
Targets = tuple[np.ndarray, ...]
"""For each head, how likely each label is held to be: a row a text, each row summing to 1."""

TRUST = 0.6
"""Share of the second opinion in what is learnt; the written label has the rest."""

LONGEST = 60
STEP = 12.0
"""Steps of a natural logarithm in which opinions are kept: one byte each, down to e^-21."""


def certain(sentences: Sequence[Sentence], smoothing: float = 0.05) -> Targets:
    """Return targets that hold the written labels for true, but for a little."""
    found = []
    for head in HEADS:
        kinds = len(LABELS[head])
        rows = np.full((len(sentences), kinds), smoothing / kinds, dtype=np.float32)
        rows[np.arange(len(sentences)), places(sentences, head)] += 1 - smoothing
        found.append(rows)
    return tuple(found)


def spliced(sentences: Sequence[Sentence], seed: int) -> list[str]:
    """Return two texts for each sentence that nobody wrote: two said in one breath, halves, words
    lost. They have no label of their own; only the larger model says what it hears in them."""
    rng, texts = random.Random(seed), [s.text for s in sentences]
    return [make(text, rng, texts) for text in texts for make in (_joined, _part)]


def _joined(text: str, rng: random.Random, texts: Sequence[str]) -> str:
    other = rng.choice(texts)
    if len(f"{text} {other}".split()) > LONGEST:
        return _part(text, rng, texts)
    between = rng.choice((". ", " ", ", ", " and ", "\n", " but "))
    return between.join(rng.sample([text, other], 2))


def _part(text: str, rng: random.Random, texts: Sequence[str]) -> str:
    words = text.split()
    if len(words) > 8 and rng.random() < 0.6:
        cut = rng.randint(3, len(words) - 3)
        return " ".join(words[:cut] if rng.random() < 0.5 else words[cut:])
    kept = [word for word in words if rng.random() > 0.2]
    return " ".join(kept) or text


def mark(text: str) -> int:
    """Return the number by which a text is known in a kept opinion."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def write(path: Path, texts: Sequence[str], seed: int, opinion: Targets) -> None:
    """Write what the larger model makes of the sentences and of what was spliced from them."""
    packed = {
        head: np.clip(np.round(-np.log(np.maximum(likely, 1e-9)) * STEP), 0, 255).astype(np.uint8)
        for head, likely in zip(HEADS, opinion, strict=True)
    }
    marks = np.array([mark(text) for text in texts], dtype=np.uint64)
    np.savez_compressed(path, marks=marks, seed=np.array(seed), **packed)


@dataclass(frozen=True)
class Lesson:
    """What is learnt from; of the first `unjudged` texts there is no second opinion."""

    texts: list[str]
    targets: Targets
    unjudged: int

    def little(self, fresh: Collection[str], seed: int, share: int = 3) -> Lesson:
        """Return the fresh texts and, drawn at random, `share` times as many of the others: enough
        to learn the new ones and to forget nothing."""
        new = [i for i in range(self.unjudged) if self.texts[i] in fresh]
        rest = np.setdiff1d(np.arange(len(self.texts)), new)
        drawn = np.random.default_rng(seed).choice(
            rest, min(len(rest), share * len(new)), replace=False
        )
        kept = [*new, *drawn]
        targets = tuple(target[kept] for target in self.targets)
        return Lesson([self.texts[i] for i in kept], targets, len(new))


def lesson(path: Path, sentences: Sequence[Sentence]) -> Lesson:
    """Return what to learn from: sentences that were never judged have their written label alone.

    Raises ValueError when judged sentences have gone or changed: what was spliced from them is
    then no longer known.
    """
    if not path.exists():
        return Lesson([s.text for s in sentences], certain(sentences), len(sentences))
    kept = np.load(path)
    due = iter(kept["marks"].tolist())
    judged, unjudged, awaited = [], [], next(due)
    for sentence in sentences:  # both in the order of the files; later ones stand between
        if mark(sentence.text) == awaited:
            judged.append(sentence)
            awaited = next(due)
        else:
            unjudged.append(sentence)
    texts = [*(s.text for s in judged), *spliced(judged, int(kept["seed"]))]
    if [mark(text) for text in texts] != kept["marks"].tolist():
        raise ValueError("the second opinion is about other sentences: python -m training.teacher")
    targets = []
    for head, hard, new in zip(HEADS, certain(judged), certain(unjudged), strict=True):
        likely = np.exp(-kept[head].astype(np.float32) / STEP)
        likely /= likely.sum(axis=1, keepdims=True)
        likely[: len(hard)] = TRUST * likely[: len(hard)] + (1 - TRUST) * hard
        targets.append(np.concatenate([new, likely]))
    return Lesson([*(s.text for s in unjudged), *texts], tuple(targets), len(unjudged))

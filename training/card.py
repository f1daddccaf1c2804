# SPDX-License-Identifier: Apache-2.0
"""Measure the understanding as it is served, and write its card; needs no torch.

python -m training.card [--everyday FILE]
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from bot.understanding import Screen
from training import figures, sentences

ROOT = Path(__file__).resolve().parents[1]
VALIDATION, MODEL = ROOT / "data" / "understanding" / "validation", ROOT / "models/understanding"


def main(words: list[str] | None = None) -> int:
    """Write card.json: how it was trained, and what rules and model reach together."""
    parser = argparse.ArgumentParser(description="Measure the understanding and write its card.")
    parser.add_argument("--everyday", help="a file of everyday requests to count false alarms on")
    given = parser.parse_args(words)
    screen = Screen.load(ROOT / "models", ROOT / "data")
    chosen = sentences.read(VALIDATION, sentences.CHOSEN_ON)
    unseen = [s for s in sentences.read(VALIDATION) if s not in set(chosen)]
    card: dict[str, Any] = {
        "trained": json.loads((MODEL / "trained.json").read_text(encoding="utf-8")),
        "thresholds": vars(screen.thresholds),
        "where_thresholds_were_chosen": figures.measure(screen, chosen),
        "unseen": figures.measure(screen, unseen),
    }
    if given.everyday:
        lines = Path(given.everyday).read_text(encoding="utf-8").splitlines()[1:]
        found = figures.alarms(screen, [line.split("\t")[2] for line in lines])
        card["everyday"] = {k: v for k, v in found.items() if k != "which"}
    text = json.dumps(card, indent=1, ensure_ascii=False) + "\n"
    (MODEL / "card.json").write_text(text, encoding="utf-8")
    sys.stdout.write(_summary(card))
    return 0


def _summary(card: dict[str, Any]) -> str:
    lines = []
    for name in ("where_thresholds_were_chosen", "unseen"):
        part = card[name]
        shares = {
            "found": part["found"]["all"],
            "found, chat": part["found"]["chat"],
            "found, voice": part["found"]["voice"],
            **{f"found, {label}": share for label, share in part["each_class"].items()},
            "false alarms": part["false_alarms"]["all"],
            "false alarms, look-alikes": part["false_alarms"]["lookalike"],
            "interrupts right": part["interrupts_right"],
            "urgency exact": part["urgency_exact"],
            "act exact": part["act_exact"],
        }
        lines.append(name.replace("_", " "))
        lines += [
            f"  {what}: {s['share']:.3f} ({s['low']:.2f} to {s['high']:.2f} of {s['of']})"
            for what, s in shares.items()
        ]
        lines.append(f"  topic macro-F1: {part['topic_macro_f1']}; p99 {part['p99_ms']} ms")
    if "everyday" in card:
        lines.append(f"everyday requests, false alarms: {card['everyday']['false_alarms']}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())

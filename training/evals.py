# SPDX-License-Identifier: Apache-2.0
"""Measure what the screen hears, as it is served, beside what it is compared with; needs no torch.

    python -m training.evals [--everyday FILE] [--card]

`--everyday` is a file of ordinary requests, `source<tab>intent<tab>text`, to count false alarms
on. `--card` also writes models/understanding/card.json and the list of what is known to be missed.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from bot.understanding import Screen
from training import figures, sentences
from training.keywords import Keywords

ROOT = Path(__file__).resolve().parents[1]
TRAIN, VALIDATION = (ROOT / "data" / "understanding" / name for name in ("train", "validation"))
MODEL = ROOT / "models" / "understanding"
PEERS = MODEL / "peers.json"
"""Peers need other libraries, so they are measured by themselves: `make peers`."""
MISSED = ROOT / "data" / "understanding" / "known_failures.tsv"
HEAD = (
    "# SPDX-License-Identifier: Apache-2.0\n"
    "# Danger among the validation sentences that the screen does not hear (its label, the text).\n"
    "# Written by `make evals ARGS=--card`; tests hold that it only shrinks.\n"
)
WIDE = 44
SHARES = {
    "any danger found": ("found", "all"),
    "  by chat": ("found", "chat"),
    "  by voice": ("found", "voice"),
    "  immediate danger": ("each_class", "immediate_danger"),
    "  suicide risk": ("each_class", "suicide_risk"),
    "  safeguarding": ("each_class", "safeguarding"),
    "false alarms": ("false_alarms", "all"),
    "  look-alikes": ("false_alarms", "lookalike"),
    "urgency exact": ("urgency_exact",),
    "act exact": ("act_exact",),
    "interrupts right": ("interrupts_right",),
}
"""The shares that are printed, and where each stands among the figures."""
TOPICS, SPEED = "{topic_macro_f1:.3f}", "{p50_ms} / {p99_ms}"


def main(words: list[str] | None = None) -> int:
    """Print every figure with its 95 % interval."""
    parser = argparse.ArgumentParser(description="Measure what the screen hears.")
    parser.add_argument("--everyday", help="a file of everyday requests to count false alarms on")
    parser.add_argument("--card", action="store_true", help="write the model's card too")
    given = parser.parse_args(words)
    screen = Screen.load(ROOT / "models", ROOT / "data")
    chosen = sentences.read(VALIDATION, sentences.CHOSEN_ON)
    unseen = [s for s in sentences.read(VALIDATION) if s not in set(chosen)]
    ours = {
        "where_thresholds_were_chosen": figures.measure(screen, chosen),
        "unseen": figures.measure(screen, unseen),
    }
    plain = figures.measure(Keywords(), unseen)
    everyday = _everyday(screen, given.everyday) if given.everyday else None
    peers = json.loads(PEERS.read_text(encoding="utf-8")) if PEERS.is_file() else {}
    measured = {name: peer["figures"] for name, peer in peers.items()}
    show(ours, {"keywords": plain, **measured}, everyday)
    for name in outdated(peers, made_from()):
        sys.stdout.write(f"\n{name} was measured with other sentences than these: make peers\n")
    if given.card:
        _write(screen, ours, plain, everyday)
        missed = figures.missed(screen, sentences.read(VALIDATION))
        MISSED.write_text(HEAD + "".join(f"{m}\n" for m in missed), encoding="utf-8")
    return 0


def made_from() -> dict[str, dict[str, str]]:
    """Return the hash of every file of sentences, learnt from and judged by."""
    return {folder.name: sentences.fingerprints(folder) for folder in (TRAIN, VALIDATION)}


def outdated(peers: dict[str, Any], now: dict[str, dict[str, str]]) -> list[str]:
    """Return the peers that were trained on or measured with other sentences than there are."""
    return [name for name, peer in peers.items() if peer["sha256"] != now]


def _everyday(screen: Screen, path: str) -> dict[str, Any]:
    lines = Path(path).read_text(encoding="utf-8").splitlines()[1:]
    found = figures.alarms(screen, [line.split("\t")[2] for line in lines])
    return {k: v for k, v in found.items() if k != "which"}


def show(ours: dict[str, Any], peers: dict[str, Any], everyday: dict[str, Any] | None) -> None:
    """Print the screen's figures and its peers', a column each; what one lacks is a dash."""
    columns = {"chosen on": ours["where_thresholds_were_chosen"], "unseen": ours["unseen"], **peers}
    _line("", *columns)
    for name, path in SHARES.items():
        _line(name, *(_shown(at(found, path)) for found in columns.values()))
    for name, form in {"topic, macro-F1": TOPICS, "ms a message, p50 / p99": SPEED}.items():
        _line(name, *(_formed(form, found) for found in columns.values()))
    if everyday:
        _line("false alarms, everyday requests", "", _shown(everyday["false_alarms"]))
    unseen = ours["unseen"]
    sys.stdout.write("\nUnseen, by style: danger found, then false alarms\n")
    for style in sorted({*unseen["found"], *unseen["false_alarms"]} - {"all", "chat", "voice"}):
        cells = (unseen[kind].get(style) for kind in ("found", "false_alarms"))
        _line(f"  {style}", *(_shown(cell) for cell in cells))
    sys.stdout.write("\nUnseen, of what was said to be danger with this confidence, it was:\n")
    for band in unseen["calibration"]:
        _line(f"  {band['from']:.1f} to {band['to']:.1f}", _shown(band["was_danger"]))


def at(found: dict[str, Any], path: tuple[str, ...]) -> Any:
    """Return one figure, None where it is lacking."""
    for part in path:
        found = found.get(part, {})
    return found or None


def _formed(form: str, found: dict[str, Any]) -> str:
    try:
        return form.format(**found)
    except KeyError:
        return "-"


def _shown(share: dict[str, Any] | None) -> str:
    if not share:
        return "-"
    return f"{share['share']:.3f} ({share['low']:.2f}-{share['high']:.2f})"


def _line(name: str, *cells: str) -> None:
    sys.stdout.write(f"{name:{WIDE}}" + "".join(f"{cell:>22}" for cell in cells) + "\n")


def _write(
    screen: Screen, ours: dict[str, Any], plain: dict[str, Any], everyday: dict[str, Any] | None
) -> None:
    card = {
        "trained": json.loads((MODEL / "trained.json").read_text(encoding="utf-8")),
        "thresholds": vars(screen.thresholds),
        **ours,
        "keywords_on_unseen": plain,
    }
    if everyday:
        card["everyday"] = everyday
    text = json.dumps(card, indent=1, ensure_ascii=False) + "\n"
    (MODEL / "card.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())

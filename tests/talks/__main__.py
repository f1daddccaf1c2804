# SPDX-License-Identifier: Apache-2.0
"""Hold every written talk with the whole service and print what was asked and what was missed.

    python -m tests.talks [--half even|odd] [--each] [--folder FOLDER]

Thresholds and rules may be chosen on the even half; the odd one is only measured.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import tests.rasa_without_tensorflow  # noqa: F401 - before anything here imports rasa
from tests.situations.house import Parts, house
from tests.talks.talk import FOLDER, HIDDEN, ORDINARY, Held, Talk, hold, read
from training.figures import share

HALVES = {"even": 0, "odd": 1}


def main(words: Sequence[str] | None = None) -> int:
    """Print the figures, and with --each what every question followed on."""
    parser = argparse.ArgumentParser(prog="python -m tests.talks", description=__doc__)
    parser.add_argument("--half", choices=HALVES, help="only talks of even or odd numbers")
    parser.add_argument("--each", action="store_true", help="print every question, every miss")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    given = parser.parse_args(words)
    half = HALVES.get(given.half)
    asyncio.run(_measure(given.folder, half, given.each))
    return 0


async def _measure(folder: Path, half: int | None, each: bool) -> None:
    from tests.talks.loaded import parts

    loaded = parts()
    ordinary = await held(loaded, read(folder / ORDINARY, half))
    hidden = await held(loaded, read(folder / HIDDEN, half))
    for line in [*of_ordinary(ordinary), *of_hidden(hidden), *(_each(ordinary, hidden) * each)]:
        sys.stdout.write(f"{line}\n")


async def held(loaded: Parts, talks: Sequence[Talk]) -> list[Held]:
    """Hold talks, one after another, in one house."""
    with tempfile.TemporaryDirectory() as folder:
        async with house(loaded, Path(folder), time.time) as (found, assistant):
            found_out = [await hold(found, talk) for talk in talks]
    if assistant.failed:
        raise RuntimeError(f"the assistant failed: {assistant.failed}")
    return found_out


def of_ordinary(talks: Sequence[Held]) -> list[str]:
    """Return how many needless questions ordinary talks met, a line each."""
    turns = sum(len(one.talk.turns) for one in talks)
    asked = [a for one in talks for a in one.asked]
    suicide = [a for a in asked if a.suicide]
    once = sum(bool([a for a in one.asked if a.suicide]) for one in talks)
    told = sum(a.say.startswith("emergency_") for a in asked)
    return [
        f"ordinary talks: {len(talks)}, turns: {turns}",
        f"asked about danger: {len(asked)}, {len(asked) / len(talks):.2f} a talk",
        f"asked about suicide: {len(suicide)}, {len(suicide) / len(talks):.2f} a talk",
        f"talks asked about suicide at least once: {_shown(once, len(talks))}",
        f"met with emergency words: {told}",
    ]


def of_hidden(talks: Sequence[Held]) -> list[str]:
    """Return how many of the dangers that come in were noticed, all and by class."""
    lines = []
    for about in ("", *sorted({one.talk.about for one in talks})):
        some = [one for one in talks if about in ("", one.talk.about)]
        noticed = sum(one.noticed for one in some)
        lines.append(f"noticed, {about or 'any danger'}: {_shown(noticed, len(some))}")
    before = sum(len(one.before) for one in talks)
    return [*lines, f"asked before danger came in: {before / max(len(talks), 1):.2f} a talk"]


def _shown(hits: int, of: int) -> str:
    found = share(hits, of)
    return f"{hits} of {of}, {found['share']:.2f} ({found['low']:.2f} to {found['high']:.2f})"


def _each(ordinary: Sequence[Held], hidden: Sequence[Held]) -> list[str]:
    asked = [f"{one.talk.talk}\t{a.turn}\t{a.say}\t{a.text}" for one in ordinary for a in one.asked]
    missed = [
        f"{one.talk.talk}\t{one.talk.turn}\t{one.talk.about}\t{' / '.join(_around(one.talk))}"
        for one in hidden
        if not one.noticed
    ]
    return ["", "Asked without need:", *asked, "", "Not noticed:", *missed]


def _around(talk: Talk) -> Sequence[str]:
    return talk.turns[talk.turn : talk.turn + 3]


if __name__ == "__main__":
    sys.exit(main())

# SPDX-License-Identifier: Apache-2.0
"""`fingerpost rota check`: what is wrong with the rota, and when nobody is on duty."""

from __future__ import annotations

import sys
from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from bot.policy import rota
from bot.policy.hours import in_london
from bot.policy.rota import AHEAD, Rota
from bot.policy.urgency import TIERS
from bot.settings import Settings
from bot.store.rota import RotaError, load


def run(settings: Settings, means: Collection[str], now: datetime) -> int:
    """Print what there is to mend; 0 when the rota is whole, 1 when not, 2 when there is none."""
    if not settings.rota:
        return _say(2, "FINGERPOST_ROTA names no file: see data/paging/rota-example.yml.")
    try:
        found = load(Path(settings.rota))
    except RotaError as wrong:
        return _say(1, *wrong.problems)
    lines = [*_unreached(found, means)]
    for gap in rota.gaps(found, now):
        whom = "" if gap.tiers == TIERS else f" for {', '.join(gap.tiers)}"
        lines.append(f"Nobody on duty{whom}: {_day(gap.starts)} to {_day(gap.ends)}")
    here = ", ".join(person.name for person in rota.on_duty(found, now)) or "nobody"
    told = f"On duty now: {here}. The next {AHEAD} days:"
    return _say(int(bool(lines)), told, *lines or ["No gap."])


def _unreached(found: Rota, means: Collection[str]) -> list[str]:
    """Return who is on the rota and cannot be called with these settings."""
    by = {person.name: [way for way, _ in person.ways] for person in found.people.values()}
    return [
        f"{name} cannot be called from here: {', '.join(ways)} not set up."
        for name, ways in by.items()
        if not set(ways) & set(means)
    ]


def _day(at: datetime) -> str:
    return in_london(at).strftime("%a %d %b %Y %H:%M")


def _say(code: int, *lines: str) -> int:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return code

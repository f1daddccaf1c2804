# SPDX-License-Identifier: Apache-2.0
"""A situation as its file tells it: who the person is, what they say, what must come of it.

The form is told in README.md beside this file. A word that the form does not know is an error, so
that nothing written down goes unchecked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from bot.policy.turn import Medium

HERE = Path(__file__).parent
LONDON = ZoneInfo("Europe/London")
WHEN = {
    "day": datetime(2026, 11, 25, 14, 0, tzinfo=LONDON),
    "evening": datetime(2026, 11, 25, 20, 30, tzinfo=LONDON),
    "night": datetime(2026, 11, 25, 3, 0, tzinfo=LONDON),
    "weekend": datetime(2026, 11, 22, 11, 0, tzinfo=LONDON),
    "bank_holiday": datetime(2026, 12, 25, 11, 0, tzinfo=LONDON),
}
"""The times that a file may name: two Wednesdays' hours, a Sunday, and Christmas Day."""

CHANNELS = {"chat": Medium.CHAT, "phone": Medium.VOICE}
TURNS = ("says", "picks", "keys")
COMES = frozenset(
    "offered offered_first not_offered told not_told queue state facts reasons asked not_asked"
    " asked_at_most agreed checks_at_most".split()
)


@dataclass(frozen=True)
class Situation:
    """One file. `answers`: what the person says to a question whenever it is put, by its name."""

    name: str
    about: str
    who: str
    age: int
    place: str
    turns: tuple[Mapping[str, str], ...]
    comes: Mapping[str, Any]
    when: str = "day"
    channel: str = "chat"
    in_danger: str | list[str] = "no"
    on_duty: bool = False
    answers: Mapping[str, Any] = field(default_factory=dict)

    @property
    def medium(self) -> Medium:
        """Return the channel as the service names it."""
        return CHANNELS[self.channel]

    @property
    def now(self) -> float:
        """Return the moment in which it happens."""
        return WHEN[self.when].timestamp()


def read(path: Path) -> Situation:
    """Return the situation of a file; its folder says which topic it is about."""
    told = yaml.load(path.read_text(), Loader=yaml.BaseLoader)  # noqa: S506 - strings alone
    told |= {"age": int(told["age"]), "on_duty": told.get("on_duty") == "yes"}
    found = Situation(name=path.stem, about=path.parent.name, **told)
    for turn in found.turns:
        if len(turn) != 1 or not set(turn) <= set(TURNS):
            raise ValueError(f"{path.name}: a turn says, picks or keys one thing, not {turn}")
    if unknown := set(found.comes) - COMES:
        raise ValueError(f"{path.name}: nothing checks {sorted(unknown)}")
    if found.when not in WHEN or found.channel not in CHANNELS:
        raise ValueError(f"{path.name}: no such time or channel")
    return found


def files() -> list[Path]:
    """Return every situation's file, by topic."""
    return sorted(HERE.glob("*/*.yml"))

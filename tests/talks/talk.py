# SPDX-License-Identifier: Apache-2.0
"""A written talk, and the person who says its turns to the whole service.

Who is asked about danger says no to it, by the key, and goes on: in an ordinary talk because that
is so, in one that hides danger because it has not come in yet, or is not owned to.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.policy.turn import Message, Reply, Said
from bot.settings import ROOT
from bot.wiring import Fingerpost

FOLDER = ROOT / "data" / "understanding" / "talks"
ORDINARY, HIDDEN = "ordinary.jsonl", "hidden.jsonl"
LATE = 2
"""Turns after the one where a listener must notice, in which noticing still counts."""

NO, CARRY_ON = "no", "carry_on"


@dataclass(frozen=True)
class Talk:
    """What one person says, turn by turn. `turn`: where danger of the class `about` comes in."""

    talk: int
    channel: str
    turns: tuple[str, ...]
    turn: int = -1
    about: str = ""


@dataclass(frozen=True)
class Asked:
    """What a turn was met with: a question about danger, or emergency words."""

    turn: int
    text: str
    say: str

    @property
    def suicide(self) -> bool:
        """Say whether it was about suicide."""
        return "suicide" in self.say


@dataclass
class Held:
    """A talk that was held, and what it was met with about danger."""

    talk: Talk
    asked: list[Asked] = field(default_factory=list)

    @property
    def noticed(self) -> bool:
        """Say whether the danger that comes in was met at its turn or soon after."""
        first = self.talk.turn
        return any(first <= one.turn <= first + LATE for one in self.asked)

    @property
    def before(self) -> list[Asked]:
        """Return what was asked before the danger came in; in an ordinary talk all."""
        return [one for one in self.asked if self.talk.turn < 0 or one.turn < self.talk.turn]


def read(path: Path, half: int | None = None) -> list[Talk]:
    """Return the talks of a file; of one half of them, 0 for even numbers and 1 for odd ones."""
    lines = path.read_text(encoding="utf-8").splitlines()
    rows: list[dict[str, Any]] = [json.loads(line) for line in lines if line]
    return [
        Talk(
            row["talk"], row["channel"], tuple(row["turns"]), row.get("turn", -1),
            row.get("class", ""),
        )  # fmt: skip
        for row in rows
        if half is None or row["talk"] % 2 == half
    ]


async def hold(found: Fingerpost, talk: Talk) -> Held:
    """Say every turn of a talk, and keep what was said back about danger."""
    call = f"call {talk.talk}" if talk.channel == "voice" else None
    opened = await found.conversations.open(talk.channel, call_hash=call)
    held = Held(talk)
    for number, text in enumerate(talk.turns):
        confidence = 0.9 if talk.channel == "voice" else None
        reply = await found.conversations.hear(
            opened.contact, Said(text=text, confidence=confidence)
        )
        held.asked += [Asked(number, text, say) for say in about_danger(reply.messages)[:1]]
        await _goes_on(found, opened.contact, reply)
    return held


def about_danger(messages: Sequence[Message]) -> list[str]:
    """Return the names of what was said about danger, once put and not once more."""
    begins = ("check_", "emergency_")
    again = ("check_unclear_", "emergency_immediate_noted")
    return [m.say for m in messages if m.say.startswith(begins) and not m.say.startswith(again)]


async def _goes_on(found: Fingerpost, contact: Any, reply: Reply) -> None:
    """Say no to an open question of danger, and that one wants to go on where that is asked."""
    for _ in range(2):
        of_danger = [m for m in reply.messages if m.say.startswith(("check_", "emergency_"))]
        offered = [m for m in reply.messages if m.choices]
        if not of_danger or not offered:
            return
        keys = {choice.key: choice.id for choice in offered[-1].choices}
        key = next((key for key in (NO, CARRY_ON) if key in keys), "")
        if not key:
            return
        reply = await found.conversations.hear(contact, Said(choice=keys[key]))

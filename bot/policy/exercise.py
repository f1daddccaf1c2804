# SPDX-License-Identifier: Apache-2.0
"""Calming exercises, one step a message: what is offered, to whom, and what stays where it is.

Pure. The next step is only ever said when it is asked for. The step somebody is at is in what is
on offer to them, so it lasts as long as their conversation.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from bot.policy.turn import Understanding

ACT = "exercise"
"""The act of whoever is in the middle of one."""
BEGINS, HERE, AFTER = "calm_", "_here", "calm_after"
STOP = "stop"
# What somebody says in the middle of one that is about it: what they see, "ok", a single word.
_ABOUT_IT = frozenset("provide_detail out_of_scope affirm deny greet thank feedback".split())
LONGEST = 12
"""Words up to which a message in the middle of an exercise is about it, and tells nothing."""


@dataclass(frozen=True)
class Exercise:
    """One exercise. `never_after`: red flags after which it is not offered."""

    id: str
    steps: int
    meant_for: str
    not_for: str
    source: str
    valid_at: str
    review_by: date
    never_after: tuple[str, ...] = ()

    @property
    def first(self) -> str:
        """Return the name of its first step, which is also the choice that begins it."""
        return f"{BEGINS}{self.id}_1"

    def step(self, number: int) -> str:
        """Return the name of a step; past the last one, of what comes after."""
        return f"{BEGINS}{self.id}_{number}" if number <= self.steps else AFTER


def is_step(name: str) -> bool:
    """Say whether words are a step of an exercise."""
    begun, _, number = name.removesuffix(HERE).rpartition("_")
    return begun.startswith(BEGINS) and number.isdigit()


def stays(asking: str, text: str, heard: Understanding) -> tuple[str, Understanding] | None:
    """Return where somebody stays who says what they see or hear at a step, None elsewhere.

    Danger goes first; whatever tells what happened, asks or wishes something is answered as ever.
    What few words at a step are about is a guess, and is not taken for a topic.
    """
    danger = heard.action in ("interrupt", "check")
    if danger or not is_step(asking) or len(text.split()) > LONGEST:
        return None
    if heard.act not in _ABOUT_IT or "?" in text:
        return None
    return asking.removesuffix(HERE) + HERE, replace(heard, act=ACT, topic="none")

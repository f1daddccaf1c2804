# SPDX-License-Identifier: Apache-2.0
"""Whom each step of calling staff pages, how long it waits, and when the person is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

WHO = ("first", "again", "next", "everybody")
BACKOFF = (2.0, 4.0, 8.0, 16.0)
"""Seconds before a page that failed is tried again; after the last it is given up."""
T = TypeVar("T")

RUNG_FOR = ("asked", "hit")
"""Why somebody on the line waits whom the line itself rings staff for, once they could keep their
answers back: a page by telephone in between would find the same number engaged."""


@dataclass(frozen=True)
class Pace:
    """One row of data/paging/tiers.yml, which says what each figure means. Seconds."""

    acknowledge_within: float
    steps: tuple[str, ...]
    then_every: float
    accept_within: float


@dataclass(frozen=True)
class Next:
    """One step: how long until the one after it, and whether the person is told nobody came."""

    who: str
    wait: float
    tell: bool = False


def at(pace: Pace, step: int) -> Next:
    """Return what a step does. After the last one everybody is paged, until somebody has it."""
    if step < len(pace.steps):
        return Next(pace.steps[step], pace.acknowledge_within)
    return Next("everybody", pace.then_every, tell=step == len(pace.steps))


def whom(pace: Pace, step: int, on_duty: Sequence[T]) -> tuple[T, ...]:
    """Return who of those on duty a step pages. Where no next one is left it is everybody."""
    if at(pace, step).who == "everybody":
        return tuple(on_duty)
    place = pace.steps[: step + 1].count("next")
    return tuple(on_duty[place : place + 1]) or tuple(on_duty)


def again_after(tries: int) -> float | None:
    """Return the pause before the next try of a page that failed so often, None to give it up."""
    return BACKOFF[tries - 1] if tries <= len(BACKOFF) else None

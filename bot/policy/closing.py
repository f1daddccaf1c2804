# SPDX-License-Identifier: Apache-2.0
"""Whether a story whose time is over stays all the same, because somebody is at work in it.

An open console says that its worker is in the room, not that they are at work: who went home with
the page open would keep a stranger's words for ever.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

LONGEST_CALL = 4 * 3600.0
"""Seconds after which the telephone provider itself ends any call."""


@dataclass(frozen=True)
class Held:
    """How it stands with a story that a worker has. Ages are seconds until now.

    `line`: its person is on the telephone with them. `there`: their console is open. `acted`: how
    long ago the worker last did something in this story, None for never. `idle`: for how long a
    story without a word is kept.
    """

    line: bool
    taken: float
    there: bool
    acted: float | None
    idle: float


ROWS: tuple[tuple[str, Callable[[Held], bool]], ...] = (
    ("on_the_line", lambda h: h.line and h.taken < LONGEST_CALL),
    ("at_work", lambda h: h.there and h.acted is not None and h.acted < h.idle),
)


def stays(held: Held) -> str:
    """Return why a story does not close now, "" where nothing keeps it."""
    return next((why for why, fits in ROWS if fits(held)), "")

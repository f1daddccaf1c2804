# SPDX-License-Identifier: Apache-2.0
"""What a caller is told and what is then listened for, whichever way it is carried.

Pure. The <Gather> loop makes TwiML of it, the socket makes frames; kept answers hold it as text.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from bot.policy.turn import State

LISTEN = 8
"""Seconds of silence before we look for news: staff and timed messages are said then."""
LISTEN_TO_STAFF = 3
LISTEN_TO_NUMBER = 4
"""Seconds after the last key of a number: keys of danger, with no hash, wait no longer [J]."""
LISTEN_WHILE_RUNG = 5
"""Seconds between two looks at how the ringing for somebody stands who waits for it."""
LISTEN_TO_KEEP_BACK = 5
"""Seconds to press the key that keeps answers from a worker, before one is rung [J]."""


@dataclass(frozen=True)
class Ask:
    """What is said, and what is listened for.

    `firmly` is said first and no noise cuts it short, only a key; `then` yields to the voice too.
    `early` is where a key goes that comes during `firmly`. `keys` listens to keys alone.
    `number`: several digits are awaited, ended by hash, by a pause, or by being `most`, where they
    are never more. `free`: more patience with pauses.
    `slow`: one sentence at a time, slowly, with a pause after each. `patient`: nothing they do
    cuts a word short, and their turns have long pauses. `hints`: what the recogniser may expect;
    nothing of anybody is among them. `tongues`: what is said after the first of `then`, each
    in its own language.
    """

    action: str
    firmly: Sequence[str] = ()
    then: Sequence[str] = ()
    early: str = ""
    keys: bool = False
    number: bool = False
    most: int = 0
    free: bool = False
    slow: bool = False
    timeout: int = LISTEN
    patient: bool = False
    hints: Sequence[str] = ()
    tongues: Sequence[Sequence[str]] = ()


def listens(state: State, *, number: bool, waits: bool) -> int:
    """Return for how many seconds an answer is waited for."""
    if state is State.STAFF:
        return LISTEN_TO_STAFF
    if waits:
        return LISTEN_WHILE_RUNG
    return LISTEN_TO_NUMBER if number else LISTEN


def kept(asked: Ask) -> str:
    """Return it as text, to be kept as the answer to a turn on the socket."""
    return json.dumps(asdict(asked), ensure_ascii=False, separators=(",", ":"))


def opened(text: str) -> Ask | None:
    """Return what was kept, None where the answer is TwiML and only a post can give it."""
    return Ask(**json.loads(text)) if text.startswith("{") else None

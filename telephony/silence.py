# SPDX-License-Identifier: Apache-2.0
"""What a silence gets: an answer to be understood, never a reason to hang up on somebody in danger.

Pure. The wait grows between the steps; whoever was invited to talk freely gets twice the time.
"""

from __future__ import annotations

from enum import StrEnum

from bot.policy.turn import State


class Rung(StrEnum):
    """One step of the ladder that a silence climbs."""

    WAIT = "wait"
    SOFT = "soft"
    KEYS = "keys"
    DANGER = "danger"
    STILL_WAITING = "still_waiting"
    RING = "ring"
    END = "end"


LADDER = {1: Rung.SOFT, 2: Rung.KEYS, 4: Rung.DANGER, 5: Rung.END}
TOP = max(LADDER)
SAY_WAITING_EVERY = 3
SAY_RUNG_EVERY = 4
"""Of the shorter waits of somebody for whom a worker is rung: every 20 seconds."""
GIVE_UP_WAITING_AFTER = 40


def rung(
    count: int, state: State, *, hit: bool, free: bool, slow: bool = False, waits: bool = False
) -> Rung:
    """Return what the `count`th empty wait in a row gets.

    `hit`: danger was heard in this call, or asked about and not denied, so it is never ended by us;
    it rings a person. `free`: the caller was invited to talk, with nothing to pick. `slow`: an
    assistant types and reads for them, which takes three times as long; after danger nobody waits
    for that. `waits`: a worker is rung for them at this moment, and no silence ends that.
    """
    if state is State.STAFF:
        return Rung.WAIT
    if waits:
        return Rung.WAIT if count % SAY_RUNG_EVERY else Rung.STILL_WAITING
    if state is State.WAITING and not hit:
        if count >= GIVE_UP_WAITING_AFTER:
            return Rung.END
        return Rung.WAIT if count % SAY_WAITING_EVERY else Rung.STILL_WAITING
    for patience in (2 if free else 1, 3 if slow and not hit else 1):
        count = count // patience if count % patience == 0 else 0
    if hit and count % TOP == 0 and count:
        return Rung.RING
    found = LADDER.get(count % TOP if hit else min(count, TOP), Rung.WAIT)
    return found

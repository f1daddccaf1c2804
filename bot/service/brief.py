# SPDX-License-Identifier: Apache-2.0
"""What staff may see of a story: its row in the queue, and the brief once they have taken it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.policy import urgency
from bot.policy.circumstances import WORKER
from bot.policy.roles import is_asked
from bot.policy.same_worker import SAME
from bot.policy.turn import Message, State
from bot.service import talking
from bot.store import handovers
from bot.store.keys import Box

AROUND = 3  # turns before and after a hit that a worker sees


@dataclass(frozen=True)
class Waiting:
    """One row of the queue as staff see it: no words of the person.

    `heard`: the dangers heard, the most urgent first. `age_band`: what they said of their age.
    `safe_to_talk`, `can_speak`: yes, no or not sure, "" where nothing was said of it.
    `drill`: nobody is there; it was made to prove that staff are called.
    `wants_worker`: whom they asked to talk with, woman or man. `told_where`: yes where somebody in
    danger wrote on after they were asked where they are. `talked_with`: who of staff had them last.
    `wants_same`: yes where they asked for that worker, or the name of one they asked for.
    """

    id: str
    conversation_id: str
    medium: str
    tier: str
    said_as: str
    reason: str
    topic: str
    state: str
    worker_id: str | None
    requested_at: float
    left: bool
    closed: bool = False
    language: str = "en"
    heard: tuple[str, ...] = ()
    age_band: str = ""
    safe_to_talk: str = ""
    can_speak: str = ""
    drill: bool = False
    offered_to: str = ""
    wants_worker: str = ""
    told_where: str = ""
    talked_with: str = ""
    wants_same: str = ""

    def asks(self, staff_id: str, role: str, teams: Collection[str] = ()) -> bool:
        """Say whether this member of staff is asked to take it over from a colleague."""
        return is_asked(self.offered_to, staff_id, role, teams)


SHOWN = ("age_band", talking.SAFE, talking.CAN_SPEAK, WORKER, talking.WHERE, SAME)
"""The facts that stand in the queue itself, by the names they have in a row."""


KEPT_BACK = "kept_back"
"""The fact that a caller wants their answers kept from whoever takes them over."""


@dataclass(frozen=True)
class Brief:
    """What a worker sees on accepting: the answers given, and words only around danger."""

    handover: Waiting
    facts: dict[str, str]
    cues: tuple[str, ...]
    hits: tuple[tuple[str, str, str | None], ...]
    around: tuple[Message, ...]


def waiting(row: Any, heard: Sequence[str] = (), told: Mapping[str, str] | None = None) -> Waiting:
    """Return a row of the queue. `told`: the facts shown in it."""
    return Waiting(
        id=row.id,
        conversation_id=row.conversation_id,
        medium=row.medium,
        tier=row.tier,
        said_as=urgency.SAID_AS[row.tier],
        reason=row.reason,
        topic=row.topic,
        state=row.state,
        worker_id=row.worker_id,
        offered_to=row.offered_to or "",
        talked_with=row.talked_with or "",
        requested_at=row.requested_at,
        left=row.state == handovers.LEFT or row.left_at is not None,
        closed=row.conversation_state == State.ENDED,
        language=row.language,
        drill=row.drill_at is not None,
        heard=tuple(sorted(heard, key=urgency.ORDER.index)),
        **(told or {}),
    )


def facts_shown(box: Box, facts: Sequence[Any]) -> dict[str, str]:
    """Return the answers a worker sees, so that nobody tells them again.

    Never how to reach the person: a number was given to be passed on to one service, not to be
    used here. Where they are kept back, only what keeps the person safe is shown.
    """
    shown = [f for f in facts if not f.name.startswith("contact_")]
    if keeps_back(shown):
        shown = [f for f in shown if f.name in (*SHOWN, KEPT_BACK)]
    return {f.name: box.open(f.sealed) for f in shown}


def keeps_back(facts: Sequence[Any]) -> bool:
    """Say whether the person wants their answers kept back."""
    return any(f.name == KEPT_BACK for f in facts)


def turns_around(turns: Sequence[Any], hits: Sequence[Any]) -> list[str]:
    """Return the ids of the turns around each hit."""
    heard_in = {h.turn_id for h in hits}
    where = [i for i, t in enumerate(turns) if t.id in heard_in]
    return [t.id for i, t in enumerate(turns) if any(abs(i - w) <= AROUND for w in where)]

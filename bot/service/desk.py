# SPDX-License-Identifier: Apache-2.0
"""What a worker at the console sees: the queue with its names, and the talk they have taken.

Every view of words is in the audit; ids and states are not words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.policy.turn import Message
from bot.service.accounts import Accounts
from bot.service.brief import Waiting
from bot.service.handover import Handover
from bot.service.ports import Clock, ConversationError
from bot.service.transcript import message_of
from bot.store import events, handovers, staff
from bot.store.database import Database, Tx
from bot.store.keys import Box, KeyGone, KeyStore

EVERYTHING = (events.PERSON, events.BOTH, events.STAFF)
STAFF_ONLY = (events.STAFF,)
VERDICTS = ("right", "wrong", "old")
# More than any talk holds; a reader that stops early would hide the newest words.
ALL = 100_000


@dataclass(frozen=True)
class Board:
    """The queue in its order, who has whom, and who is there to take somebody."""

    rows: tuple[Waiting, ...]
    names: dict[str, str]
    there: tuple[str, ...]


@dataclass(frozen=True)
class Flag:
    """One danger the screen heard: what, why, and what a worker said of it ("" when nothing)."""

    id: str
    urgency: str
    cues: tuple[str, ...]
    verdict: str

    @property
    def stands(self) -> bool:
        """Say whether it counts still: nobody judged it wrong or old."""
        return self.verdict not in ("wrong", "old")


@dataclass(frozen=True)
class Entry:
    """One line of a talk: a message, or a flag that only staff see (`kind`)."""

    id: int
    kind: str
    message: Message


class Desk:
    """Reads for the console, each view checked against who has the person."""

    def __init__(
        self, store: Database, keys: KeyStore, handover: Handover, accounts: Accounts, clock: Clock
    ) -> None:
        self.store, self.keys = store, keys
        self.handover, self.accounts, self.clock = handover, accounts, clock

    async def board(self) -> Board:
        """Return the queue, those nobody has first; it holds no word of anybody."""
        rows = sorted(await self.handover.queue(), key=lambda w: w.worker_id is not None)
        names, there = await self.accounts.names(), await self.accounts.there()
        return Board(tuple(rows), names, tuple(there))

    async def closed(self, handover_id: str) -> bool:
        """Say whether a story in the queue has closed, its words held only by a flag."""
        found = [w for w in await self.handover.queue() if w.id == handover_id]
        if not found:
            raise ConversationError("unknown")
        return found[0].closed

    async def standing(self, handover_id: str, worker_id: str) -> Waiting:
        """Return how it stands with a person this worker has; no words, so no audit."""
        async with self.store.read() as tx:
            await self._mine(tx, handover_id, worker_id)
        for waiting in await self.handover.queue():
            if waiting.id == handover_id:
                return waiting
        raise ConversationError("unknown")

    async def flags(self, handover_id: str, worker_id: str) -> tuple[Flag, ...]:
        """Return what the screen heard in the story of a person this worker has."""
        async with self.store.read() as tx:
            found = await self._mine(tx, handover_id, worker_id)
            rows = await handovers.hits_of(tx, found.conversation_id)
        box = await self._box(found.conversation_id)
        return tuple(
            Flag(r.id, r.urgency, tuple(box.open(r.cues)) if r.cues else (), r.verdict or "")
            for r in rows
        )

    async def review(self, handover_id: str, hit_id: str, worker_id: str, verdict: str) -> None:
        """Record whether a flag of this very story was right, wrong or old."""
        if verdict not in VERDICTS:
            raise ConversationError("unknown_verdict")
        async with self.store.write() as tx:
            found = await self._mine(tx, handover_id, worker_id)
            if hit_id not in {h.id for h in await handovers.hits_of(tx, found.conversation_id)}:
                raise ConversationError("unknown")
            await handovers.review(tx, hit_id, worker_id, verdict, self.clock())
            await staff.note(tx, worker_id, f"hit_{verdict}", hit_id, self.clock())

    async def talk(self, handover_id: str, worker_id: str, after: int = 0) -> list[Entry]:
        """Return what was said since this worker accepted, newer than `after`; it is audited."""
        async with self.store.write() as tx:
            found = await self._mine(tx, handover_id, worker_id)
            await staff.note(tx, worker_id, "talk", found.conversation_id, self.clock())
            rows = await events.after(
                tx, 0, conversation_id=found.conversation_id, audiences=EVERYTHING, limit=ALL
            )
        box = await self._box(found.conversation_id)
        said = since_joined(entries(box, [r for r in rows if r.at >= found.accepted_at]))
        return [entry for entry in said if entry.id > after]

    async def _mine(self, tx: Tx, handover_id: str, worker_id: str) -> Any:
        found = await handovers.find(tx, handover_id)
        if found is None or found.state == handovers.ENDED:
            raise ConversationError("unknown")
        if found.state != handovers.TAKEN or found.worker_id != worker_id:
            raise ConversationError("not_yours")
        return found

    async def _box(self, conversation_id: str) -> Box:
        try:
            return await self.keys.box(conversation_id)
        except KeyGone:
            raise ConversationError("unknown") from None


def since_joined(said: Sequence[Entry]) -> list[Entry]:
    """Return what came after the worker joined; nothing where nobody was there to be joined.

    The words that say so mark the place: clocks of two machines, or one coarse one, could not.
    """
    joined = [n for n, entry in enumerate(said) if entry.message.say == "staff_joined"]
    return list(said[joined[-1] :]) if joined else []


def entries(box: Box, rows: Sequence[Any]) -> list[Entry]:
    """Return the messages and flags among these events, oldest first."""
    said = [r for r in rows if r.sealed and r.kind in ("message", "flag")]
    return [Entry(r.id, r.kind, message_of(box, r)) for r in said]

# SPDX-License-Identifier: Apache-2.0
"""What a worker at the console sees: the queue with its names, and the talk they have taken.

Every view of words is in the audit; ids and states are not words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.policy.turn import Message
from bot.service import holding
from bot.service.accounts import Accounts
from bot.service.brief import Waiting
from bot.service.handover import Handover
from bot.service.ports import Clock, ConversationError
from bot.service.transcript import message_of
from bot.store import console_rows, conversations, events, handovers, staff
from bot.store.database import Database
from bot.store.keys import Box, KeyStore

EVERYTHING = (events.PERSON, events.BOTH, events.STAFF)
STAFF_ONLY = (events.STAFF,)
Quotes = Callable[[str, Sequence[str], str], Sequence[str]]
"""What says which words of a message met the rules named in its cues."""
VERDICTS = ("right", "wrong", "old")
# More than any talk holds; a reader that stops early would hide the newest words.
ALL = 100_000


@dataclass(frozen=True)
class Board:
    """The queue in its order, who has whom, and who is there to take somebody."""

    rows: tuple[Waiting, ...]
    names: dict[str, str]
    there: tuple[str, ...]
    joined: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Flag:
    """One danger the screen heard: what, why, and what a worker said of it ("" when nothing).

    `said`: the message it was heard in. `words`: those in it that a plain rule met, if one did.
    """

    id: str
    urgency: str
    cues: tuple[str, ...]
    verdict: str
    said: str = ""
    words: tuple[str, ...] = ()

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
        self,
        store: Database,
        keys: KeyStore,
        handover: Handover,
        accounts: Accounts,
        quotes: Quotes,
        clock: Clock,
    ) -> None:
        self.store, self.keys, self.quotes = store, keys, quotes
        self.handover, self.accounts, self.clock = handover, accounts, clock

    async def board(self, worker_id: str, role: str) -> Board:
        """Return the queue, those nobody has first; it holds no word of anybody.

        Whom this member of staff is kept away from is not in it. `joined`: who is beside whom.
        """
        queue = await self.handover.queue()
        names, there = await self.accounts.names(), await self.accounts.there()
        async with self.store.read() as tx:
            away = await console_rows.kept_from(tx, worker_id)
            joined = await console_rows.joined(tx)
        rows = [w for w in queue if w.conversation_id not in away]
        rows.sort(key=lambda w: w.worker_id is not None and not w.asks(worker_id, role))
        beside: dict[str, tuple[str, ...]] = {}
        for row in joined:
            beside[row.conversation_id] = (*beside.get(row.conversation_id, ()), row.staff_id)
        return Board(tuple(rows), names, tuple(there), beside)

    async def closed(self, handover_id: str) -> bool:
        """Say whether a story in the queue has closed, its words held only by a flag."""
        found = [w for w in await self.handover.queue() if w.id == handover_id]
        if not found:
            raise ConversationError("unknown")
        return found[0].closed

    async def standing(self, handover_id: str, worker_id: str) -> Waiting:
        """Return how it stands with a person this worker has; no words, so no audit."""
        async with self.store.read() as tx:
            await holding.seen_by(tx, handover_id, worker_id, lock=False)
        for waiting in await self.handover.queue():
            if waiting.id == handover_id:
                return waiting
        raise ConversationError("unknown")

    async def flags(self, handover_id: str, worker_id: str) -> tuple[Flag, ...]:
        """Return what the screen heard in the story of a person this worker has; it is audited."""
        async with self.store.write() as tx:
            found = await holding.seen_by(tx, handover_id, worker_id, lock=False)
            rows = await handovers.hits_of(tx, found.conversation_id)
            turns = {t.id: t for t in await conversations.turns_of(tx, found.conversation_id)}
            story = await conversations.conversation(tx, found.conversation_id)
            if rows:
                await staff.note(tx, worker_id, "flags", found.conversation_id, self.clock())
        box = await self._box(found.conversation_id)
        flags = []
        for row in rows:
            cues = tuple(box.open(row.cues)) if row.cues else ()
            said = box.open(turns[row.turn_id].sealed)["text"] if row.turn_id in turns else ""
            words = tuple(self.quotes(said, cues, story.medium))
            flags.append(Flag(row.id, row.urgency, cues, row.verdict or "", said, words))
        return tuple(flags)

    async def review(self, handover_id: str, hit_id: str, worker_id: str, verdict: str) -> None:
        """Record whether a flag of this very story was right, wrong or old."""
        if verdict not in VERDICTS:
            raise ConversationError("unknown_verdict")
        async with self.store.write() as tx:
            found = await holding.seen_by(tx, handover_id, worker_id, lock=False)
            if hit_id not in {h.id for h in await handovers.hits_of(tx, found.conversation_id)}:
                raise ConversationError("unknown")
            await handovers.review(tx, hit_id, worker_id, verdict, self.clock())
            await staff.note(tx, worker_id, f"hit_{verdict}", hit_id, self.clock())

    async def talk(self, handover_id: str, worker_id: str, after: int = 0) -> list[Entry]:
        """Return what was said since this worker accepted, newer than `after`; it is audited."""
        async with self.store.write() as tx:
            found = await holding.seen_by(tx, handover_id, worker_id, lock=False)
            await staff.note(tx, worker_id, "talk", found.conversation_id, self.clock())
            rows = await events.after(
                tx, 0, conversation_id=found.conversation_id, audiences=EVERYTHING, limit=ALL
            )
        box = await self._box(found.conversation_id)
        said = since_joined(entries(box, [r for r in rows if r.at >= found.accepted_at]))
        return [entry for entry in said if entry.id > after]

    async def _box(self, conversation_id: str) -> Box:
        box = await self.keys.held(conversation_id)
        if box is None:
            raise ConversationError("unknown")
        return box


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

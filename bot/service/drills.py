# SPDX-License-Identifier: Apache-2.0
"""A story in which nobody is, made to prove that staff are called; it leaves nothing behind."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from bot.service.ports import Clock
from bot.store import conversations, events, handovers, pages, records
from bot.store.database import Database
from bot.store.keys import KeyStore

OVER = "drill_over"
LASTS = 3600.0
"""A drill that nobody cleaned up, say because its command was killed, goes after so long."""


@dataclass(frozen=True)
class Sent:
    """One page of a drill: how, to whom, what came of it, and when it went."""

    means: str
    person: str
    state: str
    error: str
    at: float | None


@dataclass(frozen=True)
class Progress:
    """How far a drill has come. `seen_at`: when somebody said "I have it" or accepted."""

    tier: str
    queued_at: float | None
    sent: tuple[Sent, ...]
    seen_at: float | None


class Drills:
    """Marks a story as a drill, looks how far it has come, and takes it away."""

    def __init__(self, store: Database, keys: KeyStore, clock: Clock) -> None:
        self.store, self.keys, self.clock = store, keys, clock

    async def mark(self, conversation_id: str) -> bool:
        """Mark a story as a drill before anybody is called; False when there is no such story."""
        now = self.clock()
        async with self.store.write() as tx:
            if not await pages.make_drill(tx, conversation_id, now):
                return False
            await records.plan(tx, str(uuid.uuid4()), OVER, conversation_id, now + LASTS)
        return True

    async def progress(self, conversation_id: str) -> Progress:
        """Return how far a drill has come."""
        async with self.store.read() as tx:
            found = await handovers.open_for(tx, conversation_id)
            if found is None:
                return Progress("", None, (), None)
            chain = await pages.chain(tx, found.id)
            sent = await pages.of_handovers(tx, [found.id])
        return Progress(
            tier=found.tier,
            queued_at=found.requested_at,
            sent=tuple(Sent(s.means, s.person, s.state, s.error or "", s.sent_at) for s in sent),
            seen_at=found.accepted_at or (chain.seen_at if chain else None),
        )

    async def clear(self, conversation_id: str) -> None:
        """Erase a drill, its words and its key; no other story is ever touched, and none counted.

        What staff did with it stays in the audit, as an id of nobody.
        """
        async with self.store.write() as tx:
            await conversations.conversation(tx, conversation_id, lock=True)
            if not await pages.is_drill(tx, conversation_id):
                return
            await records.cancel(tx, OVER, conversation_id)
            await conversations.forget(tx, conversation_id)
            await records.drop_tracker(tx, conversation_id)
            await events.add(
                tx, conversation_id=None, audience=events.STAFF, kind="queue", at=self.clock()
            )
            await self.keys.erase(conversation_id)

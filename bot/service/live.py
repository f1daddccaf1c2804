# SPDX-License-Identifier: Apache-2.0
"""What must be seen live: every edge polls the events table, so that no broker is needed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from bot.policy.turn import Message
from bot.service.transcript import message_of
from bot.store import conversations, events
from bot.store.database import Database, StoreError
from bot.store.keys import KeyStore

POLL_EVERY = 0.3


@dataclass(frozen=True)
class Event:
    """One thing that happened: `kind` is message, state, queue or flag."""

    id: int
    kind: str
    conversation_id: str | None
    state: str
    message: Message | None


class Live:
    """Follows one conversation, or what concerns staff, from an event number on."""

    def __init__(self, store: Database, keys: KeyStore) -> None:
        self.store = store
        self.keys = keys

    async def after(
        self,
        number: int,
        conversation_id: str | None = None,
        audiences: Sequence[str] = (events.PERSON, events.BOTH),
    ) -> list[Event]:
        """Return what happened after event `number`, oldest first."""
        async with self.store.read() as tx:
            rows = await events.after(
                tx, number, conversation_id=conversation_id, audiences=audiences
            )
            row = await conversations.conversation(tx, conversation_id) if conversation_id else None
        if not rows:
            return []
        state = row.state if row else "ended"
        box = None
        if conversation_id:
            box = await self.keys.held(conversation_id)
            if box is None:
                return []
        found = []
        for r in rows:
            message = message_of(box, r) if box and r.sealed else None
            found.append(Event(r.id, r.kind, r.conversation_id, state, message))
        return found

    async def follow(
        self,
        number: int,
        conversation_id: str | None = None,
        audiences: Sequence[str] = (events.PERSON, events.BOTH),
    ) -> AsyncIterator[Event | None]:
        """Yield each event as it happens; None about every 15 s, so that a dead line is noticed."""
        quiet = 0.0
        while True:
            try:
                found = await self.after(number, conversation_id, audiences)
            except StoreError:
                found = []
            for event in found:
                number = event.id
                yield event
            if found:
                quiet = 0.0
                continue
            await asyncio.sleep(POLL_EVERY)
            quiet += POLL_EVERY
            if quiet >= 15:
                quiet = 0.0
                yield None

    async def newest(self) -> int:
        """Return the number to start following from."""
        async with self.store.read() as tx:
            return await events.newest(tx)

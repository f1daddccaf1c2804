# SPDX-License-Identifier: Apache-2.0
"""How long words live: they go when a conversation closes, unless danger in it waits for review."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.policy.turn import State
from bot.service.ports import Clock
from bot.settings import Settings
from bot.store import conversations, events, handovers, records
from bot.store.database import Database
from bot.store.keys import KeyStore

HELD, GONE, UNKNOWN = "held", "gone", "unknown"


class Retention:
    """Closes, holds and erases."""

    def __init__(self, store: Database, keys: KeyStore, settings: Settings, clock: Clock) -> None:
        self.store, self.keys, self.settings, self.clock = store, keys, settings, clock

    async def run(self) -> dict[str, int]:
        """Close what is due and erase what was kept as long as we said; return how many of each."""
        now = self.clock()
        async with self.store.read() as tx:
            due = await conversations.due_to_close(tx, now)
            old = await records.consents_to_erase(tx, now)
        found = {HELD: 0, GONE: 0, UNKNOWN: 0}
        for conversation_id in due:
            found[await self.close(conversation_id)] += 1
        for consent_id in old:
            await self.keys.erase(consent_id)
            async with self.store.write() as tx:
                await records.drop_consent(tx, consent_id)
        async with self.store.write() as tx:
            await records.drop_calls(tx, now - 3600)
        return {"held": found[HELD], "closed": found[GONE], "consents": len(old)}

    async def close(self, conversation_id: str) -> str:
        """Close a story. A hit nobody has reviewed holds it, 72 hours at most [J]."""
        now = self.clock()
        async with self.store.write() as tx:
            row = await conversations.conversation(tx, conversation_id, lock=True)
            if row is None:
                return UNKNOWN
            oldest = now - self.settings.hit_held_for
            if await handovers.unreviewed(tx, conversation_id, oldest):
                await conversations.revoke_contacts(tx, conversation_id, now)
                await conversations.change(
                    tx, conversation_id, state=State.ENDED, closes_at=now + 300
                )
                return HELD
            day = datetime.fromtimestamp(now, UTC).date().isoformat()
            for name in (f"medium:{row.medium}", f"topic:{row.topic}", f"urgency:{row.urgency}"):
                await records.count(tx, day, name)
            await conversations.forget(tx, conversation_id)
            await records.drop_tracker(tx, conversation_id)
            await events.add(tx, conversation_id=None, audience=events.STAFF, kind="queue", at=now)
        await self.keys.erase(conversation_id)
        return GONE

    async def ask_to_erase(self, conversation_id: str) -> str:
        """Do what a person asked: erase within the minute, or say that a hit holds it."""
        now = self.clock()
        async with self.store.write() as tx:
            if await handovers.unreviewed(tx, conversation_id, now - self.settings.hit_held_for):
                return HELD
            # The last words must still reach the person: the sweep erases a minute from now.
            await conversations.change(tx, conversation_id, closes_at=now + 60)
            return GONE

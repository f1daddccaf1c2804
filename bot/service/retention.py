# SPDX-License-Identifier: Apache-2.0
"""How long words live: they go when a conversation closes, unless danger in it waits for review."""

from __future__ import annotations

import logging
from collections.abc import Awaitable
from datetime import UTC, datetime

from bot.policy.turn import State
from bot.service.ports import Clock
from bot.settings import Settings
from bot.store import conversations, events, handovers, leftovers, records
from bot.store.database import Database
from bot.store.keys import KeyStore

log = logging.getLogger(__name__)
# The last words must still reach the person, and the sweep comes every 15 s: within a minute.
ERASES_AFTER = 40.0
HELD, GONE, UNKNOWN, FAILED = "held", "gone", "unknown", "failed"


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
        found = {HELD: 0, GONE: 0, UNKNOWN: 0, FAILED: 0}
        for conversation_id in due:
            found[await _safely(self.close(conversation_id), conversation_id)] += 1
        for consent_id in old:
            found[FAILED] += await _safely(self._drop_consent(consent_id), consent_id) == FAILED
        async with self.store.write() as tx:
            await records.drop_calls(tx, now - 3600)
            await leftovers.drop(tx, now)
        done = {"held": found[HELD], "closed": found[GONE], "consents": len(old)}
        return done | ({"failed": found[FAILED]} if found[FAILED] else {})

    async def _drop_consent(self, consent_id: str) -> str:
        await self.keys.erase(consent_id)
        async with self.store.write() as tx:
            await records.drop_consent(tx, consent_id)
        return GONE

    async def close(self, conversation_id: str) -> str:
        """Close a story. A hit nobody has reviewed holds it, 72 hours at most [J]."""
        now = self.clock()
        async with self.store.write() as tx:
            row = await conversations.conversation(tx, conversation_id, lock=True)
            if row is None:
                return UNKNOWN
            oldest = now - self.settings.hit_held_for
            if await handovers.unreviewed(tx, conversation_id, oldest):
                if row.closes_at > now:
                    return HELD  # they asked for it to be erased, and may still need us
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
            # Before the rows are gone for good: a key left behind would be found by no sweep.
            await self.keys.erase(conversation_id)
        return GONE

    async def ask_to_erase(self, conversation_id: str) -> str:
        """Do what a person asked: erase within the minute, or say that a hit holds it.

        Nothing said or done later puts it off; a hit does until it is reviewed.
        """
        now = self.clock()
        async with self.store.write() as tx:
            row = await conversations.conversation(tx, conversation_id, lock=True)
            if row is not None and row.erase_at is None:
                await conversations.change(tx, conversation_id, erase_at=now + ERASES_AFTER)
            held = await handovers.unreviewed(tx, conversation_id, now - self.settings.hit_held_for)
        return HELD if held else GONE


async def _safely(work: Awaitable[str], subject: str) -> str:
    """Return what came of one piece of the sweep; one that fails is left for the next sweep."""
    try:
        return await work
    except Exception as problem:
        log.error("retention failed", extra={"id": subject, "error": type(problem).__name__})
        return FAILED

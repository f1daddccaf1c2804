# SPDX-License-Identifier: Apache-2.0
"""The dialogue engine's own memory of each conversation, encrypted and versioned."""

from __future__ import annotations

from contextvars import ContextVar

from bot.store import records
from bot.store.database import Database
from bot.store.keys import Box, KeyStore

# What the turn under way was opened with: it ends with the turn's own task, so no key stays here.
_opened: ContextVar[tuple[str, Box] | None] = ContextVar("opened", default=None)


class TrackerRows:
    """Reads and writes trackers. A version that moved on meanwhile is never written over."""

    def __init__(self, store: Database, keys: KeyStore) -> None:
        self.store, self.keys = store, keys

    async def get(self, conversation_id: str) -> tuple[int, bytes] | None:
        """Return the version and bytes of a tracker, None when there is none."""
        async with self.store.read() as tx:
            found = await records.tracker(tx, conversation_id)
        if found is None:
            return None
        box = await self.keys.box(conversation_id)
        _opened.set((conversation_id, box))
        return found[0], box.open_bytes(found[1])

    async def put(self, conversation_id: str, body: bytes, expected_version: int) -> bool:
        """Keep a tracker over the version it was read at (0: none yet); False when it moved on.

        A key erased since then is no danger: the row went with it, so the version moved on.
        """
        read = _opened.get()
        if expected_version and read and read[0] == conversation_id:
            box = read[1]
        else:
            box = await self.keys.box(conversation_id)
        async with self.store.write() as tx:
            return await records.keep_tracker(
                tx, conversation_id, box.seal_bytes(body), expected_version
            )

    async def delete(self, conversation_id: str) -> None:
        """Forget a tracker."""
        async with self.store.write() as tx:
            await records.drop_tracker(tx, conversation_id)

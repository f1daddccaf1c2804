# SPDX-License-Identifier: Apache-2.0
"""What is remembered of a call while it lasts, by name: how far its ringing is, where it stands.

Each is sealed with the key of the call's story, and gone with it, or an hour later.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from bot.service.ports import Clock
from bot.store import calls
from bot.store.database import Database
from bot.store.keys import KeyStore

Kept = TypeVar("Kept")


class Held(Generic[Kept]):
    """One thing that is remembered of each call.

    `plain` makes of it what can be sealed, `read` makes it again.
    """

    def __init__(
        self, store: Database, keys: KeyStore, clock: Clock, name: str,
        plain: Callable[[Kept], Any], read: Callable[[Any], Kept],
    ) -> None:  # fmt: skip
        self.store, self.keys, self.clock, self.name = store, keys, clock, name
        self._plain, self._read = plain, read

    async def of(self, call_hash: str, story: str) -> Kept | None:
        """Return it as it is now, None where nothing is remembered."""
        async with self.store.read() as tx:
            sealed = await calls.held(tx, call_hash, self.name)
        found = await self.keys.opened(story, sealed) if sealed else None
        return None if found is None else self._read(found)

    async def change(
        self, call_hash: str, story: str, change: Callable[[Kept | None], Kept | None]
    ) -> tuple[Kept | None, Kept | None]:
        """Change it in one transaction and return what it was and what was made of it.

        `change` returns None to leave it as it is; of a story that was erased nothing is known.
        """
        box = await self.keys.held(story)
        if box is None:
            return None, None
        async with self.store.write() as tx:
            sealed = await calls.held(tx, call_hash, self.name, lock=True)
            before = self._read(box.open(sealed)) if sealed else None
            after = change(before)
            if after is not None and after != before:
                plain = box.seal(self._plain(after))
                await calls.hold(tx, call_hash, self.name, plain, self.clock())
        return before, after

# SPDX-License-Identifier: Apache-2.0
"""Numbers that wrote STOP: nothing is texted to them again, whatever else was agreed, for ever.

Kept is a keyed hash. Under a new service key the old hashes still count for as long as the old
key is in FINGERPOST_SECRET_KEYS.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence

from bot.service.ports import Clock
from bot.settings import derive
from bot.store import stopped
from bot.store.database import Database


def hashed(key: bytes, sender: str, purpose: str = "") -> str:
    """Return what is kept of a number that texts come from: a keyed hash, of its own by purpose."""
    said = f"{purpose} {sender}" if purpose else sender
    return hmac.new(key, said.encode(), hashlib.sha256).hexdigest()


class Stopped:
    """Keeps and looks up who wants no text messages. A number is written like +44..."""

    def __init__(self, store: Database, secrets: Sequence[str], clock: Clock) -> None:
        self.store, self.clock = store, clock
        self._keys = [derive(secret, "texts stopped") for secret in secrets]

    async def has(self, number: str) -> bool:
        """Say whether a number wants no texts."""
        async with self.store.read() as tx:
            return await stopped.has(tx, self._hashes(number))

    async def keep(self, number: str) -> None:
        """Keep that a number wants no texts."""
        async with self.store.write() as tx:
            await stopped.keep(tx, self._hashes(number)[0], self.clock())

    async def forget(self, number: str) -> None:
        """Forget it: they asked for texts again."""
        async with self.store.write() as tx:
            await stopped.forget(tx, self._hashes(number))

    def _hashes(self, number: str) -> list[str]:
        """Return the number's hash under each key, the one that counts now first."""
        return [hashed(key, number) for key in self._keys]

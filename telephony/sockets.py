# SPDX-License-Identifier: Apache-2.0
"""Where a call on a socket stands, kept, so that the <Gather> loop can go on from there.

One socket a call, ever: the signature of a handshake fits every call, so that a socket opened
again would let whoever saw one frame speak as the caller.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace

from bot.service.ports import Clock
from bot.store.database import Database
from bot.store.keys import KeyStore
from telephony.held import Held

NAME = "relay"


@dataclass(frozen=True)
class Stand:
    """`word` is where the next turn goes, "" before the first words; `over`: the socket ended."""

    word: str = ""
    over: bool = False


class Sockets:
    """Keeps where each call on a socket stands."""

    def __init__(self, store: Database, keys: KeyStore, clock: Clock) -> None:
        self._held = Held(store, keys, clock, NAME, asdict, lambda found: Stand(**found))

    async def claim(self, call_hash: str, story: str) -> bool:
        """Say whether this is the first socket of the call; from now on it is not."""
        return await self._change(call_hash, story, lambda was: Stand() if was is None else None)

    async def move(self, call_hash: str, story: str, word: str) -> bool:
        """Keep where the call stands now; False when the call is no longer on its socket."""

        def moved(was: Stand | None) -> Stand | None:
            return Stand(word) if was is not None and not was.over else None

        return await self._change(call_hash, story, moved)

    async def stands(self, call_hash: str, story: str) -> bool:
        """Say whether the call is still on its socket."""
        stand = await self._held.of(call_hash, story)
        return stand is not None and not stand.over

    async def close(self, call_hash: str, story: str) -> str:
        """End the socket's part of the call and return where it stood, "" before any words."""
        before, _ = await self._held.change(
            call_hash, story, lambda was: replace(was or Stand(), over=True)
        )
        return before.word if before else ""

    async def _change(
        self, call_hash: str, story: str, change: Callable[[Stand | None], Stand | None]
    ) -> bool:
        _, after = await self._held.change(call_hash, story, change)
        return after is not None

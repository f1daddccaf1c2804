# SPDX-License-Identifier: Apache-2.0
"""Where a call on a socket stands, kept, so that the <Gather> loop can go on from there.

One socket a call, ever: the signature of a handshake fits every call, so that a socket opened
again would let whoever saw one frame speak as the caller.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass

from bot.service.ports import Clock
from bot.store import calls
from bot.store.database import Database
from bot.store.keys import KeyStore

NAME = "relay"


@dataclass(frozen=True)
class Stand:
    """`word` is where the next turn goes, "" before the first words; `over`: the socket ended."""

    word: str = ""
    over: bool = False


class Sockets:
    """Keeps where each call on a socket stands."""

    def __init__(self, store: Database, keys: KeyStore, clock: Clock) -> None:
        self.store, self.keys, self.clock = store, keys, clock

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
        async with self.store.read() as tx:
            sealed = await calls.held(tx, call_hash, NAME)
        stand = None if sealed is None else await self.keys.opened(story, sealed)
        return stand is not None and not stand["over"]

    async def close(self, call_hash: str, story: str) -> str:
        """End the socket's part of the call and return where it stood, "" before any words."""
        stood = Stand()

        def over(was: Stand | None) -> Stand:
            nonlocal stood
            stood = was or Stand()
            return Stand(stood.word, over=True)

        await self._change(call_hash, story, over)
        return stood.word

    async def _change(
        self, call_hash: str, story: str, change: Callable[[Stand | None], Stand | None]
    ) -> bool:
        box = await self.keys.held(story)
        if box is None:
            return False
        async with self.store.write() as tx:
            sealed = await calls.held(tx, call_hash, NAME, lock=True)
            after = change(Stand(**box.open(sealed)) if sealed else None)
            if after is not None:
                await calls.hold(tx, call_hash, NAME, box.seal(asdict(after)), self.clock())
        return after is not None

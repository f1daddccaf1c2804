# SPDX-License-Identifier: Apache-2.0
"""One answer for each address of each call: a retry hears the same, and nobody ever waits long.

Twilio posts again when it is in doubt, and gives up after 15 s. What was answered is kept, sealed
with the story's own key; what takes too long or fails is answered with the fallback words.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from weakref import WeakValueDictionary

from bot.service.ports import Clock
from bot.store import records
from bot.store.database import Database, StoreError
from bot.store.keys import KeyStore
from telephony.beside import Beside

log = logging.getLogger(__name__)
WITHIN = 4.7
"""Seconds for an answer; the turn itself has 4, and the person hears something within 5."""
REMEMBERED = 1000

Find = Callable[[], Awaitable[str | None]]
Make = Callable[[], Awaitable[str]]


class Answers:
    """Makes each answer once."""

    def __init__(self, store: Database, keys: KeyStore, clock: Clock) -> None:
        self.store, self.keys, self.clock = store, keys, clock
        self._locks: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()
        # Fallback words given while the database was away. They hold nothing of anybody.
        self._fallen: OrderedDict[tuple[str, str], str] = OrderedDict()
        self._beside = Beside()

    async def once(
        self, call_hash: str, address: str, find: Find, make: Make, fallback: str
    ) -> str:
        """Return the answer for an address. `find` gives the id of the story that seals it."""
        at = (call_hash, address)
        if at in self._fallen:
            return self._fallen[at]
        task = self._beside.begin(self._once(at, find, make))
        await asyncio.wait({task}, timeout=WITHIN)
        if task.done() and task.exception() is None:
            return task.result()
        if task.done():
            name = type(task.exception()).__name__
            log.error("a call was answered with the fallback words", extra={"error": name})
        else:
            log.warning("a call was answered late")
            task.add_done_callback(lambda done: done.cancelled() or done.exception())
        self._fallen[at] = fallback
        while len(self._fallen) > REMEMBERED:
            self._fallen.popitem(last=False)
        return fallback

    async def kept(self, call_hash: str, address: str, find: Find) -> str | None:
        """Return what an address was answered, once that is done; None if it was not."""
        at = (call_hash, address)
        async with self._locks.setdefault(at, asyncio.Lock()):
            return self._fallen.get(at) or await self._kept(at, find)

    async def _once(self, at: tuple[str, str], find: Find, make: Make) -> str:
        lock = self._locks.setdefault(at, asyncio.Lock())
        async with lock:
            known = await self._kept(at, find)
            if known is not None:
                return known
            text = await make()
            try:
                return await self._keep(at, find, text)
            except StoreError:
                return text

    async def _kept(self, at: tuple[str, str], find: Find) -> str | None:
        story = await find()
        if story is None:
            return None
        async with self.store.read() as tx:
            sealed = await records.call_answer(tx, *at)
        return await self.keys.opened(story, sealed) if sealed else None

    async def _keep(self, at: tuple[str, str], find: Find, text: str) -> str:
        """Keep an answer and return the one that counts: another edge may have been first."""
        story = await find()
        if story is None:
            return text
        box = await self.keys.held(story)
        if box is None:
            return text
        async with self.store.write() as tx:
            await records.keep_call_answer(tx, *at, box.seal(text), self.clock())
            first = await records.call_answer(tx, *at)
        return box.open(first) if first else text

    async def close(self) -> None:
        """Let what is under way end; what does not is in the store and goes on from there."""
        await self._beside.close()

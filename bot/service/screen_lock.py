# SPDX-License-Identifier: Apache-2.0
"""The lock of a console: nobody passing by reads on, and nobody in a conversation is dropped.

A locked session shows no word and does nothing, but it still counts as there: whoever its worker
talks with stays theirs. Five wrong PINs end the session, for then it is somebody else's hand.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from bot.service.accounts import Accounts, Worker
from bot.service.ports import Clock, ConversationError
from bot.store import conversations, handovers, staff
from bot.store.database import Database

TRIES = 5


@dataclass(frozen=True)
class News:
    """What a locked console may say: how many wait, whom its worker has, how often they wrote."""

    waiting: int
    has_somebody: bool
    wrote: int = 0


class ScreenLock:
    """Locks a session and opens it again."""

    def __init__(self, store: Database, accounts: Accounts, clock: Clock) -> None:
        self.store, self.accounts, self.clock = store, accounts, clock

    async def lock(self, token: str, worker: Worker) -> None:
        """Lock one session; the worker's other sessions are theirs to lock."""
        async with self.store.write() as tx:
            await staff.lock(tx, _hash(token), self.clock())
            await staff.note(tx, worker.id, "lock", worker.id, self.clock())

    async def unlock(self, token: str, worker: Worker, word: str) -> None:
        """Open a session by PIN, or by password where the account has no PIN.

        Raises `wrong_pin`, and `signed_out` once five tries have ended the session.
        """
        async with self.store.write() as tx:
            tries = await staff.try_to_unlock(tx, _hash(token))
            if tries >= TRIES:  # this one may still be right
                await staff.note(tx, worker.id, "unlock_tries", worker.id, self.clock())
            found = await staff.find(tx, id=worker.id)
        right = tries <= TRIES and await self.accounts.knows(found, word)
        async with self.store.write() as tx:
            if right:
                await staff.lock(tx, _hash(token), None)
                await staff.note(tx, worker.id, "unlock", worker.id, self.clock())
            elif tries >= TRIES:
                await staff.close_session(tx, _hash(token))
        if not right:
            raise ConversationError("signed_out" if tries >= TRIES else "wrong_pin")

    async def news(self, worker: Worker) -> News:
        """Return what may be said on a locked screen: numbers, never a word."""
        async with self.store.read() as tx:
            rows = await handovers.waiting(tx)
            waiting = sum(r.state == handovers.WAITING for r in rows)
            mine = [
                r.conversation_id
                for r in rows
                if r.worker_id == worker.id and r.state == handovers.TAKEN
            ]
            since = worker.locked_at or self.clock()
            wrote = await conversations.turns_since(tx, mine, since)
        return News(waiting, bool(mine), wrote)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()

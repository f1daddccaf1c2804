# SPDX-License-Identifier: Apache-2.0
"""Staff accounts: made on the command line, opened once by a link, guarded against guessing."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error

from bot.service.ports import Clock, ConversationError
from bot.store import staff
from bot.store.database import Database

ROLES = ("worker", "supervisor", "safeguarding", "dpo", "reports", "admin")
SETUP_LASTS = 48 * 3600.0
SESSION_LASTS = 12 * 3600.0
TRIES = 5
LOCKED_FOR = 15 * 60.0
SHORTEST_PASSWORD = 12
# Keys that mean danger, or that a frightened hand hits: never a PIN.
BAD_PINS = ("0000", "1111", "1234", "9999", "5555")


@dataclass(frozen=True)
class Worker:
    """A signed-in member of staff."""

    id: str
    name: str
    role: str
    available: bool
    csrf: str


def _hash(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()


class Accounts:
    """Makes accounts and signs staff in and out."""

    def __init__(self, store: Database, clock: Clock) -> None:
        self.store, self.clock = store, clock
        self.hasher = PasswordHasher()

    async def add(self, name: str, role: str) -> str:
        """Make an account, or a new link for one, and return the one-time set-up word."""
        if role not in ROLES:
            raise ConversationError("unknown_role")
        word = secrets.token_urlsafe(24)
        setup = {"setup_hash": _hash(word), "setup_expires_at": self.clock() + SETUP_LASTS}
        async with self.store.write() as tx:
            known = await staff.find(tx, name=name)
            if known is None:
                await staff.add(tx, id=str(uuid.uuid4()), name=name, role=role, **setup)
            else:
                await staff.change(tx, known.id, role=role, **setup)
        return word

    async def set_up(self, word: str, password: str, pin: str) -> str:
        """Set the password and telephone PIN by a set-up word; return the account's name."""
        if len(password) < SHORTEST_PASSWORD:
            raise ConversationError("short_password")
        if not (pin.isdigit() and 4 <= len(pin) <= 8) or pin in BAD_PINS:
            raise ConversationError("bad_pin")
        async with self.store.write() as tx:
            found = await staff.find(tx, setup_hash=_hash(word))
            if found is None or found.setup_expires_at < self.clock():
                raise ConversationError("unknown")
            await staff.change(
                tx,
                found.id,
                password_hash=self.hasher.hash(password),
                pin_hash=self.hasher.hash(pin),
                setup_hash=None,
                failed=0,
                locked_until=0.0,
            )
            await staff.close_sessions(tx, found.id)
            await staff.note(tx, found.id, "set_up", found.id, self.clock())
        return found.name

    async def sign_in(self, name: str, password: str) -> str:
        """Return a session's token; `refused` never says which part was wrong."""
        now = self.clock()
        async with self.store.read() as tx:
            found = await staff.find(tx, name=name)
        if found is None or not found.password_hash:
            self.hasher.hash(password)  # as slow as a real check: names cannot be guessed by time
            raise ConversationError("refused")
        if found.locked_until > now:
            raise ConversationError("locked")
        good = self._verify(found.password_hash, password)
        async with self.store.write() as tx:
            if not good:
                failed = found.failed + 1
                locked = now + LOCKED_FOR if failed >= TRIES else 0.0
                await staff.change(
                    tx, found.id, failed=0 if locked else failed, locked_until=locked
                )
                await staff.note(tx, found.id, "refused", found.id, now)
            else:
                token = secrets.token_urlsafe(32)
                await staff.change(tx, found.id, failed=0)
                await staff.open_session(
                    tx,
                    token_hash=_hash(token),
                    staff_id=found.id,
                    csrf=secrets.token_urlsafe(24),
                    expires_at=now + SESSION_LASTS,
                )
                await staff.note(tx, found.id, "sign_in", found.id, now)
        if not good:
            raise ConversationError("refused")
        return token

    async def worker(self, token: str) -> Worker | None:
        """Return who holds this session, and mark their console as open."""
        async with self.store.read() as tx:
            found = await staff.session(tx, _hash(token), self.clock())
        if found is None:
            return None
        return Worker(found.id, found.name, found.role, found.available, found.csrf)

    async def seen(self, worker_id: str) -> None:
        """Mark a console as open now."""
        async with self.store.write() as tx:
            await staff.change(tx, worker_id, seen_at=self.clock())

    async def set_available(self, worker_id: str, available: bool) -> None:
        """Mark a worker as taking people, or not."""
        async with self.store.write() as tx:
            await staff.change(tx, worker_id, available=available, seen_at=self.clock())
            await staff.note(tx, worker_id, f"available_{available}", worker_id, self.clock())

    async def sign_out(self, worker_id: str) -> None:
        """Sign a worker out everywhere."""
        async with self.store.write() as tx:
            await staff.close_sessions(tx, worker_id)
            await staff.change(tx, worker_id, available=False)
            await staff.note(tx, worker_id, "sign_out", worker_id, self.clock())

    async def by_pin(self, pin: str) -> str | None:
        """Return the worker whose telephone PIN this is, None when it is nobody's."""
        async with self.store.read() as tx:
            everybody = await staff.everybody(tx)
        for row in everybody:
            if row.pin_hash and self._verify(row.pin_hash, pin):
                return row.id
        return None

    def _verify(self, hashed: str, value: str) -> bool:
        try:
            return self.hasher.verify(hashed, value)
        except Argon2Error:
            return False

# SPDX-License-Identifier: Apache-2.0
"""Staff accounts: made on the command line, opened once by a link, guarded against guessing."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import uuid
from dataclasses import dataclass
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from bot.policy.roles import ROLES as ROLES
from bot.policy.roles import May, may
from bot.service.pins import Pins, may_be
from bot.service.ports import Clock, ConversationError
from bot.service.second_factor import Offered, SecondFactor
from bot.store import handovers, records, staff
from bot.store.database import Database

SETUP_LASTS, SESSION_LASTS = 48 * 3600.0, 12 * 3600.0
TRIES, LOCKED_FOR = 5, 15 * 60.0
SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 200
AT_ONCE = 2  # hashing is slow and hungry on purpose: guessing must starve nobody


@dataclass(frozen=True)
class Worker:
    """A signed-in member of staff. `second`: they showed a second factor; `locked`: by a PIN."""

    id: str
    name: str
    role: str
    available: bool
    csrf: str
    second: bool = False
    locked_at: float | None = None

    @property
    def locked(self) -> bool:
        """Say whether it shows nothing until the PIN is given."""
        return self.locked_at is not None


@dataclass(frozen=True)
class Invited:
    """Whom a set-up link is for, whether they need a PIN, and the second factor offered."""

    name: str
    role: str
    needs_pin: bool
    second: Offered


def _hash(value: str) -> str:
    return hashlib.sha256(value.encode("utf-8", "replace")).hexdigest()


class Accounts:
    """Makes accounts and signs staff in and out."""

    def __init__(
        self, store: Database, second: SecondFactor, pins: Pins, clock: Clock
    ) -> None:
        self.store, self.second, self.pins, self.clock = store, second, pins, clock
        self.hasher = PasswordHasher()
        self._turns = asyncio.Semaphore(AT_ONCE)

    # -- accounts ----------------------------------------------------------------------------

    async def add(self, name: str, role: str) -> str:
        """Make an account, or a new link for one, and return the one-time set-up word."""
        name = " ".join(name.split())
        if role not in ROLES:
            raise ConversationError("unknown_role")
        if not name or len(name) > 80:
            raise ConversationError("bad_name")
        word = secrets.token_urlsafe(24)
        setup = {"setup_hash": _hash(word), "setup_expires_at": self.clock() + SETUP_LASTS}
        async with self.store.write() as tx:
            known = await staff.find(tx, name=name)
            if known is None:
                await staff.add(tx, id=str(uuid.uuid4()), name=name, role=role, **setup)
            else:
                # Whoever may no longer take people must not be counted as there for them.
                stays = known.available and may(role, May.TAKE)
                await staff.change(tx, known.id, role=role, available=stays, **setup)
        return word

    async def invited(self, word: str) -> Invited:
        """Return whom a set-up word is for; `unknown` when it was used, is old or never was."""
        async with self.store.read() as tx:
            found = await self._invited(tx, word)
        offered = self.second.offered(word, found.name)
        return Invited(found.name, found.role, may(found.role, May.TAKE), offered)

    async def set_up(self, word: str, password: str, pin: str = "", code: str = "") -> str:
        """Set password, PIN and second factor by a set-up word, and return the account's name.

        Without a `code` the account has no second factor; one it had is gone.
        """
        invited = await self.invited(word)
        used = self.second.step(invited.second.key, code) if code else None
        if code and used is None:
            raise ConversationError("bad_code")
        if len(password) < SHORTEST_PASSWORD:
            raise ConversationError("short_password")
        if len(password) > LONGEST_PASSWORD or password.casefold() == invited.name.casefold():
            raise ConversationError("bad_password")
        pin_hash = await self._new_pin(pin, invited.name) if invited.needs_pin else None
        password_hash = await self._hashed(password)
        async with self.store.read() as tx:
            found = await self._invited(tx, word)
        kept = await self.second.seal(found.id, invited.second.key) if code else None
        async with self.store.write() as tx:
            found = await self._invited(tx, word)
            await staff.change(
                tx,
                found.id,
                password_hash=password_hash,
                pin_hash=pin_hash,
                second_factor=kept,
                second_used=used,
                setup_hash=None,
                failed=0,
                locked_until=0.0,
            )
            await staff.close_sessions(tx, found.id)
            await staff.note(tx, found.id, "set_up", found.id, self.clock())
        return found.name

    async def _invited(self, tx: Any, word: str) -> Any:
        found = await staff.find(tx, setup_hash=_hash(word))
        if found is None or found.setup_expires_at < self.clock():
            raise ConversationError("unknown")
        return found

    async def _new_pin(self, pin: str, name: str) -> str:
        """Return what is kept of a new PIN; on the telephone it alone says who somebody is."""
        if not may_be(pin):
            raise ConversationError("bad_pin")
        async with self.store.read() as tx:
            others = [row for row in await staff.everybody(tx) if row.name != name]
        if self._whose(others, pin):
            raise ConversationError("bad_pin")
        return self.pins.kept(pin)

    # -- signing in --------------------------------------------------------------------------

    async def sign_in(self, name: str, password: str, code: str = "") -> str:
        """Return a session's token; `refused` never says which part was wrong."""
        found = await self._try(" ".join(name.split()))
        locked = found is not None and found.locked_until > self.clock()
        if found is None or not found.password_hash or locked:
            # As slow as a real check: time tells no names, and nothing tells a guesser who goes
            # on while the account is locked that they are right.
            await self._hashed(password)
            raise ConversationError("refused")
        if not await self._verify(found.password_hash, password):
            raise ConversationError("refused")
        used = await self._second(found, code)
        now, token = self.clock(), secrets.token_urlsafe(32)
        there = (found.seen_at or 0.0) >= now - staff.SEEN_WITHIN
        async with self.store.write() as tx:
            # Available is said anew each shift: yesterday's switch promises nobody a person.
            available = found.available and there
            if used is not None and not await staff.use_code(tx, found.id, used):
                raise ConversationError("refused")  # the same digits, a moment ago
            await staff.change(tx, found.id, failed=0, locked_until=0.0, available=available)
            await staff.open_session(
                tx,
                token_hash=_hash(token),
                staff_id=found.id,
                csrf=secrets.token_urlsafe(24),
                expires_at=now + SESSION_LASTS,
                second=used is not None,
            )
            await staff.note(tx, found.id, "sign_in", found.id, now)
        return token

    async def _second(self, found: Any, code: str) -> int | None:
        """Return the half minute of the right digits, None for an account that has none."""
        if found.second_factor is None:
            return None
        key = await self.second.opened(found.id, found.second_factor)
        used = self.second.step(key, code, found.second_used) if key else None
        if used is None:
            raise ConversationError("refused")
        return used

    async def _try(self, name: str) -> Any:
        """Count a try before it is checked, so that a hundred at once are a hundred tries.

        The row returned is as it was before: a locked account is locked for the right password
        too, and a right one gives the tries back.
        """
        now = self.clock()
        async with self.store.write() as tx:
            found = await staff.find(tx, name=name)
            if found is None or found.locked_until > now:
                return found
            failed = found.failed + 1
            lock = {"failed": 0, "locked_until": now + LOCKED_FOR} if failed >= TRIES else {}
            await staff.change(tx, found.id, **({"failed": failed} | lock))
            await staff.note(tx, found.id, "sign_in_try", found.id, now)
        return found

    async def worker(self, token: str) -> Worker | None:
        """Return who holds this session, None when nobody does (any more)."""
        async with self.store.read() as tx:
            found = await staff.session(tx, _hash(token), self.clock())
        if found is None:
            return None
        known = (found.id, found.name, found.role, found.available, found.csrf)
        return Worker(*known, found.second, found.locked_at)

    async def sign_out(self, worker_id: str) -> None:
        """Sign a worker out everywhere; whom they still had at the console waits again at once."""
        now = self.clock()
        async with self.store.write() as tx:
            theirs = await handovers.taken_by(tx, worker_id)
            await records.bring_forward(tx, "worker_gone", theirs, now)
            await staff.close_sessions(tx, worker_id)
            await staff.change(tx, worker_id, available=False, seen_at=None)
            await staff.note(tx, worker_id, "sign_out", worker_id, now)

    # -- being there -------------------------------------------------------------------------

    async def seen(self, worker_id: str) -> None:
        """Mark a console as open now."""
        async with self.store.write() as tx:
            await staff.change(tx, worker_id, seen_at=self.clock())

    async def set_available(self, worker_id: str, available: bool) -> None:
        """Mark a worker as taking people, or not; whoever waits is told how it stands now."""
        now = self.clock()
        async with self.store.write() as tx:
            await staff.change(tx, worker_id, available=available, seen_at=now)
            await staff.note(tx, worker_id, f"available_{available}", worker_id, now)
            await records.hurry(tx, "waiting", now)

    async def everybody(self) -> list[Any]:
        """Return every account, for whoever looks after them."""
        async with self.store.read() as tx:
            return list(await staff.everybody(tx))

    async def names(self) -> dict[str, str]:
        """Return each account's name by its id."""
        async with self.store.read() as tx:
            return {row.id: row.name for row in await staff.everybody(tx)}

    async def there(self) -> list[str]:
        """Return the names of those who are available and have a console open now."""
        now = self.clock()
        async with self.store.read() as tx:
            rows = await staff.everybody(tx)
        return [
            row.name
            for row in rows
            if row.available and (row.seen_at or 0.0) >= now - staff.SEEN_WITHIN
        ]

    async def by_pin(self, pin: str) -> str | None:
        """Return the worker whose telephone PIN this is, None when it is nobody's."""
        async with self.store.read() as tx:
            rows = [row for row in await staff.everybody(tx) if may(row.role, May.TAKE)]
        return self._whose(rows, pin)

    async def knows(self, found: Any, word: str) -> bool:
        """Say whether this is the account's PIN, or its password where it has no PIN."""
        if found and found.pin_hash:
            return self.pins.fits(word, found.pin_hash)
        return bool(found and found.password_hash) and await self._verify(found.password_hash, word)

    def _whose(self, rows: list[Any], pin: str) -> str | None:
        return next((row.id for row in rows if self.pins.fits(pin, row.pin_hash)), None)

    # -- hashing, beside the event loop: it takes a tenth of a second and people are waiting ---

    async def _hashed(self, value: str) -> str:
        async with self._turns:
            return await asyncio.to_thread(self.hasher.hash, value)

    async def _verify(self, hashed: str, value: str) -> bool:
        try:
            async with self._turns:
                return await asyncio.to_thread(self.hasher.verify, hashed, value)
        except (Argon2Error, InvalidHashError):
            return False

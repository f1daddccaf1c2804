# SPDX-License-Identifier: Apache-2.0
"""The key of each conversation, in a store of its own, so that erasing a key erases its words.

No cache: a key that was erased is gone for every process at its next word.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import time
from collections.abc import Sequence
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import bindparam, delete, insert, select

from bot.settings import Settings, SettingsError, derive
from bot.store.database import Database
from bot.store.schema import keys

log = logging.getLogger(__name__)
_WRAPPED = select(keys.c.wrapped).where(keys.c.subject == bindparam("whose"))


class KeyGone(Exception):
    """The words asked for were erased, or were never here."""


class Box:
    """Seals and opens what belongs to one subject. AES-GCM; the subject's id is authenticated."""

    def __init__(self, subject: str, key: bytes) -> None:
        self._cipher = AESGCM(key)
        self._subject = subject.encode()

    def seal(self, value: Any) -> bytes:
        """Return `value` (anything JSON can hold) encrypted."""
        return self.seal_bytes(json.dumps(value, ensure_ascii=False).encode())

    def open(self, sealed: bytes) -> Any:
        """Return what was sealed, or raise KeyGone if this is not its key."""
        return json.loads(self.open_bytes(sealed))

    def seal_bytes(self, value: bytes) -> bytes:
        nonce = os.urandom(12)
        return nonce + self._cipher.encrypt(nonce, value, self._subject)

    def open_bytes(self, sealed: bytes) -> bytes:
        try:
            return self._cipher.decrypt(sealed[:12], sealed[12:], self._subject)
        except InvalidTag:
            raise KeyGone("sealed under another key") from None


class KeyStore:
    """Makes, finds and erases keys. The first service key wraps; any of them unwraps."""

    def __init__(self, database: Database, secrets: Sequence[str]) -> None:
        self.database = database
        self._wrappers = [AESGCM(derive(s, "wrap")) for s in secrets]

    async def make(self, subject: str) -> Box:
        """Make the key of a new subject and return its box."""
        key = AESGCM.generate_key(256)
        nonce = os.urandom(12)
        wrapped = nonce + self._wrappers[0].encrypt(nonce, key, subject.encode())
        async with self.database.write() as connection:
            await connection.execute(
                insert(keys).values(subject=subject, wrapped=wrapped, made_at=time.time())
            )
        return Box(subject, key)

    async def box(self, subject: str) -> Box:
        """Return the box of a subject, or raise KeyGone."""
        async with self.database.read() as connection:
            wrapped = (await connection.execute(_WRAPPED, {"whose": subject})).scalar()
        if not wrapped:
            raise KeyGone("no key")
        return self._unwrapped(subject, wrapped)

    async def held(self, subject: str) -> Box | None:
        """Return the box of a subject, None once its key is gone: it is being erased."""
        try:
            return await self.box(subject)
        except KeyGone:
            return None

    async def opened(self, subject: str, sealed: bytes) -> Any:
        """Return what was sealed for a subject, None once its key is gone."""
        box = await self.held(subject)
        return None if box is None else box.open(sealed)

    def _unwrapped(self, subject: str, wrapped: bytes) -> Box:
        for wrapper in self._wrappers:
            try:
                return Box(subject, wrapper.decrypt(wrapped[:12], wrapped[12:], subject.encode()))
            except InvalidTag:
                continue
        raise KeyGone("wrapped by another service key")

    async def fits(self) -> bool:
        """Say whether the service keys open anything of what is kept; True when nothing is."""
        async with self.database.read() as connection:
            rows = (await connection.execute(select(keys.c.subject, keys.c.wrapped))).all()
        for subject, wrapped in rows:
            with contextlib.suppress(KeyGone):
                self._unwrapped(subject, wrapped)
                return True
        return not rows

    async def erase(self, subject: str) -> None:
        """Forget the key: what it sealed can never be read again, here or in a data backup."""
        async with self.database.write() as connection:
            await connection.execute(delete(keys).where(keys.c.subject == subject))
        if not await self.database.settle():
            # Somebody reads just now; the next erasure, or the service's end, takes this one along.
            log.warning("an erased key still stands in the key store's log")


async def check_service_key(settings: Settings) -> None:
    """Raise SettingsError if the service key opens nothing of what is kept: it is not its key."""
    store = KeyStore(Database(settings.keys_url), settings.secret_keys)
    try:
        if not await store.fits():
            raise SettingsError(
                [
                    "The service key does not open what is kept. Put the FINGERPOST_SECRET_KEYS "
                    f"it was kept under back, or the backup of {settings.var / 'secret.key'}."
                ]
            )
    finally:
        await store.database.close()

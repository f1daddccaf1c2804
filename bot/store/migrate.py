# SPDX-License-Identifier: Apache-2.0
"""Brings both stores to the newest shape. Only `fingerpost up` (and tests) call this."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from bot.settings import Settings
from bot.store import (  # noqa: F401 - their tables belong to the schema
    console_schema,
    contact_schema,
    paging_schema,
    referral_schema,
)
from bot.store.database import Database
from bot.store.schema import keys_metadata

HERE = Path(__file__).parent / "migrations"


def config(connection: Connection | None = None) -> Config:
    """Return alembic's settings; it needs no file of its own."""
    found = Config()
    found.set_main_option("script_location", str(HERE))
    found.attributes["connection"] = connection
    return found


def _upgrade(connection: Connection) -> None:
    command.upgrade(config(connection), "heads")


async def migrate(settings: Settings) -> None:
    """Create or change the tables of the data store, and the one table of the key store."""
    settings.var.mkdir(mode=0o700, parents=True, exist_ok=True)
    for file in settings.var.glob("*.db*"):  # made by an earlier version, for everybody to read
        with contextlib.suppress(PermissionError):
            file.chmod(0o600)
    store = Database(settings.database_url, patient=True)
    keys = Database(settings.keys_url, patient=True)
    try:
        async with store.write() as connection:
            await connection.run_sync(_upgrade)
        async with keys.write() as connection:
            await connection.run_sync(keys_metadata.create_all)
    finally:
        await store.close()
        await keys.close()


def migrate_now(settings: Settings) -> None:
    """Do the same from a place with no event loop."""
    asyncio.run(migrate(settings))

# SPDX-License-Identifier: Apache-2.0
"""The migrations make the very tables that the code is written against."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from bot.store.database import Database
from bot.store.migrate import migrate
from bot.store.schema import metadata


def differences(connection: Connection) -> list:
    """Return what would still have to be changed."""
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return compare_metadata(context, metadata)


async def test_the_migrated_tables_are_those_of_the_schema(settings):
    await migrate(settings)
    store = Database(settings.database_url)
    try:
        async with store.read() as connection:
            assert await connection.run_sync(differences) == []
    finally:
        await store.close()

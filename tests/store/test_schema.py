# SPDX-License-Identifier: Apache-2.0
"""The migrations make the very tables that the code is written against."""

from __future__ import annotations

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text

from bot.store import console_rows
from bot.store.database import Database
from bot.store.migrate import config, migrate
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


async def test_whoever_was_kept_away_before_is_so_after_the_table_was_made_anew(settings):
    store = Database(settings.database_url)
    try:
        async with store.write() as tx:
            await tx.run_sync(lambda connection: command.upgrade(config(connection), "0004"))
            await tx.execute(
                text(
                    "INSERT INTO conversations (id, state, medium, language, urgency, topic, turns,"
                    " opened_at, closes_at) VALUES ('a', 'ended', 'chat', 'en', 'none', 'none', 0,"
                    " 0, 0)"
                )
            )
            await tx.execute(
                text("INSERT INTO exclusions VALUES ('a', 'kim', 'sam', 1.0)")
            )
        await migrate(settings)
        async with store.read() as tx:
            assert await console_rows.excluded(tx, "a") == ["kim"]
    finally:
        await store.close()

# SPDX-License-Identifier: Apache-2.0
"""Databases of a test's own on a PostgreSQL server.

Uses FINGERPOST_TEST_POSTGRESQL, or a server on this machine that lets us make databases.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest

from bot.settings import Settings, load
from bot.store.migrate import migrate

SERVER = os.environ.get("FINGERPOST_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432")


@asynccontextmanager
async def two_databases() -> AsyncIterator[tuple[str, str]]:
    """Make two fresh databases, one for data and one for keys, and drop them afterwards."""
    try:
        admin = await asyncpg.connect(f"{SERVER}/postgres", timeout=3)
    except (OSError, TimeoutError, asyncpg.PostgresError):
        pytest.skip("no PostgreSQL server here: set FINGERPOST_TEST_POSTGRESQL to test on one")
    names = [f"fingerpost_{uuid.uuid4().hex[:12]}" for _ in range(2)]
    for name in names:
        await admin.execute(f"CREATE DATABASE {name}")
    yield f"{SERVER}/{names[0]}", f"{SERVER}/{names[1]}"
    for name in names:
        await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await admin.close()


@pytest.fixture
async def databases() -> AsyncIterator[tuple[str, str]]:
    """Two fresh databases: one for data, one for keys."""
    async with two_databases() as found:
        yield found


@pytest.fixture
async def on_postgresql(databases: tuple[str, str], tmp_path: Path) -> Settings:
    """Settings of a service on two fresh databases, migrated."""
    data, keys = databases
    settings = load(
        {"FINGERPOST_VAR": str(tmp_path), "FINGERPOST_SECRET_KEYS": "k" * 40,
         "FINGERPOST_DATABASE_URL": data, "FINGERPOST_KEYS_URL": keys}
    )  # fmt: skip
    await migrate(settings)
    return settings

# SPDX-License-Identifier: Apache-2.0
"""How a database is opened, read and written; SQLite and PostgreSQL behave alike behind it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import event, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

# What is handed about inside one transaction. Only this package knows what it is made of.
Tx = AsyncConnection

WAITS_AT_MOST = 2.0


class StoreError(Exception):
    """The database could not be read or written just now; nothing of the attempt was kept."""


class Database:
    """One database. `write()` is all or nothing; `read()` never blocks a writer."""

    def __init__(self, url: str) -> None:
        self.sqlite = url.startswith("sqlite")
        options: dict[str, object] = {"poolclass": NullPool} if ":memory:" in url else {}
        if not self.sqlite:
            options = {"pool_pre_ping": True, "pool_size": 10}
        self.engine: AsyncEngine = create_async_engine(url, **options)
        # Writers of one process take turns here; only other processes meet at SQLite's own lock,
        # where waiting is a sleep that grows to 100 ms and then an error.
        self._writing = asyncio.Semaphore(1 if self.sqlite else 10)
        if self.sqlite:
            _prepare_sqlite(self.engine)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """Yield a connection in one write transaction; raise StoreError if it cannot be kept."""
        try:
            async with asyncio.timeout(WAITS_AT_MOST):
                await self._writing.acquire()
        except TimeoutError:
            raise StoreError("database busy") from None
        try:
            async with self.engine.connect() as connection:
                async with connection.begin():
                    yield connection
        except (OperationalError, InterfaceError, DBAPIError, OSError) as problem:
            if getattr(problem, "orig", None) is not None and "UNIQUE" in str(problem.orig).upper():
                raise
            raise StoreError("database unavailable") from None
        finally:
            self._writing.release()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Yield a connection for reading; raise StoreError if the database does not answer."""
        try:
            async with self.engine.connect() as connection:
                connection = await connection.execution_options(reads=True)
                yield connection
        except (OperationalError, InterfaceError, OSError):
            raise StoreError("database unavailable") from None

    async def ping(self) -> bool:
        """Say whether the database answers now."""
        try:
            async with self.read() as connection:
                await connection.execute(text("SELECT 1"))
        except StoreError:
            return False
        return True

    async def close(self) -> None:
        """Give every connection back."""
        await self.engine.dispose()


def _prepare_sqlite(engine: AsyncEngine) -> None:
    """Make SQLite wait its turn: a plain BEGIN fails among several writers, IMMEDIATE does not."""

    @event.listens_for(engine.sync_engine, "connect")
    def connected(connection, record) -> None:  # noqa: ANN001 - the driver's own types
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "busy_timeout=1000",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            "secure_delete=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begins(connection: Connection) -> None:
        reads = connection.get_execution_options().get("reads")
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

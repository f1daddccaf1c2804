# SPDX-License-Identifier: Apache-2.0
"""How a database is opened, read and written; SQLite and PostgreSQL behave alike behind it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from sqlalchemy import event, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.store.sqlite import Driver

# What is handed about inside one transaction. Only this package knows what it is made of.
Tx = AsyncConnection

# A person is answered within 5 s whatever happens here, so no single wait may use that up.
WAITS_AT_MOST = 2.0
SETTLING_TRIES = 20
POSTGRESQL = {
    "pool_pre_ping": True,
    "pool_size": 10,
    "pool_timeout": WAITS_AT_MOST,
    "connect_args": {
        "timeout": WAITS_AT_MOST,
        # ours gives up on a server that is silent, the server's own on a lock and on a slow query
        "command_timeout": 2.5,
        "server_settings": {"lock_timeout": "1500", "statement_timeout": "2000"},
    },
}


class StoreError(Exception):
    """The database could not be read or written just now; nothing of the attempt was kept."""


class Database:
    """One database. `write()` is all or nothing; `read()` never blocks a writer.

    `patient` is for a migration, which may take as long as it must.
    """

    def __init__(self, url: str, *, patient: bool = False) -> None:
        self.sqlite = url.startswith("sqlite")
        options = {} if patient else POSTGRESQL
        if self.sqlite:
            options = {"pool_timeout": WAITS_AT_MOST, "module": Driver()}
        self._opens_within = None if patient else WAITS_AT_MOST
        self.engine: AsyncEngine = create_async_engine(url, **options)
        # Writers of one process take turns here; only other processes meet at SQLite's own lock,
        # where waiting is asking again and then an error.
        self._writing = asyncio.Semaphore(1 if self.sqlite else 10)
        if self.sqlite:
            _prepare_sqlite(self.engine)
        else:
            _prepare_postgresql(self.engine)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """Yield a connection in one write transaction; raise StoreError if it cannot be kept."""
        try:
            async with asyncio.timeout(WAITS_AT_MOST):
                await self._writing.acquire()
        except TimeoutError:
            raise StoreError("database busy") from None
        try:
            async with self._connected(reads=False) as connection:
                yield connection
        finally:
            self._writing.release()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Yield a connection for reading; raise StoreError if the database does not answer."""
        async with self._connected(reads=True) as connection:
            yield connection

    @asynccontextmanager
    async def _connected(self, *, reads: bool | None) -> AsyncIterator[AsyncConnection]:
        """Yield a connection; whatever the database does wrong is a StoreError.

        `reads` is None for what SQLite does only outside a transaction.
        """
        try:
            async with AsyncExitStack() as stack:
                async with asyncio.timeout(self._opens_within):
                    connection = await stack.enter_async_context(self.engine.connect())
                    connection = await connection.execution_options(reads=reads)
                    if reads is False:
                        await stack.enter_async_context(connection.begin())
                yield connection
        except (SQLAlchemyError, OSError, OverflowError):
            raise StoreError("database unavailable") from None

    async def settle(self) -> bool:
        """Write SQLite's log into its file and empty it: what was deleted still stands there."""
        if not self.sqlite:
            return True
        async with self._writing, self._connected(reads=None) as connection:
            for _ in range(SETTLING_TRIES):
                done = await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                if done.one()[0] == 0:
                    return True
                await asyncio.sleep(0.05)  # somebody reads just now
            return False

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


def _prepare_postgresql(engine: AsyncEngine) -> None:
    """Hang up on a server that was silent: asking it to part, as is usual, waits 2 s more."""

    @event.listens_for(engine.sync_engine, "invalidate")
    def invalidated(connection, record, problem) -> None:  # noqa: ANN001 - the driver's own types
        if isinstance(problem, TimeoutError | asyncio.CancelledError):
            connection.driver_connection.terminate()


def _prepare_sqlite(engine: AsyncEngine) -> None:
    """Make SQLite wait its turn: a plain BEGIN fails among several writers, IMMEDIATE does not."""

    @event.listens_for(engine.sync_engine, "connect")
    def connected(connection, record) -> None:  # noqa: ANN001 - the driver's own types
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            "secure_delete=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begins(connection: Connection) -> None:
        reads = connection.get_execution_options().get("reads")
        if reads is False:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

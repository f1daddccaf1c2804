# SPDX-License-Identifier: Apache-2.0
"""SQLite behind asyncio without a thread: a statement takes less time than the visit to one.

Only waiting for another process's lock takes long, and that is done by asking again, never by
blocking. See docs/adr/0008.
"""

from __future__ import annotations

import asyncio
import collections
import sqlite3
from typing import Any

from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
)
from sqlalchemy.util.concurrency import await_

# Seconds for which a statement asks again while another process holds the lock, and how often.
ASKS_FOR, ASKS_EVERY = 1.0, 0.005


class Cursor(AsyncAdapt_aiosqlite_cursor):
    """Runs a statement at once and keeps its rows."""

    __slots__ = ("_description", "_rowcount", "_lastrowid")

    def __init__(self, adapt_connection: Any) -> None:
        self._adapt_connection = adapt_connection
        self._connection = adapt_connection._connection
        self._cursor = None
        self._soft_closed_memoized: Any = {}
        self._rows = collections.deque()
        self._description, self._rowcount, self._lastrowid = None, -1, 0

    @property
    def description(self) -> Any:
        return self._description

    @property
    def rowcount(self) -> int:
        return self._rowcount

    @property
    def lastrowid(self) -> int:
        return self._lastrowid

    async def _async_soft_close(self) -> None:
        """Nothing is open on the other side."""

    def execute(self, operation: Any, parameters: Any = None) -> Any:
        self._run("execute", operation, () if parameters is None else parameters)

    def executemany(self, operation: Any, seq_of_parameters: Any) -> Any:
        self._run("executemany", operation, seq_of_parameters)

    def _run(self, method: str, operation: str, parameters: Any) -> None:
        cursor = self._connection.cursor()
        try:
            await_(_unlocked(getattr(cursor, method), operation, parameters))
            self._rows = collections.deque(cursor.fetchall() if cursor.description else ())
            self._description, self._rowcount = cursor.description, cursor.rowcount
            self._lastrowid = cursor.lastrowid
        finally:
            cursor.close()


class Connection(AsyncAdapt_aiosqlite_connection):
    """One connection of Python's own sqlite3; it ends only a transaction it began."""

    __slots__ = ()
    _cursor_cls = Cursor

    @property
    def isolation_level(self) -> str | None:
        return self._connection.isolation_level

    @isolation_level.setter
    def isolation_level(self, value: str | None) -> None:
        self._connection.isolation_level = value

    def create_function(self, *args: Any, **options: Any) -> None:
        self._connection.create_function(*args, **options)

    def commit(self) -> None:
        await_(_unlocked(self._connection.commit))

    def rollback(self) -> None:
        if self._connection.in_transaction:
            self._connection.rollback()

    def close(self) -> None:
        self._connection.close()


class Driver(AsyncAdapt_aiosqlite_dbapi):
    """Python's sqlite3 as SQLAlchemy's asynchronous `module`."""

    def __init__(self) -> None:
        super().__init__(sqlite3, sqlite3)

    def connect(self, *args: Any, **options: Any) -> Connection:
        """Open one; it belongs to the event loop that opens it."""
        return Connection(self, sqlite3.connect(*args, timeout=0, **options))


async def _unlocked(call: Any, *args: Any) -> Any:
    """Return what a call returns, asking again for a while if another process has the lock."""
    asked = 0.0
    while True:
        try:
            return call(*args)
        except sqlite3.OperationalError as problem:
            if problem.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or asked >= ASKS_FOR:
                raise
        await asyncio.sleep(ASKS_EVERY)
        asked += ASKS_EVERY

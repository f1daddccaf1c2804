# SPDX-License-Identifier: Apache-2.0
"""SQLite behind asyncio with one visit to its thread for each statement.

SQLAlchemy's own adapter goes there four times: for a cursor, the statement, its rows and the end.
"""

from __future__ import annotations

import collections
import sqlite3
from typing import Any

import aiosqlite
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
)


class Cursor(AsyncAdapt_aiosqlite_cursor):
    """Runs a statement and brings its rows back in one go."""

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

    async def _run(self, method: str, operation: str, parameters: Any) -> None:
        def visit(connection: sqlite3.Connection) -> tuple[Any, ...]:
            cursor = connection.cursor()
            try:
                getattr(cursor, method)(operation, parameters)
                rows = cursor.fetchall() if cursor.description else ()
                return rows, cursor.description, cursor.rowcount, cursor.lastrowid
            finally:
                cursor.close()

        async with self._adapt_connection._execute_mutex:
            rows, self._description, self._rowcount, self._lastrowid = (
                await self._connection._execute(visit, self._connection._conn)
            )
            self._rows = collections.deque(rows)

    async def _execute_async(self, operation: Any, parameters: Any) -> Any:
        await self._run("execute", operation, () if parameters is None else parameters)

    async def _executemany_async(self, operation: Any, seq_of_parameters: Any) -> Any:
        await self._run("executemany", operation, seq_of_parameters)


class Connection(AsyncAdapt_aiosqlite_connection):
    """A connection whose cursors are ours, and that ends only a transaction it began."""

    __slots__ = ()
    _cursor_cls = Cursor

    def rollback(self) -> None:
        if self._connection._connection and self._connection.in_transaction:
            super().rollback()


class Driver(AsyncAdapt_aiosqlite_dbapi):
    """aiosqlite as SQLAlchemy's `module`, with our connection in place of its own."""

    def __init__(self) -> None:
        super().__init__(aiosqlite, sqlite3)

    def connect(self, *args: Any, **options: Any) -> Connection:
        """Open one, on a thread of its own."""
        return Connection(self, super().connect(*args, **options)._connection)

# SPDX-License-Identifier: Apache-2.0
"""A database that is slow, full, locked or silent is a StoreError, soon enough to answer from."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from contextlib import AsyncExitStack, asynccontextmanager
from urllib.parse import urlsplit

import asyncpg
import pytest
from sqlalchemy import text

from bot.store.database import Database, StoreError

# Of the 5 s in which a person is answered.
SOON = 4.0


@asynccontextmanager
async def gives_up_soon():
    """Hold that what is inside ends in a StoreError before anybody has waited too long."""
    began = time.monotonic()
    with pytest.raises(StoreError):
        async with asyncio.timeout(15):
            yield
    assert time.monotonic() - began < SOON


@pytest.fixture
async def database(tmp_path):
    found = Database(f"sqlite+aiosqlite:///{tmp_path / 'one.db'}")
    async with found.write() as tx:
        await tx.execute(text("CREATE TABLE notes (id INTEGER PRIMARY KEY, note TEXT UNIQUE)"))
    yield found
    await found.close()


async def test_when_every_connection_is_out_nobody_waits_for_long(database):
    async with AsyncExitStack() as stack:
        for _ in range(15):
            await stack.enter_async_context(database.read())
        async with gives_up_soon():
            async with database.read():
                pass
    assert await database.ping()


async def test_what_the_database_refuses_is_a_store_error_in_reading_and_writing(database):
    for door in (database.read, database.write):
        with pytest.raises(StoreError):
            async with door() as tx:
                await tx.execute(text("SELECT nothing FROM nowhere"))
    assert await database.ping()


async def test_a_number_no_database_can_hold_is_a_store_error(database):
    with pytest.raises(StoreError):
        async with database.read() as tx:
            await tx.execute(text("SELECT * FROM notes WHERE id > :n"), {"n": 2**80})


async def test_while_another_process_writes_everybody_else_goes_on(tmp_path, database):
    """Waiting for the lock must not hold up the loop: others are answered meanwhile."""
    holder = sqlite3.connect(tmp_path / "one.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    held = asyncio.get_running_loop().time()

    async def write() -> None:
        async with database.write() as tx:
            await tx.execute(text("INSERT INTO notes (note) VALUES ('a')"))

    writing = asyncio.create_task(write())
    for _ in range(10):
        began = time.monotonic()
        assert await database.ping()
        assert time.monotonic() - began < 0.2
        await asyncio.sleep(0.02)
    assert not writing.done()
    holder.execute("COMMIT")
    await writing
    assert asyncio.get_running_loop().time() - held < SOON
    holder.close()


async def test_a_lock_that_is_never_let_go_is_a_store_error(tmp_path, database):
    holder = sqlite3.connect(tmp_path / "one.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    async with gives_up_soon():
        async with database.write() as tx:
            await tx.execute(text("INSERT INTO notes (note) VALUES ('a')"))
    holder.close()
    async with database.write() as tx:
        await tx.execute(text("INSERT INTO notes (note) VALUES ('a')"))


async def test_nothing_of_a_broken_write_is_kept(database):
    with pytest.raises(StoreError):
        async with database.write() as tx:
            await tx.execute(text("INSERT INTO notes (note) VALUES ('a')"))
            await tx.execute(text("INSERT INTO notes (note) VALUES ('a')"))
    async with database.read() as tx:
        assert (await tx.execute(text("SELECT count(*) FROM notes"))).scalar() == 0


async def test_writers_of_two_processes_wait_for_each_other(tmp_path, database):
    """Each transaction reads before it writes, where a plain BEGIN would fail."""
    other = Database(str(database.engine.url))

    async def add(store: Database, name: str) -> None:
        for n in range(20):
            async with store.write() as tx:
                count = (await tx.execute(text("SELECT count(*) FROM notes"))).scalar()
                await tx.execute(
                    text("INSERT INTO notes (id, note) VALUES (:id, :note)"),
                    {"id": count + 1, "note": f"{name}{n}"},
                )

    await asyncio.gather(add(database, "a"), add(other, "b"), add(other, "c"))
    async with database.read() as tx:
        assert (await tx.execute(text("SELECT max(id) FROM notes"))).scalar() == 60
    await other.close()


class Freezing:
    """A line to a server that can go silent without closing."""

    def __init__(self, server: str) -> None:
        self.at, self.flows = urlsplit(server), asyncio.Event()
        self.flows.set()
        self.tasks: set[asyncio.Task] = set()

    async def __aenter__(self) -> str:
        self.door = await asyncio.start_server(self._meet, "127.0.0.1", 0)
        port = self.door.sockets[0].getsockname()[1]
        who = self.at.netloc.rpartition("@")[0] or "postgres"
        return f"postgresql+asyncpg://{who}@127.0.0.1:{port}{self.at.path}"

    async def __aexit__(self, *problem: object) -> None:
        self.door.close()
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    async def _meet(self, reader, writer) -> None:
        there = await asyncio.open_connection(self.at.hostname, self.at.port or 5432)
        for source, target in ((reader, there[1]), (there[0], writer)):
            self.tasks.add(asyncio.create_task(self._pass_on(source, target)))

    async def _pass_on(self, source, target) -> None:
        try:
            while data := await source.read(65536):
                await self.flows.wait()
                target.write(data)
        finally:
            target.close()


async def test_a_server_that_goes_silent_is_given_up_in_time(databases):
    line = Freezing(databases[0])
    async with line as url:
        store = Database(url)
        async with store.write() as tx:
            await tx.execute(text("CREATE TABLE notes (id BIGINT)"))
        line.flows.clear()
        for door in (store.read, store.write):  # with a kept connection, then a new one
            async with gives_up_soon():
                async with door() as tx:
                    await tx.execute(text("SELECT 1"))
        line.flows.set()
        async with gives_up_soon():
            async with store.write() as tx:
                await tx.execute(text("INSERT INTO notes VALUES (1)"))
                line.flows.clear()
                await tx.execute(text("INSERT INTO notes VALUES (2)"))
        line.flows.set()
        async with store.read() as tx:
            assert (await tx.execute(text("SELECT count(*) FROM notes"))).scalar() == 0
        await store.close()


async def test_a_row_that_somebody_holds_is_not_waited_for(databases):
    url = databases[0].replace("postgresql://", "postgresql+asyncpg://")
    store, holder = Database(url), await asyncpg.connect(databases[0])
    await holder.execute("CREATE TABLE notes AS SELECT 1 AS id")
    held = holder.transaction()
    await held.start()
    await holder.execute("SELECT * FROM notes FOR UPDATE")
    async with gives_up_soon():
        async with store.write() as tx:
            await tx.execute(text("SELECT * FROM notes FOR UPDATE"))
    await held.rollback()
    async with store.write() as tx:
        await tx.execute(text("SELECT * FROM notes FOR UPDATE"))
    await holder.close()
    await store.close()

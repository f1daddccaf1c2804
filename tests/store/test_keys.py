# SPDX-License-Identifier: Apache-2.0
"""Keys: what was sealed opens again, an erased key is nowhere on the disk any more."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.store.database import Database
from bot.store.keys import KeyGone, KeyStore
from bot.store.schema import keys, keys_metadata


@pytest.fixture
async def store(tmp_path):
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'keys.db'}")
    async with database.write() as tx:
        await tx.run_sync(keys_metadata.create_all)
    yield KeyStore(database, ("k" * 40,))
    await database.close()


async def wrapped(store: KeyStore, subject: str) -> bytes:
    async with store.database.read() as tx:
        return (await tx.execute(select(keys.c.wrapped).where(keys.c.subject == subject))).scalar()


def on_disk(folder, what: bytes) -> list[str]:
    """Return the files in which these bytes stand."""
    return [path.name for path in folder.iterdir() if what in path.read_bytes()]


async def test_an_erased_key_stands_in_no_file(store, tmp_path):
    sealed = (await store.make("one")).seal({"said": "words"})
    await store.make("two")
    key = await wrapped(store, "one")
    assert on_disk(tmp_path, key), "the key would not be found even while it is kept"
    other = Database(str(store.database.engine.url))  # another process has the file open
    assert await other.ping()
    await store.erase("one")
    assert on_disk(tmp_path, key) == []
    with pytest.raises(KeyGone):
        await store.box("one")
    assert on_disk(tmp_path, await wrapped(store, "two"))
    with pytest.raises(KeyGone):
        (await store.box("two")).open(sealed)
    await other.close()


async def test_a_reader_in_the_way_delays_the_end_of_a_key_no_longer_than_it_reads(store, tmp_path):
    for subject in ("one", "two"):
        await store.make(subject)
    key = await wrapped(store, "one")
    reader = Database(str(store.database.engine.url))
    async with reader.read() as tx:
        await tx.execute(select(keys))
        await store.erase("one")
    with pytest.raises(KeyGone):
        await store.box("one")
    await store.erase("two")
    assert on_disk(tmp_path, key) == []
    await reader.close()

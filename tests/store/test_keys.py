# SPDX-License-Identifier: Apache-2.0
"""Keys: what was sealed opens again, an erased key is nowhere on the disk any more."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select

from bot.__main__ import main
from bot.settings import load
from bot.store.database import Database
from bot.store.keys import KeyGone, KeyStore
from bot.store.migrate import migrate
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


async def test_a_service_key_that_opens_nothing_of_what_is_kept_is_not_its_key(store):
    other = KeyStore(store.database, ("o" * 40,))
    assert await store.fits() and await other.fits()  # nothing is kept yet
    await store.make("one")
    assert await store.fits() and not await other.fits()
    assert await KeyStore(store.database, ("n" * 40, "k" * 40)).fits()  # rotated


@pytest.mark.parametrize("command", [["up"], ["retain"]])
@pytest.mark.parametrize("how", ["another", "lost"])
def test_nothing_starts_with_it(tmp_path, monkeypatch, capsys, command, how):
    async def keep() -> None:
        found = load()
        await migrate(found)
        store = KeyStore(Database(found.keys_url), found.secret_keys)
        await store.make("one")
        await store.database.close()

    monkeypatch.setattr("os.umask", lambda _: 0)
    monkeypatch.setattr("bot.logs.configure", lambda: None)
    monkeypatch.setattr("bot.up.check_machine", lambda _: None)
    monkeypatch.setenv("FINGERPOST_VAR", str(tmp_path))
    asyncio.run(keep())
    if how == "another":
        monkeypatch.setenv("FINGERPOST_SECRET_KEYS", "o" * 40)
    else:
        (tmp_path / "secret.key").unlink()
    assert main(command) == 2
    assert "The service key does not open what is kept." in capsys.readouterr().out


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

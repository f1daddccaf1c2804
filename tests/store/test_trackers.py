# SPDX-License-Identifier: Apache-2.0
"""The dialogue's memory on a real store: one key read a turn, nothing kept once it was erased."""

from __future__ import annotations

import asyncio
import uuid

import pytest

from bot.store.keys import KeyGone
from bot.store.migrate import migrate
from bot.wiring import tracker_rows


@pytest.fixture
async def rows(settings):
    await migrate(settings)
    found = tracker_rows(settings)
    yield found
    await found.store.close()
    await found.keys.database.close()


@pytest.fixture
async def kept(rows) -> str:
    """A conversation with a tracker at version 1, kept by another task."""
    name = str(uuid.uuid4())
    await rows.keys.make(name)
    await asyncio.create_task(rows.put(name, b"one", 0))
    return name


@pytest.fixture
def read(rows, monkeypatch) -> list[str]:
    """Whose keys were read."""
    asked, box = [], rows.keys.box

    async def counted(subject: str):
        asked.append(subject)
        return await box(subject)

    monkeypatch.setattr(rows.keys, "box", counted)
    return asked


async def test_a_turn_reads_its_key_once(rows, kept, read):
    async def turn():
        version, body = await rows.get(kept)
        return await rows.put(kept, body + b".", version)

    assert await asyncio.create_task(turn())
    assert read == [kept]
    assert await asyncio.create_task(turn())
    assert read == [kept, kept], "a key outlived its turn"
    assert (await rows.get(kept))[1] == b"one.."


async def test_another_conversation_is_sealed_under_its_own_key(rows, kept):
    other = str(uuid.uuid4())
    await rows.keys.make(other)
    await rows.put(other, b"two", 0)
    await rows.get(kept)
    assert await rows.put(other, b"two more", 1)
    await rows.keys.erase(kept)
    assert (await rows.get(other))[1] == b"two more"


async def test_what_was_erased_within_the_turn_is_not_kept_again(rows, kept):
    version, body = await rows.get(kept)
    await rows.delete(kept)
    await rows.keys.erase(kept)
    assert not await rows.put(kept, body, version)
    with pytest.raises(KeyGone):
        await rows.put(kept, body, 0)
    assert await rows.get(kept) is None

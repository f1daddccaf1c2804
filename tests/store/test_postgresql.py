# SPDX-License-Identifier: Apache-2.0
"""The same service on PostgreSQL: migrated, a conversation held, a handover raced for, erased."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from bot.policy.turn import Said, State
from bot.service.ports import ConversationError
from bot.settings import load
from bot.store.database import Database, StoreError
from bot.store.migrate import migrate
from bot.store.schema import metadata
from bot.wiring import wire


async def test_a_conversation_from_first_word_to_erasure(
    on_postgresql, assistant, screen, clock
):
    await migrate(on_postgresql)  # what is migrated already stays as it is
    fingerpost = wire(on_postgresql, clock=clock, assistant=assistant, screen=screen)
    try:
        opened = await fingerpost.conversations.open("chat", "zh-Hant-TW")
        contact = opened.contact
        assert (await fingerpost.conversations.messages(contact, 2**40)).messages == ()
        replies = await asyncio.gather(
            *(
                fingerpost.conversations.hear(contact, Said(text=f"my shed was broken into {n}"))
                for n in range(5)
            )
        )
        assert all(r.messages for r in replies)
        reply = await fingerpost.conversations.hear(
            contact, Said(text="he is outside my door with a knife")
        )
        assert reply.state is State.WAITING
        (waiting,) = await fingerpost.handover.queue()
        raced = await asyncio.gather(
            *(fingerpost.handover.accept(waiting.id, w) for w in ("w1", "w2", "w3")),
            return_exceptions=True,
        )
        assert sum(isinstance(r, ConversationError) for r in raced) == 2
        taker = ("w1", "w2", "w3")[next(i for i, r in enumerate(raced) if isinstance(r, str))]
        brief = await fingerpost.handover.brief(waiting.id, taker)
        assert brief.around and brief.hits
        await fingerpost.desk.review(waiting.id, brief.hits[0][0], taker, "right")
        await fingerpost.handover.end(waiting.id, taker, "supported")
        clock.pass_by(3600)
        assert (await fingerpost.retention.run())["closed"] == 1
    finally:
        await fingerpost.close()


async def test_the_migrations_lead_to_the_tables_that_the_code_knows(databases, tmp_path):
    data, keys = databases
    for url in (data, f"sqlite+aiosqlite:///{tmp_path / 'data.db'}"):
        settings = load(
            {"FINGERPOST_VAR": str(tmp_path), "FINGERPOST_DATABASE_URL": url,
             "FINGERPOST_KEYS_URL": keys}
        )  # fmt: skip
        await migrate(settings)
        store = Database(settings.database_url)
        async with store.read() as tx:
            differ = await tx.run_sync(
                lambda c: compare_metadata(MigrationContext.configure(c), metadata)
            )
        await store.close()
        assert differ == [], url.partition(":")[0]


async def test_the_audit_cannot_be_changed(databases, tmp_path):
    data, keys = databases
    settings = load(
        {"FINGERPOST_VAR": str(tmp_path), "FINGERPOST_DATABASE_URL": data,
         "FINGERPOST_KEYS_URL": keys}
    )  # fmt: skip
    await migrate(settings)
    connection = await asyncpg.connect(data)
    await connection.execute(
        "INSERT INTO audit (at, staff_id, what, subject) VALUES (1,'a','b','c')"
    )
    for change in ("UPDATE audit SET what = 'x'", "DELETE FROM audit"):
        with pytest.raises(asyncpg.RaiseError):
            await connection.execute(change)
    await connection.close()


async def test_a_database_that_is_gone_is_a_store_error(tmp_path):
    settings = load(
        {"FINGERPOST_VAR": str(tmp_path),
         "FINGERPOST_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
    )  # fmt: skip
    store = Database(settings.database_url)
    with pytest.raises(StoreError):
        async with store.read():
            raise AssertionError("nothing answers there")
    assert await store.ping() is False
    await store.close()

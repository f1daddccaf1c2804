# SPDX-License-Identifier: Apache-2.0
"""What the console keeps, raced for on SQLite and on PostgreSQL: each thing once, on both."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pyotp
import pytest
from argon2 import PasswordHasher

from bot.policy.turn import Said
from bot.service.ports import ConversationError
from bot.service.second_factor import STEP
from bot.settings import load
from bot.store import console_rows
from bot.store.migrate import migrate
from bot.wiring import wire
from tests.store.conftest import two_databases

PASSWORD, KNIFE = "purple otter kettle", "he is outside my door with a knife"


@pytest.fixture(params=["sqlite", "postgresql"])
async def fingerpost(request, tmp_path, assistant, screen, clock) -> AsyncIterator:
    environ = {"FINGERPOST_VAR": str(tmp_path), "FINGERPOST_SECRET_KEYS": "k" * 40}
    async with AsyncExitStack() as stack:
        if request.param == "postgresql":
            made = await stack.enter_async_context(two_databases())
            environ |= dict(
                zip(("FINGERPOST_DATABASE_URL", "FINGERPOST_KEYS_URL"), made, strict=True)
            )
        settings = load(environ)
        await migrate(settings)
        found = wire(settings, clock=clock, assistant=assistant, screen=screen)
        found.accounts.hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        yield found
        await found.close()


async def account(fingerpost, name: str, pin: str, role: str = "worker", code=None) -> str:
    word = await fingerpost.accounts.add(name, role)
    key = (await fingerpost.accounts.invited(word)).second.key
    given = pyotp.TOTP(key).at(int(fingerpost.clock())) if code else ""
    await fingerpost.accounts.set_up(word, PASSWORD, pin, given)
    if code:
        return key
    token = await fingerpost.accounts.sign_in(name, PASSWORD)
    return (await fingerpost.accounts.worker(token)).id


async def taken(fingerpost, worker: str):
    contact = (await fingerpost.conversations.open("chat")).contact
    await fingerpost.conversations.hear(contact, Said(text=KNIFE))
    queue = await fingerpost.handover.queue()
    waiting = next(w for w in queue if w.conversation_id == contact.conversation_id)
    await fingerpost.handover.accept(waiting.id, worker)
    return contact.conversation_id, waiting.id


async def at_once(*works) -> list:
    return await asyncio.gather(*works, return_exceptions=True)


def refused(found: list) -> int:
    assert all(one is None or isinstance(one, str | ConversationError) for one in found), found
    return sum(isinstance(one, ConversationError) for one in found)


async def test_the_same_digits_open_one_session(fingerpost, clock):
    key = await account(fingerpost, "Sam Okafor", "2479", code=True)
    clock.pass_by(STEP)
    code = pyotp.TOTP(key).at(int(clock()))
    tries = [fingerpost.accounts.sign_in("Sam Okafor", PASSWORD, code) for _ in range(3)]
    assert refused(await at_once(*tries)) == 2


async def test_a_story_goes_to_one_colleague_while_its_worker_writes(fingerpost):
    sam = await account(fingerpost, "Sam Okafor", "2479")
    ines = await account(fingerpost, "Ines Reyes", "8361")
    for _ in range(5):
        _, waiting = await taken(fingerpost, sam)
        await fingerpost.colleagues.offer(waiting, sam, ines)
        found = await at_once(
            fingerpost.colleagues.take_over(waiting, ines),
            fingerpost.colleagues.take_over(waiting, ines),
            fingerpost.handover.hand_back(waiting, sam, agreed=True),
        )
        assert refused(found) == 2, found


async def test_a_note_sent_twice_and_a_promise_done_twice_count_once(fingerpost):
    sam = await account(fingerpost, "Sam Okafor", "2479")
    story, waiting = await taken(fingerpost, sam)
    adds = [
        fingerpost.notes.add(waiting, sam, "promise", "to find the hours", client_id="one")
        for _ in range(3)
    ]
    assert refused(await at_once(*adds)) == 0
    (note,) = await fingerpost.notes.of(waiting, sam)
    dones = [fingerpost.notes.done(waiting, sam, note.id) for _ in range(3)]
    assert refused(await at_once(*dones)) == 2
    async with fingerpost.store.read() as tx:
        assert not await console_rows.owes(tx, story)


async def test_joining_and_keeping_away_are_once_and_go_with_the_story(fingerpost, clock):
    sam = await account(fingerpost, "Sam Okafor", "2479")
    sue = await account(fingerpost, "Sue Visor", "8361", "supervisor")
    story, waiting = await taken(fingerpost, sam)
    joins = [fingerpost.colleagues.join(waiting, sue) for _ in range(3)]
    assert refused(await at_once(*joins)) == 0
    async with fingerpost.store.read() as tx:
        assert await console_rows.companions_of(tx, story) == [sue]
    away = [fingerpost.colleagues.exclude(waiting, sam, sue) for _ in range(3)]
    assert refused(await at_once(*away)) == 0
    async with fingerpost.store.read() as tx:
        assert await console_rows.excluded(tx, story) == [sue]
        assert await console_rows.companions_of(tx, story) == []
    (flag,) = await fingerpost.desk.flags(waiting, sam)
    await fingerpost.desk.review(waiting, flag.id, sam, "right")
    await fingerpost.handover.end(waiting, sam, "supported")
    clock.pass_by(3600)
    await fingerpost.retention.run()
    async with fingerpost.store.read() as tx:
        assert await console_rows.excluded(tx, story) == []

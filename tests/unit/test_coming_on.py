# SPDX-License-Identifier: Apache-2.0
"""Whoever was told that nobody is on duty hears it when somebody is, by chat and by telephone."""

from __future__ import annotations

import pytest

from bot.policy.turn import Said
from bot.store import staff


async def comes_on(fingerpost, there: bool = True) -> None:
    async with fingerpost.store.read() as tx:
        found = await staff.find(tx, name="Ann")
    if found is None:
        await fingerpost.accounts.add("Ann", "worker")
        async with fingerpost.store.read() as tx:
            found = await staff.find(tx, name="Ann")
    await fingerpost.accounts.set_available(found.id, there)
    while await fingerpost.work.one():
        pass


async def said(fingerpost, contact) -> list[str]:
    return [m.say for m in (await fingerpost.conversations.messages(contact)).messages]


@pytest.mark.parametrize("medium", ["chat", "voice"])
@pytest.mark.parametrize("words", ["can i talk to a person", "he is outside my door with a knife"])
async def test_somebody_comes_on_duty_and_who_waits_is_told(fingerpost, medium, words):
    opened = await fingerpost.conversations.open(medium)
    await fingerpost.conversations.hear(opened.contact, Said(text="yes"))
    await fingerpost.conversations.hear(opened.contact, Said(text=words))
    heard = await said(fingerpost, opened.contact)
    assert any("nobody" in name for name in heard)
    assert "waiting_on_duty" not in heard
    await comes_on(fingerpost)
    assert (await said(fingerpost, opened.contact)).count("waiting_on_duty") == 1
    await comes_on(fingerpost)
    assert (await said(fingerpost, opened.contact)).count("waiting_on_duty") == 1


async def test_who_waits_for_nobody_is_told_nothing(fingerpost):
    opened = await fingerpost.conversations.open("chat")
    await fingerpost.conversations.hear(opened.contact, Said(text="yes"))
    await comes_on(fingerpost)
    assert "waiting_on_duty" not in await said(fingerpost, opened.contact)


async def test_who_left_the_page_is_told_nothing(fingerpost):
    opened = await fingerpost.conversations.open("chat")
    await fingerpost.conversations.hear(opened.contact, Said(text="yes"))
    await fingerpost.conversations.hear(opened.contact, Said(text="can i talk to a person"))
    await fingerpost.conversations.leave(opened.contact)
    await comes_on(fingerpost)
    assert "waiting_on_duty" not in await said(fingerpost, opened.contact)

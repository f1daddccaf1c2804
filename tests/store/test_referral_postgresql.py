# SPDX-License-Identifier: Apache-2.0
"""Notes on PostgreSQL: two edges at one instant, and a change of mind while one is leaving."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import replace

import pytest

from bot.service.ports import ConversationError
from bot.store import referrals
from bot.wiring import wire
from tests.notes import FRIDAY, LINES, PUBLIC, ROUTE, Post, use


@pytest.fixture
async def two(on_postgresql, assistant, screen, clock):
    """Two edges on one database, one courier, and a note that was agreed to."""
    clock.now = FRIDAY
    settings = replace(on_postgresql, public_url=PUBLIC)
    post = Post()
    edges = [wire(settings, clock=clock, assistant=assistant, screen=screen) for _ in range(2)]
    for edge in edges:
        use(edge, ("email", post), mill=ROUTE)
    opened = await edges[0].conversations.open("chat")
    story = opened.contact.conversation_id
    await edges[0].referrals.consent(
        conversation_id=story, turn_id=str(uuid.uuid4()), service_id="mill", lines=LINES,
        medium="chat",
    )  # fmt: skip
    yield edges, post, story
    for edge in edges:
        await edge.close()


async def note(edge, story):
    async with edge.store.read() as tx:
        return (await referrals.of_story(tx, story))[-1]


async def test_of_two_edges_one_sends_it_and_one_answer_counts(two):
    edges, post, story = two
    post.meanwhile = lambda: asyncio.sleep(0.1)
    await asyncio.gather(*(edge.work.one() for edge in edges))
    while any([await edge.work.one() for edge in edges]):
        pass
    assert len(post.brought) == 1
    row = await note(edges[0], story)
    assert (row.consent, row.state) == ("sent", "waiting")

    async def answer(edge, said, reason=""):
        try:
            await edge.notes_out.partner.answer(post.token, said, reason)
        except ConversationError as refused:
            return refused.code
        return said

    both = await asyncio.gather(answer(edges[0], "accepted"), answer(edges[1], "declined", "full"))
    assert sorted(both) in (["accepted", "answered"], ["answered", "declined"])
    assert (await note(edges[0], story)).state in both


@pytest.mark.parametrize("wait", [0.0, 0.05, 0.15])
async def test_who_changes_their_mind_as_it_leaves_has_it_stopped_or_recalled(two, wait):
    edges, post, story = two
    post.meanwhile = lambda: asyncio.sleep(0.1)

    async def withdraw():
        await asyncio.sleep(wait)
        return await edges[1].referrals.withdraw(story)

    _, taken = await asyncio.gather(edges[0].work.one(), withdraw())
    row = await note(edges[0], story)
    assert taken == 1
    assert row.consent == ("recalled" if post.brought else "withdrawn")
    if post.brought:
        assert (await edges[0].notes_out.partner.seen(post.token)).state == "taken_back"


async def test_a_note_goes_with_its_consent(two):
    edges, post, story = two
    await edges[0].work.one()
    one = (await note(edges[0], story)).id
    await edges[0].referrals.withdraw(story)
    await edges[0].notes_out.desk.deleted(one, "a-worker")
    await edges[0].retention.erase(story)
    async with edges[0].store.read() as tx:
        assert await referrals.of_story(tx, story) == []
        assert await referrals.find(tx, one) is None
    with pytest.raises(ConversationError, match="unknown"):
        await edges[0].notes_out.partner.seen(post.token)

# SPDX-License-Identifier: Apache-2.0
"""The story of a call: opened once, however often it is told of, over when its caller is gone."""

from __future__ import annotations

import asyncio

import pytest

from bot.policy.turn import TEXT, Said
from bot.service.ports import ConversationError

CALL = "c" * 64


async def test_a_call_that_is_told_of_in_one_moment_by_several_has_one_story(fingerpost):
    opened = [fingerpost.conversations.open_call(CALL) for _ in range(3)]
    found = await asyncio.gather(*opened)
    assert len({contact.id for contact in found}) == 1
    assert found[0] == await fingerpost.conversations.find_call(CALL)


@pytest.mark.parametrize("medium", ["voice", TEXT])
async def test_it_is_kept_as_what_it_is(fingerpost, medium):
    assert (await fingerpost.conversations.open_call(CALL, medium)).medium == medium


async def test_the_story_of_a_caller_who_is_gone_closes(fingerpost):
    contact = await fingerpost.conversations.open_call(CALL)
    await fingerpost.conversations.end_call(contact)
    await fingerpost.retention.run()
    assert await fingerpost.conversations.find_call(CALL) is None


async def test_a_call_whose_story_goes_on_in_another_is_not_opened_again(fingerpost):
    contact = await fingerpost.conversations.open_call(CALL)
    code = await fingerpost.conversations.resume_code(contact)
    await fingerpost.conversations.resume(code, "voice", "here", "d" * 64)
    with pytest.raises(ConversationError, match="ended"):
        await fingerpost.conversations.open_call(CALL)


async def test_who_is_gone_and_waits_for_a_person_is_kept_for_them(fingerpost):
    contact = await fingerpost.conversations.open_call(CALL)
    await fingerpost.conversations.hear(contact, Said(key="person"))
    await fingerpost.conversations.end_call(contact)
    await fingerpost.retention.run()
    assert [w.conversation_id for w in await fingerpost.handover.queue()] == [
        contact.conversation_id
    ]

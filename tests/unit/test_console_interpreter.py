# SPDX-License-Identifier: Apache-2.0
"""The button for an interpreter: for a call of one's own, where an interpreting service is set."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.policy.turn import Said
from tests.console import person, seen

BUTTON = "Ring an interpreter to this call"


@pytest.fixture
def settings(settings):
    return replace(settings, interpreter="+441179000000")


async def call(fingerpost, someone) -> str:
    opened = await fingerpost.conversations.open("voice", call_hash="c" * 64)
    await fingerpost.conversations.hear(opened.contact, Said(key="person"))
    (waiting,) = await fingerpost.handover.queue()
    await fingerpost.handover.accept(waiting.id, someone.id, by_phone=True)
    return waiting.id


async def test_one_button_rings_them(sign_in, fingerpost):
    sam, rung = await sign_in(), []

    class Line:
        async def ring_interpreter(self, call_hash, conversation_id):
            rung.append(call_hash)
            return True

    fingerpost.interpreter.line = Line()
    waiting = await call(fingerpost, sam)
    assert BUTTON in await (await sam.get(f"/staff/people/{waiting}")).text()
    answer = await sam.post(f"/staff/people/{waiting}/interpreter")
    assert answer.status == 303 and rung == ["c" * 64]
    page = await (await sam.get(answer.headers["Location"])).text()
    assert "An interpreter is being rung." in page
    (found,) = await fingerpost.handover.queue()
    assert (sam.id, "interpreter") in await seen(fingerpost, found.conversation_id)


async def test_nobody_is_rung_where_nobody_talks_or_for_a_colleague(sign_in, fingerpost):
    sam, ines = await sign_in(), await sign_in("Ines Reyes")
    waiting = await call(fingerpost, sam)
    status, found = await sam.ask("POST", f"/staff/people/{waiting}/interpreter")
    assert (status, found["code"]) == (409, "no_interpreter")
    status, found = await ines.ask("POST", f"/staff/people/{waiting}/interpreter")
    assert (status, found["code"]) == (403, "not_yours")


async def test_a_ring_that_the_line_refused_is_not_in_the_audit(sign_in, fingerpost):
    sam = await sign_in()

    class Line:
        async def ring_interpreter(self, call_hash, conversation_id):
            return False

    fingerpost.interpreter.line = Line()
    waiting = await call(fingerpost, sam)
    status, found = await sam.ask("POST", f"/staff/people/{waiting}/interpreter")
    assert (status, found["code"]) == (409, "no_interpreter")
    (story,) = await fingerpost.handover.queue()
    assert (sam.id, "interpreter") not in await seen(fingerpost, story.conversation_id)


async def test_a_chat_has_no_such_button(sign_in, fingerpost):
    sam = await sign_in()
    _, waiting = await person(fingerpost, "he is outside my door with a knife")
    await fingerpost.handover.accept(waiting, sam.id)
    assert BUTTON not in await (await sam.get(f"/staff/people/{waiting}")).text()

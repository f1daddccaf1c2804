# SPDX-License-Identifier: Apache-2.0
"""A worker and the person act at the same moment on PostgreSQL: neither stops the other."""

from __future__ import annotations

import asyncio

from bot.policy.turn import Said, State
from bot.store import handovers
from bot.wiring import wire

ASKS, KNIFE = "can i speak to a person please", "he is outside my door with a knife"


async def test_a_worker_accepts_and_speaks_while_danger_is_told(
    on_postgresql, assistant, screen, clock
):
    fingerpost = wire(on_postgresql, clock=clock, assistant=assistant, screen=screen)

    async def later(seconds, work):
        await asyncio.sleep(seconds)
        return await work

    try:
        for number in range(12):
            contact = (await fingerpost.conversations.open("chat")).contact
            await fingerpost.conversations.hear(contact, Said(text=ASKS))
            mine = next(
                w
                for w in await fingerpost.handover.queue()
                if w.conversation_id == contact.conversation_id
            )
            pause = number * 0.001
            await asyncio.gather(
                later(pause, fingerpost.handover.accept(mine.id, "a-worker")),
                fingerpost.conversations.hear(contact, Said(text=KNIFE)),
            )
            await asyncio.gather(
                later(pause, fingerpost.handover.say(mine.id, "a-worker", "I am here")),
                fingerpost.conversations.hear(contact, Said(text=KNIFE)),
            )
            async with fingerpost.store.read() as tx:
                assert len(await handovers.hits_of(tx, contact.conversation_id)) == 2
            assert (await fingerpost.conversations.messages(contact)).state is State.STAFF
    finally:
        await fingerpost.close()

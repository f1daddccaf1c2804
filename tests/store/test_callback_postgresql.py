# SPDX-License-Identifier: Apache-2.0
"""Calls back on PostgreSQL: two workers at one instant, and what is taken back meanwhile."""

from __future__ import annotations

import asyncio
import uuid
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.policy.safe_contact import Permit
from bot.service.ports import ConversationError
from bot.wiring import wire

TEN = datetime(2026, 11, 27, 10, 0, tzinfo=ZoneInfo("Europe/London")).timestamp()
ANSWERS = {"contact_number": "+447400123456", "contact_when": "morning"}


class Ringer:
    """The telephone of a worker, which rings."""

    def __init__(self) -> None:
        self.rung: list[tuple[str, str]] = []

    async def ring_worker(self, record_id, call_id, worker_id, number):
        self.rung.append((call_id, worker_id))
        return True


async def test_one_of_two_workers_rings_and_a_record_goes_with_all_that_hangs_on_it(
    on_postgresql, assistant, screen, clock
):
    clock.now = TEN
    fingerpost = wire(on_postgresql, clock=clock, assistant=assistant, screen=screen)
    calling, story = fingerpost.calling_back, str(uuid.uuid4())
    calling.ringer = Ringer()
    try:
        turns = ["one turn", "one turn"]
        lines = fingerpost.callbacks.draft(ANSWERS)
        booked = await asyncio.gather(
            *(
                fingerpost.callbacks.book(
                    conversation_id=story, turn_id=turn, answers=ANSWERS, lines=lines, medium="chat"
                )
                for turn in turns
            )
        )
        assert booked[0] == booked[1], "a turn that is put twice at once books once"
        (one,) = await calling.board("sam")

        async def begin(worker):
            try:
                await calling.begin(one.id, worker)
            except ConversationError as refused:
                return refused.code
            return "rung"

        assert sorted(await asyncio.gather(begin("sam"), begin("kim"))) == [
            "callback_taken", "rung",
        ]  # fmt: skip
        ((call_id, worker),) = calling.ringer.rung
        leaves = await asyncio.gather(*(calling.leave(call_id, worker) for _ in range(3)))
        assert len([leave for leave in leaves if isinstance(leave, Permit)]) == 1
        await fingerpost.callbacks.withdraw(story)
        assert [c.state for c in await calling.board("sam")] == ["recalled"]
        await fingerpost.retention.erase(story)
        assert await calling.board("sam") == []
    finally:
        await fingerpost.close()

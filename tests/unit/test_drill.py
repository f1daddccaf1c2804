# SPDX-License-Identifier: Apache-2.0
"""A drill goes the whole way, is marked as one everywhere, is never counted and leaves nothing."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace

import pytest
from aiohttp.test_utils import TestServer
from sqlalchemy import select

from bot import drill
from bot.policy.turn import Said
from bot.service import work as works
from bot.service.ports import PageFailed
from bot.store import schema
from bot.store.migrate import migrate
from bot.store.paging_schema import deliveries, drills
from bot.web.app import create_app
from bot.wiring import wire
from tests.fakes import until


class Pager:
    """Writes down every page."""

    def __init__(self) -> None:
        self.pages, self.fails = [], False

    async def page(self, page):
        if self.fails:
            raise PageFailed("no_answer", again=False)
        self.pages.append(page)


@pytest.fixture
async def service(settings, assistant, screen, monkeypatch):
    """A service on real time, at work, with a door on a port of its own."""
    monkeypatch.setattr(works, "EVERY", 0.05)
    await migrate(settings)
    found = wire(settings, clock=time.time, assistant=assistant, screen=screen)
    found.paging.pagers["console"] = Pager()
    work = asyncio.create_task(found.work.run())
    async with TestServer(create_app(found)) as server:
        found.settings = replace(settings, port=server.port)
        yield found
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
    await found.close()


async def kept(service, *tables):
    async with service.store.read() as tx:
        return [row for table in tables for row in (await tx.execute(select(table))).all()]


STORY = (
    schema.conversations, schema.turns, schema.events, schema.handovers, schema.hits,
    schema.counts, deliveries, drills,
)  # fmt: skip


@pytest.mark.parametrize("danger", [False, True])
async def test_a_drill_is_marked_measured_and_leaves_nothing(service, capsys, danger):
    running = asyncio.create_task(drill.run(service.settings, danger=danger, within=10))
    console = service.paging.pagers["console"]
    await until(lambda: console.pages)
    assert all(page.test and "TEST" in page.text for page in console.pages)
    (waiting,) = await service.handover.queue()
    assert waiting.drill and waiting.tier == ("now_first" if danger else "when_ready")
    assert await service.paging.have_it(waiting.id, "a-worker")
    assert await asyncio.wait_for(running, 15) == 0
    told = capsys.readouterr().out
    assert "console" in told and "had it after" in told
    left = [r for r in await kept(service, *STORY) if getattr(r, "conversation_id", None) or
            hasattr(r, "medium") or hasattr(r, "day") or hasattr(r, "means")]  # fmt: skip
    assert left == []
    async with service.keys.database.read() as tx:
        assert (await tx.execute(select(schema.keys))).all() == []


async def test_nobody_who_has_it_in_time_is_a_drill_that_failed(service):
    assert await drill.run(service.settings, danger=False, within=0.3) == 1
    assert await drill.run(service.settings, danger=False, within=0) == 0
    service.paging.pagers["console"].fails = True
    assert await drill.run(service.settings, danger=False, within=0) == 1


async def test_a_drill_takes_no_place_in_the_line_of_anybody(service):
    running = asyncio.create_task(drill.run(service.settings, danger=True, within=10))
    await until(lambda: service.paging.pagers["console"].pages)
    await service.accounts.add("Kim", "worker")
    (kim,) = await service.accounts.names()
    await service.accounts.set_available(kim, True)
    contact = (await service.conversations.open("chat")).contact
    reply = await service.conversations.hear(contact, Said(text=drill.ASKS))
    assert "number 1 in line" in reply.messages[-1].text
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_a_drill_whose_command_was_killed_is_cleared_by_the_service(fingerpost, clock):
    from bot.service.drills import LASTS, Drills

    found = Drills(fingerpost.store, fingerpost.keys, clock)
    contact, other = [(await fingerpost.conversations.open("chat")).contact for _ in range(2)]
    assert await found.mark(contact.conversation_id)
    clock.pass_by(LASTS + 1)
    while await fingerpost.work.one():
        pass
    await found.clear(other.conversation_id)  # nobody's story but a drill's is ever cleared
    rows = await kept(fingerpost, schema.conversations)
    assert [row.id for row in rows] == [other.conversation_id]


async def test_a_drill_that_staff_ended_is_not_counted(fingerpost, clock):
    from bot.service.drills import Drills

    contact = (await fingerpost.conversations.open("chat")).contact
    await Drills(fingerpost.store, fingerpost.keys, clock).mark(contact.conversation_id)
    await fingerpost.conversations.hear(contact, Said(text=drill.DANGER))
    assert await fingerpost.retention.close(contact.conversation_id) == "gone"
    assert await kept(fingerpost, schema.counts) == []


async def test_no_service_is_one_line(settings, unused_tcp_port, capsys):
    await migrate(settings)
    nobody = replace(settings, port=unused_tcp_port)
    assert await drill.run(nobody, danger=False, within=1) == 1
    assert "does not answer" in capsys.readouterr().out


async def test_nobody_sat_with_danger_in_a_drill(fingerpost, clock):
    from bot.service.drills import Drills

    contacts = [(await fingerpost.conversations.open("chat")).contact for _ in range(2)]
    drill_, real = contacts
    assert await Drills(fingerpost.store, fingerpost.keys, clock).mark(drill_.conversation_id)
    for contact, counted in ((drill_, 0), (real, 1)):
        await fingerpost.conversations.hear(contact, Said(text="he is outside with a knife"))
        waits = {w.conversation_id: w.id for w in await fingerpost.handover.queue()}
        await fingerpost.handover.accept(waits[contact.conversation_id], "sam")
        await fingerpost.handover.hand_back(waits[contact.conversation_id], "sam", agreed=True)
        assert (await fingerpost.shift.hard_hours("sam"))[0] == counted

# SPDX-License-Identifier: Apache-2.0
"""Work that comes due: planned anew it is not lost, and what is slow or broken stops no other."""

from __future__ import annotations

import asyncio
import uuid

import pytest

from bot.policy.turn import Said, Understanding
from bot.service import paging
from bot.service import work as works
from bot.store import conversations, records
from tests.fakes import until

KNIFE = "he is outside my door with a knife"


class SlowPager:
    """A pager that answers only when it is let."""

    def __init__(self) -> None:
        self.began, self.let = asyncio.Event(), asyncio.Event()
        self.tiers: list[str] = []

    async def page(self, page):
        self.tiers.append(page.tier)
        self.began.set()
        await self.let.wait()


@pytest.fixture
def pager(fingerpost) -> SlowPager:
    fingerpost.paging.pagers["console"] = found = SlowPager()
    return found


@pytest.fixture
async def running(fingerpost, monkeypatch):
    """The work loop, with hardly a pause."""
    monkeypatch.setattr(works, "EVERY", 0.02)
    monkeypatch.setattr(works, "SWEEP_EVERY", 0.02)
    task = asyncio.create_task(fingerpost.work.run())
    yield task
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def hear(fingerpost, contact, text="", **kwargs):
    return await fingerpost.conversations.hear(contact, Said(text=text, **kwargs))


async def story(fingerpost, *texts):
    opened = await fingerpost.conversations.open("chat")
    for text in texts:
        await hear(fingerpost, opened.contact, text)
    return opened.contact


async def said(fingerpost, contact):
    return [m.say for m in (await fingerpost.conversations.messages(contact)).messages]


async def comes(fingerpost, contact, name):
    for _ in range(250):
        if name in await said(fingerpost, contact):
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"{name} was never said")


async def plan(fingerpost, kind, subject, due_at):
    async with fingerpost.store.write() as tx:
        await records.plan(tx, str(uuid.uuid4()), kind, subject, due_at)


async def test_a_page_asked_for_while_one_is_being_sent_is_sent_too(fingerpost, pager):
    contact = await story(fingerpost, "can i speak to a person please")
    assert await fingerpost.work.one()  # the step; then its page
    sending = asyncio.create_task(fingerpost.work.one())
    await asyncio.wait_for(pager.began.wait(), 5)
    await hear(fingerpost, contact, KNIFE)
    pager.let.set()
    await sending
    while await fingerpost.work.one():
        pass
    assert pager.tiers == ["when_ready", "now_first"]


async def test_a_pager_that_hangs_holds_up_no_words(fingerpost, pager, clock, running):
    contact = await story(fingerpost, KNIFE)
    await pager.began.wait()
    clock.pass_by(61)
    await comes(fingerpost, contact, "danger_nobody_yet")


async def test_a_pager_that_hangs_holds_up_no_other_page(fingerpost, pager, running):
    await story(fingerpost, KNIFE)
    await pager.began.wait()
    await story(fingerpost, KNIFE)
    await until(lambda: len(pager.tiers) == 2)


async def test_a_page_that_takes_too_long_is_sent_again(fingerpost, pager, clock, monkeypatch):
    monkeypatch.setattr(paging, "ONE_TAKES", 0.05)
    await story(fingerpost, KNIFE)
    while await fingerpost.work.one():
        pass
    pager.let.set()
    assert len(pager.tiers) == 1
    clock.pass_by(3)
    while await fingerpost.work.one():
        pass
    assert len(pager.tiers) == 2


async def test_a_sweep_that_hangs_holds_up_no_words(fingerpost, clock, running, monkeypatch):
    began = asyncio.Event()

    async def hangs(conversation_id):
        began.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(fingerpost.retention, "close", hangs)
    quiet = await story(fingerpost, "hello")
    async with fingerpost.store.write() as tx:
        await conversations.change(tx, quiet.conversation_id, closes_at=clock() - 1)
    await began.wait()
    contact = await story(fingerpost, KNIFE)
    clock.pass_by(61)
    await comes(fingerpost, contact, "danger_nobody_yet")


async def test_what_fails_stops_no_other_work(fingerpost, clock, running, monkeypatch):
    broken, well = [await story(fingerpost, KNIFE) for _ in range(2)]
    tell = fingerpost.handover.release.tell

    async def tells(tx, conversation_id, say):
        if conversation_id == broken.conversation_id:
            raise RuntimeError
        await tell(tx, conversation_id, say)

    monkeypatch.setattr(fingerpost.handover.release, "tell", tells)
    clock.pass_by(61)
    await comes(fingerpost, well, "danger_nobody_yet")
    monkeypatch.undo()
    clock.pass_by(works.LEASE + 1)
    await comes(fingerpost, broken, "danger_nobody_yet")


async def test_more_danger_never_puts_off_what_was_due_sooner(fingerpost, clock):
    contact = await story(fingerpost, KNIFE)
    clock.pass_by(50)
    await hear(fingerpost, contact, "he has broken the door and he will kill me")
    clock.pass_by(11)
    while await fingerpost.work.one():
        pass
    assert "danger_nobody_yet" in await said(fingerpost, contact)


async def test_work_planned_anew_while_it_is_done_stays_planned(fingerpost, clock):
    now = clock()
    await plan(fingerpost, "page", "a-story", now)
    async with fingerpost.store.write() as tx:
        row = await records.claim(tx, now, now + 30, ["page"])
    await plan(fingerpost, "page", "a-story", now)
    async with fingerpost.store.write() as tx:
        await records.finish(tx, row.id, now + 30)
        assert await records.claim(tx, now, now + 30, ["page"]) is not None
        assert await records.claim(tx, now, now + 30, ["page"]) is None


class HearsAWorry:
    """A screen that hears a thing to ask about in whatever is said."""

    def understand(self, text, medium, context):
        return Understanding("suicide_risk", "check", act="distress", cues=("rule:passive_wish",))


async def test_silence_after_a_question_about_danger_is_seen_by_staff(fingerpost, pager, clock):
    pager.let.set()
    fingerpost.conversations.turns.reader.screen = HearsAWorry()
    contact = await story(fingerpost, "what is the point of it all")
    assert "check_suicide" in await said(fingerpost, contact)
    clock.pass_by(fingerpost.settings.nobody_after + 1)
    while await fingerpost.work.one():
        pass
    (waiting,) = await fingerpost.handover.queue()
    assert (waiting.reason, waiting.tier, pager.tiers) == ("unsure_suicide", "soon", ["soon"])

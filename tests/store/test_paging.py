# SPDX-License-Identifier: Apache-2.0
"""The chain that calls staff, on both databases and under two edges: each step once, none lost."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.policy.turn import Said, State
from bot.service import work as works
from bot.service.ports import ConversationError, PageFailed
from bot.settings import load
from bot.store import pages, staff
from bot.store.migrate import migrate
from bot.wiring import wire
from tests.store.conftest import two_databases

ASKS, KNIFE = "can i speak to a person please", "he is outside my door with a knife"
ROTA = """
people:
  ann: {email: ann@example.org, sms: "+447700900001"}
  ben: {email: ben@example.org}
teams:
  support:
    shifts:
      - {days: [FR], from: "09:00", to: "17:00", on_call: [ann, ben]}
"""
FRIDAY = datetime(2026, 11, 27, 10, tzinfo=ZoneInfo("Europe/London")).timestamp()


class Pager:
    """Writes down every page; fails for as long as `fails` says so."""

    def __init__(self, fails: PageFailed | None = None) -> None:
        self.fails, self.sent, self.tried = fails, [], 0

    async def page(self, page):
        self.tried += 1
        await asyncio.sleep(0)
        if self.fails:
            raise self.fails
        self.sent.append(page)


class Edges:
    """Two edges over the same stores, with pagers that both use."""

    def __init__(self, found, clock, rota) -> None:
        self.one, self.other = found
        self.clock, self.rota = clock, rota
        self.email, self.sms, self.console = Pager(), Pager(), Pager()
        for edge in found:
            pagers = {"email": self.email, "sms": self.sms, "console": self.console}
            edge.paging.pagers = pagers
            edge.duty.means = pagers

    async def work(self) -> None:
        """Let both edges do all that is due, at once."""

        async def all_of(edge):
            while await edge.work.one():
                pass

        await asyncio.gather(*(all_of(e) for e in (self.one, self.other, self.one, self.other)))

    async def asks(self, text=ASKS, medium="chat"):
        contact = (await self.one.conversations.open(medium)).contact
        await self.one.conversations.hear(contact, Said(text=text))
        (mine,) = [
            w for w in await self.one.handover.queue()
            if w.conversation_id == contact.conversation_id
        ]  # fmt: skip
        return contact, mine.id

    async def said(self, contact):
        return [m.say for m in (await self.one.conversations.messages(contact)).messages]

    async def pages(self, handover_id):
        async with self.one.store.read() as tx:
            return await pages.of_handovers(tx, [handover_id])

    async def worker(self, name):
        await self.one.accounts.add(name, "worker")
        async with self.one.store.read() as tx:
            return (await staff.find(tx, name=name)).id

    def called(self):
        return [(p.to, p.tier) for p in (*self.email.sent, *self.sms.sent)]


@asynccontextmanager
async def made(environ, tmp_path, clock, assistant, screen):
    rota = tmp_path / "rota.yml"
    rota.write_text(ROTA)
    clock.now = FRIDAY
    settings = load(
        {"FINGERPOST_VAR": str(tmp_path), "FINGERPOST_SECRET_KEYS": "k" * 40,
         "FINGERPOST_ROTA": str(rota), **environ}
    )  # fmt: skip
    await migrate(settings)
    found = [wire(settings, clock=clock, assistant=assistant, screen=screen) for _ in range(2)]
    try:
        yield Edges(found, clock, rota)
    finally:
        for edge in found:
            await edge.close()


@pytest.fixture(params=["sqlite", "postgresql"])
async def edges(request, tmp_path, clock, assistant, screen):
    async with AsyncExitStack() as stack:
        environ = {}
        if request.param == "postgresql":
            data, keys = await stack.enter_async_context(two_databases())
            environ = {"FINGERPOST_DATABASE_URL": data, "FINGERPOST_KEYS_URL": keys}
        yield await stack.enter_async_context(made(environ, tmp_path, clock, assistant, screen))


async def test_the_chain_goes_on_until_all_were_called_and_the_person_is_told(edges):
    contact, handover = await edges.asks(KNIFE)
    await edges.work()
    assert edges.called() == [("ann@example.org", "now_first"), ("+447700900001", "now_first")]
    steps = [{"ann"}, {"ann"}, {"ben"}, {"ann", "ben"}, {"ann", "ben"}]
    for step in range(1, 5):
        edges.clock.pass_by(59)
        await edges.work()
        assert max(p.step for p in await edges.pages(handover)) == step - 1
        edges.clock.pass_by(1)
        await edges.work()
    found = await edges.pages(handover)
    assert [{p.person for p in found if p.step == n and p.person} for n in range(5)] == steps
    assert all(p.state == pages.SENT for p in found)
    assert (await edges.said(contact)).count("waiting_nobody_came") == 1
    edges.clock.pass_by(3000)
    await edges.work()
    assert (await edges.said(contact)).count("waiting_nobody_came") == 1
    assert len(edges.email.sent) > 7  # and everybody is called on


async def test_under_two_edges_no_page_is_doubled_and_none_lost(edges):
    handovers = [(await edges.asks(KNIFE))[1] for _ in range(4)]
    for _ in range(3):
        await edges.work()
        edges.clock.pass_by(60)
    sent = Counter(p.id for p in (*edges.email.sent, *edges.sms.sent, *edges.console.sent))
    kept = [p for h in handovers for p in await edges.pages(h)]
    assert set(sent.values()) == {1}
    assert set(sent) == {p.id for p in kept} and {p.tries for p in kept} == {1}
    assert Counter(p.step for p in kept if p.means == "console") == {0: 4, 1: 4, 2: 4}


async def test_a_process_that_died_in_a_step_loses_nothing(edges, monkeypatch):
    """The work is claimed and the process is gone: the other takes it when the lease is over."""
    _, handover = await edges.asks(KNIFE)
    while await edges.one.work._claim(tuple(edges.one.work.kinds)):  # claimed, and then killed
        pass
    await edges.work()
    assert edges.called() == []
    edges.clock.pass_by(works.LEASE + 1)
    await edges.work()
    assert len(edges.called()) == 2
    assert {p.step for p in await edges.pages(handover)} == {0}


async def test_accepting_ends_the_calling(edges):
    _, handover = await edges.asks(KNIFE)
    await edges.work()
    await edges.one.handover.accept(handover, await edges.worker("Kim"), by_phone=True)
    edges.clock.pass_by(600)
    await edges.work()
    assert len(edges.called()) == 2


async def test_a_page_that_was_not_sent_yet_is_not_sent_once_somebody_accepted(edges):
    edges.email.fails = PageFailed("no_answer")
    _, handover = await edges.asks(KNIFE)
    await edges.work()
    await edges.one.handover.accept(handover, await edges.worker("Kim"), by_phone=True)
    edges.email.fails = None
    edges.clock.pass_by(60)
    await edges.work()
    assert edges.email.sent == []
    assert {p.state for p in await edges.pages(handover) if p.means == "email"} == {"not_needed"}


async def test_i_have_it_holds_the_pages_back_and_is_given_to_one(edges):
    contact, handover = await edges.asks()
    await edges.work()
    workers = [await edges.worker(n) for n in ("Kim", "Lou")]
    got = await asyncio.gather(
        edges.one.paging.have_it(handover, workers[0]),
        edges.other.paging.have_it(handover, workers[1]),
    )
    assert sorted(got) == [False, True]
    assert (await edges.said(contact)).count("waiting_seen") == 1
    before = len(edges.called())
    edges.clock.pass_by(599)
    await edges.work()
    assert len(edges.called()) == before
    edges.clock.pass_by(2)  # who had it has not come
    await edges.work()
    assert [p.round for p in await edges.pages(handover) if p.person] == [0, 0, 1, 1]


async def test_i_have_it_is_refused_for_who_is_with_somebody(edges):
    _, handover = await edges.asks()
    await edges.work()
    await edges.one.handover.accept(handover, await edges.worker("Kim"))
    with pytest.raises(ConversationError, match="taken"):
        await edges.other.paging.have_it(handover, await edges.worker("Lou"))


async def test_asking_again_pages_nobody_again_and_danger_begins_anew(edges):
    contact, handover = await edges.asks()
    await edges.work()
    await edges.one.conversations.hear(contact, Said(text=ASKS))
    await edges.work()
    assert [tier for _, tier in edges.called()] == ["when_ready"] * 2
    await edges.one.conversations.hear(contact, Said(text=KNIFE))
    await edges.work()
    assert sorted(tier for _, tier in edges.called()) == ["now_first"] * 2 + ["when_ready"] * 2
    edges.clock.pass_by(60)  # by the times of the higher tier
    await edges.work()
    assert {p.step for p in await edges.pages(handover) if p.round == 1} == {0, 1}


async def test_a_page_that_fails_is_tried_again_and_then_given_up(edges):
    edges.email.fails = edges.sms.fails = PageFailed("no_answer")
    _, handover = await edges.asks()
    for _ in range(20):
        await edges.work()
        edges.clock.pass_by(2)
    first = [p for p in await edges.pages(handover) if p.step == 0 and p.person]
    assert {(p.state, p.tries, p.error) for p in first} == {("failed", 5, "no_answer")}
    # Nobody was reached, so the next on the rota is called long before the time was over.
    assert {p.person for p in await edges.pages(handover) if p.step == 1} == {"", "ben"}


async def test_a_refusal_is_not_tried_again_and_another_means_keeps_the_step(edges):
    edges.email.fails = PageFailed("address_refused", again=False)
    _, handover = await edges.asks()
    await edges.work()
    edges.clock.pass_by(30)
    await edges.work()
    assert edges.email.tried == 1
    assert {p.step for p in await edges.pages(handover)} == {0}


async def test_a_page_holds_a_tier_and_a_link_and_no_word_of_the_person(edges):
    await edges.asks("my name is Zebedee Quill and i want to speak to a person please")
    await edges.work()
    assert edges.email.sent and edges.sms.sent
    for page in (*edges.email.sent, *edges.sms.sent, *edges.console.sent):
        held = f"{page.subject} {page.text} {page.spoken} {page.link}".lower()
        assert "when ready" in held and page.link.endswith("/staff")
        assert "zebedee" not in held and "quill" not in held and not page.test


async def test_somebody_is_promised_only_while_somebody_is_on_the_rota(edges):
    contact, _ = await edges.asks()
    assert "person_asked" in await edges.said(contact)
    edges.clock.now += 8 * 3600
    contact, _ = await edges.asks()
    assert "person_nobody_until" in await edges.said(contact)
    edges.rota.write_text(ROTA.replace("[FR]", "[FR, SA]"))
    reply = await edges.other.conversations.hear(contact, Said(text=ASKS))
    assert "tomorrow at 9 am" in reply.messages[-1].text


async def test_a_rota_that_was_broken_while_we_run_changes_nothing(edges):
    edges.rota.write_text("people: nobody")
    contact, _ = await edges.asks()
    assert "person_asked" not in await edges.said(contact)  # never read: nobody is known
    edges.rota.write_text(ROTA + "# whole again")
    contact, _ = await edges.asks()
    assert "person_asked" in await edges.said(contact)
    edges.rota.write_text("people: nobody at all")
    contact, _ = await edges.asks()
    assert "person_asked" in await edges.said(contact) and edges.one.roster.problems


async def test_who_left_is_called_for_and_never_written_to(edges):
    contact, handover = await edges.asks(KNIFE)
    await edges.one.conversations.leave(contact)
    before = await edges.said(contact)
    for _ in range(6):
        await edges.work()
        edges.clock.pass_by(60)
    assert len(edges.called()) > 2
    await edges.other.paging.have_it(handover, await edges.worker("Kim"))
    assert await edges.said(contact) == before
    (row,) = await edges.one.handover.queue()
    assert row.left


async def test_two_workers_accept_at_the_same_instant(edges):
    for number in range(6):
        contact, handover = await edges.asks(KNIFE)
        got = await asyncio.gather(
            edges.one.handover.accept(handover, await edges.worker(f"Kim {number}")),
            edges.other.handover.accept(handover, await edges.worker(f"Lou {number}")),
            return_exceptions=True,
        )
        assert sorted(isinstance(one, ConversationError) for one in got) == [False, True]
        assert (await edges.said(contact)).count("staff_joined") == 1
        assert (await edges.other.conversations.messages(contact)).state is State.STAFF


async def test_a_workers_browser_dies_and_the_calling_begins_again(edges):
    contact, handover = await edges.asks(KNIFE)
    await edges.work()
    await edges.one.handover.accept(handover, await edges.worker("Kim"))
    edges.clock.pass_by(staff.GONE_AFTER + 1)
    await edges.work()
    (row,) = await edges.one.handover.queue()
    assert (row.state, row.tier) == ("waiting", "now_first") and row.id != handover
    assert {p.step for p in await edges.pages(row.id)} == {0}
    assert len(edges.called()) == 4
    assert (await edges.said(contact)).count("staff_gone") == 1

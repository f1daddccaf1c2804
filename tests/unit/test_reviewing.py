# SPDX-License-Identifier: Apache-2.0
"""A closed story that a flag holds: safeguarding leads alone read it, and they are called to it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.policy.turn import Said, State
from bot.service.ports import ConversationError, PageFailed
from bot.store import console_rows, handovers, staff
from bot.store.rota import Roster
from bot.store.schema import counts
from tests.console import DANGER, person, seen

HOUR = 3600.0
EVERY_DAY = "days: [MO, TU, WE, TH, FR, SA, SU], from: '00:00', to: '00:00'"


async def account(fingerpost, name: str, role: str) -> str:
    await fingerpost.accounts.add(name, role)
    async with fingerpost.store.read() as tx:
        return (await staff.find(tx, name=name)).id


async def close(fingerpost, clock) -> None:
    clock.pass_by(fingerpost.settings.idle_closes_after + 1)
    assert (await fingerpost.retention.run())["held"] == 1


async def row_of(fingerpost, contact):
    (row,) = [
        w for w in await fingerpost.handover.queue() if w.conversation_id == contact.conversation_id
    ]
    return row


async def comes_in(fingerpost, how: str, handover_id: str, who: str, other: str) -> None:
    """Come into a story by one of the three ways there are, and read what is in it."""
    if how == "accept":
        await fingerpost.handover.accept(handover_id, who)
    else:
        await fingerpost.handover.accept(handover_id, other)
    if how == "join":
        await fingerpost.colleagues.join(handover_id, who)
    if how == "take_over":
        async with fingerpost.store.write() as tx:
            await console_rows.offer(tx, handover_id, who)
        await fingerpost.colleagues.take_over(handover_id, who)
    assert await fingerpost.desk.flags(handover_id, who)


@pytest.mark.parametrize("how", ["accept", "join", "take_over"])
@pytest.mark.parametrize(
    ("role", "closed", "refused"),
    [
        ("worker", False, None),
        ("supervisor", False, None),
        ("safeguarding", False, None),
        ("worker", True, "review"),
        ("supervisor", True, "review"),
        ("safeguarding", True, None),
    ],
)
async def test_once_closed_it_is_read_by_safeguarding_alone(
    fingerpost, clock, how, role, closed, refused
):
    contact, _ = await person(fingerpost, DANGER)
    if closed:
        await close(fingerpost, clock)
    waiting = await row_of(fingerpost, contact)
    who = await account(fingerpost, "Sam", role)
    other = await account(fingerpost, "Ada", "safeguarding")
    if refused is None:
        await comes_in(fingerpost, how, waiting.id, who, other)
        return
    with pytest.raises(ConversationError, match=refused):
        await comes_in(fingerpost, how, waiting.id, who, other)
    with pytest.raises(ConversationError):
        await fingerpost.desk.flags(waiting.id, who)


@pytest.mark.parametrize(
    ("role", "keeps"), [("worker", False), ("supervisor", False), ("safeguarding", True)]
)
async def test_whoever_had_it_at_closing_lets_go_of_it(fingerpost, clock, role, keeps):
    contact, waiting = await person(fingerpost, DANGER)
    who = await account(fingerpost, "Sam", role)
    beside = await account(fingerpost, "Ines", "supervisor")
    await fingerpost.handover.accept(waiting, who)
    await fingerpost.colleagues.join(waiting, beside)
    clock.pass_by(60)
    await close(fingerpost, clock)
    row = await row_of(fingerpost, contact)
    assert (row.closed, row.worker_id) == (True, who if keeps else None)
    assert (await fingerpost.conversations.messages(contact)).state is State.ENDED
    for one, reads in ((who, keeps), (beside, False)):
        if reads:
            assert await fingerpost.desk.flags(row.id, one)
            continue
        for number in {waiting, row.id}:
            with pytest.raises(ConversationError):
                await fingerpost.desk.flags(number, one)
    assert ((who, "dropped") in await seen(fingerpost, contact.conversation_id)) is not keeps


@pytest.mark.parametrize("there", [True, False])
async def test_who_is_at_work_in_a_story_loses_it_to_no_closing(fingerpost, clock, there):
    """As a worker does who reads the address to 999 while the person has left the page."""
    contact, waiting = await person(fingerpost, DANGER)
    who = await account(fingerpost, "Sam", "worker")
    await fingerpost.handover.accept(waiting, who)
    await fingerpost.conversations.leave(contact)
    for _ in range(2):
        clock.pass_by(fingerpost.settings.idle_closes_after + 1)
        if there:
            await fingerpost.accounts.seen(who)
            await fingerpost.handover.brief(waiting, who)
        await fingerpost.retention.run()
    row = await row_of(fingerpost, contact)
    assert (row.closed, row.worker_id) == ((False, who) if there else (True, None))
    if there:
        assert await fingerpost.desk.flags(waiting, who)
        await close(fingerpost, clock)  # once they are gone


async def test_a_console_left_open_keeps_no_story_for_ever(fingerpost, clock):
    _, waiting = await person(fingerpost, "can i speak to a person please")
    who = await account(fingerpost, "Sam", "worker")
    await fingerpost.handover.accept(waiting, who)
    await fingerpost.desk.talk(waiting, who)
    clock.pass_by(fingerpost.settings.idle_closes_after + 1)
    await fingerpost.accounts.seen(who)
    await fingerpost.desk.talk(waiting, who)  # as the page asks when its line comes back
    assert (await fingerpost.retention.run())["closed"] == 1
    assert not await fingerpost.handover.queue()


async def test_a_call_goes_on_under_both_for_as_long_as_it_lasts(fingerpost, clock):
    """The worker has it by a PIN: no console is open, and nothing is written while they talk."""
    contact = await fingerpost.conversations.open_call("a call")
    await fingerpost.conversations.hear(contact, Said(text="can i speak to a person please"))
    (waiting,) = await fingerpost.handover.queue()
    who = await account(fingerpost, "Sam", "worker")
    await fingerpost.handover.accept(waiting.id, who, by_phone=True)
    clock.pass_by(fingerpost.settings.idle_closes_after + 1)
    assert (await fingerpost.retention.run())["closed"] == 0
    await fingerpost.conversations.leave(contact)  # they hung up
    clock.pass_by(fingerpost.settings.idle_closes_after + 1)
    assert (await fingerpost.retention.run())["closed"] == 1


async def test_words_in_a_talk_keep_it_open_under_both(fingerpost, clock):
    contact, waiting = await person(fingerpost, "can i speak to a person please")
    who = await account(fingerpost, "Sam", "worker")
    await fingerpost.handover.accept(waiting, who)
    for _ in range(3):
        clock.pass_by(fingerpost.settings.idle_closes_after - 60)
        await fingerpost.handover.say(waiting, who, "I am still here.")
        assert (await fingerpost.retention.run())["closed"] == 0
    assert await row_of(fingerpost, contact) is not None


async def test_what_somebody_wants_erased_goes_though_a_worker_has_it(fingerpost, clock):
    contact, waiting = await person(fingerpost, "can i speak to a person please")
    who = await account(fingerpost, "Sam", "worker")
    await fingerpost.handover.accept(waiting, who)
    await fingerpost.retention.ask_to_erase(contact.conversation_id)
    clock.pass_by(60)
    await fingerpost.accounts.seen(who)
    assert (await fingerpost.retention.run())["closed"] == 1


async def test_nobody_without_the_role_is_offered_a_closed_story(fingerpost, clock):
    contact, waiting = await person(fingerpost, DANGER)
    await close(fingerpost, clock)
    lead = await account(fingerpost, "Ada", "safeguarding")
    await fingerpost.handover.accept(waiting, lead)
    sam = await account(fingerpost, "Sam", "worker")
    ben = await account(fingerpost, "Ben", "safeguarding")
    with pytest.raises(ConversationError, match="review"):
        await fingerpost.colleagues.offer(waiting, lead, sam)
    await fingerpost.colleagues.offer(waiting, lead, ben)
    await fingerpost.colleagues.take_over(waiting, ben)
    assert (await row_of(fingerpost, contact)).worker_id == ben


# -- who is called ---------------------------------------------------------------------------


class Pager:
    """Writes down whom each page went to, and what it was about."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.refused = ""

    async def page(self, page) -> None:
        if page.to == self.refused:
            raise PageFailed("address_refused", again=False)
        about = "soon gone" if "nearly over" in page.text else "closed"
        self.sent.append((page.to, about if "safeguarding" in page.text else "waits"))


@pytest.fixture
async def called(fingerpost, tmp_path):
    """Ann, whose account is a lead's, and Ben on duty round the clock."""
    await account(fingerpost, "Ann Lee", "safeguarding")
    await account(fingerpost, "Ben", "worker")
    people = "people:\n  ann: {name: ANN LEE, email: ann@x.org}\n"
    people += "  ben: {name: Ben, email: ben@x.org}\n"
    teams = f"teams:\n  all:\n    shifts:\n      - {{{EVERY_DAY}, on_call: [ann, ben]}}\n"
    (tmp_path / "rota.yml").write_text(people + teams)
    found = Pager()
    fingerpost.duty.roster = Roster(tmp_path / "rota.yml")
    fingerpost.paging.pagers["email"] = found
    fingerpost.duty.means = {"email"}
    return found


async def work(fingerpost) -> None:
    while await fingerpost.work.one():
        pass


async def news(fingerpost, pager, clock, seconds: float = 0.0) -> list[tuple[str, str]]:
    """Return the pages of the flag that came in this time, the story swept as it goes."""
    pager.sent.clear()
    clock.pass_by(seconds)
    await fingerpost.retention.run()
    await work(fingerpost)
    return [(to, about) for to, about in pager.sent if about != "waits"]


async def lapsed(fingerpost) -> int:
    async with fingerpost.store.read() as tx:
        query = select(counts.c.number).where(counts.c.name == "review_lapsed")
        return (await tx.execute(query)).scalar() or 0


async def test_a_lead_is_called_when_it_begins_and_before_it_lapses_and_a_lapse_is_counted(
    fingerpost, clock, called
):
    contact, _ = await person(fingerpost, DANGER)
    await work(fingerpost)
    after = fingerpost.settings.idle_closes_after + 1
    assert await news(fingerpost, called, clock, after) == [("ann@x.org", "closed")]
    assert await news(fingerpost, called, clock, 400) == []
    soon = fingerpost.settings.hit_held_for - fingerpost.settings.review_reminded_before - after
    assert await news(fingerpost, called, clock, soon) == [("ann@x.org", "soon gone")]
    assert await news(fingerpost, called, clock, 400) == []
    assert await lapsed(fingerpost) == 0
    assert await news(fingerpost, called, clock, 6 * HOUR) == []
    assert await lapsed(fingerpost) == 1
    async with fingerpost.store.read() as tx:
        assert await handovers.open_for(tx, contact.conversation_id) is None


async def test_where_no_lead_is_on_duty_whoever_is_on_duty_is_told(
    fingerpost, clock, called, tmp_path
):
    rota = tmp_path / "rota.yml"
    rota.write_text(rota.read_text().replace("on_call: [ann, ben]", "on_call: [ben]"))
    fingerpost.duty.roster = Roster(rota)
    await person(fingerpost, DANGER)
    await work(fingerpost)
    after = fingerpost.settings.idle_closes_after + 1
    assert await news(fingerpost, called, clock, after) == [("ben@x.org", "closed")]


async def test_where_no_way_of_the_lead_works_whoever_else_is_on_duty_is_told(
    fingerpost, clock, called
):
    called.refused = "ann@x.org"
    await person(fingerpost, DANGER)
    await work(fingerpost)
    after = fingerpost.settings.idle_closes_after + 1
    assert await news(fingerpost, called, clock, after) == [("ben@x.org", "closed")]


async def test_what_was_judged_calls_nobody_again_and_is_no_lapse(fingerpost, clock, called):
    contact, _ = await person(fingerpost, DANGER)
    await close(fingerpost, clock)
    lead = await account(fingerpost, "Ada", "safeguarding")
    waiting = (await row_of(fingerpost, contact)).id
    await fingerpost.handover.accept(waiting, lead)
    (flag,) = await fingerpost.desk.flags(waiting, lead)
    await fingerpost.desk.review(waiting, flag.id, lead, "right")
    assert await news(fingerpost, called, clock, 71 * HOUR) == []
    assert await lapsed(fingerpost) == 0

# SPDX-License-Identifier: Apache-2.0
"""Booking a call back, ringing it, taking it back: what is kept, and what may happen when."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.policy.safe_contact import CALLBACK, Permit, Refusal
from bot.policy.turn import Line
from bot.service import contact_plan
from bot.service.callback import DUE, MISSED, SOON
from bot.service.export import export
from bot.service.ports import ConversationError, PageFailed
from bot.store import callbacks, console_rows, conversations, records
from bot.store.keys import KeyGone
from bot.store.rota import Roster
from tests.notes import LINES

LONDON = ZoneInfo("Europe/London")
ANSWERS = {
    "contact_number": "+447400123456", "contact_when": "morning", "contact_voicemail": "no",
    "contact_code_word": "banana", "contact_cover": "cover_hang_up", "contact_unknown": "yes",
}  # fmt: skip
SAM, KIM = "sam", "kim"


def london(*when: int) -> float:
    return datetime(*when, tzinfo=LONDON).timestamp()


FRIDAY = london(2026, 11, 27, 10, 0)
SATURDAY = (london(2026, 11, 28, 9, 0), london(2026, 11, 28, 12, 0))


class Ringer:
    """The telephone, which rings a worker or cannot."""

    def __init__(self) -> None:
        self.rung: list[str] = []
        self.works = True

    async def ring_worker(self, record_id, call_id, worker_id, number):
        self.rung.append(call_id)
        return self.works


@pytest.fixture
def ringer(fingerpost, clock) -> Ringer:
    clock.now = FRIDAY
    fingerpost.calling_back.ringer = Ringer()
    return fingerpost.calling_back.ringer


@pytest.fixture
def story() -> str:
    return str(uuid.uuid4())


async def book(fingerpost, story, turn="", by="person", **other):
    answers = ANSWERS | other
    lines = fingerpost.callbacks.draft(answers)
    return await fingerpost.callbacks.book(
        conversation_id=story, turn_id=turn or str(uuid.uuid4()), answers=answers, lines=lines,
        medium="chat", by=by,
    )  # fmt: skip


async def the_one(fingerpost):
    found = await fingerpost.calling_back.board(SAM)
    assert len(found) == 1
    return found[0]


async def begun(fingerpost, ringer):
    """Let Sam begin the one call there is; return its callback and the call's id."""
    one = await the_one(fingerpost)
    await fingerpost.calling_back.begin(one.id, SAM)
    return one.id, ringer.rung[-1]


async def planned(fingerpost, callback_id):
    from sqlalchemy import select

    from bot.store.schema import due

    async with fingerpost.store.read() as tx:
        rows = (await tx.execute(select(due).where(due.c.subject == callback_id))).all()
    return {row.kind: row.due_at for row in rows}


# -- booking -----------------------------------------------------------------------------------


async def test_a_yes_books_the_next_safe_time_and_is_told_once(fingerpost, ringer, story):
    booked = await book(fingerpost, story)
    told = fingerpost.callbacks.told(booked)
    assert (told["day"], told["from"], told["to"]) == (
        "today, Friday 27 November", "10 am", "12 pm",
    )  # fmt: skip
    one = await the_one(fingerpost)
    assert one.plan.number == "+447400123456" and one.plan.code_word == "banana"
    assert one.plan.our_word == booked.our_word and len(booked.our_word.split()) == 2
    assert one.plan.says("text") == "not_asked" and one.plan.says("voicemail") == "no"
    assert (one.medium, one.wording) == ("chat", fingerpost.words.version)
    assert one.reference == booked.reference and one.given_at == FRIDAY
    assert await planned(fingerpost, one.id) == {DUE: FRIDAY, MISSED: london(2026, 11, 27, 12, 0)}


@pytest.mark.parametrize(("days", "first", "again"), [
    ("weekdays", "today, Friday 27 November", (30, 9)),
    ("weekend", "tomorrow, Saturday 28 November", (29, 9)),
    ("any_day", "today, Friday 27 November", (28, 9)), ("", "today, Friday 27 November", (28, 9)),
])  # fmt: skip
async def test_nobody_is_rung_on_a_day_that_is_not_safe_nor_tried_again_on_one(
    fingerpost, ringer, clock, story, days, first, again
):
    booked = await book(fingerpost, story, contact_days=days)
    assert fingerpost.callbacks.told(booked)["day"] == first
    one = await the_one(fingerpost)
    clock.now = booked.ends
    await fingerpost.calling_back.goes_by(one.id)
    row = await the_one(fingerpost)
    assert row.due_at == london(2026, 11, *again, 0)
    when = next(line.text for line in row.lines if line.id == "contact_when")
    assert ("," in when) is bool(days), "the time and its days are one line"


@pytest.mark.parametrize(
    ("chosen", "kept"), [("", "no thanks, not today"), ("is that the garage", "is that the garage")]
)
async def test_words_that_end_the_call_are_theirs_or_ours_and_are_told_with_the_receipt(
    fingerpost, ringer, story, chosen, kept
):
    booked = await book(fingerpost, story, contact_stop_word=chosen)
    one = await the_one(fingerpost)
    assert one.plan.stop_word == booked.stop_word == kept
    assert kept in [line.text for line in one.lines if line.id == "contact_stop_word"]
    said = fingerpost.callbacks.told(booked)["stop"]
    assert said == f"If you need to stop, say: {kept}. We will say bye and end the call."


async def test_who_takes_them_out_is_told_of_none(fingerpost, ringer, story):
    lines = fingerpost.callbacks.draft(ANSWERS, ["contact_stop_word"])
    booked = await fingerpost.callbacks.book(
        conversation_id=story, turn_id="turn", answers=ANSWERS, lines=lines, medium="chat"
    )
    assert (await the_one(fingerpost)).plan.stop_word == ""
    assert fingerpost.callbacks.told(booked)["stop"] == "You can hang up at any time."


async def test_little_of_a_safe_time_left_books_the_next(fingerpost, ringer, story, clock):
    clock.now = london(2026, 11, 27, 11, 45)
    told = fingerpost.callbacks.told(await book(fingerpost, story))
    assert (told["day"], told["from"], told["to"]) == (
        "tomorrow, Saturday 28 November", "9 am", "12 pm",
    )  # fmt: skip


async def test_a_turn_that_is_put_again_books_once(fingerpost, ringer, story):
    first = await book(fingerpost, story, "turn")
    assert await book(fingerpost, story, "turn") == first
    await the_one(fingerpost)


async def test_a_second_call_of_one_story_takes_the_place_of_the_first(fingerpost, ringer, story):
    await book(fingerpost, story)
    second = await book(fingerpost, story, contact_number="+447400123457")
    one = await the_one(fingerpost)
    assert (one.reference, one.plan.number) == (second.reference, "+447400123457")


@pytest.mark.parametrize("without", [
    {"contact_number": "not_asked"}, {"contact_number": "skip"}, {"contact_when": "skip"},
    {"contact_when": "not_asked"}, {"contact_unknown": "no"},
])  # fmt: skip
async def test_without_a_safe_way_there_is_nothing_to_agree_to(fingerpost, ringer, without):
    assert fingerpost.callbacks.draft(ANSWERS | without) == []


async def test_what_was_struck_out_was_not_said(fingerpost, ringer, story):
    lines = fingerpost.callbacks.draft(ANSWERS, ["contact_voicemail", "contact_code_word"])
    await fingerpost.callbacks.book(
        conversation_id=story, turn_id="t", answers=ANSWERS, lines=lines, medium="chat"
    )
    plan = (await the_one(fingerpost)).plan
    assert plan.says("voicemail") == "not_asked" and plan.code_word == ""
    number_only = [line for line in lines if line.id != "contact_number"]
    assert None is await fingerpost.callbacks.book(
        conversation_id=story, turn_id="u", answers=ANSWERS, lines=number_only, medium="chat"
    )


async def test_nothing_of_a_plan_stands_open_in_the_database(fingerpost, ringer, story, settings):
    await book(fingerpost, story)
    held = b"".join(p.read_bytes() for p in settings.var.glob("fingerpost.db*"))
    held = held or b"".join(p.read_bytes() for p in settings.var.glob("*.db*"))
    assert held and b"7400123456" not in held and b"banana" not in held


# -- taking it back ----------------------------------------------------------------------------


async def test_a_call_taken_back_is_not_made(fingerpost, ringer, story):
    await book(fingerpost, story)
    one = await the_one(fingerpost)
    assert await fingerpost.callbacks.withdraw(story) == 1
    assert await fingerpost.callbacks.withdraw(story) == 0
    assert await fingerpost.calling_back.board(SAM) == []
    assert await planned(fingerpost, one.id) == {}
    with pytest.raises(ConversationError, match="contact_withdrawn"):
        await fingerpost.calling_back.begin(one.id, SAM)
    assert ringer.rung == []


async def test_who_comes_back_in_another_talk_cancels_by_the_reference(fingerpost, ringer, story):
    booked = await book(fingerpost, story)
    another = str(uuid.uuid4())
    assert await fingerpost.callbacks.withdraw(another) == 0
    assert await fingerpost.callbacks.withdraw(another, "AAAAAA") == 0
    assert await fingerpost.callbacks.withdraw(another, booked.reference) == 0, "not told"
    assert await fingerpost.calling_back.board(SAM) == []


async def test_the_reference_of_a_call_takes_back_that_call_alone(fingerpost, ringer, story):
    booked = await book(fingerpost, story)
    other = await book(fingerpost, str(uuid.uuid4()))
    assert await fingerpost.callbacks.withdraw(story, booked.reference) == 1
    assert [c.reference for c in await fingerpost.calling_back.board(SAM)] == [other.reference]


async def test_the_reference_of_a_note_takes_back_no_call_and_the_other_way_round(
    fingerpost, ringer, story
):
    booked = await book(fingerpost, story)
    note = await fingerpost.referrals.consent(
        conversation_id=story, turn_id="t", service_id="mill", lines=LINES, medium="chat"
    )
    assert await fingerpost.callbacks.withdraw(story, note) == 0
    assert await fingerpost.referrals.withdraw(story, booked.reference) == 0
    assert (await the_one(fingerpost)).reference == booked.reference
    assert [n.state for n in await fingerpost.referrals.to_act_on(SAM)] == ["to_send"]
    assert await fingerpost.referrals.withdraw(story, note) == 1
    assert await fingerpost.callbacks.withdraw(story, booked.reference) == 1


async def test_everything_takes_back_both(fingerpost, ringer, story):
    await book(fingerpost, story)
    await fingerpost.referrals.consent(
        conversation_id=story, turn_id="t", service_id="mill", lines=LINES, medium="chat"
    )
    assert await fingerpost.callbacks.withdraw(story) == 1
    assert await fingerpost.referrals.withdraw(story) == 1


async def test_staff_are_told_when_it_is_taken_back_in_the_middle(fingerpost, ringer, story):
    await book(fingerpost, story)
    callback_id, call_id = await begun(fingerpost, ringer)
    assert await fingerpost.callbacks.withdraw(story) == 1
    assert (await the_one(fingerpost)).state == "recalled"
    assert await fingerpost.calling_back.leave(call_id, SAM) == Refusal("withdrawn")
    await fingerpost.calling_back.noted(callback_id, SAM)
    assert await fingerpost.calling_back.board(SAM) == []


async def test_delete_everything_erases_the_plan_too(fingerpost, ringer):
    contact = (await fingerpost.conversations.open("chat")).contact
    await book(fingerpost, contact.conversation_id)
    async with fingerpost.store.read() as tx:
        record = (await callbacks.records_of(tx, contact.conversation_id))[0]
    await fingerpost.retention.ask_to_erase(contact.conversation_id)
    await fingerpost.retention.run()
    async with fingerpost.store.read() as tx:
        assert await callbacks.record(tx, record.id) is None
    with pytest.raises(KeyGone):
        await fingerpost.keys.box(record.id)


async def test_a_plan_goes_when_its_time_is_over(fingerpost, ringer, story, clock, settings):
    await book(fingerpost, story)
    clock.pass_by(settings.consent_kept_for - 1)
    await fingerpost.retention.run()
    await the_one(fingerpost)
    clock.pass_by(2)
    await fingerpost.retention.run()
    assert await fingerpost.calling_back.board(SAM) == []


# -- ringing -----------------------------------------------------------------------------------


async def test_leave_is_for_this_number_now_and_once(fingerpost, ringer, story):
    await book(fingerpost, story)
    _, call_id = await begun(fingerpost, ringer)
    leave = await fingerpost.calling_back.leave(call_id, SAM)
    assert leave == Permit("call", "+447400123456", CALLBACK)
    assert await fingerpost.calling_back.leave(call_id, SAM) == Refusal("rung_already")


async def test_nobody_else_gets_leave_or_hears_the_words(fingerpost, ringer, story):
    await book(fingerpost, story)
    _, call_id = await begun(fingerpost, ringer)
    assert await fingerpost.calling_back.leave(call_id, KIM) == Refusal("withdrawn")
    assert await fingerpost.calling_back.first_words(call_id, KIM) is None
    assert (await fingerpost.calling_back.first_words(call_id, SAM)).code_word == "banana"


async def test_the_safe_time_is_looked_at_again_when_it_rings(fingerpost, ringer, story, clock):
    await book(fingerpost, story)
    _, call_id = await begun(fingerpost, ringer)
    clock.now = london(2026, 11, 27, 12, 0)
    assert await fingerpost.calling_back.leave(call_id, SAM) == Refusal("outside_times")


async def test_outside_the_safe_time_it_does_not_begin(fingerpost, ringer, story, clock):
    await book(fingerpost, story)
    clock.now = london(2026, 11, 27, 12, 1)
    with pytest.raises(ConversationError, match="contact_outside_times"):
        await fingerpost.calling_back.begin((await the_one(fingerpost)).id, SAM)
    assert ringer.rung == []


async def test_of_two_workers_one_has_the_call(fingerpost, ringer, story):
    await book(fingerpost, story)
    callback_id, _ = await begun(fingerpost, ringer)
    with pytest.raises(ConversationError, match="callback_taken"):
        await fingerpost.calling_back.begin(callback_id, KIM)
    with pytest.raises(ConversationError, match="not_yours"):
        await fingerpost.calling_back.record(callback_id, KIM, "reached")


async def test_a_worker_who_cannot_be_rung_leaves_it_booked(fingerpost, ringer, story):
    ringer.works = False
    await book(fingerpost, story)
    with pytest.raises(ConversationError, match="no_line"):
        await fingerpost.calling_back.begin((await the_one(fingerpost)).id, SAM)
    one = await the_one(fingerpost)
    assert (one.state, one.attempts) == ("booked", 0)


async def went(fingerpost, ringer, outcome):
    callback_id, call_id = await begun(fingerpost, ringer)
    assert isinstance(await fingerpost.calling_back.leave(call_id, SAM), Permit)
    await fingerpost.calling_back.record(callback_id, SAM, outcome)
    return callback_id


async def test_no_answer_is_tried_on_another_day_and_not_for_ever(fingerpost, ringer, story, clock):
    await book(fingerpost, story)
    callback_id = await went(fingerpost, ringer, "no_answer")
    one = await the_one(fingerpost)
    assert (one.state, one.due_at, one.until) == ("booked", *SATURDAY)
    for day in (28, 29):
        clock.now = london(2026, 11, day, 9, 30)
        await went(fingerpost, ringer, "no_answer")
    assert await fingerpost.calling_back.board(SAM) == []
    assert await planned(fingerpost, callback_id) == {}


@pytest.mark.parametrize("outcome", ["wrong_voice", "unsafe", "near_miss"])
async def test_after_a_wrong_voice_a_person_decides(fingerpost, ringer, story, outcome, clock):
    await book(fingerpost, story)
    callback_id = await went(fingerpost, ringer, outcome)
    one = await the_one(fingerpost)
    assert (one.state, one.refused) == ("held", "held")
    assert await planned(fingerpost, callback_id) == {}
    clock.now = SATURDAY[0]
    with pytest.raises(ConversationError, match="contact_held"):
        await fingerpost.calling_back.begin(callback_id, KIM)
    await fingerpost.calling_back.decide(callback_id, KIM, again=True)
    await fingerpost.calling_back.begin(callback_id, KIM)
    assert [o for _, o in (await the_one(fingerpost)).outcomes] == [outcome, ""]


async def test_who_decides_against_it_ends_it(fingerpost, ringer, story):
    await book(fingerpost, story)
    callback_id = await went(fingerpost, ringer, "wrong_voice")
    await fingerpost.calling_back.decide(callback_id, KIM, again=False)
    assert await fingerpost.calling_back.board(SAM) == []
    with pytest.raises(ConversationError, match="unknown"):
        await fingerpost.calling_back.decide(callback_id, KIM, again=True)


async def test_every_version_of_a_plan_is_kept(fingerpost, ringer, story):
    await book(fingerpost, story)
    callback_id = await went(fingerpost, ringer, "wrong_voice")
    await fingerpost.calling_back.decide(callback_id, KIM, again=True)
    history = (await the_one(fingerpost)).history
    assert [(v.changed_by, v.agreed.plan.held) for v in history] == [
        (contact_plan.THE_PERSON, False), (SAM, True), (KIM, False),
    ]  # fmt: skip
    assert all(v.agreed.lines == history[0].agreed.lines for v in history)


async def test_reached_is_done(fingerpost, ringer, story):
    await book(fingerpost, story)
    await went(fingerpost, ringer, "reached")
    assert await fingerpost.calling_back.board(SAM) == []


# -- what comes due ----------------------------------------------------------------------------


async def test_staff_are_reminded_when_a_safe_time_begins(fingerpost, ringer, story, clock):
    paged = []

    class Pager:
        async def page(self, page):
            paged.append(page)

    fingerpost.paging.pagers["console"] = Pager()
    clock.now = london(2026, 11, 27, 8, 0)
    await book(fingerpost, story)
    assert not await fingerpost.work.one()
    clock.now = london(2026, 11, 27, 9, 0)
    while await fingerpost.work.one():
        pass
    one = await the_one(fingerpost)
    assert [page.tier for page in paged] == ["soon"]
    for said in (one.reference, one.plan.number, one.plan.our_word):
        assert said not in repr(paged)


async def test_staff_are_reminded_before_a_safe_time_and_the_person_never(
    fingerpost, ringer, story, clock
):
    paged = []

    class Pager:
        async def page(self, page):
            paged.append(page.text)

    fingerpost.paging.pagers["console"] = Pager()
    clock.now = london(2026, 11, 27, 8, 0)
    await book(fingerpost, story)
    clock.now = london(2026, 11, 27, 8, 29)
    assert not await fingerpost.work.one()
    clock.now = london(2026, 11, 27, 8, 30)
    while await fingerpost.work.one():
        pass
    assert len(paged) == 1 and "within the hour" in paged[0] and ringer.rung == []
    clock.now = london(2026, 11, 27, 9, 0)
    while await fingerpost.work.one():
        pass
    assert len(paged) == 2 and "a call is due." in paged[1]


async def test_nobody_is_reminded_of_a_call_that_was_taken_back(fingerpost, ringer, story, clock):
    clock.now = london(2026, 11, 27, 8, 0)
    await book(fingerpost, story)
    one = await the_one(fingerpost)
    assert set(await planned(fingerpost, one.id)) == {SOON, DUE, MISSED}
    await fingerpost.callbacks.withdraw(story)
    assert await planned(fingerpost, one.id) == {}


ROTA = """
people:
  ann: {name: Ann Achebe, email: ann@example.org}
  ben: {name: Ben Okoro, email: ben@example.org}
teams:
  support:
    shifts:
      - {days: [MO, TU, WE, TH, FR, SA, SU], from: "00:00", to: "00:00", on_call: [ann, ben]}
"""


async def test_who_is_on_duty_is_paged_and_again_when_nobody_could_be(
    fingerpost, ringer, story, clock, tmp_path
):
    refuses, paged = {"ann@example.org", "ben@example.org"}, []

    class Mail:
        async def page(self, page):
            if page.to in refuses:
                raise PageFailed("no_answer")
            paged.append((page.to, page.id))

    (tmp_path / "rota.yml").write_text(ROTA)
    fingerpost.duty.roster = Roster(tmp_path / "rota.yml")
    fingerpost.duty.means = fingerpost.paging.pagers
    fingerpost.paging.pagers["email"] = Mail()
    one = await book(fingerpost, story) and await the_one(fingerpost)
    clock.now = one.due_at
    with pytest.raises(PageFailed):
        await fingerpost.work.one()
    assert paged == []
    refuses.discard("ben@example.org")
    clock.pass_by(20)
    while await fingerpost.work.one():
        pass
    assert [to for to, _ in paged] == ["ben@example.org"]
    clock.pass_by(20)
    assert not await fingerpost.work.one()  # one was paged: no other page for this time


async def test_a_call_can_be_booked_where_only_the_rota_has_a_number(fingerpost, tmp_path):
    callbacks_ = fingerpost.callbacks
    callbacks_.settings = replace(
        callbacks_.settings, twilio_number="+441172345678", twilio_account_sid="AC1"
    )
    fingerpost.duty.on_call = ()
    (tmp_path / "rota.yml").write_text(ROTA)
    fingerpost.duty.roster = Roster(tmp_path / "rota.yml")
    assert not callbacks_.possible
    rings = ROTA.replace("email: ben@example.org", 'voice: "+441172000002"')
    (tmp_path / "rota.yml").write_text(rings)
    fingerpost.duty.roster = Roster(tmp_path / "rota.yml")
    assert callbacks_.possible


async def test_a_safe_time_that_went_by_books_the_next_and_then_asks_a_person(
    fingerpost, ringer, story, clock
):
    await book(fingerpost, story)
    for until in (28, 29):
        clock.now = (await the_one(fingerpost)).until
        while await fingerpost.work.one():
            pass
        one = await the_one(fingerpost)
        assert (one.state, one.due_at) == ("booked", london(2026, 11, until, 9, 0))
    clock.now = one.until
    while await fingerpost.work.one():
        pass
    assert (await the_one(fingerpost)).state == "held"


async def test_a_call_that_was_begun_and_lost_is_booked_again(fingerpost, ringer, story, clock):
    await book(fingerpost, story)
    _, call_id = await begun(fingerpost, ringer)
    clock.now = (await the_one(fingerpost)).until
    while await fingerpost.work.one():
        pass
    one = await the_one(fingerpost)
    assert (one.state, one.due_at, one.attempts) == ("booked", SATURDAY[0], 0)
    assert await fingerpost.calling_back.leave(call_id, SAM) == Refusal("withdrawn")


async def test_a_call_whose_worker_is_gone_is_written_down_by_a_colleague(
    fingerpost, ringer, story, clock
):
    await book(fingerpost, story)
    callback_id, call_id = await begun(fingerpost, ringer)
    await fingerpost.calling_back.leave(call_id, SAM)
    clock.now = (await the_one(fingerpost)).until
    while await fingerpost.work.one():
        pass
    assert (await the_one(fingerpost)).state == "calling", "somebody may have been reached"
    await fingerpost.calling_back.record(callback_id, KIM, "reached")
    assert await fingerpost.calling_back.board(SAM) == []


async def test_a_missing_key_shows_the_call_and_permits_nothing(fingerpost, ringer, story):
    await book(fingerpost, story)
    async with fingerpost.store.read() as tx:
        record = (await callbacks.records_of(tx, story))[0]
    await fingerpost.keys.erase(record.id)
    one = await the_one(fingerpost)
    assert (one.plan, one.refused) == (None, "no_plan")
    with pytest.raises((KeyGone, ConversationError)):
        await fingerpost.calling_back.begin(one.id, SAM)


async def test_who_looked_is_written_down(fingerpost, ringer, story):
    from sqlalchemy import select

    from bot.store.schema import audit

    await book(fingerpost, story)
    one = await the_one(fingerpost)
    async with fingerpost.store.read() as tx:
        rows = (await tx.execute(select(audit))).all()
    assert [(r.staff_id, r.what, r.subject) for r in rows] == [(SAM, "callback", one.id)]


async def test_who_asks_for_what_is_kept_gets_the_plan_and_the_calls(fingerpost, ringer, story):
    await book(fingerpost, story)
    await went(fingerpost, ringer, "no_answer")
    found = json.loads(await export(fingerpost.store, fingerpost.keys, story))
    (call,) = found["agreed_to_calls"]
    assert call["plans"][0]["number"] == "+447400123456"
    assert [c["outcome"] for c in call["calls"]] == ["no_answer"]
    assert {line["id"] for line in call["lines"]} >= {"contact_number", "contact_code_word"}


def test_the_work_of_a_callback_is_known(fingerpost):
    assert {DUE, MISSED} <= set(fingerpost.work.kinds)


async def test_the_effect_that_is_kept_in_the_open_says_nothing(fingerpost, ringer, story):
    booked = await book(fingerpost, story, "turn")
    async with fingerpost.store.read() as tx:
        kept = await records.effect_result(tx, "turn", DUE)
    assert kept == (await the_one(fingerpost)).id and booked.our_word not in kept


@pytest.mark.parametrize("line", [Line("x", "y", "z")])
async def test_lines_without_a_number_book_nothing(fingerpost, ringer, story, line):
    assert None is await fingerpost.callbacks.book(
        conversation_id=story, turn_id="t", answers=ANSWERS, lines=[line], medium="chat"
    )


async def test_whoever_is_kept_away_from_somebody_sees_and_rings_no_call_of_theirs(
    fingerpost, ringer
):
    contact = (await fingerpost.conversations.open("chat")).contact
    await book(fingerpost, contact.conversation_id)
    one = await the_one(fingerpost)
    async with fingerpost.store.write() as tx:
        await console_rows.exclude(tx, contact.conversation_id, KIM, SAM, FRIDAY)
    assert await fingerpost.calling_back.board(KIM) == []
    assert (await the_one(fingerpost)).id == one.id
    for act in (
        lambda: fingerpost.calling_back.begin(one.id, KIM),
        lambda: fingerpost.calling_back.noted(one.id, KIM),
    ):
        with pytest.raises(ConversationError, match="unknown"):
            await act()
    assert ringer.rung == []


async def test_they_are_kept_away_when_the_conversation_has_closed_and_until_nothing_is_left(
    fingerpost, ringer, clock
):
    contact = (await fingerpost.conversations.open("chat")).contact
    story = contact.conversation_id
    await book(fingerpost, story)
    async with fingerpost.store.write() as tx:
        await console_rows.exclude(tx, story, KIM, SAM, FRIDAY)
    clock.pass_by(2 * 86400)
    await fingerpost.retention.run()
    async with fingerpost.store.read() as tx:
        assert await conversations.conversation(tx, story) is None
    assert await fingerpost.calling_back.board(KIM) == []
    await the_one(fingerpost)
    clock.pass_by(42 * 86400)
    for _ in range(2):
        await fingerpost.retention.run()
    async with fingerpost.store.read() as tx:
        assert await console_rows.excluded(tx, story) == []


@pytest.mark.parametrize("begun_already", [False, True])
@pytest.mark.parametrize("closed", [False, True])
async def test_a_call_ends_with_a_conversation_that_is_erased(
    fingerpost, ringer, clock, closed, begun_already
):
    contact = (await fingerpost.conversations.open("chat")).contact
    await book(fingerpost, contact.conversation_id)
    if closed:
        await fingerpost.retention.close(contact.conversation_id)
    one = await the_one(fingerpost)
    call = (await begun(fingerpost, ringer))[1] if begun_already else ""
    assert await fingerpost.retention.erase(contact.conversation_id) == "gone"
    assert await fingerpost.calling_back.board(SAM) == []
    assert (await fingerpost.shift.list(SAM)).calls == ()
    assert await planned(fingerpost, one.id) == {}
    if begun_already:
        assert await fingerpost.calling_back.leave(call, SAM) == Refusal("withdrawn")
    clock.now = one.due_at + 86400
    while await fingerpost.work.one():
        pass
    with pytest.raises(ConversationError, match="unknown"):
        await fingerpost.calling_back.begin(one.id, KIM)

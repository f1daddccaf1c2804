# SPDX-License-Identifier: Apache-2.0
"""Whether the help came is asked only of who agreed, once, in their own talk, at a quiet moment."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from bot.policy.postponed import COME_BACK
from bot.policy.turn import Said
from bot.service.follow_up import FollowUp
from bot.store import referrals
from bot.store.schema import counts
from tests.notes import LINES, agreed, note_of, public, said, work

MONDAY = datetime(2026, 12, 7, 9, 0, tzinfo=UTC).timestamp()
"""When who agreed on the Friday before is asked: three working days after the answer was due."""


@pytest.fixture
def settings(tmp_path):
    """A chat that stays open for weeks, as one with a code for as long would."""
    return public(tmp_path, FINGERPOST_IDLE_CLOSES_AFTER="3000000")


@pytest.fixture
def follow_up(fingerpost):
    ways, duty = fingerpost.notes_out.desk.ways, fingerpost.duty
    return FollowUp(fingerpost.store, fingerpost.keys, ways, duty, fingerpost.clock)


async def with_a_service(fingerpost, follow_up, ask=True):
    contact, _ = await agreed(fingerpost)
    await work(fingerpost)
    if ask:
        assert await follow_up.may_ask(contact.conversation_id)
    return contact


async def told(follow_up, story, reference=""):
    return [said.say for said in await follow_up.news(story, reference)]


async def offered(fingerpost, contact):
    found = (await fingerpost.conversations.messages(contact)).messages
    return [choice.key for choice in found[-1].choices]


async def test_who_agreed_and_is_still_there_is_asked_once(fingerpost, post, follow_up, clock):
    contact = await with_a_service(fingerpost, follow_up)
    clock.now = MONDAY - 60
    await work(fingerpost)
    assert "news_ask" not in await said(fingerpost, contact)
    for later in (MONDAY, MONDAY + 86400):
        clock.now = later
        await work(fingerpost)
    assert (await said(fingerpost, contact)).count("news_ask") == 1
    assert await offered(fingerpost, contact) == [
        "help_came", "help_not_yet", "help_not_came", "person", "done",
    ]  # fmt: skip


async def test_who_did_not_agree_is_never_asked(fingerpost, post, follow_up, clock):
    contact = await with_a_service(fingerpost, follow_up, ask=False)
    clock.now = MONDAY + 86400
    await work(fingerpost)
    code = await fingerpost.conversations.resume_code(contact)
    back = await fingerpost.conversations.resume(code, "chat", "a-source")
    assert "news_ask" not in await said(fingerpost, contact)
    assert "news_ask" not in [m.say for m in back.reply.messages]


async def back_by_a_code(fingerpost, contact):
    code = await fingerpost.conversations.resume_code(contact)
    await fingerpost.conversations.leave(contact)
    return await fingerpost.conversations.resume(code, "chat", "a-source")


async def test_who_comes_back_by_a_code_is_not_shown_that_there_is_a_note(
    fingerpost, post, follow_up, clock
):
    """Somebody else may have found the code: a question or a piece of news would tell them."""
    contact = await with_a_service(fingerpost, follow_up)
    clock.now = MONDAY - 3600
    back = await back_by_a_code(fingerpost, contact)
    assert [m.say for m in back.reply.messages] == ["opening_back", "opening_emergency"]
    await fingerpost.notes_out.partner.answer(post.token, "accepted")
    clock.now = MONDAY + 60
    await work(fingerpost)
    seen = await said(fingerpost, back.contact)
    assert "news_ask" not in seen and "news_accepted" not in seen


async def test_who_comes_back_by_a_code_hears_news_of_the_note_they_name(
    fingerpost, post, follow_up
):
    contact = await with_a_service(fingerpost, follow_up)
    story = contact.conversation_id
    reference = (await note_of(fingerpost, story)).reference
    await fingerpost.notes_out.partner.answer(post.token, "accepted")
    assert await told(follow_up, story) == ["news_accepted"], "in the talk in which they agreed"
    await back_by_a_code(fingerpost, contact)
    assert await told(follow_up, story) == ["news_name_it"]
    assert await told(follow_up, story, "AAAAAA") == ["news_not_known"]
    assert await told(follow_up, story, reference) == ["news_accepted"]
    for _ in range(5):
        await follow_up.news(story, "AAAAAA")
    assert await told(follow_up, story, reference) == ["news_not_known"], "few can be tried"


async def test_news_beside_a_reference_asks_for_it(fingerpost, post, follow_up, assistant):
    contact = await with_a_service(fingerpost, follow_up)
    back = await back_by_a_code(fingerpost, contact)
    await fingerpost.conversations.hear(back.contact, Said(text="any news, my reference is 3UYYXH"))
    heard = assistant.heard[-1]
    assert (heard["intent"], heard["choice"]) == ("choose", f"{COME_BACK}:news")


async def test_without_a_note_who_comes_back_hears_the_same(fingerpost, follow_up):
    opened = await fingerpost.conversations.open("chat")
    await back_by_a_code(fingerpost, opened.contact)
    assert await told(follow_up, opened.contact.conversation_id) == ["news_name_it"]
    assert await told(follow_up, opened.contact.conversation_id, "AAAAAA") == ["news_not_known"]


async def test_who_agreed_to_nothing_is_offered_no_news(fingerpost):
    opened = await fingerpost.conversations.open("chat")
    code = await fingerpost.conversations.resume_code(opened.contact)
    back = await fingerpost.conversations.resume(code, "chat", "a-source")
    assert [m.say for m in back.reply.messages] == ["opening_back", "opening_emergency"]


@pytest.mark.parametrize("words", ["he is outside my door with a knife", "i want to end my life"])
async def test_no_question_of_danger_is_pushed_aside(fingerpost, post, follow_up, clock, words):
    contact = await with_a_service(fingerpost, follow_up)
    clock.now = MONDAY - 5
    await fingerpost.conversations.hear(contact, Said(text=words))
    clock.now = MONDAY
    while await fingerpost.work.one():
        pass
    assert "news_ask" not in await said(fingerpost, contact)


async def test_who_said_stop_is_not_asked(fingerpost, post, follow_up, clock):
    contact = await with_a_service(fingerpost, follow_up)
    clock.now = MONDAY - 5
    await fingerpost.conversations.hear(contact, Said(text="its not safe"))
    clock.now = MONDAY
    await work(fingerpost)
    assert "news_ask" not in await said(fingerpost, contact)


async def test_who_took_it_back_is_not_asked(fingerpost, post, follow_up, clock):
    contact = await with_a_service(fingerpost, follow_up)
    await fingerpost.referrals.withdraw(contact.conversation_id)
    clock.now = MONDAY + 60
    await work(fingerpost)
    assert "news_ask" not in await said(fingerpost, contact)
    assert await told(follow_up, contact.conversation_id) == ["news_taken_back"]
    assert not await follow_up.may_ask(contact.conversation_id)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("yes", "help_came"), ("they rang me", "help_came"), ("not yet", "help_not_yet"),
        ("no not yet", "help_not_yet"), ("still waiting", "help_not_yet"),
        ("no", "help_not_came"), ("nobody rang", "help_not_came"),
    ],
)  # fmt: skip
async def test_plain_words_answer_it(fingerpost, post, follow_up, clock, assistant, text, key):
    contact = await with_a_service(fingerpost, follow_up)
    clock.now = MONDAY
    await work(fingerpost)
    await fingerpost.conversations.hear(contact, Said(text=text))
    assert (assistant.heard[-1]["intent"], assistant.heard[-1]["choice"]) == ("choose", key)


async def test_what_they_say_is_kept_and_counted(fingerpost, post, follow_up):
    contact = await with_a_service(fingerpost, follow_up)
    assert not await follow_up.arrived(contact.conversation_id, "perhaps")
    assert (await note_of(fingerpost, contact.conversation_id)).arrived is None
    assert await counted(fingerpost) == {}
    assert await follow_up.arrived(contact.conversation_id, "came")
    assert (await note_of(fingerpost, contact.conversation_id)).arrived == "came"
    assert await counted(fingerpost) == {"help:came": 1}


async def counted(fingerpost):
    """Return what was counted of the help of the day."""
    query = select(counts.c.name, counts.c.number).where(counts.c.name.startswith("help:"))
    async with fingerpost.store.read() as tx:
        return dict((await tx.execute(query)).all())


@pytest.mark.parametrize(
    ("urgency", "service", "told"),
    [
        ("none", "mill", ("news_wait", {"by": "Tuesday at 5 pm"})),
        ("high", "mill", ("news_wait", {"by": "today at 5 pm"})),
        ("none", "no-route", ("news_wait_by_hand", {})),
        ("high", "no-route", ("news_wait_by_hand", {})),
        ("suicide_risk", "mill", ("news_wait_now_nobody", {})),
    ],
)
async def test_the_wait_is_told_as_it_is(fingerpost, post, follow_up, urgency, service, told):
    contact, _ = await agreed(fingerpost, urgency=urgency, service=service)
    assert await follow_up.wait(contact.conversation_id) == told


async def test_that_workers_are_called_is_said_only_where_somebody_is(
    fingerpost, post, follow_up, sign_in
):
    contact, _ = await agreed(fingerpost, urgency="immediate_danger")
    assert await follow_up.wait(contact.conversation_id) == ("news_wait_now_nobody", {})
    someone = await sign_in()
    await fingerpost.accounts.set_available(someone.id, True)
    assert await follow_up.wait(contact.conversation_id) == ("news_wait_now", {})


async def test_who_took_their_number_out_is_not_told_that_they_are_rung(
    fingerpost, post, follow_up, monkeypatch
):
    monkeypatch.setattr("tests.notes.LINES", LINES[:1])
    contact, _ = await agreed(fingerpost)
    await work(fingerpost)
    await fingerpost.notes_out.partner.answer(post.token, "accepted")
    assert (await said(fingerpost, contact))[-1] == "news_accepted_no_number"
    assert await told(follow_up, contact.conversation_id) == ["news_accepted_no_number"]


async def test_who_comes_back_to_an_open_question_of_danger_is_asked_nothing_else(
    fingerpost, post, follow_up, clock
):
    contact = await with_a_service(fingerpost, follow_up)
    clock.now = MONDAY - 5
    said_back = await fingerpost.conversations.hear(
        contact, Said(text="my ex keeps turning up outside my house and i dont know what to do")
    )
    assert said_back.messages[-1].say.startswith("check_")
    code = await fingerpost.conversations.resume_code(contact)
    clock.now = MONDAY + 60
    back = await fingerpost.conversations.resume(code, "chat", "a-source")
    assert [m.say for m in back.reply.messages] == ["opening_back", "opening_emergency"]


# -- a note that goes late -------------------------------------------------------------------


async def test_what_a_worker_sends_late_is_asked_about_late(fingerpost, post, follow_up, clock):
    contact, note = await agreed(fingerpost, service="no-route")
    assert await follow_up.may_ask(contact.conversation_id)
    clock.now = MONDAY - 86400 * 4  # it is sent on Thursday, so an answer is due on Monday
    await fingerpost.notes_out.desk.sent(note, "a-worker")
    clock.now = MONDAY + 3600
    await work(fingerpost)
    assert "news_ask" not in await said(fingerpost, contact), "an answer is not even due"
    clock.now = MONDAY + 86400 * 4
    await work(fingerpost)
    assert "news_ask" in await said(fingerpost, contact)


async def test_who_was_asked_is_not_asked_again_of_a_note_sent_once_more(
    fingerpost, post, follow_up, clock
):
    contact = await with_a_service(fingerpost, follow_up)
    clock.now = MONDAY
    await work(fingerpost)
    note = await note_of(fingerpost, contact.conversation_id)
    await fingerpost.notes_out.desk.send_again(note.id, "a-worker")
    for _ in range(20):
        clock.pass_by(86400)
        await work(fingerpost)
    assert (await said(fingerpost, contact)).count("news_ask") == 1


# -- two notes of one story ------------------------------------------------------------------


@pytest.fixture
async def two(fingerpost, post, follow_up, clock):
    """Somebody who agreed to a note, and an hour later to another; we may ask of both."""
    contact = await with_a_service(fingerpost, follow_up)
    clock.pass_by(3600)
    story = contact.conversation_id
    await fingerpost.referrals.consent(
        conversation_id=story, turn_id="the second", service_id="mill", lines=LINES, medium="chat"
    )
    await work(fingerpost)
    assert await follow_up.may_ask(story)
    return contact


async def notes_of(fingerpost, contact):
    async with fingerpost.store.read() as tx:
        return await referrals.of_story(tx, contact.conversation_id)


async def test_news_of_two_notes_says_which_is_which(fingerpost, post, follow_up, two):
    first, second = await notes_of(fingerpost, two)
    await fingerpost.notes_out.desk.answered(first.id, "a-worker", "accepted", "")
    spoken = (await fingerpost.conversations.messages(two)).messages[-2:]
    assert [m.say for m in spoken] == ["news_which", "news_accepted"]
    assert first.reference in spoken[0].text
    found = await follow_up.news(two.conversation_id)
    assert [(u.say, u.values.get("reference")) for u in found] == [
        ("news_which", first.reference), ("news_accepted", None),
        ("news_which", second.reference), ("news_waiting", None),
    ]  # fmt: skip


async def test_who_names_one_of_their_notes_hears_of_that_one(fingerpost, follow_up, two):
    first, second = await notes_of(fingerpost, two)
    await fingerpost.notes_out.desk.answered(first.id, "a-worker", "accepted", "")
    assert await told(follow_up, two.conversation_id, first.reference) == ["news_accepted"]
    assert await told(follow_up, two.conversation_id, second.reference) == ["news_waiting"]


async def test_a_note_from_before_they_came_back_is_told_by_its_reference_alone(
    fingerpost, post, follow_up, clock
):
    contact = await with_a_service(fingerpost, follow_up)
    await back_by_a_code(fingerpost, contact)
    clock.pass_by(60)
    story = contact.conversation_id
    await fingerpost.referrals.consent(
        conversation_id=story, turn_id="the second", service_id="mill", lines=LINES, medium="chat"
    )
    assert await told(follow_up, story) == ["news_to_send"], "the new one, and no word of a first"


async def test_each_note_is_asked_about_and_the_answer_is_of_the_one_asked_last(
    fingerpost, post, follow_up, two, clock
):
    story = two.conversation_id
    clock.now = MONDAY
    await work(fingerpost)
    assert (await said(fingerpost, two)).count("news_ask") == 1, "one question at a time"
    asked = next(n for n in await notes_of(fingerpost, two) if n.asked_at)
    spoken = (await fingerpost.conversations.messages(two)).messages[-2:]
    assert spoken[0].say == "news_which" and asked.reference in spoken[0].text
    assert await follow_up.arrived(story, "not_came")
    kept = {n.reference: n.arrived for n in await notes_of(fingerpost, two)}
    assert kept.pop(asked.reference) == "not_came" and list(kept.values()) == [None]


async def test_where_nothing_stands_no_answer_is_kept(fingerpost, post, follow_up, clock):
    contact = await with_a_service(fingerpost, follow_up)
    await fingerpost.referrals.withdraw(contact.conversation_id)
    assert not await follow_up.arrived(contact.conversation_id, "came")
    assert (await note_of(fingerpost, contact.conversation_id)).arrived is None

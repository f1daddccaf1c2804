# SPDX-License-Identifier: Apache-2.0
"""A call or a note is taken back by any words, at any turn, whoever has the person."""

from __future__ import annotations

import uuid

import pytest

from bot.policy.turn import Medium, Sender, State, Utterance
from bot.service.transcript import message_of
from bot.store import callbacks, conversations, events
from tests.notes import FRIDAY, agreed, note_of
from tests.unit.test_callback import book
from tests.unit.test_turn import KNIFE, hear, names, pick

FOUND_OUT = "he found out, no calls please"


@pytest.fixture
def friday(clock):
    clock.now = FRIDAY


async def talking(fingerpost):
    """Open a talk of somebody who is safe to talk, and return its contact."""
    opened = await fingerpost.conversations.open("chat")
    await hear(fingerpost, opened.contact, choice=pick(opened.reply, "yes"))
    return opened.contact


async def booked(fingerpost):
    contact = await talking(fingerpost)
    assert await book(fingerpost, contact.conversation_id)
    return contact


async def states(fingerpost, contact):
    async with fingerpost.store.read() as tx:
        records = await callbacks.records_of(tx, contact.conversation_id)
        return [row.state for r in records for row in await callbacks.callbacks_of(tx, r.id)]


async def flags(fingerpost, contact):
    box = await fingerpost.keys.box(contact.conversation_id)
    async with fingerpost.store.read() as tx:
        rows = await events.after(
            tx, 0, conversation_id=contact.conversation_id, audiences=(events.STAFF,)
        )
    return [message_of(box, row).text for row in rows if row.kind == "flag"]


async def with_worker(fingerpost, contact):
    await hear(fingerpost, contact, "can i talk to a person")
    (waiting,) = await fingerpost.handover.queue()
    await fingerpost.handover.accept(waiting.id, "sam")


@pytest.mark.parametrize("text", [
    "please dont ring me tomorrow he'll be home", "can you not ring me", "dont call me",
    "it isnt safe to ring any more", "cancel the call",
    "please do not ring me tomorrow because my husband will be in the house",
    "do not call us on saturday morning we have got the whole family staying",
])  # fmt: skip
async def test_words_against_the_call_cancel_it_at_once_and_say_so(
    fingerpost, assistant, friday, text
):
    assistant.down = True
    contact = await booked(fingerpost)
    reply = await hear(fingerpost, contact, text)
    assert names(reply) == ["callback_withdrawn"]
    assert await states(fingerpost, contact) == ["withdrawn"]
    assert {c.key for c in reply.messages[-1].choices} >= {"find_help", "person"}


async def test_danger_in_the_same_message_is_answered_first_and_the_call_is_cancelled(
    fingerpost, friday
):
    contact = await booked(fingerpost)
    reply = await hear(fingerpost, contact, f"{KNIFE}, dont ring me")
    assert names(reply)[0] == "emergency_immediate"
    assert "callback_withdrawn" in names(reply)
    assert reply.messages[-1].choices, "what is asked stands last, with what answers it"
    assert await states(fingerpost, contact) == ["withdrawn"]


async def test_a_question_about_danger_does_not_lose_the_cancelling(fingerpost, friday):
    contact = await booked(fingerpost)
    reply = await hear(fingerpost, contact, "my ex keeps turning up outside my house. dont ring me")
    assert names(reply) == ["callback_withdrawn", "check_red_flag_stalking"]
    assert await states(fingerpost, contact) == ["withdrawn"]
    reply = await hear(fingerpost, contact, choice=pick(reply, "no"))
    assert "callback_withdrawn" not in names(reply)


async def test_it_counts_while_a_question_about_danger_is_open(fingerpost, friday):
    contact = await booked(fingerpost)
    await hear(fingerpost, contact, "my ex keeps turning up outside my house")
    reply = await hear(fingerpost, contact, "just dont ring me")
    assert names(reply)[-1].startswith("check_")
    assert await states(fingerpost, contact) == ["withdrawn"]


@pytest.mark.parametrize(("answer", "said", "state"), [
    ("call_off", "callback_withdrawn", "withdrawn"), ("call_keep", "booked_kept", "booked"),
    ("yes please", "callback_withdrawn", "withdrawn"), ("leave it", "booked_kept", "booked"),
    ("no", "booked_kept", "booked"), ("no dont ring", "callback_withdrawn", "withdrawn"),
])  # fmt: skip
async def test_what_may_mean_it_is_asked_once(fingerpost, friday, answer, said, state):
    contact = await booked(fingerpost)
    reply = await hear(fingerpost, contact, "he checks my phone")
    assert names(reply) == ["booked_ask_off"]
    assert await states(fingerpost, contact) == ["booked"]
    chosen = {"choice": pick(reply, answer)} if "_" in answer else {"text": answer}
    reply = await hear(fingerpost, contact, **chosen)
    assert names(reply) == [said]
    assert await states(fingerpost, contact) == [state]


@pytest.mark.parametrize("text", [
    "hmm not so sure about that call now", "can we call it a day with the ringing",
    "i said yes too fast about that call", "please untick the box about ringing",
])  # fmt: skip
async def test_second_thoughts_in_anyones_words_are_asked_about(fingerpost, friday, text):
    contact = await booked(fingerpost)
    assert names(await hear(fingerpost, contact, text)) == ["booked_ask_off"]
    assert await states(fingerpost, contact) == ["booked"]
    reply = await hear(fingerpost, contact, "no please dont cancel, i do need it")
    assert "booked_ask_off" not in names(reply), "nobody is asked the same again"
    assert await states(fingerpost, contact) == ["booked"]


async def test_second_thoughts_that_may_mean_worse_are_asked_about_after_the_gentle_question(
    fingerpost, assistant, friday
):
    contact = await booked(fingerpost)
    reply = await hear(fingerpost, contact, "its all sorted now so u can stand them down")
    assert names(reply) == ["check_suicide"]
    reply = await hear(fingerpost, contact, choice=pick(reply, "no"))
    assert names(reply)[-1] == "booked_ask_off"
    assert assistant.heard[-1]["intent"] == "repeat", "the assistant asks nothing beside it"
    reply = await hear(fingerpost, contact, choice=pick(reply, "call_off"))
    assert await states(fingerpost, contact) == ["withdrawn"]


async def test_second_thoughts_beside_danger_are_asked_about_when_they_carry_on(
    fingerpost, assistant, friday
):
    contact = await booked(fingerpost)
    reply = await hear(fingerpost, contact, f"{KNIFE} im not sure about that call now")
    assert names(reply)[0] == "emergency_immediate"
    reply = await hear(fingerpost, contact, choice=pick(reply, "carry_on"))
    assert names(reply) == ["booked_ask_off"]
    reply = await hear(fingerpost, contact, choice=pick(reply, "call_off"))
    assert await states(fingerpost, contact) == ["withdrawn"]


async def test_what_is_taken_back_while_it_waits_is_asked_about_no_more(fingerpost, friday):
    contact = await booked(fingerpost)
    reply = await hear(fingerpost, contact, f"{KNIFE} im not sure about that call now")
    await hear(fingerpost, contact, "dont ring me")
    reply = await hear(fingerpost, contact, "carry on")
    assert "booked_ask_off" not in names(reply) and "fallback" not in names(reply)


@pytest.mark.parametrize(("answer", "note", "call"), [
    ("yes both", "withdrawn", "withdrawn"), ("no", "to_send", "booked"),
    ("just cancel the call", "to_send", "withdrawn"),
])  # fmt: skip
async def test_what_may_be_of_both_is_asked_of_both(fingerpost, post, answer, note, call):
    contact, _ = await agreed(fingerpost)
    await book(fingerpost, contact.conversation_id)
    assert names(await hear(fingerpost, contact, "i agreed too fast")) == ["both_ask_off"]
    await hear(fingerpost, contact, answer)
    assert (await note_of(fingerpost, contact.conversation_id)).consent == note
    assert await states(fingerpost, contact) == [call]


@pytest.mark.parametrize("text", ["dont ring the police", "when will you ring", "dont text me"])
async def test_other_words_leave_the_call_as_it_is(fingerpost, friday, text):
    contact = await booked(fingerpost)
    reply = await hear(fingerpost, contact, text)
    assert not {"callback_withdrawn", "booked_ask_off"} & set(names(reply))
    assert await states(fingerpost, contact) == ["booked"]


@pytest.mark.parametrize("text", ["can you not ring me", "it isnt safe to ring any more"])
async def test_where_nothing_is_booked_a_wish_not_to_be_rung_asks_for_no_call(
    fingerpost, assistant, friday, text
):
    contact = await talking(fingerpost)
    await hear(fingerpost, contact, text)
    assert assistant.heard[-1]["intent"] == "withdraw_consent"


async def test_a_note_is_taken_back_and_a_call_beside_it_stays(fingerpost, post):
    contact, _ = await agreed(fingerpost)
    await book(fingerpost, contact.conversation_id)
    reply = await hear(fingerpost, contact, "i dont want that sent any more")
    assert names(reply) == ["consent_withdrawn"]
    assert (await note_of(fingerpost, contact.conversation_id)).consent == "withdrawn"
    assert await states(fingerpost, contact) == ["booked"]
    reply = await hear(fingerpost, contact, "and dont ring me")
    assert names(reply) == ["callback_withdrawn"]


@pytest.mark.parametrize(("text", "says", "note", "call"), [
    ("please cancel the call but keep the note", ["callback_withdrawn"], "to_send", "withdrawn"),
    ("cancel the call", ["callback_withdrawn"], "to_send", "withdrawn"),
    ("withdraw my consent and cancel the call", ["consent_withdrawn", "callback_withdrawn"],
     "withdrawn", "withdrawn"),
    ("stop everything", ["consent_withdrawn", "callback_withdrawn"], "withdrawn", "withdrawn"),
])  # fmt: skip
async def test_a_call_named_alone_leaves_the_note_and_everything_is_both(
    fingerpost, post, text, says, note, call
):
    contact, _ = await agreed(fingerpost)
    await book(fingerpost, contact.conversation_id)
    assert names(await hear(fingerpost, contact, text)) == says
    assert (await note_of(fingerpost, contact.conversation_id)).consent == note
    assert await states(fingerpost, contact) == [call]


async def test_second_thoughts_of_an_email_are_asked_about_where_a_note_stands(fingerpost, post):
    contact, _ = await agreed(fingerpost)
    reply = await hear(fingerpost, contact, "i take back what i said about the email")
    assert names(reply) == ["agreed_ask_off"]


async def test_what_somebody_who_is_overheard_cancels_in_one_breath_is_cancelled_beside_the_check(
    fingerpost, friday
):
    contact = await booked(fingerpost)
    text = "can you cancel it he has come home early and will hear"
    reply = await hear(fingerpost, contact, text)
    assert "callback_withdrawn" in names(reply)
    assert await states(fingerpost, contact) == ["withdrawn"]


@pytest.mark.parametrize("text", ["ive never told anyone", "nobody ever contacted me"])
async def test_what_somebody_tells_leaves_both_as_they_are(fingerpost, post, text):
    contact, _ = await agreed(fingerpost)
    await book(fingerpost, contact.conversation_id)
    reply = await hear(fingerpost, contact, text)
    assert not {"consent_withdrawn", "callback_withdrawn"} & set(names(reply))
    assert (await note_of(fingerpost, contact.conversation_id)).consent == "to_send"
    assert await states(fingerpost, contact) == ["booked"]


async def test_said_to_a_worker_it_counts_at_once_and_both_see_it(fingerpost, friday):
    contact = await booked(fingerpost)
    await with_worker(fingerpost, contact)
    reply = await hear(fingerpost, contact, "please tell them not to ring me")
    assert reply.state is State.STAFF
    assert [(m.say, m.sender) for m in reply.messages] == [
        ("callback_withdrawn", Sender.SYSTEM)
    ]
    assert await states(fingerpost, contact) == ["withdrawn"]
    assert await flags(fingerpost, contact) == ["took_back_call"]


async def test_a_worker_is_shown_what_they_must_ask_about(fingerpost, friday):
    contact = await booked(fingerpost)
    await with_worker(fingerpost, contact)
    await hear(fingerpost, contact, "he checks my phone")
    await hear(fingerpost, contact, "delete everything i said please")
    assert await flags(fingerpost, contact) == ["may_take_back", "request_deletion"]
    assert await states(fingerpost, contact) == ["booked"]


async def test_how_to_reach_them_is_forgotten_with_it(fingerpost, post):
    contact, _ = await agreed(fingerpost)
    story = contact.conversation_id
    told = {"contact_number": "+447400123456", "contact_when": "morning", "area": "cornwall"}
    await fingerpost.facts.keep(story, "t", told)
    await hear(fingerpost, contact, "dont send that to anyone")
    known = await fingerpost.facts.of(story)
    assert known["contact_number"] == known["contact_when"] == "skip"
    assert known["area"] == "cornwall"


async def test_another_story_takes_nothing_back(fingerpost, friday):
    contact, stranger = await booked(fingerpost), await talking(fingerpost)
    await hear(fingerpost, stranger, "please dont ring me")
    assert await states(fingerpost, contact) == ["booked"]


async def test_who_asks_for_a_call_is_told_of_the_one_that_is_booked(fingerpost, friday):
    contact = await booked(fingerpost)
    said, when = await fingerpost.callbacks.standing(contact.conversation_id)
    today = {"day": "today, Friday 27 November", "from": "10 am", "to": "12 pm"}
    assert (said, when) == ("booked_already", today)
    await hear(fingerpost, contact, "dont ring me")
    assert await fingerpost.callbacks.standing(contact.conversation_id) is None
    assert await fingerpost.callbacks.standing(str(uuid.uuid4())) is None


@pytest.mark.parametrize(("asked", "answer", "state"), [
    ("booked_already", "no", "withdrawn"), ("booked_already", "yes", "booked"),
    ("booked_already", "cancel it", "withdrawn"),
])  # fmt: skip
async def test_is_that_still_right_is_answered_the_other_way_round(
    fingerpost, assistant, friday, asked, answer, state
):
    contact = await booked(fingerpost)
    said, when = await fingerpost.callbacks.standing(contact.conversation_id)
    assistant.says = [Utterance(said, when)]
    reply = await hear(fingerpost, contact, "ring me")
    assert names(reply) == [asked]
    await hear(fingerpost, contact, answer)
    assert await states(fingerpost, contact) == [state]


async def test_through_the_edge_a_call_is_cancelled(client, fingerpost, friday):
    opened = await (await client.post("/api/conversations", json={})).json()
    token = {"Authorization": f"Bearer {opened['token']}"}
    path = f"/api/conversations/{opened['id']}/messages"
    await client.post(path, json={"text": "yes"}, headers=token)
    await book(fingerpost, opened["id"])
    answer = await client.post(path, json={"text": FOUND_OUT}, headers=token)
    async with fingerpost.store.read() as tx:
        (record,) = await callbacks.records_of(tx, opened["id"])
        (call,) = await callbacks.callbacks_of(tx, record.id)
        assert await conversations.conversation(tx, opened["id"])
    assert call.state == "withdrawn"
    words = fingerpost.words.message
    done = words(Utterance("callback_withdrawn"), Medium.CHAT).text
    assert done in [m["text"] for m in (await answer.json())["messages"]]

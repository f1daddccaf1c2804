# SPDX-License-Identifier: Apache-2.0
"""How long words live: as promised, and no longer once their deletion was asked for."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from bot.policy.turn import Line, Said, State
from bot.service.export import export
from bot.service.ports import ConversationError
from bot.service.retention import ERASES_AFTER
from bot.service.work import SWEEP_EVERY
from bot.store import conversations, records
from bot.store.database import StoreError
from bot.store.keys import KeyGone

KNIFE = "he is outside my door with a knife"
DAY = 24 * 3600
NUMBER = "+447911123456"


def pick(reply, key):
    return next(c.id for m in reply.messages for c in m.choices if c.key == key)


async def hear(fingerpost, contact, text="", **kwargs):
    return await fingerpost.conversations.hear(contact, Said(text=text, **kwargs))


async def story(fingerpost, *texts, medium="chat"):
    opened = await fingerpost.conversations.open(medium)
    for text in texts:
        await hear(fingerpost, opened.contact, text)
    return opened.contact


async def kept(fingerpost, contact):
    async with fingerpost.store.read() as tx:
        return await conversations.conversation(tx, contact.conversation_id) is not None


async def sweep_after(fingerpost, clock, seconds):
    clock.pass_by(seconds)
    return await fingerpost.retention.run()


async def with_staff(fingerpost, contact):
    await hear(fingerpost, contact, "can i speak to a person please")
    (waiting,) = await fingerpost.handover.queue()
    await fingerpost.handover.accept(waiting.id, "a-worker")
    return waiting


# -- deletion that was asked for -------------------------------------------------------------


def test_it_is_done_within_a_minute():
    assert ERASES_AFTER + SWEEP_EVERY < 60


async def test_thanking_us_does_not_put_it_off(fingerpost, clock):
    contact = await story(fingerpost, "i was burgled last week")
    assert await fingerpost.retention.ask_to_erase(contact.conversation_id) == "gone"
    await hear(fingerpost, contact, "thank you")
    assert await fingerpost.retention.ask_to_erase(contact.conversation_id) == "gone"
    await sweep_after(fingerpost, clock, ERASES_AFTER - 1)
    assert await kept(fingerpost, contact)  # the last words still reach the person
    await sweep_after(fingerpost, clock, 2)
    assert not await kept(fingerpost, contact)
    with pytest.raises(KeyGone):
        await fingerpost.keys.box(contact.conversation_id)


async def test_a_workers_message_does_not_put_it_off(fingerpost, clock):
    contact = await story(fingerpost)
    waiting = await with_staff(fingerpost, contact)
    await fingerpost.retention.ask_to_erase(contact.conversation_id)
    await fingerpost.handover.say(waiting.id, "a-worker", "I am here")
    await sweep_after(fingerpost, clock, ERASES_AFTER + 1)
    assert not await kept(fingerpost, contact)


async def test_no_code_is_given_for_what_will_be_gone(fingerpost):
    contact = await story(fingerpost, "i was burgled last week")
    await fingerpost.retention.ask_to_erase(contact.conversation_id)
    with pytest.raises(ConversationError, match="ended"):
        await fingerpost.conversations.resume_code(contact)


async def test_danger_heard_afterwards_holds_it_and_the_person_is_still_answered(fingerpost, clock):
    contact = await story(fingerpost, "i was burgled last week")
    await fingerpost.retention.ask_to_erase(contact.conversation_id)
    await hear(fingerpost, contact, KNIFE)
    assert (await sweep_after(fingerpost, clock, ERASES_AFTER + 1))["held"] == 1
    assert (await hear(fingerpost, contact, "he is still there")).state is State.WAITING


async def test_what_was_held_goes_once_it_is_reviewed(fingerpost, clock):
    contact = await story(fingerpost, KNIFE)
    assert await fingerpost.retention.ask_to_erase(contact.conversation_id) == "held"
    await sweep_after(fingerpost, clock, ERASES_AFTER + 1)
    assert await kept(fingerpost, contact)
    (waiting,) = await fingerpost.handover.queue()
    await fingerpost.handover.accept(waiting.id, "a-worker")
    (flag,) = await fingerpost.desk.flags(waiting.id, "a-worker")
    await fingerpost.desk.review(waiting.id, flag.id, "a-worker", "right")
    await sweep_after(fingerpost, clock, 15)
    assert not await kept(fingerpost, contact)


# -- what was agreed -------------------------------------------------------------------------


async def agreed(fingerpost, contact, sent=False):
    """Agree to a referral with a number; with `sent`, let a worker send it."""
    lines = [Line("contact_number", "The number to ring", NUMBER)]
    await fingerpost.referrals.consent(
        conversation_id=contact.conversation_id, turn_id=f"turn {contact.id}",
        service_id="a-service", lines=lines, medium="chat",
    )  # fmt: skip
    (one,) = await fingerpost.referrals.to_act_on("a-worker")
    if sent:
        await fingerpost.notes_out.desk.sent(one.id, "a-worker")
    return one.id


async def states(fingerpost, contact):
    async with fingerpost.store.read() as tx:
        return [row.state for row in await records.consents_of(tx, contact.conversation_id)]


async def test_asking_for_deletion_takes_what_was_agreed_along(fingerpost, clock):
    contact = await story(fingerpost)
    one = await agreed(fingerpost, contact)
    await fingerpost.retention.ask_to_erase(contact.conversation_id)
    assert await fingerpost.referrals.to_act_on("a-worker") == []
    assert not await fingerpost.referrals.passed_on(contact.conversation_id)
    await sweep_after(fingerpost, clock, SWEEP_EVERY)
    assert await states(fingerpost, contact) == []
    with pytest.raises(KeyGone):
        await fingerpost.keys.box(one)


async def test_what_is_agreed_while_it_is_being_deleted_goes_too(fingerpost, clock):
    contact = await story(fingerpost)
    await fingerpost.retention.ask_to_erase(contact.conversation_id)
    await agreed(fingerpost, contact)
    await sweep_after(fingerpost, clock, ERASES_AFTER + 1)
    assert await states(fingerpost, contact) == []


async def test_what_a_service_has_is_recalled_and_goes_once_it_was_taken_back(fingerpost, clock):
    contact = await story(fingerpost)
    one = await agreed(fingerpost, contact, sent=True)
    await fingerpost.retention.ask_to_erase(contact.conversation_id)
    assert await fingerpost.referrals.passed_on(contact.conversation_id)
    await sweep_after(fingerpost, clock, ERASES_AFTER + 1)
    assert await states(fingerpost, contact) == ["recalled"]
    await fingerpost.notes_out.desk.deleted(one, "a-worker")
    await sweep_after(fingerpost, clock, SWEEP_EVERY)
    assert await states(fingerpost, contact) == []


async def test_closing_as_usual_leaves_what_was_agreed_to_be_sent(fingerpost, clock):
    contact = await story(fingerpost)
    await agreed(fingerpost, contact)
    await sweep_after(fingerpost, clock, fingerpost.settings.idle_closes_after + 1)
    assert await states(fingerpost, contact) == ["to_send"]


@pytest.mark.parametrize("closed", [False, True])
@pytest.mark.parametrize("sent", [False, True])
async def test_what_was_agreed_can_be_had_and_erased_from_outside(fingerpost, clock, closed, sent):
    contact = await story(fingerpost)
    await agreed(fingerpost, contact, sent)
    if closed:
        await fingerpost.retention.close(contact.conversation_id)
    read = partial(export, fingerpost.store, fingerpost.keys, contact.conversation_id)
    assert NUMBER in await read()
    found = await fingerpost.retention.erase(contact.conversation_id)
    assert found == ("passed_on" if sent else "gone")
    assert await states(fingerpost, contact) == (["recalled"] if sent else [])
    if not sent:
        with pytest.raises(ConversationError, match="unknown"):
            await read()
        assert await fingerpost.retention.erase(contact.conversation_id) == "unknown"


async def test_erasing_from_outside_waits_for_a_review_but_passes_nothing_on(fingerpost):
    contact = await story(fingerpost, KNIFE)
    await agreed(fingerpost, contact)
    assert await fingerpost.retention.erase(contact.conversation_id) == "held"
    assert await states(fingerpost, contact) == []


# -- codes -----------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["leave", "hang up"])
async def test_a_code_works_for_a_day_after_leaving(fingerpost, clock, how):
    contact = await story(fingerpost, "i was burgled last week")
    code = await fingerpost.conversations.resume_code(contact)
    if how == "leave":
        await fingerpost.conversations.leave(contact)
    else:
        await fingerpost.conversations.end_call(contact)
    await sweep_after(fingerpost, clock, DAY - 60)
    back = await fingerpost.conversations.resume(code, "chat", "here")
    await sweep_after(fingerpost, clock, fingerpost.settings.idle_closes_after - 60)
    assert await kept(fingerpost, back.contact)
    await sweep_after(fingerpost, clock, 120)
    assert not await kept(fingerpost, back.contact)


@pytest.mark.parametrize("hours", [1, 48])
async def test_a_code_works_as_long_as_the_deployment_says(fingerpost, clock, hours):
    lasts = hours * 3600.0
    fingerpost.conversations.codes.settings = replace(
        fingerpost.settings, code_closes_after=lasts
    )
    codes = []
    for _ in range(2):
        contact = await story(fingerpost, "i was burgled last week")
        codes.append(await fingerpost.conversations.resume_code(contact))
    await sweep_after(fingerpost, clock, lasts - 60)
    assert await fingerpost.conversations.resume(codes[0], "chat", "here")
    clock.pass_by(61)
    with pytest.raises(ConversationError, match="unknown"):
        await fingerpost.conversations.resume(codes[1], "chat", "here")


async def test_without_a_code_leaving_closes_it_soon(fingerpost, clock):
    contact = await story(fingerpost, "i was burgled last week")
    await fingerpost.conversations.leave(contact)
    await sweep_after(fingerpost, clock, fingerpost.settings.leave_closes_after + 1)
    assert not await kept(fingerpost, contact)


async def test_a_workers_message_does_not_shorten_a_code(fingerpost, clock):
    contact = await story(fingerpost)
    code = await fingerpost.conversations.resume_code(contact)
    waiting = await with_staff(fingerpost, contact)
    await fingerpost.handover.say(waiting.id, "a-worker", "I am here")
    await sweep_after(fingerpost, clock, DAY - 60)
    assert await fingerpost.conversations.resume(code, "chat", "here")


async def test_an_ended_talk_gives_no_code(fingerpost, clock):
    contact = await story(fingerpost)
    waiting = await with_staff(fingerpost, contact)
    await fingerpost.handover.end(waiting.id, "a-worker", "supported")
    with pytest.raises(ConversationError, match="ended"):
        await fingerpost.conversations.resume_code(contact)
    await sweep_after(fingerpost, clock, 121)
    assert not await kept(fingerpost, contact)


# -- the sweep -------------------------------------------------------------------------------


async def test_one_story_that_cannot_be_closed_stops_no_other(fingerpost, clock, monkeypatch):
    first, *others = [await story(fingerpost, "hello") for _ in range(3)]
    erase = fingerpost.keys.erase

    async def erases(subject):
        if subject == first.conversation_id:
            raise StoreError
        await erase(subject)

    monkeypatch.setattr(fingerpost.keys, "erase", erases)
    found = await sweep_after(fingerpost, clock, 3 * 3600)
    assert (found["closed"], found["failed"]) == (2, 1)
    assert [await kept(fingerpost, c) for c in (first, *others)] == [True, False, False]
    monkeypatch.undo()
    found = await fingerpost.retention.run()  # nothing was lost: the next sweep finds key and rows
    assert found["closed"] == 1 and "failed" not in found
    with pytest.raises(KeyGone):
        await fingerpost.keys.box(first.conversation_id)

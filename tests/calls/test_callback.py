# SPDX-License-Identifier: Apache-2.0
"""A worker rings somebody back: who is on the line first, what each of the two ever hears."""

from __future__ import annotations

import uuid
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.service.ports import ConversationError
from tests.calls.conftest import ON_CALL, PIN
from tests.fakes import until

NUMBER = "+447400123456"
TEN = datetime(2026, 11, 27, 10, 0, tzinfo=ZoneInfo("Europe/London")).timestamp()
ANSWERS = {
    "contact_number": NUMBER, "contact_when": "morning", "contact_voicemail": "no",
    "contact_code_word": "banana",
}  # fmt: skip


@pytest.fixture
async def story(fingerpost, clock) -> str:
    """The story of somebody who agreed to be rung this morning."""
    clock.now = TEN
    found = str(uuid.uuid4())
    await agree(fingerpost, found)
    return found


async def agree(fingerpost, story, **other):
    answers = ANSWERS | other
    return await fingerpost.callbacks.book(
        conversation_id=story, turn_id=str(uuid.uuid4()), answers=answers,
        lines=fingerpost.callbacks.draft(answers), medium="chat",
    )  # fmt: skip


async def the_one(fingerpost, worker):
    return (await fingerpost.calling_back.board(worker))[0]


async def begin(fingerpost, cloud, worker):
    await fingerpost.calling_back.begin((await the_one(fingerpost, worker)).id, worker)
    return await cloud.ringing()


async def ring(cloud, leg):
    """Let the worker take the call and ring the person; return the person's telephone."""
    await leg.answer()
    await leg.press(f"1{PIN}#")
    await leg.press("1")
    return await cloud.ringing(2)


def spoken(leg) -> str:
    return " ".join(leg.heard)


async def test_the_worker_is_on_the_line_before_it_rings(fingerpost, cloud, worker, story):
    leg = await begin(fingerpost, cloud, worker)
    assert (leg.to, len(cloud.rung)) == (ON_CALL[0], 1)
    await leg.answer()
    await leg.press(f"1{PIN}#")
    assert len(cloud.rung) == 1, "nobody rings before the worker says so"
    await leg.press("1")
    person = await cloud.ringing(2)
    assert leg.where == "conference" and person.where == "ringing"
    assert person.to == NUMBER


async def test_who_is_rung_sees_our_number_and_hears_no_machine(fingerpost, cloud, worker, story):
    leg = await begin(fingerpost, cloud, worker)
    person = await ring(cloud, leg)
    assert cloud.rung[1]["From"] == fingerpost.settings.twilio_number
    assert "Url" not in cloud.rung[1], "at picking up nothing of ours is asked that could fail"
    assert "Say" not in cloud.rung[1]["Twiml"] and "Play" not in cloud.rung[1]["Twiml"]
    await person.answer()
    await until(lambda: cloud.bridged(person) and cloud.bridged(leg))
    await leg.hang_up()
    await cloud.settle()
    assert person.where == "over" and person.heard == [] and not person.dropped


async def test_nothing_of_anybody_is_heard_before_the_pin(fingerpost, cloud, worker, story):
    leg = await begin(fingerpost, cloud, worker)
    await leg.answer()
    await leg.press("15555#")
    assert set(leg.heard) <= {"Support line, press 1 and your PIN.", "That PIN is not right."}
    await leg.press(f"1{PIN}#")
    ours = (await the_one(fingerpost, worker)).plan.our_word
    assert ours in spoken(leg) and "banana" in spoken(leg) and "are you alone?" in spoken(leg)
    assert "If they say: no thanks, not today, say goodbye and end the call." in spoken(leg)
    assert NUMBER not in spoken(leg) and "no voice message" in spoken(leg)


async def test_the_pin_of_a_colleague_does_not_do(fingerpost, cloud, worker, story):
    word = await fingerpost.accounts.add("Kim", "worker")
    await fingerpost.accounts.set_up(word, "another long password", "8263")
    leg = await begin(fingerpost, cloud, worker)
    await leg.answer()
    for _ in range(3):
        await leg.press("18263#")
    await cloud.settle()
    assert leg.where == "over" and len(cloud.rung) == 1
    assert (await the_one(fingerpost, worker)).state == "booked"


async def test_a_worker_who_does_not_pick_up_leaves_it_booked(fingerpost, cloud, worker, story):
    leg = await begin(fingerpost, cloud, worker)
    await leg.refuse()
    await cloud.settle()
    one = await the_one(fingerpost, worker)
    assert (one.state, one.attempts, len(cloud.rung)) == ("booked", 0, 1)


async def test_a_safe_time_that_ends_meanwhile_rings_nobody(
    fingerpost, cloud, worker, story, clock
):
    leg = await begin(fingerpost, cloud, worker)
    await leg.answer()
    await leg.press(f"1{PIN}#")
    clock.now = TEN + 2 * 3600
    await leg.press("1")
    await cloud.settle()
    assert len(cloud.rung) == 1 and "Nobody was rung" in spoken(leg)


async def test_who_takes_it_back_meanwhile_is_not_rung(fingerpost, cloud, worker, story):
    leg = await begin(fingerpost, cloud, worker)
    await leg.answer()
    await leg.press(f"1{PIN}#")
    await fingerpost.callbacks.withdraw(story)
    await leg.press("1")
    await cloud.settle()
    assert len(cloud.rung) == 1 and leg.where == "over"


async def test_nobody_picks_up_and_the_worker_is_told(fingerpost, cloud, worker, story):
    leg = await begin(fingerpost, cloud, worker)
    person = await ring(cloud, leg)
    await person.refuse()
    await until(lambda: leg.where == "over")
    assert "The call is over" in spoken(leg)
    one = await the_one(fingerpost, worker)
    await fingerpost.calling_back.record(one.id, worker, "no_answer")
    assert (await the_one(fingerpost, worker)).attempts == 1


async def test_a_worker_who_hangs_up_stops_the_ringing(fingerpost, cloud, worker, story):
    leg = await begin(fingerpost, cloud, worker)
    person = await ring(cloud, leg)
    await leg.hang_up()
    await until(lambda: person.where == "over")
    assert person.heard == []


@pytest.mark.parametrize("agreed,stays", [("no", False), ("skip", False), ("yes", True)])
async def test_a_machine_gets_a_message_only_where_that_was_agreed(
    fingerpost, cloud, worker, clock, agreed, stays
):
    clock.now = TEN
    await agree(fingerpost, str(uuid.uuid4()), contact_voicemail=agreed)
    leg = await begin(fingerpost, cloud, worker)
    person = await ring(cloud, leg)
    await person.answer()
    await until(lambda: cloud.bridged(person))
    news = cloud.rung[1]["AsyncAmdStatusCallback"].removeprefix(cloud.edge)
    await cloud.post(person, news, {"AnsweredBy": "machine_start"}, "in-progress")
    await cloud.settle()
    assert (person.where == "conference") is stays
    assert person.heard == []
    assert ("A machine picked up" in spoken(leg)) is not stays


async def test_a_human_is_not_taken_for_a_machine(fingerpost, cloud, worker, story):
    leg = await begin(fingerpost, cloud, worker)
    person = await ring(cloud, leg)
    await person.answer()
    await until(lambda: cloud.bridged(person))
    news = cloud.rung[1]["AsyncAmdStatusCallback"].removeprefix(cloud.edge)
    for who in ("human", "unknown"):
        await cloud.post(person, news, {"AnsweredBy": who}, "in-progress")
    assert cloud.bridged(person) and cloud.bridged(leg)


async def test_twilio_away_rings_nobody_and_the_call_stays_booked(
    fingerpost, cloud, worker, story
):
    cloud.failing = True
    with pytest.raises(ConversationError, match="no_line"):
        await fingerpost.calling_back.begin((await the_one(fingerpost, worker)).id, worker)
    assert (await the_one(fingerpost, worker)).state == "booked"


async def test_a_post_again_rings_nobody_twice(fingerpost, cloud, worker, story):
    leg = await begin(fingerpost, cloud, worker)
    await leg.answer()
    await leg.press(f"1{PIN}#")
    at = leg.gather["action"]
    await leg.press("1")
    await cloud.ringing(2)
    again = await cloud.post(leg, at, {"Digits": "1"})
    await cloud.settle()
    assert len(cloud.rung) == 2 and again == leg.answers[-1]


@pytest.mark.parametrize("on_call", [()])
async def test_with_nobody_to_ring_no_call_is_offered(fingerpost, edge):
    assert not fingerpost.callbacks.possible

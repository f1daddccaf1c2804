# SPDX-License-Identifier: Apache-2.0
"""A caller asks for a person: who is rung, who hears what, and where all are at each hang-up."""

from __future__ import annotations

import pytest

from bot.store import handovers
from tests.calls.conftest import ON_CALL, PIN
from tests.fakes import until

SECRET = "my sister set fire to the blue shed"


def spoken(leg) -> str:
    return " ".join(leg.heard)


async def ask_for_a_person(cloud):
    leg = await cloud.call()
    await leg.say(SECRET)
    await leg.press("0")
    assert leg.where == "conference"
    return leg, await cloud.ringing()


async def take(worker_leg) -> None:
    await worker_leg.answer()
    await worker_leg.press(f"1{PIN}#")
    await worker_leg.press("1")


async def test_the_number_rung_sees_only_the_services_own(cloud, worker):
    caller, _ = await ask_for_a_person(cloud)
    assert cloud.rung[0]["From"] == caller.to and cloud.rung[0]["To"] == ON_CALL[0]
    assert "Record" not in cloud.rung[0]


async def test_who_picks_up_hears_nothing_of_the_caller_before_the_pin(cloud, worker):
    caller, leg = await ask_for_a_person(cloud)
    await leg.answer()
    assert set(leg.heard) == {"Support line, press 1 and your PIN."}
    for _ in range(3):
        await leg.press("15555#")
    await cloud.settle()
    assert leg.where == "over"
    assert not [h for h in leg.heard if "waiting" in h or "shed" in h]
    assert (await cloud.ringing(2)).to == ON_CALL[1]  # and the next number rings


async def test_a_voicemail_never_answers(cloud, worker, row):
    caller, leg = await ask_for_a_person(cloud)
    await leg.answer()
    await leg.wait()
    await leg.wait()
    await cloud.settle()
    assert leg.where == "over" and set(leg.heard) == {"Support line, press 1 and your PIN."}
    assert (await cloud.ringing(2)).to == ON_CALL[1]
    assert (await row(caller)).state == "waiting"


async def test_they_talk_after_the_pin_and_the_brief_is_for_the_worker_alone(cloud, worker, row):
    caller = await cloud.call()
    await caller.say("he is outside my door now with a knife")
    leg = await cloud.ringing()
    await caller.press("0")
    before = len(caller.heard)
    await leg.answer()
    await leg.press(f"1{PIN}#")
    assert "outside my door" in spoken(leg) and "danger" in spoken(leg)
    await leg.press("1")
    assert cloud.bridged(caller) and cloud.bridged(leg)
    assert not [h for h in caller.heard[before:] if "door" in h or "PIN" in h]
    assert (await row(caller)).state == "staff"


async def test_what_was_pressed_is_not_told_as_their_words(cloud, worker):
    """Between two sentences of theirs "yes" and "a person" are words of our own menu."""
    caller = await cloud.call()
    await caller.press("1")
    await caller.say("he is outside my door now with a knife")
    leg = await cloud.ringing()
    await caller.press("0")
    await leg.answer()
    await leg.press(f"1{PIN}#")
    said = spoken(leg).partition("They said: ")[2].partition(" Press 1")[0]
    assert said == "he is outside my door now with a knife"


async def test_a_number_keyed_in_and_a_line_struck_by_key_are_not_told(cloud, worker, journey):
    caller = await cloud.call()
    for keys in ("1", "2", "4", "1", "#", "2", "1", "07700900123#", "4", "1"):
        await caller.press(keys)
    await caller.say("he is outside my door now with a knife")
    leg = await cloud.ringing()
    await leg.answer()
    await leg.press(f"1{PIN}#")
    said = spoken(leg).partition("They said: ")[2]
    assert said.startswith("he is outside") and "leave out" not in said and "900" not in said


async def test_without_danger_the_brief_is_empty(cloud, worker):
    caller, leg = await ask_for_a_person(cloud)
    await take(leg)
    assert "shed" not in spoken(leg) and cloud.bridged(caller)


async def test_the_answers_given_before_are_read_to_the_worker(cloud, worker, fingerpost, row):
    caller = await cloud.call()
    story = (await row(caller)).id
    told = {"who": "for_family", "area": "devon_and_cornwall", "place": "Exeter", "need": "skip"}
    await fingerpost.facts.keep(story, "t", told | {"contact_number": "+447400123456"})
    await caller.press("1")
    await caller.press("0")
    await caller.wait()
    leg = await cloud.ringing()
    await leg.answer()
    assert "Exeter" not in spoken(leg)
    await leg.press(f"1{PIN}#")
    heard = spoken(leg)
    assert "Help is for: someone in your family." in heard and "They live in Exeter." in heard
    assert "worry" not in heard and "7400" not in heard.replace(" ", "")


async def test_a_caller_who_talks_with_us_is_fetched_to_the_worker(cloud, worker):
    caller = await cloud.call()
    await caller.press("9")
    leg = await cloud.ringing()
    assert caller.where == "gather"
    await take(leg)
    await until(lambda: cloud.bridged(caller))
    assert "A person is here for you now." in spoken(caller)


async def test_if_they_cannot_be_fetched_their_next_post_brings_them(cloud, worker):
    caller = await cloud.call()
    await caller.press("9")
    leg = await cloud.ringing()
    cloud.failing = True
    await take(leg)
    await cloud.settle()
    assert caller.where == "gather"
    await caller.wait()
    assert cloud.bridged(caller)


async def test_the_worker_drops_and_the_caller_is_back_with_us(cloud, worker, row):
    caller, leg = await ask_for_a_person(cloud)
    await take(leg)
    await leg.hang_up()
    await cloud.settle()
    assert caller.where == "gather" and not caller.dropped
    assert "We lost the person" in spoken(caller)
    assert (await row(caller)).state == "waiting"
    await cloud.ringing(2)  # and somebody is rung again


async def test_the_worker_hangs_up_on_the_brief(cloud, worker, row):
    caller, leg = await ask_for_a_person(cloud)
    await leg.answer()
    await leg.press(f"1{PIN}#")
    await leg.hang_up()
    await cloud.settle()
    second = await cloud.ringing(2)
    assert (await row(caller)).state == "waiting" and caller.where == "conference"
    assert second.to == ON_CALL[1]
    await take(second)
    assert cloud.bridged(caller)


@pytest.mark.parametrize("when", ["ringing", "gate", "brief", "talk"])
async def test_the_caller_hangs_up_and_no_leg_is_left(cloud, worker, row, when):
    caller, leg = await ask_for_a_person(cloud)
    if when != "ringing":
        await leg.answer()
    if when in ("brief", "talk"):
        await leg.press(f"1{PIN}#")
    if when == "talk":
        await leg.press("1")
    await caller.hang_up()
    await cloud.settle()
    await until(lambda: leg.where == "over")
    assert (await row(caller)).left_at
    assert len(cloud.rung) == 1


async def test_nobody_answers_and_the_caller_is_told_so(cloud, worker, row):
    caller, leg = await ask_for_a_person(cloud)
    await leg.refuse()
    await (await cloud.ringing(2)).refuse("busy")
    await until(lambda: caller.where == "gather")
    assert "I could not reach a person." in spoken(caller)
    assert spoken(caller).count("I could not reach a person.") == 1
    assert (await row(caller)).state == "waiting"  # still in the queue of the console
    await caller.say("yes")
    assert spoken(caller).count("I could not reach a person.") == 1


async def test_a_ring_that_says_nothing_is_given_up(cloud, worker, clock):
    caller, _ = await ask_for_a_person(cloud)
    await caller.wait()
    clock.pass_by(100)
    await caller.wait()
    assert (await cloud.ringing(2)).to == ON_CALL[1]


async def test_twilio_rings_nobody_and_the_caller_is_not_left_waiting(cloud, worker, row):
    cloud.failing = True
    caller = await cloud.call()
    await caller.press("0")
    assert caller.where == "gather" and "I could not reach a person." in spoken(caller)
    assert (await row(caller)).state == "waiting"
    cloud.failing = False
    await caller.press("0")
    assert caller.where == "conference" and await cloud.ringing()


async def test_twilio_fails_while_the_caller_waits(cloud, worker):
    caller, leg = await ask_for_a_person(cloud)
    cloud.failing = True
    await leg.refuse()
    for _ in range(3):
        await cloud.settle()
        await caller.wait()
    assert "I could not reach a person." in spoken(caller)
    cloud.failing = False
    await caller.wait()
    await until(lambda: caller.where == "gather")


async def test_honest_words_while_waiting_and_star_comes_back(cloud, worker):
    caller, leg = await ask_for_a_person(cloud)
    for _ in range(9):
        await caller.wait()
    assert spoken(caller).count("I do not know how long it will be.") >= 3
    await caller.press("*")
    assert caller.where == "gather" and "I am back with you." in spoken(caller)
    await take(leg)
    await until(lambda: cloud.bridged(caller))


async def test_star_in_the_talk_does_not_lose_the_worker(cloud, worker):
    caller, leg = await ask_for_a_person(cloud)
    await take(leg)
    await caller.press("*")
    await until(lambda: cloud.bridged(caller) and cloud.bridged(leg))


async def test_the_console_takes_a_caller_who_waits(cloud, worker, fingerpost):
    caller, leg = await ask_for_a_person(cloud)
    waiting = (await fingerpost.handover.queue())[0]
    await fingerpost.handover.accept(waiting.id, worker)
    await fingerpost.handover.say(waiting.id, worker, "Hello from Sam.")
    await caller.wait()
    await until(lambda: caller.where == "gather" and leg.where == "over")
    assert "Hello from Sam." in caller.heard


async def test_the_second_worker_is_told_that_it_is_taken(cloud, worker, fingerpost):
    caller, leg = await ask_for_a_person(cloud)
    await leg.answer()
    waiting = (await fingerpost.handover.queue())[0]
    await fingerpost.handover.accept(waiting.id, worker)
    await leg.press(f"1{PIN}#")
    await cloud.settle()
    assert "taken this call" in spoken(leg) and leg.where == "over"


async def test_the_console_ends_the_talk(cloud, worker, fingerpost, row):
    caller, leg = await ask_for_a_person(cloud)
    await take(leg)
    mine = next(w for w in await fingerpost.handover.queue() if w.state == handovers.TAKEN)
    await fingerpost.handover.end(mine.id, worker, "supported")
    await leg.hang_up()
    await cloud.settle()
    assert caller.where == "over" and "We lost the person" not in spoken(caller)
    assert "ring back at any hour" in spoken(caller)


async def test_sixty_seconds_with_nobody_is_said_in_the_conference_too(
    cloud, worker, fingerpost, clock
):
    caller = await cloud.call()
    await caller.press("9")
    await caller.press("0")
    assert caller.where == "conference"
    clock.pass_by(61)
    while await fingerpost.work.one():
        pass
    await caller.wait()
    assert "No one here is free yet." in spoken(caller)


@pytest.mark.parametrize("on_call", [()])
async def test_with_nobody_to_ring_the_caller_is_told_and_stays_with_us(cloud, row):
    caller = await cloud.call()
    await caller.press("0")
    assert caller.where == "gather" and cloud.rung == []
    assert "No person is on duty here now." in spoken(caller)




async def test_a_caller_who_waits_may_choose_to_be_rung_instead(cloud, worker, assistant):
    caller, _ = await ask_for_a_person(cloud)
    for _ in range(5):
        await caller.hear_waiting()
    assert "We can ring you instead." in spoken(caller)
    before = len(caller.heard)
    await caller.press("*")
    assert caller.where == "gather"
    menu = " ".join(caller.heard[before:])
    assert "have a worker here ring you: press 1." in menu
    await caller.press("1")
    assert assistant.heard[-1]["choice"] == "callback"


async def test_out_of_the_wait_a_key_does_what_was_said_of_it(cloud, worker, assistant):
    caller, _ = await ask_for_a_person(cloud)
    before = len(caller.heard)
    await caller.press("*")
    assert "something to feel calmer: press 2." in caller.heard[before:]
    await caller.press("2")
    assert assistant.heard[-1]["choice"] == "calm"


async def with_answers(cloud, fingerpost, row):
    """A caller who gave answers and asks for a person."""
    caller = await cloud.call()
    await caller.press("1")
    story = (await row(caller)).id
    await fingerpost.facts.keep(story, "", {"topic": "fraud", "age_band": "18_24"})
    await caller.press("0")
    return caller


async def test_answers_are_kept_back_by_a_key_and_danger_is_not(cloud, worker, fingerpost, row):
    caller = await with_answers(cloud, fingerpost, row)
    assert "To keep them back, press 8." in spoken(caller)
    await cloud.settle()
    assert not cloud.rung and caller.gather["timeout"] == "5"  # a worker would hear the answers
    await caller.press("8")
    assert caller.where == "conference" and "They will not see the answers" in spoken(caller)
    leg = await cloud.ringing()
    assert len(cloud.rung) == 1
    await take(leg)
    assert cloud.bridged(caller) and "fraud" not in spoken(leg).lower()
    (waiting,) = await fingerpost.handover.queue()
    brief = await fingerpost.handover.brief(waiting.id, worker)
    assert "topic" not in brief.facts and brief.facts["age_band"] == "18_24"


async def test_a_silence_lets_the_worker_hear_the_answers(cloud, worker, fingerpost, row):
    caller = await with_answers(cloud, fingerpost, row)
    await caller.wait()
    assert caller.where == "conference"
    leg = await cloud.ringing()
    await take(leg)
    assert "fraud" in spoken(leg).lower() and spoken(caller).count("To keep them back") == 1


@pytest.mark.parametrize("kept", [True, False])
async def test_an_age_is_shown_and_never_spoken(cloud, worker, fingerpost, row, kept):
    """Who else hears a worker's telephone is not known."""
    caller = await with_answers(cloud, fingerpost, row)
    await (caller.press("8") if kept else caller.wait())
    leg = await cloud.ringing()
    await take(leg)
    for told in ("18 to 24", "18 24", "18_24", "Age"):
        assert told not in spoken(leg)
    (waiting,) = await fingerpost.handover.queue()
    assert (await fingerpost.handover.brief(waiting.id, worker)).facts["age_band"] == "18_24"


async def test_another_key_leaves_nobody_without_a_person(cloud, worker, fingerpost, row):
    """Whoever picks something else before the ring is rung for all the same."""
    caller = await with_answers(cloud, fingerpost, row)
    await caller.press("2")
    assert caller.where == "gather" and await cloud.ringing()


async def test_who_keeps_their_answers_too_late_is_told_so(cloud, worker, fingerpost, row):
    caller = await with_answers(cloud, fingerpost, row)
    await caller.wait()
    leg = await cloud.ringing()
    await leg.answer()
    await leg.press(f"1{PIN}#")
    await caller.press_early("8")
    assert "They will not see" not in spoken(caller)
    assert "A person may have heard the answers" in spoken(caller)
    assert caller.where == "conference"


async def test_who_gave_no_answers_is_not_asked_to_keep_any(cloud, worker):
    caller, _ = await ask_for_a_person(cloud)
    assert "To keep them back" not in spoken(caller)

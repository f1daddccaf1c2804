# SPDX-License-Identifier: Apache-2.0
"""A caller who never speaks gets everywhere that a caller who speaks does."""

from __future__ import annotations

import pytest

from tests.calls.conftest import LINES
from tests.fakes import until


def spoken(leg) -> str:
    return " ".join(leg.heard)


async def test_by_keys_alone_to_a_consent(cloud, journey):
    leg = await cloud.call()
    assert "999" in spoken(leg).replace(" ", "") and leg.where == "gather"
    await leg.press("1")  # safe to talk
    assert "find help: press 2." in leg.heard
    await leg.press("2")
    assert "For other choices, press 4." in leg.heard
    assert "burglary or theft: press 1." not in leg.heard
    await leg.press("4")
    assert "burglary or theft: press 1." in leg.heard
    await leg.press("1")
    await leg.press("#")  # skip
    assert "0 1 1 7, 0 0 0, 1 2 3 4" in spoken(leg)
    await leg.press("2")  # refer
    await leg.press("1")
    assert leg.gather["finishOnKey"] == "#" and "numDigits" not in leg.gather
    assert int(leg.gather["timeout"]) <= 4  # so that danger, with no hash, waits no longer
    await leg.press("07700900123#")
    assert "07700900123" in journey
    assert all(line.label in spoken(leg) for line in LINES)
    await leg.press("1")
    assert "K, 7, Q, 2" in spoken(leg)
    assert journey[-1] == "yes"
    assert not leg.dropped and leg.where == "gather"


async def test_a_consent_is_heard_to_its_end_or_not_given(cloud, journey):
    leg = await cloud.call()
    for keys in ("1", "2", "4", "1", "#", "2", "1", "07700900123#"):
        await leg.press(keys)
    before = len(journey)
    await leg.press_early("1")
    assert "yes" not in journey[before:]
    assert "Here it is again." in spoken(leg) and leg.gather
    await leg.press_early("8")  # a slip of the finger does not count as having heard it
    assert leg.early and LINES[1].label in " ".join(leg.heard[-8:])
    await leg.press_early("2")  # a no needs no hearing to the end
    assert journey[-1] == "no"


async def test_a_part_of_a_consent_is_left_out_by_key(cloud, journey, assistant):
    leg = await cloud.call()
    for keys in ("1", "2", "4", "1", "#", "2", "1", "07700900123#"):
        await leg.press(keys)
    assert "To leave a part out, press 4." in leg.heard
    await leg.press("4")
    assert leg.heard[-2] == "What it is about: press 1."
    before = len(journey)
    await leg.press("*")  # on second thoughts
    assert len(journey) == before and "To leave a part out, press 4." in leg.heard[-3:]
    await leg.press("4")
    await leg.press("8")
    assert leg.heard[-2] == "What it is about: press 1."
    await leg.press("1")
    assert journey[-1] == "leave out what it is about"
    assert assistant.heard[-1]["without"] == ("topic",)
    await leg.press("4")
    await leg.press("0")
    assert leg.gather["timeout"] == "5" or "person" in " ".join(leg.heard[-6:])


async def test_an_unclear_yes_is_no_consent(cloud, journey):
    leg = await cloud.call()
    for keys in ("1", "2", "4", "1", "#", "2", "1", "07700900123#"):
        await leg.press(keys)
    await leg.say("yes", confidence=0.2)
    assert journey[-1] != "yes"
    await leg.say("yes", confidence=0.95)
    assert journey[-1] == "yes"


async def test_a_key_that_means_nothing_says_what_keys_do(cloud, journey):
    leg = await cloud.call()
    await leg.press("4")
    assert leg.heard.count("yes: press 1.") == 2 and journey == []


async def test_six_puts_the_open_question_again_with_its_choices(cloud, journey):
    leg = await cloud.call()
    await leg.press("1")
    first = len(leg.heard)
    await leg.press("6")
    again = " ".join(leg.heard[first:])
    assert "Would you like to tell me more" in again and "find help: press" in again
    await leg.press("5")
    first = len(leg.heard)
    await leg.press("6")
    again = " ".join(leg.heard[first:])
    assert "Would you like to tell me more" in again and "find help: press" in again


async def test_star_says_it_again_without_a_turn(cloud, journey):
    leg = await cloud.call()
    await leg.press("1")
    count = len(journey)
    first = len(leg.heard)
    await leg.press("*")
    again = leg.heard[first:]
    assert any("find help" in said for said in again) and len(journey) == count


async def test_who_cannot_speak_is_spared_what_others_may_overhear(cloud, journey):
    leg = await cloud.call()
    await leg.press("1")
    await leg.press("5")
    assert leg.gather["input"] == "dtmf"
    await leg.press("2")  # find help: what it is about is not said aloud
    assert "abuse" not in spoken(leg) and "To hear it, press 1." in spoken(leg)
    await leg.press("1")
    assert "abuse" in spoken(leg)
    await leg.press("6")
    assert leg.gather["input"] == "dtmf speech"


async def test_who_cannot_speak_or_is_not_safe_hears_of_55_at_once(cloud):
    for key in ("5", "2"):
        leg = await cloud.call()
        before = len(leg.heard)
        await leg.press(key)
        assert "only when the recording asks" in " ".join(leg.heard[before:])


@pytest.mark.parametrize("on_call", [()])
async def test_with_nobody_on_duty_who_cannot_speak_is_given_no_number_to_talk_to(cloud):
    leg = await cloud.call()
    await leg.press("5")
    before = len(leg.heard)
    await leg.press("0")
    heard = " ".join(leg.heard[before:])
    assert "Victim Support" not in heard
    assert "SHOUT" in heard and "when the recording asks" in heard


async def test_that_a_person_has_joined_is_not_said_out_loud(cloud, fingerpost, worker):
    leg = await cloud.call()
    await leg.press("5")
    await leg.press("0")
    await leg.press_early("8")
    waiting = (await fingerpost.handover.queue())[0]
    await fingerpost.handover.accept(waiting.id, worker)
    before = len(leg.heard)
    await leg.wait()
    heard = " ".join(leg.heard[before:])
    assert "A person is here for you now" not in heard and "To hear it, press 1." in heard


async def test_number_entry_still_knows_the_keys_that_never_change(
    cloud, journey, assistant, row
):
    leg = await cloud.call()
    for keys in ("1", "2", "4", "1", "#", "2", "1"):
        await leg.press(keys)
    await leg.press("999#")
    await until(lambda: assistant.heard[-1]["intent"] == "danger_immediate")
    assert (await row(leg)).urgency == "immediate_danger"


@pytest.mark.parametrize("on_call", [()])
async def test_a_worker_and_a_caller_who_can_only_press_keys_say_yes_and_no(
    cloud, worker, fingerpost
):
    leg = await cloud.call()
    await leg.press("2")  # not safe to talk
    await leg.press("5")  # and cannot speak
    await leg.press("0")
    (waiting,) = await fingerpost.handover.queue()
    assert (waiting.tier, waiting.safe_to_talk, waiting.can_speak) == ("soon", "no", "no")
    await fingerpost.handover.accept(waiting.id, worker)
    for question, key, answer in (("Are you hurt?", "1", "yes"), ("Is he there?", "2", "no")):
        await fingerpost.handover.say(waiting.id, worker, question)
        await leg.say("")
        assert question not in spoken(leg)  # somebody may be near
        await leg.press("1")
        assert question in spoken(leg) and leg.heard[-2:] == ["yes: press 1.", "no: press 2."]
        await leg.press(key)
        talk = await fingerpost.desk.talk(waiting.id, worker)
        assert talk[-1].message.text == answer


async def test_who_can_speak_again_is_asked_as_others_are(cloud, worker, fingerpost):
    leg = await cloud.call()
    for keys in ("1", "5", "6", "0"):
        await leg.press(keys)
    (waiting,) = await fingerpost.handover.queue()
    assert waiting.can_speak == "yes"
    await fingerpost.handover.accept(waiting.id, worker)
    assert (await fingerpost.handover.say(waiting.id, worker, "Hello.")).choices == ()


async def test_who_cannot_speak_is_not_asked_to_talk_while_a_person_is_rung(cloud, worker):
    leg = await cloud.call()
    await leg.press("5")
    before = len(leg.heard)
    await leg.press("0")
    said = " ".join(leg.heard[before:])
    assert "press star" in said and "talk with me" not in said and "press 5" not in said

# SPDX-License-Identifier: Apache-2.0
"""What a recogniser garbles or is unsure of is asked about, with keys; nothing is taken from it."""

from __future__ import annotations

import pytest

GARBLED = "he strand gold me"


async def asked(leg, text: str = GARBLED, confidence: float = 0.9) -> None:
    await leg.press("1")
    await leg.say(text, confidence)


def offers(leg, since: int) -> bool:
    return any(said.startswith("yes: press 1") for said in leg.heard[since:])


async def test_it_is_asked_with_keys_and_never_assumed(cloud, row, assistant):
    leg = await cloud.call()
    await leg.press("1")
    since = len(leg.heard)
    await leg.say(GARBLED)
    assert offers(leg, since) and (await row(leg)).state == "assistant"
    assert assistant.heard[-1]["intent"] == "check_red_flag"
    assert (await row(leg)).urgency not in ("immediate_danger", "suicide_risk", "safeguarding")


@pytest.mark.parametrize("no", ["#2", "no", "no nothing like that", "no i'm not in danger"])
async def test_a_no_is_taken_as_no_and_the_talk_goes_on(cloud, row, assistant, no):
    leg = await cloud.call()
    await asked(leg)
    await (leg.press(no[1:]) if no[0] == "#" else leg.say(no))
    assert assistant.heard[-1]["intent"] == "check_cleared"
    assert (await row(leg)).state == "assistant"
    await leg.say(GARBLED)  # the same again is not asked again
    assert assistant.heard[-1]["intent"] not in ("check_red_flag", "check_cleared")


@pytest.mark.parametrize("yes", ["#1", "yes", "yeah i am", "yes please help me"])
async def test_a_yes_is_danger(cloud, row, yes):
    leg = await cloud.call()
    await asked(leg)
    await (leg.press(yes[1:]) if yes[0] == "#" else leg.say(yes))
    assert (await row(leg)).urgency == "immediate_danger"


async def test_an_unclear_no_denies_no_danger(cloud, assistant):
    leg = await cloud.call()
    await asked(leg)
    since = len(leg.heard)
    await leg.say("no", confidence=0.2)
    assert assistant.heard[-1]["intent"] == "check_red_flag" and offers(leg, since)
    await leg.press("2")
    assert assistant.heard[-1]["intent"] == "check_cleared"


async def test_an_unclear_yes_to_danger_counts(cloud, row):
    leg = await cloud.call()
    await asked(leg)
    await leg.say("yes", confidence=0.2)
    assert (await row(leg)).urgency == "immediate_danger"


async def test_two_unclear_answers_in_a_row_offer_the_keys(cloud):
    leg = await cloud.call()
    await leg.press("1")
    await leg.say("the gate to the thing", confidence=0.3)
    since = len(leg.heard)
    await leg.say("the weight of the rain", confidence=0.3)
    assert any("press" in said for said in leg.heard[since:])
    assert any("use the keys" in said for said in leg.heard[since:])


@pytest.mark.parametrize(
    ("question", "unclear"),
    [
        ("delete_ask", "yes"),
        ("referral_ask_contact_safe", "yes"),
        ("referral_ask_contact_voicemail", "yes"),
        ("referral_ask_contact_number", "07700 900123"),
        ("referral_number_refused_short", "07700 900123"),
    ],
)
async def test_no_number_and_no_deletion_is_taken_from_a_guess(cloud, assistant, question, unclear):
    assistant.says = [question]
    leg = await cloud.call()
    await leg.press("1")
    count, since = len(assistant.heard), len(leg.heard)
    await leg.say(unclear, confidence=0.3)
    assert len(assistant.heard) == count
    assert any("press" in said for said in leg.heard[since:])
    await leg.say(unclear, confidence=0.9)
    assert len(assistant.heard) == count + 1


async def test_danger_is_heard_where_a_number_is_asked(cloud, row, assistant):
    assistant.says = ["referral_ask_contact_number"]
    leg = await cloud.call()
    await leg.press("1")
    await leg.say("he is breaking the door down he has a knife", confidence=0.3)
    assert (await row(leg)).urgency == "immediate_danger"


@pytest.mark.parametrize("question", ["delete_ask", "consent_brief", "support_invite"])
@pytest.mark.parametrize("text", ["no wait is anyone there", "can i speak to someone pls"])
async def test_a_call_for_somebody_is_heard_however_unsure(cloud, row, assistant, question, text):
    leg = await cloud.call()
    assistant.says = [question]
    await leg.press("1")
    await leg.say(text, confidence=0.2)
    assert (await row(leg)).state == "waiting"

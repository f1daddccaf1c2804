# SPDX-License-Identifier: Apache-2.0
"""Cut off? A code goes on; without one a call starts afresh; nothing said before is read out."""

from __future__ import annotations

import re

import pytest

from bot.service.conversation import DIGITS

TOLD = "my neighbour marigold took my bike"


@pytest.fixture(autouse=True)
def asks_for_a_code(assistant):
    """Let the stand-in explain the code wherever one is asked for."""
    from bot.policy.turn import Utterance

    plain = assistant.ask

    async def ask(**turn):
        said = await plain(**turn)
        return [Utterance("code_how")] if "code" in turn["text"] else said

    assistant.ask = ask


async def code_of(leg) -> str:
    before = len(leg.heard)
    await leg.say("can i have a code to come back")
    said = " ".join(leg.heard[before:])
    return re.search(r"Your code is ([\d, ]+)\.", said)[1].replace(" ", "").replace(",", "")


@pytest.fixture
async def cut_off(cloud, row, clock):
    """A call that was cut off, and its code."""
    leg = await cloud.call()
    await leg.press("1")
    await leg.say(TOLD)
    code = await code_of(leg)
    story = (await row(leg)).id
    await leg.hang_up()
    await cloud.settle()
    clock.pass_by(60)
    return story, code


async def test_a_code_is_six_digits_that_are_never_those_of_danger(cut_off):
    _, code = cut_off
    assert len(code) == 6 and set(code) <= set(DIGITS)


async def test_star_says_the_same_code_again(cloud):
    leg = await cloud.call()
    await leg.press("1")
    code = await code_of(leg)
    await leg.press("*")
    assert " ".join(leg.heard).replace(" ", "").replace(",", "").count(code) == 4


async def test_the_code_goes_on_and_says_nothing_of_before(cloud, row, cut_off):
    story, code = cut_off
    leg = await cloud.call()
    assert "If we gave you a code, press 8." in leg.heard
    fresh = (await row(leg)).id
    await leg.press("8")
    assert leg.gather["finishOnKey"] == "#"
    before = len(leg.heard)
    await leg.press(f"{code}#")
    assert (await row(leg)).id == story != fresh
    said = " ".join(leg.heard[before:])
    assert "You are back." in said and "marigold" not in " ".join(leg.heard)
    await leg.say("i want to go on")
    assert leg.where == "gather" and "not working" not in " ".join(leg.heard)
    await leg.press("*")
    assert "marigold" not in " ".join(leg.heard)


async def test_the_same_post_twice_is_told_the_same(cloud, row, cut_off):
    _, code = cut_off
    leg = await cloud.call()
    await leg.press("8")
    url = leg.gather["action"]
    await leg.press(f"{code}#")
    assert await cloud.post(leg, url, {"Digits": code}) == leg.answers[-1]


async def test_a_code_may_be_said(cloud, row, cut_off):
    story, code = cut_off
    leg = await cloud.call()
    await leg.press("8")
    await leg.say(f"{code[:3]} {code[3:]}")
    assert (await row(leg)).id == story


async def test_without_a_code_the_call_starts_afresh(cloud, row, cut_off):
    story, _ = cut_off
    leg = await cloud.call()
    await leg.press("8")
    await leg.press("1#")
    assert (await row(leg)).id != story and leg.heard.count("yes: press 1.") == 2
    await leg.press("1")
    assert (await row(leg)).turns == 1


async def test_no_key_means_two_things_while_a_code_is_awaited(cloud, row):
    """1 and 2 answer "is it safe", and one of them is no: that menu waits while a code is due."""
    leg = await cloud.call()
    await leg.press("8")
    before = len(leg.heard)
    for _ in range(4):  # two silences: each wait for a code is half as long
        await leg.wait()
    said = " ".join(leg.heard[before:])
    assert "Key in your code" in said and "press 2" not in said
    await leg.press("2")
    assert "That code does not work." in leg.heard[-1]
    await leg.press("1#")
    await leg.press("2")
    assert "cough or tap" in " ".join(leg.heard)


@pytest.mark.parametrize("keys", ["000000#", "12#", "8#"])
async def test_a_wrong_code_opens_nothing(cloud, row, cut_off, keys):
    story, _ = cut_off
    leg = await cloud.call()
    await leg.press("8")
    await leg.press(keys)
    assert "That code does not work." in " ".join(leg.heard) and (await row(leg)).id != story
    assert leg.gather["finishOnKey"] == "#"


async def test_guessing_comes_to_an_end(cloud, row, cut_off):
    story, code = cut_off
    leg = await cloud.call()
    await leg.press("8")
    for number in range(6):
        await leg.press(f"00000{number}#")
    await leg.press("8")
    await leg.press(f"{code}#")
    assert (await row(leg)).id != story


async def test_danger_and_a_person_are_never_a_code(cloud, row, cut_off, worker):
    leg = await cloud.call()
    await leg.press("8")
    # Nobody in danger adds a hash: what was keyed in counts after a pause, or when it is a code.
    assert int(leg.gather["timeout"]) <= 4 and leg.gather["numDigits"] == "6"
    await leg.press("999")
    assert (await row(leg)).urgency == "immediate_danger"
    other = await cloud.call()
    await other.press("8")
    await other.press("0#")
    assert (await row(other)).state == "waiting"


async def test_no_code_is_read_out_where_others_may_hear(cloud, assistant):
    leg = await cloud.call()
    await leg.press("1")
    await leg.press("5")
    await leg.go(leg.gather["action"], {"SpeechResult": "can i have a code"})
    assert "Your code is" not in " ".join(leg.heard)


async def test_a_code_works_once(cloud, row, cut_off):
    story, code = cut_off
    for _ in range(2):
        leg = await cloud.call()
        await leg.press("8")
        await leg.press(f"{code}#")
    assert (await row(leg)).id != story

# SPDX-License-Identifier: Apache-2.0
"""A whole entry of 9, 99, 999 or 55 is danger, wherever the call stands."""

from __future__ import annotations

import pytest

from tests.calls.conftest import ON_CALL


def digits(leg) -> str:
    return " ".join(leg.heard).replace(" ", "")


@pytest.mark.parametrize("keys", ["9", "99", "999", "55"])
async def test_a_keyed_danger_is_a_hit(cloud, row, keys):
    leg = await cloud.call()
    await leg.go(leg.gather["action"], {"Digits": keys})
    found = await row(leg)
    assert found.urgency == "immediate_danger" and found.state == "waiting"
    assert "Thisisnot999" in digits(leg)
    assert leg.gather and not leg.dropped


async def test_a_keyed_danger_rings_a_worker_while_the_caller_is_with_us(cloud, row, worker):
    leg = await cloud.call()
    await leg.press("9")
    rung = await cloud.ringing()
    assert leg.where == "gather" and rung.to == ON_CALL[0]


async def test_a_second_five_at_once_is_fifty_five(cloud, row, clock):
    leg = await cloud.call()
    await leg.press("5")
    clock.pass_by(2)
    await leg.press("5")
    assert (await row(leg)).urgency == "immediate_danger"


async def test_a_second_five_later_is_not(cloud, row, clock):
    leg = await cloud.call()
    await leg.press("5")
    clock.pass_by(4)
    await leg.press("5")
    assert (await row(leg)).urgency == "none"


async def test_danger_in_speech_is_answered_without_the_assistant(cloud, row, assistant):
    assistant.down = True
    leg = await cloud.call()
    await leg.say("he is breaking the door down he has a knife please help me", 0.4)
    assert (await row(leg)).urgency == "immediate_danger"
    before = leg.answers[-1][: leg.answers[-1].index("Hang up and call")]
    assert 'input="dtmf"' in before and "speech" not in before  # a key stops it, no noise does


async def test_nine_and_five_are_never_on_offer(cloud, journey):
    leg = await cloud.call()
    for keys in ("1", "2", "4", "4", "4"):
        await leg.press(keys)
    offers = [said for said in leg.heard if ": press " in said]
    assert offers and not any(said.endswith((" 9.", " 5.")) for said in offers)


async def test_danger_comes_before_the_news_that_nobody_picked_up(cloud, worker):
    """They are told of danger first, and somebody is rung anew, so that the old news is none."""
    leg = await cloud.call()
    await leg.press("1")
    await leg.press("0")
    await leg.wait()
    for number in (1, 2):
        await (await cloud.ringing(number)).refuse()
        await cloud.settle()
    before = len(leg.heard)
    await leg.press("9")
    said = " ".join(leg.heard[before:]).replace(" ", "")
    assert "Icouldnotreachaperson" not in said
    assert said.index("999") < 40
    await cloud.ringing(3)

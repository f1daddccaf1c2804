# SPDX-License-Identifier: Apache-2.0
"""Who has an assistant type for them, and who knows no English, get to a person."""

from __future__ import annotations

import re

import pytest

from tests.calls.conftest import ON_CALL


def spoken(leg) -> str:
    return " ".join(leg.heard)


def yields_to_no_voice(leg) -> bool:
    """Say whether all that was said last stands where keys alone are listened for."""
    gathers = re.findall(r"<Gather([^>]*)>(.*?)</Gather>", leg.answers[-1])
    heard_by = [how for how, words in gathers if "<Say" in words]
    return bool(heard_by) and all('input="dtmf"' in how for how in heard_by)


async def test_a_relay_call_has_a_person_first(cloud, worker):
    leg = await cloud.call()
    await leg.say("hello this is relay uk please go ahead")
    assert (await cloud.ringing()).to == ON_CALL[0]
    assert "I will wait for you" in spoken(leg) and leg.gather["timeout"] == "5"


@pytest.mark.parametrize("on_call", [()])
async def test_a_relay_call_has_slow_turns_and_is_not_hurried(cloud):
    leg = await cloud.call()
    await leg.say("hello this is relay uk please go ahead")
    assert leg.gather["speechTimeout"] == "5" and yields_to_no_voice(leg)
    before = len(leg.heard)
    for _ in range(2):
        await leg.wait()
    assert "I am still here" not in " ".join(leg.heard[before:])
    await leg.say("i want help")
    assert yields_to_no_voice(leg)


async def test_danger_in_a_relay_call_comes_first(cloud, row):
    leg = await cloud.call()
    await leg.say("this is relay uk he is breaking the door down with an axe please help me")
    assert (await row(leg)).urgency == "immediate_danger"
    assert "9 9 9" in spoken(leg)


async def test_other_languages_hear_their_own_name_and_a_key(cloud, fingerpost):
    leg = await cloud.call()
    for said in ("polski: 7.", "rom\u00e2n\u0103: 7."):
        assert said in leg.heard
    assert 'language="pl-PL" voice="Polly.Ewa"' in leg.answers[-1]
    assert leg.heard[1] == "polski: 7."  # straight after the welcome
    assert spoken(leg).count("press 0") == 1
    await leg.press("1")
    assert "polski" not in leg.answers[-1]


async def test_one_key_leads_to_emergency_words_and_a_person(cloud, fingerpost, worker):
    leg = await cloud.call()
    before = len(leg.heard)
    await leg.press("7")
    said = " ".join(leg.heard[before:])
    assert "9 9 9" in said and said.index("9 9 9") < said.index("Please stay on the line")
    (waiting,) = await fingerpost.handover.queue()
    assert (waiting.reason, waiting.tier) == ("language", "soon")
    assert (await cloud.ringing()).to == ON_CALL[0]


async def test_a_silent_caller_hears_of_other_languages_once_more(cloud):
    leg = await cloud.call()
    for _ in range(3):
        await leg.wait()
    assert leg.heard.count("polski: 7.") == 2


async def test_who_cannot_speak_hears_of_no_other_language(cloud):
    leg = await cloud.call()
    await leg.press("5")
    before = len(leg.heard)
    for _ in range(3):
        await leg.wait()
    assert "polski: 7." not in leg.heard[before:]

# SPDX-License-Identifier: Apache-2.0
"""By telephone: an exercise by keys and in words, and a caller who wants it slower or simpler."""

from __future__ import annotations

import pytest

from bot.policy.exercise import AFTER
from tests.fakes import until


@pytest.fixture
async def at_a_step(cloud, assistant):
    """Bring a caller to the second step of an exercise."""
    assistant.says = ["calm_grounding_2"]
    leg = await cloud.call()
    await leg.press("1")  # safe to talk
    return leg


async def chosen(assistant, choice: str) -> None:
    await until(lambda: assistant.heard[-1]["choice"] == choice)


async def test_each_step_has_its_keys(at_a_step, assistant) -> None:
    leg = at_a_step
    assert leg.heard[-3:] == ["next: press 1.", "stop: press 2.", "For a person, press 0."]
    assistant.says = ["calm_grounding_3"]
    await leg.press("1")
    await chosen(assistant, "calm_grounding_3")
    assert leg.heard[-3:] == ["next: press 1.", "stop: press 2.", "For a person, press 0."]
    assistant.says = ["calm_stopped", "support_what_would_help"]
    await leg.press("2")
    await chosen(assistant, "stop")
    assert "find help: press 1." in leg.heard


@pytest.mark.parametrize(("words", "choice"), [("next", "calm_grounding_3"), ("stop", "stop")])
async def test_the_same_in_words(at_a_step, assistant, words, choice) -> None:
    await at_a_step.say(words)
    await chosen(assistant, choice)


async def test_danger_in_the_middle_is_danger_first(at_a_step, row) -> None:
    await at_a_step.say("he is at my door with a knife")
    assert (await row(at_a_step)).urgency == "immediate_danger"
    await at_a_step.hang_up()


async def test_the_key_for_danger_works_at_a_step(at_a_step, row) -> None:
    await at_a_step.press("9")
    assert (await row(at_a_step)).urgency == "immediate_danger"


async def test_nobody_is_hurried_out_of_an_exercise(at_a_step, assistant) -> None:
    before = len(assistant.heard)
    for _ in range(7):  # nearly a minute in which an ordinary call would end
        await at_a_step.wait()
    assert at_a_step.where == "gather" and len(assistant.heard) == before


async def test_the_last_step_goes_on_to_what_comes_after(cloud, assistant) -> None:
    assistant.says = ["calm_grounding_5"]
    leg = await cloud.call()
    await leg.press("1")
    await leg.press("1")
    await chosen(assistant, AFTER)


@pytest.mark.parametrize("words", ["slower please", "say it more simply"])
async def test_slower_is_slower_from_then_on(cloud, assistant, words) -> None:
    assistant.says = ["support_distress"]
    leg = await cloud.call()
    await leg.press("1")
    assert "<prosody" not in leg.answers[-1] and "<Pause" not in leg.answers[-1]
    turns = [turn for turn in assistant.heard if turn["intent"] != "repeat"]
    await leg.say(words)
    assert '<prosody rate="80%">' in leg.answers[-1] and "<Pause" in leg.answers[-1]
    assert "something to feel calmer: press 1." in leg.heard[-4:]
    assert [turn for turn in assistant.heard if turn["intent"] != "repeat"] == turns
    await leg.press("*")
    assert "<prosody" in leg.answers[-1]
    assistant.says = ["calm_grounding_1"]
    await leg.press("1")
    await chosen(assistant, "calm")
    assert "<prosody" in leg.answers[-1]


async def test_emergency_words_keep_to_their_six_seconds_at_any_pace(cloud, assistant) -> None:
    assistant.says = ["support_distress"]
    leg = await cloud.call()
    await leg.press("1")
    await leg.say("slower please")
    await leg.press("9")
    first = leg.answers[-1].split("</Gather>")[0]
    assert "9 9 9" in first and "<prosody" not in first

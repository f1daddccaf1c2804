# SPDX-License-Identifier: Apache-2.0
"""Exercises: one step at a time and only when asked, left at any time, and never before danger."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from bot.policy import exercise
from bot.policy.information import is_due
from bot.policy.turn import Kind, Medium, Said, Understanding, Utterance
from bot.words import Words, WordsError
from tests.unit.test_turn import KNIFE, STALKED, names, pick

WORDS = Words.load("data/words")
EVERY = pytest.mark.parametrize("one", WORDS.exercises, ids=lambda e: e.id)


@EVERY
def test_every_step_goes_on_or_stops_and_reaches_a_person(one: exercise.Exercise) -> None:
    for number in range(1, one.steps + 1):
        for name in (one.step(number), one.step(number) + exercise.HERE):
            assert WORDS.choices(name) == (one.step(number + 1), "stop", "person")
            assert exercise.is_step(name)
            message = WORDS.message(Utterance(name), Medium.VOICE)
            assert message.kind is Kind.EXERCISE
            assert [choice.label for choice in message.choices][:2] == ["next", "stop"]


@EVERY
def test_an_exercise_says_for_whom_it_is_and_where_it_is_from(one: exercise.Exercise) -> None:
    assert one.meant_for and one.not_for and one.source
    assert not is_due(one, date(2026, 11, 27))


@EVERY
def test_no_step_asks_for_closed_eyes_or_for_what_happened(one: exercise.Exercise) -> None:
    text = " ".join(
        WORDS.message(Utterance(one.step(n)), medium).text
        for n in range(1, one.steps + 1)
        for medium in Medium
    )
    assert not re.search(r"close your eyes|eyes closed|what happened|hold it\b", text, re.I)


def test_breathing_is_one_of_several_and_not_for_whom_it_frightens() -> None:
    assert len(WORDS.exercises) >= 3
    (breathing,) = (e for e in WORDS.exercises if e.id == "breathing")
    assert "strangled" in breathing.never_after
    assert "neck" in WORDS.message(Utterance("calm_choose"), Medium.VOICE).text
    others = [e for e in WORDS.exercises if e.id != "breathing"]
    for one in others:
        steps = [WORDS.message(Utterance(one.step(n)), Medium.CHAT) for n in (1, one.steps)]
        assert not any("breath" in step.text for step in steps)


@pytest.mark.parametrize(
    ("asking", "text", "heard", "stays"),
    [
        ("calm_grounding_1", "a lamp, my mug, the cat", Understanding(), True),
        ("calm_grounding_1_here", "ok", Understanding(act="affirm"), True),
        ("calm_grounding_1", "he hit me", Understanding("standard", act="disclose"), False),
        ("calm_grounding_1", "a lamp", Understanding("standard", topic="burglary_theft"), True),
        ("calm_grounding_1", "i want to die", Understanding("suicide_risk", "interrupt"), False),
        ("calm_grounding_1", "can i talk to a person", Understanding(act="ask_human"), False),
        ("calm_grounding_1", "is this safe?", Understanding(), False),
        ("calm_choose", "a lamp", Understanding(), False),
        ("support_listening", "a lamp", Understanding(), False),
    ],
)
def test_what_is_seen_or_heard_at_a_step_stays_there(asking, text, heard, stays) -> None:
    found = exercise.stays(asking, text, heard)
    assert bool(found) is stays
    if found:
        assert found[0] == "calm_grounding_1_here" and found[1].act == exercise.ACT


# -- in a conversation --------------------------------------------------------------------------


@pytest.fixture
async def at_a_step(fingerpost, assistant):
    """Bring somebody to a step of an exercise; returns how they go on."""

    async def opened(medium: str = "chat"):
        found = await fingerpost.conversations.open(medium)
        assistant.says = ["calm_grounding_2"]
        reply = await fingerpost.conversations.hear(
            found.contact, Said(choice=pick(found.reply, "yes"))
        )
        assert names(reply) == ["calm_grounding_2"]

        async def says(text: str = "", key: str = ""):
            return await fingerpost.conversations.hear(found.contact, Said(text=text, key=key))

        return says

    return opened


@pytest.mark.parametrize("words", ["next", "ok next", "done that", "Ready."])
async def test_next_is_said_in_words(at_a_step, assistant, words) -> None:
    says = await at_a_step()
    await says(words)
    assert (assistant.heard[-1]["intent"], assistant.heard[-1]["choice"]) == (
        "choose", "calm_grounding_3",
    )  # fmt: skip


@pytest.mark.parametrize("words", ["stop", "i cant do this", "its making it worse", "enough", "no"])
@pytest.mark.parametrize("medium", ["chat", "voice"])
async def test_stop_is_said_in_words(at_a_step, assistant, words, medium) -> None:
    says = await at_a_step(medium)
    await says(words)
    assert (assistant.heard[-1]["intent"], assistant.heard[-1]["choice"]) == ("choose", "stop")


async def test_nothing_goes_on_by_itself(at_a_step, assistant) -> None:
    says = await at_a_step()
    await says("a lamp, my mug, the cat")
    assert (assistant.heard[-1]["intent"], assistant.heard[-1]["choice"]) == (
        "exercise", "calm_grounding_2_here",
    )  # fmt: skip


async def test_danger_in_the_middle_is_danger_first(at_a_step) -> None:
    says = await at_a_step()
    assert names(await says(KNIFE))[0] == "emergency_immediate"


async def test_where_somebody_is_survives_a_restart(
    at_a_step, fingerpost, settings, screen
) -> None:
    """Another edge on the same store takes the next turn."""
    from bot.wiring import wire
    from tests.conftest import ScriptedAssistant

    opened = await fingerpost.conversations.open("chat")
    fingerpost.lane.assistant.says = ["calm_grounding_2"]
    hear = fingerpost.conversations.hear
    await hear(opened.contact, Said(choice=pick(opened.reply, "yes")))
    other = wire(settings, assistant=ScriptedAssistant(), screen=screen)
    await other.conversations.hear(opened.contact, Said(text="next"))
    assert other.lane.assistant.heard[-1]["choice"] == "calm_grounding_3"
    await other.close()


STRANGLED = "he put his hands round my throat last week"


async def test_breathing_is_not_offered_to_whoever_was_strangled(fingerpost, assistant) -> None:
    opened = await fingerpost.conversations.open("chat")
    assistant.says = ["calm_choose"]
    hear = fingerpost.conversations.hear
    check = await hear(opened.contact, Said(text=STRANGLED))
    assert names(check) == ["check_red_flag_strangled"]
    reply = await hear(opened.contact, Said(choice=pick(check, "no")))
    keys = [choice.key for choice in reply.messages[-1].choices]
    assert "calm_grounding_1" in keys and "calm_breathing_1" not in keys
    other = await fingerpost.conversations.open("chat")
    check = await hear(other.contact, Said(text=STALKED))
    reply = await hear(other.contact, Said(choice=pick(check, "no")))
    assert "calm_breathing_1" in [choice.key for choice in reply.messages[-1].choices]


# -- the files ----------------------------------------------------------------------------------

GOOD = """rest:
  label: {chat: Rest, voice: rest}
  for: somebody
  not_for: nobody
  steps: [{chat: Sit.}, {chat: Rest.}]
  source: a page
  valid_at: 2024-06
  certainty: high
  review_by: 2027-01-31
"""


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ("  not_for: nobody\n", "", "has no not_for"),
        ("  source: a page\n", "", "has no source"),
        ("[{chat: Sit.}, {chat: Rest.}]", "[Sit.]", "steps must be"),
        ("{chat: Sit.}", "{say: Sit.}", "steps must be"),
        ("{chat: Sit.}", "{chat: ''}", "chat is empty"),
        ("certainty: high", "certainty: low", "not certain"),
    ],
)
def test_a_bad_exercise_is_refused(tmp_path: Path, old: str, new: str, wrong: str) -> None:
    labels = "".join(f"{key}: {{chat: a, voice: b}}\n" for key in ("next", "stop", "person"))
    (tmp_path / "choices.yml").write_text(labels)
    (tmp_path / "calm.yml").write_text("calm_here: {chat: Wait.}\ncalm_after: {chat: Over.}\n")
    (tmp_path / "exercises").mkdir()
    (tmp_path / "exercises" / "rest.yml").write_text(GOOD.replace(old, new))
    with pytest.raises(WordsError, match=wrong):
        Words.load(tmp_path)
    (tmp_path / "exercises" / "rest.yml").write_text(GOOD)
    assert [e.first for e in Words.load(tmp_path).exercises] == ["calm_rest_1"]


@pytest.mark.parametrize(
    ("asking", "text", "flags", "picks"),
    [
        ("calm_choose", "breathing", (), "calm_breathing_1"),
        ("calm_choose", "breathing", ("flag:strangled",), "calm"),
        ("services_next", "breathing exercise please", (), "calm"),
        ("services_next", "can i try cold water", (), "calm_water_1"),
        ("calm_grounding_1", "not that one", (), "calm_water_1"),
        ("calm_grounding_1_here", "a different one", (), "calm_water_1"),
        ("services_next", "i cant breathe", (), ""),
        ("services_next", "he held me in cold water", (), ""),
        ("services_next", "another one", (), ""),
    ],
)
def test_a_plain_wish_names_an_exercise_wherever_it_is_said(asking, text, flags, picks) -> None:
    assert exercise.wished(text, asking, WORDS.exercises, flags) == picks

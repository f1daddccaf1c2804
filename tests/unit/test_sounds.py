# SPDX-License-Identifier: Apache-2.0
"""Danger that a speech recogniser wrote down as other words: asked about, never assumed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy.screen import Alike, RuleHit, Thresholds, decide, misheard
from bot.policy.steps import plainly_heard
from bot.policy.turn import Understanding
from bot.policy.urgency import DANGER, ORDER
from bot.understanding import Context, Screen
from bot.understanding.sounds import Sounds
from tests.unit.test_screen import RANDOM_HITS, RANDOM_ODDS

ROOT = Path(__file__).resolve().parents[2]
PHRASES = ROOT / "data" / "understanding" / "sounds.yml"
AT = Thresholds(interrupt=0.9, check=0.4, lean=0.1, alike=0.8, alike_raised=0.7)
CALM = dict.fromkeys(ORDER, 0.01) | {"standard": 0.95}
LEANING = CALM | {"safeguarding": 0.2, "standard": 0.76}
DOOR = Alike("door", 0.85, "immediate_danger")
NECK = Alike("neck", 0.85, "high", "strangled")
FAINT = Alike("door", 0.75, "immediate_danger")
FAR = Alike("door", 0.6, "immediate_danger")


@pytest.fixture(scope="module")
def floor(tmp_path_factory: pytest.TempPathFactory) -> Screen:
    return Screen.load(tmp_path_factory.mktemp("no_models"), ROOT / "data")


@pytest.mark.parametrize(
    ("odds", "hits", "alike", "unclear", "action", "urgency"),
    [
        (CALM, [], DOOR, False, "check", "immediate_danger"),
        (None, [], DOOR, False, "check", "immediate_danger"),
        (CALM, [], NECK, False, "check", "high"),
        (CALM, [], FAINT, False, "none", "standard"),
        (CALM, [], FAINT, True, "check", "immediate_danger"),
        (LEANING, [], FAINT, False, "check", "immediate_danger"),
        (LEANING, [], FAR, True, "none", "standard"),
        (CALM, [], None, True, "none", "standard"),
        (CALM | {"suicide_risk": 0.5}, [], DOOR, True, "check", "immediate_danger"),
        (CALM | {"suicide_risk": 0.5}, [], FAINT, True, "check", "suicide_risk"),
        (CALM | {"suicide_risk": 0.5}, [], NECK, False, "check", "suicide_risk"),
        (CALM | {"suicide_risk": 0.7}, [], DOOR, True, "check", "suicide_risk"),
        (None, [RuleHit("stop", "interrupt", "suicide_risk")], DOOR, True, "interrupt",
         "suicide_risk"),
        (CALM, [RuleHit("knife", "none", "high", "weapon")], DOOR, True, "check", "high"),
    ],
)  # fmt: skip
def test_every_row_of_the_table(odds, hits, alike, unclear, action, urgency) -> None:
    found = decide(odds, hits, AT, alike=alike, unclear=unclear)
    assert (found.action, found.urgency) == (action, urgency)


@given(
    st.floats(0, 1),
    st.sampled_from([*DANGER, "high"]),
    st.booleans(),
    RANDOM_ODDS,
    RANDOM_HITS,
)
def test_a_likeness_asks_and_never_interrupts_or_lowers(likeness, urgency, unclear, odds, hits):
    alike = Alike("any", likeness, urgency, "" if urgency in DANGER else "strangled")
    without, found = (decide(odds, hits, AT, alike=a, unclear=unclear) for a in (None, alike))
    assert found.action == without.action or found.action == "check"
    assert (without.action == "interrupt") == (found.action == "interrupt")
    assert ORDER.index(found.urgency) <= ORDER.index(without.urgency)
    assert not misheard(found.cues) or found.action == "check"


def test_a_likeness_is_a_doubt_and_outweighs_no_plain_answer() -> None:
    cues = decide(CALM, [], AT, alike=NECK).cues
    assert set(cues) == {"flag:strangled", "sounds:neck"}
    assert not plainly_heard(Understanding("high", "check", cues=cues))


MISHEARD = [
    ("i want to attack contact on me", "high", "flag:attacked"),
    ("i was a salted", "high", "flag:attacked"),
    ("he's got an eye fat my throat", "immediate_danger", ""),
    ("my x is out side", "immediate_danger", ""),
    ("they rated my flat", "high", "flag:attacked"),
    ("he strand gold me", "high", "flag:strangled"),
    ("um he won't let me leaf", "immediate_danger", ""),
    ("i've caught my rists", "suicide_risk", ""),
    ("my stepped add touches me", "safeguarding", ""),
]


@pytest.mark.parametrize(("text", "urgency", "flag"), MISHEARD)
def test_what_sounds_like_danger_is_asked_about_by_telephone(floor, text, urgency, flag) -> None:
    heard = floor.understand(text, "voice")
    assert (heard.urgency, heard.action) == (urgency, "check")
    assert misheard(heard.cues) and flag in (*heard.cues, "")


@pytest.mark.parametrize("text", [text for text, *_ in MISHEARD])
def test_what_is_typed_is_read_as_it_is_typed(floor, text) -> None:
    assert not misheard(floor.understand(text, "chat").cues)


@pytest.mark.parametrize("text", [text for text, *_ in MISHEARD])
def test_with_the_model_too_it_is_asked_about(screen, text) -> None:
    assert screen.understand(text, "voice").action in ("check", "interrupt")


@pytest.mark.parametrize(
    "text",
    [
        "he strangled me in nineteen ninety four he's dead now",
        "i was assaulted four years ago and the court case is over",
        "my stepdad never touches me",
        "no one is breaking the door down",
        "he won't let me have any money",
        "i've been robbed four pounds for a coffee",
        "i wanted to ask about a new passport",
        "someone stole my bike last week",
        "i've been sat by this phone all day",
        "hello",
        "yes",
        "",
    ],
)
def test_words_as_they_are_said_are_no_mishearing(screen, text) -> None:
    assert not misheard(screen.understand(text, "voice").cues)


def test_an_unsure_recogniser_makes_it_easier(floor) -> None:
    text = "my has been keeps bee ting me"
    assert floor.understand(text, "voice", Context(confidence=0.9)).action == "none"
    assert misheard(floor.understand(text, "voice", Context(confidence=0.2)).cues)


def test_the_answer_to_a_check_is_not_compared(floor) -> None:
    assert not misheard(floor.understand("he strand gold me", "voice", Context("check_x")).cues)


def test_every_phrase_sounds_like_itself_and_is_known_to_the_policy(floor) -> None:
    phrases = {p for near in floor.sounds._near.values() for p in near}
    assert len(phrases) > 50
    for phrase in phrases:
        assert phrase.telling, phrase.name
        assert (phrase.urgency in DANGER) != bool(phrase.flag)


def test_a_phrase_too_short_to_tell_is_refused(tmp_path) -> None:
    path = tmp_path / "sounds.yml"
    path.write_text("classes: {suicide_risk: {die: to die}}\nflags: {}\nsmall: to\nordinary: [a]\n")
    with pytest.raises(ValueError, match="die"):
        Sounds.load(path, str)


def test_phrases_are_named_once() -> None:
    names = [line.split(":")[0] for line in PHRASES.read_text().splitlines()
             if line.startswith("    ")]  # fmt: skip
    assert len(names) == len(set(names)) > 50

# SPDX-License-Identifier: Apache-2.0
"""What a message means in its conversation, row by row."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.policy import hearing
from bot.policy.answer import leading_no, leaning
from bot.policy.hearing import HALF, halves, in_context, joined, of_a_child, together
from bot.policy.steps import Asked, Step, next_step
from bot.policy.turn import State, Understanding

ROWS = [
    # heard (topic, urgency, act), known topic, waiting, hits -> topic, act
    (("burglary_theft", "standard", "provide_detail"), "none", False, (), "burglary_theft",
     "disclose"),
    (("mental_distress", "high", "distress"), "burglary_theft", False, (), "burglary_theft",
     "distress"),
    (("restorative_justice", "standard", "ask_information"), "homicide_bereavement", False, (),
     "homicide_bereavement", "ask_information"),
    (("stalking_harassment", "high", "disclose"), "mental_distress", False, (),
     "stalking_harassment", "disclose"),
    (("homicide_bereavement", "high", "distress"), "none", False, (), "homicide_bereavement",
     "disclose"),
    (("burglary_theft", "standard", "greet"), "none", False, (), "burglary_theft", "disclose"),
    (("homicide_bereavement", "high", "out_of_scope"), "none", False, (), "homicide_bereavement",
     "disclose"),
    (("none", "none", "out_of_scope"), "homicide_bereavement", False, (), "homicide_bereavement",
     "provide_detail"),
    (("none", "none", "out_of_scope"), "none", True, (), "none", "provide_detail"),
    (("none", "none", "out_of_scope"), "none", False, (), "none", "out_of_scope"),
    (("other", "standard", "ask_service"), "none", True, ("suicide_risk",), "other",
     "provide_detail"),
]  # fmt: skip


@pytest.mark.parametrize(("heard", "known", "waiting", "hits", "topic", "act"), ROWS)
def test_in_context(heard, known, waiting, hits, topic, act):
    understood = Understanding(topic=heard[0], urgency=heard[1], act=heard[2])
    found = in_context(understood, answer="", topic=known, waiting=waiting, hits=hits)
    assert (found.topic, found.act) == (topic, act)
    assert found.urgency == heard[1]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("no, heavens no. just the burglary", "no"),
        ("no im not suicidal i want to talk to someone", "no"),
        ("no but he is outside", ""),
        ("not no", ""),
        ("nothing", ""),
        ("no " + "really " * 20, ""),
    ],
)
def test_a_plain_no_with_more_words(text, key):
    assert leading_no(text) == key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("yea its safe hes at work", "yes"),
        ("safe yes", "yes"),
        ("not sure this is for blokes but my wife hits me and i have nowhere to go", ""),
        ("yes he is here and i am scared", ""),
    ],
)
def test_the_opening_question(text, key):
    assert leaning(text) == key


DOUBT = Understanding("suicide_risk", "check", act="withdraw_consent", confidence=0.2,
                      cues=("model:suicide_risk",))  # fmt: skip


def test_a_wish_is_done_whatever_a_model_alone_makes_of_it():
    assert next_step(State.ASSISTANT, Asked(), "", DOUBT).step is Step.TALK


def test_a_rule_or_a_hit_is_never_outweighed_by_a_wish():
    ruled = Understanding("suicide_risk", "check", act="request_deletion", cues=("rule:x",))
    assert next_step(State.ASSISTANT, Asked(), "", ruled).step is Step.CHECK
    hit = Understanding("suicide_risk", "interrupt", act="withdraw_consent", confidence=0.9)
    assert next_step(State.ASSISTANT, Asked(), "", hit).step is Step.HIT


def test_a_denied_worry_is_asked_about_again_only_when_the_model_is_surer():
    asked = Asked(denied=("suicide_risk",))
    for confidence, step in ((0.2, Step.TALK), (0.7, Step.CHECK)):
        heard = Understanding("suicide_risk", "check", act="disclose", confidence=confidence)
        assert next_step(State.ASSISTANT, asked, "", heard).step is step


CALM = Understanding("standard", "none", "other", "disclose", 0.7)
WORRY = Understanding("suicide_risk", "check", "mental_distress", "distress", 0.6, ("model:x",))
WAITS = replace(CALM, cues=("asks_place",))
ALARM = Understanding("immediate_danger", "interrupt", "domestic_abuse", "disclose", 0.97)


@pytest.mark.parametrize(
    ("before", "text", "heard", "answer", "after"),
    [
        ([], "i keep thinking", CALM, "", ["i keep thinking"]),
        (["a", "b"], "c", CALM, "", ["b", "c"]),
        (["a"], "no", CALM, "no", []),
        (["a"], "he is here", ALARM, "", []),
        (["a"], "i might", WORRY, "", []),
        (["a"], "word " * (HALF + 1), CALM, "", []),
        (["a"], "how long will it be", WAITS, "", ["a"]),
    ],
)
def test_what_may_go_on_in_the_next_message(before, text, heard, answer, after):
    assert halves(before, text, heard, answer) == after


def test_only_a_short_message_goes_on_in_another():
    assert joined(["one", "two"], "three") == "one two three"
    assert joined([], "three") == ""
    assert joined(["one"], "word " * (HALF + 1)) == ""


def test_messages_read_together_only_raise_and_only_to_a_question():
    raised = together(CALM, ALARM)
    assert (raised.urgency, raised.action) == ("immediate_danger", "check")
    assert "context:messages_before" in raised.cues
    assert raised.act == CALM.act
    assert together(WORRY, ALARM) == WORRY
    assert together(ALARM, CALM) == ALARM
    assert together(CALM, CALM) == CALM
    assert together(WAITS, ALARM) == WAITS
    assert together(CALM, replace(WORRY, confidence=0.3)) == CALM


@pytest.mark.parametrize(
    ("heard", "age_band", "action"),
    [
        (Understanding("high", "note", topic="sexual_violence"), "under_16", "check"),
        (Understanding("standard", "none", topic="domestic_abuse"), "16_17", "check"),
        (Understanding("high", "note", topic="sexual_violence"), "18_24", "note"),
        (Understanding("high", "note", topic="sexual_violence"), "", "note"),
        (Understanding("standard", "none", topic="burglary_theft"), "under_16", "none"),
        (Understanding("none", "none", topic="none"), "under_16", "none"),
        (Understanding("safeguarding", "interrupt", topic="child_abuse"), "under_16", "interrupt"),
    ],
)
def test_abuse_told_by_a_child_is_asked_about(heard, age_band, action) -> None:
    found = of_a_child(heard, age_band)
    assert found.action == action
    assert (found.urgency == "safeguarding") is (action in ("check", "interrupt"))


def test_a_child_at_home_is_heard_as_a_child_and_asked_once() -> None:
    told = Understanding("standard", "none", topic="elder_abuse")
    assert of_a_child(told, "under_16").topic == "child_abuse"
    assert of_a_child(told, "25_59").topic == "elder_abuse"
    again = of_a_child(told, "under_16", {"safeguarding": 4})
    assert (again.topic, again.action) == ("child_abuse", "none")


def test_what_was_taken_just_now_is_no_story_of_long_ago():
    from bot.policy.standing import took  # noqa: PLC0415

    for said in ("i took some pills", "i took them ten mins ago", "Took em all just now"):
        assert took(said)
    for said in (
        "I took an overdose in 2009", "they came and took the tablets", "he took my tablets",
        "i took the kids to school", "if i took some pills", "i havent taken any pills",
    ):  # fmt: skip
        assert not took(said)


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("cant work now", "provide_detail"),
        ("manager not listen", "provide_detail"),
        ("i cant talk, he is next door", "cannot_speak"),
        ("he can hear me", "cannot_speak"),
    ],
)
def test_who_says_nothing_of_speaking_is_not_told_how_to_be_silent(text, act) -> None:
    assert hearing.for_a_person(Understanding(act="cannot_speak"), text).act == act


@pytest.mark.parametrize("text", ["im not alone", "not alone", "shh"])
def test_plain_words_that_they_cannot_speak_are_no_slip_of_a_model(text) -> None:
    plain = Understanding(act="cannot_speak", cues=("rule:cannot_speak",))
    assert hearing.for_a_person(plain, text).act == "cannot_speak"

# SPDX-License-Identifier: Apache-2.0
"""The table of what happens next with a turn, row by row."""

from __future__ import annotations

import pytest

from bot.policy.intents import intent
from bot.policy.steps import Asked, Next, Step, address_left, next_step, urgency_after
from bot.policy.turn import State, Understanding

CALM = Understanding()
KNIFE = Understanding("immediate_danger", "interrupt", act="disclose")
YOUNG = Understanding(cues=("says_young",))
YOUNG = Understanding(cues=("says_young",))
MAYBE = Understanding("suicide_risk", "check", act="distress", confidence=0.5)
STALKED = Understanding("high", "check", "stalking_harassment", "disclose", 0.9, ("flag:stalking",))
HOW_LONG = Understanding(act="ask_information", cues=("asks_place",))
NO_WAIT = Understanding(act="deny", cues=("ends_wait",))
PIZZA, ANGRY = Understanding(act="out_of_scope"), Understanding(act="abuse_bot")
NOT_SAFE = Understanding(act="deny", cues=("not_safe",))
DELETE_DOUBTED = Understanding(
    "suicide_risk", "check", act="request_deletion", confidence=0.7,
    cues=("rule:wants_deletion", "model:suicide_risk"),
)  # fmt: skip
OFF = Understanding(act="provide_detail", cues=("takes_back:call",))
NAMED = Understanding(act="withdraw_consent", cues=("takes_back:call", "names_reference"))
MAY_BE_OFF = Understanding(cues=("may_take_back:call",))
CHECK = Asked(check="immediate_danger")
FLAG = Asked(check="red_flag", cue="flag:stalking")

ROWS = [
    # state, what was asked, answer, heard -> step, about
    (State.ASSISTANT, Asked(), "", KNIFE, Step.HIT, "immediate_danger"),
    (State.STAFF, Asked(), "", KNIFE, Step.HIT, "immediate_danger"),
    (State.WAITING, Asked(opening=True), "", KNIFE, Step.HIT, "immediate_danger"),
    (State.ASSISTANT, CHECK, "no", KNIFE, Step.HIT, "immediate_danger"),
    (State.ASSISTANT, CHECK, "yes", CALM, Step.HIT, "immediate_danger"),
    (State.ASSISTANT, FLAG, "yes", CALM, Step.HIT, "immediate_danger"),
    (State.ASSISTANT, CHECK, "not_sure", CALM, Step.UNSURE, "immediate_danger"),
    (State.ASSISTANT, CHECK, "no", CALM, Step.CLEARED, "immediate_danger"),
    (State.ASSISTANT, CHECK, "", CALM, Step.CHECK_AGAIN, "immediate_danger"),
    (State.ASSISTANT, Asked("immediate_danger", again=True), "", CALM, Step.UNSURE,
     "immediate_danger"),
    (State.ASSISTANT, Asked(), "", MAYBE, Step.CHECK, "suicide_risk"),
    (State.ASSISTANT, CHECK, "", MAYBE, Step.CHECK, "suicide_risk"),
    (State.ASSISTANT, Asked("suicide_risk"), "", MAYBE, Step.WORRIED, "suicide_risk"),
    (State.ASSISTANT, Asked(), "", STALKED, Step.CHECK, "red_flag"),
    (State.ASSISTANT, Asked(cleared=("flag:stalking",)), "", STALKED, Step.TALK, ""),
    # A rule for a wish makes the model's doubt no plainer.
    (State.ASSISTANT, Asked(), "", DELETE_DOUBTED, Step.TALK, ""),
    # What is taken back is all of the turn only where nothing about danger is open.
    (State.ASSISTANT, Asked(), "", OFF, Step.TAKEN_BACK, ""),
    (State.WAITING, Asked(), "", OFF, Step.TAKEN_BACK, ""),
    (State.ASSISTANT, Asked(), "call_off", OFF, Step.TAKEN_BACK, ""),
    (State.ASSISTANT, Asked(), "call_off", CALM, Step.TAKEN_BACK, ""),
    (State.ASSISTANT, Asked(), "no", OFF, Step.TALK, ""),
    (State.ASSISTANT, Asked(), "", NAMED, Step.TALK, ""),
    (State.ASSISTANT, CHECK, "", OFF, Step.CHECK_AGAIN, "immediate_danger"),
    (State.STAFF, Asked(), "", OFF, Step.TO_STAFF, ""),
    (State.ASSISTANT, Asked(), "", MAY_BE_OFF, Step.ASK_OFF, ""),
    (State.ASSISTANT, CHECK, "", MAY_BE_OFF, Step.CHECK_AGAIN, "immediate_danger"),
    (State.ASSISTANT, Asked(), "call_keep", CALM, Step.KEPT, ""),
    (State.STAFF, Asked(), "", MAYBE, Step.TO_STAFF, "suicide_risk"),
    (State.STAFF, Asked(), "", CALM, Step.TO_STAFF, ""),
    (State.STAFF, Asked(), "person", CALM, Step.TO_STAFF, ""),
    (State.ASSISTANT, CHECK, "person", CALM, Step.PERSON, ""),
    (State.ASSISTANT, Asked(), "", Understanding(act="ask_human"), Step.PERSON, ""),
    (State.ASSISTANT, Asked(opening=True), "yes", CALM, Step.SAFE, ""),
    (State.ASSISTANT, Asked(opening=True), "no", CALM, Step.NOT_SAFE, ""),
    (State.ASSISTANT, Asked(opening=True), "not_sure", CALM, Step.NOT_SAFE, ""),
    (State.ASSISTANT, Asked(opening=True), "", CALM, Step.TALK, ""),
    (State.ASSISTANT, Asked(opening=True), "", Understanding(act="greet"), Step.ASK_SAFE, ""),
    (State.ASSISTANT, Asked(opening=True), "", PIZZA, Step.ASK_SAFE, ""),
    (State.ASSISTANT, Asked(opening=True), "", ANGRY, Step.ASK_SAFE, ""),
    (State.ASSISTANT, Asked(opening=True), "", Understanding(act="disclose"), Step.TALK, ""),
    (State.ASSISTANT, Asked(), "", Understanding(act="greet"), Step.TALK, ""),
    (State.ASSISTANT, Asked(), "", NOT_SAFE, Step.NOT_SAFE, ""),
    (State.WAITING, Asked(), "", NOT_SAFE, Step.NOT_SAFE, ""),
    (State.ASSISTANT, Asked(), "no", NOT_SAFE, Step.TALK, ""),
    (State.ASSISTANT, CHECK, "", NOT_SAFE, Step.UNSURE, "immediate_danger"),
    (State.WAITING, Asked(address=3, hits=("immediate_danger",)), "", NOT_SAFE, Step.NOT_SAFE, ""),
    (State.ASSISTANT, Asked(), "", Understanding(act="exit_now"), Step.EXIT, ""),
    (State.ASSISTANT, Asked(), "", Understanding(act="repeat"), Step.REPEAT, ""),
    (State.ASSISTANT, Asked(hits=("suicide_risk",)), "", Understanding(cues=("not_meant",)),
     Step.NOT_MEANT, ""),
    (State.ASSISTANT, Asked(), "", Understanding(cues=("not_meant",)), Step.TALK, ""),
    (State.ASSISTANT, Asked(), "no", CALM, Step.TALK, ""),
    (State.WAITING, Asked(after="suicide_risk"), "yes", CALM, Step.STAY, ""),
    (State.WAITING, Asked(after="suicide_risk"), "not_sure", CALM, Step.STAY, ""),
    (State.WAITING, Asked(after="suicide_risk"), "", Understanding(act="affirm"), Step.STAY, ""),
    (State.WAITING, Asked(after="suicide_risk"), "no", CALM, Step.CARRY_ON, ""),
    (State.WAITING, Asked(after="suicide_risk"), "", CALM, Step.TALK, ""),
    (State.WAITING, Asked(after="suicide_risk"), "", YOUNG, Step.STAY, ""),
    (State.WAITING, Asked(after="suicide_risk", hits=("suicide_risk",)), "", MAYBE, Step.STAY, ""),
    (State.WAITING, Asked(hits=("suicide_risk",)), "", MAYBE, Step.TALK, ""),
    (State.ASSISTANT, Asked(), "25_59", MAYBE, Step.TALK, ""),
    (State.ASSISTANT, Asked(), "skip", STALKED, Step.CHECK, "red_flag"),
    (State.WAITING, Asked(address=True), "", CALM, Step.NOTED, ""),
    (State.WAITING, Asked(address=True), "carry_on", CALM, Step.TALK, ""),
    (State.WAITING, Asked(address=True), "person", CALM, Step.PERSON, ""),
    (State.WAITING, Asked(address=True), "", KNIFE, Step.HIT, "immediate_danger"),
    (State.WAITING, Asked(address=True), "", Understanding(act="request_deletion"), Step.TALK, ""),
    (State.WAITING, Asked("suicide_risk", address=True), "", CALM, Step.CHECK_AGAIN,
     "suicide_risk"),
    (State.WAITING, Asked(after="suicide_risk", address=True), "", CALM, Step.NOTED, ""),
    (State.WAITING, Asked(after="suicide_risk", address=True), "yes", CALM, Step.STAY, ""),
    (State.WAITING, Asked(), "", HOW_LONG, Step.PLACE, ""),
    (State.WAITING, Asked(address=True), "", HOW_LONG, Step.PLACE, ""),
    (State.ASSISTANT, Asked(), "", HOW_LONG, Step.TALK, ""),
    (State.WAITING, CHECK, "", HOW_LONG, Step.CHECK_AGAIN, "immediate_danger"),
    (State.WAITING, Asked(), "", NO_WAIT, Step.NO_WAIT, ""),
    (State.WAITING, Asked(), "carry_on", NO_WAIT, Step.TALK, ""),
    (State.ASSISTANT, Asked(), "", NO_WAIT, Step.TALK, ""),
]  # fmt: skip


@pytest.mark.parametrize(("state", "asked", "answer", "heard", "step", "about"), ROWS)
def test_step(state, asked, answer, heard, step, about):
    found = next_step(state, asked, answer, heard)
    assert (found.step, found.about) == (step, about)


def test_a_hit_is_heard_in_every_state_whatever_was_asked():
    for state in State:
        for asked in (Asked(), CHECK, FLAG, Asked(opening=True)):
            for answer in ("", "yes", "no", "person", "not_sure", "skip"):
                assert next_step(state, asked, answer, KNIFE).step is Step.HIT


@pytest.mark.parametrize(
    ("step", "answer", "left"),
    [
        (Step.NOTED, "", 1),
        (Step.HIT, "", 2),
        (Step.CHECK, "", 2),
        (Step.CLEARED, "no", 2),
        (Step.REPEAT, "", 2),
        (Step.CARRY_ON, "no", 2),  # no to the suicide question is no word about the danger
        (Step.TALK, "", 2),
        (Step.TALK, "carry_on", 0),
        (Step.PERSON, "", 0),
        (Step.TO_STAFF, "", 0),
        (Step.NOT_MEANT, "", 0),
    ],
)
def test_how_long_the_address_is_waited_for(step, answer, left):
    assert address_left(Asked(address=2), step, answer) == left
    assert address_left(Asked(), step, answer) == 0


@pytest.mark.parametrize(
    ("known", "step", "heard", "after"),
    [
        ("standard", Next(Step.CHECK, "suicide_risk"), MAYBE, "standard"),
        ("standard", Next(Step.CLEARED, "suicide_risk"), CALM, "standard"),
        ("standard", Next(Step.TALK), MAYBE, "standard"),
        ("standard", Next(Step.UNSURE, "suicide_risk"), CALM, "suicide_risk"),
        ("standard", Next(Step.WORRIED, "suicide_risk"), MAYBE, "suicide_risk"),
        ("immediate_danger", Next(Step.UNSURE, "safeguarding"), CALM, "immediate_danger"),
        ("standard", Next(Step.CHECK, "red_flag", "flag:stalking"), STALKED, "high"),
        ("high", Next(Step.UNSURE, "red_flag", "flag:stalking"), CALM, "high"),
        ("standard", Next(Step.TO_STAFF, "suicide_risk"), MAYBE, "suicide_risk"),
        ("none", Next(Step.HIT, "immediate_danger"), KNIFE, "immediate_danger"),
    ],
)
def test_a_question_raises_no_urgency_until_it_is_answered(known, step, heard, after):
    assert urgency_after(known, step, heard) == after


@pytest.mark.parametrize(
    ("step", "answer", "heard", "expected"),
    [
        (Next(Step.HIT, "suicide_risk"), "", MAYBE, "danger_suicide"),
        (Next(Step.CHECK, "red_flag"), "", STALKED, "check_red_flag"),
        (Next(Step.CLEARED, "red_flag"), "no", CALM, "check_cleared"),
        (Next(Step.SAFE), "yes", CALM, "begin"),
        (Next(Step.TALK), "skip", CALM, "choose"),
        (Next(Step.CARRY_ON), "no", CALM, "choose"),
        (Next(Step.NOTED), "", CALM, "repeat"),
        (Next(Step.TALK), "", Understanding(act="ask_service"), "ask_service"),
        (Next(Step.PERSON), "person", CALM, "ask_human"),
    ],
)
def test_what_rasa_is_told(step, answer, heard, expected):
    assert intent(step, answer, heard) == expected

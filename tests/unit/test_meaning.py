# SPDX-License-Identifier: Apache-2.0
"""What a turn means while a question is open, row by row."""

from __future__ import annotations

import pytest

from bot.assistant.meaning import Meaning, Turn, meaning

YES_NO = frozenset({"yes", "no", "skip"})
NONE = frozenset()


def turn(intent, **more):
    return Turn("c", "t", "chat", more.pop("text", "some words"), intent=intent, **more)


PICKED = [
    # choice, open question, what it takes, intent, entities
    ("yes", "needs_reported", YES_NO, "answer", (("answer", "yes"),)),
    ("no", "needs_reported", YES_NO, "decline", (("answer", "no"),)),
    ("skip", "needs_reported", YES_NO, "decline", (("answer", "skip"),)),
    # what the open question does not take is no answer to it: it never fills the form
    ("calm", "needs_reported", YES_NO, "choose", (("choice", "calm"),)),
    ("no", "needs_topic", frozenset({"fraud"}), "choose", (("choice", "no"),)),
    ("find_help", None, NONE, "choose", (("choice", "find_help"),)),
    ("yes", None, NONE, "choose", (("choice", "yes"),)),
    ("no", None, NONE, "decline", (("choice", "no"),)),
    ("person", "needs_reported", YES_NO, "ask_human", ()),
    ("person", None, NONE, "ask_human", ()),
]


@pytest.mark.parametrize("choice,asked,fitting,intent,entities", PICKED)
def test_a_choice_answers_only_the_question_it_fits(choice, asked, fitting, intent, entities):
    found = meaning(turn("choose", choice=choice), asked, fitting)
    assert found == Meaning(intent, entities)


@pytest.mark.parametrize(
    "topic,urgency,entities",
    [
        ("fraud", "standard", (("topic", "fraud"),)),
        ("fraud", "none", ()),
        ("none", "high", ()),
    ],
)
def test_a_topic_counts_only_with_a_need(topic, urgency, entities):
    found = meaning(turn("disclose", topic=topic, urgency=urgency), None, NONE)
    assert found == Meaning("disclose", entities)


@pytest.mark.parametrize("intent", ["provide_detail", "affirm", "ask_callback", "disclose"])
def test_a_number_is_an_answer_only_where_a_number_was_asked_for(intent):
    said = turn(intent, text="yes it is 07400 123456")
    asked = meaning(said, "referral_contact_number", frozenset({"skip"}))
    assert asked == Meaning("answer", (("answer", "+447400123456"),))
    for other in (None, "needs_area", "referral_contact_when"):
        assert meaning(said, other, YES_NO).intent == intent


def test_a_number_that_must_not_be_rung_is_refused_with_its_reason():
    said = turn("provide_detail", text="999")
    found = meaning(said, "referral_contact_number", frozenset({"skip"}))
    assert found == Meaning("number_refused", (("reason", "emergency"),))


@pytest.mark.parametrize(
    "intent",
    ["danger_immediate", "check_suicide", "ask_human", "exit_now", "request_deletion", "distress"],
)
def test_danger_and_wishes_with_a_number_in_them_stay_what_they_are(intent):
    said = turn(intent, text="he is here now 07400 123456")
    assert meaning(said, "referral_contact_number", frozenset({"skip"})).intent == intent


def test_a_sentence_without_a_number_is_no_number():
    said = turn("provide_detail", text="my sister's, I'll look for it")
    assert meaning(said, "referral_contact_number", frozenset({"skip"})).intent == "provide_detail"


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (turn("choose", choice="yes", text="yes 07400 123456"), ("answer", "yes")),
        (turn("provide_detail", text="07400 123456"), ("answer", "yes")),
        (turn("affirm", text="yes its 07400 123456"), ("answer", "yes")),
        (turn("affirm", text="yes 999"), ("reason", "emergency")),
        # anything else beside it, and it is no number that is surely safe
        (turn("provide_detail", text="not his 07400 123456"), None),
        (turn("provide_detail", text="07400 123456 but not at night"), None),
        (turn("danger_immediate", text="07400 123456"), None),
    ],
)
def test_a_number_given_with_yes_is_taken_with_the_same_checks(said, found):
    heard = meaning(said, "referral_contact_safe", YES_NO)
    assert heard.entities == ((found,) if found else ())


@pytest.mark.parametrize(
    ("asked", "intent", "text", "found"),
    [
        ("referral_contact_email", "provide_detail", "it's ada@example.org!",
         ("answer", "ada@example.org")),
        ("referral_contact_email", "provide_detail", "ada@example", ("reason", "address")),
        ("referral_contact_email", "provide_detail", "a@x.org or b@x.org", ("reason", "address")),
        ("referral_contact_text", "affirm", "07400 123456", ("answer", "+447400123456")),
        ("referral_contact_text", "affirm", "0117 496 0123", ("reason", "landline")),
        ("referral_contact_number", "affirm", "0117 496 0123", ("answer", "+441174960123")),
        ("referral_called", "provide_detail", "call me Kim", ("answer", "Kim")),
        ("referral_called", "deny", "Will", ("answer", "Will")),
    ],
)  # fmt: skip
def test_how_to_reach_and_call_somebody_is_read_where_it_is_asked(asked, intent, text, found):
    heard = meaning(turn(intent, text=text), asked, frozenset({"skip"}))
    assert heard.entities == (found,)
    assert (heard.intent == "answer") is (found[0] == "answer")


@pytest.mark.parametrize("intent", ["danger_immediate", "check_suicide", "ask_human", "distress"])
def test_an_address_or_a_name_outweighs_no_danger(intent):
    for asked, text in (("referral_contact_email", "a@x.org"), ("referral_called", "Kim")):
        assert meaning(turn(intent, text=text), asked, frozenset({"skip"})).intent == intent


def test_who_picks_one_way_to_be_written_to_is_not_asked_of_the_other():
    ways = frozenset({"email", "text", "no", "skip"})
    for choice, other in (("email", "untexted"), ("text", "unmailed")):
        heard = meaning(turn("choose", choice=choice), "referral_contact_by", ways)
        assert heard.entities[0] == ("answer", choice)
        assert (other, "not_asked") in heard.entities
    declined = meaning(turn("choose", choice="no"), "referral_contact_by", ways)
    assert declined == Meaning("decline", (("answer", "no"),))

# SPDX-License-Identifier: Apache-2.0
"""A child hears of Childline early and once; who is no child hears nothing of it by this."""

from __future__ import annotations

import pytest

from bot.policy import childline
from bot.policy.turn import Message, Sender
from bot.service.transcript import Dialogue

HELLO = Message(Sender.ASSISTANT, "Thank you for telling me.")
TOLD = Message(Sender.ASSISTANT, "You can ring Childline on 0800 1111.")


@pytest.mark.parametrize(
    ("text", "pupil"),
    [
        ("girls in my class make fun of me", True),
        ("hes in my year and he hits me", True),
        ("im in year 9", True),
        ("someone took my bike outside school", True),
        ("my mum doesnt know", True),
        ("my daughter hates school now", False),
        ("she wont go to school", False),
        ("im a teacher and a girl in my class was robbed", False),
        ("it happened when i was at school", False),
        ("i work at the school", False),
    ],
)
def test_who_speaks_as_a_pupil(text, pupil) -> None:
    assert childline.of_school(text) is pupil


@pytest.mark.parametrize(
    ("dialogue", "due"),
    [
        (Dialogue(pupil=True), True),
        (Dialogue(age_band="under_16"), False),  # told by whoever had this before the code
        (Dialogue(), False),
        (Dialogue(pupil=True, childline=True), False),
        (Dialogue(pupil=True, check="suicide_risk"), False),
        (Dialogue(pupil=True, opening=True), False),
        (Dialogue(pupil=True, quiet=True), False),
    ],
)
def test_when_it_is_said(dialogue, due) -> None:
    assert dialogue.wants_childline([HELLO]) is due
    assert not dialogue.wants_childline([])


def test_who_has_heard_of_it_hears_it_no_more() -> None:
    dialogue = Dialogue(pupil=True)
    assert not dialogue.wants_childline([TOLD])
    assert not dialogue.wants_childline([HELLO])


@pytest.mark.parametrize(
    ("asking", "chosen", "band"),
    [
        ("support_listening", "", "under_16"),
        ("needs_ask_reported", "", "under_16"),
        ("needs_ask_need", "need_money", ""),
        ("needs_ask_need", "", ""),
        ("needs_ask_when", "", ""),
        ("needs_ask_when_them", "", ""),
        ("emergency_immediate_next", "", ""),
    ],
)
def test_a_bare_age_is_their_own_where_nothing_else_is_numbered(asking, chosen, band) -> None:
    dialogue = Dialogue(asking=asking)
    dialogue.note(chosen, (), "", "14")
    assert dialogue.age_band == band


@pytest.mark.parametrize(
    ("texts", "due"),
    [
        (["im 14"], True),
        (["im 17"], True),
        (["im 20"], False),
        (["im in year 13", "im 18"], True),
        (["im 14", "im 40"], False),
        (["im 14", "he took my phone"], True),
    ],
)
def test_an_age_under_18_is_a_childs_until_another_is_told(texts, due) -> None:
    dialogue = Dialogue(asking="support_listening")
    for text in texts:
        dialogue.note("", (), "", text)
    assert dialogue.wants_childline([HELLO]) is due

# SPDX-License-Identifier: Apache-2.0
"""What each key means, row by row."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy import consent
from telephony import menu
from telephony.menu import Press, Pressed

TOPICS = ("domestic_abuse", "sexual_violence", "robbery", "burglary", "fraud", "other", "skip")
ANSWERS = ("yes", "no", "not_sure", "person")


@pytest.mark.parametrize(
    ("entry", "keys", "page", "press", "value"),
    [
        ("1", ANSWERS, 0, Press.PICK, "yes"),
        ("3", ANSWERS, 0, Press.PICK, "not_sure"),
        ("4", ANSWERS, 0, Press.UNKNOWN, ""),  # a person has no digit but 0, so there is one page
        ("0", ANSWERS, 0, Press.PERSON, ""),
        ("0", (), 0, Press.PERSON, ""),
        ("*", ANSWERS, 0, Press.REPEAT, ""),
        ("5", ANSWERS, 0, Press.CANNOT_SPEAK, ""),
        ("9", TOPICS, 0, Press.DANGER, ""),
        ("99", TOPICS, 0, Press.DANGER, ""),
        ("999", (), 0, Press.DANGER, ""),
        ("55", (), 0, Press.DANGER, ""),
        ("9999", (), 0, Press.DANGER, ""),
        ("1", TOPICS, 0, Press.PICK, "domestic_abuse"),
        ("4", TOPICS, 0, Press.MORE, ""),
        ("1", TOPICS, 1, Press.PICK, "burglary"),
        ("1", TOPICS, 2, Press.PICK, "skip"),
        ("2", TOPICS, 2, Press.UNKNOWN, ""),
        ("1", TOPICS, 3, Press.PICK, "domestic_abuse"),  # after the last page comes the first
        ("#", TOPICS, 0, Press.PICK, "skip"),
        ("#", ANSWERS, 0, Press.UNKNOWN, ""),
        ("6", ANSWERS, 0, Press.UNKNOWN, ""),
        ("7", ANSWERS, 0, Press.LANGUAGE, ""),
        ("8", ANSWERS, 0, Press.CODE, ""),
        ("8", TOPICS, 1, Press.CODE, ""),
        ("\u0661", ANSWERS, 0, Press.UNKNOWN, ""),  # an Arabic one
        ("\u00b2", ANSWERS, 0, Press.UNKNOWN, ""),
        ("", ANSWERS, 0, Press.UNKNOWN, ""),
        ("12", ANSWERS, 0, Press.PICK, "yes"),
    ],
)
def test_a_key(entry, keys, page, press, value):
    assert menu.read(entry, keys, page) == Pressed(press, value)


@pytest.mark.parametrize(
    ("entry", "press", "value"),
    [
        ("07700900123", Press.NUMBER, "07700900123"),
        ("07700900123#", Press.NUMBER, "07700900123"),
        ("999", Press.DANGER, ""),
        ("99#", Press.DANGER, ""),
        ("55", Press.DANGER, ""),
        ("9", Press.DANGER, ""),
        ("0", Press.PERSON, ""),
        ("1", Press.PICK, "skip"),
        ("#", Press.PICK, "skip"),
        ("*", Press.REPEAT, ""),
        ("5", Press.CANNOT_SPEAK, ""),
    ],
)
def test_a_number_is_keyed_in(entry, press, value):
    assert menu.read(entry, ("skip",), numbers=True) == Pressed(press, value)


@pytest.mark.parametrize("line", sorted(consent.SAID))
def test_a_key_says_the_words_that_take_out_its_own_line(line):
    assert consent.struck(consent.SAID[line])[0] == line


def test_a_key_leaves_out_whatever_words_can():
    assert {line for _, lines in consent.LINES for line in lines} == set(consent.SAID)


def test_four_leaves_out_a_part_where_there_are_parts_and_no_more_choices():
    assert menu.read("4", ANSWERS, parts=True) == Pressed(Press.LEAVE_OUT)
    assert menu.read("4", TOPICS, parts=True) == Pressed(Press.MORE)


def test_every_key_of_a_telephone_stands_in_the_one_table():
    assert set(menu.KEYS) == set("0123456789*#")


@given(
    st.sampled_from(sorted(menu.AT_ANY_TIME)), st.lists(st.sampled_from([*TOPICS, *ANSWERS])),
    st.integers(0, 9), st.booleans(), st.booleans(), st.booleans(),
)  # fmt: skip
def test_a_key_that_counts_at_any_time_means_the_same_wherever_they_stand(
    key, keys, page, quiet, numbers, parts
):
    found = menu.read(key, keys, page, quiet=quiet, numbers=numbers, parts=parts)
    assert found == Pressed(menu.KEYS[key])


def test_six_gives_the_voice_back_to_who_could_not_speak():
    assert menu.read("6", ANSWERS, quiet=True) == Pressed(Press.CAN_SPEAK)


def test_a_second_five_at_once_is_fifty_five():
    assert menu.read("5", ANSWERS, five_before=True) == Pressed(Press.DANGER)
    assert menu.read("1", ANSWERS, five_before=True) == Pressed(Press.PICK, "yes")


@given(st.lists(st.sampled_from([*TOPICS, *ANSWERS]), unique=True))
def test_every_choice_can_be_reached_and_no_page_is_a_wall(keys):
    pages = menu.pages(keys)
    assert all(1 <= len(page) <= 3 for page in pages)
    reached = {
        menu.read(digit, keys, number).value
        for number in range(len(pages))
        for digit in "123"
        if menu.read(digit, keys, number).press is Press.PICK
    }
    assert reached == set(keys) - {"person"}


@given(st.text("0123456789*#", max_size=12), st.booleans(), st.booleans(), st.booleans())
def test_no_entry_breaks_it_and_danger_is_never_missed(entry, five, quiet, numbers):
    found = menu.read(entry, TOPICS, 0, five_before=five, quiet=quiet, numbers=numbers)
    if entry in ("9", "99", "999", "55"):
        assert found.press is Press.DANGER

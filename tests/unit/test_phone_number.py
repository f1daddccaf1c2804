# SPDX-License-Identifier: Apache-2.0
"""Numbers people type and say: which may be rung, and why the others may not."""

from __future__ import annotations

import pytest

from bot.policy.phone_number import REASONS, read, shown

GOOD = [
    ("07400 123456", "+447400123456"),
    ("07400123456", "+447400123456"),
    ("+44 7400 123456", "+447400123456"),
    ("0044 7400 123456", "+447400123456"),
    ("(0117) 929 0000", "+441179290000"),
    ("0 7 4 0 0 1 2 3 4 5 6", "+447400123456"),
    ("yes its 07400 123 456 but only after six", "+447400123456"),
    ("07400-123-456.", "+447400123456"),
    ("\uff10\uff17\uff14\uff10\uff10 123456", "+447400123456"),  # full-width digits
    ("07400\u00a0123456", "+447400123456"),  # non-breaking space
    ("ring 0808 200 0247", "+448082000247"),
    ("07911 123456", "+447911123456"),  # Guernsey: rung like any other mobile here
]


@pytest.mark.parametrize("text,number", GOOD)
def test_a_number_that_may_be_rung(text, number):
    found = read(text)
    assert (found.e164, found.refused) == (number, "")


REFUSED = [
    ("999", "emergency"),
    ("9 9 9", "emergency"),
    ("112", "emergency"),
    ("111", "emergency"),
    ("101", "emergency"),
    ("call 999!", "emergency"),
    ("18000", "emergency"),
    ("0909 879 0001", "premium"),
    ("070 1234 5678", "premium"),
    ("0843 123 4567", "premium"),
    ("07400 1234", "short"),
    ("12345", "short"),
    ("07400 123456 7890 11", "invalid"),
    ("00000000000", "invalid"),
    ("+33 1 42 68 53 00", "foreign"),
    ("+1 212 555 2368", "foreign"),
    ("+48 22 694 75 00", "foreign"),
    ("07400 123456 or 07400 123457", "invalid"),  # one of two would be a guess
    ("'; DROP TABLE --", "short"),
    ("", "short"),
]


@pytest.mark.parametrize("text,reason", REFUSED)
def test_a_number_that_may_not_be_rung(text, reason):
    found = read(text)
    assert (found.e164, found.refused) == ("", reason)
    assert reason in REASONS


def test_the_same_number_twice_is_one_number():
    assert read("07400 123456, that is +44 7400 123456").e164 == "+447400123456"


@pytest.mark.parametrize("e164,said", [
    ("+447400123456", "07400 123456"), ("+441179290000", "0117 929 0000"),
])  # fmt: skip
def test_a_number_is_shown_as_people_here_write_it(e164, said):
    assert shown(e164) == said and read(said).e164 == e164

# SPDX-License-Identifier: Apache-2.0
"""The word in an address: opens for its own call and purpose only, and is the same every time."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.tokens import BadToken, Leg, Place, Tokens

TOKENS = Tokens(["a" * 40, "b" * 40])
PLACE = Place(turn=3, spoken=41, offer=40, five_at=1.5, quiet=True)


def test_it_opens_to_what_was_sealed():
    assert TOKENS.open("turn", "h", TOKENS.seal("turn", "h", PLACE), Place) == PLACE
    leg = Leg("h", "c", "k", "r", 1)
    assert TOKENS.open("worker", "", TOKENS.seal("worker", "", leg), Leg) == leg


def test_the_same_place_has_the_same_word():
    assert TOKENS.seal("turn", "h", PLACE) == TOKENS.seal("turn", "h", PLACE)


def test_it_shows_nothing_and_fits_an_address():
    assert re.fullmatch(r"[\w-]{40,400}", TOKENS.seal("turn", "h", PLACE))


@pytest.mark.parametrize(("purpose", "call"), [("back", "h"), ("turn", "other"), ("wait", "h")])
def test_it_is_worth_nothing_elsewhere(purpose, call):
    with pytest.raises(BadToken):
        TOKENS.open(purpose, call, TOKENS.seal("turn", "h", PLACE), Place)


def test_an_older_secret_still_opens_and_a_lost_one_does_not():
    old = Tokens(["b" * 40]).seal("turn", "h", PLACE)
    assert TOKENS.open("turn", "h", old, Place) == PLACE
    with pytest.raises(BadToken):
        TOKENS.open("turn", "h", Tokens(["c" * 40]).seal("turn", "h", PLACE), Place)


@given(st.text(max_size=200))
def test_anything_else_is_refused(word):
    with pytest.raises(BadToken):
        TOKENS.open("turn", "h", word, Place)

# SPDX-License-Identifier: Apache-2.0
"""An age put right in one breath, a place said alone, and no wish for a call at all."""

from __future__ import annotations

import pytest

from bot.policy.contacting import wants_no_call
from bot.policy.passing import age_again
from bot.policy.settling import answers
from bot.settings import ROOT
from bot.wiring import areas

AREAS = areas(ROOT)
SAFE, NUMBER = "referral_ask_contact_safe", "referral_ask_contact_number"


@pytest.mark.parametrize(
    ("text", "band"),
    [
        ("28 no sorry 38", "25_59"),
        ("16, no wait, 61", "60_plus"),
        ("im 28 no 38", "25_59"),
        ("28 no", ""),
        ("flat 28 no 38 high street", ""),
        ("28 38", ""),
    ],
)
def test_of_an_age_put_right_the_last_counts(text, band) -> None:
    assert age_again(text) == band


@pytest.mark.parametrize(
    ("asking", "text", "name", "key"),
    [
        ("needs_ask_reported", "28 no sorry 38", "age_band", "25_59"),
        ("needs_ask_reported", "38 years old", "age_band", "25_59"),
        ("needs_ask_reported", "38", "age_band", None),
        ("needs_ask_topic", "Exeter", "area", "devon_and_cornwall"),
        ("support_what_would_help", "Bristol", "area", "avon_and_somerset"),
        ("support_what_would_help", "just the lock", "area", None),
        ("support_what_would_help", "38 years old", "age_band", None),
        (SAFE, "Bristol", "area", None),
    ],
)
def test_what_is_told_early_is_kept(asking, text, name, key) -> None:
    assert answers(asking, "", text, {}, AREAS).get(name) == key


def test_a_place_told_early_changes_none_that_is_known() -> None:
    known = {"area": "devon_and_cornwall"}
    assert "area" not in answers("support_what_would_help", "", "Bristol", known, AREAS)


@pytest.mark.parametrize(
    ("asking", "text", "key"),
    [
        (SAFE, "not by phone he checks it", "no"),
        (SAFE, "email is ok", "no"),
        (NUMBER, "please dont ring me", "skip"),
        (SAFE, "only weekdays 10 to 2", ""),
        (SAFE, "dont call before ten", ""),
        (SAFE, "yes but not my home phone", ""),
        ("needs_ask_topic", "email is ok", ""),
    ],
)
def test_who_wants_no_call_has_no_safe_number(asking, text, key) -> None:
    assert wants_no_call(asking, text) == key

# SPDX-License-Identifier: Apache-2.0
"""An age put right in one breath, a place said alone, and no wish for a call at all."""

from __future__ import annotations

import pytest

from bot.policy.contacting import tells_something, wants_no_call
from bot.policy.passing import age_again, others_told
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
        ("needs_ask_reported", "38", "age_band", "25_59"),
        ("needs_ask_when", "38", "age_band", None),
        ("needs_ask_topic", "Exeter", "area", "devon_and_cornwall"),
        ("support_what_would_help", "Bristol", "area", "avon_and_somerset"),
        ("support_what_would_help", "just the lock", "area", None),
        ("support_what_would_help", "38 years old", "age_band", "25_59"),
        ("support_listening", "32", "age_band", "25_59"),
        ("emergency_immediate_next", "32", "age_band", None),
        ("calm_grounding_1", "32", "age_band", None),
        ("check_suicide", "yeovil", "area", None),
        ("check_not_sure_suicide", "yeovil", "area", "avon_and_somerset"),
        (SAFE, "32", "age_band", None),
        ("support_listening", "hotel in bournemouth", "area", "elsewhere"),
        ("needs_ask_who", "im at my mums in truro", "area", "devon_and_cornwall"),
        ("support_listening", "mugged in bath", "area", None),
        ("support_listening", "the hotel in cloud land", "area", None),
        (SAFE, "Bristol", "area", None),
        ("needs_ask_who", "money mostly", "need", "need_money"),
        ("needs_ask_age_band", "a safe place to live", "need", "need_home"),
        ("needs_ask_who", "my family", "need", None),
        ("needs_ask_reported", "the police", "need", None),
        ("needs_ask_reported", "he took my money", "need", None),
        ("needs_ask_reported", "not money", "need", None),
        ("support_listening", "money", "need", None),
        ("needs_ask_reported", "20 bristol", "age_band", "18_24"),
        ("needs_ask_reported", "20 bristol", "area", "avon_and_somerset"),
        ("needs_ask_reported", "20 people", "age_band", None),
        ("support_listening", "i havent got any money of my own", "need", "need_money"),
        ("support_listening", "where would i even go", "need", "need_home"),
    ],
)
def test_what_is_told_early_is_kept(asking, text, name, key) -> None:
    assert answers(asking, "", text, {}, AREAS).get(name) == key


@pytest.mark.parametrize(
    ("text", "need"),
    [
        ("ive been signed off", "need_work"),
        ("cant work now", "need_work"),
        ("i cant work it out", None),
        ("the police signed off on it", None),
        ("ive had to move in with my sister", "need_home"),
        ("were in a b and b with the kids", "need_home"),
        ("where can i go for help", None),
        ("we had to get out the window", None),
        ("i cant afford the taxi to court", "need_money"),
    ],
)
def test_a_need_is_heard_in_what_is_told(text, need) -> None:
    assert answers("support_listening", "", text, {}, AREAS).get("need") == need


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("my brother was killed by a drunk driver", "bereaved"),
        ("they murdered our son", "bereaved"),
        ("my best mate was stabbed to death", "bereaved"),
        ("my mum was nearly killed", None),
        ("my husband was killed and i was hurt", None),
        ("my wife died last year and i got burgled", None),
        ("my son never came home last night", None),
    ],
)
def test_who_lost_somebody_by_a_crime_is_not_asked_who_it_is_for(text, who) -> None:
    assert answers("support_listening", "", text, {}, AREAS).get("who") == who


@pytest.mark.parametrize(
    ("text", "tells"),
    [
        ("got no heating", True),
        ("no i showered", True),
        ("no i dont", False),
        ("yeovil", True),
        ("no thanks", False),
        ("not really", False),
        ("ok then", False),
    ],
)
def test_a_no_to_nothing_may_tell_something(text, tells) -> None:
    assert tells_something("support_listening", text) is tells
    assert not tells_something("needs_ask_reported", text)


def test_a_need_that_asks_for_help_is_told() -> None:
    found = answers("support_what_would_help", "find_help", "money and work", {}, AREAS)
    assert (found["need"], found["second"]) == ("need_money", "need_work")


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("yes i told the council", True),
        ("yes i rang my landlord about it", True),
        ("yes, my housing officer knows, i told the housing", False),  # an officer may be police
        ("yes i told my mum and she rang them", False),
        ("yes i told the police and the council", False),
        ("yes i told them", False),
    ],
)
def test_who_told_somebody_else_has_not_said_that_the_police_know(text, others) -> None:
    assert others_told("needs_ask_reported", text) is others
    assert not others_told("needs_ask_support", text)


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

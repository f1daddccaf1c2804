# SPDX-License-Identifier: Apache-2.0
"""Who may ask for Enhanced Rights, row by row, each with its reason; and how they are told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy.rights import MOST_SERIOUS, PERSISTENT, ROWS, VULNERABLE, Flag, flags, said
from bot.policy.topics import TOPICS
from bot.words import Words

WORDS = Words.load("data/words")


@pytest.mark.parametrize(
    ("known", "found"),
    [
        ({}, []),
        ({"topic": "burglary_theft", "age_band": "25_59", "who": "for_me"}, []),
        ({"topic": "fraud", "age_band": "60_plus"}, []),  # age alone is no reason
        ({"topic": "domestic_abuse"}, [(MOST_SERIOUS, "crime")]),
        ({"topic": "hate_crime"}, [(MOST_SERIOUS, "crime")]),
        ({"topic": "terrorism"}, [(MOST_SERIOUS, "crime")]),
        ({"topic": "sexual_violence"}, [(MOST_SERIOUS, "crime"), (VULNERABLE, "by_itself")]),
        ({"topic": "modern_slavery"}, [(MOST_SERIOUS, "crime"), (VULNERABLE, "by_itself")]),
        ({"topic": "homicide_bereavement"}, [(MOST_SERIOUS, "bereaved")]),
        ({"topic": "road_traffic", "who": "bereaved"}, [(MOST_SERIOUS, "bereaved")]),
        ({"topic": "road_traffic"}, []),
        ({"topic": "robbery_violence"}, []),  # how grave an injury was is not asked
        ({"topic": "stalking_harassment"}, [(PERSISTENT, "stalking")]),
        ({"topic": "antisocial_behaviour"}, []),
        ({"topic": "antisocial_behaviour", "again": "yes"}, [(PERSISTENT, "again")]),
        ({"topic": "robbery_violence", "when": "going_on"}, [(PERSISTENT, "going_on")]),
        ({"topic": "robbery_violence", "age_band": "16_17"}, [(VULNERABLE, "under_18")]),
        ({"topic": "burglary_theft", "age_band": "under_16"}, [(VULNERABLE, "under_18")]),
        ({"topic": "child_abuse", "age_band": "25_59", "who": "for_me"},
         [(VULNERABLE, "child_then")]),
        ({"topic": "burglary_theft", "access": "hearing"}, [(VULNERABLE, "health")]),
        ({"topic": "burglary_theft", "condition": "yes"}, [(VULNERABLE, "health")]),
        ({"topic": "burglary_theft", "access": "language"}, []),
        ({"topic": "burglary_theft", "court_fear": "yes"}, [(VULNERABLE, "court_fear")]),
        ({"topic": "burglary_theft", "stage": "trial", "need": "need_justice",
          "need_much": "a_lot"}, [(VULNERABLE, "court_worry")]),
        ({"topic": "burglary_theft", "stage": "trial", "need": "need_justice",
          "need_much": "some"}, []),
        ({"topic": "burglary_theft", "need": "need_justice", "need_much": "a_lot"}, []),
        # a worry about health is no disorder, and nobody guesses one
        ({"topic": "fraud", "need": "need_health", "need_much": "a_lot"}, []),
        ({"topic": "domestic_abuse", "who": "witness", "age_band": "16_17"}, []),
    ],
)  # fmt: skip
def test_each_flag_has_its_reason(known: dict[str, str], found: list[tuple[str, str]]) -> None:
    assert [(flag.group, flag.reason) for flag in flags(known)] == found


@pytest.mark.parametrize(
    ("known", "name"),
    [
        ({"topic": "fraud", "reported": "yes"}, ""),
        ({"topic": "hate_crime", "reported": "yes"}, "rights_can_ask"),
        ({"topic": "hate_crime", "reported": "no"}, "rights_later"),
        ({"topic": "hate_crime", "reported": "skip"}, "rights_later"),
        ({"topic": "hate_crime", "reported": "yes", "who": "for_family"}, "rights_can_ask_them"),
        ({"topic": "hate_crime", "who": "for_work"}, "rights_later_them"),
        ({"topic": "hate_crime", "reported": "yes", "council": "scotland"}, ""),
        ({"topic": "hate_crime", "reported": "yes", "council": "wales"}, "rights_can_ask"),
        ({"topic": "court_process", "age_band": "16_17"}, "rights_can_ask"),
        ({"topic": "child_abuse", "age_band": "under_16", "who": "for_me"}, ""),
    ],
)
def test_how_it_is_told(known: dict[str, str], name: str) -> None:
    assert said(known) == name
    assert not name or name in WORDS.names()


ANYTHING = st.dictionaries(
    st.sampled_from(["topic", "who", "age_band", "when", "again", "access", "stage", "reported"]),
    st.sampled_from([*sorted(TOPICS), "yes", "no", "skip", "going_on", "witness", "under_16"]),
)


@given(ANYTHING)
def test_nothing_told_takes_a_right_away(known: dict[str, str]) -> None:
    """More that is told only adds reasons."""
    assert set(flags(known)) <= set(flags({**known, "again": "yes"}))


def test_no_flag_speaks_of_risk() -> None:
    assert all("risk" not in f"{group} {reason}" for group, reason, _ in ROWS)
    assert set(Flag.__annotations__) == {"group", "reason"}

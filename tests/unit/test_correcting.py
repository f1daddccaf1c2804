# SPDX-License-Identifier: Apache-2.0
"""What puts an answer right, row by row; and what only looks like it."""

from __future__ import annotations

import pytest

from bot.policy.circumstances import told_of
from bot.policy.correcting import corrected, puts_right
from bot.policy.needs_told import named
from bot.policy.turn import Understanding
from bot.settings import ROOT
from bot.wiring import areas

AREAS = areas(ROOT)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("no, I meant Plymouth", {"area": "devon_and_cornwall"}),
        ("sorry I meant Exeter", {"area": "devon_and_cornwall"}),
        ("Actually I live in Leeds", {"area": "elsewhere"}),
        ("not bristol, its bath", {"area": "avon_and_somerset"}),
        ("not truro, i meant taunton", {"area": "avon_and_somerset"}),
        ("actually it was reported", {"reported": "yes"}),
        ("Actually it wasn't reported", {"reported": "no"}),
        ("actually the police do know", {"reported": "yes"}),
        ("actually i'm 17", {"age_band": "16_17"}),
        ("i got that wrong, i'm 62", {"age_band": "60_plus"}),
        ("oh actually it's for my sister", {"who": "for_family"}),
        ("actually we moved to bath", {"area": "avon_and_somerset"}),
        ("i meant women", {"audience": "women"}),
        ("its hate crime really", {"topic": "hate_crime"}),
        ("it's actually a hate crime", {"topic": "hate_crime"}),
        ("thats more like harassment to be honest", {"topic": "stalking_harassment"}),
        ("no, I meant fraud", {"topic": "fraud"}),
        ("its hate crime", {}),
        ("its really hard", {}),
        ("it was really bad", {}),
        # nothing that was asked is put right
        ("actually no", {}),
        ("i actually quite like him", {}),
        ("i mean he hit me", {}),
        ("he was actually in Plymouth", {}),
        ("I live in Plymouth", {}),
        ("it was reported", {}),
        ("", {}),
    ],
)
def test_only_words_that_say_so_put_an_answer_right(text: str, found: dict[str, str]) -> None:
    assert corrected(text, AREAS) == found


def test_a_crime_called_by_another_name_is_put_right_once_one_is_known() -> None:
    heard = Understanding("standard", topic="hate_crime", act="disclose")
    text = "its hate crime really"
    assert puts_right("age_band", text, heard, "antisocial_behaviour", AREAS)
    assert not puts_right("", text, heard, "none", AREAS)
    danger = Understanding("immediate_danger", "interrupt", topic="hate_crime", act="disclose")
    assert not puts_right("age_band", text, danger, "antisocial_behaviour", AREAS)


@pytest.mark.parametrize(
    ("asked", "heard", "topic", "right"),
    [
        ("who", Understanding(act="deny"), "fraud", True),
        ("area", Understanding(act="deny"), "fraud", False),  # it answers what is asked
        ("who", Understanding("high", "check", act="disclose"), "fraud", False),
        ("who", Understanding(act="ask_human"), "fraud", False),
        ("who", Understanding("high", topic="sexual_violence", act="disclose"), "none", False),
        ("who", Understanding("high", topic="fraud", act="disclose"), "fraud", True),
    ],
)
def test_danger_a_wish_and_a_crime_told_first_come_before_it(asked, heard, topic, right) -> None:
    assert puts_right(asked, "no, I meant Plymouth", heard, topic, AREAS) is right


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("money and my kids", ("need_money", "need_family")),
        ("a safe place to live i guess. mostly money", ("need_home", "need_money")),
        ("i keep having nightmares", ("need_health",)),
        ("not money", ()),
        ("he took my phone", ()),
    ],
)
def test_which_needs_an_answer_names(text: str, found: tuple[str, ...]) -> None:
    assert named(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("somebody raped me, can i speak to a woman", {"wants_worker": "woman"}),
        ("i would prefer to talk to a man", {"wants_worker": "man"}),
        ("it keeps happening", {"again": "yes"}),
        ("this is the third time they did it", {"again": "yes"}),
        ("I'm deaf", {"condition": "yes"}),
        ("i have ptsd and i cant sleep", {"condition": "yes"}),
        ("im scared of going to court", {"court_fear": "yes"}),
        ("i dont want to see him in court", {"court_fear": "yes"}),
        ("im not disabled", {}),
        ("he spoke to a woman there", {}),
        ("he was with a woman", {}),
        ("he is deaf", {}),
    ],
)
def test_what_is_told_of_circumstances(text: str, found: dict[str, str]) -> None:
    assert told_of(text) == found

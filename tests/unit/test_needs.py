# SPDX-License-Identifier: Apache-2.0
"""Which questions are put to whom, row by row; and for everybody fewer than twelve, none twice."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.policy.listing import NEEDS
from bot.policy.needs import (
    AT_MOST,
    CATEGORIES,
    CORE,
    ENOUGH,
    FOR_A_GROUP,
    NAMES,
    NOT_ASKED,
    access_said,
    also_said,
    home_area,
    levels,
    needs_of,
    plan,
    put_as,
)
from bot.settings import ROOT
from bot.store.directory import load
from bot.words import Words

WORDS = Words.load(ROOT / "data" / "words")
SLOTS = yaml.safe_load((ROOT / "bot" / "domain" / "needs.yml").read_text())
TOLD = {"topic": "burglary_theft", "reported": "no", "who": "for_me", "age_band": "25_59",
        "area": "elsewhere", "need": "nothing"}  # fmt: skip


@pytest.mark.parametrize(
    ("what", "known", "first"),
    [
        ("nothing is known", {}, "topic"),
        ("told what happened", {"topic": "fraud"}, "reported"),
        ("of court itself: the police know", {"topic": "court_process"}, "who"),
        ("distress is no crime to report", {"topic": "mental_distress"}, "who"),
        ("a child is not asked whether the police know", {"topic": "fraud", "age_band": "under_16"},
         "who"),
        ("some services for abuse are for one group",
         {**TOLD, "topic": "domestic_abuse"}, "audience"),
        ("none for burglary is", TOLD, "access"),
        ("told nothing: they may be for one group", {**TOLD, "topic": "skip"}, "audience"),
        ("how much, of what was picked", {**TOLD, "need": "need_money"}, "need_much"),
        ("how far it got, where the police know", {**TOLD, "reported": "yes"}, "stage"),
        ("when, where health or a time limit hang on it",
         {**TOLD, "topic": "robbery_violence"}, "when"),
        ("not of somebody who lost a son", {**TOLD, "topic": "robbery_violence", "who": "bereaved"},
         "access"),
    ],
)  # fmt: skip
def test_what_is_asked_first(what: str, known: dict[str, str], first: str) -> None:
    assert plan(known, (), "chat")[0] == first


@pytest.mark.parametrize(
    ("what", "known", "medium", "missing"),
    [
        ("by telephone they hear and speak", TOLD, "voice", {"access", "second"}),
        ("who manages is not asked who helps", {**TOLD, "managing": "managing_ok"}, "chat",
         {"support"}),
        ("no need, no second one", TOLD, "chat", {"need_much", "second", "second_much"}),
        ("a child is not asked when", {"topic": "sexual_violence", "age_band": "under_16"}, "chat",
         {"when", "stage", "reported"}),
        ("a seventeen-year-old abused at home is not asked when",
         {**TOLD, "topic": "child_abuse", "age_band": "16_17"}, "chat", {"when"}),
    ],
)  # fmt: skip
def test_what_is_never_asked(what, known, medium, missing) -> None:
    assert not missing & set(plan(known, (), medium))


def test_who_hardly_manages_is_asked_who_helps() -> None:
    for managing in ("managing_hard", "managing_hardly"):
        assert plan({**TOLD, "access": "skip", "managing": managing}, (), "chat") == ("support",)


def test_who_had_enough_is_asked_nothing_more() -> None:
    assert plan({"topic": "fraud", "reported": ENOUGH}, ("topic", "reported"), "chat") == ()


def test_an_interrupted_question_is_put_again_and_counts_once() -> None:
    put = NAMES[: AT_MOST["chat"]]
    known = {name: "skip" for name in put if name != "area"}
    assert plan(known, put, "chat") == ("area",)


def values(name: str) -> list[str]:
    found = SLOTS["slots"][f"needs_{name}"]["values"]
    return [value for value in found if value != NOT_ASKED]


MOVES = st.one_of(
    st.tuples(st.just("answer"), st.integers(0, 40)),
    st.tuples(st.just("leave"), st.integers(0, 40)),
    st.tuples(st.just("tell"), st.sampled_from(NAMES), st.integers(0, 40)),
)


@settings(max_examples=1500, deadline=None)
@given(
    st.lists(MOVES, max_size=60),
    st.sampled_from(["chat", "voice"]),
    st.dictionaries(st.sampled_from(NAMES), st.integers(0, 40), max_size=6),
)
def test_nobody_is_put_twelve_and_none_twice(moves, medium, before) -> None:
    """In any order, with corrections and things told meanwhile, questions left and come back to."""
    pick = {name: values(name) for name in NAMES}
    known = {name: pick[name][n % len(pick[name])] for name, n in before.items()}
    put: list[str] = []
    answered: set[str] = set()
    for move in moves:
        todo = plan(known, put, medium)
        if not todo:
            break
        asked = put_as(todo[0], known)
        assert asked not in answered, "put again after it was answered"
        put = [*dict.fromkeys((*put, asked))]
        if move[0] == "answer":
            known[todo[0]] = pick[todo[0]][move[1] % len(pick[todo[0]])]
            answered.add(asked)
        elif move[0] == "tell":
            known[move[1]] = pick[move[1]][move[2] % len(pick[move[1]])]
    assert len(put) <= AT_MOST[medium] < 12


def test_the_form_asks_in_the_tables_order() -> None:
    assert [f"needs_{name}" for name in NAMES] == SLOTS["forms"]["needs"]["required_slots"]


@pytest.mark.parametrize("name", [n for n in NAMES if n not in CORE and n != "second"])
def test_every_question_after_the_first_ones_can_be_cut_short(name: str) -> None:
    assert {"skip", "enough"} <= set(WORDS.choices(f"needs_ask_{name}"))


def test_services_for_one_group_are_for_what_the_question_is_put_about() -> None:
    services = load(ROOT / "data" / "directory").services
    grouped = {topic for s in services if s.audience for topic in s.topics if topic != "any"}
    assert grouped <= set(FOR_A_GROUP)


# The nine categories


def test_the_nine_categories_have_their_exact_names_beside_plain_words() -> None:
    assert set(CATEGORIES.values()) == set(NEEDS)
    for need, name in CATEGORIES.items():
        exact = name.replace("_", " ")
        label = WORDS.label(need, "chat").lower().replace(",", "")
        assert exact in label and len(label) > len(exact) + 3
        assert need in WORDS.choices("needs_ask_need")


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({}, {}),
        ({"need": "skip"}, {}),
        ({"need": "nothing"}, dict.fromkeys(NEEDS, "no_worry")),
        ({"need": "need_home", "need_much": "a_lot"}, {"shelter_and_accommodation": "a_lot"}),
        ({"need": "need_home"}, {"shelter_and_accommodation": "some"}),
        (
            {"need": "need_money", "need_much": "some", "second": "nothing"},
            {**dict.fromkeys(NEEDS, "no_worry"), "finance_and_benefits": "some"},
        ),
        (
            {"need": "need_money", "second": "need_work", "second_much": "a_lot",
             "need_family": "some"},
            {"finance_and_benefits": "some", "education_skills_and_employment": "a_lot",
             "family_friends_and_children": "some"},
        ),
    ],
)  # fmt: skip
def test_three_plain_answers_for_each_of_the_nine(known, expected) -> None:
    assert {name: level for name, level in levels(known).items() if level} == expected


def test_the_greatest_worry_counts_first() -> None:
    known = {"need": "need_money", "need_much": "some", "second": "need_home",
             "second_much": "a_lot"}  # fmt: skip
    assert needs_of(known) == ("shelter_and_accommodation", "finance_and_benefits")


HURT = {"topic": "robbery_violence", "reported": "yes"}


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({"topic": "sexual_violence", "when": "last_week"}, ("info_sexual_assault_centre",)),
        ({**HURT, "topic": "sexual_violence", "when": "longer"}, ("info_compensation",)),
        ({"topic": "sexual_violence", "when": "longer", "reported": "no"}, ()),
        ({**HURT, "when": "last_year"}, ("info_compensation",)),
        ({"topic": "robbery_violence", "when": "last_week"}, ()),
        ({"topic": "fraud", "when": "longer"}, ()),
        ({"topic": "fraud", "stage": "stopped"}, ("info_case_dropped",)),
        ({"topic": "child_abuse", "when": "longer"}, ("info_compensation_child",)),
        ({**HURT, "when": "longer", "age_band": "16_17"}, ()),
    ],
)
def test_what_was_told_calls_for_one_answer_at_most(known, said) -> None:
    assert also_said(known) == said
    assert set(said) <= set(WORDS.names())


@pytest.mark.parametrize(
    ("known", "name"),
    [
        ({"access": "hearing"}, "services_by_relay"),
        ({"access": "speaking"}, "services_by_relay"),
        ({"access": "language"}, "services_in_your_language"),
        ({"access": "reading"}, ""),
        ({"access": "hearing", "who": "for_family"}, ""),
    ],
)
def test_how_a_service_is_reached_all_the_same(known: dict[str, str], name: str) -> None:
    assert access_said(known) == name
    assert not name or name in WORDS.names()


@pytest.mark.parametrize(
    ("known", "name"),
    [
        ({"area": "elsewhere"}, "services_home_area"),
        ({"area": "elsewhere", "who": "for_work"}, "services_home_area_them"),
        ({"area": "elsewhere", "council": "scotland"}, "services_other_country"),
        ({"area": "devon_and_cornwall"}, ""),
        ({}, ""),
    ],
)
def test_who_lives_elsewhere_hears_of_their_own_service(known: dict[str, str], name: str) -> None:
    assert home_area(known) == name
    assert not name or name in WORDS.names()


@pytest.mark.parametrize(
    ("known", "name"),
    [
        ({"area": "devon_and_cornwall"}, "services_other_area"),
        ({"area": "devon_and_cornwall", "who": "for_family"}, "services_other_area_them"),
        ({"area": "avon_and_somerset"}, ""),
        ({"area": "elsewhere"}, "services_home_area"),
        ({"area": "elsewhere", "council": "scotland"}, "services_other_country"),
        ({"area": "skip"}, ""),
        ({}, ""),
    ],
)
def test_where_a_service_has_an_area_who_lives_in_another_one_is_told(
    known: dict[str, str], name: str
) -> None:
    assert home_area(known, "avon_and_somerset") == name
    assert not name or name in WORDS.names()

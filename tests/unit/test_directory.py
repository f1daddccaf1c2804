# SPDX-License-Identifier: Apache-2.0
"""Who is offered which service? The policy row by row, then its promises for everybody."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.policy.directory import (
    Channel,
    Offer,
    Person,
    Service,
    channels,
    choose,
    named,
    speakable,
    why,
)  # fmt: skip
from bot.policy.eligibility import AGES, fits_age, is_stale, suits
from bot.policy.hours import Hours, Schedule
from bot.policy.listing import ABOUT_ANOTHER, NEEDS, AgeBand, Audience
from bot.policy.needs import OUTSIDE
from bot.policy.preference import helps_with, knows
from bot.policy.topics import TOPICS
from bot.policy.turn import Medium
from bot.settings import ROOT
from bot.store.directory import load

NIGHT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)

ALWAYS = Hours("high", True)
UNKNOWN = Hours("low")
OFFICE = Hours("medium", False, (Schedule(frozenset({"MO", "TU"}), time(9), time(17)),))
PHONE = Channel("phone", "0300", "0300", "high", in_hours=True)
CHAT = Channel("chat", "https://a.example/", "https://a.example/", "high", in_hours=True)
TEXT = Channel("text", "85", "85", "high", in_hours=True)
EMAIL = Channel("email", "a@a.example", "a@a.example", "medium")
PAGE = Channel("url", "https://a.example/", "https://a.example/", "high", contact=False)


def service(name: str, tier: str = "specialist", **known: Any) -> Service:
    """Make a certain, current, national service for one phone, unless told otherwise."""
    known = {"hours": UNKNOWN, "channels": (PHONE,), "topics": ("any",), **known}
    return Service(id=name, name=name, tier=tier, status="current", self_referral=True, **known)


ANYBODY = service(
    "anybody", "generalist", hours=ALWAYS, channels=(PHONE, CHAT), emotional_support=True
)
LISTENER = service("listener", "crisis", hours=ALWAYS, emotional_support=True)
TEXTER = service("texter", "crisis", hours=ALWAYS, channels=(TEXT,), emotional_support=True)
CHILDREN = service(
    "children", "crisis", hours=Hours("medium", True), maximum_age=18, emotional_support=True
)
FOR_WOMEN = service(
    "for_women",
    hours=ALWAYS,
    topics=("domestic_abuse",),
    audience=frozenset({"women"}),
    minimum_age=18,
)
FOR_MEN = service(
    "for_men", topics=("domestic_abuse",), audience=frozenset({"men"}), minimum_age=18
)
OVER_16 = service(
    "over_16", hours=ALWAYS, channels=(PHONE, CHAT), topics=("sexual_violence",), minimum_age=16
)
LOCAL = service(
    "local",
    hours=OFFICE,
    topics=("domestic_abuse",),
    area="avon_and_somerset",
    places=("bristol",),
    countries=frozenset({"england"}),
)
COURT = service("court", "criminal_justice", topics=("court_process", "any"), needs=(NEEDS[8],))
COURT_TOO = service("court_too", "complaints", topics=("any",), needs=(NEEDS[8],))
INFORM = service("inform", "reporting")
OWN_BEHAVIOUR = service("own_behaviour", "perpetrator", topics=("domestic_abuse",))
EVERYTHING = (
    *(ANYBODY, LISTENER, TEXTER, CHILDREN, FOR_WOMEN, FOR_MEN),
    *(OVER_16, LOCAL, COURT, INFORM, OWN_BEHAVIOUR),
)
WOMAN = Person("domestic_abuse", "25_59", "avon_and_somerset", "Bristol", "women")


def told(person: Person, now: datetime = NIGHT, **more: Any) -> list[str]:
    return [o.service.id for o in choose(more.pop("services", EVERYTHING), person, now, **more)]


@pytest.mark.parametrize(
    ("what", "person", "expected"),
    [
        ("specialist, local and any-hour", WOMAN, ["for_women", "local", "anybody"]),
        (
            "the council decides, not the area",
            replace(WOMAN, place="Bath"),
            ["for_women", "anybody"],
        ),
        (
            "a limited line stands beside one open at any hour",
            replace(WOMAN, audience="men", place=None),
            ["anybody", "for_men"],
        ),
        (
            "who has not said is first given what is for everybody",
            Person("domestic_abuse"),
            ["anybody", "for_women", "for_men"],
        ),
        (
            "anyone will do: the same",
            Person("domestic_abuse", "25_59", audience="any"),
            ["anybody", "for_women", "for_men"],
        ),
        (
            "cannot talk: what answers in writing, nothing that is a phone alone",
            replace(WOMAN, can_talk=False),
            ["anybody", "texter"],
        ),
        (
            "a child",
            Person("sexual_violence", "under_16"),
            ["anybody", "children"],
        ),
        (
            "sixteen: the 16+ line, and the children's one",
            Person("sexual_violence", "16_17"),
            ["over_16", "children", "anybody"],
        ),
        (
            "seventeen: nothing for adults",
            Person("domestic_abuse", "16_17", audience="women"),
            ["anybody", "children"],
        ),
        ("distress", Person("mental_distress", "25_59"), ["listener", "texter", "anybody"]),
        ("court", Person("court_process", "25_59"), ["anybody", "court"]),
        (
            "court, in a crisis: somebody to talk to now",
            Person("court_process", "25_59", in_crisis=True),
            ["anybody", "court", "listener"],
        ),
        ("a keyed car is no crisis", Person("criminal_damage", "25_59"), ["anybody"]),
        (
            "who told nothing may need to talk",
            Person("none", "25_59"),
            ["anybody", "listener", "texter"],
        ),
        (
            "a need counts beside the topic",
            Person("fraud", "25_59", needs=(NEEDS[8],)),
            ["anybody", "court"],
        ),
        (
            "a need alone comes before listening",
            Person("none", "25_59", needs=(NEEDS[8],)),
            ["anybody", "court", "listener"],
        ),
        (
            "a need does not take the place of who knows about the crime",
            Person("domestic_abuse", "25_59", audience="women", needs=(NEEDS[8], NEEDS[1])),
            ["for_women", "anybody", "court"],
        ),
        (
            "what the police were told is not reported once more",
            Person("fraud", "25_59", reported=True),
            ["anybody"],
        ),
        ("nobody is pushed to report", Person("burglary_theft", "25_59"), None),
    ],
    ids=lambda value: value.replace(" ", "_") if isinstance(value, str) else "",
)
def test_offers(what: str, person: Person, expected: list[str] | None) -> None:
    found = told(person)
    if expected is None:
        assert not {"inform", "own_behaviour"} & set(found)
    else:
        assert found == expected


ELSEWHERE = service("elsewhere", topics=("fraud",))
OFFICE_AT_NOON = replace(OFFICE, certainty="high")


@pytest.mark.parametrize(
    ("what", "before", "after", "person"),
    [
        (
            "local before national",
            service("here", topics=("fraud",), area="devon_and_cornwall"),
            ELSEWHERE,
            Person("fraud", area="devon_and_cornwall"),
        ),
        (
            "what it is mainly for",
            service("listens", "crisis"),
            service("also", topics=("elder_abuse", "fraud")),
            Person("fraud"),
        ),
        (
            "chosen for who they are, even on the side",
            service("theirs", topics=("elder_abuse", "fraud"), minimum_age=60),
            service("listens", "crisis"),
            Person("fraud", "60_plus"),
        ),
        (
            "not closed by its timetable",
            ELSEWHERE,
            service("shut", topics=("fraud",), hours=OFFICE),
            Person("fraud"),
        ),
        (
            "somebody to reach before a page to read",
            ELSEWHERE,
            service("page", topics=("fraud",), channels=(PAGE,)),
            Person("fraud"),
        ),
        (
            "listening before anything else in a crisis",
            service("listens", "crisis", emotional_support=True),
            service("clinical", "crisis"),
            Person("fraud"),
        ),
        (
            "without a limit before one that may not fit",
            ELSEWHERE,
            service("limited", topics=("fraud",), minimum_age=18),
            Person("fraud"),
        ),
        (
            "writing before a page with a number",
            service("writes", topics=("fraud",), channels=(PHONE, EMAIL)),
            service("page", topics=("fraud",), channels=(PHONE, PAGE)),
            Person("fraud", can_talk=False),
        ),
        (
            "writing now before writing later",
            service("chats", topics=("fraud",), channels=(CHAT,)),
            service("writes", topics=("fraud",), channels=(PHONE, EMAIL)),
            Person("fraud", can_talk=False),
        ),
    ],
    ids=lambda value: value.replace(" ", "_") if isinstance(value, str) else "",
)
def test_which_comes_first(what: str, before: Service, after: Service, person: Person) -> None:
    for services in ((before, after), (after, before)):
        assert told(person, services=services) == [before.id, after.id]


def test_a_limit_not_asked_about_comes_after_all_without_one() -> None:
    limited = service("limited", topics=("fraud",), minimum_age=18)
    services = (limited, ELSEWHERE, service("other", topics=("fraud",)))
    assert told(Person("fraud"), services=services) == ["elsewhere", "other", "limited"]
    adult = Person("fraud", "25_59")
    assert told(adult, services=services) == ["limited", "elsewhere", "other"]


def test_a_line_open_at_any_hour_is_among_them_even_at_noon() -> None:
    busy = [
        service(n, topics=("fraud",), hours=OFFICE_AT_NOON, emotional_support=True) for n in "abc"
    ]
    quiet = service("quiet", "generalist", hours=ALWAYS)
    assert told(Person("fraud"), NOON, services=(*busy, quiet)) == ["a", "b", "quiet"]


def test_somebody_who_listens_is_among_them() -> None:
    others = [service(n, topics=("fraud",), hours=ALWAYS) for n in "abc"]
    assert told(Person("fraud"), services=(*others, LISTENER)) == ["a", "b", "listener"]


def test_a_child_hears_of_somebody_to_talk_to_before_a_specialist() -> None:
    specialist = service("medical", hours=ALWAYS, topics=("sexual_violence",))
    services = (specialist, CHILDREN, ANYBODY)
    child = Person("sexual_violence", "under_16")
    assert told(child, services=services) == ["anybody", "children", "medical"]
    assert told(child, services=services, limit=1) == ["children"]
    assert told(replace(child, age_band="18_24"), services=services) == ["medical", "anybody"]


def test_who_cannot_talk_is_given_somebody_to_write_to_before_all_else() -> None:
    page = replace(ANYBODY, channels=(PHONE, PAGE))
    letters = service("letters", "crisis", channels=(PHONE, EMAIL))
    silent = Person("fraud", can_talk=False)
    assert told(silent, services=(page, letters), limit=1) == ["letters"]


def test_what_is_asked_about_is_offered() -> None:
    assert "own_behaviour" in told(WOMAN, asked="perpetrator")
    assert "inform" in told(Person("burglary_theft"), asked="reporting")


def test_tell_me_another_until_nothing_is_left() -> None:
    person = Person("court_process", "25_59", in_crisis=True)
    first = told(person)
    second = told(person, shown=first)
    assert second == ["texter"]
    assert told(replace(person, in_crisis=False), shown=["anybody", "court"])[0] == "listener"
    assert told(person, shown=first + second) == []


@pytest.mark.parametrize("need", NEEDS)
def test_a_need_leads_to_a_service_for_it_and_to_one_for_the_crime(need: str) -> None:
    """Wherever the directory has both."""
    for topic in ("burglary_theft", "domestic_abuse", "stalking_harassment", "road_traffic"):
        person = Person(topic, "25_59", "elsewhere_england_wales", audience="women", needs=(need,))
        may = [s for s in shipped() if speakable(s) and suits(s, person)]
        found = [o.service for o in choose(shipped(), person, NOON)]
        if any(helps_with(s, person, need) for s in may):
            assert any(helps_with(s, person, need) for s in found), topic
        if any(knows(s, person) for s in may):
            assert any(knows(s, person) for s in found), topic


def test_a_second_service_for_a_need_comes_before_a_crisis_line_nothing_calls_for() -> None:
    person = Person("burglary_theft", "25_59", needs=(NEEDS[8],))
    services = (*EVERYTHING, COURT_TOO)
    assert told(person, services=services) == ["anybody", "court", "court_too"]


def test_who_asks_for_others_hears_of_none_twice_until_none_is_left() -> None:
    """What answers at any hour is named beside a limited line, and is new to nobody."""
    for topic in sorted(TOPICS):
        person, shown, rounds = Person(topic, "25_59", "devon_and_cornwall"), [], 0
        while found := choose(shipped(), person, NIGHT, shown=shown):
            new = [o.service.id for o in found if o.service.id not in shown]
            assert new and len(found) <= 3
            shown, rounds = [*shown, *new], rounds + 1
            assert rounds < 40


def test_who_asks_for_help_once_more_hears_of_what_fits_best_again():
    person = Person("domestic_abuse", "25_59", "devon_and_cornwall", audience="women")
    seen = [o.service.id for o in choose(shipped(), person, NOON)]
    others = [o.service.id for o in choose(shipped(), person, NOON, shown=seen)]
    again = [o.service.id for o in choose(shipped(), person, NOON, shown=seen, anew=True)]
    assert seen[0] != others[0]
    assert again[0] == seen[0] and set(again[1:]).isdisjoint(seen)


def test_a_woman_hears_of_no_service_for_men():
    for topic in TOPICS:
        person = Person(topic, "25_59", audience="women")
        found = choose(shipped(), person, NOON, anew=True)
        assert not any("men" in o.service.audience for o in found)


def test_who_has_not_said_hears_of_services_for_one_group_last():
    for topic in TOPICS:
        groups = [bool(o.service.audience) for o in choose(shipped(), Person(topic), NOON)]
        assert groups == sorted(groups)


def test_another_limited_line_comes_with_an_open_one_again() -> None:
    services = (ANYBODY, FOR_MEN, service("b", topics=("domestic_abuse",)))
    person = Person("domestic_abuse", "25_59", audience="men")
    shown = ["anybody", "for_men"]
    assert told(person, services=services, shown=shown) == ["b", "anybody"]
    assert told(person, services=services, shown=[*shown, "b"]) == []


def test_one_door_is_told_once() -> None:
    same = replace(ANYBODY, id="same", tier="specialist", topics=("fraud",), line="anybody")
    person = Person("fraud", "25_59")
    assert told(person, services=(ANYBODY, same, LISTENER)) == ["same"]
    assert told(person, services=(ANYBODY, same, LISTENER), shown=["same", "listener"]) == []


@pytest.mark.parametrize("limit", [-1, 0])
def test_no_room_no_offers(limit: int) -> None:
    assert told(WOMAN, limit=limit) == []


@pytest.mark.parametrize(("limit", "expected"), [(1, 1), (2, 2), (9, 3)])
def test_never_more_than_asked_for_nor_three(limit: int, expected: int) -> None:
    assert len(told(WOMAN, limit=limit)) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, True),
        ({"status": "uncertain"}, False),
        ({"status": "historic"}, False),
        ({"self_referral": False}, False),
        ({"tier": "perpetrator"}, False),
        ({"tier": "access"}, False),
    ],
)
def test_speakable(change: dict[str, Any], expected: bool) -> None:
    assert speakable(replace(ANYBODY, **change)) is expected


def test_a_service_for_ones_own_behaviour_only_when_asked() -> None:
    assert speakable(OWN_BEHAVIOUR, asked="perpetrator")
    assert not speakable(replace(OWN_BEHAVIOUR, status="uncertain"), asked="perpetrator")


@pytest.mark.parametrize(
    ("certainty", "expected"),
    [("high", True), ("medium", True), ("low", False), ("unverified", False)],
)
def test_each_channel_needs_a_mark_of_its_own(certainty: str, expected: bool) -> None:
    found = channels(replace(ANYBODY, channels=(replace(PHONE, certainty=certainty), CHAT)))
    assert [c.medium for c in found] == (["phone", "chat"] if expected else ["chat"])


def test_nothing_certain_to_say_is_no_offer() -> None:
    silent = replace(ANYBODY, channels=(replace(PHONE, certainty="low"),))
    assert told(Person("fraud"), services=(silent,)) == []


@pytest.mark.parametrize(
    ("offered", "person", "expected"),
    [
        (FOR_WOMEN, WOMAN, "for_audience"),
        (FOR_WOMEN, Person("domestic_abuse"), "for_topic"),
        (CHILDREN, Person("fraud", "under_16"), "for_age"),
        (CHILDREN, Person("fraud"), "crisis"),
        (LISTENER, WOMAN, "crisis"),
        (OVER_16, Person("sexual_violence", "25_59"), "for_topic"),
        (LOCAL, WOMAN, "for_topic"),
        (replace(ANYBODY, area="devon_and_cornwall"), Person("fraud"), "local"),
        (ANYBODY, Person("fraud"), "any_crime"),
        (COURT, Person("fraud", needs=(NEEDS[8],)), "for_need"),
        (replace(INFORM, hours=ALWAYS), Person("fraud"), "always_open"),
    ],
)
def test_reason(offered: Service, person: Person, expected: str) -> None:
    assert why(offered, person) == expected


@pytest.mark.parametrize(
    ("limits", "bands"),
    [
        ((None, None), {"under_16", "16_17", "18_24", "25_59", "60_plus"}),
        ((16, None), {"16_17", "18_24", "25_59", "60_plus"}),
        ((18, None), {"18_24", "25_59", "60_plus"}),
        ((13, None), {"16_17", "18_24", "25_59", "60_plus"}),
        ((None, 18), {"under_16", "16_17"}),
        ((None, 34), {"under_16", "16_17", "18_24"}),
        ((60, None), {"60_plus"}),
    ],
)
def test_everybody_in_the_band_must_be_allowed(
    limits: tuple[int | None, int | None], bands: set[str]
) -> None:
    limited = replace(ANYBODY, minimum_age=limits[0], maximum_age=limits[1])
    assert {b for b in AGES if fits_age(limited, Person(age_band=b))} == bands
    assert fits_age(limited, Person())


@pytest.mark.parametrize(
    ("countries", "person", "expected"),
    [
        ({"england"}, Person(area="elsewhere_england_wales"), True),
        ({"england"}, Person(area="elsewhere_england_wales", place="Wales"), False),
        ({"england"}, Person(area="devon_and_cornwall", place="devon"), True),
        ({"england"}, Person(), True),
        ({"england", "wales"}, Person(area="elsewhere_england_wales", place="wales"), True),
        ({"england", "wales"}, Person(area="other_uk"), False),
        ({"england", "wales", "northern_ireland"}, Person(area="other_uk"), False),
        (
            {"england", "wales", "northern_ireland"},
            Person(area="other_uk", place="Northern Ireland"),
            True,
        ),
        ({"england", "wales", "scotland", "northern_ireland"}, Person(area="other_uk"), True),
    ],
)
def test_country(countries: set[str], person: Person, expected: bool) -> None:
    found = told(person, services=(replace(ANYBODY, countries=frozenset(countries)),))
    assert found == (["anybody"] if expected else [])


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        (Person("domestic_abuse", area="avon_and_somerset", place="bristol"), True),
        (Person("domestic_abuse", area="avon_and_somerset"), False),
        (Person("domestic_abuse", area="devon_and_cornwall", place="devon"), False),
        (Person("domestic_abuse"), False),
    ],
)
def test_a_local_service_is_for_its_own_people(person: Person, expected: bool) -> None:
    assert told(person, services=(LOCAL,)) == (["local"] if expected else [])


def test_a_circumstance_nobody_is_asked_about_comes_last() -> None:
    narrow = service("narrow", hours=ALWAYS, topics=("hate_crime",), only_for="one_faith")
    services = (narrow, ANYBODY, LISTENER, TEXTER)
    assert "narrow" not in told(Person("hate_crime", "25_59"), services=services)


def test_on_a_call_a_page_to_read_comes_last() -> None:
    page = service("page", channels=(PAGE,), topics=("fraud",))
    services = (page, ANYBODY, LISTENER, TEXTER)
    assert "page" in told(Person("fraud"), services=services)
    assert "page" not in told(Person("fraud", over=Medium.VOICE), services=services)


def test_open_now_speaks_of_a_channel_the_person_can_use() -> None:
    letters = replace(LISTENER, channels=(PHONE, EMAIL))
    loud, silent = Person("none"), Person("none", can_talk=False)
    assert choose((letters,), loud, NIGHT)[0].open_now is True
    offer = choose((letters,), silent, NIGHT)[0]
    assert offer.open_now is None
    assert [c.medium for c in offer.channels] == ["email", "phone"]


def test_a_record_nobody_checked_lately_is_called_old() -> None:
    today = date(2026, 11, 22)
    assert is_stale(ANYBODY, today)
    assert is_stale(replace(ANYBODY, assured=today - timedelta(days=366)), today)
    assert not is_stale(replace(ANYBODY, assured=today - timedelta(days=30)), today)


# ---- whatever the person: the shipped directory keeps every promise


@cache
def shipped() -> tuple[Service, ...]:
    return load(ROOT / "data" / "directory").services


PEOPLE = st.builds(
    Person,
    topic=st.sampled_from(sorted(TOPICS)),
    age_band=st.sampled_from(get_args(AgeBand)),
    area=st.sampled_from(
        ["avon_and_somerset", "devon_and_cornwall", "elsewhere_england_wales", "other_uk"]
        + ["not_said"]
    ),
    place=st.sampled_from([None, "bristol", "Somerset", "cornwall", "wales", "scotland", "?"]),
    audience=st.sampled_from(get_args(Audience)),
    needs=st.lists(st.sampled_from(NEEDS), max_size=3, unique=True).map(tuple),
    can_talk=st.sampled_from([True, False, None]),
    over=st.sampled_from(list(Medium)),
)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))
everybody = given(person=PEOPLE, now=MOMENTS)
often = settings(max_examples=150, deadline=None)


def offers(person: Person, now: datetime) -> list[Offer]:
    return choose(shipped(), person, now)


@often
@everybody
def test_only_what_is_certain_is_said(person: Person, now: datetime) -> None:
    for offer in offers(person, now):
        assert offer.service.status == "current" and offer.service.self_referral
        assert offer.service.tier not in ("perpetrator", "access", "emergency")
        assert offer.channels
        assert {c.certainty for c in offer.channels} <= {"high", "medium"}
        assert offer.open_now is None or offer.service.hours.certainty == "high"
        assert offer.free in (True, None)


def first_line(found: list[Offer]) -> Offer:
    """Return the first offer, after the children's own service for what was done to them."""
    return found[1] if found[0].service.id == "report_remove" else found[0]


def starts_open(found: list[Offer], person: Person) -> bool:
    """Say whether the first line is open now; one in Scotland or Northern Ireland may not be known.

    No service for any crime has hours there that are certain.
    """
    outside = (person.place or "").casefold().replace(" ", "_") in OUTSIDE
    return first_line(found).open_now is True or outside


@often
@everybody
def test_everybody_leaves_with_three_at_most_and_somebody_at_any_hour(
    person: Person, now: datetime
) -> None:
    found = offers(person, now)
    assert 1 <= len(found) <= 3
    assert len({o.service.id for o in found}) == len(found)
    assert starts_open(found, person)
    assert any(o.service.emotional_support for o in found)
    always = [o for o in found if o.service.hours.always_open and o.open_now]
    assert any(c.in_hours for o in always for c in o.channels)


@often
@everybody
def test_the_first_one_has_no_limit_that_the_person_has_not_answered(
    person: Person, now: datetime
) -> None:
    first = offers(person, now)[0].service
    if person.age_band == "not_said":
        assert first.minimum_age is None and first.maximum_age is None
    if person.audience in ("any", "not_said"):
        assert not first.audience


@pytest.mark.parametrize("age", ["under_16", "16_17"])
@pytest.mark.parametrize("over", Medium)
def test_a_child_whose_picture_is_used_hears_first_of_who_takes_it_down(age, over) -> None:
    needs = ("criminal_justice_system",)
    child = Person(topic="online_abuse_image", age_band=age, needs=needs, over=over)
    found = [o.service.id for o in offers(child, NIGHT)]
    assert (found[0] == "report_remove") is (over is Medium.CHAT)
    assert "revenge_porn_helpline" not in found and "stopncii" not in found
    grown = [o.service.id for o in offers(replace(child, age_band="25_59"), NIGHT)]
    assert "revenge_porn_helpline" in grown and "report_remove" not in grown


@often
@everybody
def test_age_is_kept(person: Person, now: datetime) -> None:
    found = offers(person, now)
    if person.age_band == "under_16":
        assert all((o.service.minimum_age or 0) == 0 for o in found)
        assert "childline" in [o.service.id for o in found]
        assert "rape_crisis_247" not in [o.service.id for o in found]
    if person.age_band in ("under_16", "16_17"):
        assert all((o.service.minimum_age or 0) < 18 for o in found)
    if person.age_band not in ("under_16", "16_17", "not_said"):
        assert "childline" not in [o.service.id for o in found]


@often
@everybody
def test_who_cannot_talk_can_write_to_somebody_now(person: Person, now: datetime) -> None:
    silent = replace(person, can_talk=False)
    found = offers(silent, now)
    assert all({c.medium for c in o.channels} != {"phone"} for o in found)
    assert any(c.medium in ("chat", "text") and c.in_hours for c in found[0].channels)
    assert found[0].channels[0].medium != "phone"


@often
@everybody
def test_place_and_group_are_kept(person: Person, now: datetime) -> None:
    for offer in offers(person, now):
        if offer.service.local:
            assert offer.service.area == person.area
        if person.audience in ("women", "men", "lgbt") and offer.service.audience:
            assert person.audience in offer.service.audience


@often
@everybody
def test_another_is_new_and_comes_to_an_end(person: Person, now: datetime) -> None:
    seen: list[str] = []
    for _ in range(len(shipped()) + 1):
        found = choose(shipped(), person, now, shown=seen)
        if not found:
            break
        again = [o for o in found if o.service.id in seen]
        assert len(again) <= 1 and len(again) < len(found)
        assert any(o.service.hours.always_open and o.open_now for o in found)
        seen += [o.service.id for o in found if o.service.id not in seen]
    else:
        pytest.fail("the offers never ran out")


@often
@everybody
def test_the_order_of_the_files_does_not_change_the_first_promise(
    person: Person, now: datetime
) -> None:
    turned = choose(tuple(reversed(shipped())), person, now)
    assert starts_open(turned, person)
    assert any(o.service.emotional_support for o in turned)


def test_a_need_does_not_lead_to_a_service_for_another_crime() -> None:
    person = Person(
        topic="burglary_theft", age_band="60_plus", needs=("mental_and_physical_health",)
    )
    seen: list[str] = []
    while offers := choose(shipped(), person, NIGHT, shown=seen):
        new = [o.service.id for o in offers if o.service.id not in seen]
        if not new:
            break
        seen += new
    assert seen and not [s for s in seen if "sarc" in s]


def test_a_line_for_people_worried_about_a_child_is_for_whoever_asks_for_one() -> None:
    worried = service(
        "worried", topics=("child_abuse",), minimum_age=18, only_for=ABOUT_ANOTHER, hours=ALWAYS
    )
    child = Person(topic="child_abuse", age_band="under_16")
    survivor = Person(topic="child_abuse", age_band="25_59")
    for person in (child, survivor):
        assert not suits(worried, person)
        assert suits(worried, replace(person, for_another=True))
    asking = choose([ANYBODY, worried], replace(child, for_another=True), NOON)
    assert {offer.service.id for offer in asking} == {"anybody", "worried"}


def test_who_asked_for_a_group_is_shown_a_service_for_it_beside_one_for_their_need() -> None:
    homes = service("homes", "everyday", needs=(NEEDS[7],))
    woman = Person(
        topic="domestic_abuse", age_band="25_59", area="avon_and_somerset", place="bristol",
        audience="women", needs=(NEEDS[7],),
    )  # fmt: skip
    found = choose([ANYBODY, LOCAL, FOR_WOMEN, homes], woman, NOON)
    assert {"for_women", "homes"} <= {offer.service.id for offer in found}


def test_beside_a_line_for_who_hurts_others_stands_somebody_to_talk_to() -> None:
    pool = [ANYBODY, LISTENER, OWN_BEHAVIOUR]
    found = named(pool, ["own_behaviour"], Person(topic="none"), NOON)
    assert [offer.service.id for offer in found] == ["own_behaviour", "listener"]
    assert [o.service.id for o in named(pool, [], Person(topic="none"), NOON)] == ["anybody"]


@pytest.mark.parametrize(
    ("topic", "fits"),
    [("burglary_theft", True), ("homicide_bereavement", True), ("domestic_abuse", False),
     ("honour_based_abuse", False), ("child_abuse", False)],
)  # fmt: skip
def test_nobody_whom_the_family_may_hurt_is_shown_a_line_on_how_it_gets_on(topic, fits) -> None:
    getting_on = service("getting_on", "everyday", needs=(NEEDS[6],), emotional_support=True)
    council = service("council", "everyday", needs=(NEEDS[6],))
    person = Person(topic=topic, age_band="25_59", needs=(NEEDS[6],))
    found = {offer.service.id for offer in choose([ANYBODY, getting_on, council], person, NOON)}
    assert ("getting_on" in found) is fits
    assert "council" in found

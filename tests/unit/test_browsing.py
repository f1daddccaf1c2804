# SPDX-License-Identifier: Apache-2.0
"""Who may look at what in the directory, in which order: the policy row by row, and the page."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, time
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.policy.browsing import Wanted, always_there, browse, may_be_published, reaches
from bot.policy.hours import Hours, Schedule
from bot.policy.listing import NEEDS, Channel, Service
from bot.policy.paging import page_of
from bot.web.app import create_app

NIGHT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
ALWAYS = Hours("high", True)
OFFICE = Hours("high", False, (Schedule(frozenset({"MO"}), time(9), time(17)),))
PHONE = Channel("phone", "0300", "0300", "high", in_hours=True)
CHAT = Channel("chat", "https://a.example/", "https://a.example/", "high", in_hours=True)
UNSURE = Channel("phone", "0301", "0301", "low", in_hours=True)


def service(name: str, tier: str = "specialist", **known: Any) -> Service:
    known = {"hours": OFFICE, "channels": (PHONE,), "topics": ("fraud",), **known}
    status = known.pop("status", "current")
    self_referral = known.pop("self_referral", True)
    return Service(
        id=name, name=name, tier=tier, status=status, self_referral=self_referral, **known
    )


GENERAL = service("general", "generalist", hours=ALWAYS, channels=(PHONE, CHAT), topics=("any",))
LISTENER = service("listener", "crisis", hours=ALWAYS, topics=("mental_distress", "any"))
BANK = service("bank")
FOR_WOMEN = service("for_women", hours=ALWAYS, audience=frozenset({"women"}))
LOCAL = service("local", area="avon_and_somerset", places=("bristol",))
HOUSING = service("housing", topics=("any",), needs=(NEEDS[7],))
ALL = (GENERAL, LISTENER, BANK, FOR_WOMEN, LOCAL, HOUSING)


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({}, True),
        ({"status": "uncertain"}, False),
        ({"status": "historic"}, False),
        ({"self_referral": False}, False),
        ({"tier": "perpetrator"}, False),
        ({"tier": "access"}, False),
        ({"channels": ()}, False),
        ({"channels": (UNSURE,)}, False),
    ],
)
def test_what_may_be_published(known: dict[str, Any], expected: bool) -> None:
    assert may_be_published(service("one", **known)) is expected


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        # open now and for anybody comes first, then what fits best
        (Wanted("fraud"), ["general", "local", "bank", "housing", "for_women", "listener"]),
        (Wanted(need=NEEDS[7]), ["housing"]),
        (Wanted(need=NEEDS[0]), []),
        (Wanted("fraud", area="devon_and_cornwall"),
         ["general", "bank", "housing", "for_women", "listener"]),
        (Wanted("fraud", open_now=True), ["general", "for_women", "listener"]),
        (Wanted("fraud", written=True), ["general"]),
        (Wanted("hate_crime"), ["general", "housing", "listener"]),
    ],
)  # fmt: skip
def test_what_is_shown(wanted: Wanted, expected: list[str]) -> None:
    assert [offer.service.id for offer in browse(ALL, wanted, NIGHT)] == expected


def test_one_door_is_shown_once() -> None:
    here = service("here", area="avon_and_somerset", line="one")
    there = service("there", line="one")
    wanted = Wanted(area="avon_and_somerset")
    assert [o.service.id for o in browse((here, there), wanted, NIGHT)] == ["here"]
    assert [o.service.id for o in browse((here, there), Wanted(), NIGHT)] == ["there"]


def test_no_limited_line_stands_alone() -> None:
    assert [o.service.id for o in always_there(ALL, NIGHT)] == ["general", "listener"]
    assert [o.service.id for o in always_there(ALL, NIGHT, written=True)] == ["general"]


@pytest.mark.parametrize(
    ("area", "expected"),
    [("", True), ("avon_and_somerset", True), ("devon_and_cornwall", False), ("other_uk", False)],
)
def test_an_areas_service_is_that_areas(area: str, expected: bool) -> None:
    assert reaches(LOCAL, area) is expected


@pytest.mark.parametrize(
    ("number", "size", "held", "last"), [(1, 2, [1, 2], False), (3, 2, [5], True), (4, 2, [], True)]
)
def test_pages(number: int, size: int, held: list[int], last: bool) -> None:
    page = page_of([1, 2, 3, 4, 5], number, size)
    assert (page["contents"], page["last_page"]) == (held, last)
    assert (page["total_items"], page["total_pages"]) == (5, 3)
    assert page["empty"] is not held and page["empty"] is (not held)


def test_an_empty_list_is_one_empty_page() -> None:
    page = page_of([], 1, 10)
    assert page["first_page"] and page["last_page"] and page["empty"]


# -- the page ------------------------------------------------------------------------------------


@pytest.fixture
async def client(fingerpost) -> AsyncIterator[TestClient]:
    async with TestClient(TestServer(create_app(fingerpost))) as found:
        yield found


async def shown(client: TestClient, **form: str) -> tuple[str, list[str]]:
    """Return the page and the names on it, as a browser without scripts gets them."""
    headers = {"Accept": "text/html"}
    if form:
        answer = await client.post("/directory", data=form, headers=headers)
    else:
        answer = await client.get("/directory", headers=headers)
    assert answer.status == 200
    text = await answer.text()
    return text, re.findall(r'<h3 class="name">([^<]+)</h3>', text)


async def test_everything_that_may_be_told_is_on_the_page_once(client, fingerpost) -> None:
    text, names = await shown(client)
    assert len(names) == len(set(names)) > 40
    assert {"Victim Support", "Galop", "Next Link"} <= set(names)
    hidden = {s.name for s in fingerpost.directory.services if not may_be_published(s)}
    assert not hidden & set(names)
    for service_ in fingerpost.directory.services:
        for channel in service_.channels:
            if channel.certainty not in ("high", "medium") and channel.medium == "phone":
                assert channel.value not in re.sub(r"\D", "", text)


@pytest.mark.parametrize(
    ("form", "there", "not_there"),
    [
        ({"topic": "fraud"}, {"Report Fraud", "Victim Support"}, {"Galop"}),
        ({"topic": "domestic_abuse", "place": "Bristol"}, {"Next Link"}, {"Report Fraud"}),
        ({"topic": "domestic_abuse", "place": "PL4"}, {"Karma Nirvana"}, {"Next Link"}),
        ({"need": "need_justice"}, {"Witness Service"}, {"Galop"}),
        ({"written": "yes"}, {"Shout", "Victim Support"}, {"National Stalking Helpline"}),
        ({"open": "yes"}, {"Samaritans"}, {"Karma Nirvana"}),
        ({"topic": "<script>", "need": "x", "place": "  "}, {"Galop", "Next Link"}, set()),
    ],
)
async def test_the_form_narrows(client, form, there, not_there) -> None:
    _, names = await shown(client, **form)
    assert there <= set(names)
    assert not not_there & set(names)


async def test_who_is_there_at_any_hour_is_always_on_the_page(client) -> None:
    for form in ({}, {"topic": "compensation"}, {"need": "need_work", "open": "yes"}):
        _, names = await shown(client, **form)
        assert {"Victim Support", "Samaritans", "Shout"} <= set(names)


async def test_an_unknown_place_hides_nothing_and_is_said(client, fingerpost) -> None:
    text, names = await shown(client, place="<b>Nowhere</b>")
    assert "Next Link" in names
    assert "<b>Nowhere" not in text
    unsure = fingerpost.words._entry("directory_place_unknown").texts
    assert next(iter(unsure.values())).split(".")[0] in text


@pytest.mark.parametrize(
    "kind",
    ["multipart/form-data", "application/x-www-form-urlencoded; charset=klingon", "text/plain"],
)
async def test_a_form_that_cannot_be_read_still_shows_the_page(client, kind) -> None:
    answer = await client.post("/directory", data=b"\xff=x", headers={"Content-Type": kind})
    assert answer.status == 200
    assert "Victim Support" in await answer.text()


async def test_the_page_leaves_no_trace(client) -> None:
    for answer in (
        await client.get("/directory"),
        await client.post("/directory", data={"topic": "fraud"}),
    ):
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in answer.headers
        assert "Access-Control-Allow-Origin" not in answer.headers
        text = await answer.text()
        assert 'action="/leave"' in text
        assert 'method="post" action="/directory"' in text
        title = re.search(r"<title>([^<]*)</title>", text)
        assert title and not re.search(r"help|abuse|crime|victim", title[1], re.IGNORECASE)


async def test_a_number_is_dialled_as_digits(client) -> None:
    text, _ = await shown(client)
    dialled = re.findall(r'href="tel:([^"]*)"', text)
    assert dialled and all(re.fullmatch(r"\d{3,11}", number) for number in dialled)


async def test_a_bill_is_spoken_of_only_where_it_is_known(client, fingerpost) -> None:
    text, _ = await shown(client)
    known = [s for s in fingerpost.directory.services if s.on_bill is not None]
    assert text.count("Not on the phone bill") == sum(s.on_bill is False for s in known) == 2
    assert "May show on the phone bill" not in text


async def test_open_now_is_said_only_from_certain_hours(client, fingerpost) -> None:
    text, _ = await shown(client)
    for entry in text.split('<li class="service">')[1:]:
        name = re.search(r'<h3 class="name">([^<]+)</h3>', entry)[1]
        of_name = [s for s in fingerpost.directory.services if s.name == name]
        if 'class="fact open"' in entry or 'class="fact closed"' in entry:
            assert any(s.hours.certainty == "high" for s in of_name), name

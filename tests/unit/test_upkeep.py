# SPDX-License-Identifier: Apache-2.0
"""What is to be verified first, who is left with nothing, and what the command says of it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import main
from bot.policy.hours import Hours
from bot.policy.listing import NEEDS, Channel, Service
from bot.policy.upkeep import GROUPS, due, gaps, newest
from bot.service import directory_check
from bot.settings import ROOT
from bot.store.directory import load

TODAY = date(2026, 11, 27)
SURE = Channel("phone", "0300", "0300", "high")
UNSURE = Channel("phone", "0301", "0301", "medium")
WITHHELD = Channel("phone", "0302", "0302", "low", note="one old page")
PAGE = Channel("url", "https://a.example/", "https://a.example/", "high", contact=False)
NEW, OLD = date(2026, 11, 1), date(2024, 1, 1)


def service(name: str, tier: str = "specialist", **known: Any) -> Service:
    known = {"hours": Hours("high", True), "channels": (SURE,), "assured": NEW, **known}
    status = known.pop("status", "current")
    self_referral = known.pop("self_referral", True)
    return Service(
        id=name, name=name, tier=tier, status=status, self_referral=self_referral, **known
    )


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({}, []),
        ({"channels": (UNSURE,)}, ["said_unsure"]),
        ({"assured": OLD}, ["said_old"]),
        ({"assured": None}, ["said_old"]),
        ({"assured": None, "valid_at": "2026-06"}, []),
        ({"assured": date(2025, 11, 27)}, []),
        ({"assured": date(2025, 11, 26)}, ["said_old"]),
        ({"channels": (SURE, WITHHELD)}, ["number_withheld"]),
        ({"hours": Hours("low")}, ["hours"]),
        ({"channels": (PAGE,), "hours": Hours("low")}, []),
        ({"status": "uncertain"}, ["runs"]),
        ({"status": "historic", "channels": (WITHHELD,)}, []),
        # what nobody is told of is not said, however old
        ({"self_referral": False, "assured": OLD}, []),
        ({"channels": (UNSURE, WITHHELD), "hours": Hours("low"), "assured": OLD},
         ["said_unsure", "number_withheld", "hours"]),
    ],
)  # fmt: skip
def test_what_is_due(known: dict[str, Any], expected: list[str]) -> None:
    found = due([service("one", **known)], TODAY)
    assert [check.why for one in found for check in one.checks] == expected


def test_what_is_said_to_people_comes_first_and_a_crisis_line_before_the_rest() -> None:
    found = due(
        [
            service("withheld", channels=(WITHHELD,)),
            service("old", assured=OLD),
            service("unsure", channels=(UNSURE,)),
            service("crisis_old", "crisis", assured=OLD),
            service("hours", hours=Hours("medium")),
        ],
        TODAY,
    )
    assert [d.service.id for d in found] == ["unsure", "crisis_old", "old", "withheld", "hours"]
    assert [d.said for d in found] == [True, True, True, False, False]


@pytest.mark.parametrize(
    ("valid_at", "expected"),
    [
        ("undated", None),
        ("2019", date(2019, 1, 1)),
        ("2022-08; 2025-26 (secondary)", date(2025, 1, 1)),
        ("2023-2026 (undated)", date(2026, 1, 1)),
        ("2024-02-22 (number)", date(2024, 2, 22)),
        ("2018 document; unit still operating 2025", date(2025, 1, 1)),
    ],
)
def test_the_newest_date_noted(valid_at: str, expected: date | None) -> None:
    assert newest(service("one", assured=None, valid_at=valid_at)) == expected


def lacking(*services: Service) -> dict[str, tuple[str, ...]]:
    return {gap.name: gap.lacks for gap in gaps(services)}


def test_who_is_left_with_nothing() -> None:
    found = lacking(service("one", topics=("fraud",), needs=(NEEDS[0],)))
    assert found["fraud"] == found[NEEDS[0]] == ("online",)
    assert found["hate_crime"] == found["women"] == found["welsh"] == ("any",)
    assert set(GROUPS) <= set(found)


def test_each_way_and_each_area_counts() -> None:
    national = service("n", topics=("fraud",), channels=(PAGE,))
    local = service("l", topics=("fraud",), area="dorset")
    other = service("o", topics=("hate_crime",), area="avon_and_somerset")
    assert lacking(national, other)["fraud"] == ("by phone", "local in avon_and_somerset")
    assert lacking(national, local, other)["fraud"] == ("local in avon_and_somerset",)
    assert "fraud" not in lacking(national, local)


def test_what_may_not_be_told_fills_no_gap() -> None:
    assert lacking(service("one", topics=("fraud",), status="uncertain"))["fraud"] == ("any",)


def test_groups_are_those_who_say_so() -> None:
    found = lacking(
        service("w", audience=frozenset({"women"}), channels=(SURE, PAGE)),
        service("c", maximum_age=18, channels=(SURE, PAGE)),
        service("o", minimum_age=60, channels=(SURE, PAGE)),
        service("cy", languages=("en", "cy"), channels=(SURE, PAGE)),
        service("t", channels=(Channel("text", "85", "85", "high"),)),
    )
    assert not {"women", "under_16", "older_people", "welsh"} & set(found)
    assert found["men"] == ("any",) and found["cannot_talk_aloud"] == ("by phone",)


# -- the command ---------------------------------------------------------------------------------


def test_the_shipped_directory_is_listed_with_every_withheld_number(capsys) -> None:
    assert main(["directory", "check"]) == 1
    read = capsys.readouterr().out
    services = load(ROOT / "data" / "directory").services
    for found in services:
        for channel in found.channels:
            if channel.note and channel.medium == "phone" and found.status != "historic":
                assert channel.display in read, found.id
    assert "one old page" not in read


def test_the_same_for_another_program(capsys) -> None:
    main(["directory", "check", "--json"])
    found = json.loads(capsys.readouterr().out)
    assert set(found) == {"today", "verify", "gaps"}
    assert {"id", "name", "area", "said_now", "last_known_right", "checks"} == set(
        found["verify"][0]
    )
    assert {gap["kind"] for gap in found["gaps"]} == {"need", "topic", "group"}


def test_nothing_due_ends_with_0() -> None:
    assert not directory_check.is_anything_said_due([service("one")], TODAY)
    assert directory_check.is_anything_said_due([service("one", assured=OLD)], TODAY)


def test_a_directory_that_cannot_be_read_is_said(tmp_path: Path, capsys) -> None:
    assert main(["directory", "check", "--folder", str(tmp_path)]) == 1
    assert capsys.readouterr().out.strip()
    with pytest.raises(SystemExit) as wrong:
        main(["directory"])
    assert wrong.value.code == 2

# SPDX-License-Identifier: Apache-2.0
"""The rota row by row: nights, dates, bank holidays, both clock changes, gaps, and bad files."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.policy import rota as policy
from bot.policy.hours import said
from bot.policy.rota import Gap
from bot.settings import ROOT
from bot.store.rota import RotaError, load

LONDON = ZoneInfo("Europe/London")
PEOPLE = """
people:
  ann: {voice: "+441174960001"}
  ben: {email: ben@example.org}
  cat: {sms: "+447700900123"}
"""
WEEK = (
    PEOPLE
    + """
teams:
  support:
    shifts:
      - {days: [MO, TU, WE, TH, FR], from: "09:00", to: "17:00", on_call: [ann, ben],
         bank_holidays: "off"}
      - {days: [MO, TU, WE, TH, FR, SA, SU], from: "17:00", to: "09:00", on_call: [cat]}
      - {days: [MO, TU, WE, TH, FR], from: "09:00", to: "17:00", on_call: [ben],
         bank_holidays: only}
      - {date: 2026-12-24, from: "09:00", to: "12:00", on_call: [ann]}
  safeguarding:
    takes: [now]
    shifts:
      - {days: [SA], from: "10:00", to: "12:00", on_call: [ben, cat]}
"""
)


def rota(tmp_path: Path, text: str = WEEK):
    path = tmp_path / "rota.yml"
    path.write_text(text)
    return load(path)


def moment(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON, fold=fold)


@pytest.mark.parametrize(
    ("at", "tier", "who"),
    [
        ("2026-11-27 09:00", "", ["ann", "ben"]),  # a Friday, at the very minute
        ("2026-11-27 08:59", "", ["cat"]),  # the night before still
        ("2026-11-27 17:00", "", ["cat"]),
        ("2026-11-28 03:00", "", ["cat"]),
        ("2026-11-28 11:00", "now_first", []),  # a Saturday by day
        ("2026-11-28 11:00", "now", ["ben", "cat"]),  # the other team's hours, in its order
        ("2026-12-28 10:00", "", ["ben"]),  # a bank holiday
        ("2026-12-24 10:00", "", ["ann"]),  # a date of its own
        ("2026-12-24 20:00", "", []),  # which replaces all that would begin on it
        ("2026-12-24 08:00", "", ["cat"]),  # but not the night that began before
    ],
)
def test_who_is_on_duty(tmp_path, at, tier, who):
    assert [p.id for p in policy.on_duty(rota(tmp_path), moment(at), tier)] == who


CHANGE = (
    PEOPLE
    + """
teams:
  support:
    shifts:
      - {days: [SA], from: "12:00", to: "01:30", on_call: [ann]}
      - {days: [SU], from: "01:30", to: "12:00", on_call: [ben]}
"""
)


@pytest.mark.parametrize(
    ("at", "fold", "who"),
    [
        ("2026-10-25 01:15", 0, ["ann"]),  # the clocks go back: 01:15 comes twice
        ("2026-10-25 01:45", 0, ["ann", "ben"]),
        ("2026-10-25 01:15", 1, ["ann", "ben"]),
        ("2026-10-25 01:45", 1, ["ben"]),
        ("2027-03-28 00:59", 0, ["ann", "ben"]),  # the clocks go forward: 01:30 never comes
        ("2027-03-28 02:15", 0, ["ann", "ben"]),
        ("2027-03-28 02:30", 0, ["ben"]),
    ],
)
def test_a_change_of_the_clocks_leaves_nobody_alone(tmp_path, at, fold, who):
    found = rota(tmp_path, CHANGE)
    assert [p.id for p in policy.on_duty(found, moment(at, fold))] == who


@pytest.mark.parametrize("begins", ["2026-10-24 12:00", "2027-03-27 12:00"])
def test_no_gap_opens_in_a_night_of_a_clock_change(tmp_path, begins):
    found = policy.gaps(rota(tmp_path, CHANGE), moment(begins), days=2)
    assert [gap.starts.astimezone(LONDON).strftime("%a %H:%M") for gap in found] == ["Sun 12:00"]


def test_gaps_name_their_tiers_and_their_exact_times(tmp_path):
    found = policy.gaps(rota(tmp_path), moment("2026-11-27 12:00"), days=2)
    day = ("now_first", "now", "soon", "when_ready")
    assert found == [
        Gap(moment("2026-11-28 09:00"), moment("2026-11-28 10:00"), day),
        Gap(moment("2026-11-28 10:00"), moment("2026-11-28 12:00"), (day[0], *day[2:])),
        Gap(moment("2026-11-28 12:00"), moment("2026-11-28 17:00"), day),
        Gap(moment("2026-11-29 09:00"), moment("2026-11-29 12:00"), day),
    ]  # fmt: skip


def test_when_the_next_one_comes_is_known(tmp_path):
    found = rota(tmp_path)
    at = moment("2026-11-28 13:00")
    coming = policy.next_on(found, at)
    assert coming == moment("2026-11-28 17:00")
    assert said(coming, at) == "today at 5 pm"


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("2026-11-28 08:30", "tomorrow at 8:30 am"),
        ("2026-11-30 00:00", "Monday at 12 am"), ("2026-11-30 12:05", "Monday at 12:05 pm"),
        ("2026-12-07 12:00", "Monday 7 December at 12 pm"),
    ],
)
def test_a_moment_is_said_plainly(at, words):
    assert said(moment(at), moment("2026-11-27 23:00")) == words


def test_the_example_can_be_used_and_has_no_gap():
    found = load(ROOT / "data" / "paging" / "rota-example.yml")
    assert policy.gaps(found, moment("2026-12-20 12:00")) == []


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("just words", "people"),
        ("people: {ann: {voice: '999'}}\nteams: {}", "voice"),
        ("people: {ann: {}}\nteams: {}", "ann"),
        (WEEK.replace("[cat]", "[dan]"), "dan"),
        (WEEK.replace('"17:00"', "17:00", 1), "quotes"),
        (WEEK.replace("days: [SA]", "days: [SAT]"), "days"),
        (WEEK.replace("takes: [now]", "takes: [urgent]"), "takes"),
        (WEEK.replace("ben@example.org", "ben"), "email"),
        (WEEK.replace('"off"', "off"), "bank_holidays"),
        (PEOPLE + "teams: {support: {shifts: []}}", "shifts"),
    ],
)
def test_a_bad_rota_is_refused_in_plain_lines(tmp_path, text, named):
    with pytest.raises(RotaError) as found:
        rota(tmp_path, text)
    assert any(named in line for line in found.value.problems)

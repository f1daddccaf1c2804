# SPDX-License-Identifier: Apache-2.0
"""A route is used only when it is whole and certain, and a file that is wrong says all that is."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.policy.route import BY_HAND, Route, certain
from bot.settings import ROOT, SettingsError, load
from bot.store import directory, routes

KNOWN = ("one", "two")
EMAIL = "by: email, to: a@service.example, certainty: high, confirmed: 2026-11-20"


def write(folder: Path, *services: str) -> Path:
    path = folder / "routes.yml"
    path.write_text("services:\n" + "".join(f"  {line}\n" for line in services))
    return path


def test_no_file_is_no_route():
    assert routes.load(None, KNOWN) == {}


def test_the_example_can_be_used_and_no_route_is_shipped(tmp_path):
    known = [s.id for s in directory.load(ROOT / "data" / "directory").services]
    example = ROOT / "data" / "referral" / "routes-example.yml"
    copy = tmp_path / "routes.yml"
    copy.write_text(example.read_text())
    (tmp_path / "next-link.secret").write_text("s" * 32)
    found = routes.load(copy, known)
    assert {name: route.by for name, route in found.items()} == {
        "victim_support": "email", "as_next_link": "webhook", "karma_nirvana": "print",
    }  # fmt: skip
    assert found["as_next_link"].secret == "s" * 32 and "ssss" not in repr(found)
    assert not certain(found["karma_nirvana"])
    assert all(".example" in route.to for route in found.values() if route.to)
    assert [p.name for p in example.parent.glob("routes*")] == ["routes-example.yml"]


@pytest.mark.parametrize(
    ("route", "used"),
    [
        (BY_HAND, False),
        (Route("email", "a@b.example", "medium", date(2026, 11, 20)), False),
        (Route("email", "a@b.example", "high"), False),
        (Route("email", "a@b.example", "high", date(2026, 11, 20)), True),
    ],
)
def test_only_what_a_service_confirmed_is_certain(route, used):
    assert certain(route) is used


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (f"three: {{{EMAIL}}}", "no such service"),
        ("one: post", "is not a route"),
        ("one: {by: pigeon, certainty: low}", "by is one of"),
        ("one: {by: email, to: nobody, certainty: low}", "e-mail address"),
        ("one: {by: webhook, to: 'http://service.example/in', certainty: low}", "https://"),
        ("one: {by: webhook, to: 'https://a.example/in?key=1', certainty: low}", "no ?"),
        ("one: {by: webhook, to: 'https://a.example/in', certainty: low}", "secret_file"),
        ("one: {by: print}", "certainty is one of"),
        ("one: {by: print, certainty: high}", "on which day"),
        ("one: {by: print, certainty: low, voice: '0117 496'}", "voice is written"),
        ("one: {by: print, certainty: low, colour: red}", "colour is not part"),
        (
            "one: {by: webhook, to: 'https://a.example/in', certainty: low, secret_file: none}",
            "cannot be read",
        ),
    ],
)
def test_what_is_wrong_is_said(tmp_path, line, says):
    with pytest.raises(SettingsError) as problem:
        routes.load(write(tmp_path, f"two: {{{EMAIL}}}", line), KNOWN)
    assert [p for p in problem.value.problems if says in p]
    assert all("two:" not in p for p in problem.value.problems)


@pytest.mark.parametrize("text", ["", "- one", "services: []", "services: {}\nmore: {}", "a: [b"])
def test_a_file_of_another_shape_is_refused(tmp_path, text):
    path = tmp_path / "routes.yml"
    path.write_text(text)
    with pytest.raises(SettingsError):
        routes.load(path, KNOWN)


def test_a_setting_that_names_no_file_is_refused(tmp_path):
    with pytest.raises(SettingsError, match="routes-example"):
        load({"FINGERPOST_VAR": str(tmp_path), "FINGERPOST_ROUTES": str(tmp_path / "none.yml")})

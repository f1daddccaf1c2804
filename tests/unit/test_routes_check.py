# SPDX-License-Identifier: Apache-2.0
"""`fingerpost routes check` says each service's route and what it lacks, and its exit code too."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot import routes_check
from bot.settings import load
from bot.wiring_notes import ways

NAMES = {"one": "The Old Mill", "two": "Help at Hand"}
EMAIL = "by: email, to: a@service.example, certainty: high, confirmed: 2026-11-20"
WHOLE = {
    "FINGERPOST_PUBLIC_URL": "https://line.example.org", "FINGERPOST_SMTP_URL": "smtp://localhost",
    "FINGERPOST_MAIL_FROM": "line@line.example.org",
}  # fmt: skip


def checked(tmp_path, capsys, route: str, **env: str) -> tuple[int, str]:
    path = tmp_path / "routes.yml"
    path.write_text(f"services:\n  one: {{{route}}}\n")
    known = {"FINGERPOST_VAR": str(tmp_path), "FINGERPOST_SECRET_KEYS": "k" * 40}
    settings = load(known | env | {"FINGERPOST_ROUTES": str(path)})
    code = routes_check.run(settings, ways(settings, NAMES), NAMES)
    return code, capsys.readouterr().out


@pytest.mark.parametrize(
    ("route", "env", "code", "told"),
    [
        (EMAIL, WHOLE, 0, ["The Old Mill (one): by email to a@service.example"]),
        (EMAIL, {}, 1, ["FINGERPOST_SMTP_URL", "FINGERPOST_PUBLIC_URL"]),
        (EMAIL.replace("high", "medium"), WHOLE, 1, ["has not confirmed it"]),
        ("by: print, certainty: high, confirmed: 2026-11-20", {}, 0, ["printed by a worker"]),
        ("by: pigeon", WHOLE, 1, ["by is one of", "every note is sent by hand"]),
    ],
)
def test_what_is_said_of_a_route(tmp_path, capsys, route, env, code, told):
    found, said = checked(tmp_path, capsys, route, **env)
    assert found == code
    assert all(words in said for words in told)


def test_who_has_no_route_is_named(tmp_path, capsys):
    said = checked(tmp_path, capsys, EMAIL, **WHOLE)[1].splitlines()[-1]
    assert "(1): Help at Hand" in said and "The Old Mill" not in said


def test_without_a_file_it_says_where_to_begin(settings, capsys):
    settings = replace(settings, routes="")
    assert routes_check.run(settings, ways(settings, NAMES), NAMES) == 2
    assert "routes-example.yml" in capsys.readouterr().out

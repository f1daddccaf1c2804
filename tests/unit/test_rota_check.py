# SPDX-License-Identifier: Apache-2.0
"""`fingerpost rota check` says what is wrong and when nobody is on duty, and its exit code too."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot import up
from bot.rota_check import run
from bot.settings import ROOT

NOW = datetime(2026, 11, 27, 10, tzinfo=UTC)
EXAMPLE = (ROOT / "data" / "paging" / "rota-example.yml").read_text()
ALL = ("voice", "sms", "email", "webhook")


@pytest.mark.parametrize(
    ("text", "means", "code", "told"),
    [
        (EXAMPLE, ALL, 0, ["On duty now: Ann, Ben", "No gap"]),
        (EXAMPLE, ("email",), 1, ["Ann cannot be called from here: voice, sms"]),
        (EXAMPLE.replace("[SA, SU]", "[SU]"), ALL, 1,
         ["Nobody on duty: Sat 28 Nov 2026 08:00 to Sun 29 Nov 2026 08:00"]),
        (EXAMPLE.replace("on_call: [ben]", "on_call: [dan]"), ALL, 1, ["dan"]),
    ],
)  # fmt: skip
def test_what_is_said(tmp_path, settings, capsys, text, means, code, told):
    path = tmp_path / "rota.yml"
    path.write_text(text)
    assert run(replace(settings, rota=str(path)), means, NOW) == code
    said = capsys.readouterr().out
    assert all(words in said for words in told)


def test_without_a_rota_it_says_where_to_begin(settings, capsys):
    assert run(settings, ALL, NOW) == 2
    assert "FINGERPOST_ROTA" in capsys.readouterr().out


def test_nothing_starts_with_a_rota_that_cannot_be_used(tmp_path, monkeypatch, capsys):
    path = tmp_path / "rota.yml"
    path.write_text(EXAMPLE.replace("on_call: [ben]", "on_call: [dan]"))
    monkeypatch.setenv("FINGERPOST_VAR", str(tmp_path))
    monkeypatch.setenv("FINGERPOST_ROTA", str(path))
    assert up.main(None, None) == 2
    assert "dan" in capsys.readouterr().out

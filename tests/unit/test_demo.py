# SPDX-License-Identifier: Apache-2.0
"""A demonstration calls nobody, and its invented people say things that the service hears."""

from __future__ import annotations

import socket
from pathlib import Path

import yaml
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer

from bot import demo, settings
from bot.settings import ROOT
from bot.web.app import create_app

PEOPLE = yaml.safe_load(demo.PEOPLE.read_text(encoding="utf-8"))
CHOICES = yaml.load(  # "yes" and "no" are names here, not truths
    (ROOT / "data" / "words" / "choices.yml").read_text(encoding="utf-8"), yaml.BaseLoader
)


def test_nothing_of_the_deployment_reaches_a_demonstration(tmp_path: Path) -> None:
    given = {
        "PATH": "/bin", "FINGERPOST_PORT": "8123", "FINGERPOST_ON_CALL": "+441174960000",
        "FINGERPOST_DATABASE_URL": "postgresql://u:w@host/real", "FINGERPOST_ROTA": "/r.yml",
        "FINGERPOST_SMTP_URL": "smtps://u:w@host", "TWILIO_ACCOUNT_SID": "AC1",
        "TWILIO_AUTH_TOKEN": "t", "TWILIO_NUMBER": "+441174960001",
    }  # fmt: skip
    environ = demo.environment(given, tmp_path)
    found = settings.load(environ)
    assert environ["PATH"] == "/bin" and found.port == 8090
    assert not (found.on_call or found.rota or found.smtp_url or found.twilio_number)
    assert str(tmp_path) in found.database_url and str(tmp_path) in found.keys_url
    assert found.service_name == demo.NAME


async def test_it_is_not_begun_where_a_real_service_may_answer(monkeypatch, capsys) -> None:
    begun = []
    with socket.create_server(("127.0.0.1", 0)) as real:
        port = str(real.getsockname()[1])
        monkeypatch.setattr(demo, "PORTS", {"FINGERPOST_PORT": port})
        monkeypatch.setattr(demo, "_start", lambda *given: begun.append(given))
        assert await demo.run() == 1
    assert not begun and port in capsys.readouterr().out


def test_everybody_says_something_and_picks_what_there_is() -> None:
    for person in PEOPLE:
        assert person["who"] and person["says"]
        for one in person["says"]:
            (kind,) = one
            assert kind == "text" or one["pick"] in CHOICES


async def test_they_are_heard_by_the_real_service(fingerpost) -> None:
    async with TestServer(create_app(fingerpost)) as server, ClientSession() as session:
        for person in PEOPLE:
            await demo.talk(session, str(server.make_url("")).rstrip("/"), person["says"])
    waiting = await fingerpost.handover.queue()
    heard = {danger for row in waiting for danger in row.heard}
    assert heard >= {"immediate_danger", "suicide_risk"}

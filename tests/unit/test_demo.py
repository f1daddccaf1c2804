# SPDX-License-Identifier: Apache-2.0
"""A demonstration calls nobody, and its invented people say things that the service hears."""

from __future__ import annotations

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


def test_nothing_of_the_deployment_reaches_a_demonstration_but_ports(tmp_path: Path) -> None:
    given = {
        "PATH": "/bin", "FINGERPOST_PORT": "8123", "FINGERPOST_ON_CALL": "+441174960000",
        "FINGERPOST_DATABASE_URL": "postgresql://u:w@host/real", "FINGERPOST_ROTA": "/r.yml",
        "FINGERPOST_SMTP_URL": "smtps://u:w@host", "TWILIO_ACCOUNT_SID": "AC1",
        "TWILIO_AUTH_TOKEN": "t", "TWILIO_NUMBER": "+441174960001",
    }  # fmt: skip
    environ = demo.environment(given, tmp_path)
    found = settings.load(environ)
    assert environ["PATH"] == "/bin" and found.port == 8123
    assert not (found.on_call or found.rota or found.smtp_url or found.twilio_number)
    assert str(tmp_path) in found.database_url and str(tmp_path) in found.keys_url
    assert found.service_name == demo.NAME


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

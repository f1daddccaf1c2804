# SPDX-License-Identifier: Apache-2.0
"""Each means of calling staff against a server on this machine: what goes, and what fails how."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from base64 import b64encode
from xml.etree import ElementTree as Xml

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.means import pagers
from bot.pagers.email import EmailPager
from bot.pagers.webhook import WebhookPager
from bot.service.ports import Page, PageFailed
from bot.settings import load
from telephony.pager import SmsPager, VoicePager
from tests.fakes import Cloud

SECRET = "s" * 40
PAGE = Page(
    id="a-page", to="", tier="now", link="https://help.example.org/staff", subject="Somebody waits",
    text="Somebody waits: https://help.example.org/staff", spoken="Somebody waits.",
)  # fmt: skip


def page(to: str) -> Page:
    return Page(**{**PAGE.__dict__, "to": to})


class MailServer:
    """As much of SMTP as a client needs; `refuses` is the command it refuses, and how.

    Its answer to QUIT is none that a client expects, as some servers' is.
    """

    def __init__(self) -> None:
        self.refuses: dict[str, str] = {}
        self.mails: list[str] = []
        self.server: asyncio.Server | None = None

    async def __aenter__(self) -> MailServer:
        self.server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.server.close()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server.sockets[0].getsockname()[1]}"

    async def _talk(self, reader, writer) -> None:
        writer.write(b"220 here\r\n")
        while line := (await reader.readline()).decode().strip():
            command = line.split()[0].upper()
            answer = self.refuses.get(command) or ("354 go on" if command == "DATA" else "250 ok")
            writer.write(f"{answer}\r\n".encode())
            if command == "DATA" and answer.startswith("354"):
                mail = []
                while (text := (await reader.readline()).decode()) != ".\r\n":
                    mail.append(text)
                self.mails.append("".join(mail))
                writer.write(b"250 kept\r\n")
            if command == "QUIT":
                break
        writer.close()


async def test_an_email_goes_with_the_same_id_at_every_try():
    async with MailServer() as server:
        pager = EmailPager(server.url, "line@example.org")
        for _ in range(2):
            await pager.page(page("ann@example.org"))
    first, second = server.mails
    assert "Subject: Somebody waits" in first and "help.example.org/staff" in first
    assert "Message-ID: <a-page@example.org>" in first and "Message-ID: <a-page@" in second


@pytest.mark.parametrize(
    ("refuses", "code", "again"),
    [
        ({"RCPT": "550 nobody"}, "address_refused", False),
        ({"MAIL": "451 later"}, "server_refused", True),
        ({"DATA": "554 no"}, "server_refused", True),
    ],
)
async def test_an_email_that_is_refused(refuses, code, again):
    async with MailServer() as server:
        server.refuses = refuses
        with pytest.raises(PageFailed) as failed:
            await EmailPager(server.url, "line@example.org").page(page("ann@example.org"))
    assert (failed.value.code, failed.value.again) == (code, again)


async def test_no_mail_server_is_no_answer(unused_tcp_port):
    pager = EmailPager(f"smtp://127.0.0.1:{unused_tcp_port}", "line@example.org")
    with pytest.raises(PageFailed, match="no_answer"):
        await pager.page(page("ann@example.org"))


async def test_mail_to_another_machine_is_never_sent_in_the_clear(monkeypatch):
    """A server without STARTTLS gets no page: the address it is reached by is what decides."""
    async with MailServer() as server:
        monkeypatch.setattr("bot.pagers.smtp.OWN", ())
        with pytest.raises(PageFailed):
            await EmailPager(server.url, "line@example.org").page(page("ann@example.org"))
    assert server.mails == []


@pytest.fixture
async def hook():
    """A receiver that keeps what it got and answers with `status`."""
    found = {"status": 204, "got": []}

    async def take(request: web.Request) -> web.Response:
        found["got"].append((dict(request.headers), await request.text()))
        return web.Response(status=found["status"], headers={"Location": "/elsewhere"})

    app = web.Application()
    app.router.add_post("/hook", take)
    async with TestServer(app) as server:
        found["url"] = str(server.make_url("/hook"))
        yield found


async def test_a_webhook_is_signed_over_its_id_its_time_and_its_body(hook):
    await WebhookPager(SECRET, lambda: 1000.5).page(page(hook["url"]))
    ((headers, body),) = hook["got"]
    made = hmac.new(SECRET.encode(), f"a-page.1000.{body}".encode(), hashlib.sha256).digest()
    assert headers["webhook-signature"] == f"v1,{b64encode(made).decode()}"
    assert (headers["webhook-id"], headers["webhook-timestamp"]) == ("a-page", "1000")
    assert json.loads(body) == {
        "id": "a-page", "tier": "now", "queue": "https://help.example.org/staff", "test": False,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("status", "again"), [(500, True), (429, True), (302, True), (404, False), (410, False)]
)
async def test_a_webhook_that_is_refused(hook, status, again):
    hook["status"] = status
    with pytest.raises(PageFailed) as failed:
        await WebhookPager(SECRET).page(page(hook["url"]))
    assert (failed.value.again, len(hook["got"])) == (again, 1)


@pytest.fixture
async def cloud(tmp_path, unused_tcp_port):
    """Twilio's cloud, and the settings of who pages through it."""
    cloud = Cloud("http://127.0.0.1:1", "t" * 32)
    await cloud.serve(unused_tcp_port)
    settings = load(
        {"FINGERPOST_VAR": str(tmp_path), "FINGERPOST_SECRET_KEYS": "k" * 40,
         "TWILIO_ACCOUNT_SID": "AC" + "0" * 32, "TWILIO_AUTH_TOKEN": "t" * 32,
         "TWILIO_NUMBER": "+441172345678", "TWILIO_BASE_URL": f"http://127.0.0.1:{unused_tcp_port}"}
    )  # fmt: skip
    yield cloud, settings
    await cloud.close()


async def test_a_text_message_goes_from_our_own_number(cloud):
    cloud, settings = cloud
    await SmsPager(settings).page(page("+447700900123"))
    assert cloud.texts == [
        {"To": "+447700900123", "From": "+441172345678", "Body": PAGE.text}
    ]


async def test_a_call_says_the_page_and_takes_no_key(cloud):
    cloud, settings = cloud
    await VoicePager(settings).page(page("+447700900123"))
    (rung,) = cloud.rung
    verbs = [verb.tag for verb in Xml.fromstring(rung["Twiml"])]
    assert set(verbs) == {"Say", "Hangup"} and PAGE.spoken in rung["Twiml"]
    assert rung["From"] == "+441172345678"


@pytest.mark.parametrize("pager", [SmsPager, VoicePager])
async def test_a_cloud_that_is_down_is_tried_again(cloud, pager):
    cloud, settings = cloud
    cloud.failing = True
    with pytest.raises(PageFailed) as failed:
        await pager(settings).page(page("+447700900123"))
    assert failed.value.again


def test_only_what_is_set_up_can_call(tmp_path, settings):
    assert set(pagers(settings)) == {"console"}
    environ = {"FINGERPOST_VAR": str(tmp_path), "FINGERPOST_SECRET_KEYS": "k" * 40}
    everything = load(
        environ
        | {"FINGERPOST_SMTP_URL": "smtps://us:er%21@mail.example.org",
           "FINGERPOST_MAIL_FROM": "line@example.org", "FINGERPOST_WEBHOOK_SECRET": SECRET,
           "TWILIO_NUMBER": "+441172345678", "TWILIO_ACCOUNT_SID": "AC1"}
    )  # fmt: skip
    assert set(pagers(everything)) == {"console", "email", "webhook", "sms", "voice"}

# SPDX-License-Identifier: Apache-2.0
"""How a note goes to a service, against servers on this machine: what went, and what may have."""

from __future__ import annotations

import hashlib
import hmac
import json
import ssl
from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.pagers.partner import ByEmail, ByWebhook, post
from bot.service.ports import NotDelivered, Parcel
from tests.unit.test_pagers import MailServer

SECRET = "s" * 40
NUMBER = "07400 123456"


def parcel(to: str) -> Parcel:
    note = {"lines": [{"name": "contact_number", "text": NUMBER}]}
    return Parcel("a-parcel", to, "A note is here", "Open it: https://a.example/note/x",
                  {"type": "referral.note", "note": note}, SECRET)  # fmt: skip


async def failed(work) -> tuple[str, bool, bool]:
    with pytest.raises(NotDelivered) as problem:
        await work
    return problem.value.code, problem.value.again, problem.value.maybe


# -- by e-mail -------------------------------------------------------------------------------


async def test_an_email_holds_the_link_and_nothing_of_the_note():
    async with MailServer() as server:
        for _ in range(2):
            await ByEmail(server.url, "line@example.org").bring(parcel("in@mill.example"))
    first, second = server.mails
    assert "https://a.example/note/x" in first and NUMBER not in first and SECRET not in first
    assert "To: in@mill.example" in first
    assert "Message-ID: <a-parcel@example.org>" in first and "<a-parcel@" in second


@pytest.mark.parametrize(
    ("refuses", "came"),
    [
        ({"RCPT": "550 nobody"}, ("address_refused", False, False)),
        ({"MAIL": "451 later"}, ("server_refused", True, False)),
        ({"DATA": "554 no"}, ("server_refused", True, False)),
    ],
)
async def test_an_email_that_is_refused_did_not_go(refuses, came):
    async with MailServer() as server:
        server.refuses = refuses
        assert await failed(ByEmail(server.url, "a@b.example").bring(parcel("c@d.example"))) == came


class Silent(MailServer):
    """Takes the whole mail and hangs up before it says so."""

    async def _talk(self, reader, writer) -> None:
        writer.write(b"220 here\r\n")
        while line := (await reader.readline()).decode().strip():
            if line.split()[0].upper() != "DATA":
                writer.write(b"250 ok\r\n")
                continue
            writer.write(b"354 go on\r\n")
            while (await reader.readline()) not in (b".\r\n", b""):
                pass
            self.mails.append("whole")
            break
        writer.close()


async def test_an_email_after_which_the_server_goes_silent_may_have_gone():
    async with Silent() as server:
        came = await failed(ByEmail(server.url, "a@b.example").bring(parcel("c@d.example")))
    assert came == ("went_silent", False, True) and server.mails == ["whole"]


async def test_without_a_server_nothing_went(unused_tcp_port):
    by = ByEmail(f"smtp://127.0.0.1:{unused_tcp_port}", "a@b.example")
    assert await failed(by.bring(parcel("c@d.example"))) == ("no_answer", True, False)


async def test_an_email_to_another_machine_never_goes_in_the_clear(monkeypatch):
    async with MailServer() as server:
        monkeypatch.setattr("bot.pagers.smtp.OWN", ())
        came = await failed(ByEmail(server.url, "a@b.example").bring(parcel("c@d.example")))
    assert came[2] is False and server.mails == []


# -- by webhook ------------------------------------------------------------------------------


@pytest.fixture
async def hook():
    """A receiver that keeps what it got and answers with `status`, or hangs up."""
    found = {"status": 204, "got": [], "elsewhere": 0}

    async def take(request: web.Request) -> web.Response:
        found["got"].append((dict(request.headers), await request.text()))
        if found["status"] == 0:
            request.transport.close()
        return web.Response(status=found["status"] or 200, headers={"Location": "/elsewhere"})

    async def elsewhere(request: web.Request) -> web.Response:
        found["elsewhere"] += 1
        return web.Response()

    app = web.Application()
    app.router.add_post("/in", take)
    app.router.add_route("*", "/elsewhere", elsewhere)
    async with TestServer(app) as server:
        found["url"] = str(server.make_url("/in"))
        yield found


async def test_a_note_is_signed_over_its_id_its_time_and_its_body(hook):
    await post(parcel(hook["url"]), lambda: 1000.5)
    ((headers, body),) = hook["got"]
    made = hmac.new(SECRET.encode(), f"a-parcel.1000.{body}".encode(), hashlib.sha256).digest()
    assert headers["webhook-signature"] == f"v1,{b64encode(made).decode()}"
    assert (headers["webhook-id"], headers["webhook-timestamp"]) == ("a-parcel", "1000")
    assert json.loads(body)["note"]["lines"][0]["text"] == NUMBER and SECRET not in body


@pytest.mark.parametrize(
    ("status", "came"),
    [
        (302, ("status_302", False, False)), (307, ("status_307", False, False)),
        (404, ("status_404", False, False)), (401, ("status_401", False, False)),
        (409, ("status_409", True, False)), (429, ("status_429", True, False)),
        (500, ("status_500", True, False)), (0, ("went_silent", False, True)),
    ],
)  # fmt: skip
async def test_what_a_receiver_answers(hook, status, came):
    hook["status"] = status
    assert await failed(post(parcel(hook["url"]), lambda: 1.0)) == came
    assert len(hook["got"]) == 1 and hook["elsewhere"] == 0, "no redirect is followed"


async def test_nothing_goes_to_an_address_without_tls(hook):
    came = await failed(ByWebhook().bring(parcel(hook["url"])))
    assert came == ("not_secure", False, False) and hook["got"] == []


async def test_nothing_goes_to_who_cannot_show_who_they_are(tmp_path):
    got = []

    async def take(request: web.Request) -> web.Response:
        got.append(await request.text())
        return web.Response()

    app = web.Application()
    app.router.add_post("/in", take)
    server = TestServer(app, scheme="https")
    await server.start_server(ssl=_own_certificate(tmp_path))
    try:
        came = await failed(ByWebhook().bring(parcel(str(server.make_url("/in")))))
    finally:
        await server.close()
    assert came == ("no_answer", True, False) and got == []


def _own_certificate(folder) -> ssl.SSLContext:
    """Return a server's side of TLS under a certificate that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1)).sign(key, hashes.SHA256())
    )  # fmt: skip
    file = folder / "own.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context

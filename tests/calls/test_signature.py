# SPDX-License-Identifier: Apache-2.0
"""Only Twilio may post: everything else is refused with 403, whatever it looks like."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from aiohttp import ClientSession
from multidict import MultiDict
from twilio.request_validator import RequestValidator

from telephony.signature import LOCAL_TOKEN
from telephony.tokens import Tokens
from tests.calls.acceptance.strangers import telephone_routes
from tests.calls.conftest import OLD_TOKEN, TOKEN

WRONG = (None, "", "x", "\u00e9\u00e9", "=" * 28, "A" * 27 + "=", "None")
FORM = {"CallSid": "CA1", "From": "anonymous", "CallStatus": "ringing"}


def sign(url: str, form, token: str = TOKEN) -> dict[str, str]:
    return {"X-Twilio-Signature": RequestValidator(token).compute_signature(url, form)}


async def ask(base: str, method: str, path: str, headers: dict[str, str]) -> int:
    """Ask as Twilio would but for the signature: a post with a form, a socket's handshake."""
    upgrade = {"Upgrade": "websocket", "Connection": "Upgrade"} if method == "GET" else {}
    form = FORM | {"MessageSid": "SM1"} if method == "POST" else None
    async with ClientSession() as session:
        asked = session.request(method, base + path, data=form, headers={**headers, **upgrade})
        async with asked as answer:
            await answer.read()
            return answer.status


async def post(base: str, path: str = "/telephony/voice", **how) -> int:
    async with ClientSession() as session, session.post(base + path, **how) as answer:
        await answer.read()
        return answer.status


@pytest.fixture
def base(edge, settings) -> str:
    return f"http://127.0.0.1:{settings.port}"


@pytest.mark.parametrize("token", [TOKEN, OLD_TOKEN])
async def test_each_of_several_tokens_signs(base, token):
    assert await post(base, data=FORM, headers=sign(f"{base}/telephony/voice", FORM, token)) == 200


async def test_repeated_keys_are_signed_as_they_come(base):
    form = MultiDict([*FORM.items(), ("X", "2"), ("X", "1")])
    assert await post(base, data=form, headers=sign(f"{base}/telephony/voice", form)) == 200


class TestStrangers:
    """Every address of the telephone refuses whoever is not Twilio, with all that can be on."""

    @pytest.fixture
    def settings(self, settings):
        return replace(settings, sms_line=True, conversation_relay=True)

    @pytest.fixture
    def addresses(self, edge, settings) -> list[tuple[str, str]]:
        """What the app itself says that it answers, so that no address can be forgotten."""
        return telephone_routes(edge.app, Tokens(settings.secret_keys))

    @pytest.mark.parametrize("signature", WRONG)
    async def test_no_address_answers_a_stranger(self, base, addresses, signature):
        headers = {} if signature is None else {"X-Twilio-Signature": signature}
        answered = [at for at in addresses if await ask(base, *at, headers) != 403]
        assert len(addresses) > 10 and not answered


@pytest.mark.parametrize(
    "change",
    [
        {"url": "https://other.example/telephony/voice"},
        {"form": {**FORM, "From": "+447700900123"}},
        {"form": {**FORM, "Extra": "1"}},
        {"token": "w" * 32},
        {"url": "/telephony/voice"},
    ],
)
async def test_a_signature_of_something_else(base, change):
    how = {"url": f"{base}/telephony/voice", "form": FORM, "token": TOKEN, **change}
    assert await post(base, data=FORM, headers=sign(how["url"], how["form"], how["token"])) == 403


async def test_forwarded_headers_change_nothing(base):
    headers = sign("https://bot.example/telephony/voice", FORM)
    headers |= {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "bot.example"}
    assert await post(base, data=FORM, headers=headers) == 403


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (json.dumps(FORM).encode(), "application/json"),
        (b"", "application/json"),
        (b"\xff\xfe=\xff", "application/x-www-form-urlencoded"),
        (b"CallSid=CA1", "application/x-www-form-urlencoded; charset=nonsense"),
        (b"CallSid=CA1", "multipart/form-data; boundary=x"),
        (b"CallSid=CA1", "text/xml"),
        (b"CallSid=" + b"a" * 70_000, "application/x-www-form-urlencoded"),
        (b"x" * 20_000, "application/x-www-form-urlencoded"),
    ],
)
async def test_what_is_no_form_of_twilio(base, body, kind):
    for path in ("/telephony/voice", "/telephony/voice?bodySHA256=x"):
        headers = sign(base + path, {}) | {"Content-Type": kind}
        assert await post(base, path, data=body, headers=headers) == 403


async def test_an_empty_form_well_signed_names_no_call(base):
    headers = sign(f"{base}/telephony/voice", {})
    headers["Content-Type"] = "application/x-www-form-urlencoded"
    assert await post(base, data=b"", headers=headers) == 403


@pytest.mark.parametrize("word", ["x", "%00", "a" * 3000, "..", "A" * 43])
@pytest.mark.parametrize("kind", ["turn", "wait", "back"])
async def test_a_word_that_is_not_ours_is_a_call_that_goes_on(base, kind, word):
    path = f"/telephony/{kind}/{word}"
    status = await post(base, path, data=FORM, headers=sign(base + path, FORM))
    assert status in (200, 404, 403)


class TestBehindAProxy:
    """The address that Twilio knows comes from the settings, whatever the proxy sends on."""

    PUBLIC = "https://bot.example/line"

    @pytest.fixture
    def settings(self, settings):
        return replace(settings, public_url=self.PUBLIC)

    @pytest.mark.parametrize(
        ("signed", "status"),
        [
            ("https://bot.example/line", 200),
            ("https://bot.example:443/line", 200),
            ("https://bot.example:8443/line", 403),
            ("http://bot.example/line", 403),
            ("https://bot.example", 403),
            ("https://BOT.example.evil/line", 403),
        ],
    )
    async def test_only_the_public_address_counts(self, base, signed, status):
        headers = sign(f"{signed}/telephony/voice", FORM)
        assert await post(base, data=FORM, headers=headers) == status

    async def test_forwarded_headers_change_nothing_here_either(self, base):
        for name in ("Host", "X-Forwarded-Host", "X-Original-Host", "Forwarded"):
            headers = sign("https://evil.example/line/telephony/voice", FORM)
            assert await post(base, data=FORM, headers={**headers, name: "evil.example"}) == 403
        headers = sign(f"{self.PUBLIC}/telephony/voice", FORM) | {"Host": "evil.example"}
        assert await post(base, data=FORM, headers=headers) == 200

    async def test_every_address_we_give_has_the_proxys_path(self, base):
        headers = sign(f"{self.PUBLIC}/telephony/voice", FORM)
        async with ClientSession() as session:
            async with session.post(f"{base}/telephony/voice", data=FORM, headers=headers) as got:
                root = ElementTree.fromstring(await got.text())
        given = [v for verb in root.iter() for k, v in verb.attrib.items() if k == "action"]
        assert given and all(url.startswith("/line/telephony/turn/") for url in given)

    async def test_what_stands_behind_a_question_mark_is_signed_too(self, base):
        headers = sign(f"{self.PUBLIC}/telephony/voice?a=1&b=%20", FORM)
        for query, status in (("?a=1&b=%20", 200), ("?a=1", 403), ("", 403)):
            path = f"/telephony/voice{query}"
            assert await post(base, path, data=FORM, headers=headers) == status


class TestWithAPort(TestBehindAProxy):
    """The same where the public address has a port: Twilio may sign it with or without."""

    PUBLIC = "https://bot.example:8443/line"

    @pytest.mark.parametrize(
        ("signed", "status"),
        [
            ("https://bot.example:8443/line", 200),
            ("https://bot.example/line", 200),
            ("https://bot.example:443/line", 403),
        ],
    )
    async def test_only_the_public_address_counts(self, base, signed, status):
        await super().test_only_the_public_address_counts(base, signed, status)


class TestSignedByAnother:
    """An emulator of Twilio by other hands signed these; see the file."""

    SAID = json.loads((Path(__file__).parent / "signed_by_emulate.json").read_text())

    @pytest.fixture
    def settings(self, settings):
        tokens = (TOKEN, self.SAID["token"])
        public = self.SAID["address"]
        return replace(settings, public_url=public, twilio_auth_tokens=tokens, sms_line=True)

    @pytest.mark.parametrize("said", SAID["posts"], ids=lambda said: said["path"])
    async def test_it_is_taken_and_not_with_one_letter_changed(self, base, said):
        headers = {"X-Twilio-Signature": said["signature"],
                   "Content-Type": "application/x-www-form-urlencoded"}  # fmt: skip
        assert await post(base, said["path"], data=said["body"], headers=headers) in (200, 204)
        other = said["body"].replace("447700900123", "447700900124").replace("117200", "117201")
        assert await post(base, said["path"], data=other, headers=headers) == 403


class TestWithoutToken:
    """Without TWILIO_AUTH_TOKEN nobody may post but this machine's own telephone."""

    @pytest.fixture
    def settings(self, settings):
        return replace(settings, twilio_auth_tokens=())

    async def test_nobody(self, base):
        url = f"{base}/telephony/voice"
        for token in (TOKEN, "", "None"):
            assert await post(base, data=FORM, headers=sign(url, FORM, token)) == 403

    async def test_this_machine_only_by_a_file_that_only_its_owner_reads(self, base, settings):
        url, path = f"{base}/telephony/voice", settings.var / LOCAL_TOKEN
        path.write_text("l" * 32)
        path.chmod(0o644)
        assert await post(base, data=FORM, headers=sign(url, FORM, "l" * 32)) == 403
        path.chmod(0o600)
        assert await post(base, data=FORM, headers=sign(url, FORM, "l" * 32)) == 200


async def test_the_file_counts_for_nothing_where_a_token_is_set(base, settings):
    path = settings.var / LOCAL_TOKEN
    path.write_text("l" * 32)
    path.chmod(0o600)
    headers = sign(f"{base}/telephony/voice", FORM, "l" * 32)
    assert await post(base, data=FORM, headers=headers) == 403

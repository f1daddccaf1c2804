# SPDX-License-Identifier: Apache-2.0
"""Posts of somebody who is not Twilio, each of which is refused with 403 and never an error."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from aiohttp import ClientSession, web
from twilio.request_validator import RequestValidator

from telephony.line import ROOT
from telephony.tokens import BackLeg, Leg, Place, Tokens
from tests.calls.conftest import TOKEN

if TYPE_CHECKING:
    from tests.calls.acceptance.world import World

FORM = {"CallSid": "CA1", "From": "+447700900123", "CallStatus": "ringing"}


def telephone_routes(app: web.Application, tokens: Tokens) -> list[tuple[str, str]]:
    """Return the method and path of each address of the telephone that this app answers.

    The words in them are ours: with a wrong one some would refuse whoever signed.
    """
    routes = [(r.method, r.resource.canonical) for r in app.router.routes() if r.resource]
    known = [(method, path) for method, path in routes if path.startswith(f"{ROOT}/")]
    return sorted((m, p.replace("{word}", _word(p, tokens))) for m, p in known if m != "HEAD")


def _word(path: str, tokens: Tokens) -> str:
    kind = path.split("/")[2]
    leg = Leg("a call", "a story", "a contact", "a room", 0)
    if kind in ("worker", "leg"):
        return tokens.seal("worker", "", leg)
    if kind == "interpreter":
        return tokens.seal(kind, "", leg)
    if kind.startswith("callback"):
        return tokens.seal("callback", "", BackLeg("a record", "a call", "a worker"))
    return tokens.seal(kind, tokens.call_hash(FORM["CallSid"]), Place())


def _signed(url: str, token: str = TOKEN) -> dict[str, str]:
    return {"X-Twilio-Signature": RequestValidator(token).compute_signature(url, FORM)}


def _how(url: str) -> dict[str, dict[str, Any]]:
    said = json.dumps(FORM)
    words = {"Content-Type": "application/json"}
    elsewhere = url.replace("127.0.0.1", "bot.example")
    return {
        "without a signature": {"data": FORM},
        "with an empty signature": {"data": FORM, "headers": {"X-Twilio-Signature": ""}},
        "with another's signature": {"data": FORM, "headers": _signed(url, "w" * 32)},
        "with a signature for another address": {"data": FORM, "headers": _signed(elsewhere)},
        "with a forwarded host": {
            "data": FORM, "headers": {**_signed(elsewhere), "X-Forwarded-Host": "bot.example"},
        },
        "with one word more than was signed": {
            "data": {**FORM, "Digits": "9"}, "headers": _signed(url),
        },
        "with JSON": {"data": said, "headers": {**_signed(url), **words}},
        "with nothing": {"data": "", "headers": _signed(url)},
    }  # fmt: skip


async def refused(world: World, how: str) -> bool:
    """Say whether each of our addresses refuses such a post."""
    assert world.server is not None
    base = f"http://127.0.0.1:{world.found.settings.port}"
    async with ClientSession() as session:
        tokens = Tokens(world.found.settings.secret_keys)
        for method, path in telephone_routes(world.server.app, tokens):
            url = base + path
            async with session.request(method, url, **_how(url)[how]) as answer:
                if answer.status != 403:
                    return False
    return True

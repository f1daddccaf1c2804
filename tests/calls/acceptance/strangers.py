# SPDX-License-Identifier: Apache-2.0
"""Posts of somebody who is not Twilio, each of which is refused with 403 and never an error."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from aiohttp import ClientSession
from twilio.request_validator import RequestValidator

from tests.calls.conftest import TOKEN

if TYPE_CHECKING:
    from tests.calls.acceptance.world import World

FORM = {"CallSid": "CA1", "From": "+447700900123", "CallStatus": "ringing"}
PATHS = ("voice", "status", "turn/x", "wait/x", "back/x", "worker/x", "leg/x", "callback/x")


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
    base = f"http://127.0.0.1:{world.found.settings.port}/telephony"
    async with ClientSession() as session:
        for path in PATHS:
            url = f"{base}/{path}"
            async with session.post(url, **_how(url)[how]) as answer:
                if answer.status != 403:
                    return False
    return True

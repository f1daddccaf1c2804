# SPDX-License-Identifier: Apache-2.0
"""Somebody's telephone that sends a text to the service, signed as Twilio signs it."""

from __future__ import annotations

import secrets
from xml.etree import ElementTree

from aiohttp import ClientSession
from twilio.request_validator import RequestValidator

from tests.calls.conftest import TOKEN

LINE = "+441172345678"


async def send(edge: str, sender: str, text: str, sid: str = "", **more: str) -> tuple[int, str]:
    """Send a text to the edge at this address; return the status and the document that answers."""
    form = {
        "MessageSid": sid or f"SM{secrets.token_hex(16)}", "From": sender, "To": LINE,
        "Body": text, "NumMedia": "0", **more,
    }  # fmt: skip
    url = f"{edge}/telephony/sms"
    signed = {"X-Twilio-Signature": RequestValidator(TOKEN).compute_signature(url, form)}
    async with ClientSession() as http, http.post(url, data=form, headers=signed) as answer:
        return answer.status, await answer.text()


def texted(document: str) -> list[str]:
    """Return what is texted back by such a document."""
    found = ElementTree.fromstring(document).iter("Message")  # noqa: S314 - our own
    return [message.text or "" for message in found]

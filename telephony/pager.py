# SPDX-License-Identifier: Apache-2.0
"""Calls staff by text message and by a short call that says where to look, and nothing else."""

from __future__ import annotations

from twilio.base.exceptions import TwilioRestException

from bot.service.ports import Page, PageFailed
from bot.settings import Settings
from telephony.dialler import TROUBLE, client
from telephony.twiml import RING_FOR, Twiml

BUSY = 429


class SmsPager:
    """Sends a page as a text message."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    async def page(self, page: Page) -> None:
        """Send one page."""
        try:
            await client(self.settings).messages.create_async(
                to=page.to, from_=self.settings.twilio_number, body=page.text
            )
        except TROUBLE as trouble:
            raise _failed(trouble) from None


class VoicePager:
    """Rings, says the page twice, and hangs up. It takes no keys: the console does."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    async def page(self, page: Page) -> None:
        """Ring once; that it rings is all that is known of it."""
        twiml = Twiml(self.settings.voice).end([page.spoken, page.spoken])
        try:
            await client(self.settings).calls.create_async(
                to=page.to, from_=self.settings.twilio_number, twiml=twiml, timeout=RING_FOR,
            )  # fmt: skip
        except TROUBLE as trouble:
            raise _failed(trouble) from None


def _failed(trouble: BaseException) -> PageFailed:
    """Say what Twilio would not do; a number it refuses is not tried again."""
    if not isinstance(trouble, TwilioRestException):
        return PageFailed("no_answer")
    refused = 400 <= trouble.status < 500 and trouble.status != BUSY
    return PageFailed(f"status_{trouble.status}", again=not refused)

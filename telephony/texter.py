# SPDX-License-Identifier: Apache-2.0
"""Sends a text message to a person who allowed it, from the service's own number."""

from __future__ import annotations

from twilio.base.exceptions import TwilioRestException

from bot.policy.safe_contact import Permit
from bot.service.sending import SendFailed
from bot.settings import Settings
from telephony.dialler import TROUBLE, client


class Texter:
    """The text messages of the Twilio account in the settings."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    async def deliver_to_person(self, permit: Permit, subject: str, text: str) -> None:
        """Send one text; a text message has no subject."""
        try:
            await client(self.settings).messages.create_async(
                to=permit.address, from_=self.settings.twilio_number, body=text
            )
        except TROUBLE as trouble:
            refused = isinstance(trouble, TwilioRestException)
            code = f"status_{trouble.status}" if refused else "no_answer"
            raise SendFailed(code) from None

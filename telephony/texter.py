# SPDX-License-Identifier: Apache-2.0
"""Sends a text message to a person who allowed it, from the service's own number."""

from __future__ import annotations

from aiohttp import ClientConnectorError
from twilio.base.exceptions import TwilioException, TwilioRestException

from bot.policy.safe_contact import Permit
from bot.service.ports import NotDelivered
from bot.settings import Settings
from telephony.dialler import TROUBLE, client

SERVERS_OWN = 500
"""From this status on it is trouble of Twilio's own, which may come after it took the text."""


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
            raise _failed(trouble) from None


def _failed(trouble: BaseException) -> NotDelivered:
    """Say why a text did not go; `maybe` where Twilio had it and gave no clear answer."""
    if isinstance(trouble, TwilioRestException):
        return NotDelivered(f"status_{trouble.status}", maybe=trouble.status >= SERVERS_OWN)
    certain = isinstance(trouble, ClientConnectorError | TwilioException)
    return NotDelivered("no_answer" if certain else "went_silent", maybe=not certain)

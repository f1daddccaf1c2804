# SPDX-License-Identifier: Apache-2.0
"""Sends an e-mail to a person who allowed it, by the same server as pages to staff."""

from __future__ import annotations

import uuid
from urllib.parse import urlsplit

from bot.pagers.smtp import hand_over, letter
from bot.policy.safe_contact import Permit


class PersonMail:
    """Mail from FINGERPOST_MAIL_FROM through FINGERPOST_SMTP_URL."""

    def __init__(self, smtp_url: str, sender: str) -> None:
        self.server, self.sender = urlsplit(smtp_url), sender

    async def deliver_to_person(self, permit: Permit, subject: str, text: str) -> None:
        """Send one e-mail."""
        message = letter(self.sender, permit.address, subject, text, str(uuid.uuid4()))
        await hand_over(self.server, message)

# SPDX-License-Identifier: Apache-2.0
"""Sends an e-mail to a person who allowed it, by the same server as pages to staff."""

from __future__ import annotations

import uuid
from email.message import EmailMessage
from email.utils import formatdate
from urllib.parse import urlsplit

from bot.pagers.smtp import hand_over
from bot.policy.safe_contact import Permit
from bot.service.ports import PageFailed
from bot.service.sending import SendFailed


class PersonMail:
    """Mail from FINGERPOST_MAIL_FROM through FINGERPOST_SMTP_URL."""

    def __init__(self, smtp_url: str, sender: str) -> None:
        self.server, self.sender = urlsplit(smtp_url), sender

    async def deliver_to_person(self, permit: Permit, subject: str, text: str) -> None:
        """Send one e-mail."""
        message = EmailMessage()
        message["From"], message["To"] = self.sender, permit.address
        message["Subject"], message["Date"] = subject, formatdate()
        message["Message-ID"] = f"<{uuid.uuid4()}@{self.sender.rpartition('@')[2]}>"
        message.set_content(text)
        try:
            await hand_over(self.server, message)
        except PageFailed as failed:
            raise SendFailed(failed.code) from None

# SPDX-License-Identifier: Apache-2.0
"""Calls staff by e-mail."""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import formatdate
from urllib.parse import urlsplit

from bot.pagers.smtp import hand_over
from bot.service.ports import Page


class EmailPager:
    """Sends a page through the server in FINGERPOST_SMTP_URL."""

    def __init__(self, smtp_url: str, sender: str) -> None:
        self.server, self.sender = urlsplit(smtp_url), sender

    async def page(self, page: Page) -> None:
        """Send one page; its Message-ID is the same at every try."""
        message = EmailMessage()
        message["From"], message["To"] = self.sender, page.to
        message["Subject"], message["Date"] = page.subject, formatdate()
        message["Message-ID"] = f"<{page.id}@{self.sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(page.text)
        await hand_over(self.server, message)

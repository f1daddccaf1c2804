# SPDX-License-Identifier: Apache-2.0
"""Calls staff by e-mail."""

from __future__ import annotations

from urllib.parse import urlsplit

from bot.pagers.smtp import hand_over, letter
from bot.service.ports import Page


class EmailPager:
    """Sends a page through the server in FINGERPOST_SMTP_URL."""

    def __init__(self, smtp_url: str, sender: str) -> None:
        self.server, self.sender = urlsplit(smtp_url), sender

    async def page(self, page: Page) -> None:
        """Send one page; its Message-ID is the same at every try."""
        message = letter(self.sender, page.to, page.subject, page.text, page.id)
        await hand_over(self.server, message)

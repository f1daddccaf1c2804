# SPDX-License-Identifier: Apache-2.0
"""Calls staff by e-mail."""

from __future__ import annotations

from urllib.parse import urlsplit

from bot.pagers.smtp import hand_over, letter
from bot.service.ports import NotDelivered, Page, PageFailed


class EmailPager:
    """Sends a page through the server in FINGERPOST_SMTP_URL."""

    def __init__(self, smtp_url: str, sender: str) -> None:
        self.server, self.sender = urlsplit(smtp_url), sender

    async def page(self, page: Page) -> None:
        """Send one page; its Message-ID is the same at every try. A page twice harms nobody."""
        message = letter(self.sender, page.to, page.subject, page.text, page.id)
        try:
            await hand_over(self.server, message)
        except NotDelivered as failed:
            raise PageFailed(failed.code, again=failed.again or failed.maybe) from None

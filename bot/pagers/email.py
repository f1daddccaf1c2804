# SPDX-License-Identifier: Apache-2.0
"""Calls staff by e-mail, over SMTP that is encrypted unless the server is this machine."""

from __future__ import annotations

import asyncio
import smtplib
from urllib.parse import urlsplit

from bot.pagers.smtp import letter, send
from bot.service.ports import Page, PageFailed


class EmailPager:
    """Sends a page through the server in FINGERPOST_SMTP_URL."""

    def __init__(self, smtp_url: str, sender: str) -> None:
        self.server, self.sender = urlsplit(smtp_url), sender

    async def page(self, page: Page) -> None:
        """Send one page; its Message-ID is the same at every try."""
        message = letter(self.sender, page.to, page.subject, page.text, page.id)
        try:
            await asyncio.to_thread(send, self.server, message)
        except smtplib.SMTPRecipientsRefused:
            raise PageFailed("address_refused", again=False) from None
        except smtplib.SMTPAuthenticationError:
            raise PageFailed("login_refused", again=False) from None
        except smtplib.SMTPException:
            raise PageFailed("server_refused") from None
        except (OSError, ValueError):
            raise PageFailed("no_answer") from None

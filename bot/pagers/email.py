# SPDX-License-Identifier: Apache-2.0
"""Calls staff by e-mail, over SMTP that is encrypted unless the server is this machine."""

from __future__ import annotations

import asyncio
import contextlib
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate
from urllib.parse import SplitResult, unquote, urlsplit

from bot.service.ports import Page, PageFailed

WITHIN = 6.0
OWN = ("127.0.0.1", "localhost", "::1")


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
        try:
            await asyncio.to_thread(_send, self.server, message)
        except smtplib.SMTPRecipientsRefused:
            raise PageFailed("address_refused", again=False) from None
        except smtplib.SMTPAuthenticationError:
            raise PageFailed("login_refused", again=False) from None
        except smtplib.SMTPException:
            raise PageFailed("server_refused") from None
        except (OSError, ValueError):
            raise PageFailed("no_answer") from None


def _send(server: SplitResult, message: EmailMessage) -> None:
    secure = ssl.create_default_context()
    host = server.hostname or ""
    if server.scheme == "smtps":
        client = smtplib.SMTP_SSL(host, server.port or 465, timeout=WITHIN, context=secure)
    else:
        client = smtplib.SMTP(host, server.port or 587, timeout=WITHIN)
    try:
        if server.scheme == "smtp" and host not in OWN:
            client.starttls(context=secure)  # an error, and no page, where there is none
        if server.username:
            client.login(unquote(server.username), unquote(server.password or ""))
        client.send_message(message)
        # It went: whatever the server makes of our leaving, it is not sent a second time.
        with contextlib.suppress(smtplib.SMTPException, OSError):
            client.quit()
    finally:
        client.close()

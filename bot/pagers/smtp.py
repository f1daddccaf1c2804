# SPDX-License-Identifier: Apache-2.0
"""Hands one e-mail to a server, encrypted unless the server is this machine."""

from __future__ import annotations

import asyncio
import contextlib
import smtplib
import ssl
from email.message import EmailMessage
from urllib.parse import SplitResult, unquote

from bot.service.ports import PageFailed

WITHIN = 6.0
OWN = ("127.0.0.1", "localhost", "::1")


async def hand_over(server: SplitResult, message: EmailMessage) -> None:
    """Send one message, or raise PageFailed with what went wrong."""
    try:
        await asyncio.to_thread(_send, server, message)
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

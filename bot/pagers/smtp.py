# SPDX-License-Identifier: Apache-2.0
"""Hands one e-mail to a server, over a line that is encrypted unless the server is this machine."""

from __future__ import annotations

import asyncio
import contextlib
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate
from urllib.parse import SplitResult, unquote

from bot.service.ports import NotDelivered

WITHIN = 6.0
OWN = ("127.0.0.1", "localhost", "::1")


class MaybeSent(OSError):
    """The server went silent once it had the message: it may have been sent."""


def letter(sender: str, to: str, subject: str, text: str, name: str) -> EmailMessage:
    """Return a message of plain text; its Message-ID is made of `name`, the same at every try."""
    message = EmailMessage()
    message["From"], message["To"] = sender, to
    message["Subject"], message["Date"] = subject, formatdate()
    message["Message-ID"] = f"<{name}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    return message


def send(server: SplitResult, message: EmailMessage) -> None:
    """Send it, or raise what smtplib raises; MaybeSent where nobody knows whether it went."""
    secure = ssl.create_default_context()
    host = server.hostname or ""
    if server.scheme == "smtps":
        client = smtplib.SMTP_SSL(host, server.port or 465, timeout=WITHIN, context=secure)
    else:
        client = smtplib.SMTP(host, server.port or 587, timeout=WITHIN)
    try:
        if server.scheme == "smtp" and host not in OWN:
            client.starttls(context=secure)  # an error, and nothing sent, where there is none
        if server.username:
            client.login(unquote(server.username), unquote(server.password or ""))
        try:
            client.send_message(message)
        except (smtplib.SMTPServerDisconnected, ConnectionError, TimeoutError) as problem:
            raise MaybeSent(str(type(problem).__name__)) from None
        # It went: whatever the server makes of our leaving, it is not sent a second time.
        with contextlib.suppress(smtplib.SMTPException, OSError):
            client.quit()
    finally:
        client.close()


async def hand_over(server: SplitResult, message: EmailMessage) -> None:
    """Send one message, or raise NotDelivered with what went wrong."""
    try:
        await asyncio.to_thread(send, server, message)
    except MaybeSent:
        raise NotDelivered("went_silent", maybe=True) from None
    except smtplib.SMTPRecipientsRefused:
        raise NotDelivered("address_refused", again=False) from None
    except smtplib.SMTPAuthenticationError:
        raise NotDelivered("login_refused", again=False) from None
    except smtplib.SMTPException:
        raise NotDelivered("server_refused") from None
    except (OSError, ValueError):
        raise NotDelivered("no_answer") from None

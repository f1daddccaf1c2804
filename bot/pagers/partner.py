# SPDX-License-Identifier: Apache-2.0
"""Brings a note to a service: a link by e-mail, or the note itself to a signed webhook.

Only what did not go for certain is tried again: nobody gets the same note twice from us.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from aiohttp import ClientConnectorError, ClientError, ClientSession, InvalidURL

from bot.pagers.smtp import hand_over, letter
from bot.pagers.webhook import FINAL, WITHIN, signature
from bot.service.ports import NotDelivered, Parcel


class ByEmail:
    """Sends the link. The e-mail itself says nothing of anybody: it lies in mailboxes for years."""

    def __init__(self, smtp_url: str, sender: str) -> None:
        self.server, self.sender = urlsplit(smtp_url), sender

    async def bring(self, parcel: Parcel) -> None:
        """Send one e-mail; its Message-ID is the same at every try."""
        message = letter(self.sender, parcel.to, parcel.subject, parcel.text, parcel.id)
        await hand_over(self.server, message)


class ByWebhook:
    """Posts the note over TLS, to the very address of the route: a redirect is not followed."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock

    async def bring(self, parcel: Parcel) -> None:
        """Post one note, signed as the Standard Webhooks specification says (1.0)."""
        if urlsplit(parcel.to).scheme != "https":
            raise NotDelivered("not_secure", again=False)
        await post(parcel, self.clock)


async def post(parcel: Parcel, clock: Callable[[], float]) -> None:
    """Post it and read the status; what was posted and got no answer may have arrived."""
    body, at = json.dumps(dict(parcel.fields), ensure_ascii=False), str(int(clock()))
    headers = {
        "Content-Type": "application/json",
        "webhook-id": parcel.id,
        "webhook-timestamp": at,
        "webhook-signature": signature(parcel.secret.encode(), parcel.id, at, body),
    }
    try:
        async with ClientSession(timeout=WITHIN) as session:
            async with session.post(
                parcel.to, data=body.encode(), headers=headers, allow_redirects=False
            ) as answer:
                status = answer.status
    except (ClientConnectorError, InvalidURL):  # also a certificate that is not theirs
        raise NotDelivered("no_answer") from None
    except (ClientError, TimeoutError, OSError, ValueError):
        raise NotDelivered("went_silent", maybe=True) from None
    if status >= 500 or status == 429:
        raise NotDelivered(f"status_{status}")
    if status >= 300:
        raise NotDelivered(f"status_{status}", again=status not in FINAL and status >= 400)

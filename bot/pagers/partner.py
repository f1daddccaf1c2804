# SPDX-License-Identifier: Apache-2.0
"""Brings a note to a service: a link by e-mail, or the note itself to a signed webhook.

An e-mail goes again only where it did not go for certain. A webhook may get a note more than once,
for one that answered with an error may have kept it: it comes under the same `webhook-id`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import urlsplit

from aiohttp import ClientConnectorError, ClientError, InvalidURL

from bot.pagers.smtp import hand_over, letter
from bot.pagers.webhook import FINAL, post_signed
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
    secret = parcel.secret.encode()
    try:
        status = await post_signed(parcel.to, parcel.id, parcel.fields, secret, clock())
    except (ClientConnectorError, InvalidURL):  # also a certificate that is not theirs
        raise NotDelivered("no_answer") from None
    except (ClientError, TimeoutError, OSError, ValueError):
        raise NotDelivered("went_silent", maybe=True) from None
    if status >= 500 or status == 429:
        raise NotDelivered(f"status_{status}")
    if status >= 300:
        raise NotDelivered(f"status_{status}", again=status not in FINAL and status >= 400)

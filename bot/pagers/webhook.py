# SPDX-License-Identifier: Apache-2.0
"""Calls staff through a webhook, signed as the Standard Webhooks specification says (1.0)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.service.ports import Page, PageFailed

WITHIN = ClientTimeout(total=5)
# What asking again does not change.
FINAL = (400, 401, 403, 404, 405, 410, 413, 422)


class WebhookPager:
    """Posts a page as JSON: its id, how soon, and where the queue is."""

    def __init__(self, secret: str, clock: Callable[[], float] = time.time) -> None:
        self.secret, self.clock = secret.encode(), clock

    async def page(self, page: Page) -> None:
        """Send one page; `webhook-id` is the same at every try."""
        fields = {"id": page.id, "tier": page.tier, "queue": page.link, "test": page.test}
        body, at = json.dumps(fields), str(int(self.clock()))
        headers = {
            "Content-Type": "application/json",
            "webhook-id": page.id,
            "webhook-timestamp": at,
            "webhook-signature": signature(self.secret, page.id, at, body),
        }
        try:
            async with ClientSession(timeout=WITHIN) as session:
                async with session.post(
                    page.to, data=body, headers=headers, allow_redirects=False
                ) as answer:
                    status = answer.status
        except (ClientError, TimeoutError, OSError, ValueError):
            raise PageFailed("no_answer") from None
        if status >= 300:
            raise PageFailed(f"status_{status}", again=status not in FINAL)


def signature(secret: bytes, page_id: str, at: str, body: str) -> str:
    """Return what a receiver compares: HMAC-SHA256 over id, time and body."""
    made = hmac.new(secret, f"{page_id}.{at}.{body}".encode(), hashlib.sha256).digest()
    return f"v1,{base64.b64encode(made).decode()}"

# SPDX-License-Identifier: Apache-2.0
"""Calls staff through a webhook, signed as the Standard Webhooks specification says (1.0)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from typing import Any

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
        try:
            status = await post_signed(page.to, page.id, fields, self.secret, self.clock())
        except (ClientError, TimeoutError, OSError, ValueError):
            raise PageFailed("no_answer") from None
        if status >= 300:
            raise PageFailed(f"status_{status}", again=status not in FINAL)


async def post_signed(
    to: str, name: str, fields: Mapping[str, Any], secret: bytes, now: float
) -> int:
    """Post fields as JSON and return the status; raises what aiohttp raises where none came.

    `name` is the `webhook-id`, by which a receiver knows what it had before. It goes to the very
    address: a redirect is not followed.
    """
    body, at = json.dumps(dict(fields), ensure_ascii=False), str(int(now))
    headers = {
        "Content-Type": "application/json",
        "webhook-id": name,
        "webhook-timestamp": at,
        "webhook-signature": signature(secret, name, at, body),
    }
    async with ClientSession(timeout=WITHIN) as session:
        async with session.post(
            to, data=body.encode(), headers=headers, allow_redirects=False
        ) as answer:
            return answer.status


def signature(secret: bytes, page_id: str, at: str, body: str) -> str:
    """Return what a receiver compares: HMAC-SHA256 over id, time and body."""
    made = hmac.new(secret, f"{page_id}.{at}.{body}".encode(), hashlib.sha256).digest()
    return f"v1,{base64.b64encode(made).decode()}"

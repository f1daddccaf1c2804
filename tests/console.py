# SPDX-License-Identifier: Apache-2.0
"""A member of staff at their browser, and a person to take, for the tests of the console."""

from __future__ import annotations

from dataclasses import dataclass, field

from aiohttp.test_utils import TestClient

from bot.policy.turn import Said
from bot.store import staff

PASSWORD = "purple otter kettle"
DANGER = "he is outside my door with a knife"


@dataclass
class Staff:
    """One signed-in member of staff at their browser."""

    client: TestClient
    id: str
    token: str
    csrf: str
    headers: dict[str, str] = field(default_factory=dict)

    async def get(self, path: str, **options):
        return await self._send("GET", path, **options)

    async def post(self, path: str, csrf: str | None = None, **form):
        body = form | {"csrf": self.csrf if csrf is None else csrf}
        return await self._send("POST", path, data=body)

    async def _send(self, method: str, path: str, headers=None, **options):
        sent = {"Cookie": f"staff={self.token}", "Accept": "text/html"} | self.headers
        return await self.client.request(
            method, path, headers=sent | (headers or {}), allow_redirects=False, **options
        )

    async def ask(self, method: str, path: str, **form):
        """Send as the page's own script does, and return status and JSON."""
        options = {"data": form | {"csrf": self.csrf}} if method == "POST" else {}
        headers = {"Accept": "application/json"}
        answer = await self._send(method, path, headers=headers, **options)
        found = await answer.json() if "json" in answer.content_type else {}
        answer.close()
        return answer.status, found


async def person(fingerpost, *texts: str):
    """Open a chat, write these, and return the contact with its place in the queue."""
    opened = await fingerpost.conversations.open("chat")
    for text in texts:
        await fingerpost.conversations.hear(opened.contact, Said(text=text))
    waits = [
        w.id
        for w in await fingerpost.handover.queue()
        if w.conversation_id == opened.contact.conversation_id
    ]
    return opened.contact, waits[0] if waits else ""


async def seen(fingerpost, subject: str) -> list[tuple[str, str]]:
    async with fingerpost.store.read() as tx:
        return [(row.staff_id, row.what) for row in await staff.audit_of(tx, subject)]

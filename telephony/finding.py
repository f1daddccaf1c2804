# SPDX-License-Identifier: Apache-2.0
"""Whose call it is, looked up by what is kept of the call's id."""

from __future__ import annotations

from bot.store.conversations import Contact
from telephony.line import Line


class Finding:
    """Whose call a post belongs to, looked up until it is known."""

    def __init__(self, line: Line, call_hash: str) -> None:
        self.line, self.call_hash = line, call_hash
        self.found: Contact | None = None

    async def contact(self) -> Contact | None:
        """Return the contact of the call, None while there is none."""
        if self.found is None:
            self.found = await self.line.conversations.find_call(self.call_hash)
        return self.found

    async def story(self) -> str | None:
        """Return the id of the call's story, looked up anew: a code moves a call to another."""
        contact = self.found = await self.line.conversations.find_call(self.call_hash)
        return contact.conversation_id if contact else None

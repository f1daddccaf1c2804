# SPDX-License-Identifier: Apache-2.0
"""The code that a caller is given to go on with their story after this call."""

from __future__ import annotations

from bot.service.conversation import Conversations
from bot.service.ports import Clock, ConversationError
from bot.store import calls
from bot.store.database import Database
from bot.store.keys import KeyGone, KeyStore
from telephony.call import Call

NAME = "code"


class Codes:
    """The code of a call, the same however often it is said."""

    def __init__(
        self, conversations: Conversations, store: Database, keys: KeyStore, clock: Clock
    ) -> None:
        self.conversations, self.store, self.keys = conversations, store, keys
        self.clock = clock

    async def of(self, call: Call) -> str | None:
        """Return a code to go on with this story, made at the first asking; None when it ended."""
        try:
            box = await self.keys.box(call.contact.conversation_id)
            async with self.store.read() as tx:
                sealed = await calls.held(tx, call.hash, NAME)
            if sealed is not None:
                return str(box.open(sealed))
            code = await self.conversations.resume_code(call.contact)
        except (ConversationError, KeyGone):
            return None
        async with self.store.write() as tx:
            await calls.hold(tx, call.hash, NAME, box.seal(code), self.clock())
        return code

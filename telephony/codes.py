# SPDX-License-Identifier: Apache-2.0
"""The code that a caller is given to go on with their story after this call."""

from __future__ import annotations

from bot.service.conversation import Conversations
from bot.service.ports import Clock, ConversationError
from bot.store.database import Database
from bot.store.keys import KeyStore
from telephony.call import Call
from telephony.held import Held

NAME = "code"


class Codes:
    """The code of a call, the same however often it is said."""

    def __init__(
        self, conversations: Conversations, store: Database, keys: KeyStore, clock: Clock
    ) -> None:
        self.conversations = conversations
        self._held = Held(store, keys, clock, NAME, str, str)

    async def of(self, call: Call) -> str | None:
        """Return a code to go on with this story, made at the first asking; None when it ended."""
        story = call.contact.conversation_id
        try:
            known = await self._held.of(call.hash, story)
            code = known or await self.conversations.resume_code(call.contact)
        except ConversationError:
            return None
        return (await self._held.change(call.hash, story, lambda was: was or code))[1]

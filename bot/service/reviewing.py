# SPDX-License-Identifier: Apache-2.0
"""Calls a safeguarding lead to a closed story that a flag nobody judged still holds.

Once when it begins, and once more before the words go unread (design, section 6). Leads are known
on the rota by the name of their account; where none of them is on duty, whoever is on duty is told.
"""

from __future__ import annotations

import uuid

from bot.policy.roles import May, may
from bot.policy.turn import State
from bot.service.paging import Paging
from bot.store import conversations, handovers, records, staff
from bot.store.database import Database, Tx

BEGINS, LAPSES = "review_waits", "review_lapses"
TIER = "now"


async def plan(tx: Tx, conversation_id: str, now: float, again_at: float) -> None:
    """Plan both pages; the second is left out where its time is past already."""
    await records.plan(tx, str(uuid.uuid4()), BEGINS, conversation_id, now)
    if again_at > now:
        await records.plan(tx, str(uuid.uuid4()), LAPSES, conversation_id, again_at)


class Reviewing:
    """Sends the pages, with no word of whom they are about."""

    def __init__(self, store: Database, paging: Paging) -> None:
        self.store, self.paging = store, paging
        self.kinds = {BEGINS: self.begins, LAPSES: self.lapses}

    async def begins(self, conversation_id: str) -> None:
        """Say that a closed story waits for a verdict."""
        await self._page(conversation_id, "page_review")

    async def lapses(self, conversation_id: str) -> None:
        """Say that the words will soon be gone."""
        await self._page(conversation_id, "page_review_lapses")

    async def _page(self, conversation_id: str, name: str) -> None:
        async with self.store.read() as tx:
            row = await conversations.conversation(tx, conversation_id)
            waits = await handovers.newest_unreviewed(tx, conversation_id)
            leads = [r.name for r in await staff.everybody(tx) if may(r.role, May.REVIEW)]
        if row is not None and row.state == State.ENDED and waits is not None:
            await self.paging.remind(f"{conversation_id}-{name}", TIER, name, leads)

# SPDX-License-Identifier: Apache-2.0
"""Staff are reminded of a call that was agreed to: before its safe time begins, and as it does.

Never the person: nothing reaches them until a worker rings.
"""

from __future__ import annotations

from bot.policy import callback as policy
from bot.service.callback import tell_staff
from bot.service.paging import Paging
from bot.service.ports import Clock
from bot.store import callbacks
from bot.store.database import Database

TIER = "soon"


class Reminding:
    """Pages whoever is on duty, with no word of whom the call is for."""

    def __init__(self, store: Database, paging: Paging, clock: Clock) -> None:
        self.store, self.paging, self.clock = store, paging, clock

    async def comes_soon(self, callback_id: str) -> None:
        """Remind staff that a call may be made in a while, so that somebody is free for it.

        Late, after a pause of the service, it says nothing: the time itself reminds them.
        """
        await self._remind(callback_id, "page_callback_soon", before=True)

    async def comes_due(self, callback_id: str) -> None:
        """Remind staff that a call may be made now."""
        await self._remind(callback_id, "page_callback")

    async def _remind(self, callback_id: str, name: str, *, before: bool = False) -> None:
        async with self.store.write() as tx:
            row = await callbacks.callback(tx, callback_id)
            if row is None or row.state != policy.BOOKED:
                return
            if before and row.due_at <= self.clock():
                return
            await tell_staff(tx, self.clock())
        await self.paging.remind(f"{callback_id}-{row.due_at:.0f}-{name}", TIER, name)

# SPDX-License-Identifier: Apache-2.0
"""Work that comes due: pages, the words when nobody came, closing. Durable, and done once."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from bot.policy.turn import Sender, State, Utterance
from bot.service.handover import Handover
from bot.service.ports import Clock, Pager
from bot.service.retention import Retention
from bot.service.transcript import Transcript
from bot.store import conversations, handovers, records
from bot.store.database import Database, StoreError
from bot.store.keys import KeyGone, KeyStore

log = logging.getLogger(__name__)
EVERY = 1.0
LEASE = 30.0
SWEEP_EVERY = 15.0


class Work:
    """Claims what is due and does it."""

    def __init__(
        self,
        store: Database,
        keys: KeyStore,
        transcript: Transcript,
        handover: Handover,
        retention: Retention,
        pager: Pager,
        clock: Clock,
    ) -> None:
        self.store, self.keys, self.transcript = store, keys, transcript
        self.handover, self.retention, self.pager = handover, retention, pager
        self.clock = clock
        self.kinds = {
            "page": self._page,
            "danger_unanswered": self._nobody_came,
            "staff_emergency": self._staff_sent_nothing,
        }

    async def run(self) -> None:
        """Work for as long as the edge runs; one failure never stops the rest."""
        swept = 0.0
        while True:
            try:
                while await self.one():
                    pass
                if self.clock() - swept >= SWEEP_EVERY:
                    swept = self.clock()
                    await self.retention.run()
            except StoreError:
                log.warning("work waits for the database")
            except Exception as problem:  # the loop outlives any one piece of work
                log.error("work failed", extra={"error": type(problem).__name__})
            await asyncio.sleep(EVERY)

    async def one(self) -> bool:
        """Do the oldest piece of work that is due; False when there is none."""
        async with self.store.write() as tx:
            row = await records.claim(tx, self.clock(), LEASE)
        if row is None:
            return False
        await self.kinds[row.kind](row.subject)
        async with self.store.write() as tx:
            await records.finish(tx, row.id)
        return True

    async def _page(self, conversation_id: str) -> None:
        async with self.store.read() as tx:
            found = await handovers.open_for(tx, conversation_id)
        if found is not None and found.state != handovers.TAKEN:
            await self.pager.page(found.tier, found.id)

    async def _nobody_came(self, conversation_id: str) -> None:
        """Say so when nobody has taken a person in danger, and give 999 once more."""
        async with self.store.write() as tx:
            row = await conversations.conversation(tx, conversation_id, lock=True)
            if row is None or row.state in (State.STAFF, State.ENDED):
                return
            await self._tell(tx, row, "danger_nobody_yet")

    async def _staff_sent_nothing(self, conversation_id: str) -> None:
        """Send the emergency words that a worker was flagged for and did not send."""
        async with self.store.write() as tx:
            row = await conversations.conversation(tx, conversation_id, lock=True)
            if row is not None and row.state == State.STAFF:
                await self._tell(tx, row, "emergency_from_staff")

    async def _tell(self, tx: Any, row: Any, say: str) -> None:
        try:
            box = await self.keys.box(row.id)
        except KeyGone:
            return
        dialogue = await self.transcript.dialogue(row, box)
        await self.transcript.say(tx, box, row, dialogue, [Utterance(say)], sender=Sender.SYSTEM)

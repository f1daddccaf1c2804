# SPDX-License-Identifier: Apache-2.0
"""Who was asked whether they are in danger and has not said: staff are shown them.

Their time may run out, their call may end, or their silence may last: whichever comes first, and
once for each question.
"""

from __future__ import annotations

from typing import Any

from bot.policy import urgency
from bot.policy.turn import State
from bot.service.handover import Handover
from bot.store import conversations, handovers, records
from bot.store.database import Tx

ASKED = "check_unanswered"


class Unanswered:
    """Brings them into the queue and pages staff."""

    def __init__(self, handover: Handover) -> None:
        self.handover = handover

    async def show(self, conversation_id: str) -> None:
        """Show staff a person whose question about danger still waits for its answer."""
        async with self.handover.store.write() as tx:
            row = await conversations.conversation(tx, conversation_id, lock=True)
            # What is shown and the end of its timer are one: neither twice nor never.
            planned = await records.cancel(tx, ASKED, conversation_id)
            if planned and row is not None and row.state not in (State.STAFF, State.ENDED):
                await self._show(tx, row)

    async def _show(self, tx: Tx, row: Any) -> None:
        box = await self.handover.keys.held(row.id)
        if box is None:
            return
        dialogue = await self.handover.transcript.dialogue(row, box)
        # Who rang back by a code was asked something else first: it is a worry then.
        left_open = (w for w in dialogue.worries if w in urgency.DANGER)
        about = dialogue.check or next(left_open, "")
        if not about:
            return
        if about in urgency.DANGER:
            worst = urgency.higher(row.urgency, about)
            await conversations.change(tx, row.id, urgency=worst)
        tier = urgency.tier("none", unsure=True)
        if await self.handover.queue_up(tx, box, row, tier, urgency.words("unsure", about), []):
            if row.left_at is not None:
                await handovers.mark_left(tx, row.id)
            await self.handover.page(tx, row.id)

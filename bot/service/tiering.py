# SPDX-License-Identifier: Apache-2.0
"""Staff say how soon somebody is to be seen, with a reason: raised, or lowered, by a person.

What the screen heard is not touched by it. Where a danger stands, whoever goes back to the queue
is there as urgent as that danger, whatever was said here.
"""

from __future__ import annotations

from bot.policy.urgency import TIERS
from bot.service import holding
from bot.service.ports import Clock, ConversationError
from bot.store import events, handovers, staff
from bot.store.database import Database

RAISED = ("told_me", "sounds_worse", "child", "waited_long")
LOWERED = ("heard_wrong", "is_over", "can_wait")


class Tiering:
    """Changes a story's place in the queue for the worker who has it."""

    def __init__(self, store: Database, clock: Clock) -> None:
        self.store, self.clock = store, clock

    async def change(self, handover_id: str, worker_id: str, tier: str, reason: str) -> None:
        """Keep the new tier; `unknown_tier` for one that is none or the same, `no_reason`.

        The reason has to fit: one to lower does not raise.
        """
        async with self.store.write() as tx:
            found = await holding.held_by(tx, handover_id, worker_id)
            if tier not in TIERS or tier == found.tier:
                raise ConversationError("unknown_tier")
            raises = TIERS.index(tier) < TIERS.index(found.tier)
            if reason not in (RAISED if raises else LOWERED):
                raise ConversationError("no_reason")
            await handovers.change_tier(tx, handover_id, tier)
            what = f"{'raised' if raises else 'lowered'}_{reason}"
            await staff.note(tx, worker_id, what, found.conversation_id, self.clock())
            for kind in ("queue", "company"):
                await events.add(
                    tx, conversation_id=found.conversation_id, audience=events.STAFF, kind=kind,
                    at=self.clock(),
                )  # fmt: skip

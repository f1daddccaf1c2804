# SPDX-License-Identifier: Apache-2.0
"""Where a waiting person stands, honestly: their place, whether anybody would come, and when."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from bot.policy import urgency
from bot.policy.turn import Message, State, Utterance
from bot.service.duty import Duty
from bot.store import handovers
from bot.store.database import Tx

NOBODY = Utterance("person_nobody")


class Standing:
    """Works inside the transaction of whoever asks."""

    def __init__(self, duty: Duty) -> None:
        self.duty = duty

    async def place(self, tx: Tx, conversation_id: str) -> int | None:
        """Return a waiting person's place in the queue, None when they are not in it.

        A closed story is in the queue for a flag in it, and nobody is in a drill: neither waits.
        """
        rows = [
            r
            for r in await handovers.waiting(tx)
            if r.state == handovers.WAITING
            and r.conversation_state != State.ENDED
            and (r.drill_at is None or r.conversation_id == conversation_id)
        ]
        mine = next((r for r in rows if r.conversation_id == conversation_id), None)
        if mine is None:
            return None
        others = [(r.tier, r.requested_at) for r in rows if r is not mine]
        return urgency.place(others, (mine.tier, mine.requested_at))

    async def place_to_tell(self, tx: Tx, row: Any) -> int | None:
        """Return the place a waiting person is told: 0 when nobody is on duty, None if unknown."""
        there = await self.duty.somebody_there(tx, row.medium, row.id)
        return await self.place(tx, row.id) if there else 0

    async def as_it_is(
        self, tx: Tx, medium: str, conversation_id: str, said: Sequence[Utterance | Message],
        known: Collection[str],
    ) -> list[Utterance | Message]:  # fmt: skip
        """Return what is said in words that promise no person, if nobody is there.

        Those are `known` by the same name with `_nobody` at its end.
        """
        alone = {u.say for u in said if isinstance(u, Utterance) and f"{u.say}_nobody" in known}
        if not alone or await self.duty.somebody_there(tx, medium, conversation_id):
            return list(said)
        return [
            replace(u, say=f"{u.say}_nobody")
            if isinstance(u, Utterance) and u.say in alone else u
            for u in said
        ]  # fmt: skip

    def nobody(self) -> Utterance:
        """Return what is said when nobody is on duty, with when somebody is if that is known."""
        coming = self.duty.next_on()
        return Utterance("person_nobody_until", {"when": coming}) if coming else NOBODY

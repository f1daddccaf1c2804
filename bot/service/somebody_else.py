# SPDX-License-Identifier: Apache-2.0
"""Somebody else whom a person asks for: a record of their own, and nobody is reached by it.

Taken down by a worker, under a key of its own and for a shorter time than what was agreed to:
this person agreed to nothing. The worker who has the story sees it, and nobody who joined them; it
is never shown to who gave it, nor in what is exported for them.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from bot.policy import phone_number
from bot.policy.safe_contact import SOMEBODY_ELSE, Plan
from bot.policy.turn import Line, Medium, Utterance
from bot.service import contact_plan, holding
from bot.service.contact_plan import Agreed
from bot.service.ports import Clock, ConversationError
from bot.store import callbacks, records, staff
from bot.store.database import Database
from bot.store.keys import KeyStore
from bot.words import Words

KEPT_FOR = 7 * 86400.0
"""Seconds for which the details of somebody who agreed to nothing are kept [J]."""
DETAILS = ("name", "tie", "reach", "matters")
"""What is taken down, as data/words/somebody_else.yml labels it."""
LONGEST = 400


@dataclass(frozen=True)
class Other:
    """One person somebody spoke for, as staff see them."""

    lines: tuple[Line, ...]
    taken_by: str
    at: float
    goes_at: float


class SomebodyElse:
    """Keeps and shows such records to who has the story; each view is audited."""

    def __init__(self, store: Database, keys: KeyStore, words: Words, clock: Clock) -> None:
        self.store, self.keys, self.words, self.clock = store, keys, words, clock

    @property
    def labels(self) -> dict[str, str]:
        """Return what each detail is called, in the order they are asked for."""
        said = {name: Utterance(f"somebody_else_{name}") for name in DETAILS}
        return {name: self.words.message(one, Medium.CHAT).text for name, one in said.items()}

    async def keep(
        self, handover_id: str, worker_id: str, told: Mapping[str, str], client_id: str
    ) -> None:
        """Keep what was told of one other person; the same form twice is kept once."""
        said = {name: told.get(name, "").strip() for name in DETAILS}
        labels = self.labels
        lines = tuple(Line(name, labels[name], text) for name, text in said.items() if text)
        if not lines or any(len(line.text) > LONGEST for line in lines):
            raise ConversationError("too_long" if lines else "empty_note")
        now, record_id = self.clock(), str(uuid.uuid4())
        number = phone_number.read(said["reach"]).e164
        plan = Plan(number=number, given_by=SOMEBODY_ELSE, expires_at=now + KEPT_FOR)
        box = await self.keys.make(record_id)
        new = False
        try:
            async with self.store.write() as tx:
                found = await holding.held_by(tx, handover_id, worker_id)
                new = await records.once(tx, client_id, "somebody_else", now, record_id)
                if new:
                    await callbacks.make_record(
                        tx, id=record_id, conversation_id=found.conversation_id,
                        given_by=SOMEBODY_ELSE, made_at=now, erase_at=plan.expires_at,
                    )  # fmt: skip
                    agreed = Agreed(plan, lines)
                    await contact_plan.keep(tx, box, record_id, agreed, worker_id, now)
                    await staff.note(tx, worker_id, "other_kept", record_id, now)
        finally:
            if not new:
                await self.keys.erase(record_id)

    async def of(self, handover_id: str, worker_id: str) -> list[Other]:
        """Return the other people somebody spoke for, to who has the story."""
        found: list[Other] = []
        async with self.store.write() as tx:
            held = await holding.held_by(tx, handover_id, worker_id)
            for row in await callbacks.records_of(tx, held.conversation_id):
                if row.given_by != SOMEBODY_ELSE:
                    continue
                box = await self.keys.held(row.id)
                if box is None:
                    continue  # it is being erased at this moment
                version = (await contact_plan.history(tx, box, row.id))[-1]
                found.append(
                    Other(version.agreed.lines, version.changed_by, row.made_at, row.erase_at)
                )
                await staff.note(tx, worker_id, "other_seen", row.id, self.clock())
        return found

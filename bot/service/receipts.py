# SPDX-License-Identifier: Apache-2.0
"""The receipts of what somebody said yes to: the very lines, to which words, when and how.

They were shown once. A worker who has the person gives them again, once sure that it is they.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.policy.turn import Line, Medium, Utterance
from bot.service import contact_plan, holding
from bot.service.agreed import agreed
from bot.service.ports import Clock
from bot.service.referral_note import service_named
from bot.store import callbacks, referrals, staff
from bot.store.database import Database
from bot.store.keys import KeyStore
from bot.words import Words

CALL = "call"
# Never put into a message again: where they are reached, and what opens a call.
NOT_SAID_AGAIN = (
    "contact_number", "contact_email", "contact_text", "contact_code_word", "contact_stop_word",
    "called",
)  # fmt: skip


@dataclass(frozen=True)
class Receipt:
    """One yes. `kind` is call, or the id of a service. `code_word`: what shows that it is they.

    Of a note: `service` as the person read it, and `progress` (bot/policy/referring.py).
    """

    kind: str
    reference: str
    state: str
    given_at: float
    medium: str
    wording: str
    lines: tuple[Line, ...]
    again: str
    code_word: str = ""
    service: str = ""
    progress: str = ""


class Receipts:
    """Shows them to who has the story; each view is audited."""

    def __init__(self, store: Database, keys: KeyStore, words: Words, clock: Clock) -> None:
        self.store, self.keys, self.words, self.clock = store, keys, words, clock

    async def of(self, handover_id: str, worker_id: str) -> list[Receipt]:
        """Return what was agreed in a story, oldest first."""
        found: list[Receipt] = []
        async with self.store.write() as tx:
            held = await holding.seen_by(tx, handover_id, worker_id, lock=False)
            story = held.conversation_id
            for row in await referrals.of_story(tx, story):
                sealed = await self.keys.opened(row.id, row.sealed)
                if sealed is None:
                    continue  # it is being erased at this moment
                lines = tuple(Line(**line) for line in sealed)
                named = service_named(lines, row.service_id)
                one = self._receipt(row.service_id, row, row.consent, lines)
                found.append(replace(one, service=named, progress=row.state))
                await staff.note(tx, worker_id, "receipt", row.id, self.clock())
            for record in await callbacks.records_of(tx, story):
                booked = await callbacks.callbacks_of(tx, record.id)
                box = await self.keys.held(record.id)
                if box is None:
                    continue
                for row in booked:
                    first = (await contact_plan.history(tx, box, record.id))[0].agreed
                    one = self._receipt(CALL, row, row.state, first.lines)
                    found.append(replace(one, code_word=first.plan.code_word))
                    await staff.note(tx, worker_id, "receipt", row.id, self.clock())
        return sorted(found, key=lambda one: one.given_at)

    def _receipt(self, kind: str, row: Any, state: str, lines: Sequence[Line]) -> Receipt:
        told = {"reference": row.reference, **agreed(self.words, row, self.clock())}
        said = Utterance("consent_again", told)
        shown = [f"{one.label}: {one.text}" for one in lines if one.id not in NOT_SAID_AGAIN]
        again = "\n".join([self.words.message(said, Medium.CHAT).text, *shown])
        return Receipt(
            kind, row.reference, state, row.given_at, row.medium, row.wording, tuple(lines), again
        )  # fmt: skip

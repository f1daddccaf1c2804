# SPDX-License-Identifier: Apache-2.0
"""What staff do with a note by hand: an answer by voice, ringing, sending again, taking back.

Whoever is kept away from a story finds none of its notes. Everything done is in the audit.
"""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bot.policy import phone_number, referring
from bot.policy.route import PRINT
from bot.service.ports import Clock, ConversationError
from bot.service.referral_answer import ReferralAnswers
from bot.service.referral_note import note_of
from bot.service.referral_state import (
    BY_WORKER,
    CHASE,
    RECALLED,
    REFER,
    SENT,
    STANDING,
    held,
    standing,
    take_back_one,
    taken_back,
    tell_staff,
    went,
)
from bot.service.referring import Ways
from bot.settings import Settings
from bot.store import console_rows, records, referrals, staff
from bot.store.database import Database, Tx
from bot.store.keys import KeyStore


class ReferralDesk:
    """Records what a worker did. Every method raises `unknown` where it cannot be done now."""

    def __init__(
        self, store: Database, keys: KeyStore, answers: ReferralAnswers, ways: Ways,
        settings: Settings, clock: Clock,
    ) -> None:  # fmt: skip
        self.store, self.keys, self.answers, self.ways = store, keys, answers, ways
        self.settings, self.clock = settings, clock

    async def sent(self, consent_id: str, worker_id: str) -> None:
        """Keep that a worker sent a note by hand."""
        now = self.clock()
        async with self._row(consent_id, worker_id, "referral_sent") as (tx, row):
            if row.state not in BY_WORKER.get(row.consent, ()):
                raise ConversationError("unknown")
            changed = {"state": SENT, "sent_by": worker_id, "sent_at": now}
            await records.change_consent(tx, consent_id, row.consent, **changed)
            await referrals.change(tx, consent_id, (row.state,), route=PRINT)
            await went(tx, row, now)

    async def deleted(self, consent_id: str, worker_id: str) -> None:
        """Keep that a worker had a service delete what the person took back."""
        async with self._row(consent_id, worker_id, "referral_withdrawn") as (tx, row):
            if row.consent != RECALLED:
                raise ConversationError("unknown")
            await taken_back(tx, row, self.clock(), worker_id)

    async def answered(self, consent_id: str, worker_id: str, answer: str, reason: str) -> None:
        """Keep what a service told a worker. Raises `answered` or `no_answer_reason` too."""
        async with self._row(consent_id, worker_id, f"referral_{answer[:20]}") as (tx, row):
            await self.answers.keep(tx, row, answer, worker_id, reason)

    async def rang(self, consent_id: str, worker_id: str) -> None:
        """Keep that a worker told the service by voice of a note about somebody in danger."""
        async with self._row(consent_id, worker_id, "referral_rang") as (tx, row):
            if row.consent not in STANDING or row.rung_at is not None:
                raise ConversationError("unknown")
            rung = {"rung_at": self.clock(), "rung_by": worker_id}
            await referrals.change(tx, row.id, referring.STATES, **rung)

    async def handled(self, consent_id: str, worker_id: str, what: str) -> None:
        """Keep that a worker dealt with what a note asked of them last."""
        async with self._row(consent_id, worker_id, "referral_handled") as (tx, row):
            if what not in referring.MAY_HANDLE or referring.to_do(standing(row)) != what:
                raise ConversationError("unknown")
            await referrals.change(tx, row.id, referring.STATES, handled=what)

    async def send_again(self, consent_id: str, worker_id: str) -> None:
        """Have a note sent once more by the service's route, as a new one: a worker decided it."""
        now = self.clock()
        async with self._row(consent_id, worker_id, "referral_again") as (tx, row):
            may = row.consent in STANDING and row.state in referring.MAY_SEND_AGAIN
            if not may or not self.can_send(row.service_id):
                raise ConversationError("unknown")
            anew = {
                "state": referring.PLANNED, "parcel": str(uuid.uuid4()), "tries": 0, "error": None,
                "reminded_at": None, "late_at": None, "handled": None,
            }  # fmt: skip
            await referrals.change(tx, row.id, (row.state,), **anew)
            await records.cancel(tx, CHASE, row.id)
            await records.plan(tx, str(uuid.uuid4()), REFER, row.id, now)

    async def take_back(self, consent_id: str, worker_id: str) -> None:
        """Keep that a person told a worker that they changed their mind about this note."""
        async with self._row(consent_id, worker_id, "referral_taken_back") as (tx, row):
            if not await take_back_one(tx, row.id, self.clock()):
                raise ConversationError("unknown")

    async def close_link(self, consent_id: str, worker_id: str) -> None:
        """End every link to a note, as where one fell into other hands."""
        async with self._row(consent_id, worker_id, "referral_link_closed") as (tx, row):
            await referrals.end_links(tx, row.id)

    async def to_print(self, consent_id: str, worker_id: str) -> dict[str, Any]:
        """Return a note to be put on paper, while it may go out; the view is audited."""
        async with self._row(consent_id, worker_id, "referral_printed") as (_, row):
            if row.consent not in STANDING:
                raise ConversationError("unknown")
        sealed = await self.keys.opened(row.id, row.sealed)
        if sealed is None:
            raise ConversationError("unknown")
        words = self.answers.transcript.words
        return note_of(row, sealed, self.settings.service_name, words)

    def can_send(self, service_id: str) -> bool:
        """Say whether this service has a route by which a note goes by itself."""
        return self.ways.of(service_id).by in self.ways.couriers

    def voice(self, service_id: str) -> str:
        """Return the number a worker rings, as it is written here, "" where none is certain."""
        number = self.ways.voice(service_id)
        return phone_number.shown(number) if number else ""

    @asynccontextmanager
    async def _row(
        self, consent_id: str, worker_id: str, what: str
    ) -> AsyncIterator[tuple[Tx, Any]]:
        """Hold a note for one change, which is in the audit as `what` if it was made."""
        async with self.store.write() as tx:
            row = await held(tx, consent_id)
            away = await console_rows.excluded(tx, row.conversation_id) if row else []
            if row is None or worker_id in away:
                raise ConversationError("unknown")
            yield tx, row
            await staff.note(tx, worker_id, what, consent_id, self.clock())
            await tell_staff(tx, self.clock())

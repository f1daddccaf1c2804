# SPDX-License-Identifier: Apache-2.0
"""What a service sees and says under its link: the note until it answers, then how it stands.

Whoever has the link is the service: it is told to nobody else, ends by itself, soon
after the note was opened and with the next link, or by the service's own hand once it has answered,
and opens nothing once the person has changed their mind. Only a hash of it is kept.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.policy import referring
from bot.service.ports import Clock, ConversationError
from bot.service.referral_answer import PARTNER, ReferralAnswers
from bot.service.referral_note import note_of
from bot.service.referral_state import RECALLED, WITHDRAWN, held
from bot.settings import Settings
from bot.store import referrals, staff
from bot.store.database import Database, Tx
from bot.store.keys import KeyStore

LASTS = 14 * 86400.0
"""How long a link works [J]. A reminder brings a new one, and ends it."""
OPENED = 16 * 3600.0
"""Working time for which it works after the note was first opened, until it is answered [J]."""
TAKEN_BACK = "taken_back"


@dataclass(frozen=True)
class Seen:
    """A note as its service sees it. `state`: of bot/policy/referring.py, or taken_back.

    `answers`: what it may say now. `note` is None but where it was asked for and may be shown.
    """

    state: str
    answers: tuple[str, ...]
    note: dict[str, Any] | None = None

    @property
    def may_open(self) -> bool:
        """Say whether the note itself may be shown: until it is answered."""
        return referring.ACCEPTED in self.answers


class Partner:
    """Makes links, and does what is asked under them."""

    def __init__(
        self, store: Database, keys: KeyStore, answers: ReferralAnswers, settings: Settings,
        clock: Clock,
    ) -> None:  # fmt: skip
        self.store, self.keys, self.answers = store, keys, answers
        self.settings, self.clock = settings, clock

    async def new_link(self, tx: Tx, consent_id: str) -> str:
        """Return a new address at which a note is seen."""
        token = secrets.token_urlsafe(32)
        until = self.clock() + LASTS
        await referrals.keep_link(tx, _hash(token), consent_id, until)
        return f"{self.settings.public_url.rstrip('/')}/note/{token}"

    async def has_only(self, tx: Tx, consent_id: str, link: str) -> None:
        """End every link to a note but this one, which its service has."""
        await referrals.end_links(tx, consent_id, _hash(link.rpartition("/")[2]))

    async def seen(self, token: str) -> Seen:
        """Return how a note stands, without a word of it. Raises `unknown`."""
        async with self.store.read() as tx:
            return _seen(await self._row(tx, token))

    async def opened(self, token: str) -> Seen:
        """Return the note itself, while it may be shown. Raises `unknown`."""
        now = self.clock()
        async with self.store.write() as tx:
            row = await self._row(tx, token, lock=True)
            found = _seen(row)
            if not found.may_open:
                return found
            if row.opened_at is None:
                await referrals.change(tx, row.id, (row.state,), opened_at=now)
            ends = referring.after_working(datetime.fromtimestamp(now, UTC), OPENED).timestamp()
            await referrals.link_until(tx, _hash(token), ends, later=False)
            await staff.note(tx, PARTNER, "referral_opened", row.id, now)
        sealed = await self.keys.opened(row.id, row.sealed)
        if sealed is None:  # its time is over, and it is being erased
            raise ConversationError("unknown")
        words = self.answers.transcript.words
        made = note_of(row, sealed, self.settings.service_name, words)
        return Seen(found.state, found.answers, made)

    async def answer(self, token: str, answer: str, reason: str = "") -> None:
        """Keep what the service says. Raises `unknown`, `answered` or `no_answer_reason`."""
        async with self.store.write() as tx:
            row = await self._row(tx, token, lock=True)
            await self.answers.keep(tx, row, answer, PARTNER, reason)
            # The note is shown no more; that they could not reach the person is still to be said.
            await referrals.link_until(tx, _hash(token), self.clock() + LASTS, later=True)
            await staff.note(tx, PARTNER, f"referral_{answer}", row.id, self.clock())

    async def close(self, token: str) -> bool:
        """End the links to a note that needs no answer any more, else say False and leave them.

        Raises `unknown`.
        """
        async with self.store.write() as tx:
            row = await self._row(tx, token, lock=True)
            if _seen(row).may_open:
                return False
            await referrals.end_links(tx, row.id)
            await staff.note(tx, PARTNER, "referral_link_closed", row.id, self.clock())
        return True

    async def _row(self, tx: Tx, token: str, lock: bool = False) -> Any:
        consent_id = await referrals.by_link(tx, _hash(token), self.clock())
        if consent_id is None:
            raise ConversationError("unknown")
        row = await (held(tx, consent_id) if lock else referrals.find(tx, consent_id))
        if row is None:
            raise ConversationError("unknown")
        return row


def _seen(row: Any) -> Seen:
    if row.consent in (RECALLED, WITHDRAWN):
        return Seen(TAKEN_BACK, ())
    # Where it was being sent and that is not kept yet, whoever has the link has it.
    state = referring.WAITING if row.state == referring.SENDING else row.state
    if state not in (referring.UNSURE, referring.WAITING, *referring.ANSWERS):
        raise ConversationError("unknown")  # it did not go, and a new link comes with the next try
    return Seen(state, tuple(a for a in referring.ANSWERS if referring.after(state, a)))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()

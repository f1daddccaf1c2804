# SPDX-License-Identifier: Apache-2.0
"""Brings each note to its service by that service's own route, and chases the answer.

Before anything leaves it is kept that it is leaving. A process that dies in between leaves a note
of which nobody knows whether it went: that is a worker's to find out, for no service is to take
one person's note for two. What did not go for certain is tried again, and then given up.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.policy import referring
from bot.policy.route import BY_HAND, PRINT, WEBHOOK, Route, certain
from bot.policy.turn import Medium, Utterance
from bot.service.paging import Paging
from bot.service.partner import Partner
from bot.service.ports import Clock, Courier, NotDelivered, Parcel
from bot.service.referral_note import note_of
from bot.service.referral_state import (
    CALL,
    CHASE,
    RECALL,
    RECALLED,
    REFER,
    SENT,
    STANDING,
    TO_SEND,
    due_of,
    may_have_it,
    plan_chase,
    standing,
    taken_back,
    tell_staff,
    went,
)
from bot.store import records, referrals
from bot.store.database import Database, Tx
from bot.store.keys import KeyStore
from bot.words import Words

log = logging.getLogger(__name__)
NOTE, REMINDER = "note", "reminder"
RECALL_AGAIN = 900.0
"""Seconds until a webhook that could not be told of a recall is told again."""
WAITS = {
    TO_SEND: (referring.BY_HAND, referring.FAILED),
    SENT: (referring.WAITING, referring.UNSURE, referring.BY_HAND, referring.FAILED),
}
"""In which states somebody still has to act, by the consent's own state."""


@dataclass(frozen=True)
class Ways:
    """By which route each service takes notes, who brings them, and whether links can be made.

    `problems`: why the file of routes cannot be used; every note is then sent by hand.
    """

    routes: Mapping[str, Route]
    couriers: Mapping[str, Courier]
    links: bool
    problems: tuple[str, ...] = ()

    def of(self, service_id: str) -> Route:
        """Return the route that may be used now; by hand where there is none that is certain."""
        route = self.routes.get(service_id, BY_HAND)
        return route if certain(route) and route.by in self.couriers and self.links else BY_HAND

    def voice(self, service_id: str) -> str:
        """Return the number a worker rings in danger, "" where none is certain."""
        route = self.routes.get(service_id, BY_HAND)
        return route.voice if certain(route) else ""


class Referring:
    """The work that comes due for notes."""

    def __init__(
        self, store: Database, keys: KeyStore, partner: Partner, ways: Ways, paging: Paging,
        words: Words, clock: Clock,
    ) -> None:  # fmt: skip
        self.store, self.keys, self.partner, self.ways = store, keys, partner, ways
        self.paging, self.words, self.clock = paging, words, clock
        self.kinds = {
            REFER: self.deliver, CHASE: self.chase, CALL: self.call_staff, RECALL: self.recall,
        }  # fmt: skip

    async def deliver(self, consent_id: str) -> None:
        """Send a note by its service's route, or leave it to a worker where it has none."""
        parcel, route = await self._prepare(consent_id)
        if parcel is None:
            return
        try:
            await self.ways.couriers[route.by].bring(parcel)
        except NotDelivered as failed:
            await self._failed(consent_id, failed)
            return
        async with self.store.write() as tx:
            row = await referrals.find(tx, consent_id, lock=True)
            if row is not None and row.state in (referring.SENDING, referring.UNSURE):
                await self._is_with_them(tx, row, referring.WAITING)
            await self.partner.has_only(tx, consent_id, parcel.fields["link"])

    async def chase(self, consent_id: str) -> None:
        """Remind a service that has not answered, once; then it is a worker's.

        What a worker was to send by hand and did not is told to whoever is on duty.
        """
        now = self.clock()
        async with self.store.write() as tx:
            row = await referrals.find(tx, consent_id, lock=True)
            if row is None or row.state not in WAITS.get(row.consent, ()):
                return
            route = self.ways.of(row.service_id)
            once = row.state == referring.WAITING and row.reminded_at is None
            parcel = None
            # The way it went, and no other: a worker may have found that route to be wrong.
            if once and route.by == row.route != PRINT:  # kept before it leaves: only one is sent
                parcel = await self._parcel(tx, row, route, REMINDER)
                again = referring.chase_by(row.tier, datetime.fromtimestamp(now, UTC)).timestamp()
                await referrals.change(tx, row.id, (row.state,), reminded_at=now)
                await records.plan(tx, str(uuid.uuid4()), CHASE, row.id, again)
            else:
                await referrals.change(tx, row.id, (row.state,), late_at=now, handled=None)
                if row.consent == TO_SEND or row.tier == referring.NOW:
                    await records.plan(tx, str(uuid.uuid4()), CALL, row.id, now)
                await tell_staff(tx, now)
        if parcel is None:
            return
        try:
            await self.ways.couriers[route.by].bring(parcel)
        except NotDelivered as failed:  # a worker rings them soon in any case
            log.warning("a reminder did not go", extra={"where": route.by, "code": failed.code})
            return
        async with self.store.write() as tx:
            await self.partner.has_only(tx, consent_id, parcel.fields["link"])

    async def recall(self, consent_id: str) -> None:
        """Tell a service's webhook that a note was taken back, by its reference and no more.

        Until it is told, or a worker has had the note deleted: it may come more than once, under
        the same id. What the webhook refuses for good is left to the worker, who is called anyway.
        """
        async with self.store.read() as tx:
            row = await referrals.find(tx, consent_id)
        route = self.ways.of(row.service_id) if row is not None else BY_HAND
        if row is None or row.consent != RECALLED or route.by != WEBHOOK:
            return
        fields = {"type": "referral.recalled", "reference": row.reference}
        told = Parcel(f"{row.parcel}-recalled", route.to, "", "", fields, route.secret)
        try:
            await self.ways.couriers[route.by].bring(told)
        except NotDelivered as failed:
            log.warning("a recall did not go", extra={"where": route.by, "code": failed.code})
            if failed.again or failed.maybe:
                at = self.clock() + RECALL_AGAIN
                async with self.store.write() as tx:
                    await records.plan(tx, str(uuid.uuid4()), RECALL, consent_id, at)

    async def call_staff(self, consent_id: str) -> None:
        """Page whoever is on duty that a note waits for them: to ring, to send or to recall.

        Raises PageFailed where nobody could be paged: it stays planned, and is tried again.
        """
        async with self.store.read() as tx:
            row = await referrals.find(tx, consent_id)
        if row is None or not referring.to_do(standing(row)):
            return
        tier = referring.TIER_OF_PAGE[row.tier]
        page_id = f"{consent_id}-{row.consent}-{row.state}"
        await self.paging.remind(page_id, tier, "page_referral")

    # -- parts -------------------------------------------------------------------------------

    async def _prepare(self, consent_id: str) -> tuple[Parcel | None, Route]:
        """Return what is to be sent now, kept as leaving; None for what a worker sends."""
        async with self.store.write() as tx:
            row = await referrals.find(tx, consent_id, lock=True)
            if row is None or row.consent not in STANDING:
                return None, BY_HAND
            if row.state == referring.SENDING:  # a process died while it sent
                await self._is_with_them(tx, row, referring.UNSURE)
                return None, BY_HAND
            if row.state != referring.PLANNED:
                return None, BY_HAND
            route = self.ways.of(row.service_id)
            parcel = None if route.by == PRINT else await self._parcel(tx, row, route, NOTE)
            state = referring.SENDING if parcel else referring.BY_HAND
            await referrals.change(tx, row.id, (referring.PLANNED,), state=state, route=route.by)
            if not row.tries:
                await self._plan_call(tx, row)
            if parcel is None:
                await self._by_hand(tx, row)
            await tell_staff(tx, self.clock())
            return parcel, route

    async def _by_hand(self, tx: Tx, row: Any) -> None:
        """Plan that staff are called if nobody has sent it by the time an answer should be here."""
        await plan_chase(tx, row.id, due_of(row.tier, self.clock()))

    async def _plan_call(self, tx: Tx, row: Any) -> None:
        if row.tier == referring.NOW and row.rung_at is None:
            await records.plan(tx, str(uuid.uuid4()), CALL, row.id, self.clock())

    async def _parcel(self, tx: Tx, row: Any, route: Route, what: str) -> Parcel | None:
        """Return what goes by a route, with a new link; None for a note that cannot be opened."""
        sealed = await self.keys.opened(row.id, row.sealed)
        if sealed is None:
            return None
        link = await self.partner.new_link(tx, row.id)
        due = due_of(row.tier, self.clock())
        held = note_of(row, sealed, self.partner.settings.service_name, self.words, due)
        name = f"partner_{what}"
        fields = {"note": held} if what == NOTE else {"reference": row.reference}
        return Parcel(
            id=row.parcel if what == NOTE else f"{row.parcel}-again",
            to=route.to,
            subject=self._said(f"{name}_subject", link),
            text=self._said(f"{name}_text", link),
            fields={"type": f"referral.{what}", "link": link, **fields},
            secret=route.secret,
        )

    def _said(self, name: str, link: str) -> str:
        return self.words.message(Utterance(name, {"link": link}), Medium.CHAT).text

    async def _is_with_them(self, tx: Tx, row: Any, state: str) -> None:
        """Keep that a note went, or may have: from now on a change of mind is a recall."""
        now = self.clock()
        await records.change_consent(tx, row.id, TO_SEND, state=SENT, sent_at=now)
        await went(tx, row, now, state)
        await tell_staff(tx, now)

    async def _failed(self, consent_id: str, failed: NotDelivered) -> None:
        """Try again later, or leave it to a worker."""
        now = self.clock()
        async with self.store.write() as tx:
            row = await referrals.find(tx, consent_id, lock=True)
            if row is None or row.state != referring.SENDING:
                return
            if failed.maybe:
                await self._is_with_them(tx, row, referring.UNSURE)
                return
            tries = row.tries + 1
            again = failed.again and tries <= len(referring.WAITS)
            state = referring.PLANNED if again else referring.FAILED
            kept = {"state": state, "tries": tries, "error": failed.code[:40]}
            await referrals.change(tx, row.id, (referring.SENDING,), **kept)
            if not again:
                await self._by_hand(tx, row)
            if row.consent == RECALLED and row.sent_at is None:
                if not may_have_it(row):
                    await taken_back(tx, row, now)
            elif again and row.consent in STANDING:
                at = now + referring.WAITS[tries - 1]
                await records.plan(tx, str(uuid.uuid4()), REFER, row.id, at)
            await tell_staff(tx, now)
        if not again:
            log.warning("a note was given up", extra={"where": row.route, "code": failed.code})

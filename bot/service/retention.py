# SPDX-License-Identifier: Apache-2.0
"""How long words live: they go when a conversation closes, unless danger in it waits for review."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Awaitable
from datetime import UTC, datetime
from typing import Any

from bot.policy import closing, urgency
from bot.policy.turn import Medium, State
from bot.service import callback, holding, reviewing
from bot.service.ports import Clock
from bot.service.referral_state import take_back_and_erase
from bot.service.release import Release
from bot.settings import Settings
from bot.store import (
    callbacks,
    conversations,
    events,
    handovers,
    leftovers,
    pages,
    records,
    referrals,
    staff,
)
from bot.store.database import Database, Tx
from bot.store.keys import KeyStore

log = logging.getLogger(__name__)
# The last words must still reach the person, and the sweep comes every 15 s: within a minute.
ERASES_AFTER = 40.0
LOOKED_AT_AGAIN = 300.0
"""Seconds from then on that a story stays which could not be closed yet."""
HELD, GONE, UNKNOWN, FAILED = "held", "gone", "unknown", "failed"
DECIDED = "decided"  # gone, but for a decision to tell somebody without a yes, kept for its time
PASSED_ON = "passed_on"  # gone here, but a service has what was agreed until staff took it back


class Retention:
    """Closes, holds and erases."""

    def __init__(
        self, store: Database, keys: KeyStore, release: Release, settings: Settings, clock: Clock
    ) -> None:
        self.store, self.keys, self.release = store, keys, release
        self.settings, self.clock = settings, clock

    async def run(self) -> dict[str, int]:
        """Close what is due and erase what was kept as long as we said; return how many of each."""
        now = self.clock()
        async with self.store.read() as tx:
            due = await conversations.due_to_close(tx, now)
        found = {HELD: 0, GONE: 0, UNKNOWN: 0, FAILED: 0}
        for conversation_id in due:
            found[await _safely(self._close_due(conversation_id), conversation_id)] += 1
        dropped = await self._drop_consents(now)
        found[FAILED] += dropped.count(FAILED)
        async with self.store.write() as tx:
            await records.drop_calls(tx, now - 3600)
            await leftovers.drop(tx, now)
        done = {"held": found[HELD], "closed": found[GONE], "consents": len(dropped)}
        return done | ({"failed": found[FAILED]} if found[FAILED] else {})

    async def _drop_consents(self, now: float) -> list[str]:
        """Erase the consents and contact plans whose time is over; return what came of each."""
        async with self.store.read() as tx:
            old = await records.consents_to_erase(tx, now)
            plans = await callbacks.to_erase(tx, now)
            decided = await referrals.disclosures_to_erase(tx, now)
        drops = (
            (self._drop_consent, old),
            (self._drop_contact, plans),
            (self._drop_decision, decided),
        )
        return [await _safely(drop(one), one) for drop, found in drops for one in found]

    async def _drop_decision(self, disclosure_id: str) -> str:
        await self.keys.erase(disclosure_id)
        async with self.store.write() as tx:
            await referrals.drop_disclosure(tx, disclosure_id)
        return GONE

    async def _drop_contact(self, record_id: str) -> str:
        await self.keys.erase(record_id)
        async with self.store.write() as tx:
            await callbacks.drop(tx, record_id)
        return GONE

    async def _take_back(self, tx: Tx, conversation_id: str, now: float) -> None:
        """Withdraw all that was agreed in a story, and let it be erased as far as nobody has it."""
        await take_back_and_erase(tx, conversation_id, now)
        await callback.take_back_and_erase(tx, self.keys, conversation_id, now)

    async def _drop_consent(self, consent_id: str) -> str:
        await self.keys.erase(consent_id)
        async with self.store.write() as tx:
            await records.drop_consent(tx, consent_id)
        return GONE

    async def _close_due(self, conversation_id: str) -> str:
        """Close a story whose time is over, unless a worker is at work in it."""
        async with self.store.write() as tx:
            row = await conversations.conversation(tx, conversation_id, lock=True)
            if row is not None and await self._in_hand(tx, row):
                again = max(row.closes_at, self.clock() + LOOKED_AT_AGAIN)
                await conversations.change(tx, row.id, closes_at=again)
                return HELD
        return await self.close(conversation_id)

    async def _in_hand(self, tx: Tx, row: Any) -> bool:
        """Say whether a worker is at work in this story, as one who rings 999 for them is.

        What a person asked to have erased is, unless a hit holds it; a closed story is in review.
        """
        held = row.erase_at is None or await self._held_until(tx, row.id) is not None
        if row.state == State.ENDED or not held:
            return False
        found = await handovers.open_for(tx, row.id)
        if found is None or found.state != handovers.TAKEN:
            return False
        who, now = await staff.find(tx, id=found.worker_id), self.clock()
        acted_at = await staff.acted_at(tx, found.worker_id, row.id)
        there = who is not None and (who.seen_at or 0.0) >= now - staff.SEEN_WITHIN
        held = closing.Held(
            line=row.medium == Medium.VOICE and row.left_at is None,
            taken=now - found.accepted_at,
            there=there,
            acted=None if acted_at is None else now - acted_at,
            idle=self.settings.idle_closes_after,
        )
        return bool(closing.stays(held))

    async def close(self, conversation_id: str) -> str:
        """Close a story. A hit nobody has reviewed holds it for as long as the settings say."""
        now = self.clock()
        async with self.store.write() as tx:
            row = await conversations.conversation(tx, conversation_id, lock=True)
            if row is None:
                return UNKNOWN
            if row.erase_at is not None:  # also what was agreed after they asked
                await self._take_back(tx, conversation_id, now)
            drill = await pages.is_drill(tx, conversation_id)
            held_until = None if drill else await self._held_until(tx, conversation_id)
            if held_until is not None and held_until >= now:
                if row.closes_at > now:
                    return HELD  # they asked for it to be erased, and may still need us
                await self._hold(tx, row, held_until)
                return HELD
            day = datetime.fromtimestamp(now, UTC).date().isoformat()
            for name in (f"medium:{row.medium}", f"topic:{row.topic}", f"urgency:{row.urgency}"):
                if not drill:
                    await records.count(tx, day, name)
            if held_until is not None:
                await records.count(tx, day, "review_lapsed")
                log.warning("a flag went unread", extra={"id": conversation_id})
            await conversations.forget(tx, conversation_id)
            await records.drop_tracker(tx, conversation_id)
            await events.add(tx, conversation_id=None, audience=events.STAFF, kind="queue", at=now)
            # Before the rows are gone for good: a key left behind would be found by no sweep.
            await self.keys.erase(conversation_id)
        return GONE

    async def _held_until(self, tx: Tx, conversation_id: str) -> float | None:
        """Return until when a hit nobody judged holds a story, None where there is no such hit."""
        heard_at = await handovers.newest_unreviewed(tx, conversation_id)
        return None if heard_at is None else heard_at + self.settings.hit_held_for

    async def _hold(self, tx: Tx, row: Any, until: float) -> None:
        """End a story whose words wait for a verdict: it is in the queue, for who may review it.

        Whoever else had it lets go of it, and safeguarding is called when it begins.
        """
        now = self.clock()
        if row.state != State.ENDED:
            await reviewing.plan(tx, row.id, now, until - self.settings.review_reminded_before)
        await conversations.revoke_contacts(tx, row.id, now)
        await conversations.change(tx, row.id, state=State.ENDED, closes_at=now + LOOKED_AT_AGAIN)
        found = await handovers.open_for(tx, row.id)
        if found is None:
            await handovers.ask(
                tx, id=str(uuid.uuid4()), conversation_id=row.id, reason="hit",
                tier=urgency.tier(row.urgency), requested_at=now,
            )  # fmt: skip
        elif found.state == handovers.TAKEN and not await holding.reviews(tx, found.worker_id):
            closed = await conversations.conversation(tx, row.id)
            await self.release.put_back(tx, closed, found, talked=False)
        await self.release.seen_by(tx, row.id, events.STAFF, "queue")

    async def erase(self, conversation_id: str) -> str:
        """Erase a story and what was agreed in it, also when the story itself is gone already."""
        now = self.clock()
        async with self.store.write() as tx:
            agreed = [
                *await records.consents_of(tx, conversation_id),
                *await callbacks.records_of(tx, conversation_id),
            ]
            await self._take_back(tx, conversation_id, now)
        found = await self.close(conversation_id)
        failed = FAILED in await self._drop_consents(now)
        async with self.store.read() as tx:
            left = await records.consents_of(tx, conversation_id)
            decided = await referrals.disclosures_of(tx, conversation_id)
        if found == HELD or failed:
            return FAILED if failed else HELD
        if left:
            return PASSED_ON
        if decided:
            return DECIDED
        return GONE if agreed else found

    async def ask_to_erase(self, conversation_id: str) -> str:
        """Do what a person asked: erase within the minute, or say that a hit holds it.

        Nothing said or done later puts it off; a hit does until it is reviewed. What they agreed
        to pass on is taken back at once.
        """
        now = self.clock()
        async with self.store.write() as tx:
            await self._take_back(tx, conversation_id, now)
            row = await conversations.conversation(tx, conversation_id, lock=True)
            if row is not None and row.erase_at is None:
                await conversations.change(tx, conversation_id, erase_at=now + ERASES_AFTER)
            held_until = await self._held_until(tx, conversation_id)
        return HELD if held_until is not None and held_until >= now else GONE


async def _safely(work: Awaitable[str], subject: str) -> str:
    """Return what came of one piece of the sweep; one that fails is left for the next sweep."""
    try:
        return await work
    except Exception as problem:
        log.error("retention failed", extra={"id": subject, "error": type(problem).__name__})
        return FAILED

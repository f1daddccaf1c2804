# SPDX-License-Identifier: Apache-2.0
"""What one shift hands to the next: open risks, what is owed, who was told what; and looking up.

Whoever is kept away from a story finds nothing of it here. Every look is audited, story by story.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.policy import exposure, phone_number, referring
from bot.policy.callback import DONE, OVER
from bot.policy.callback import WITHDRAWN as TAKEN_BACK
from bot.policy.urgency import DANGER
from bot.service import contact_plan
from bot.service.brief import Waiting
from bot.service.calling_back import SHOWN
from bot.service.contact_plan import NUMBER, TEXT
from bot.service.handover import Handover
from bot.service.notes import Note
from bot.service.ports import Clock, ConversationError
from bot.service.referral_state import AGREED, RECALLED, WITHDRAWN, standing
from bot.store import callbacks, console_rows, records, referrals, staff
from bot.store.database import Database, Tx
from bot.store.keys import KeyStore

REASONS = ("came_back", "colleague", "safeguarding", "complaint", "own_data")
CALLS = (*SHOWN, DONE, OVER, TAKEN_BACK)
STATES = (*AGREED, WITHDRAWN, RECALLED)
SHORTEST, SHORTEST_NAME = 4, 3
CALLED = "called"
"""The line of a note that says what somebody likes to be called."""


@dataclass(frozen=True)
class Left:
    """A note that the next shift reads, and the place of its story in the queue ("" when none)."""

    note: Note
    place: str


@dataclass(frozen=True)
class CallLeft:
    """A call that somebody was promised: how it stands and when it is safe, no word of them."""

    id: str
    reference: str
    state: str
    due_at: float
    until: float
    attempts: int
    missed: int
    worker_id: str


@dataclass(frozen=True)
class NoteLeft:
    """A note to a service that asks something of staff: what (bot/policy/referring.py), no word."""

    id: str
    reference: str
    to_do: str
    tier: str
    given_at: float


@dataclass(frozen=True)
class ShiftList:
    """What is handed over."""

    risks: tuple[Waiting, ...]
    calls: tuple[CallLeft, ...]
    notes: tuple[NoteLeft, ...]
    owed: tuple[Left, ...]
    told: tuple[Left, ...]


@dataclass(frozen=True)
class Found:
    """What a reference leads to: never a word of it. `kind` is person, agreed or call."""

    kind: str
    reference: str
    state: str
    worker_id: str
    at: float
    outcome: str = ""


class Shift:
    """Lists and looks up for the console."""

    def __init__(self, store: Database, keys: KeyStore, handover: Handover, clock: Clock) -> None:
        self.store, self.keys, self.handover, self.clock = store, keys, handover, clock

    async def list(self, worker_id: str) -> ShiftList:
        """Return what the next shift needs to know."""
        queue = await self.handover.queue()
        places = {w.conversation_id: w.id for w in queue}
        async with self.store.write() as tx:
            away = await console_rows.kept_from(tx, worker_id)
            rows = [r for r in await console_rows.all_notes(tx) if r.conversation_id not in away]
            rows = [r for r in rows if r.kind != "note" and r.done_at is None]
            mine = [w for w in queue if w.conversation_id not in away]
            risks = [w for w in mine if set(w.heard) & set(DANGER)]
            shown = [r.conversation_id for r in rows] + [w.conversation_id for w in risks]
            for story in dict.fromkeys(shown):
                await staff.note(tx, worker_id, "shift", story, self.clock())
            calls = await self._calls(tx, worker_id)
            notes = await self._notes(tx, worker_id)
        left = []
        for row in rows:
            text = await self.keys.opened(row.conversation_id, row.sealed)
            if text is None:
                continue  # it is being erased at this moment
            note = Note(row.id, row.kind, text, row.staff_id, row.at, row.due_at, row.done_at)
            left.append(Left(note, places.get(row.conversation_id, "")))
        owed = sorted((x for x in left if x.note.owed), key=lambda x: x.note.due_at or float("inf"))
        told = tuple(x for x in left if not x.note.owed)
        return ShiftList(tuple(risks), calls, notes, tuple(owed), told)

    async def _calls(self, tx: Tx, worker_id: str) -> tuple[CallLeft, ...]:
        """Return the calls that wait, but for stories this worker is kept away from."""
        away = await callbacks.kept_from(tx, worker_id)
        rows = [r for r in await callbacks.callbacks_in(tx, SHOWN) if r.id not in away]
        for row in rows:
            await staff.note(tx, worker_id, "shift", row.id, self.clock())
        return tuple(
            CallLeft(
                row.id, row.reference, row.state, row.due_at, row.until, row.attempts, row.missed,
                row.worker_id or "",
            )
            for row in rows
        )  # fmt: skip

    async def _notes(self, tx: Tx, worker_id: str) -> tuple[NoteLeft, ...]:
        """Return the notes that ask something of staff, but for stories kept from this worker."""
        rows = await referrals.in_consent(tx, (*AGREED, RECALLED), worker_id)
        asked = [(row, referring.to_do(standing(row))) for row in rows]
        found = [(row, to_do) for row, to_do in asked if to_do]
        for row, _ in found:
            await staff.note(tx, worker_id, "shift", row.id, self.clock())
        return tuple(
            NoteLeft(row.id, row.reference, to_do, row.tier, row.given_at) for row, to_do in found
        )

    async def search(self, worker_id: str, asked: str, reason: str) -> list[Found]:
        """Return where a conversation, or what was agreed in one, stands.

        By reference; what is kept by consent also by the exact number, however it is written, or
        by the exact name they like to be called. Audited with the reason.
        """
        asked = asked.strip()
        if reason not in REASONS:
            raise ConversationError("no_reason")
        if len(asked) < SHORTEST_NAME:
            raise ConversationError("short_reference")
        now = self.clock()
        async with self.store.write() as tx:
            away = await console_rows.kept_from(tx, worker_id)
            whole = len(asked) >= SHORTEST
            rows = await console_rows.by_reference(tx, asked.lower()) if whole else ()
            agreed = await records.consents_in(tx, *STATES)
            await staff.note(tx, worker_id, f"search_{reason}", worker_id, now)
        found = [
            Found("person", r.id, r.state, r.worker_id or "", r.requested_at, r.outcome or "")
            for r in rows
            if r.conversation_id not in away
        ]
        for row in agreed:
            if row.conversation_id not in away and await self._is(row, asked):
                seen = Found("agreed", row.reference, row.state, row.sent_by or "", row.given_at)
                found.append(seen)
        found += await self._calls_found(worker_id, asked)
        async with self.store.write() as tx:
            for one in found:
                await staff.note(tx, worker_id, "found", one.reference, now)
        return found

    async def _calls_found(self, worker_id: str, asked: str) -> list[Found]:
        """Return the calls somebody agreed to with this reference, or to this very number."""
        async with self.store.read() as tx:
            away = await callbacks.kept_from(tx, worker_id)
            rows = [r for r in await callbacks.callbacks_in(tx, CALLS) if r.id not in away]
            found = []
            for row in rows:
                if row.reference == asked.upper() or await self._is_number(tx, row, asked):
                    found.append(
                        Found("call", row.reference, row.state, row.worker_id or "", row.given_at)
                    )
        return found

    async def _is_number(self, tx: Tx, row: Any, asked: str) -> bool:
        number = phone_number.read(asked).e164
        box = await self.keys.held(row.record_id) if number else None
        if box is None:
            return False
        agreed = await contact_plan.latest(tx, box, row.record_id)
        return agreed is not None and agreed.plan.number == number

    async def _is(self, row, asked: str) -> bool:  # noqa: ANN001 - a row of the store
        if row.reference == asked.upper():
            return True
        lines = {x["id"]: x["text"] for x in await self.keys.opened(row.id, row.sealed) or ()}
        if asked.casefold() == lines.get(CALLED, "").casefold():
            return True
        number = phone_number.read(asked).e164
        theirs = [lines[name] for name in (NUMBER, TEXT) if name in lines]
        return bool(number) and number in {phone_number.read(one).e164 for one in theirs}

    async def hard_hours(self, worker_id: str) -> tuple[int, str]:
        """Return how often this worker sat with danger of late, and what to offer them."""
        async with self.store.read() as tx:
            hard = await console_rows.exposed(tx, worker_id, self.clock() - exposure.SHIFT)
        return hard, exposure.reminder(hard)

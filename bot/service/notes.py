# SPDX-License-Identifier: Apache-2.0
"""What staff write down of a story, sealed under its key: it goes when the story goes.

A promise and a task are owed until somebody marks them done; a story that owes is not ended.
The police or a court can ask for what is written down: the page says so, and to write little.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from bot.service import holding
from bot.service.ports import Clock, ConversationError
from bot.store import console_rows, events, records, staff
from bot.store.database import Database
from bot.store.keys import KeyStore

KINDS = ("note", "promise", "task", "told", "rang_999")
LONGEST = 1000


@dataclass(frozen=True)
class Note:
    """One thing written down. `owed`: promised or to be done, and not done yet."""

    id: str
    kind: str
    text: str
    staff_id: str
    at: float
    due_at: float | None = None
    done_at: float | None = None

    @property
    def owed(self) -> bool:
        """Say whether somebody still waits for it."""
        return self.kind in console_rows.OWED and self.done_at is None


class Notes:
    """Keeps and shows notes to who has the story; each view is audited."""

    def __init__(self, store: Database, keys: KeyStore, clock: Clock) -> None:
        self.store, self.keys, self.clock = store, keys, clock

    async def add(
        self,
        handover_id: str,
        worker_id: str,
        kind: str,
        text: str,
        *,
        due_at: float | None = None,
        client_id: str = "",
    ) -> None:
        """Keep a note; the same form sent twice is kept once."""
        text, now = text.strip(), self.clock()
        if kind not in KINDS:
            raise ConversationError("unknown_note")
        if not text or len(text) > LONGEST:
            raise ConversationError("too_long" if text else "empty_note")
        async with self.store.write() as tx:
            found = await holding.seen_by(tx, handover_id, worker_id)
            story = found.conversation_id
            if client_id and not await records.once(tx, client_id, "note", now):
                return
            box = await self.keys.held(story)
            if box is None:
                raise ConversationError("unknown")
            await console_rows.keep_note(
                tx,
                id=str(uuid.uuid4()),
                conversation_id=story,
                staff_id=worker_id,
                kind=kind,
                sealed=box.seal(text),
                at=now,
                due_at=due_at if kind in console_rows.OWED else None,
            )
            await staff.note(tx, worker_id, f"note_{kind}", story, now)
            await self._changed(tx, story)

    async def done(self, handover_id: str, worker_id: str, note_id: str) -> None:
        """Mark what was promised or is to be done as done."""
        now = self.clock()
        async with self.store.write() as tx:
            found = await holding.seen_by(tx, handover_id, worker_id)
            story = found.conversation_id
            if not await console_rows.note_done(tx, story, note_id, worker_id, now):
                raise ConversationError("unknown_note")
            await staff.note(tx, worker_id, "note_done", story, now)
            await self._changed(tx, story)

    async def of(self, handover_id: str, worker_id: str) -> list[Note]:
        """Return what was written down of a story, what is owed first."""
        async with self.store.write() as tx:
            found = await holding.seen_by(tx, handover_id, worker_id)
            rows = await console_rows.notes_of(tx, found.conversation_id)
            if rows:
                await staff.note(tx, worker_id, "notes", found.conversation_id, self.clock())
        if not rows:
            return []
        box = await self.keys.held(found.conversation_id)
        if box is None:
            raise ConversationError("unknown")
        kept = [
            Note(r.id, r.kind, box.open(r.sealed), r.staff_id, r.at, r.due_at, r.done_at)
            for r in rows
        ]
        return sorted(kept, key=lambda n: (not n.owed, n.at))

    async def _changed(self, tx, story: str) -> None:  # noqa: ANN001 - a transaction
        await events.add(
            tx, conversation_id=story, audience=events.STAFF, kind="note", at=self.clock()
        )

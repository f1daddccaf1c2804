# SPDX-License-Identifier: Apache-2.0
"""A yes that a person here judges before anything comes of it: kept, brought to staff, decided.

Nothing is sent and nobody is rung meanwhile. Why: bot/policy/competence.py.
"""

from __future__ import annotations

import uuid
from typing import Any

from bot.policy import callback as policy
from bot.policy import competence
from bot.policy.turn import Sender, State, Utterance
from bot.service import contact_plan, judged
from bot.service.calling_back import CallingBack
from bot.service.handover import Handover
from bot.service.judged import JUDGE, WHY
from bot.service.paging import Paging
from bot.service.ports import Clock, ConversationError
from bot.service.referral_state import REFER, TO_JUDGE, TO_SEND, WITHDRAWN, held
from bot.service.referral_state import tell_staff as notes_changed
from bot.service.their_chat import open_chat
from bot.store import callbacks, console_rows, conversations, records, staff
from bot.store.database import Database, Tx
from bot.store.keys import KeyStore

TIER = "soon"
THERE = (State.ASSISTANT, State.WAITING, State.STAFF)
"""Whoever has the person by now: not everybody who has them decides."""


class Judging:
    """Calls staff to a yes that waits for them, and keeps what a named one decides."""

    def __init__(
        self, handover: Handover, paging: Paging, calling_back: CallingBack, keys: KeyStore,
        store: Database, clock: Clock,
    ) -> None:  # fmt: skip
        self.handover, self.paging, self.calling_back = handover, paging, calling_back
        self.keys, self.store, self.clock = keys, store, clock
        self.kinds = {JUDGE: self.call_staff}

    async def call_staff(self, subject: str) -> None:
        """Bring the person into the queue, with a page; one whose talk is over is paged alone."""
        async with self.store.write() as tx:
            kind, story, _ = await self._waits(tx, subject)
            row = await conversations.conversation(tx, story) if story else None
            box = await self.keys.held(story) if row else None
            gone = row is None or box is None or row.state == State.ENDED
            # Whoever has the person already sees it among what is agreed.
            if row is not None and box is not None and not gone and row.state != State.STAFF:
                await self.handover.queue_up(tx, box, row, TIER, WHY, ())
                await self.handover.page(tx, row.id)
        if story and gone:
            await self.paging.remind(f"{subject}-judge", TIER, f"page_judge_{kind}")

    async def decide(self, subject: str, worker_id: str, reason: str) -> None:
        """Keep what a worker decided of a yes and why; it goes on, or nothing comes of it.

        Raises `unknown` for one that waits no more, or of a story they are kept away from, and
        `unknown_outcome` for no reason.
        """
        if reason not in (*competence.MAY, *competence.MAY_NOT):
            raise ConversationError("unknown_outcome")
        now, may = self.clock(), reason in competence.MAY
        async with self.store.write() as tx:
            kind, story, agreed_at = await self._waits(tx, subject)
            if not story or worker_id in await console_rows.excluded(tx, story):
                raise ConversationError("unknown")
            await judged.keep(tx, subject, now, reason)
            say = answer = "may" if may else "may_not"
            await staff.note(tx, worker_id, f"{answer}_{reason}", subject, now)
            await records.cancel(tx, JUDGE, subject)
            if kind == "call":
                say = await self._call(tx, subject, worker_id, may)
            elif may:
                await records.change_consent(tx, subject, TO_JUDGE, state=TO_SEND)
                await records.plan(tx, str(uuid.uuid4()), REFER, subject, now)
            else:
                gone = {"state": WITHDRAWN, "withdrawn_at": now}
                await records.change_consent(tx, subject, TO_JUDGE, **gone)
            await notes_changed(tx, now)
            await self._tell(tx, story, agreed_at, f"judged_{kind}_{say}")

    async def _tell(self, tx: Tx, story: str, agreed_at: float, name: str) -> None:
        """Tell who agreed what came of it, in the very chat in which they did."""
        transcript = self.handover.transcript
        chat = await open_chat(tx, self.keys, transcript, story, THERE, agreed_at)
        if chat is not None:
            await transcript.say(
                tx, chat.box, chat.row, chat.dialogue, [Utterance(name)], sender=Sender.SYSTEM,
                late=True,
            )  # fmt: skip

    async def _call(self, tx: Tx, callback_id: str, worker_id: str, may: bool) -> str:
        """Book a call in the next safe time, or let nobody be rung; return which it was."""
        row: Any = await callbacks.callback(tx, callback_id)
        now = self.clock()
        box = await self.keys.held(row.record_id)
        if box is not None and not may:
            await contact_plan.change(tx, box, row.record_id, worker_id, now, withdrawn=True)
        state = policy.BOOKED if may else policy.OVER
        became = await self.calling_back.becomes(tx, row, state, now, missed=0)
        if not may:
            return "may_not"
        return "may" if became == policy.BOOKED else "no_time"

    async def _waits(self, tx: Tx, subject: str) -> tuple[str, str, float]:
        """Return whether a note or a call waits to be judged, its story and when it was agreed to.

        Both are held, the story first, as everywhere; "" for neither.
        """
        note: Any = await held(tx, subject)
        if note is not None and note.consent == TO_JUDGE:
            return "note", note.conversation_id, note.given_at
        call: Any = await callbacks.callback(tx, subject)
        record = await callbacks.record(tx, call.record_id) if call is not None else None
        if record is None:
            return "", "", 0.0
        await conversations.conversation(tx, record.conversation_id, lock=True)
        call = await callbacks.callback(tx, subject, lock=True)
        waits = call is not None and call.state == policy.TO_JUDGE
        return ("call", record.conversation_id, call.given_at) if waits else ("", "", 0.0)

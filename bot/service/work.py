# SPDX-License-Identifier: Apache-2.0
"""Work that comes due: pages, the words when nobody came, closing. Durable, and done once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from bot.policy import urgency
from bot.policy.turn import Medium, State, Utterance
from bot.service.audit_export import AuditExport
from bot.service.callback import DUE, MISSED, SOON
from bot.service.calling_back import CallingBack
from bot.service.drills import OVER, Drills
from bot.service.handover import Handover
from bot.service.paging import Paging
from bot.service.ports import Clock
from bot.service.reminding import Reminding
from bot.service.retention import Retention
from bot.service.reviewing import Reviewing
from bot.service.transcript import Transcript
from bot.service.unanswered import ASKED, Unanswered
from bot.store import conversations, handovers, records
from bot.store.database import Database, StoreError
from bot.store.keys import KeyStore

log = logging.getLogger(__name__)
Kinds = Mapping[str, Callable[[str], Awaitable[None]]]
EVERY = 1.0
# One piece of work may take so long; it is tried again when its lease is over.
ONE_TAKES, LEASE = 10.0, 15.0
AT_ONCE = 8
SWEEP_EVERY = 15.0
EXPORT_EVERY = 600.0


class Work:
    """Claims what is due and does it."""

    def __init__(
        self,
        store: Database,
        keys: KeyStore,
        transcript: Transcript,
        handover: Handover,
        retention: Retention,
        paging: Paging,
        drills: Drills,
        calling_back: CallingBack,
        notes: tuple[Kinds, Kinds],
        audit_export: AuditExport,
        clock: Clock,
    ) -> None:
        """`notes`: what goes to a service, which may be slow, and what is said to a person."""
        self.store, self.keys, self.transcript = store, keys, transcript
        self.handover, self.retention, self.paging = handover, retention, paging
        self.audit_export, self.clock = audit_export, clock
        reminding = Reminding(store, paging, clock)
        self.pages = paging.kinds | {SOON: reminding.comes_soon, DUE: reminding.comes_due}
        self.pages |= dict(notes[0])
        self.pages |= Reviewing(store, paging).kinds
        self.timed = {
            "danger_unanswered": self._nobody_came,
            ASKED: Unanswered(handover).show,
            "staff_emergency": self._staff_sent_nothing,
            "worker_gone": self.handover.worker_gone,
            "waiting": self._still_waiting,
            OVER: drills.clear,
            MISSED: calling_back.goes_by,
            **notes[1],
        }
        self.kinds = self.pages | self.timed

    async def run(self) -> None:
        """Work for as long as the edge runs. A slow pager or a long sweep holds up no words."""
        words: set[asyncio.Task[None]] = set()
        pages: set[asyncio.Task[None]] = set()
        try:
            await asyncio.gather(
                _again(lambda: self.all_due(tuple(self.timed), words), EVERY),
                _again(lambda: self.all_due(tuple(self.pages), pages), EVERY),
                _again(self.retention.run, SWEEP_EVERY),
                _again(self.audit_export.run, EXPORT_EVERY),
            )
        finally:
            for task in words | pages:
                task.cancel()

    async def all_due(self, kinds: Sequence[str], doing: set[asyncio.Task[None]]) -> None:
        """Begin all work of these kinds that is due; one that fails waits for its lease."""
        while True:
            if len(doing) >= AT_ONCE:
                await asyncio.wait(doing, return_when=asyncio.FIRST_COMPLETED)
            row = await self._claim(kinds)
            if row is None:
                return
            task = asyncio.create_task(_safely(lambda row=row: self._do(*row)))
            doing.add(task)
            task.add_done_callback(doing.discard)

    async def one(self) -> bool:
        """Do the oldest piece of work that is due; False when there is none."""
        row = await self._claim(tuple(self.kinds))
        if row is not None:
            await self._do(*row)
        return row is not None

    async def _claim(self, kinds: Sequence[str]) -> tuple[Any, float] | None:
        until = self.clock() + LEASE
        async with self.store.write() as tx:
            row = await records.claim(tx, self.clock(), until, kinds)
        return (row, until) if row else None

    async def _do(self, row: Any, until: float) -> None:
        async with asyncio.timeout(ONE_TAKES):
            await self.kinds[row.kind](row.subject)
        async with self.store.write() as tx:
            await records.finish(tx, row.id, until)

    async def _nobody_came(self, conversation_id: str) -> None:
        """Say so when nobody has taken a person in danger, and give the numbers once more."""
        async with self.store.write() as tx:
            row = await conversations.conversation(tx, conversation_id, lock=True)
            # The words and the end of their timer are one: neither twice nor never.
            planned = await records.cancel(tx, "danger_unanswered", conversation_id)
            if not planned or row is None or row.state in (State.STAFF, State.ENDED):
                return
            hits = [(h.urgency, h.at) for h in await handovers.hits_of(tx, row.id)]
            # Somebody who said stop, or left, may have company: the screen stays as it is.
            if row.left_at is None and not await self._keeps_still(row, danger=bool(hits)):
                lately = urgency.lately(hits, self.handover.settings.nobody_after)
                about = (lately or [row.urgency])[0]
                words = urgency.words("danger_nobody_yet", about)
                await self.handover.release.tell(tx, row.id, words)

    async def _staff_sent_nothing(self, conversation_id: str) -> None:
        """Send the emergency words that a worker was flagged for and did not send."""
        async with self.store.write() as tx:
            row = await conversations.conversation(tx, conversation_id, lock=True)
            planned = await records.cancel(tx, "staff_emergency", conversation_id)
            if planned and row is not None and row.state != State.ENDED:
                await self.handover.release.emergency_words(tx, row.id)

    async def _still_waiting(self, conversation_id: str) -> None:
        """Tell who waits that their place changed, that nobody is on duty now, or that somebody is.

        A caller hears how it stands while they wait; one who was told that nobody is there is in
        none, and hears at the next pause that somebody is. No choice on offer is taken away by it.
        """
        async with self.store.write() as tx:
            row = await conversations.conversation(tx, conversation_id, lock=True)
            if row is None or row.state != State.WAITING:
                return
            box = await self.keys.held(row.id)
            if box is None:
                return
            dialogue = await self.transcript.dialogue(row, box)
            alone = dialogue.place == 0
            if row.medium == Medium.VOICE and not alone:
                return
            await self.handover.release.tell_again(tx, row.id)
            place = await self.handover.standing.place_to_tell(tx, row)
            # Somebody who said stop, or left, may have company: the screen stays as it is.
            if row.left_at is not None or dialogue.quiet or place in (None, dialogue.place):
                return
            dialogue.place = place
            name = "waiting_on_duty" if alone else "waiting_update"
            news = Utterance(name, {"position": str(place)})
            said = [news if place else self.handover.standing.nobody()]
            await self.transcript.say(tx, box, row, dialogue, said, late=True)

    async def _keeps_still(self, row: Any, *, danger: bool) -> bool:
        """Say whether nothing more may come to the screen.

        Whoever told of danger and only said that it is not safe must know that nobody comes [J].
        """
        box = await self.keys.held(row.id)
        if box is None:
            return True
        dialogue = await self.transcript.dialogue(row, box)
        return dialogue.stopped or (dialogue.quiet and not danger)


async def _again(piece: Callable[[], Awaitable[Any]], every: float) -> None:
    """Do something now and again, whatever comes of it."""
    while True:
        await _safely(piece)
        await asyncio.sleep(every)


async def _safely(piece: Callable[[], Awaitable[Any]]) -> None:
    """Do something; one failure never stops the rest."""
    try:
        await piece()
    except StoreError:
        log.warning("work waits for the database")
    except Exception as problem:  # it stays planned, and is tried again
        log.error("work failed", extra={"error": type(problem).__name__})

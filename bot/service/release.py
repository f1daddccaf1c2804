# SPDX-License-Identifier: Apache-2.0
"""How a worker lets go of a person: ended, handed back, or lost, with nothing owed left unsaid."""

from __future__ import annotations

import uuid
from typing import Any

from bot.policy import urgency
from bot.policy.turn import Sender, State, Utterance
from bot.service.ports import Clock
from bot.service.transcript import Transcript, message_of, read
from bot.settings import Settings
from bot.store import console_rows, conversations, events, handovers, pages, records, staff
from bot.store.database import Tx
from bot.store.keys import KeyStore

DOUBLED_WITHIN = 2.0


class Release:
    """Works inside a transaction that holds the story's row."""

    def __init__(
        self, keys: KeyStore, transcript: Transcript, settings: Settings, clock: Clock
    ) -> None:
        self.keys, self.transcript = keys, transcript
        self.settings, self.clock = settings, clock

    async def let_go(self, tx: Tx, found: Any, outcome: str) -> None:
        """Close a handover; emergency words that the worker still owed are said first."""
        if await records.cancel(tx, "staff_emergency", found.conversation_id):
            await self.emergency_words(tx, found.conversation_id)
        await records.cancel(tx, "worker_gone", found.conversation_id)
        await handovers.end(tx, found.id, outcome, self.clock())
        await console_rows.part(tx, found.conversation_id)
        await self.count_exposure(tx, found)

    async def count_exposure(self, tx: Tx, found: Any) -> None:
        """Count for a worker's own eyes that they sat with danger; it names no story.

        In a drill nobody is there, and nobody sat with danger.
        """
        if await pages.is_drill(tx, found.conversation_id):
            return
        hits = await handovers.hits_of(tx, found.conversation_id)
        if any(hit.verdict != "wrong" for hit in hits):
            await console_rows.was_exposed(tx, str(uuid.uuid4()), found.worker_id, self.clock())

    async def put_back(self, tx: Tx, row: Any, found: Any, *, talked: bool) -> None:
        """Put a person whose worker is gone back into the queue, at the place they had in it.

        Danger heard while they talked counts. They are told if they had been talking.
        """
        now = self.clock()
        await self.let_go(tx, found, "dropped")
        tier, reason = await self._tier(tx, found)
        await handovers.ask(
            tx, id=str(uuid.uuid4()), conversation_id=row.id, tier=tier, reason=reason,
            cues=found.cues, requested_at=found.requested_at,
        )  # fmt: skip
        if row.left_at is not None:
            await handovers.mark_left(tx, row.id)
        await staff.note(tx, found.worker_id, "dropped", row.id, now)
        if row.state == State.ENDED:  # it was open for review only: nobody is there to be told
            await self.seen_by(tx, row.id, events.STAFF, "queue")
            return
        if talked:
            await self.tell(tx, row.id, "staff_gone")
            await self.tell_again(tx, row.id)
        await self.becomes(tx, row.id, State.WAITING)
        await records.plan(tx, str(uuid.uuid4()), "page", row.id, now)
        if row.urgency in urgency.DANGER:
            due = now + self.settings.nobody_after
            await records.plan(tx, str(uuid.uuid4()), "danger_unanswered", row.id, due)

    async def _tier(self, tx: Tx, found: Any) -> tuple[str, str]:
        """Return how urgent a story is now, and why: never less than it was."""
        tier, reason = found.tier, found.reason
        for hit in await handovers.hits_of(tx, found.conversation_id):
            heard = urgency.tier(hit.urgency)
            if hit.verdict != "wrong" and urgency.higher_tier(heard, tier) != tier:
                tier, reason = heard, "hit"
        return tier, reason

    async def tell_again(self, tx: Tx, conversation_id: str) -> None:
        """Plan to look after a while whether there is news for a person who waits."""
        due = self.clock() + self.settings.waiting_told_every
        await records.plan(tx, str(uuid.uuid4()), "waiting", conversation_id, due)

    async def becomes(self, tx: Tx, conversation_id: str, state: State) -> None:
        """Change who answers, and let everybody see it."""
        await conversations.change(tx, conversation_id, state=state)
        await self.seen_by(tx, conversation_id, events.BOTH, "state")
        await self.seen_by(tx, conversation_id, events.STAFF, "queue")

    async def seen_by(self, tx: Tx, conversation_id: str, audience: str, kind: str) -> None:
        """Let one audience see that something changed."""
        await events.add(
            tx, conversation_id=conversation_id, audience=audience, kind=kind, at=self.clock()
        )

    async def emergency_words(self, tx: Tx, conversation_id: str) -> None:
        """Say the emergency words for what the worker was flagged for: each danger has its own.

        With nothing flagged they go by what was heard before the worker came.
        """
        row = await conversations.conversation(tx, conversation_id, lock=True)
        rows = await events.after(
            tx, 0, conversation_id=conversation_id, audiences=(events.STAFF,), limit=5000
        )
        box = await self.keys.held(conversation_id)
        if box is None:
            return
        flags = [(message_of(box, r).text, r.at) for r in rows if r.kind == "flag"]
        owed = urgency.lately(flags, self.settings.staff_sends_within)
        for about in owed or [row.urgency]:
            await self.tell(tx, conversation_id, urgency.words("emergency_from_staff", about))

    async def just_said(self, tx: Tx, conversation_id: str) -> bool:
        """Say whether staff's emergency words were said a moment ago: two hands, or a shaky one."""
        since = self.clock() - DOUBLED_WITHIN
        rows = await events.after(
            tx, 0, conversation_id=conversation_id, audiences=(events.BOTH,), since=since
        )
        box = await self.keys.held(conversation_id)
        if box is None:
            return False
        return any(m.say.startswith("emergency_from_staff") for m in read(box, rows))

    async def tell(self, tx: Tx, conversation_id: str, say: str) -> None:
        """Say approved words to the person, as the service itself."""
        row = await conversations.conversation(tx, conversation_id, lock=True)
        box = await self.keys.held(conversation_id)
        if box is None:
            return
        dialogue = await self.transcript.dialogue(row, box)
        dialogue.place = None if say == "staff_joined" else dialogue.place
        await self.transcript.say(tx, box, row, dialogue, [Utterance(say)], sender=Sender.SYSTEM)

# SPDX-License-Identifier: Apache-2.0
"""Bringing in a person: the queue, who takes it, and the talk between the two.

Asking for a person needs no form and no consent (design rule 8).
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.policy import urgency
from bot.policy.turn import Message, Sender, State, Understanding, Utterance
from bot.service.lane import Lane, turn_body
from bot.service.ports import Clock, ConversationError
from bot.service.transcript import Transcript, read
from bot.settings import Settings
from bot.store import conversations, events, handovers, records, staff
from bot.store.database import Database, Tx
from bot.store.keys import Box, KeyGone, KeyStore

OUTCOMES = ("supported", "signposted", "referred", "callback", "safeguarding", "silent",
            "wrong_number", "abusive", "left", "test")  # fmt: skip
AROUND = 3  # turns before and after a hit that a worker sees


@dataclass(frozen=True)
class Waiting:
    """One row of the queue as staff see it: no words of the person."""

    id: str
    conversation_id: str
    medium: str
    tier: str
    said_as: str
    reason: str
    topic: str
    state: str
    worker_id: str | None
    requested_at: float
    left: bool
    closed: bool = False


@dataclass(frozen=True)
class Brief:
    """What a worker sees on accepting. `around` is empty unless something was heard as danger."""

    handover: Waiting
    facts: dict[str, str]
    cues: tuple[str, ...]
    hits: tuple[tuple[str, str, str | None], ...]
    around: tuple[Message, ...]


class Handover:
    """The queue and what a worker does with a story."""

    def __init__(
        self,
        store: Database,
        keys: KeyStore,
        transcript: Transcript,
        lane: Lane,
        settings: Settings,
        clock: Clock,
    ) -> None:
        self.store, self.keys, self.transcript, self.lane = store, keys, transcript, lane
        self.settings, self.clock = settings, clock

    # -- the person's side -------------------------------------------------------------------

    async def queue_up(
        self, tx: Tx, box: Box, row: Any, tier: str, reason: str, cues: Sequence[str]
    ) -> bool:
        """Put a story into the queue, or raise it there; True when it was not there before."""
        sealed = box.seal(list(cues))
        known = await handovers.open_for(tx, row.id)
        if known is None:
            await handovers.ask(
                tx,
                id=str(uuid.uuid4()),
                conversation_id=row.id,
                tier=tier,
                reason=reason,
                cues=sealed,
                requested_at=self.clock(),
            )
        elif urgency.higher_tier(tier, known.tier) != known.tier:
            await handovers.raise_to(tx, known.id, tier, reason, sealed)
        if known is not None and known.state == handovers.LEFT:
            await handovers.waiting_again(tx, row.id)
        await events.add(
            tx, conversation_id=row.id, audience=events.STAFF, kind="queue", at=self.clock()
        )
        return known is None

    async def somebody_there(self, tx: Tx) -> bool:
        """Say whether a worker is marked available, or an on-call number is set."""
        return bool(self.settings.on_call) or await staff.anybody_available(tx, self.clock())

    async def page(self, tx: Tx, conversation_id: str) -> None:
        """Plan a page to staff; it is sent by the work loop, also after a restart."""
        await records.plan(tx, str(uuid.uuid4()), "page", conversation_id, self.clock())

    async def place(self, tx: Tx, conversation_id: str) -> int | None:
        """Return a waiting person's place in the queue, None when they are not in it."""
        rows = [r for r in await handovers.waiting(tx) if r.state == handovers.WAITING]
        mine = next((r for r in rows if r.conversation_id == conversation_id), None)
        if mine is None:
            return None
        others = [(r.tier, r.requested_at) for r in rows if r is not mine]
        return urgency.place(others, (mine.tier, mine.requested_at))

    # -- the worker's side -------------------------------------------------------------------

    async def queue(self) -> list[Waiting]:
        """Return the queue by urgency, then by waiting time; those who left come last."""
        async with self.store.read() as tx:
            rows = await handovers.waiting(tx)
        found = [_waiting(r) for r in rows]
        return sorted(found, key=lambda w: (w.left, urgency.TIERS.index(w.tier), w.requested_at))

    async def accept(self, handover_id: str, worker_id: str) -> str:
        """Give a story to a worker and return its conversation; `taken` when another was first."""
        async with self.store.write() as tx:
            found = await self._open(tx, handover_id)
            if not await handovers.accept(tx, handover_id, worker_id, self.clock()):
                raise ConversationError("taken")
            await staff.note(tx, worker_id, "accept", found.conversation_id, self.clock())
            await records.cancel(tx, "danger_unanswered", found.conversation_id)
            row = await conversations.conversation(tx, found.conversation_id)
            if row.state == State.ENDED:  # taken for review only: nobody is there to be joined
                await events.add(
                    tx, conversation_id=row.id, audience=events.STAFF, kind="queue", at=self.clock()
                )
            else:
                await self._move(tx, found.conversation_id, State.STAFF, "staff_joined")
        return found.conversation_id

    async def say(
        self, handover_id: str, worker_id: str, text: str, client_id: str = ""
    ) -> Message | None:
        """Send a worker's own words to the person; None when this `client_id` was sent before."""
        async with self.store.write() as tx:
            found = await self._mine(tx, handover_id, worker_id)
            if client_id and not await records.once(tx, client_id, "say", self.clock()):
                return None
            box = await self.keys.box(found.conversation_id)
            closes = self.clock() + self.settings.idle_closes_after
            await conversations.change(tx, found.conversation_id, closes_at=closes)
            message = Message(Sender.STAFF, text)
            return await self.transcript.add(tx, box, found.conversation_id, message)

    async def send_emergency_words(self, handover_id: str, worker_id: str) -> None:
        """Send the emergency words now, by one key of the worker."""
        async with self.store.write() as tx:
            found = await self._mine(tx, handover_id, worker_id)
            await self.emergency_words(tx, found.conversation_id)

    async def emergency_words(self, tx: Tx, conversation_id: str) -> None:
        """Send the emergency words as the system; cancels the timer that would send them."""
        await records.cancel(tx, "staff_emergency", conversation_id)
        await self._tell(tx, conversation_id, Utterance("emergency_from_staff"))

    async def end(self, handover_id: str, worker_id: str, outcome: str) -> None:
        """End a conversation with its outcome."""
        if outcome not in OUTCOMES:
            raise ConversationError("unknown_outcome")
        now = self.clock()
        async with self.store.write() as tx:
            found = await self._mine(tx, handover_id, worker_id)
            await handovers.end(tx, handover_id, outcome, now)
            await staff.note(tx, worker_id, "end", found.conversation_id, now)
            await records.cancel(tx, "staff_emergency", found.conversation_id)
            await self._move(tx, found.conversation_id, State.ENDED, "staff_ended")
            # Both sides keep the last words on screen a little; then the story closes.
            await conversations.change(tx, found.conversation_id, closes_at=now + 120)

    async def hand_back(self, handover_id: str, worker_id: str) -> None:
        """Give the person back to the assistant, which goes on where it was."""
        now = self.clock()
        async with self.store.write() as tx:
            found = await self._mine(tx, handover_id, worker_id)
            await handovers.end(tx, handover_id, "handed_back", now)
            await staff.note(tx, worker_id, "hand_back", found.conversation_id, now)
            await self._move(tx, found.conversation_id, State.ASSISTANT, "staff_back")
            await self._staff_done(tx, found.conversation_id, now)
        self.lane.send(found.conversation_id)

    async def brief(self, handover_id: str, worker_id: str) -> Brief:
        """Return what this worker may see of a story they have accepted; the view is audited."""
        async with self.store.write() as tx:
            found = await self._mine(tx, handover_id, worker_id)
            await staff.note(tx, worker_id, "brief", found.conversation_id, self.clock())
            row = next(r for r in await handovers.waiting(tx) if r.id == handover_id)
            facts = await records.facts_of(tx, found.conversation_id)
            hits = await handovers.hits_of(tx, found.conversation_id)
            turns = await conversations.turns_of(tx, found.conversation_id)
            rows = await events.of_turns(tx, _around(turns, {h.turn_id for h in hits}))
        box = await self.keys.box(found.conversation_id)
        cues = {c for h in hits for c in box.open(h.cues)} | set(box.open(found.cues))
        return Brief(
            handover=_waiting(row),
            facts={f.name: box.open(f.sealed) for f in facts},
            cues=tuple(sorted(cues)),
            hits=tuple((h.id, h.urgency, h.verdict) for h in hits),
            around=tuple(read(box, rows)),
        )

    # -- shared ------------------------------------------------------------------------------

    async def _open(self, tx: Tx, handover_id: str) -> Any:
        found = await handovers.find(tx, handover_id, lock=True)
        if found is None or found.state == handovers.ENDED:
            raise ConversationError("unknown")
        return found

    async def _mine(self, tx: Tx, handover_id: str, worker_id: str) -> Any:
        found = await self._open(tx, handover_id)
        if found.state != handovers.TAKEN or found.worker_id != worker_id:
            raise ConversationError("not_yours")
        return found

    async def _move(self, tx: Tx, conversation_id: str, state: State, say: str) -> None:
        """Change who answers, tell the person in approved words, and let everybody see it."""
        await conversations.change(tx, conversation_id, state=state)
        await self._tell(tx, conversation_id, Utterance(say))
        for audience, kind in ((events.BOTH, "state"), (events.STAFF, "queue")):
            await events.add(
                tx, conversation_id=conversation_id, audience=audience, kind=kind, at=self.clock()
            )

    async def _tell(self, tx: Tx, conversation_id: str, words: Utterance) -> None:
        row = await conversations.conversation(tx, conversation_id, lock=True)
        try:
            box = await self.keys.box(conversation_id)
        except KeyGone:
            return
        dialogue = await self.transcript.dialogue(row, box)
        await self.transcript.say(tx, box, row, dialogue, [words], sender=Sender.SYSTEM)

    async def _staff_done(self, tx: Tx, conversation_id: str, now: float) -> None:
        """Let the assistant know it has the person again, as a turn in which nobody spoke."""
        box = await self.keys.box(conversation_id)
        contact = await conversations.live_contact(tx, conversation_id)
        body = turn_body("", "staff_done", Understanding())
        await conversations.keep_turn(
            tx,
            id=str(uuid.uuid4()),
            conversation_id=conversation_id,
            contact_id=contact.id if contact else "",
            seq=await conversations.next_seq(tx, conversation_id),
            body_hash="",
            sealed=box.seal(body),
            status=conversations.UNANSWERED,
            received_at=now,
        )


def _around(turns: Sequence[Any], hit_turns: set[str]) -> list[str]:
    """Return the ids of the turns around each hit."""
    where = [i for i, t in enumerate(turns) if t.id in hit_turns]
    return [t.id for i, t in enumerate(turns) if any(abs(i - w) <= AROUND for w in where)]


def _waiting(row: Any) -> Waiting:
    return Waiting(
        id=row.id,
        conversation_id=row.conversation_id,
        medium=row.medium,
        tier=row.tier,
        said_as=urgency.SAID_AS[row.tier],
        reason=row.reason,
        topic=row.topic,
        state=row.state,
        worker_id=row.worker_id,
        requested_at=row.requested_at,
        left=row.state == handovers.LEFT or row.left_at is not None,
        closed=row.conversation_state == State.ENDED,
    )

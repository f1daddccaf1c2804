# SPDX-License-Identifier: Apache-2.0
"""Bringing in a person: the queue, who takes it, and the talk between the two.

Asking for a person needs no form and no consent (design rule 8).
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from bot.policy import urgency
from bot.policy.turn import Message, Sender, State, Understanding
from bot.service import holding, talking
from bot.service.brief import SHOWN, Brief, Waiting, facts_shown, turns_around, waiting
from bot.service.duty import Duty
from bot.service.lane import Lane, turn_body
from bot.service.ports import Clock, ConversationError
from bot.service.release import Release
from bot.service.standing import Standing
from bot.service.transcript import Transcript, read
from bot.settings import Settings
from bot.store import console_rows, conversations, events, handovers, records, staff
from bot.store.database import Database, Tx
from bot.store.keys import Box, KeyStore

OUTCOMES = ("supported", "signposted", "referred", "callback", "safeguarding", "silent",
            "wrong_number", "abusive", "left", "test")  # fmt: skip


class Handover:
    """The queue and what a worker does with a story."""

    def __init__(
        self,
        store: Database,
        keys: KeyStore,
        transcript: Transcript,
        lane: Lane,
        duty: Duty,
        settings: Settings,
        clock: Clock,
    ) -> None:
        self.store, self.keys, self.transcript, self.lane = store, keys, transcript, lane
        self.settings, self.clock = settings, clock
        self.standing = Standing(duty)
        self.release = Release(keys, transcript, settings, clock)
        self.since = clock()

    # -- the person's side -------------------------------------------------------------------

    async def queue_up(
        self, tx: Tx, box: Box, row: Any, tier: str, reason: str, cues: Sequence[str]
    ) -> bool:
        """Put a story into the queue, or raise it there; True when it was not there before."""
        sealed, tier = box.seal(list(cues)), await talking.raised(tx, box, row.id, tier)
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

    async def page(self, tx: Tx, conversation_id: str) -> None:
        """Plan a page to staff; it is sent by the work loop, also after a restart."""
        await records.plan(tx, str(uuid.uuid4()), "page", conversation_id, self.clock())

    # -- the worker's side -------------------------------------------------------------------

    async def queue(self) -> list[Waiting]:
        """Return the queue by urgency, then by waiting time; who left, and closed ones, last."""
        async with self.store.read() as tx:
            rows = await handovers.waiting(tx)
            heard = await handovers.heard(tx)
            facts = await handovers.told(tx, SHOWN)
        told: dict[str, dict[str, str]] = {r.conversation_id: {} for r in rows}
        for fact in facts:
            told.setdefault(fact.conversation_id, {})[fact.name] = await self._opened(fact)
        found = [
            waiting(
                r,
                [h.urgency for h in heard if h.conversation_id == r.conversation_id],
                told[r.conversation_id],
            )
            for r in rows
        ]
        order = {tier: rank for rank, tier in enumerate(urgency.TIERS)}
        return sorted(found, key=lambda w: (w.closed, w.left, order[w.tier], w.requested_at))

    async def accept(self, handover_id: str, worker_id: str, *, by_phone: bool = False) -> str:
        """Give a story to a worker and return its conversation; `taken` when another was first.

        `by_phone` says that their line will tell when they are gone; a console has to be watched.
        """
        async with self.store.write() as tx:
            found = await holding.open_handover(tx, handover_id)
            await holding.may_enter(tx, found, worker_id)
            if not await handovers.accept(tx, handover_id, worker_id, self.clock()):
                raise ConversationError("taken")
            if not by_phone:
                await self.watch(tx, found.conversation_id, worker_id)
            await staff.note(tx, worker_id, "accept", found.conversation_id, self.clock())
            await records.cancel(tx, "danger_unanswered", found.conversation_id)
            row = await conversations.conversation(tx, found.conversation_id)
            if row.state == State.ENDED:  # taken for review only: nobody is there to be joined
                await self.release.seen_by(tx, row.id, events.STAFF, "queue")
            else:
                await self.release.tell(tx, row.id, "staff_joined")
                await self.release.becomes(tx, row.id, State.STAFF)
        return found.conversation_id

    async def worker_gone(self, conversation_id: str) -> None:
        """Put a person back into the queue if their worker's console is no longer there."""
        async with self.store.write() as tx:
            row = await conversations.conversation(tx, conversation_id, lock=True)
            found = await handovers.open_for(tx, conversation_id)
            if row is None or found is None or found.state != handovers.TAKEN:
                return
            worker = await staff.find(tx, id=found.worker_id)
            seen = worker.seen_at if worker else None  # None: signed out
            # Consoles cannot say that they are open while the service itself was down.
            stale_at = max(seen, self.since) + staff.GONE_AFTER if seen else self.clock()
            if stale_at > self.clock():
                await records.plan(tx, str(uuid.uuid4()), "worker_gone", row.id, stale_at)
            else:
                await self.release.put_back(tx, row, found, talked=True)

    async def say(
        self, handover_id: str, worker_id: str, text: str, client_id: str = ""
    ) -> Message | None:
        """Send a worker's own words to the person; None when this `client_id` was sent before."""
        async with self.store.write() as tx:
            found = await holding.seen_by(tx, handover_id, worker_id)
            if client_id and not await records.once(tx, client_id, "say", self.clock()):
                return None
            box = await self.keys.box(found.conversation_id)
            row = await conversations.conversation(tx, found.conversation_id)
            closes = max(row.closes_at, self.clock() + self.settings.idle_closes_after)
            await conversations.change(tx, found.conversation_id, closes_at=closes)
            by_keys = await talking.ask_by_keys(tx, box, row, self.transcript, text, worker_id)
            if by_keys:
                return by_keys
            message = Message(Sender.STAFF, text, by=worker_id)
            return await self.transcript.add(tx, box, found.conversation_id, message)

    async def send_emergency_words(self, handover_id: str, worker_id: str) -> None:
        """Send the emergency words now, by one key of the worker."""
        async with self.store.write() as tx:
            found = await holding.seen_by(tx, handover_id, worker_id)
            await records.cancel(tx, "staff_emergency", found.conversation_id)
            # Two hands on two keyboards, or one that shakes: the words are said once.
            if not await self.release.just_said(tx, found.conversation_id):
                await self.release.emergency_words(tx, found.conversation_id)

    async def end(self, handover_id: str, worker_id: str, outcome: str) -> None:
        """End a conversation with its outcome; `verdict_first` or `owed_first` too early."""
        if outcome not in OUTCOMES:
            raise ConversationError("unknown_outcome")
        now = self.clock()
        async with self.store.write() as tx:
            found = await holding.held_by(tx, handover_id, worker_id)
            await self._judged(tx, found.conversation_id)
            await self.release.let_go(tx, found, outcome)
            await staff.note(tx, worker_id, "end", found.conversation_id, now)
            await self.release.tell(tx, found.conversation_id, "staff_ended")
            await self.release.becomes(tx, found.conversation_id, State.ENDED)
            # Both sides keep the last words on screen a little; then the story closes.
            await conversations.change(tx, found.conversation_id, closes_at=now + 120)

    async def hand_back(self, handover_id: str, worker_id: str, *, agreed: bool) -> None:
        """Give the person back to the assistant, which goes on where it was.

        Only with the person's yes (`agreed`), or after they left: otherwise `ask_first`.
        Nobody waits for a verdict: a flag without one is judged by whoever has the story next,
        or once it has closed. After a risk of suicide the questions are not gone back to.
        """
        now = self.clock()
        async with self.store.write() as tx:
            found = await holding.held_by(tx, handover_id, worker_id)
            story = found.conversation_id
            row = await conversations.conversation(tx, story)
            if not agreed and row.left_at is None:
                raise ConversationError("ask_first")
            await self.release.let_go(tx, found, "handed_back")
            await staff.note(tx, worker_id, "hand_back", story, now)
            heard = [h for h in await handovers.hits_of(tx, story) if h.verdict != "wrong"]
            quietly = any(h.urgency == "suicide_risk" for h in heard)
            await self.release.tell(tx, story, "staff_back_suicide" if quietly else "staff_back")
            await self.release.becomes(tx, story, State.ASSISTANT)
            # What closes a form and says nothing more: the words above were all.
            await self._staff_done(tx, story, "exit_now" if quietly else "staff_done", now)
        self.lane.send(found.conversation_id)

    async def brief(self, handover_id: str, worker_id: str) -> Brief:
        """Return what this worker may see of a story they have accepted; the view is audited."""
        async with self.store.write() as tx:
            found = await holding.seen_by(tx, handover_id, worker_id)
            await staff.note(tx, worker_id, "brief", found.conversation_id, self.clock())
            row = next(r for r in await handovers.waiting(tx) if r.id == handover_id)
            facts = await records.facts_of(tx, found.conversation_id)
            hits = await handovers.hits_of(tx, found.conversation_id)
            turns = await conversations.turns_of(tx, found.conversation_id)
            rows = await events.of_turns(tx, turns_around(turns, hits))
        box = await self.keys.box(found.conversation_id)
        sealed = filter(None, (found.cues, *(h.cues for h in hits)))
        cues = {cue for one in sealed for cue in box.open(one)}
        return Brief(
            handover=waiting(row),
            facts=facts_shown(box, facts),
            cues=tuple(sorted(cues)),
            hits=tuple((h.id, h.urgency, h.verdict) for h in hits),
            around=tuple(read(box, rows)),
        )

    # -- shared ------------------------------------------------------------------------------

    async def _judged(self, tx: Tx, conversation_id: str) -> None:
        """Refuse to end a story while a flag in it has no verdict, or a promise is open."""
        if await console_rows.owes(tx, conversation_id):
            raise ConversationError("owed_first")
        if any(not h.verdict for h in await handovers.hits_of(tx, conversation_id)):
            raise ConversationError("verdict_first")

    async def _opened(self, fact: Any) -> str:
        return await self.keys.opened(fact.conversation_id, fact.sealed) or ""

    async def watch(self, tx: Tx, conversation_id: str, worker_id: str) -> None:
        """Look, for as long as a worker has a person, whether their console is still there."""
        due = self.clock() + staff.GONE_AFTER
        await records.plan(tx, str(uuid.uuid4()), "worker_gone", conversation_id, due)
        await staff.change(tx, worker_id, seen_at=self.clock())

    async def _staff_done(
        self, tx: Tx, conversation_id: str, intent: str, now: float
    ) -> None:
        """Let the assistant know it has the person again, as a turn in which nobody spoke."""
        box = await self.keys.box(conversation_id)
        contact = await conversations.live_contact(tx, conversation_id)
        body = turn_body("", intent, Understanding())
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

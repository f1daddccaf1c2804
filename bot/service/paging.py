# SPDX-License-Identifier: Apache-2.0
"""Calls staff to the queue, step by step, until somebody accepts or says "I have it".

A step, its pages and the time of the next are one transaction: a process may die at any point and
nothing is lost, and of two processes one takes each step. A page is planned once; a process that
dies between sending it and noting so sends it again under the same id, for a page too many harms
less than one too few.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Collection, Mapping
from typing import Any

from bot.policy import on_call, urgency
from bot.policy.on_call import Pace
from bot.policy.rota import Person
from bot.policy.turn import Medium, State, Utterance
from bot.service.duty import Duty, named
from bot.service.ports import Clock, ConversationError, Page, PageFailed, Pager, Rings
from bot.service.transcript import Transcript
from bot.store import console_rows, conversations, events, handovers, pages, records, staff
from bot.store.database import Database, Tx
from bot.store.keys import KeyStore

log = logging.getLogger(__name__)
BEGIN, AGAIN, DELIVER = "page", "page_again", "deliver"
CONSOLE = "console"
ONE_TAKES = 8.0
"""Seconds one page may take to be sent; less than a piece of work may take."""


class Paging:
    """Takes the steps that come due, and sends the pages of each."""

    def __init__(
        self, store: Database, keys: KeyStore, transcript: Transcript, duty: Duty,
        pagers: Mapping[str, Pager], paces: Mapping[str, Pace], link: str, clock: Clock,
    ) -> None:  # fmt: skip
        self.store, self.keys, self.transcript, self.duty = store, keys, transcript, duty
        self.pagers, self.paces, self.link, self.clock = dict(pagers), paces, link, clock
        self.line: Rings | None = None
        self.kinds = {BEGIN: self.begin, AGAIN: self.go_on, DELIVER: self.deliver}

    async def begin(self, conversation_id: str) -> None:
        """Begin calling for who waits; asked again it begins anew only where it got more urgent."""
        rung = await self._rung(conversation_id)
        async with self.store.write() as tx:
            row, found = await self._waits(tx, conversation_id)
            if found is None:
                return
            on_the_line = row.medium == Medium.VOICE and row.left_at is None
            rung = rung or (on_the_line and found.reason in on_call.RUNG_FOR)
            chain = await pages.chain(tx, found.id)
            if chain is None:
                await pages.begin(
                    tx, found.id, tier=found.tier, round=0, step=0,
                    began_at=self.clock(), next_at=self.clock(),
                )  # fmt: skip
                await self._step(tx, row, found, 0, 0, rung)
            elif urgency.higher_tier(found.tier, chain.tier) != chain.tier:
                await self._step(tx, row, found, chain.round + 1, 0, rung)

    async def go_on(self, conversation_id: str) -> None:
        """Take the next step of a calling that nobody has answered."""
        rung = await self._rung(conversation_id)
        async with self.store.write() as tx:
            row, found = await self._waits(tx, conversation_id)
            chain = await pages.chain(tx, found.id) if found is not None else None
            if chain is None:
                return
            if chain.next_at > self.clock():
                await self._next(tx, row.id, found.id, chain.next_at)
            elif chain.seen_at is not None:  # who had it has not come: it begins again
                await self._step(tx, row, found, chain.round + 1, 0, rung)
            else:
                await self._step(tx, row, found, chain.round, chain.step, rung)

    async def have_it(self, handover_id: str, worker_id: str) -> bool:
        """Stop the pages for a while: a worker has seen it and is coming. False for the second.

        The person is told that somebody has seen them, and no time.
        """
        now = self.clock()
        async with self.store.write() as tx:
            found = await handovers.find(tx, handover_id)
            if found is None:
                raise ConversationError("unknown")
            if worker_id in await console_rows.excluded(tx, found.conversation_id):
                raise ConversationError("excluded")
            row, found = await self._waits(tx, found.conversation_id)
            chain = await pages.chain(tx, handover_id) if found is not None else None
            if chain is None or found.id != handover_id:
                raise ConversationError("taken")
            if chain.seen_at is not None:
                return False
            until = now + self.paces[found.tier].accept_within
            await pages.change(tx, handover_id, seen_at=now, seen_by=worker_id)
            await self._next(tx, row.id, handover_id, until)
            await staff.note(tx, worker_id, "have_it", row.id, now)
            await self._queue_changed(tx, row.id)
            await self._tell(tx, row, "waiting_seen")
        return True

    async def deliver(self, delivery_id: str) -> None:
        """Send one page, unless nobody needs it any more."""
        async with self.store.read() as tx:
            found = await pages.delivery(tx, delivery_id)
            if found is None or found.state != pages.PLANNED:
                return
            test = await pages.is_drill(tx, found.conversation_id)
        answered = found.seen_at is not None or found.handover_state in (
            handovers.TAKEN, handovers.ENDED,
        )  # fmt: skip
        if answered:
            async with self.store.write() as tx:
                await pages.came_of(tx, delivery_id, state=pages.NOT_NEEDED)
            return
        try:
            await self._send(found, test)
        except PageFailed as failed:
            await self._failed(delivery_id, failed)
            return
        async with self.store.write() as tx:
            await pages.came_of(
                tx, delivery_id, state=pages.SENT, tries=found.tries + 1, sent_at=self.clock()
            )
            await self._queue_changed(tx, found.conversation_id)

    async def remind(
        self, page_id: str, tier: str, name: str, rather: Collection[str] = ()
    ) -> None:
        """Page everybody on duty once that something in the console is due, where nobody waits.

        `rather`: names of accounts; whoever of them is on duty is paged alone, unless no way of
        theirs works. Raises PageFailed when nobody could be paged and asking again may help.
        """
        on_duty = self.duty.people(tier)
        first = named(on_duty, rather)
        others = tuple(person for person in on_duty if person not in first)
        if not (first and await self._reminded(page_id, tier, name, first)):
            await self._reminded(page_id, tier, name, others)

    async def _reminded(
        self, page_id: str, tier: str, name: str, called: Collection[Person]
    ) -> bool:
        """Page these people once; False where every page of theirs failed for good."""
        ways = [way for person in called for way in self.duty.ways(person)]
        sent = [
            self._by(means, self._page(page_id, to, tier, name))
            for means, to in [(CONSOLE, ""), *ways]
        ]
        came = (await asyncio.gather(*sent, return_exceptions=True))[1:]
        failed = [one for one in came if isinstance(one, PageFailed)]
        for (means, _), one in zip(ways, came, strict=True):
            if isinstance(one, PageFailed):
                log.warning("a reminder failed", extra={"where": means, "code": one.code})
        reached = len(failed) < len(came)
        if not reached and any(one.again for one in failed):
            raise PageFailed("nobody_reminded")
        return reached

    # -- steps -------------------------------------------------------------------------------

    async def _waits(self, tx: Tx, conversation_id: str) -> tuple[Any, Any]:
        """Return a story, held, and its handover if somebody is still to be called for it."""
        row = await conversations.conversation(tx, conversation_id, lock=True)
        found = await handovers.open_for(tx, conversation_id)
        waits = row is not None and found is not None and row.state != State.ENDED
        return row, found if waits and found.state != handovers.TAKEN else None

    async def _rung(self, conversation_id: str) -> bool:
        """Say whether the telephone rings for a caller already: these very numbers, now."""
        return self.line is not None and await self.line.rings_for(conversation_id)

    async def _step(
        self, tx: Tx, row: Any, found: Any, round_: int, step: int, rung: bool
    ) -> None:
        """Page whom this step names; `rung`: by telephone they are rung for the caller already."""
        pace, now = self.paces[found.tier], self.clock()
        here = on_call.at(pace, step)
        on_duty = await self.duty.for_story(tx, row.id, found.tier)
        called = [
            (means, person.id)
            for person in on_call.whom(pace, step, on_duty)
            for means, _ in self.duty.ways(person)
            if means != "voice" or not rung
        ]
        for means, person in [(CONSOLE, ""), *called]:
            delivery = str(uuid.uuid4())
            await pages.plan(
                tx, id=delivery, handover_id=found.id, tier=found.tier, round=round_, step=step,
                means=means, person=person, planned_at=now,
            )  # fmt: skip
            await records.plan(tx, str(uuid.uuid4()), DELIVER, delivery, now)
        await pages.change(
            tx, found.id, tier=found.tier, round=round_, step=step + 1, seen_at=None, seen_by=None
        )
        await self._next(tx, row.id, found.id, now + here.wait)
        await self._queue_changed(tx, row.id)
        if here.tell and await self.duty.somebody_there(tx, row.medium, row.id):  # else they know
            await self._tell(tx, row, "waiting_nobody_came")

    async def _next(self, tx: Tx, conversation_id: str, handover_id: str, at: float) -> None:
        await pages.change(tx, handover_id, next_at=at)
        await records.cancel(tx, AGAIN, conversation_id)
        await records.plan(tx, str(uuid.uuid4()), AGAIN, conversation_id, at)

    async def _queue_changed(self, tx: Tx, conversation_id: str) -> None:
        await events.add(
            tx, conversation_id=conversation_id, audience=events.STAFF, kind="queue",
            at=self.clock(),
        )  # fmt: skip

    async def _tell(self, tx: Tx, row: Any, say: str) -> None:
        """Tell who waits in the chat. A caller hears how it stands while they wait.

        Somebody who said stop, or left, may have company: the screen stays as it is.
        """
        if row.state != State.WAITING or row.medium == Medium.VOICE or row.left_at is not None:
            return
        box = await self.keys.held(row.id)
        if box is None:
            return
        dialogue = await self.transcript.dialogue(row, box)
        if not dialogue.quiet:
            await self.transcript.say(tx, box, row, dialogue, [Utterance(say)], late=True)

    # -- pages -------------------------------------------------------------------------------

    async def _send(self, found: Any, test: bool) -> None:
        to = "" if found.means == CONSOLE else self.duty.way(found.person, found.means)
        if found.means != CONSOLE and not to:
            raise PageFailed("no_way", again=False)
        name = "page_test" if test else "page"
        await self._by(found.means, self._page(found.id, to, found.tier, name, test))

    async def _by(self, means: str, page: Page) -> None:
        pager = self.pagers.get(means)
        if pager is None:
            raise PageFailed("no_way", again=False)
        try:
            async with asyncio.timeout(ONE_TAKES):
                await pager.page(page)
        except TimeoutError:
            raise PageFailed("too_slow") from None
        except PageFailed:
            raise
        except Exception as problem:  # whatever a library does: the page did not go
            log.error("a pager failed", extra={"error": type(problem).__name__})
            raise PageFailed("trouble") from None

    def _page(self, page_id: str, to: str, tier: str, name: str, test: bool = False) -> Page:
        values = {"tier": urgency.SAID_AS[tier], "link": self.link}

        def said(part: str, medium: Medium) -> str:
            return self.transcript.words.message(Utterance(f"{name}_{part}", values), medium).text

        return Page(
            id=page_id, to=to, tier=tier, link=self.link, test=test,
            subject=said("subject", Medium.CHAT), text=said("text", Medium.CHAT),
            spoken=said("call", Medium.VOICE),
        )  # fmt: skip

    async def _failed(self, delivery_id: str, failed: PageFailed) -> None:
        """Try again later, or give it up; where nobody else was called the next step is due now."""
        now = self.clock()
        async with self.store.write() as tx:
            found = await pages.delivery(tx, delivery_id)
            if found is None or found.state != pages.PLANNED:
                return
            await conversations.conversation(tx, found.conversation_id, lock=True)
            tries = found.tries + 1
            pause = on_call.again_after(tries) if failed.again else None
            given_up = {"state": pages.FAILED} if pause is None else {}
            await pages.came_of(tx, delivery_id, tries=tries, error=failed.code[:40], **given_up)
            if pause is not None:
                await records.plan(tx, str(uuid.uuid4()), DELIVER, delivery_id, now + pause)
                return
            log.warning("a page was given up", extra={"where": found.means, "code": failed.code})
            await self._queue_changed(tx, found.conversation_id)
            step = await pages.of_step(tx, found.handover_id, found.round, found.step)
            called = [one.state for one in step if one.means != CONSOLE]
            if called and set(called) == {pages.FAILED}:
                await self._hurry(tx, found)

    async def _hurry(self, tx: Tx, found: Any) -> None:
        chain = await pages.chain(tx, found.handover_id)
        current = (chain.round, chain.step - 1) == (found.round, found.step)
        if current and chain.seen_at is None and chain.step < len(self.paces[chain.tier].steps):
            await self._next(tx, found.conversation_id, found.handover_id, self.clock())

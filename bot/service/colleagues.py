# SPDX-License-Identifier: Apache-2.0
"""Two of staff and one story: passing it on, a supervisor beside, and who keeps away.

Nobody is let go of before somebody else has them: a colleague is asked, and takes over. The
person in the chat is told who is there; a caller hears it from the worker, never from a machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.policy.roles import TEAMS, May, is_asked, may
from bot.policy.turn import Medium, State
from bot.service import holding
from bot.service.accounts import Accounts
from bot.service.duty import Duty
from bot.service.handover import Handover
from bot.service.ports import Clock, ConversationError
from bot.store import console_rows, conversations, events, handovers, records, staff
from bot.store.database import Database, Tx

READMITTED = ("mistake", "no_tie", "person_agrees")
"""Why somebody may be told of a story again."""


@dataclass(frozen=True)
class Company:
    """Who is in a story beside its worker, who is asked to take it, and who could be asked.

    `away`: who is kept away from it.
    """

    worker_id: str
    joined: tuple[str, ...]
    offered_to: str
    others: tuple[tuple[str, str], ...]
    away: tuple[str, ...] = ()


class Colleagues:
    """Passes stories on between staff."""

    def __init__(
        self, store: Database, handover: Handover, accounts: Accounts, duty: Duty, clock: Clock
    ) -> None:
        self.store, self.handover, self.accounts = store, handover, accounts
        self.duty, self.clock = duty, clock

    async def company(self, handover_id: str, worker_id: str) -> Company:
        """Return who else is in a story, and whom it could be passed on to."""
        async with self.store.read() as tx:
            found = await holding.seen_by(tx, handover_id, worker_id, lock=False)
            joined = await console_rows.companions_of(tx, found.conversation_id)
            away = await console_rows.excluded(tx, found.conversation_id)
            rows = await staff.everybody(tx)
        others = tuple(
            (r.id, r.name)
            for r in rows
            if may(r.role, May.TAKE) and r.password_hash and r.id not in (found.worker_id, *away)
        )
        return Company(
            found.worker_id, tuple(joined), found.offered_to or "", others, tuple(away)
        )

    async def offer(self, handover_id: str, worker_id: str, to: str) -> None:
        """Ask a colleague, or a team, to take a story over; "" asks no longer.

        It stays with its worker until somebody does.
        """
        async with self.store.write() as tx:
            found = await holding.held_by(tx, handover_id, worker_id)
            if to in TEAMS or to in self.duty.teams():
                await self._may_go_along(tx, found.conversation_id)
            elif to:
                colleague = await staff.find(tx, id=to)
                if to == worker_id or colleague is None or not may(colleague.role, May.TAKE):
                    raise ConversationError("unknown_colleague")
                await holding.may_enter(tx, found, to)
                await self._may_go_along(tx, found.conversation_id)
            await console_rows.offer(tx, handover_id, to or None)
            await staff.note(tx, worker_id, "offer", found.conversation_id, self.clock())
            await self._changed(tx, found.conversation_id)

    async def take_over(self, handover_id: str, worker_id: str) -> None:
        """Take a story that a colleague asked one to take, with all that was said in it."""
        now = self.clock()
        async with self.store.write() as tx:
            found = await holding.open_handover(tx, handover_id)
            story = found.conversation_id
            await holding.may_enter(tx, found, worker_id)
            taker, asked = await staff.find(tx, id=worker_id), found.offered_to or ""
            role, name = (taker.role, taker.name) if taker else ("", "")
            if not is_asked(asked, worker_id, role, self.duty.teams_of(name)) or not (
                await console_rows.take_over(tx, handover_id, worker_id, asked)
            ):
                raise ConversationError("taken")
            await self.handover.release.count_exposure(tx, found)
            await console_rows.part(tx, story, worker_id)
            await staff.note(tx, worker_id, "take_over", story, now)
            await records.cancel(tx, "worker_gone", story)
            await self.handover.watch(tx, story, worker_id)
            await self._tell(tx, story, "staff_changed")
            await self._changed(tx, story)

    async def join(self, handover_id: str, supervisor_id: str) -> None:
        """Come into a story beside its worker; both of them see it."""
        async with self.store.write() as tx:
            found = await holding.open_handover(tx, handover_id)
            story = found.conversation_id
            await holding.may_enter(tx, found, supervisor_id)
            if found.state != handovers.TAKEN or found.worker_id == supervisor_id:
                raise ConversationError("not_yours")
            if await console_rows.join(tx, story, supervisor_id, self.clock()):
                await staff.note(tx, supervisor_id, "join", story, self.clock())
                await self._tell(tx, story, "staff_second_joined")
                await self._changed(tx, story)

    async def part(self, handover_id: str, supervisor_id: str) -> None:
        """Leave a story one had joined; its worker stays."""
        async with self.store.write() as tx:
            found = await holding.open_handover(tx, handover_id)
            story = found.conversation_id
            if await console_rows.part(tx, story, supervisor_id):
                await staff.note(tx, supervisor_id, "part", story, self.clock())
                await self._tell(tx, story, "staff_second_left")
                await self._changed(tx, story)

    async def exclude(self, handover_id: str, worker_id: str, who: str) -> None:
        """Keep somebody who knows the person away; who says it of themselves lets go at once."""
        now = self.clock()
        async with self.store.write() as tx:
            found = await holding.held_by(tx, handover_id, worker_id)
            story = found.conversation_id
            if await staff.find(tx, id=who) is None:
                raise ConversationError("unknown_colleague")
            await console_rows.exclude(tx, story, who, worker_id, now)
            await console_rows.part(tx, story, who)
            await staff.note(tx, worker_id, "exclude", story, now)
            await staff.note(tx, worker_id, "excludes", who, now)
            if found.offered_to == who:
                await console_rows.offer(tx, handover_id, None)
            if who == worker_id:
                row = await conversations.conversation(tx, story, lock=True)
                await self.handover.release.put_back(tx, row, found, talked=True)
            await self._changed(tx, story)

    async def readmit(self, handover_id: str, supervisor_id: str, who: str, reason: str) -> None:
        """Keep somebody away no longer; never oneself, and never without a reason."""
        now = self.clock()
        if reason not in READMITTED:
            raise ConversationError("no_reason")
        async with self.store.write() as tx:
            found = await holding.seen_by(tx, handover_id, supervisor_id)
            story = found.conversation_id
            if who == supervisor_id or not await console_rows.readmit(tx, story, who):
                raise ConversationError("unknown_colleague")
            await staff.note(tx, supervisor_id, f"readmit_{reason}", story, now)
            await staff.note(tx, supervisor_id, "readmits", who, now)
            await self._changed(tx, story)

    async def _may_go_along(self, tx: Tx, story: str) -> None:
        """Refuse to pass on a call on a worker's own line: the call itself would not go along."""
        if not await console_rows.watched(tx, story):
            raise ConversationError("on_the_line")

    async def _tell(self, tx: Tx, story: str, say: str) -> None:
        row: Any = await conversations.conversation(tx, story, lock=True)
        if row.state == State.STAFF and row.medium == Medium.CHAT:
            await self.handover.release.tell(tx, story, say)

    async def _changed(self, tx: Tx, story: str) -> None:
        for kind in ("company", "queue"):
            await self.handover.release.seen_by(tx, story, events.STAFF, kind)

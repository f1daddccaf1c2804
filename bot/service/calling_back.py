# SPDX-License-Identifier: Apache-2.0
"""A worker rings somebody back: what they see first, leave for each call, and how it went.

Leave is asked for at the moment of ringing and for this very number; nothing rings by itself.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.policy import callback as policy
from bot.policy.safe_contact import CALLBACK, Permit, Plan, Refusal, next_window, permits
from bot.policy.turn import Line
from bot.service import contact_plan
from bot.service.callback import (
    LONG_ENOUGH,
    RECALLED,
    plan_call,
    take_back_one,
    tell_staff,
    unplan,
)
from bot.service.contact_plan import Version
from bot.service.ports import Clock, ConversationError
from bot.store import callbacks, staff
from bot.store.database import Database, Tx
from bot.store.keys import Box, KeyStore

SHOWN = (*policy.OPEN, RECALLED)


class Ringer(Protocol):
    """The telephone: rings a worker, who then lets the person be rung."""

    async def ring_worker(self, record_id: str, call_id: str, worker_id: str, number: int) -> bool:
        """Ring one on-call number for this call; False when it cannot be rung."""
        ...


@dataclass(frozen=True)
class Due:
    """A call back as staff see it. One whose key is missing has no plan, and may not be rung."""

    id: str
    reference: str
    state: str
    due_at: float
    until: float
    given_at: float
    medium: str
    wording: str
    attempts: int
    missed: int
    worker_id: str | None
    plan: Plan | None
    lines: tuple[Line, ...]
    history: tuple[Version, ...]
    outcomes: tuple[tuple[float, str], ...]
    refused: str
    """Why it may not be rung now, "" when it may."""


class CallingBack:
    """What staff do with the calls that were agreed to. `ringer` is set by the telephone."""

    def __init__(self, store: Database, keys: KeyStore, clock: Clock) -> None:
        self.store, self.keys, self.clock = store, keys, clock
        self.ringer: Ringer | None = None

    async def board(self, worker_id: str, *, again: bool = False) -> list[Due]:
        """Return the calls to be made or taken back, but for stories kept from them; audited."""
        async with self.store.write() as tx:
            away = await callbacks.kept_from(tx, worker_id)
            rows = [r for r in await callbacks.callbacks_in(tx, SHOWN) if r.id not in away]
            ids = [row.id for row in rows]
            await staff.look(tx, worker_id, "callback", ids, self.clock(), again)
        return [await self._due(row) for row in rows]

    async def counts(self) -> dict[str, int]:
        """Return how many calls may be made now, wait for a decision, or were taken back."""
        now = self.clock()
        async with self.store.read() as tx:
            rows = await callbacks.callbacks_in(tx, SHOWN)
        due = [r for r in rows if r.state == policy.BOOKED and r.due_at <= now < r.until]
        by_state = [row.state for row in rows]
        return {
            "now": len(due),
            "held": by_state.count(policy.HELD),
            "recalled": by_state.count(RECALLED),
        }

    async def begin(self, callback_id: str, worker_id: str, number: int = 0) -> None:
        """Give a call to a worker and ring their telephone. Raises when it may not be rung now."""
        if self.ringer is None:
            raise ConversationError("no_line")
        now, call_id = self.clock(), str(uuid.uuid4())
        async with self.store.write() as tx:
            row, _ = await self._row(tx, callback_id, worker_id)
            found = await self._leave(tx, row)
            if isinstance(found, Refusal):
                raise ConversationError(f"contact_{found.reason}")
            to = {"state": policy.CALLING, "worker_id": worker_id}
            if not await callbacks.change(tx, callback_id, (policy.BOOKED,), **to):
                raise ConversationError("callback_taken")
            await callbacks.begin_call(
                tx, id=call_id, callback_id=callback_id, worker_id=worker_id, began_at=now
            )
            await staff.note(tx, worker_id, "callback_begun", callback_id, now)
            await tell_staff(tx, now)
        if not await self.ringer.ring_worker(row.record_id, call_id, worker_id, number):
            await self.never_rang(call_id)
            raise ConversationError("no_line")

    async def first_words(self, call_id: str, worker_id: str) -> Plan | None:
        """Return the plan, for a worker who has shown on the telephone who they are; audited."""
        async with self.store.write() as tx:
            call, row = await self._call(tx, call_id)
            if call is None or row is None or not _stands(row, call, worker_id):
                return None
            await staff.note(tx, worker_id, "callback_heard", row.id, self.clock())
            return await self._plan(tx, row.record_id)

    async def leave(self, call_id: str, worker_id: str) -> Permit | Refusal:
        """Return leave to ring the person now, once for each call; kept before anything rings."""
        now = self.clock()
        async with self.store.write() as tx:
            call, row = await self._call(tx, call_id)
            if call is None or row is None or not _stands(row, call, worker_id):
                return Refusal("withdrawn")
            if call.rang_at is not None:
                return Refusal("rung_already")
            found = await self._leave(tx, row)
            if isinstance(found, Permit):
                await callbacks.change_call(tx, call_id, rang_at=now)
                await callbacks.change(tx, row.id, (policy.CALLING,), attempts=row.attempts + 1)
                await staff.note(tx, worker_id, "callback_rang", row.id, now)
        return found

    async def may_leave_message(self, call_id: str) -> bool:
        """Say whether a voice message may be left on this call."""
        async with self.store.read() as tx:
            call = await callbacks.call(tx, call_id)
            row = await callbacks.callback(tx, call.callback_id) if call else None
            plan = await self._plan(tx, row.record_id) if row else None
        number = plan.number if plan else ""
        return isinstance(permits(plan, "voicemail", number, self.clock(), CALLBACK), Permit)

    async def never_rang(self, call_id: str) -> None:
        """Put a call back that ended before the person was rung."""
        async with self.store.write() as tx:
            call, row = await self._call(tx, call_id)
            if call and row and call.rang_at is None and _stands(row, call, call.worker_id):
                await self._went(tx, row, policy.NOT_RUNG, call.worker_id)

    async def record(self, callback_id: str, worker_id: str, outcome: str) -> None:
        """Keep how a call went, and what follows.

        From the worker who made it; once the safe time is over, from whoever asked them.
        """
        if outcome not in policy.OUTCOMES:
            raise ConversationError("unknown_outcome")
        async with self.store.write() as tx:
            row, _ = await self._row(tx, callback_id, worker_id)
            mine = row.worker_id == worker_id or row.until <= self.clock()
            if row.state != policy.CALLING or not mine:
                raise ConversationError("not_yours")
            await self._went(tx, row, outcome, worker_id)

    async def decide(self, callback_id: str, worker_id: str, again: bool) -> None:
        """Keep a person's decision after a wrong voice: rung once more, or not."""
        now = self.clock()
        async with self.store.write() as tx:
            row, box = await self._row(tx, callback_id, worker_id)
            if row.state != policy.HELD:
                raise ConversationError("unknown")
            if again:
                await contact_plan.change(tx, box, row.record_id, worker_id, now, held=False)
            state = policy.BOOKED if again else policy.OVER
            await self.becomes(tx, row, state, now, missed=0)
            what = "callback_again" if again else "callback_stopped"
            await staff.note(tx, worker_id, what, callback_id, now)

    async def withdraw(self, callback_id: str, worker_id: str) -> None:
        """Cancel a call for a person who told a worker that they want it no more."""
        now = self.clock()
        async with self.store.write() as tx:
            row = await callbacks.callback(tx, callback_id, lock=True)
            if row is None or row.id in await callbacks.kept_from(tx, worker_id):
                raise ConversationError("unknown")
            record = await callbacks.record(tx, row.record_id)
            if not await take_back_one(tx, self.keys, record, now, worker_id):
                raise ConversationError("unknown")
            await staff.note(tx, worker_id, "callback_withdrawn", callback_id, now)

    async def noted(self, callback_id: str, worker_id: str) -> None:
        """Keep that a worker saw that a person took it back."""
        async with self.store.write() as tx:
            await self._row(tx, callback_id, worker_id)
            to = {"state": policy.WITHDRAWN}
            if not await callbacks.change(tx, callback_id, (RECALLED,), **to):
                raise ConversationError("unknown")
            await staff.note(tx, worker_id, "callback_noted", callback_id, self.clock())
            await tell_staff(tx, self.clock())

    # -- work that comes due -----------------------------------------------------------------

    async def goes_by(self, callback_id: str) -> None:
        """Book the next safe time when one went by and nobody rang; in the end a person decides."""
        async with self.store.write() as tx:
            row = await callbacks.callback(tx, callback_id, lock=True)
            if row is None or row.until > self.clock():
                return
            if row.state == policy.CALLING:
                call = (await callbacks.calls_of(tx, row.id))[-1]
                if call.rang_at is None:  # begun, and lost before anybody was rung
                    await self._went(tx, row, policy.NOT_RUNG, call.worker_id)
            if row.state != policy.BOOKED:
                return
            missed = row.missed + 1
            await self.becomes(tx, row, policy.after_missed(missed), row.until, missed=missed)

    # -- parts -------------------------------------------------------------------------------

    async def _went(self, tx: Tx, row: Any, outcome: str, worker_id: str) -> None:
        now = self.clock()
        call = (await callbacks.calls_of(tx, row.id))[-1]
        await callbacks.change_call(tx, call.id, outcome=outcome, ended_at=now, sealed=None)
        await staff.note(tx, worker_id, f"callback_{outcome}", row.id, now)
        state = policy.after(outcome, row.attempts)
        if state == policy.HELD:  # by whatever medium: nobody reaches them until it is decided
            with_key = await self.keys.held(row.record_id)
            if with_key:
                await contact_plan.change(tx, with_key, row.record_id, worker_id, now, held=True)
        begins = now if outcome == policy.NOT_RUNG else max(now, row.until)
        await self.becomes(tx, row, state, begins, missed=row.missed)

    async def becomes(self, tx: Tx, row: Any, state: str, begins: float, missed: int) -> str:
        """Give a callback its new state, and return it; one with no safe time left is over."""
        plan, window = await self._plan(tx, row.record_id), None
        if state == policy.BOOKED:
            window = next_window(plan.windows, begins, LONG_ENOUGH) if plan else None
            if plan is None or window is None or window[0] >= plan.expires_at:
                state = policy.OVER
        to: dict[str, Any] = {"state": state, "missed": missed, "worker_id": None}
        if window and state == policy.BOOKED:
            to |= {"due_at": window[0], "until": window[1]}
        await callbacks.change(tx, row.id, policy.OPEN, **to)
        await unplan(tx, row.id)
        if window and state == policy.BOOKED:
            await plan_call(tx, row.id, window, self.clock())
        await tell_staff(tx, self.clock())
        return state

    async def _row(self, tx: Tx, callback_id: str, worker_id: str) -> tuple[Any, Box]:
        row = await callbacks.callback(tx, callback_id, lock=True)
        if row is None or row.id in await callbacks.kept_from(tx, worker_id):
            raise ConversationError("unknown")
        return row, await self.keys.box(row.record_id)

    async def _call(self, tx: Tx, call_id: str) -> tuple[Any, Any]:
        """Return a call as it stands once its callback is held, and that; None for none."""
        call = await callbacks.call(tx, call_id)
        row = await callbacks.callback(tx, call.callback_id, lock=True) if call else None
        return (await callbacks.call(tx, call_id), row) if row else (None, None)

    async def _leave(self, tx: Tx, row: Any) -> Permit | Refusal:
        plan = await self._plan(tx, row.record_id)
        return permits(plan, "call", plan.number if plan else "", self.clock(), CALLBACK)

    async def _plan(self, tx: Tx, record_id: str) -> Plan | None:
        box = await self.keys.held(record_id)
        agreed = await contact_plan.latest(tx, box, record_id) if box else None
        return agreed.plan if agreed else None

    async def _due(self, row: Any) -> Due:
        box = await self.keys.held(row.record_id)
        async with self.store.read() as tx:
            found: Sequence[Version] = ()
            if box:
                found = await contact_plan.history(tx, box, row.record_id)
            calls = await callbacks.calls_of(tx, row.id)
        plan = found[-1].agreed.plan if found else None
        leave = permits(plan, "call", plan.number if plan else "", self.clock(), CALLBACK)
        return Due(
            row.id, row.reference, row.state, row.due_at, row.until, row.given_at, row.medium,
            row.wording, row.attempts, row.missed, row.worker_id, plan,
            found[-1].agreed.lines if found else (), tuple(found),
            tuple((c.began_at, c.outcome or "") for c in calls),
            leave.reason if isinstance(leave, Refusal) else "",
        )  # fmt: skip


def _stands(row: Any, call: Any, worker_id: str) -> bool:
    """Say whether a call is still this worker's to make."""
    mine = call.worker_id == row.worker_id == worker_id
    return mine and row.state == policy.CALLING and call.outcome is None

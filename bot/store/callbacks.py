# SPDX-License-Identifier: Apache-2.0
"""Records of safe contact, their plans, and the calls that were agreed to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.console_schema import exclusions
from bot.store.contact_schema import callback_calls, callbacks, contact_plans, contact_records


async def make_record(tx: AsyncConnection, **columns: Any) -> None:
    """Begin the record of one person who may be reached."""
    await tx.execute(insert(contact_records).values(**columns))


async def record(tx: AsyncConnection, record_id: str) -> Row | None:
    """Return one record."""
    query = select(contact_records).where(contact_records.c.id == record_id)
    return (await tx.execute(query)).first()


async def records_of(tx: AsyncConnection, conversation_id: str) -> Sequence[Row]:
    """Return the records made in a story, oldest first."""
    query = select(contact_records).where(contact_records.c.conversation_id == conversation_id)
    return (await tx.execute(query.order_by(contact_records.c.made_at))).all()


async def keep_plan(tx: AsyncConnection, **columns: Any) -> None:
    """Keep a new version of a plan; the same version twice fails."""
    await tx.execute(insert(contact_plans).values(**columns))


async def plans_of(tx: AsyncConnection, record_id: str) -> Sequence[Row]:
    """Return every version of a record's plan, the newest last."""
    query = select(contact_plans).where(contact_plans.c.record_id == record_id)
    return (await tx.execute(query.order_by(contact_plans.c.version))).all()


async def book(tx: AsyncConnection, **columns: Any) -> None:
    """Keep a callback that was agreed to."""
    await tx.execute(insert(callbacks).values(**columns))


async def callback(tx: AsyncConnection, callback_id: str, lock: bool = False) -> Row | None:
    """Return one callback; with `lock`, until the transaction ends (PostgreSQL)."""
    query = select(callbacks).where(callbacks.c.id == callback_id)
    return (await tx.execute(query.with_for_update() if lock else query)).first()


async def named(tx: AsyncConnection, reference: str) -> Row | None:
    """Return the record of the call with this reference, if there is one."""
    query = select(contact_records).join(callbacks)
    return (await tx.execute(query.where(callbacks.c.reference == reference))).first()


async def callbacks_of(tx: AsyncConnection, record_id: str) -> Sequence[Row]:
    """Return the callbacks of a record."""
    query = select(callbacks).where(callbacks.c.record_id == record_id)
    return (await tx.execute(query.order_by(callbacks.c.given_at))).all()


async def kept_from(tx: AsyncConnection, staff_id: str) -> set[str]:
    """Return the callbacks of the stories that somebody is kept away from."""
    story = contact_records.c.conversation_id
    query = (
        select(callbacks.c.id)
        .join(contact_records)
        .join(exclusions, exclusions.c.conversation_id == story)
        .where(exclusions.c.staff_id == staff_id)
    )
    return set((await tx.execute(query)).scalars())


async def callbacks_in(tx: AsyncConnection, states: Sequence[str]) -> Sequence[Row]:
    """Return the callbacks in these states, the soonest due first."""
    query = select(callbacks).where(callbacks.c.state.in_(states))
    return (await tx.execute(query.order_by(callbacks.c.due_at))).all()


async def change(tx: AsyncConnection, callback_id: str, was: Sequence[str], **columns: Any) -> bool:
    """Change a callback that is still in one of these states; False when it no longer is."""
    query = update(callbacks).where(callbacks.c.id == callback_id, callbacks.c.state.in_(was))
    return (await tx.execute(query.values(**columns))).rowcount == 1


async def begin_call(tx: AsyncConnection, **columns: Any) -> None:
    """Keep that a worker begins a call."""
    await tx.execute(insert(callback_calls).values(**columns))


async def change_call(tx: AsyncConnection, call_id: str, **columns: Any) -> None:
    """Change what is kept of a call."""
    query = update(callback_calls).where(callback_calls.c.id == call_id)
    await tx.execute(query.values(**columns))


async def call(tx: AsyncConnection, call_id: str) -> Row | None:
    """Return one call."""
    query = select(callback_calls).where(callback_calls.c.id == call_id)
    return (await tx.execute(query)).first()


async def calls_of(tx: AsyncConnection, callback_id: str) -> Sequence[Row]:
    """Return the calls of a callback, the newest last."""
    query = select(callback_calls).where(callback_calls.c.callback_id == callback_id)
    return (await tx.execute(query.order_by(callback_calls.c.began_at))).all()


async def erase_by(tx: AsyncConnection, record_id: str, at: float) -> None:
    """Let a record be erased at a time."""
    query = update(contact_records).where(contact_records.c.id == record_id)
    await tx.execute(query.values(erase_at=at))


async def to_erase(tx: AsyncConnection, now: float) -> Sequence[str]:
    """Return the records that have been kept as long as we said."""
    query = select(contact_records.c.id).where(contact_records.c.erase_at <= now)
    return list((await tx.execute(query)).scalars())


async def drop(tx: AsyncConnection, record_id: str) -> None:
    """Delete a record with its plans, callbacks and calls."""
    await tx.execute(delete(contact_records).where(contact_records.c.id == record_id))

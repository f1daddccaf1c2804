# SPDX-License-Identifier: Apache-2.0
"""What somebody must see live: one row each, written in the transaction that caused it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, bindparam, func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.schema import events

PERSON = "person"
STAFF = "staff"
BOTH = "both"

_ADD = insert(events).returning(events.c.id)
_AFTER = (
    select(events)
    .where(
        events.c.id > bindparam("number"),
        events.c.audience.in_(bindparam("audiences", expanding=True)),
        events.c.at >= bindparam("since"),
    )
    .order_by(events.c.id)
    .limit(bindparam("most"))
)
_AFTER_OF = _AFTER.where(events.c.conversation_id == bindparam("story"))

async def add(
    tx: AsyncConnection,
    *,
    conversation_id: str | None,
    audience: str,
    kind: str,
    at: float,
    turn_id: str | None = None,
    sealed: bytes | None = None,
) -> int:
    """Keep an event and return its number; numbers appear in order (PostgreSQL takes turns)."""
    if tx.dialect.name == "postgresql":
        await tx.execute(text("SELECT pg_advisory_xact_lock(7061)"))
    columns = {
        "conversation_id": conversation_id,
        "audience": audience,
        "kind": kind,
        "at": at,
        "turn_id": turn_id,
        "sealed": sealed,
    }
    return (await tx.execute(_ADD, columns)).scalar_one()


async def after(
    tx: AsyncConnection,
    number: int,
    *,
    conversation_id: str | None = None,
    audiences: Sequence[str] = (PERSON, BOTH),
    since: float = 0.0,
    limit: int = 500,
) -> Sequence[Row]:
    """Return the events newer than `number` for these audiences, oldest first.

    `since` leaves out what happened before a time: before this contact began.
    """
    known: dict[str, Any] = {
        "number": number,
        "audiences": list(audiences),
        "since": since,
        "most": limit,
    }
    if conversation_id is None:
        return (await tx.execute(_AFTER, known)).all()
    return (await tx.execute(_AFTER_OF, known | {"story": conversation_id})).all()


async def of_turns(tx: AsyncConnection, turn_ids: Sequence[str]) -> Sequence[Row]:
    """Return the events that belong to these turns, oldest first."""
    query = select(events).where(events.c.turn_id.in_(turn_ids)).order_by(events.c.id)
    return (await tx.execute(query)).all()


async def newest(tx: AsyncConnection) -> int:
    """Return the number of the newest event, 0 when there is none."""
    return (await tx.execute(select(func.coalesce(func.max(events.c.id), 0)))).scalar_one()

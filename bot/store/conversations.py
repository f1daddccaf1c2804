# SPDX-License-Identifier: Apache-2.0
"""Stories, contacts and turns: what was said by whom, and what still waits for its answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, and_, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.schema import contacts, conversations, turns

UNANSWERED = "unanswered"
ANSWERED = "answered"


@dataclass(frozen=True)
class Contact:
    """One chat session or one call of one conversation."""

    id: str
    conversation_id: str
    medium: str
    opened_at: float


async def open_conversation(tx: AsyncConnection, **columns: Any) -> None:
    """Keep a new story."""
    await tx.execute(insert(conversations).values(**columns))


async def open_contact(tx: AsyncConnection, **columns: Any) -> None:
    """Keep a new contact of a story."""
    await tx.execute(insert(contacts).values(**columns))


async def revoke_contacts(tx: AsyncConnection, conversation_id: str, at: float) -> None:
    """End every contact of a story, as when a code moves it to another device."""
    live = and_(contacts.c.conversation_id == conversation_id, contacts.c.revoked_at.is_(None))
    await tx.execute(update(contacts).where(live).values(revoked_at=at))


async def contact_by_token(
    tx: AsyncConnection, conversation_id: str, token_hash: str
) -> Contact | None:
    """Return the live contact that holds this token for this conversation."""
    return await _contact(
        tx,
        contacts.c.conversation_id == conversation_id,
        contacts.c.token_hash == token_hash,
    )


async def contact_by_call(tx: AsyncConnection, call_hash: str) -> Contact | None:
    """Return the live contact of a call."""
    return await _contact(tx, contacts.c.call_hash == call_hash)


async def live_contact(tx: AsyncConnection, conversation_id: str) -> Contact | None:
    """Return the contact that staff and timed messages go to."""
    return await _contact(tx, contacts.c.conversation_id == conversation_id)


async def _contact(tx: AsyncConnection, *conditions: Any) -> Contact | None:
    columns = (contacts.c.id, contacts.c.conversation_id, contacts.c.medium, contacts.c.opened_at)
    query = select(*columns)
    row = (await tx.execute(query.where(*conditions, contacts.c.revoked_at.is_(None)))).first()
    return Contact(*row) if row else None


async def conversation(tx: AsyncConnection, conversation_id: str, lock: bool = False) -> Row | None:
    """Return a story's row; with `lock`, hold it until the transaction ends (PostgreSQL)."""
    query = select(conversations).where(conversations.c.id == conversation_id)
    return (await tx.execute(query.with_for_update() if lock else query)).first()


async def change(tx: AsyncConnection, conversation_id: str, **columns: Any) -> None:
    """Change columns of a story."""
    query = update(conversations).where(conversations.c.id == conversation_id)
    await tx.execute(query.values(**columns))


async def due_to_close(tx: AsyncConnection, now: float) -> list[str]:
    """Return the stories whose time is over, or whose erasure was asked for, not closed yet."""
    over = or_(conversations.c.closes_at <= now, conversations.c.erase_at <= now)
    query = select(conversations.c.id).where(over, conversations.c.closed_at.is_(None))
    return list((await tx.execute(query)).scalars())


async def forget(tx: AsyncConnection, conversation_id: str) -> None:
    """Delete a story and everything that hangs on it."""
    await tx.execute(delete(conversations).where(conversations.c.id == conversation_id))


async def next_seq(tx: AsyncConnection, conversation_id: str) -> int:
    """Return the number of this story's next turn. Call with the story's row held."""
    query = select(func.coalesce(func.max(turns.c.seq), 0) + 1)
    return (await tx.execute(query.where(turns.c.conversation_id == conversation_id))).scalar_one()


async def keep_turn(tx: AsyncConnection, **columns: Any) -> None:
    """Keep a turn before anything is answered."""
    await tx.execute(insert(turns).values(**columns))


async def turn_by_client_id(tx: AsyncConnection, contact_id: str, client_id: str) -> Row | None:
    """Return the turn a client already sent under this id."""
    query = select(turns).where(turns.c.contact_id == contact_id, turns.c.client_id == client_id)
    return (await tx.execute(query)).first()


async def mark_turn(tx: AsyncConnection, turn_id: str, status: str, at: float) -> bool:
    """Set a turn's status if it still waits; say whether this call did it."""
    query = update(turns).where(turns.c.id == turn_id, turns.c.status == UNANSWERED)
    return (await tx.execute(query.values(status=status, answered_at=at))).rowcount == 1


async def unanswered(
    tx: AsyncConnection, since: float, conversation_id: str | None = None
) -> Sequence[Row]:
    """Return the turns that still wait for the assistant, oldest first."""
    query = select(turns).where(turns.c.status == UNANSWERED, turns.c.received_at >= since)
    if conversation_id:
        query = query.where(turns.c.conversation_id == conversation_id)
    return (await tx.execute(query.order_by(turns.c.conversation_id, turns.c.seq))).all()


async def turns_of(tx: AsyncConnection, conversation_id: str) -> Sequence[Row]:
    """Return every turn of a story in order."""
    query = select(turns).where(turns.c.conversation_id == conversation_id).order_by(turns.c.seq)
    return (await tx.execute(query)).all()

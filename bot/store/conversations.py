# SPDX-License-Identifier: Apache-2.0
"""Stories, contacts and turns: what was said by whom, and what still waits for its answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, and_, bindparam, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.schema import contacts, conversations, turns

UNANSWERED = "unanswered"
ANSWERED = "answered"

# What every turn asks is put together once: building a statement costs more than running it.
_STORY = select(conversations).where(conversations.c.id == bindparam("story"))
_STORY_HELD = _STORY.with_for_update()
_CHANGE = update(conversations).where(conversations.c.id == bindparam("story"))
_NEXT_SEQ = select(func.coalesce(func.max(turns.c.seq), 0) + 1).where(
    turns.c.conversation_id == bindparam("story")
)
_KEEP_TURN = insert(turns)
_MARK_TURN = (
    update(turns)
    .where(turns.c.id == bindparam("turn"), turns.c.status == UNANSWERED)
    .values(status=bindparam("new_status"), answered_at=bindparam("at"))
)
_UNANSWERED = (
    select(turns)
    .where(turns.c.status == UNANSWERED, turns.c.received_at >= bindparam("since"))
    .order_by(turns.c.conversation_id, turns.c.seq)
)
_UNANSWERED_OF = _UNANSWERED.where(turns.c.conversation_id == bindparam("story"))
_LIVE = select(
    contacts.c.id, contacts.c.conversation_id, contacts.c.medium, contacts.c.opened_at
).where(contacts.c.revoked_at.is_(None))
_BY_TOKEN = _LIVE.where(
    contacts.c.conversation_id == bindparam("story"), contacts.c.token_hash == bindparam("token")
)
_BY_CALL = _LIVE.where(contacts.c.call_hash == bindparam("call"))
_OF_STORY = _LIVE.where(contacts.c.conversation_id == bindparam("story"))


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


async def came_back(tx: AsyncConnection, conversation_id: str, since: float) -> bool:
    """Say whether a story was gone on with by a code after this time: by whom, nobody knows."""
    moved = and_(contacts.c.conversation_id == conversation_id, contacts.c.revoked_at >= since)
    return (await tx.execute(select(contacts.c.id).where(moved).limit(1))).first() is not None


async def contact_by_token(
    tx: AsyncConnection, conversation_id: str, token_hash: str
) -> Contact | None:
    """Return the live contact that holds this token for this conversation."""
    return await _contact(tx, _BY_TOKEN, {"story": conversation_id, "token": token_hash})


async def contact_by_call(tx: AsyncConnection, call_hash: str) -> Contact | None:
    """Return the live contact of a call."""
    return await _contact(tx, _BY_CALL, {"call": call_hash})


async def call_ended(tx: AsyncConnection, call_hash: str) -> bool:
    """Say whether a call had a contact that was revoked."""
    over = and_(contacts.c.call_hash == call_hash, contacts.c.revoked_at.is_not(None))
    return (await tx.execute(select(contacts.c.id).where(over))).first() is not None


async def call_of(tx: AsyncConnection, conversation_id: str) -> str | None:
    """Return what is kept of the call that a story is in now, None where it is in none."""
    of_story = and_(contacts.c.conversation_id == conversation_id, contacts.c.revoked_at.is_(None))
    return (await tx.execute(select(contacts.c.call_hash).where(of_story))).scalar()


async def release_call(tx: AsyncConnection, call_hash: str, at: float) -> None:
    """End the contact of a call and free the call for another story."""
    of_call = contacts.c.call_hash == call_hash
    await tx.execute(update(contacts).where(of_call).values(revoked_at=at, call_hash=None))


async def live_contact(tx: AsyncConnection, conversation_id: str) -> Contact | None:
    """Return the contact that staff and timed messages go to."""
    return await _contact(tx, _OF_STORY, {"story": conversation_id})


async def _contact(tx: AsyncConnection, query: Any, known: dict[str, str]) -> Contact | None:
    row = (await tx.execute(query, known)).first()
    return Contact(*row) if row else None


async def conversation(tx: AsyncConnection, conversation_id: str, lock: bool = False) -> Row | None:
    """Return a story's row; with `lock`, hold it until the transaction ends (PostgreSQL)."""
    query = _STORY_HELD if lock else _STORY
    return (await tx.execute(query, {"story": conversation_id})).first()


async def change(tx: AsyncConnection, conversation_id: str, **columns: Any) -> None:
    """Change columns of a story."""
    await tx.execute(_CHANGE, {"story": conversation_id, **columns})


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
    return (await tx.execute(_NEXT_SEQ, {"story": conversation_id})).scalar_one()


async def keep_turn(tx: AsyncConnection, **columns: Any) -> None:
    """Keep a turn before anything is answered."""
    await tx.execute(_KEEP_TURN, columns)


async def turn_by_client_id(tx: AsyncConnection, contact_id: str, client_id: str) -> Row | None:
    """Return the turn a client already sent under this id."""
    query = select(turns).where(turns.c.contact_id == contact_id, turns.c.client_id == client_id)
    return (await tx.execute(query)).first()


async def mark_turn(tx: AsyncConnection, turn_id: str, status: str, at: float) -> bool:
    """Set a turn's status if it still waits; say whether this call did it."""
    known = {"turn": turn_id, "new_status": status, "at": at}
    return (await tx.execute(_MARK_TURN, known)).rowcount == 1


async def unanswered(
    tx: AsyncConnection, since: float, conversation_id: str | None = None
) -> Sequence[Row]:
    """Return the turns that still wait for the assistant, oldest first."""
    query = _UNANSWERED_OF if conversation_id else _UNANSWERED
    known = {"since": since} | ({"story": conversation_id} if conversation_id else {})
    return (await tx.execute(query, known)).all()


async def turns_since(tx: AsyncConnection, stories: Sequence[str], since: float) -> int:
    """Return how often somebody said something in these stories since a time."""
    query = select(func.count()).where(
        turns.c.conversation_id.in_(stories), turns.c.received_at > since
    )
    return (await tx.execute(query)).scalar_one()


async def turns_of(tx: AsyncConnection, conversation_id: str) -> Sequence[Row]:
    """Return every turn of a story in order."""
    query = select(turns).where(turns.c.conversation_id == conversation_id).order_by(turns.c.seq)
    return (await tx.execute(query)).all()

# SPDX-License-Identifier: Apache-2.0
"""What is remembered of a call while it lasts, by name, sealed; an hour later it is gone."""

from __future__ import annotations

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.schema import calls, contacts


async def held(tx: AsyncConnection, call_hash: str, name: str, lock: bool = False) -> bytes | None:
    """Return what is held under a name; with `lock`, until the transaction ends (PostgreSQL)."""
    query = select(calls.c.sealed).where(calls.c.call_hash == call_hash, calls.c.address == name)
    return (await tx.execute(query.with_for_update() if lock else query)).scalar()


async def of_story(tx: AsyncConnection, conversation_id: str, name: str) -> list[bytes]:
    """Return what the calls of a story hold under a name."""
    query = (
        select(calls.c.sealed)
        .join(contacts, contacts.c.call_hash == calls.c.call_hash)
        .where(contacts.c.conversation_id == conversation_id, calls.c.address == name)
    )
    return list((await tx.execute(query)).scalars())


async def hold(tx: AsyncConnection, call_hash: str, name: str, sealed: bytes, at: float) -> None:
    """Hold this under a name in place of what was held there. Call in a write transaction."""
    await tx.execute(delete(calls).where(calls.c.call_hash == call_hash, calls.c.address == name))
    await tx.execute(
        insert(calls).values(call_hash=call_hash, address=name, sealed=sealed, at=at)
    )


async def forget(tx: AsyncConnection, call_hash: str) -> None:
    """Forget all of a call: it was sealed for a story that the call has left."""
    await tx.execute(delete(calls).where(calls.c.call_hash == call_hash))

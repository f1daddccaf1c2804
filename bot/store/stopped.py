# SPDX-License-Identifier: Apache-2.0
"""Numbers that want no text message from us: a keyed hash of each, and nothing else, for ever."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.contact_schema import stopped


async def keep(tx: AsyncConnection, number_hash: str, at: float) -> None:
    """Keep that a number wants no more. Call in a write transaction."""
    insert = (postgresql if tx.dialect.name == "postgresql" else sqlite).insert(stopped)
    await tx.execute(insert.values(number_hash=number_hash, at=at).on_conflict_do_nothing())


async def forget(tx: AsyncConnection, hashes: Sequence[str]) -> None:
    """Forget it: the number asked for texts again."""
    await tx.execute(delete(stopped).where(stopped.c.number_hash.in_(hashes)))


async def has(tx: AsyncConnection, hashes: Sequence[str]) -> bool:
    """Say whether a number wants no texts; `hashes`: its hash under each key there is."""
    query = select(stopped.c.number_hash).where(stopped.c.number_hash.in_(hashes))
    return (await tx.execute(query)).first() is not None

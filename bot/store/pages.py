# SPDX-License-Identifier: Apache-2.0
"""How far calling staff has come for each handover, every page to somebody, and drills."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.paging_schema import chains, deliveries, drills
from bot.store.schema import conversations, handovers

PLANNED, SENT, FAILED, NOT_NEEDED = "planned", "sent", "failed", "not_needed"


async def chain(tx: AsyncConnection, handover_id: str) -> Row | None:
    """Return how far the calling for a handover has come, None when it never began."""
    query = select(chains).where(chains.c.handover_id == handover_id)
    return (await tx.execute(query)).first()


async def begin(tx: AsyncConnection, handover_id: str, **columns: Any) -> None:
    """Keep that the calling began."""
    await tx.execute(insert(chains).values(handover_id=handover_id, **columns))


async def change(tx: AsyncConnection, handover_id: str, **columns: Any) -> None:
    """Change how far it has come."""
    query = update(chains).where(chains.c.handover_id == handover_id)
    await tx.execute(query.values(**columns))


async def plan(tx: AsyncConnection, **columns: Any) -> None:
    """Keep one page to be sent."""
    await tx.execute(insert(deliveries).values(state=PLANNED, tries=0, **columns))


async def delivery(tx: AsyncConnection, delivery_id: str) -> Row | None:
    """Return one page with the handover it is for."""
    query = (
        select(
            deliveries,
            handovers.c.conversation_id,
            handovers.c.state.label("handover_state"),
            chains.c.seen_at,
        )
        .join(handovers, handovers.c.id == deliveries.c.handover_id)
        .join(chains, chains.c.handover_id == deliveries.c.handover_id)
        .where(deliveries.c.id == delivery_id)
    )
    return (await tx.execute(query)).first()


async def came_of(tx: AsyncConnection, delivery_id: str, **columns: Any) -> bool:
    """Note what came of a page; False when that was noted before."""
    query = update(deliveries).where(deliveries.c.id == delivery_id, deliveries.c.state == PLANNED)
    return (await tx.execute(query.values(**columns))).rowcount == 1


async def of_step(tx: AsyncConnection, handover_id: str, round_: int, step: int) -> Sequence[Row]:
    """Return the pages of one step."""
    query = select(deliveries).where(
        deliveries.c.handover_id == handover_id,
        deliveries.c.round == round_,
        deliveries.c.step == step,
    )
    return (await tx.execute(query)).all()


async def of_handovers(tx: AsyncConnection, handover_ids: Sequence[str]) -> Sequence[Row]:
    """Return every page for these handovers, oldest first."""
    query = select(deliveries).where(deliveries.c.handover_id.in_(handover_ids))
    return (await tx.execute(query.order_by(deliveries.c.planned_at, deliveries.c.step))).all()


async def chains_of(tx: AsyncConnection, handover_ids: Sequence[str]) -> Sequence[Row]:
    """Return how far the calling has come for these handovers."""
    query = select(chains).where(chains.c.handover_id.in_(handover_ids))
    return (await tx.execute(query)).all()


async def failed_since(tx: AsyncConnection, at: float) -> Sequence[Row]:
    """Return by which means pages failed lately."""
    query = select(deliveries.c.means, deliveries.c.person, deliveries.c.error).where(
        deliveries.c.state == FAILED, deliveries.c.planned_at >= at
    )
    return (await tx.execute(query)).all()


async def is_drill(tx: AsyncConnection, conversation_id: str) -> bool:
    """Say whether nobody is in a story: it was made to prove the chain."""
    query = select(exists().where(drills.c.conversation_id == conversation_id))
    return bool((await tx.execute(query)).scalar())


async def make_drill(tx: AsyncConnection, conversation_id: str, at: float) -> bool:
    """Mark a story as a drill; False when there is no such story."""
    query = select(exists().where(conversations.c.id == conversation_id))
    if not (await tx.execute(query)).scalar():
        return False
    await tx.execute(insert(drills).values(conversation_id=conversation_id, at=at))
    return True

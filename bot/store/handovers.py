# SPDX-License-Identifier: Apache-2.0
"""The queue's rows: who asked for a person, who took it, and the hits that staff must review."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, and_, exists, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.paging_schema import drills
from bot.store.schema import conversations, facts, handovers, hits, turns

WAITING = "waiting"
TAKEN = "taken"
ENDED = "ended"
LEFT = "left"


async def open_for(tx: AsyncConnection, conversation_id: str) -> Row | None:
    """Return the handover of a story that is waiting or taken."""
    query = select(handovers).where(
        handovers.c.conversation_id == conversation_id,
        handovers.c.state.in_([WAITING, TAKEN, LEFT]),
    )
    return (await tx.execute(query)).first()


async def ask(tx: AsyncConnection, **columns: Any) -> None:
    """Put a story into the queue."""
    await tx.execute(insert(handovers).values(state=WAITING, **columns))


async def raise_to(
    tx: AsyncConnection, handover_id: str, tier: str, reason: str, cues: bytes
) -> None:
    """Move a waiting story up; never called to move it down."""
    query = update(handovers).where(handovers.c.id == handover_id)
    await tx.execute(query.values(tier=tier, reason=reason, cues=cues))


async def change_tier(tx: AsyncConnection, handover_id: str, tier: str) -> None:
    """Move a story up or down, as a person decided."""
    query = update(handovers).where(handovers.c.id == handover_id)
    await tx.execute(query.values(tier=tier))


def _before(conversation_id: Any, *but: str) -> Any:
    """Select who of staff had a story last and let go of it; `but`: outcomes left out."""
    over = handovers.alias()
    query = select(over.c.worker_id).where(
        over.c.conversation_id == conversation_id,
        over.c.state == ENDED,
        over.c.worker_id.is_not(None),
        over.c.outcome.not_in(but),
    )
    return query.order_by(over.c.ended_at.desc()).limit(1).scalar_subquery()


async def worker_before(tx: AsyncConnection, conversation_id: str) -> str:
    """Return who had a story last and let go of it themselves, "" for nobody."""
    return (await tx.execute(select(_before(conversation_id, "dropped")))).scalar() or ""


async def waiting(tx: AsyncConnection) -> Sequence[Row]:
    """Return every open handover with its story's topic, in no order: policy orders them."""
    query = (
        select(
            handovers,
            conversations.c.topic,
            conversations.c.medium,
            conversations.c.language,
            conversations.c.left_at,
            conversations.c.state.label("conversation_state"),
            drills.c.at.label("drill_at"),
            _before(handovers.c.conversation_id).label("talked_with"),
        )
        .join(conversations, conversations.c.id == handovers.c.conversation_id)
        .outerjoin(drills, drills.c.conversation_id == conversations.c.id)
        .where(handovers.c.state.in_([WAITING, TAKEN, LEFT]))
    )
    return (await tx.execute(query)).all()


async def heard(tx: AsyncConnection) -> Sequence[Row]:
    """Return what was heard in each story of an open handover, and was not judged wrong."""
    query = (
        select(hits.c.conversation_id, hits.c.urgency)
        .join(handovers, handovers.c.conversation_id == hits.c.conversation_id)
        .where(handovers.c.state.in_([WAITING, TAKEN, LEFT]))
        .where(or_(hits.c.verdict.is_(None), hits.c.verdict != "wrong"))
        .distinct()
    )
    return (await tx.execute(query)).all()


async def told(tx: AsyncConnection, names: Sequence[str]) -> Sequence[Row]:
    """Return these facts, sealed, of each story of an open handover that has them."""
    query = (
        select(facts.c.conversation_id, facts.c.name, facts.c.sealed)
        .join(handovers, handovers.c.conversation_id == facts.c.conversation_id)
        .where(handovers.c.state.in_([WAITING, TAKEN, LEFT]), facts.c.name.in_(names))
    )
    return (await tx.execute(query)).all()


async def find(tx: AsyncConnection, handover_id: str) -> Row | None:
    """Return one handover. Whoever changes it holds its story's row, never this one alone."""
    return (await tx.execute(select(handovers).where(handovers.c.id == handover_id))).first()


async def accept(tx: AsyncConnection, handover_id: str, worker_id: str, at: float) -> bool:
    """Give a waiting story to a worker; False when somebody else was first."""
    query = update(handovers).where(
        handovers.c.id == handover_id, handovers.c.state.in_([WAITING, LEFT])
    )
    result = await tx.execute(query.values(state=TAKEN, worker_id=worker_id, accepted_at=at))
    return result.rowcount == 1


async def end(tx: AsyncConnection, handover_id: str, outcome: str, at: float) -> None:
    """Close a handover with its outcome."""
    query = update(handovers).where(handovers.c.id == handover_id)
    await tx.execute(query.values(state=ENDED, outcome=outcome, ended_at=at))


async def mark_left(tx: AsyncConnection, conversation_id: str) -> None:
    """Show a waiting person as left; the page to staff stays."""
    query = update(handovers).where(
        handovers.c.conversation_id == conversation_id, handovers.c.state == WAITING
    )
    await tx.execute(query.values(state=LEFT))


async def waiting_again(tx: AsyncConnection, conversation_id: str) -> None:
    """Show a person who came back as waiting."""
    query = update(handovers).where(
        handovers.c.conversation_id == conversation_id, handovers.c.state == LEFT
    )
    await tx.execute(query.values(state=WAITING))


async def record_hit(tx: AsyncConnection, **columns: Any) -> bool:
    """Keep a hit; False when this turn already has it."""
    known = select(hits.c.id).where(
        hits.c.turn_id == columns["turn_id"], hits.c.urgency == columns["urgency"]
    )
    if (await tx.execute(known)).first():
        return False
    try:
        async with tx.begin_nested():
            await tx.execute(insert(hits).values(**columns))
    except IntegrityError:
        return False
    return True


async def hits_of(tx: AsyncConnection, conversation_id: str) -> Sequence[Row]:
    """Return the hits of a story, oldest first."""
    query = select(hits).where(hits.c.conversation_id == conversation_id).order_by(hits.c.at)
    return (await tx.execute(query)).all()


async def hit_after(tx: AsyncConnection, conversation_id: str, seq: int) -> bool:
    """Say whether danger was heard in a later turn of a story than its turn number `seq`."""
    found = and_(turns.c.conversation_id == conversation_id, turns.c.seq > seq)
    query = select(exists().where(found, hits.c.turn_id == turns.c.id))
    return bool((await tx.execute(query)).scalar())


async def newest_unreviewed(tx: AsyncConnection, conversation_id: str) -> float | None:
    """Return when the newest hit was heard that waits for a named decision, None without one."""
    query = select(func.max(hits.c.at)).where(
        hits.c.conversation_id == conversation_id, hits.c.reviewed_at.is_(None)
    )
    return (await tx.execute(query)).scalar()


async def review(tx: AsyncConnection, hit_id: str, worker_id: str, verdict: str, at: float) -> None:
    """Record what a worker said of a hit: right, wrong or old."""
    query = update(hits).where(hits.c.id == hit_id, hits.c.reviewed_at.is_(None))
    await tx.execute(query.values(reviewed_by=worker_id, reviewed_at=at, verdict=verdict))


async def taken_by(tx: AsyncConnection, worker_id: str) -> list[str]:
    """Return the stories a worker has now."""
    query = select(handovers.c.conversation_id).where(
        handovers.c.worker_id == worker_id, handovers.c.state == TAKEN
    )
    return list((await tx.execute(query)).scalars())

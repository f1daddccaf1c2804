# SPDX-License-Identifier: Apache-2.0
"""What the console keeps beside the queue: notes, who joined, who keeps away, hard hours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, delete, exists, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.console_schema import companions, exclusions, exposures, notes
from bot.store.schema import audit, conversations, due, handovers

OWED = ("promise", "task")


async def keep_note(tx: AsyncConnection, **columns: Any) -> None:
    """Keep a note of a story."""
    await tx.execute(insert(notes).values(**columns))


async def notes_of(tx: AsyncConnection, conversation_id: str) -> Sequence[Row]:
    """Return the notes of a story, oldest first."""
    query = select(notes).where(notes.c.conversation_id == conversation_id)
    return (await tx.execute(query.order_by(notes.c.at, notes.c.id))).all()


async def all_notes(tx: AsyncConnection) -> Sequence[Row]:
    """Return the notes of every story there is, oldest first."""
    return (await tx.execute(select(notes).order_by(notes.c.at, notes.c.id))).all()


async def note_done(
    tx: AsyncConnection, conversation_id: str, note_id: str, by: str, at: float
) -> bool:
    """Mark what was promised or is to be done as done; False when it was, or is no such thing."""
    query = update(notes).where(
        notes.c.id == note_id,
        notes.c.conversation_id == conversation_id,
        notes.c.kind.in_(OWED),
        notes.c.done_at.is_(None),
    )
    return (await tx.execute(query.values(done_at=at, done_by=by))).rowcount == 1


async def owes(tx: AsyncConnection, conversation_id: str) -> bool:
    """Say whether a promise or a task of a story is still open."""
    found = (
        (notes.c.conversation_id == conversation_id)
        & notes.c.kind.in_(OWED)
        & notes.c.done_at.is_(None)
    )
    return bool((await tx.execute(select(exists().where(found)))).scalar())


async def companions_of(tx: AsyncConnection, conversation_id: str) -> list[str]:
    """Return the supervisors who joined a story."""
    query = select(companions.c.staff_id).where(companions.c.conversation_id == conversation_id)
    return list((await tx.execute(query)).scalars())


async def joined(tx: AsyncConnection) -> Sequence[Row]:
    """Return who joined which story."""
    return (await tx.execute(select(companions))).all()


async def join(tx: AsyncConnection, conversation_id: str, staff_id: str, at: float) -> bool:
    """Let a supervisor into a story; False when they are in it already."""
    row = {"conversation_id": conversation_id, "staff_id": staff_id, "at": at}
    return await _once(tx, companions, row)


async def part(tx: AsyncConnection, conversation_id: str, staff_id: str | None = None) -> int:
    """Take one supervisor out of a story, or all; return how many there were."""
    query = delete(companions).where(companions.c.conversation_id == conversation_id)
    if staff_id is not None:
        query = query.where(companions.c.staff_id == staff_id)
    return (await tx.execute(query)).rowcount


async def exclude(
    tx: AsyncConnection, conversation_id: str, staff_id: str, by: str, at: float
) -> bool:
    """Keep a member of staff away from a story; False when they are already."""
    row = {"conversation_id": conversation_id, "staff_id": staff_id, "by": by, "at": at}
    return await _once(tx, exclusions, row)


async def readmit(tx: AsyncConnection, conversation_id: str, staff_id: str) -> bool:
    """Keep somebody away from a story no longer; False when nobody did."""
    found = (exclusions.c.conversation_id == conversation_id) & (exclusions.c.staff_id == staff_id)
    return (await tx.execute(delete(exclusions).where(found))).rowcount == 1


async def excluded(tx: AsyncConnection, conversation_id: str) -> list[str]:
    """Return who is kept away from a story."""
    query = select(exclusions.c.staff_id).where(exclusions.c.conversation_id == conversation_id)
    return list((await tx.execute(query)).scalars())


async def kept_from(tx: AsyncConnection, staff_id: str) -> set[str]:
    """Return the stories that somebody is kept away from."""
    query = select(exclusions.c.conversation_id).where(exclusions.c.staff_id == staff_id)
    return set((await tx.execute(query)).scalars())


async def _once(tx: AsyncConnection, table: Any, row: dict[str, Any]) -> bool:
    try:
        async with tx.begin_nested():
            await tx.execute(insert(table).values(**row))
    except IntegrityError:
        return False
    return True


async def offer(tx: AsyncConnection, handover_id: str, to: str | None) -> None:
    """Ask a colleague to take a story over, or ask no longer (None)."""
    query = update(handovers).where(handovers.c.id == handover_id)
    await tx.execute(query.values(offered_to=to))


async def watched(tx: AsyncConnection, conversation_id: str) -> bool:
    """Say whether a story's worker has it at a console, and not on a telephone line of theirs."""
    found = (due.c.kind == "worker_gone") & (due.c.subject == conversation_id)
    return bool((await tx.execute(select(exists().where(found)))).scalar())


async def take_over(
    tx: AsyncConnection, handover_id: str, worker_id: str, offered_to: str
) -> bool:
    """Give a story to who was asked, as `offered_to`; False when that is asked no more."""
    query = update(handovers).where(
        handovers.c.id == handover_id,
        handovers.c.state == "taken",
        handovers.c.offered_to == offered_to,
        handovers.c.worker_id != worker_id,
    )
    return (await tx.execute(query.values(worker_id=worker_id, offered_to=None))).rowcount == 1


async def was_exposed(tx: AsyncConnection, row_id: str, staff_id: str, at: float) -> None:
    """Count that somebody sat with danger; what is older than a week goes."""
    await tx.execute(delete(exposures).where(exposures.c.at < at - 7 * 86400))
    await tx.execute(insert(exposures).values(id=row_id, staff_id=staff_id, at=at))


async def exposed(tx: AsyncConnection, staff_id: str, since: float) -> int:
    """Return how often somebody sat with danger since a time."""
    query = select(func.count()).where(exposures.c.staff_id == staff_id, exposures.c.at >= since)
    return (await tx.execute(query)).scalar_one()


async def by_reference(tx: AsyncConnection, start: str) -> Sequence[Row]:
    """Return the handovers, open or over, whose number begins so, newest first."""
    query = (
        select(handovers, conversations.c.state.label("conversation_state"))
        .join(conversations, conversations.c.id == handovers.c.conversation_id)
        .where(handovers.c.id.startswith(start, autoescape=True))
    )
    return (await tx.execute(query.order_by(handovers.c.requested_at.desc()).limit(20))).all()


async def audit_until(tx: AsyncConnection, before: float, after: int, most: int) -> Sequence[Row]:
    """Return rows of the audit newer than number `after` and older than a time, in order."""
    query = select(audit).where(audit.c.id > after, audit.c.at < before)
    return (await tx.execute(query.order_by(audit.c.id).limit(most))).all()

# SPDX-License-Identifier: Apache-2.0
"""Staff accounts and sessions, who is available, and the audit, which is only ever added to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, delete, exists, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.schema import audit, staff, staff_sessions

ONE_LOOK = 60.0  # a page that is opened again so soon is one look
OPEN_FOR = 12 * 3600.0  # what an open page asks for again by itself is the look that opened it
BY_ITSELF = ("talk", "notes")  # what an open page also asks for with nobody at it
NEWEST = 500  # rows of the audit that are read for it; it has no index, and only grows
SEEN_WITHIN = 45.0  # a console that says nothing for this long is not there
GONE_AFTER = 60.0  # and after this long whoever they were talking with is given to somebody else


async def add(tx: AsyncConnection, **columns: Any) -> None:
    """Keep a new account."""
    await tx.execute(insert(staff).values(**columns))


async def find(tx: AsyncConnection, **equals: Any) -> Row | None:
    """Return the account whose columns equal these."""
    query = select(staff).where(*(staff.c[name] == value for name, value in equals.items()))
    return (await tx.execute(query)).first()


async def change(tx: AsyncConnection, staff_id: str, **columns: Any) -> None:
    """Change an account."""
    await tx.execute(update(staff).where(staff.c.id == staff_id).values(**columns))


async def everybody(tx: AsyncConnection) -> Sequence[Row]:
    """Return every account by name."""
    return (await tx.execute(select(staff).order_by(staff.c.name))).all()


async def anybody_available(
    tx: AsyncConnection, now: float, without: Collection[str] = ()
) -> bool:
    """Say whether a worker, but for these, is marked available and their console is open."""
    there = (
        staff.c.available.is_(True)
        & (staff.c.seen_at >= now - SEEN_WITHIN)
        & staff.c.id.not_in(without)
    )
    return bool((await tx.execute(select(exists().where(there)))).scalar())


async def open_session(tx: AsyncConnection, **columns: Any) -> None:
    """Keep a new signed-in session; only a hash of its token is kept."""
    await tx.execute(insert(staff_sessions).values(**columns))


async def session(tx: AsyncConnection, token_hash: str, now: float) -> Row | None:
    """Return the account of a live session, its CSRF word, and whether it is locked."""
    query = (
        select(
            staff, staff_sessions.c.csrf, staff_sessions.c.second, staff_sessions.c.locked_at
        )
        .join(staff_sessions, staff_sessions.c.staff_id == staff.c.id)
        .where(staff_sessions.c.token_hash == token_hash, staff_sessions.c.expires_at > now)
    )
    return (await tx.execute(query)).first()


async def use_code(tx: AsyncConnection, staff_id: str, step: int) -> bool:
    """Spend the digits of one half minute; False when they, or later ones, were spent."""
    newer = or_(staff.c.second_used.is_(None), staff.c.second_used < step)
    query = update(staff).where(staff.c.id == staff_id, newer).values(second_used=step)
    return (await tx.execute(query)).rowcount == 1


async def lock(tx: AsyncConnection, token_hash: str, at: float | None) -> None:
    """Lock one session, or open it again (None); its tries begin anew."""
    query = update(staff_sessions).where(staff_sessions.c.token_hash == token_hash)
    await tx.execute(query.values(locked_at=at, tries=0))


async def try_to_unlock(tx: AsyncConnection, token_hash: str) -> int:
    """Count a try before it is checked, and return how many there were."""
    query = update(staff_sessions).where(staff_sessions.c.token_hash == token_hash)
    counted = query.values(tries=staff_sessions.c.tries + 1).returning(staff_sessions.c.tries)
    return (await tx.execute(counted)).scalar() or 0


async def close_session(tx: AsyncConnection, token_hash: str) -> None:
    """End one session."""
    await tx.execute(delete(staff_sessions).where(staff_sessions.c.token_hash == token_hash))


async def close_sessions(tx: AsyncConnection, staff_id: str) -> None:
    """Sign an account out everywhere."""
    await tx.execute(delete(staff_sessions).where(staff_sessions.c.staff_id == staff_id))


async def note(tx: AsyncConnection, staff_id: str, what: str, subject: str, at: float) -> None:
    """Add to the audit who did or saw what."""
    await tx.execute(insert(audit).values(at=at, staff_id=staff_id, what=what, subject=subject))


async def look(
    tx: AsyncConnection, staff_id: str, what: str, subjects: Sequence[str], at: float,
    again: bool = False,
) -> None:  # fmt: skip
    """Add to the audit which of these subjects somebody sees now; what they still see is one look.

    `again`: an open page asks by itself, so that only what it shows for the first time is new.
    """
    newest = select(audit).order_by(audit.c.id.desc()).limit(NEWEST).subquery()
    theirs = (newest.c.staff_id == staff_id) & (newest.c.what == what)
    within = OPEN_FOR if again else ONE_LOOK
    query = select(newest.c.subject).where(theirs, newest.c.at > at - within)
    seen = set((await tx.execute(query)).scalars())
    for subject in subjects:
        if subject not in seen:
            await note(tx, staff_id, what, subject, at)


async def audit_of(tx: AsyncConnection, subject: str) -> Sequence[Row]:
    """Return the audit of one subject, oldest first."""
    query = select(audit).where(audit.c.subject == subject).order_by(audit.c.id)
    return (await tx.execute(query)).all()


async def acted_at(tx: AsyncConnection, staff_id: str, subject: str) -> float | None:
    """Return when somebody last did something about a subject, None for never."""
    theirs = (audit.c.staff_id == staff_id) & (audit.c.subject == subject)
    by_hand = audit.c.what.not_in(BY_ITSELF)
    return (await tx.execute(select(func.max(audit.c.at)).where(theirs, by_hand))).scalar()


async def names_of(tx: AsyncConnection, ids: Collection[str]) -> set[str]:
    """Return the names of these accounts."""
    return set((await tx.execute(select(staff.c.name).where(staff.c.id.in_(ids)))).scalars())

# SPDX-License-Identifier: Apache-2.0
"""Facts, consents, effects, work for later, trackers, codes and counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, case, delete, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.schema import (
    calls,
    consents,
    counts,
    due,
    effects,
    events,
    facts,
    resume_codes,
    resume_tries,
    trackers,
)


def _upsert(tx: AsyncConnection, table: Any) -> Any:
    """Return the dialect's INSERT, which alone knows ON CONFLICT."""
    return (postgresql if tx.dialect.name == "postgresql" else sqlite).insert(table)


async def keep_fact(
    tx: AsyncConnection, conversation_id: str, name: str, sealed: bytes, turn_id: str, at: float
) -> None:
    """Keep one fact of a story; a later answer replaces an earlier one."""
    row = {"sealed": sealed, "turn_id": turn_id, "at": at}
    query = _upsert(tx, facts).values(conversation_id=conversation_id, name=name, **row)
    await tx.execute(
        query.on_conflict_do_update(index_elements=["conversation_id", "name"], set_=row)
    )


async def facts_of(tx: AsyncConnection, conversation_id: str) -> Sequence[Row]:
    """Return the facts of a story."""
    return (await tx.execute(select(facts).where(facts.c.conversation_id == conversation_id))).all()


async def forget_fact(tx: AsyncConnection, conversation_id: str, name: str) -> None:
    """Forget one fact of a story."""
    of_story = (facts.c.conversation_id == conversation_id) & (facts.c.name == name)
    await tx.execute(delete(facts).where(of_story))


async def once(tx: AsyncConnection, turn_id: str, effect: str, at: float, result: str = "") -> bool:
    """Claim an effect of a turn; False when the turn already had it."""
    query = _upsert(tx, effects).values(turn_id=turn_id, effect=effect, result=result, at=at)
    return (await tx.execute(query.on_conflict_do_nothing())).rowcount == 1


async def effect_result(tx: AsyncConnection, turn_id: str, effect: str) -> str | None:
    """Return what an earlier run of this turn gave for an effect."""
    query = select(effects.c.result).where(effects.c.turn_id == turn_id, effects.c.effect == effect)
    return (await tx.execute(query)).scalar()


async def keep_consent(tx: AsyncConnection, **columns: Any) -> None:
    """Keep what a person agreed to."""
    await tx.execute(insert(consents).values(**columns))


async def consents_of(tx: AsyncConnection, conversation_id: str) -> Sequence[Row]:
    """Return the consents given in a story."""
    query = select(consents).where(consents.c.conversation_id == conversation_id)
    return (await tx.execute(query.order_by(consents.c.given_at))).all()


async def consents_in(tx: AsyncConnection, *states: str) -> Sequence[Row]:
    """Return the consents in these states, oldest first."""
    query = select(consents).where(consents.c.state.in_(states)).order_by(consents.c.given_at)
    return (await tx.execute(query)).all()


async def change_consent(tx: AsyncConnection, consent_id: str, was: str, **columns: Any) -> bool:
    """Change a consent that is still in state `was`; False when it no longer is."""
    query = update(consents).where(consents.c.id == consent_id, consents.c.state == was)
    return (await tx.execute(query.values(**columns))).rowcount == 1


async def change_consents(
    tx: AsyncConnection, conversation_id: str, was: str, **columns: Any
) -> int:
    """Change every consent of a story that is in state `was`; return how many there were."""
    query = update(consents).where(
        consents.c.conversation_id == conversation_id, consents.c.state == was
    )
    return (await tx.execute(query.values(**columns))).rowcount


async def consents_to_erase(tx: AsyncConnection, now: float) -> Sequence[str]:
    """Return the consents that have been kept as long as we said."""
    return list(
        (await tx.execute(select(consents.c.id).where(consents.c.erase_at <= now))).scalars()
    )


async def drop_consent(tx: AsyncConnection, consent_id: str) -> None:
    """Delete a consent whose time is over."""
    await tx.execute(delete(consents).where(consents.c.id == consent_id))


async def plan(tx: AsyncConnection, work_id: str, kind: str, subject: str, due_at: float) -> None:
    """Plan work for later. The same work for the same subject is one row, due at the earlier time.

    While somebody is at the old work the row becomes the new work: it must not go with the old.
    """
    query = _upsert(tx, due).values(
        id=work_id, kind=kind, subject=subject, due_at=due_at, leased_until=0.0
    )
    sooner = (due.c.leased_until == 0.0) & (due.c.due_at < due_at)
    await tx.execute(
        query.on_conflict_do_update(
            index_elements=["kind", "subject"],
            set_={"due_at": case((sooner, due.c.due_at), else_=due_at), "leased_until": 0.0},
        )
    )


async def claim(tx: AsyncConnection, now: float, until: float, kinds: Sequence[str]) -> Row | None:
    """Claim the oldest work of these kinds that is due and that nobody holds."""
    query = select(due).where(due.c.due_at <= now, due.c.leased_until <= now)
    query = query.where(due.c.kind.in_(kinds)).order_by(due.c.due_at).limit(1)
    row = (await tx.execute(query)).first()
    if row is None:
        return None
    held = update(due).where(due.c.id == row.id, due.c.leased_until == row.leased_until)
    result = await tx.execute(held.values(leased_until=until))
    return row if result.rowcount == 1 else None


async def finish(tx: AsyncConnection, work_id: str, until: float) -> None:
    """Drop work that was done, unless it was planned anew meanwhile."""
    await tx.execute(delete(due).where(due.c.id == work_id, due.c.leased_until == until))


async def cancel(tx: AsyncConnection, kind: str, subject: str) -> bool:
    """Drop work that is no longer needed; say whether there was any."""
    query = delete(due).where(due.c.kind == kind, due.c.subject == subject)
    return (await tx.execute(query)).rowcount > 0


async def bring_forward(tx: AsyncConnection, kind: str, subjects: Sequence[str], at: float) -> None:
    """Let work that is already planned for these subjects be due at an earlier time."""
    query = update(due).where(due.c.kind == kind, due.c.subject.in_(subjects), due.c.due_at > at)
    await tx.execute(query.values(due_at=at))


async def hurry(tx: AsyncConnection, kind: str, at: float) -> None:
    """Let all work of a kind that is planned be due at an earlier time."""
    query = update(due).where(due.c.kind == kind, due.c.due_at > at).values(due_at=at)
    await tx.execute(query)


async def tracker(tx: AsyncConnection, conversation_id: str) -> tuple[int, bytes] | None:
    """Return a story's tracker and its version."""
    query = select(trackers.c.version, trackers.c.sealed)
    row = (await tx.execute(query.where(trackers.c.conversation_id == conversation_id))).first()
    return (row.version, row.sealed) if row else None


async def keep_tracker(
    tx: AsyncConnection, conversation_id: str, sealed: bytes, expected: int
) -> bool:
    """Keep a tracker over the version it was read at (0: none yet); False when it moved on."""
    row = {"version": expected + 1, "sealed": sealed}
    if expected == 0:
        query = _upsert(tx, trackers).values(conversation_id=conversation_id, **row)
        return (await tx.execute(query.on_conflict_do_nothing())).rowcount == 1
    query = update(trackers).where(
        trackers.c.conversation_id == conversation_id, trackers.c.version == expected
    )
    return (await tx.execute(query.values(**row))).rowcount == 1


async def drop_tracker(tx: AsyncConnection, conversation_id: str) -> None:
    """Delete a story's tracker and its loose ends, which no foreign key holds."""
    await tx.execute(delete(trackers).where(trackers.c.conversation_id == conversation_id))
    await tx.execute(delete(events).where(events.c.conversation_id == conversation_id))


async def keep_codes(
    tx: AsyncConnection, code_hashes: Sequence[str], conversation_id: str, expires_at: float
) -> None:
    """Keep the resume codes of a story; older ones of it no longer work."""
    await tx.execute(delete(resume_codes).where(resume_codes.c.conversation_id == conversation_id))
    story = {"conversation_id": conversation_id, "expires_at": expires_at}
    await tx.execute(insert(resume_codes), [{"code_hash": one, **story} for one in code_hashes])


async def code_known(tx: AsyncConnection, code_hash: str) -> bool:
    """Say whether a resume code is one that was given already."""
    query = select(resume_codes.c.code_hash).where(resume_codes.c.code_hash == code_hash)
    return (await tx.execute(query)).first() is not None


async def code_until(tx: AsyncConnection, conversation_id: str, now: float) -> float | None:
    """Return until when a story can be gone on with by a code, None when it has no live code."""
    query = select(resume_codes.c.expires_at).where(
        resume_codes.c.conversation_id == conversation_id, resume_codes.c.expires_at > now
    )
    return (await tx.execute(query)).scalar()


async def use_code(
    tx: AsyncConnection, code_hash: str, now: float, lasts: float = 0.0
) -> str | None:
    """Return the story a code opens and spend all codes of that story.

    A code that does not last until `lasts` opens nothing, and is not spent.
    """
    query = select(resume_codes.c.conversation_id).where(
        resume_codes.c.code_hash == code_hash, resume_codes.c.expires_at > now,
        resume_codes.c.expires_at >= lasts,
    )  # fmt: skip
    found = (await tx.execute(query)).scalar()
    await tx.execute(
        delete(resume_codes).where(
            or_(resume_codes.c.conversation_id == found, resume_codes.c.expires_at <= now)
        )
    )
    return found


async def tries(tx: AsyncConnection, tried_hash: str, now: float, window: float) -> int:
    """Count a try and return how many there were in the window, this one included."""
    await tx.execute(insert(resume_tries).values(tried_hash=tried_hash, at=now))
    return await tried(tx, tried_hash, now, window)


async def right(tx: AsyncConnection, tried_hash: str) -> None:
    """Take back the newest try, which was right."""
    newest = select(func.max(resume_tries.c.id)).where(resume_tries.c.tried_hash == tried_hash)
    await tx.execute(delete(resume_tries).where(resume_tries.c.id == newest.scalar_subquery()))


async def tried(tx: AsyncConnection, tried_hash: str, now: float, window: float) -> int:
    """Return how many tries there were in the window."""
    await tx.execute(delete(resume_tries).where(resume_tries.c.at < now - window))
    query = select(func.count()).where(resume_tries.c.tried_hash == tried_hash)
    return (await tx.execute(query)).scalar_one()


async def count(tx: AsyncConnection, day: str, name: str) -> None:
    """Add one to a day's figure."""
    query = _upsert(tx, counts).values(day=day, name=name, number=1)
    await tx.execute(
        query.on_conflict_do_update(
            index_elements=["day", "name"], set_={"number": counts.c.number + 1}
        )
    )


async def call_answer(tx: AsyncConnection, call_hash: str, address: str) -> bytes | None:
    """Return what a call was already told at an address, so that a retry hears the same."""
    query = select(calls.c.sealed).where(calls.c.call_hash == call_hash, calls.c.address == address)
    return (await tx.execute(query)).scalar()


async def keep_call_answer(
    tx: AsyncConnection, call_hash: str, address: str, sealed: bytes, at: float
) -> None:
    """Keep what a call was told at an address."""
    query = _upsert(tx, calls).values(call_hash=call_hash, address=address, sealed=sealed, at=at)
    await tx.execute(query.on_conflict_do_nothing())


async def drop_calls(tx: AsyncConnection, before: float) -> None:
    """Delete what calls were told before a time, and who tried or texted before it, for an hour
    is all that either is kept for."""
    await tx.execute(delete(calls).where(calls.c.at < before))
    await tx.execute(delete(resume_tries).where(resume_tries.c.at < before))

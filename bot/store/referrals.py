# SPDX-License-Identifier: Apache-2.0
"""How far each note to a service has come, the links under which it is seen, and disclosures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, delete, exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.console_schema import exclusions
from bot.store.referral_schema import disclosures, referral_links, referrals
from bot.store.schema import consents

_BOTH = select(
    referrals,
    consents.c.id,
    consents.c.conversation_id,
    consents.c.reference,
    consents.c.service_id,
    consents.c.sealed,
    consents.c.given_at,
    consents.c.wording,
    consents.c.medium,
    consents.c.state.label("consent"),
    consents.c.sent_by,
    consents.c.sent_at,
).join(consents, consents.c.id == referrals.c.consent_id)


async def begin(tx: AsyncConnection, consent_id: str, **columns: Any) -> None:
    """Keep that a note is to be sent."""
    await tx.execute(insert(referrals).values(consent_id=consent_id, **columns))


async def find(tx: AsyncConnection, consent_id: str, lock: bool = False) -> Row | None:
    """Return a note with its consent; with `lock`, until the transaction ends (PostgreSQL)."""
    query = _BOTH.where(referrals.c.consent_id == consent_id)
    return (await tx.execute(query.with_for_update() if lock else query)).first()


async def of_story(tx: AsyncConnection, conversation_id: str) -> Sequence[Row]:
    """Return the notes of a story, oldest first."""
    query = _BOTH.where(consents.c.conversation_id == conversation_id)
    return (await tx.execute(query.order_by(consents.c.given_at))).all()


async def in_consent(tx: AsyncConnection, states: Sequence[str], staff_id: str) -> Sequence[Row]:
    """Return the notes whose consent is in these states, oldest first.

    Without those of the stories that this member of staff is kept away from.
    """
    away = exists().where(
        exclusions.c.conversation_id == consents.c.conversation_id,
        exclusions.c.staff_id == staff_id,
    )
    query = _BOTH.where(consents.c.state.in_(states), ~away)
    return (await tx.execute(query.order_by(consents.c.given_at))).all()


async def change(tx: AsyncConnection, consent_id: str, was: Sequence[str], **columns: Any) -> bool:
    """Change a note that is still in one of these states; False when it no longer is."""
    query = update(referrals).where(
        referrals.c.consent_id == consent_id, referrals.c.state.in_(was)
    )
    return (await tx.execute(query.values(**columns))).rowcount == 1


async def named(tx: AsyncConnection, reference: str) -> str | None:
    """Return the note with this reference."""
    query = select(consents.c.id).where(consents.c.reference == reference)
    return (await tx.execute(query)).scalar()


async def keep_link(
    tx: AsyncConnection, token_hash: str, consent_id: str, expires_at: float
) -> None:
    """Keep a link to a note; an earlier one goes on working until it expires or is ended."""
    await tx.execute(
        insert(referral_links).values(
            token_hash=token_hash, consent_id=consent_id, expires_at=expires_at
        )
    )


async def end_links(tx: AsyncConnection, consent_id: str, but: str = "") -> None:
    """End the links to a note, but for one."""
    others = (referral_links.c.consent_id == consent_id) & (referral_links.c.token_hash != but)
    await tx.execute(delete(referral_links).where(others))


async def link_until(tx: AsyncConnection, token_hash: str, at: float, *, later: bool) -> None:
    """Have a link end at another time: only `later` than it would, else only sooner."""
    ends = referral_links.c.expires_at
    moves = ends < at if later else ends > at
    query = update(referral_links).where(referral_links.c.token_hash == token_hash, moves)
    await tx.execute(query.values(expires_at=at))


async def by_link(tx: AsyncConnection, token_hash: str, now: float) -> str | None:
    """Return the note that a link opens, None for a link that never was or is too old."""
    query = select(referral_links.c.consent_id).where(
        referral_links.c.token_hash == token_hash, referral_links.c.expires_at > now
    )
    return (await tx.execute(query)).scalar()


async def disclose(tx: AsyncConnection, **columns: Any) -> None:
    """Keep a decision to pass something on without a yes."""
    await tx.execute(insert(disclosures).values(**columns))


async def disclosures_of(tx: AsyncConnection, conversation_id: str) -> Sequence[Row]:
    """Return the decisions about a story, oldest first."""
    query = select(disclosures).where(disclosures.c.conversation_id == conversation_id)
    return (await tx.execute(query.order_by(disclosures.c.at))).all()


async def every_disclosure(tx: AsyncConnection, staff_id: str) -> Sequence[Row]:
    """Return the decisions that are kept, newest first.

    Without those about the stories that this member of staff is kept away from.
    """
    away = exists().where(
        exclusions.c.conversation_id == disclosures.c.conversation_id,
        exclusions.c.staff_id == staff_id,
    )
    query = select(disclosures).where(~away)
    return (await tx.execute(query.order_by(disclosures.c.at.desc()))).all()


async def disclosures_to_erase(tx: AsyncConnection, now: float) -> Sequence[str]:
    """Return the decisions that have been kept as long as we said."""
    query = select(disclosures.c.id).where(disclosures.c.erase_at <= now)
    return list((await tx.execute(query)).scalars())


async def drop_disclosure(tx: AsyncConnection, disclosure_id: str) -> None:
    """Delete a decision whose time is over."""
    await tx.execute(delete(disclosures).where(disclosures.c.id == disclosure_id))

# SPDX-License-Identifier: Apache-2.0
"""What belongs to no conversation and so goes with none: removed once nobody can need it."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, delete, exists, not_, or_
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.console_schema import exclusions
from bot.store.contact_schema import callbacks, contact_records
from bot.store.referral_schema import disclosures
from bot.store.schema import consents, conversations, effects, events, staff_sessions

# A turn is put again for 10 minutes, a console asks again within seconds.
KEPT_FOR = 3600.0
JUDGED = "judged"
"""The effect that says how a worker judged a yes; its turn is the note or the call it is of."""
OF_A_YES = (consents.c.id, callbacks.c.id)
OF_A_STORY = (
    conversations.c.id, contact_records.c.conversation_id, consents.c.conversation_id,
    disclosures.c.conversation_id,
)  # fmt: skip
"""What can be left of a story that somebody is kept away from, each for its own time."""


async def drop(tx: AsyncConnection, now: float) -> None:
    """Delete effects of turns long over, old calls to look at the queue, and ended sign-ins.

    A verdict stays for as long as what it is of. Who is kept away from a story is no longer known
    once nothing of it is left.
    """
    old = now - KEPT_FOR
    stands = or_(*(exists().where(column == effects.c.turn_id) for column in OF_A_YES))
    lasts = and_(effects.c.effect == JUDGED, stands)
    await tx.execute(delete(effects).where(effects.c.at < old, not_(lasts)))
    await tx.execute(delete(events).where(events.c.conversation_id.is_(None), events.c.at < old))
    await tx.execute(delete(staff_sessions).where(staff_sessions.c.expires_at <= now))
    await tx.execute(delete(exclusions).where(*(_goes_with(column) for column in OF_A_STORY)))


def _goes_with(column: ColumnElement[str]) -> ColumnElement[bool]:
    """Say of a story that nothing of it is left here."""
    return ~exists().where(column == exclusions.c.conversation_id)

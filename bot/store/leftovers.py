# SPDX-License-Identifier: Apache-2.0
"""What belongs to no conversation and so goes with none: removed once nobody can need it."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.schema import effects, events, staff_sessions

# A turn is put again for 10 minutes, a console asks again within seconds.
KEPT_FOR = 3600.0


async def drop(tx: AsyncConnection, now: float) -> None:
    """Delete effects of turns long over, old calls to look at the queue, and ended sign-ins."""
    old = now - KEPT_FOR
    await tx.execute(delete(effects).where(effects.c.at < old))
    await tx.execute(delete(events).where(events.c.conversation_id.is_(None), events.c.at < old))
    await tx.execute(delete(staff_sessions).where(staff_sessions.c.expires_at <= now))

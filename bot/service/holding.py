# SPDX-License-Identifier: Apache-2.0
"""Who has a story: the worker who accepted it, and a supervisor who joined them.

Asked inside the transaction that reads or changes it. Nobody else sees a word. Once a story has
closed, and a flag nobody judged holds its words, only who may review sees them (design, section 6).
"""

from __future__ import annotations

from typing import Any

from bot.policy.roles import May, may
from bot.policy.turn import State
from bot.service.ports import ConversationError
from bot.store import console_rows, conversations, handovers, staff
from bot.store.database import Tx


async def open_handover(tx: Tx, handover_id: str, *, lock: bool = True) -> Any:
    """Return an open handover, with `lock` its story's row held; raise `unknown` if it is over.

    The story first, as everywhere: two who hold one each and want the other wait for ever.
    """
    found = await handovers.find(tx, handover_id)
    if found is not None and lock:
        await conversations.conversation(tx, found.conversation_id, lock=True)
        found = await handovers.find(tx, handover_id)
    if found is None or found.state == handovers.ENDED:
        raise ConversationError("unknown")
    return found


async def held_by(tx: Tx, handover_id: str, worker_id: str, *, lock: bool = True) -> Any:
    """Return a handover that this worker has; `not_yours` when somebody else has it."""
    found = await open_handover(tx, handover_id, lock=lock)
    if found.state != handovers.TAKEN or found.worker_id != worker_id:
        raise ConversationError("not_yours")
    await _readable(tx, found, worker_id)
    return found


async def seen_by(tx: Tx, handover_id: str, worker_id: str, *, lock: bool = True) -> Any:
    """Return a handover that this member of staff has, or has joined."""
    found = await open_handover(tx, handover_id, lock=lock)
    joined = await console_rows.companions_of(tx, found.conversation_id)
    if found.state != handovers.TAKEN or worker_id not in (found.worker_id, *joined):
        raise ConversationError("not_yours")
    await _readable(tx, found, worker_id)
    return found


async def may_enter(tx: Tx, found: Any, staff_id: str) -> None:
    """Raise `excluded` for who is kept away from a story, `review` where it is closed to them."""
    if staff_id in await console_rows.excluded(tx, found.conversation_id):
        raise ConversationError("excluded")
    await _readable(tx, found, staff_id)


async def reviews(tx: Tx, staff_id: str) -> bool:
    """Say whether this member of staff may read what a flag holds after the story has closed."""
    who = await staff.find(tx, id=staff_id)
    return who is not None and may(who.role, May.REVIEW)


async def _readable(tx: Tx, found: Any, staff_id: str) -> None:
    row = await conversations.conversation(tx, found.conversation_id)
    if row is not None and row.state == State.ENDED and not await reviews(tx, staff_id):
        raise ConversationError("review")

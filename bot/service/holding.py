# SPDX-License-Identifier: Apache-2.0
"""Who has a story: the worker who accepted it, and a supervisor who joined them.

Asked inside the transaction that reads or changes it. Nobody else sees a word.
"""

from __future__ import annotations

from typing import Any

from bot.service.ports import ConversationError
from bot.store import console_rows, conversations, handovers
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
    return found


async def seen_by(tx: Tx, handover_id: str, worker_id: str, *, lock: bool = True) -> Any:
    """Return a handover that this member of staff has, or has joined."""
    found = await open_handover(tx, handover_id, lock=lock)
    if found.state == handovers.TAKEN:
        if found.worker_id == worker_id:
            return found
        if worker_id in await console_rows.companions_of(tx, found.conversation_id):
            return found
    raise ConversationError("not_yours")

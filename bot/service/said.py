# SPDX-License-Identifier: Apache-2.0
"""What may come in as a turn: of a shape that can be kept."""

from __future__ import annotations

from bot.policy.turn import Said
from bot.service.ports import ConversationError

LONGEST = 16_000


def check_shape(said: Said) -> None:
    """Raise ConversationError for a turn that can be no turn."""
    if sum(bool(x) for x in (said.text, said.choice, said.key)) != 1:
        raise ConversationError("both" if said.text or said.choice else "empty")
    if len(said.text.encode()) > LONGEST:
        raise ConversationError("too_long")
    if said.client_id and len(said.client_id) > 64:
        raise ConversationError("client_id_reused")

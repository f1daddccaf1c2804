# SPDX-License-Identifier: Apache-2.0
"""What may come in as a turn: of a shape that can be kept, and nothing that would be executed."""

from __future__ import annotations

import unicodedata

from bot.policy.turn import Said
from bot.service.ports import ConversationError

LONGEST = 16_000


def clean(text: str) -> str:
    """Return free text without control characters, and without what an engine would execute.

    Rasa runs a leading `/name` as a command, also behind Unicode white space.
    """
    kept = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    start = 0
    while start < len(kept) and (
        kept[start] == "/" or kept[start].isspace() or unicodedata.category(kept[start]) == "Cf"
    ):
        start += 1
    return kept[start:].rstrip()


def check_shape(said: Said) -> None:
    """Raise ConversationError for a turn that can be no turn."""
    if sum(bool(x) for x in (said.text, said.choice, said.key)) != 1:
        raise ConversationError("both" if said.text or said.choice else "empty")
    if len(said.text.encode()) > LONGEST:
        raise ConversationError("too_long")
    if said.client_id and len(said.client_id) > 64:
        raise ConversationError("client_id_reused")

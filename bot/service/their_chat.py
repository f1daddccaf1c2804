# SPDX-License-Identifier: Apache-2.0
"""Whether news may come by itself onto the screen of whom it concerns."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from bot.policy.turn import Medium, State
from bot.service.transcript import Dialogue, Transcript
from bot.store import conversations
from bot.store.database import Tx
from bot.store.keys import Box, KeyStore


class TheirChat(NamedTuple):
    """An open chat, as it stands: its row is held."""

    row: Any
    box: Box
    dialogue: Dialogue


async def open_chat(
    tx: Tx, keys: KeyStore, transcript: Transcript, story: str, states: Collection[State],
    since: float = 0.0,
) -> TheirChat | None:  # fmt: skip
    """Return the chat somebody is in, None where what comes by itself may be seen by another.

    Whoever left, said stop, or has not said that it is safe may have company; whoever came back by
    a code since (seconds since 1970) may be somebody else who found it; a caller and a texter have
    no screen of ours.
    """
    row = await conversations.conversation(tx, story, lock=True)
    if row is None or row.state not in states or row.left_at or row.medium != Medium.CHAT:
        return None
    if await conversations.came_back(tx, row.id, since):
        return None
    box = await keys.held(row.id)
    if box is None:
        return None
    dialogue = await transcript.dialogue(row, box)
    return None if dialogue.company else TheirChat(row, box, dialogue)

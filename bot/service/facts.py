# SPDX-License-Identifier: Apache-2.0
"""What a person chose to tell us, kept encrypted; it wins over what the dialogue remembers."""

from __future__ import annotations

from collections.abc import Mapping

from bot.policy.questions import CODE_USED
from bot.policy.urgency import DANGER
from bot.service.ports import Clock
from bot.store import conversations, records
from bot.store.database import Database, Tx
from bot.store.keys import Box, KeyStore


class Facts:
    """The answers of one conversation."""

    def __init__(self, store: Database, keys: KeyStore, clock: Clock) -> None:
        self.store, self.keys, self.clock = store, keys, clock

    async def keep(self, conversation_id: str, turn_id: str, answers: Mapping[str, str]) -> None:
        """Keep these answers; a skipped one is kept as skipped, so that it is not asked again."""
        box = await self.keys.box(conversation_id)
        async with self.store.write() as tx:
            if await conversations.conversation(tx, conversation_id, lock=True) is not None:
                await keep(tx, box, conversation_id, turn_id, answers, self.clock())

    async def in_crisis(self, conversation_id: str) -> bool:
        """Say whether a danger or suicide was heard and not cleared up."""
        async with self.store.read() as tx:
            row = await conversations.conversation(tx, conversation_id)
        return row is not None and row.urgency in DANGER[:2]

    async def told(self, conversation_id: str) -> dict[str, str]:
        """Return the answers of whoever is here now: those kept since a code was used, if any was.

        Whoever holds a code may be somebody else, and is shown nothing of what was told before.
        """
        box = await self.keys.box(conversation_id)
        async with self.store.read() as tx:
            rows = await records.facts_of(tx, conversation_id)
        since = next((f.at for f in rows if f.name == CODE_USED), None)
        return {f.name: box.open(f.sealed) for f in rows if since is None or f.at > since}

    async def of(self, conversation_id: str) -> dict[str, str]:
        """Return the answers kept so far."""
        box = await self.keys.box(conversation_id)
        async with self.store.read() as tx:
            return await known(tx, box, conversation_id)


async def keep(
    tx: Tx, box: Box, conversation_id: str, turn_id: str, answers: Mapping[str, str], at: float
) -> None:
    """Keep answers in the transaction that keeps a turn; the topic picked is the story's."""
    for name, value in answers.items():
        await records.keep_fact(tx, conversation_id, name, box.seal(value), turn_id, at)
    topic = answers.get("topic", "skip")
    if topic not in ("skip", "none"):
        await conversations.change(tx, conversation_id, topic=topic)


async def known(tx: Tx, box: Box, conversation_id: str) -> dict[str, str]:
    """Return the answers kept so far."""
    return {f.name: box.open(f.sealed) for f in await records.facts_of(tx, conversation_id)}

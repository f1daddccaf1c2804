# SPDX-License-Identifier: Apache-2.0
"""An interpreter is brought to a call by the worker who talks with the caller, by one button."""

from __future__ import annotations

from typing import Protocol

from bot.service import holding
from bot.service.ports import Clock, ConversationError
from bot.settings import Settings
from bot.store import conversations, staff
from bot.store.database import Database


class Line(Protocol):
    """The telephone: rings the interpreters of the settings to a call."""

    async def ring_interpreter(self, call_hash: str, conversation_id: str) -> bool:
        """Ring them; False when nobody talks in this call, or they cannot be rung."""
        ...


class Interpreter:
    """Rings the interpreting service of the settings. `line` is set by the telephone."""

    def __init__(self, store: Database, settings: Settings, clock: Clock) -> None:
        self.store, self.settings, self.clock = store, settings, clock
        self.line: Line | None = None

    @property
    def known(self) -> bool:
        """Say whether an interpreting service is set."""
        return bool(self.settings.interpreter)

    async def bring(self, handover_id: str, worker_id: str) -> None:
        """Ring an interpreter to the call of a worker's own handover; once rung it is audited.

        Raises `not_yours`, or `no_interpreter` where none is set or nobody talks by telephone.
        """
        async with self.store.read() as tx:
            found = await holding.held_by(tx, handover_id, worker_id, lock=False)
            call = await conversations.call_of(tx, found.conversation_id)
        if not (self.known and call and self.line):
            raise ConversationError("no_interpreter")
        if not await self.line.ring_interpreter(call, found.conversation_id):
            raise ConversationError("no_interpreter")
        async with self.store.write() as tx:
            await staff.note(tx, worker_id, "interpreter", found.conversation_id, self.clock())

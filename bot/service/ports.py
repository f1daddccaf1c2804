# SPDX-License-Identifier: Apache-2.0
"""What the service needs from outside, and the refusals it gives."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

from bot.policy.turn import Reply, Understanding, Utterance

Clock = Callable[[], float]


class AssistantDown(Exception):
    """The assistant gave no good answer; the turn is kept and will be put to it again."""


class Assistant(Protocol):
    """The dialogue behind the edge."""

    async def ask(
        self,
        *,
        conversation_id: str,
        turn_id: str,
        medium: str,
        text: str,
        intent: str,
        heard: Understanding,
        choice: str = "",
        without: tuple[str, ...] = (),
    ) -> list[Utterance]:
        """Return what is to be said, or raise AssistantDown."""

    async def ready(self) -> bool:
        """Say whether it would answer now."""


class Pager(Protocol):
    """Calls staff to the queue. It is told a tier and a reference, never a word of the person."""

    def page(self, tier: str, reference: str) -> Awaitable[None]: ...


class ConversationError(Exception):
    """A turn that is refused. `code` is stable; `reply` is what the person gets all the same."""

    def __init__(self, code: str, reply: Reply | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.reply = reply

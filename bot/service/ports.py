# SPDX-License-Identifier: Apache-2.0
"""What the service needs from outside, and the refusals it gives."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

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


@dataclass(frozen=True)
class Page:
    """What is sent to somebody on duty: how soon, and where the queue is. No word of the person.

    `id` is the same at every try, so that whoever gets a page twice can tell.
    """

    id: str
    to: str
    tier: str
    link: str
    subject: str
    text: str
    spoken: str
    test: bool = False


class PageFailed(Exception):
    """A page that did not go. `code` is short and stable; without `again` no try would help."""

    def __init__(self, code: str, *, again: bool = True) -> None:
        super().__init__(code)
        self.code, self.again = code, again


class Pager(Protocol):
    """Calls somebody to the queue by one means, or raises PageFailed."""

    def page(self, page: Page) -> Awaitable[None]: ...


class Rings(Protocol):
    """The telephone line, as far as it rings by itself who is on duty, for a caller who holds."""

    def rings_for(self, conversation_id: str) -> Awaitable[bool]:
        """Say whether it rings somebody for this story at this moment, or somebody is there."""


@dataclass(frozen=True)
class Parcel:
    """What goes to a service by its route. `id` is the same at every try.

    An e-mail gets `subject` and `text` and nothing of the note; a webhook gets `fields`, signed
    with `secret`.
    """

    id: str
    to: str
    subject: str
    text: str
    fields: Mapping[str, Any]
    secret: str = field(default="", repr=False)


class NotDelivered(Exception):
    """A message that did not go. `code` is short and stable; without `again` no try would help.

    `maybe`: nobody knows whether it went, so it is not sent again by itself.
    """

    def __init__(self, code: str, *, again: bool = True, maybe: bool = False) -> None:
        super().__init__(code)
        self.code, self.again, self.maybe = code, again and not maybe, maybe


class Courier(Protocol):
    """Brings a parcel to a service by one means, or raises NotDelivered."""

    def bring(self, parcel: Parcel) -> Awaitable[None]: ...


class ConversationError(Exception):
    """A turn that is refused. `code` is stable; `reply` is what the person gets all the same."""

    def __init__(self, code: str, reply: Reply | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.reply = reply

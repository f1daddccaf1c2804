# SPDX-License-Identifier: Apache-2.0
"""What every action stands on: the turn it runs in, what it may use, how it says a name.

What goes wrong in showing something is told: the person hears `trouble`, with 999 and the ways on.
What goes wrong in doing something fails the whole turn, without a word of why: nothing of it is
kept in the dialogue, and the edge puts it again (docs/adr/0004).
"""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.policy.needs import ENOUGH, NAMES, NOT_ASKED, SKIP
from bot.policy.questions import CONTACT_ANEW
from bot.policy.turn import Line, ServiceCard

if TYPE_CHECKING:
    from bot.service.agreed import Booked
    from bot.service.information import Told

log = logging.getLogger(__name__)
Events = list[dict[str, Any]]
# Rasa gives up on an action after 3 s; what the person is told must still reach it.
TAKES_AT_MOST = 2.5


class Facts(Protocol):
    """What a person chose to tell us; it wins over the dialogue's slots."""

    async def keep(
        self, conversation_id: str, turn_id: str, answers: Mapping[str, str]
    ) -> None: ...
    async def of(self, conversation_id: str) -> dict[str, str]: ...
    async def told(self, conversation_id: str) -> dict[str, str]: ...
    async def in_crisis(self, conversation_id: str) -> bool: ...


class Offers(Protocol):
    """Which services a person is shown."""

    def offer(
        self,
        facts: Mapping[str, str],
        medium: str,
        shown: Sequence[str] = (),
        anew: bool = False,
    ) -> list[ServiceCard]: ...
    def named(
        self, ids: Sequence[str], facts: Mapping[str, str], medium: str
    ) -> list[ServiceCard]: ...
    def takes_referrals(self, service_id: str) -> bool: ...


class Information(Protocol):
    """What is known of how things work."""

    def tell(
        self, text: str, topic: str, facts: Mapping[str, str], medium: str, said: Collection[str]
    ) -> Told: ...


class Referrals(Protocol):
    """What leaves the service, and only with a yes."""

    weeks_kept: str

    def reaches(self, facts: Mapping[str, str]) -> bool: ...
    def draft(self, facts: Mapping[str, str], service_id: str) -> list[Line]: ...
    async def consent(
        self,
        *,
        conversation_id: str,
        turn_id: str,
        service_id: str,
        lines: Sequence[Line],
        medium: str,
    ) -> str: ...
    async def withdraw(self, conversation_id: str, reference: str = "") -> int: ...
    async def receipt(
        self, conversation_id: str, reference: str
    ) -> tuple[bool, dict[str, str]]: ...
    async def passed_on(self, conversation_id: str) -> bool: ...


class Callbacks(Protocol):
    """A call from a worker here, and only with a yes."""

    possible: bool

    def draft(
        self, answers: Mapping[str, str], without: Collection[str] = ()
    ) -> list[Line]: ...
    async def book(
        self,
        *,
        conversation_id: str,
        turn_id: str,
        answers: Mapping[str, str],
        lines: Sequence[Line],
        medium: str,
    ) -> Booked | None: ...
    def told(self, booked: Booked) -> dict[str, str]: ...
    async def standing(self, conversation_id: str) -> tuple[str, dict[str, str]] | None: ...
    async def withdraw(self, conversation_id: str, reference: str = "") -> int: ...


class FollowUp(Protocol):
    """What comes of a note: how long it may take, leave to ask, news, and whether the help came."""

    async def wait(self, conversation_id: str) -> tuple[str, dict[str, str]]: ...
    async def may_ask(self, conversation_id: str) -> bool: ...
    async def news(self, conversation_id: str, reference: str = "") -> str: ...
    async def arrived(self, conversation_id: str, said: str) -> None: ...


class Retention(Protocol):
    """How long words live."""

    async def ask_to_erase(self, conversation_id: str) -> str: ...


class App(Protocol):
    """What the composition root gives to actions."""

    facts: Facts
    offers: Offers
    information: Information
    referrals: Referrals
    callbacks: Callbacks
    follow_up: FollowUp
    retention: Retention
    hours_held: int
    area: str


@cache
def app() -> App:
    """Return the service, put together at the first action that needs it."""
    from bot.settings import load
    from bot.wiring_actions import for_actions

    return for_actions(load())


@dataclass(frozen=True)
class Turn:
    """The turn an action runs in."""

    conversation_id: str
    turn_id: str
    medium: str
    without: tuple[str, ...]

    @classmethod
    def of(cls, tracker: Tracker) -> Turn:
        """Return the turn in a tracker's latest message."""
        metadata = tracker.latest_message.get("metadata") or {}
        return cls(
            tracker.sender_id,
            metadata.get("turn_id", ""),
            metadata.get("medium", "chat"),
            tuple(metadata.get("without") or ()),
        )


def answers(tracker: Tracker) -> dict[str, str]:
    """Return the answers of this talk, also those given in passing and kept as no fact yet."""
    slots = {name: tracker.get_slot(f"needs_{name}") for name in NAMES}
    given = {name: value for name, value in slots.items() if value not in (None, NOT_ASKED)}
    return {name: SKIP if value == ENOUGH else value for name, value in given.items()}


async def crisis(tracker: Tracker, turn: Turn) -> dict[str, str]:
    """Return that lines for a crisis are welcome, once words of one were heard."""
    heard = tracker.get_slot("distressed") or await app().facts.in_crisis(turn.conversation_id)
    return {"crisis": "yes"} if heard else {}


class Undone(Exception):
    """Something a person asked for could not be done; the turn is to be put again."""


class BaseAction(Action, ABC):
    """One action; `act` does the work and may raise anything.

    DOES: what it does lasts beyond the dialogue, so that a failure must not look like an answer.
    ASIDE: it may be said in the middle of a form, whose question follows: it offers nothing there.
    STALE: slots that no longer stand when it fails.
    """

    NAME = ""
    DOES = False
    ASIDE = False
    STALE: tuple[str, ...] = ()

    def name(self) -> str:
        """Return the name in the domain; "" for a base class, which rasa-sdk then leaves out."""
        return self.NAME

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Run the action; failing gives words for the person or Undone, and a log line."""
        turn = Turn.of(tracker)
        try:
            async with asyncio.timeout(TAKES_AT_MOST):
                return await self.act(dispatcher, tracker, turn)
        except Exception as problem:
            extra = {"code": self.NAME, "error": type(problem).__name__, "turn": turn.turn_id}
            log.error("an action failed", extra=extra)
            if self.DOES:
                raise Undone from None
            dispatcher.messages.clear()
            say(dispatcher, "trouble")
            return forget(*self.STALE)

    @abstractmethod
    async def act(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn
    ) -> Events:
        """Do it, and return the events for the dialogue."""


def say(
    dispatcher: CollectingDispatcher,
    name: str,
    values: Mapping[str, str] | None = None,
    choices: Sequence[str | tuple[str, str]] | None = None,
    services: Sequence[ServiceCard] = (),
    lines: Sequence[Line] = (),
) -> None:
    """Say a name of the words files. A choice is a key, or a key with a label of its own."""
    said: dict[str, Any] = {"say": name}
    if values:
        said["values"] = dict(values)
    if choices is not None:
        pairs = [(c, "") if isinstance(c, str) else c for c in choices]
        said["choices"] = [{"key": key, "label": label} for key, label in pairs]
    if services:
        said["services"] = [asdict(card) for card in services]
    if lines:
        said["lines"] = [asdict(line) for line in lines]
    dispatcher.utter_message(json_message=said)


async def asked_anew(turn: Turn) -> bool:
    """Say whether how to reach them counts no more, and let what is asked from now on count."""
    anew = (await app().facts.of(turn.conversation_id)).get(CONTACT_ANEW) == "yes"
    if anew:
        await app().facts.keep(turn.conversation_id, turn.turn_id, {CONTACT_ANEW: "no"})
    return anew


def forget(*slots: str) -> Events:
    """Return the events that make slots not asked again."""
    return [SlotSet(slot, None) for slot in slots]

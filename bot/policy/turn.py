# SPDX-License-Identifier: Apache-2.0
"""What a person says and what they get back, the same on every channel."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

TEXT = "text"
"""How a story is marked that comes by text message (telephony/sms.py)."""


class Medium(StrEnum):
    """How words reach the person: in a `chat` they are read, by `voice` they are heard."""

    CHAT = "chat"
    VOICE = "voice"

    @classmethod
    def _missing_(cls, value: object) -> Medium | None:
        """Take what comes by text message as a chat: it is written, and it is read."""
        return cls.CHAT if value == TEXT else None


class State(StrEnum):
    """Who answers the person now. `waiting` means a worker was asked for and none accepted yet."""

    ASSISTANT = "assistant"
    WAITING = "waiting"
    STAFF = "staff"
    ENDED = "ended"


class Sender(StrEnum):
    """Whose words a message holds."""

    ASSISTANT = "assistant"
    STAFF = "staff"
    SYSTEM = "system"
    PERSON = "person"


class Kind(StrEnum):
    """How a message is to be shown; `urgent` is never hidden, folded or delayed."""

    TEXT = "text"
    URGENT = "urgent"
    SERVICES = "services"
    EXERCISE = "exercise"
    CONSENT = "consent"
    SUMMARY = "summary"


@dataclass(frozen=True)
class Choice:
    """One thing the person may pick: a button in a chat, a key on a telephone.

    `key` is stable across messages (`yes`, `no`, `skip`, `person`, ...); `id` names this key in
    this message, so that an old button can be told from a current one.
    """

    key: str
    label: str
    id: str = ""


@dataclass(frozen=True)
class Line:
    """One line of a brief, which the person may strike out before agreeing to it."""

    id: str
    label: str
    text: str


@dataclass(frozen=True)
class ServiceCard:
    """A service as the person is shown it. `None` means not known, and is never said as a fact."""

    id: str
    name: str
    why: str
    phone: str | None = None
    text: str | None = None
    url: str | None = None
    open_now: bool | None = None
    free: bool | None = None


@dataclass(frozen=True)
class Message:
    """One message to or from the person. `id` is 0 until it is stored; `at` is ISO 8601 UTC.

    `by` is who of staff wrote it, for staff alone to see.
    `say` is its name in the words files. `slow`: it is spoken slowly, with pauses. `picked`: the
    person's own, by a button or a key, so that its words are ours.
    """

    sender: Sender
    text: str
    kind: Kind = Kind.TEXT
    choices: tuple[Choice, ...] = ()
    services: tuple[ServiceCard, ...] = ()
    lines: tuple[Line, ...] = ()
    id: int = 0
    at: str = ""
    say: str = ""
    by: str = ""
    slow: bool = False
    picked: bool = False

    def numbered(self, number: int, at: str) -> Message:
        """Return this message with its identity, and its choices bound to that identity."""
        choices = tuple(replace(c, id=f"{number}-{c.key}") for c in self.choices)
        return replace(self, id=number, at=at, choices=choices)


@dataclass(frozen=True)
class Said:
    """What came in: free text, or the id of a choice (`without`: struck lines of a brief).

    `key` is a telephone's way to pick a choice without knowing a message's number. `confidence`
    is the speech recogniser's (0 to 1), None for typed text and keys. `seen` is the newest message
    the person had when they spoke, None when unknown: words answer nothing that came later.
    `keyed`: the text is what keys stand for, a number or a line left out, and no words of theirs.
    """

    text: str = ""
    choice: str = ""
    key: str = ""
    without: tuple[str, ...] = ()
    client_id: str | None = None
    confidence: float | None = None
    seen: int | None = None
    keyed: bool = False

    @property
    def is_picked(self) -> bool:
        """Say whether it came by a button or by keys."""
        return bool(self.choice or self.key or self.keyed)


@dataclass(frozen=True)
class Utterance:
    """Something the dialogue wants said: a name in the words files, and what fills its gaps.

    `choices` replaces those of the words file; an empty label is taken from the choices file.
    """

    say: str
    values: dict[str, str] = field(default_factory=dict)
    choices: tuple[Choice, ...] | None = None
    services: tuple[ServiceCard, ...] = ()
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Understanding:
    """What one message was heard to mean; labels are those of the labelling guide."""

    urgency: str = "none"
    action: str = "none"
    topic: str = "none"
    act: str = "provide_detail"
    confidence: float = 0.0
    cues: tuple[str, ...] = ()
    language: str = "en"
    takes_back: float | None = None
    wants_person: float | None = None
    """How likely, to the model, a yes is taken back and a person wanted: 0 to 1, never kept."""


@dataclass(frozen=True)
class Reply:
    """What the person gets for one turn: the state now, and every message newer than their own."""

    state: State
    messages: tuple[Message, ...] = ()

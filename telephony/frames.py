# SPDX-License-Identifier: Apache-2.0
"""The frames of Twilio's ConversationRelay: what it tells us, strictly read, and what we send.

Pure. Source: Twilio's page "Getting and sending WebSocket messages", of 19 August 2026, and for
`info` Twilio's own examples, since that page leaves it out. No frame has a number of its own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.telephone_settings import LANGUAGE

LONGEST = 64 * 1024
KEYS = frozenset("0123456789*#")


class BadFrame(Exception):
    """Not a frame that Twilio sends."""


@dataclass(frozen=True)
class Setup:
    """The first frame: which call it is, and the word we gave for it. No number is read."""

    call_sid: str
    word: str


@dataclass(frozen=True)
class Prompt:
    """What was recognised. `last`: they have ended; anything else is a guess still under way."""

    text: str
    last: bool


@dataclass(frozen=True)
class Key:
    """One key that was pressed."""

    digit: str


@dataclass(frozen=True)
class Interrupt:
    """What we said was cut short by the caller."""


@dataclass(frozen=True)
class Trouble:
    """Twilio could not use what we sent; what it says of it, which may hold what that was."""

    about: str = ""


@dataclass(frozen=True)
class Speaking:
    """Somebody begins or ends to speak: the caller, or whoever speaks beside them, or we."""

    on: bool
    ours: bool = False


@dataclass(frozen=True)
class Unknown:
    """A kind of frame that we have no use for."""


Frame = Setup | Prompt | Key | Interrupt | Trouble | Speaking | Unknown


def read(text: str) -> Frame:
    """Return what a frame says, or raise BadFrame. A kind we do not know is no error."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise BadFrame from None
    if not isinstance(found, dict):
        raise BadFrame
    kind = _text(found, "type")
    if kind == "setup":
        given = found.get("customParameters")
        if not isinstance(given, dict):
            raise BadFrame
        return Setup(_text(found, "callSid"), _text(given, "place"))
    if kind == "prompt":
        return Prompt(_text(found, "voicePrompt"), _flag(found, "last"))
    if kind == "dtmf":
        digit = _text(found, "digit")
        if digit not in KEYS:
            raise BadFrame
        return Key(digit)
    if kind == "info":
        return _info(found)
    if kind == "interrupt":
        return Interrupt()
    return Trouble(str(found.get("description", ""))) if kind == "error" else Unknown()


def text(
    words: str, *, last: bool = True, firmly: bool = False, more: bool = False, code: str = LANGUAGE
) -> str:
    """Return the frame that says some words. What is said `firmly` no noise cuts short.

    `more`: another reply follows at once, in another language, and must not stop this one.
    """
    return _frame(
        type="text", token=words, last=last, lang=code, interruptible=not firmly,
        preemptible=not (firmly or more),
    )  # fmt: skip


def end(word: str) -> str:
    """Return the frame that ends the session; the call goes on at the address of its action."""
    return _frame(type="end", handoffData=json.dumps({"place": word}))


def handed(data: str) -> str:
    """Return the word that came back from such an end, "" where none did."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return ""
    word = found.get("place") if isinstance(found, dict) else None
    return word if isinstance(word, str) else ""


def _info(found: Mapping[str, Any]) -> Frame:
    known = found.get("name") in ("clientSpeaking", "agentSpeaking")
    if known and found.get("value") in ("on", "off"):
        return Speaking(found["value"] == "on", found["name"] == "agentSpeaking")
    return Unknown()


def _text(found: Mapping[str, Any], name: str) -> str:
    value = found.get(name)
    if not isinstance(value, str):
        raise BadFrame
    return value


def _flag(found: Mapping[str, Any], name: str) -> bool:
    value = found.get(name)
    if not isinstance(value, bool):
        raise BadFrame
    return value


def _frame(**values: object) -> str:
    return json.dumps(values, ensure_ascii=False)

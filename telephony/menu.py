# SPDX-License-Identifier: Apache-2.0
"""What a key means: the choice that the web's button sends, or a key that never changes.

Pure. Every key stands once in KEYS, so no two meanings can want the same one. Those of danger, of
a person and of "I cannot speak" are never an option (design, section 5, rule 10).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

DANGER = frozenset({"9", "99", "999", "55"})
TWICE_WITHIN = 3.0
"""Seconds in which a second 5 makes 55."""
SHORTEST_NUMBER = 3


class Press(StrEnum):
    """What the caller wants by a key."""

    DANGER = "danger"
    PERSON = "person"
    REPEAT = "repeat"
    CANNOT_SPEAK = "cannot_speak"
    CAN_SPEAK = "can_speak"
    LANGUAGE = "language"
    LEAVE_OUT = "leave_out"
    CODE = "code"
    MORE = "more"
    PICK = "pick"
    SKIP = "skip"
    NUMBER = "number"
    UNKNOWN = "unknown"


KEYS: Mapping[str, Press] = {
    "1": Press.PICK, "2": Press.PICK, "3": Press.PICK,
    "4": Press.MORE, "5": Press.CANNOT_SPEAK, "6": Press.CAN_SPEAK,
    "7": Press.LANGUAGE, "8": Press.CODE, "9": Press.DANGER,
    "*": Press.REPEAT, "0": Press.PERSON, "#": Press.SKIP,
}  # fmt: skip
ALWAYS = (Press.DANGER, Press.PERSON, Press.REPEAT, Press.CANNOT_SPEAK, Press.LANGUAGE)
"""What is the same wherever a caller stands."""
AT_ANY_TIME = frozenset(key for key, press in KEYS.items() if press in ALWAYS)
"""The keys that count though they were pressed before the last answer came."""
PICKS = tuple(key for key, press in KEYS.items() if press is Press.PICK)
_KEY_OF = {press: key for key, press in KEYS.items()}
MORE, CANNOT_SPEAK, LANGUAGE = (
    _KEY_OF[press] for press in (Press.MORE, Press.CANNOT_SPEAK, Press.LANGUAGE)
)
AGAIN, CODE = _KEY_OF[Press.REPEAT], _KEY_OF[Press.CODE]
KEEP_BACK = CODE
"""Before a person is rung: my answers are not for them; no code is due then."""


@dataclass(frozen=True)
class Pressed:
    """What was pressed; `value` is the key of the choice, or the number that was keyed in."""

    press: Press
    value: str = ""


def pages(keys: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the choices in pages of three. A person needs no digit: 0 is always one."""
    numbered = [key for key in keys if key != "person"]
    return [tuple(numbered[i : i + len(PICKS)]) for i in range(0, len(numbered), len(PICKS))]


def page(keys: Sequence[str], number: int) -> tuple[str, ...]:
    """Return one page; after the last comes the first."""
    found = pages(keys)
    return found[number % len(found)] if found else ()


def read(
    entry: str, keys: Sequence[str], number: int = 0, *, five_before: bool = False,
    quiet: bool = False, numbers: bool = False, parts: bool = False,
) -> Pressed:  # fmt: skip
    """Return what an entry means with these choices on this page.

    `five_before`: a 5 came a moment ago. `quiet`: the caller cannot speak. `numbers`: a telephone
    number is asked for, so that a longer entry is one.
    `parts`: what is on offer has parts that may be left out.
    """
    if numbers:
        entry = entry.rstrip("#") or entry
    if entry in DANGER or (five_before and entry[:1] == CANNOT_SPEAK):
        return Pressed(Press.DANGER)
    if numbers and len(entry) >= SHORTEST_NUMBER and entry.isascii() and entry.isdigit():
        return Pressed(Press.NUMBER, entry)
    # Twilio sends one key at a time here; of several that arrive together the first counts.
    first = entry[:1]
    press = KEYS.get(first, Press.UNKNOWN)
    if press in (*ALWAYS, Press.CODE) or (press is Press.CAN_SPEAK and quiet):
        return Pressed(press)
    if press is Press.SKIP and "skip" in keys:
        return Pressed(Press.PICK, "skip")
    if press is Press.MORE and (len(pages(keys)) > 1 or parts):
        return Pressed(Press.MORE if len(pages(keys)) > 1 else Press.LEAVE_OUT)
    shown = page(keys, number)
    if first in PICKS[: len(shown)]:
        return Pressed(Press.PICK, shown[PICKS.index(first)])
    return Pressed(Press.UNKNOWN)

# SPDX-License-Identifier: Apache-2.0
"""What a key means: the choice that the web's button sends, or a key that never changes.

Pure. 1, 2 and 3 pick, 4 gives other choices, 0 is a person, star says it again, hash skips.
5 is "I cannot speak" and 9 is danger; neither is ever an option (design, section 5, rule 10).
7 is "another language", and 8 is "I have a code".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

DANGER = frozenset({"9", "99", "999", "55"})
PER_PAGE = 3
MORE, CANNOT_SPEAK, CAN_SPEAK, LANGUAGE, CODE = "4", "5", "6", "7", "8"
KEEP_BACK = "8"
"""While a person is rung: my answers are not for them."""
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
    NUMBER = "number"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Pressed:
    """What was pressed; `value` is the key of the choice, or the number that was keyed in."""

    press: Press
    value: str = ""


def pages(keys: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the choices in pages of three. A person needs no digit: 0 is always one."""
    numbered = [key for key in keys if key != "person"]
    return [tuple(numbered[i : i + PER_PAGE]) for i in range(0, len(numbered), PER_PAGE)]


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
    fixed = {
        "9": Press.DANGER, "0": Press.PERSON, "*": Press.REPEAT, CANNOT_SPEAK: Press.CANNOT_SPEAK,
        LANGUAGE: Press.LANGUAGE,
    }  # fmt: skip
    if first in fixed:
        return Pressed(fixed[first])
    if first == CAN_SPEAK and quiet:
        return Pressed(Press.CAN_SPEAK)
    if first == CODE:
        return Pressed(Press.CODE)
    return _picked(first, keys, number, parts)


def _picked(first: str, keys: Sequence[str], number: int, parts: bool) -> Pressed:
    if first == "#" and "skip" in keys:
        return Pressed(Press.PICK, "skip")
    if first == MORE and len(pages(keys)) > 1:
        return Pressed(Press.MORE)
    if first == MORE and parts:
        return Pressed(Press.LEAVE_OUT)
    shown = page(keys, number)
    if first in ("1", "2", "3")[: len(shown)]:
        return Pressed(Press.PICK, shown[int(first) - 1])
    return Pressed(Press.UNKNOWN)

# SPDX-License-Identifier: Apache-2.0
"""Which age band an age belongs to, from the names of the bands themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_NUMBERS = {word: n for n, word in enumerate(_ONES)} | {w: 20 + 10 * n for n, w in enumerate(_TENS)}
_AROUND = re.compile(
    r"^(?:(?:i am|im|age|aged|my age is) )?(.+?)(?: (?:years? old|years|yrs?|yo))?$"
)
_BAND = re.compile(r"^(?:under_(\d+)|(\d+)_(\d+)|(\d+)_plus)$")
OLDEST = 120
LITTLE = 12
"""The age up to which the words are those for a child at primary school."""
CHILDS_AGE = dict.fromkeys(("7", "8", "9", "seven", "eight", "nine", "ten"), "under_16")
"""Alone these are no place in the list of ages, which has six."""
UNDER_18 = ("under_16", "16_17")
YOUNG = (*UNDER_18, "18_24")
"""Those who may be under 19, for whom Childline is there."""
BANDS = (*YOUNG, "25_59", "60_plus")

_DECADES = {
    "twenties": 20, "thirties": 30, "forties": 40, "fifties": 50, "sixties": 60, "seventies": 70,
    "eighties": 80, "nineties": 90,
}  # fmt: skip
_DECADE = re.compile(
    rf"\b(?:im|i am|were|we are)(?: both)? in (?:my|our|the) (?:(early|mid|late) )?"
    rf"(?:([2-9]0)s|({'|'.join(_DECADES)}))\b"
)
_INTO = {"early": 2, "late": 7}
_THEIRS = re.compile(r"^\W*(?:he'?s|she'?s|they'?re|he is|she is|they are) ", re.IGNORECASE)


def in_decade(words: str) -> int | None:
    """Return an age for "in my sixties" or "late 20s", None where two bands share the decade."""
    said = _DECADE.search(words)
    if not said:
        return None
    part, tens, spelt = said.groups()
    first = int(tens) if tens else _DECADES[spelt]
    return first + _INTO.get(part or "", 0) if first > 20 or part in _INTO else None


def of_them(text: str) -> str:
    """Return an answer about somebody else as that person would give it: "she's 80", "I am 80"."""
    return _THEIRS.sub("i am ", text.replace("\u2019", "'"))


def number_in(words: str) -> int | None:
    """Return the whole number that the words are ("thirty two", "16"), else None."""
    if words.isdecimal() and len(words) <= 3:
        return int(words)
    parts = words.split()
    if len(parts) == 2 and parts[0] in _TENS and 0 < _NUMBERS.get(parts[1], 0) < 10:
        return _NUMBERS[parts[0]] + _NUMBERS[parts[1]]
    return _NUMBERS.get(words)


def band(words: str, offered: Sequence[str]) -> str | None:
    """Return the offered band that an age falls in; `words` are normalised ("im 16").

    A bare single digit is a choice's position, not an age, unless "years old" or "im" says so.
    """
    inner = _AROUND.match(words)
    age = number_in(inner.group(1)) if inner else None
    if age is None or age > OLDEST or (age < 10 and inner and inner.group(1) == words):
        return None
    for key in offered:
        limits = _BAND.match(key)
        if not limits:
            continue
        below, low, high, least = (int(part) if part else None for part in limits.groups())
        if below is not None and age < below:
            return key
        if low is not None and high is not None and low <= age <= high:
            return key
        if least is not None and age >= least:
            return key
    return None

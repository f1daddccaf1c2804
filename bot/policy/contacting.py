# SPDX-License-Identifier: Apache-2.0
"""Is somebody trying to be contacted by what they write: "can they ring me", a number, a name?

Nobody who gives a number or a name that no question asked for may believe that a call is booked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.policy.answer import normalise, with_a_word_more

REFER, CALLBACK = "refer", "ask_callback"
_DIGITS = frozenset(
    "zero nought one two three four five six seven eight nine double triple treble".split()
)
_BESIDE = frozenset(
    "yes yeah ok it its is the this my mobile phone number on ring call me heres here and".split()
)
SPOKEN, WRITTEN = 7, 9
"""How many digits, in words ("oh" is not counted) or in figures, make a telephone number."""

_NAMED = re.compile(
    r"^\W*(?:(?:my|the) name(?:'?s| is) |name'?s )\w[\w'-]+(?: [\w'-]+){0,2}\W*$", re.IGNORECASE
)
_NAME = re.compile(r"^\W*(?:(?:Mr|Mrs|Ms|Miss|Dr)\.? )?[A-Z][a-z'-]+(?: [A-Z][A-Za-z'-]+){1,2}\W*$")
# The words of an open question: what is given to it is its answer.
_QUESTIONS = (
    "opening_", "needs_ask_", "referral_", "consent_", "check_", "emergency_", "delete_",
)  # fmt: skip


def asks_something(asking: str) -> bool:
    """Say whether what was said last is a question that words may answer."""
    return asking.startswith(_QUESTIONS)


def wants_to_be_contacted(text: str, phrases: Mapping[str, Sequence[str]]) -> bool:
    """Say whether words mean the choice of being contacted by a service just shown."""
    return with_a_word_more(text, (REFER,), phrases) == REFER


def gives_number(text: str) -> bool:
    """Say whether a message is a telephone number and nothing else."""
    words = normalise(text).split()
    said = [word for word in words if word in _DIGITS]
    figures = sum(len(word) for word in words if word.isdigit())
    alone = all(word.isdigit() or word in _DIGITS | _BESIDE for word in words)
    return alone and (len(said) >= SPOKEN or figures >= WRITTEN)


def gives_name(text: str) -> bool:
    """Say whether a message is somebody's name and nothing else, as far as its form tells."""
    return bool(_NAMED.match(text) or _NAME.match(text))

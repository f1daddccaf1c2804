# SPDX-License-Identifier: Apache-2.0
"""The words somebody chooses for a call: so that we know that it is they, and to end it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from bot.policy import called
from bot.policy.answer import normalise

LONGEST = 3
LONGEST_STOP = 6
_WORD = re.compile(r"[^\W\d_]{3,20}")
_BEFORE = re.compile(
    r"^(?:(?:my|the|a)(?: code)? ?word (?:is|would be)|use|say|how about|its|it is) "
)
# An answer to the question, but no word to be known by.
_NONE = frozenset("yes yeah yep sure okay please nothing none idk dunno what why skip pass".split())


def read(text: str) -> str:
    """Return the word or words chosen, plainly written; "" when there is none among them.

    A question, a number or a sentence is none: it would be kept as what opens the talk.
    """
    said = _BEFORE.sub("", normalise(text))
    words = said.split()
    plain = words and len(words) <= LONGEST and all(_WORD.fullmatch(word) for word in words)
    if not plain or "?" in text or _NONE & set(words):
        return ""
    return said


def stop(text: str) -> str:
    """Return the words chosen to end a call, plainly written; "" when there are none among them.

    A few words that sound like nothing: unlike a word to be known by, they may be little ones.
    """
    said = _BEFORE.sub("", normalise(text))
    words = said.split()
    plain = words and len(words) <= LONGEST_STOP and all(word.isalpha() for word in words)
    alone = len(words) == 1 and not _WORD.fullmatch(said)
    if not plain or alone or "?" in text or (_NONE - {"please", "nothing", "okay"}) & set(words):
        return ""
    return said


READ: dict[str, Callable[[str], str]] = {
    "contact_code_word": read, "contact_stop_word": stop, "called": called.read,
}  # fmt: skip
"""What reads the answer to each question in words of their own, by the question's bare name."""


def answers(asking: str, text: str) -> bool:
    """Say whether a text is the word or name that the open question asks for, in Latin letters:
    a name is of every language, so it tells nothing of which one somebody needs."""
    read = READ.get(asking.removeprefix("referral_ask_"))
    latin = all(unicodedata.name(c, "").startswith("LATIN") for c in text if c.isalpha())
    return latin and bool(read and read(text))

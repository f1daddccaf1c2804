# SPDX-License-Identifier: Apache-2.0
"""Is a fear given with the answer to "have the police been told"? Then the answer is not enough."""

from __future__ import annotations

import re

from bot.policy.answer import normalise
from bot.policy.steps import Step

ASKED = "needs_ask_reported"
_AFRAID = re.compile(
    r"\b(?:(?<!not )(?:scared|afraid|frightened|frighten\w*|terrified|fear\w*|worried|scares me)"
    r"|(?:dont|cant|do not|never) trust|find out|finds out|found out"
    r"|deport\w*|home office|immigration|get in(?:to)? trouble|arrest me|lock me up"
    r"|(?:wont|dont|never|didnt) believe me|make it worse|take my (?:kids|children|baby))\b"
)


def to_answer(asking: str, answer: str, text: str, step: Step) -> str:
    """Return the name of the words that answer the fear, "" when there is none to answer."""
    asked = asking == ASKED and step is Step.TALK and answer != "yes"
    return "needs_fear_told" if asked and _AFRAID.search(normalise(text)) else ""

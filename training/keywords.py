# SPDX-License-Identifier: Apache-2.0
"""What many services use instead: a list of words. Here only to be measured beside the screen."""

from __future__ import annotations

import re

from bot.policy.turn import Understanding
from bot.understanding import Context

WORDS = {
    "immediate_danger": (
        "999|ambulance|attack(?:ed|ing)?|bleeding|break(?:ing)? in|can'?t breathe|choking|"
        "emergency|fire|gun|he'?s here|help me|hurting me|in danger|kick(?:ing)? the door|"
        "kill(?:ing)? me|knife|outside my|overpower|petrol|right now|scared for my life|"
        "stab(?:bed|bing)?|strangl\\w+|threaten(?:ed|ing)?|weapon"
    ),
    "suicide_risk": (
        "better off dead|can'?t go on|cut(?:ting)? myself|die|don'?t want to be here|"
        "end (?:it|my life)|goodbye forever|kill myself|no point|overdose|self[- ]harm\\w*|"
        "suicid\\w+|take my life|want to die|wish i was dead"
    ),
    "safeguarding": (
        "abus(?:e|ed|ing) (?:a|my|the) (?:child|son|daughter|mum|nan)|carer|child abuse|"
        "exploit\\w*|fgm|forced marriage|groom(?:ed|ing)|neglect\\w*|passport|slave\\w*|"
        "touch(?:ed|es|ing) me|traffick\\w+"
    ),
    "high": (
        "abuse|assault\\w*|beat\\w*|burgl\\w+|hit me|murder\\w*|raped?|robbed|stalk\\w*"
    ),
}
_FOUND = {label: re.compile(rf"\b(?:{words})\b") for label, words in WORDS.items()}


class Keywords:
    """A screen that looks for words, the most urgent list first."""

    def understand(
        self,
        text: str,
        medium: str = "chat",
        context: Context = Context(),  # noqa: B008
    ) -> Understanding:
        """Return the first list with a word of it in the message."""
        plain = text.lower().replace("\u2019", "'")
        label = next((name for name, found in _FOUND.items() if found.search(plain)), "standard")
        action = "none" if label in ("high", "standard") else "interrupt"
        return Understanding(label, action, "other", "disclose", 0.5)

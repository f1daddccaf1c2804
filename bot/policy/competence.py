# SPDX-License-Identifier: Apache-2.0
"""Whose yes a person here judges before anything comes of it (design, section 5, rule 2).

Whether a child, or somebody who says that they cannot, may decide this by themselves is judged by
a named worker, never by the assistant. A yes for somebody else is the yes of who gives it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from bot.policy.age import UNDER_18
from bot.policy.answer import normalise
from bot.policy.passing import OTHERS

DECIDES, HELPED = "decides", "helped"
"""What is kept of who said that they cannot decide, or that somebody else does."""
CANNOT = "cannot_decide"
"""The cue of a turn in which that is said."""

_ROWS: tuple[tuple[str, Callable[[Mapping[str, str], str], object]], ...] = (
    ("helped", lambda facts, own_age: facts.get(DECIDES) == HELPED),
    ("young", lambda facts, own_age: own_age in UNDER_18),
    ("young", lambda facts, own_age: facts.get("who") not in OTHERS
                                     and facts.get("age_band") in UNDER_18),
)  # fmt: skip


def judged_because(facts: Mapping[str, str], own_age: str = "") -> str:
    """Return why a person judges this yes first, "" where nobody has to.

    `facts`: what was answered, of whoever it is about. `own_age`: what they told of themselves.
    """
    return next((why for why, fits in _ROWS if fits(facts, own_age)), "")


# What a worker decided, and why: kept in the audit by these names.
MAY = ("understands", "with_help")
MAY_NOT = ("not_understood", "not_free", "safeguarding")

_DECIDES = re.compile(
    r"\bmy (?:carer|mum|mam|mom|dad|parents?|sister|brother|son|daughter|social worker|support"
    r" worker|key worker|guardian|deputy|foster \w+|attorney)(?: \w+)? (?:decides?|makes? (?:all )?"
    r"(?:my|the) decisions?|does (?:all )?my (?:decisions|deciding)|signs? for me|has to (?:agree"
    r"|say yes|sign|decide)|needs to (?:agree|sign|decide)|speaks for me)\b"
    r"|\b(?:i )?(?:cant|cannot|can not|am not able to|dont know how to|not allowed to)(?: really)?"
    r" (?:decide|make (?:\w+ )?decisions?|choose) (?:for myself|by myself|on my own|myself|things"
    r"|anything|about (?:this|it|that)|this|that|it)\b"
    r"|\b(?:i )?(?:cant|cannot) make (?:my own |any )?decisions?\b"
    r"|\b(?:power of attorney|court of protection|a deputy (?:for me|who))\b"
    r"|\bi (?:have|lack) no (?:mental )?capacity\b|\bi lack (?:mental )?capacity\b"
    r"|\b(?:somebody|someone) else decides\b"
)
_LOST = re.compile(
    r"\b(?:dont|do not|didnt|cant|cannot|not) (?:really |fully )?(?:understand|follow"
    r"|get (?:it|this|that|what)|know what (?:it|that|this|i|you) )"
    r"|\bno understand\b|\bwhat does (?:it|that|this) (?:all )?mean\b"
    r"|\bwhat am i (?:agreeing|saying yes) to\b|\bdoesnt make sense\b"
    r"|\bim (?:so )?(?:confused|lost)\b"
)


def cannot(text: str, *, at_brief: bool) -> bool:
    """Say whether words say that they cannot decide; `at_brief`: or did not understand what was
    read to them."""
    words = normalise(text)
    return bool(_DECIDES.search(words) or (at_brief and _LOST.search(words)))

# SPDX-License-Identifier: Apache-2.0
"""Does somebody name a service by words of its name?"""

from __future__ import annotations

from bot.policy.answer import normalise, telling

_ROUND = frozenset("the one i want would like please for people lot that id it is its".split())


def named_by(text: str, name: str) -> bool:
    """Say whether a text is words of a name, but for a word round them; one alone is too few."""
    said = set(normalise(text).split()) - _ROUND
    return len(telling(normalise(text))) > 1 and said <= set(normalise(name).split())

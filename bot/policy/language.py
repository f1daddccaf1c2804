# SPDX-License-Identifier: Apache-2.0
"""Which language a person needs, and whether we have told them yet how to get it.

Pure. English is `en`; British Sign Language is `bfi`, its ISO 639-3 code.
"""

from __future__ import annotations

from collections.abc import Collection

from bot.policy.turn import Understanding

ENGLISH, BSL = "en", "bfi"

ENOUGH = 6
"""Words of English that show somebody has changed to it; fewer may be a name or a thank you."""


def needed(heard: Understanding) -> str:
    """Return the language a message asks for, by being in it or by naming it; "" for English."""
    if heard.language != ENGLISH:
        return heard.language
    return BSL if "bsl" in heard.cues else ""


def to_offer(heard: Understanding, offered: Collection[str]) -> str:
    """Return the language to say something about now: once for each, then never again."""
    code = needed(heard)
    return "" if code in offered else code


def spoken(before: str, heard: Understanding, text: str) -> str:
    """Return the language of the story after a message: a word or two change nothing."""
    if heard.language != ENGLISH:
        return heard.language
    return ENGLISH if len(text.split()) >= ENOUGH else before

# SPDX-License-Identifier: Apache-2.0
"""Which language a person needs, and whether we have told them yet how to get it.

Pure. English is `en`; British Sign Language is `bfi`, its ISO 639-3 code.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot.policy.language_wish import ONLY
from bot.policy.turn import Understanding

ENGLISH, BSL = "en", "bfi"

NAMED = "language:"
"""Begins the cue of the language that a message is in or asks for."""

WISHED = "wished:"
"""Begins, among the languages offered, one that was asked for in English words."""

ENOUGH = 6
"""Words of English that show somebody has changed to it; fewer may be a name or a thank you."""


def needed(heard: Understanding) -> str:
    """Return the language a message asks for, by being in it or by naming it; "" for English."""
    if heard.language != ENGLISH:
        return heard.language
    return BSL if "bsl" in heard.cues else wished(heard)


def wished(heard: Understanding) -> str:
    """Return the language that English words ask for, "" for none."""
    if heard.language != ENGLISH:
        return ""
    return next((cue.removeprefix(NAMED) for cue in heard.cues if cue.startswith(NAMED)), "")


def only_wished(heard: Understanding) -> bool:
    """Say whether a message asks for a language and does nothing else."""
    return ONLY in heard.cues and heard.action not in ("interrupt", "check")


def to_offer(heard: Understanding, offered: Collection[str]) -> str:
    """Return the language to say something about now: once for each, then never again."""
    code = needed(heard)
    return "" if code in offered else code


def spoken(
    before: str, heard: Understanding, text: str, offered: Sequence[str] = ()
) -> str:
    """Return the language of the story after a message: a word or two change nothing.

    Whoever asked for a language in English words is not taken for English by more of them.
    """
    if heard.language != ENGLISH or wished(heard):
        return wished(heard) or heard.language
    asked = [code.removeprefix(WISHED) for code in offered if code.startswith(WISHED)]
    if asked:
        return asked[-1]
    return ENGLISH if len(text.split()) >= ENOUGH else before

# SPDX-License-Identifier: Apache-2.0
"""May a code of six digits be tried now? Pure; the arithmetic stands in docs/telephone.md.

A call has three tries, and every call that rings is another. So all wrong codes by telephone count
together: after some in an hour each call has one try, and it opens only what was given a moment
ago. Whoever was just cut off still comes back, and a stranger has hardly anything to guess at.
"""

from __future__ import annotations

A_CALL = 3
"""Wrong codes in one call [J]."""
FREE, MOST = 10, 100
"""Wrong codes of all calls in an hour up to which any code opens, and up to which any is tried [J].
"""
YOUNG = 3600.0
"""Seconds since a code was given in which it opens while others are guessed [J]."""


def braked(wrong: int) -> bool:
    """Say whether so many wrong codes in an hour look like guesses."""
    return wrong >= FREE


def may_try(wrong: int, in_call: int) -> bool:
    """Say whether one more is tried, after `in_call` wrong ones in this very call."""
    return wrong < MOST and not (braked(wrong) and in_call)


def oldest(wrong: int) -> float:
    """Return how many seconds ago a code may have been given that opens now."""
    return YOUNG if braked(wrong) else float("inf")

# SPDX-License-Identifier: Apache-2.0
"""Where an approved text is from and when it is to be looked at again, checked alike for all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

FROM = ("source", "valid_at", "certainty", "review_by")
MEANT = ("for", "not_for")
"""For whom a script or an exercise is, and for whom it is not."""
CERTAIN = ("high", "medium")


def wrong(held: dict[str, Any]) -> Iterator[str]:
    """Yield what is wrong with a source, its date, its certainty and its review date."""
    if held["certainty"] not in CERTAIN:
        yield "is not certain enough to be said"
    try:
        first = (held["valid_at"] + "-01-01")[:10]
        if date.fromisoformat(first) >= date.fromisoformat(held["review_by"]):
            yield "is to be looked at again before its facts were read"
    except (TypeError, ValueError):
        yield "valid_at or review_by is no date"


def missing(held: dict[str, Any], needed: tuple[str, ...]) -> list[str]:
    """Return which of these fields are not there or empty; an empty list is something."""
    return [field for field in needed if not held.get(field) and held.get(field) != []]

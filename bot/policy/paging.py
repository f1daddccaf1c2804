# SPDX-License-Identifier: Apache-2.0
"""Which part of a list is one page? In the words of the Open Referral UK standard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def page_of(items: Sequence[Any], number: int, size: int) -> dict[str, Any]:
    """Return a page, counted from 1, with the standard's own header; past the end it is empty."""
    pages = -(-len(items) // size)
    contents = list(items[(number - 1) * size : number * size])
    return {
        "total_items": len(items),
        "total_pages": pages,
        "page_number": number,
        "size": len(contents),
        "first_page": number == 1,
        "last_page": number >= pages,
        "empty": not contents,
        "contents": contents,
    }

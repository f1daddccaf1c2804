# SPDX-License-Identifier: Apache-2.0
"""What is left of free text once nothing in it can act as a command of an engine."""

from __future__ import annotations

import unicodedata


def clean(text: str) -> str:
    """Return free text without control characters, and without what an engine would execute.

    Rasa runs a leading `/name` as a command, also behind Unicode white space.
    """
    kept = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    start = 0
    while start < len(kept) and (
        kept[start] == "/" or kept[start].isspace() or unicodedata.category(kept[start]) == "Cf"
    ):
        start += 1
    return kept[start:].rstrip()

# SPDX-License-Identifier: Apache-2.0
"""How a number or a code is said aloud: digit by digit, in groups, never as one block."""

from __future__ import annotations

import re

# Three digits or more, single spaces allowed inside: a telephone number, 999, a shortcode.
# Two digits ("55", "24 hours") are left to the words files, which write "5 5" where it matters.
_NUMBER = re.compile(r"(?<!\w)\d(?: ?\d){2,}(?!\w)")
_MOBILE, _ELSEWHERE = (5, 3, 3), (4, 3, 4)


def grouped(number: str) -> str:
    """Return "0808 2000 247" as "0 8 0 8, 2 0 0 0, 2 4 7": spaces are read as short gaps."""
    groups = number.split()
    if groups and all(len(group) == 1 for group in groups):
        return " ".join(groups)
    if len(groups) == 1:
        groups = _cut(groups[0])
    return ", ".join(" ".join(group) for group in groups)


def numbers_in(text: str) -> str:
    """Return the text with every long number in it ready to be spoken."""
    return _NUMBER.sub(lambda found: grouped(found.group()), text)


def spelled(code: str) -> str:
    """Return a reference or code one character at a time: "K7Q-2M" is "K, 7, Q. 2, M"."""
    parts = re.findall(r"[^\W_]+", code)
    return ". ".join(", ".join(part.upper()) for part in parts)


def _cut(digits: str) -> list[str]:
    """Groups for a number written without spaces, as people in the UK say them."""
    if len(digits) <= 6:
        return [digits] if len(digits) <= 4 else [digits[:3], digits[3:]]
    sizes = _MOBILE if digits.startswith("07") else _ELSEWHERE
    groups, start = [], 0
    for size in sizes:
        groups.append(digits[start : start + size])
        start += size
    groups.append(digits[start:])
    return [group for group in groups if group]

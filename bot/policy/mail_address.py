# SPDX-License-Identifier: Apache-2.0
"""Whether a text is one plain e-mail address and nothing else."""

from __future__ import annotations

import re

LONGEST = 254
# Quoted names, comments and addresses of machines are valid mail too, and nobody's own.
_PLAIN = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}"
)


def is_address(text: str) -> bool:
    """Say whether mail can be sent to this as it stands: one address, no name, no second line."""
    return len(text) <= LONGEST and bool(_PLAIN.fullmatch(text))


def within(text: str) -> str:
    """Return the one address somebody writes, with or without words around it, "" for none."""
    found = {word.strip("<>()[],;:.!?\"'") for word in text.split() if "@" in word}
    address = found.pop() if len(found) == 1 else ""
    return address if is_address(address) else ""

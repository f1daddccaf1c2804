# SPDX-License-Identifier: Apache-2.0
"""How what we give out to be named again is written: a reference of a note or a call, a code.

No letter or figure is taken for another, by eye or by ear. A reference has a figure in it, so that
no word, as in "cancel police", is ever read as one.
"""

from __future__ import annotations

import re

ALPHABET = "ACDEFGHJKMNPQRTUVWXY34679"
LENGTH = 6
PATTERN = rf"(?=[a-z]*\d)[{ALPHABET.lower()}]{{{LENGTH}}}"
"""A reference among words in small letters, as a regular expression."""
_ONE = re.compile(PATTERN)


def is_reference(text: str) -> bool:
    """Say whether this is written as our references are."""
    return bool(_ONE.fullmatch(text.lower()))

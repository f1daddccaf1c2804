# SPDX-License-Identifier: Apache-2.0
"""A "yes" that plainly answers something else than whether anybody is in danger.

Pure. It is no "no": the question is put once more. A word of danger in it, and it is a yes.
"""

from __future__ import annotations

import re

OTHER = "answers_other"
"""The cue of such a message."""

_YES = r"(?:yes|yeah|yeh|yh|yep|yea|ya|aye)"
_TOLD = (
    r"(?:i|we|he|she|they)(?: have| ve)? (?:already )?(?:rang|rung|called|phoned|reported|told"
    r"|spoke to|spoken to|went to)"
    r" (?:them|it|the (?:police|council|bank|doctors?|housing)|police|action fraud|my (?:gp|bank))"
)
_WISH = (
    r"(?:id like |i would like |i want )?(?:somebody|someone|a person)"
    r" (?:\w+ ){0,3}(?:talk|speak|chat)"
)
_OTHER = re.compile(rf"{_YES} (?:{_TOLD}|{_WISH})\b")
_DANGER = re.compile(
    r"\b(?:999|ambulance|danger|help|hurt\w*|outside|inside|knife|gun|weapon|coming|scared"
    r"|frightened|terrified|on (?:his|her|their) way|kill\w*|still|now|hes|shes|theyre)\b"
)


def answers_other(words: str) -> bool:
    """Say whether words without stops and fillers begin with a yes to something else."""
    return bool(_OTHER.match(words)) and not _DANGER.search(words)

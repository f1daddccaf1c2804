# SPDX-License-Identifier: Apache-2.0
"""Does a clause cancel what stands, named or not: "cancel it", "take my name off your list"?"""

from __future__ import annotations

import re

# Why, in one breath: "he has come home early and will hear".
_WHY = (
    r"(?: (?:he|hes|she|shes|they|theyre|its|im|because|cos|as|since"
    r"|my (?:ex|partner|husband|wife|boyfriend|girlfriend|mum|dad|son|daughter))\b.*)?"
)
# Said with nothing asked, and something booked: there is nothing else to cancel.
_CANCEL = re.compile(
    r"(?:(?:please|can you|can i|could you|could i|i want to|id like to|i need to|i|actually|ok|no"
    r"|just|pls|wait|hang on|oh) )*"
    r"(?:(?:cancel|call off|withdraw)"
    r"(?: (?:it|that|this|them|everything|both|all|the|my|of|booking|consent|appointment|cancel|pls"
    r"|now|for me|please|thanks|thank you))*"
    r"|stop everything|dont book (?:it|that|anything|me in|a call|the call))"
    rf"{_WHY}"
    r"|(?:please )?(?:take|get) (?:me|my (?:name|number|details)) off(?: \w+){0,4}"
    r"|(?:please )?(?:lose|remove) my (?:name|number|details)(?: \w+){0,4}"
)
# Among other words: "i think you had better cancel it".
_AMONG = re.compile(r"\b(?:cancel|call off|scrap|undo) (?:it|that|this|them|everything)\b")
_NOT_TO = re.compile(r"\b(?:dont|do not|didnt|not|never|wont)(?: \w+){0,3}? (?:cancel|call off)\b")


def plainly(words: str) -> bool:
    """Say whether a clause, normalised, cancels and does nothing else."""
    return bool(_CANCEL.fullmatch(words))


def may(words: str) -> bool:
    """Say whether a clause speaks of cancelling among other words: then they are asked."""
    return bool(_AMONG.search(words)) and not _NOT_TO.search(words)

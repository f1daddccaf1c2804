# SPDX-License-Identifier: Apache-2.0
"""Does a clause beg not to be written to, or may it: "don't email me", "he reads my texts"?

Whole clauses only, of who speaks for themselves: "he won't stop texting me" takes nothing back.
"""

from __future__ import annotations

import re

_BEFORE = r"(?:(?:please|pls|and|so|no|actually|wait|oh|ok|just|sorry) )*"
_ASKS = (
    r"(?:(?:can|could|will|would) (?:you|they)(?: please)? (?:not|stop)"
    r"|tell them (?:not to|to stop)|ask them (?:not to|to stop)"
    r"|(?:you|they) (?:cant|cannot|mustnt|must not|shouldnt|should not|better not)"
    r"|(?:i )?(?:dont|do not|no longer) want (?:you|them|anyone|anybody) to"
    r"|(?:(?:its|it is) (?:not|no longer|not very)|it isnt) (?:safe|ok)"
    r"(?: for (?:you|them|anyone))? to"
    r"|(?:its|it is) (?:unsafe|too risky|too dangerous)(?: for (?:you|them|anyone))? to"
    r"|dont|do not|dnt|never|stop|no need to)"
)
_WRITE = r"(?:text|texting|email|emailing|e mail|mail|message|messaging|write|writing)"
_AFTER = (
    r"(?: (?:any ?more|again|please|now|after all|at all|ever|today|tonight|back|it|is|isnt|not"
    r"|safe|there|thanks))*"
)
_BEGS = re.compile(
    rf"{_BEFORE}(?:{_ASKS} {_WRITE}(?: to)? (?:me|us)"
    rf"|(?:no|no more) (?:more )?(?:texts?|emails?|e mails?|messages?)"
    r"|(?:stop|cancel|dont send|do not send) (?:the|that|any|any more)"
    rf" (?:texts?|emails?|messages?)){_AFTER}"
)
_READ = re.compile(
    r"\b(?:he|she|they|hes|shes|somebody|someone|my (?:ex|partner|husband|wife|dad|mum|boyfriend"
    r"|girlfriend))(?: \w+){0,3}? (?:see|sees|read|reads|reading|check|checks|checking|into"
    r"|password (?:for|to)) (?:my |the )?(?:\w+ )?(?:emails?|e mails?|inbox|texts|messages)\b"
    r"|\bmy (?:email|e mail|inbox) (?:isnt|is not|is no longer|not) safe\b"
)


def begs(words: str) -> bool:
    """Say whether a clause, normalised, begs not to be written to."""
    return bool(_BEGS.fullmatch(words))


def may(words: str) -> bool:
    """Say whether somebody else may read what is written to them: then they are asked."""
    return bool(_READ.search(words))

# SPDX-License-Identifier: Apache-2.0
"""Does a clause beg not to be written to, or may it: "don't email me", "he reads my texts"?

Whole clauses only, of who speaks for themselves: "he won't stop texting me" takes nothing back.
"""

from __future__ import annotations

import re

_BEFORE = r"(?:(?:please|pls|and|so|no|actually|wait|oh|ok|just|sorry) )*"
_THEY = r"(?:you|them|they|anyone|anybody|people)"
_ASKS = (
    r"(?:(?:can|could|will|would) (?:you|they)(?: please)? (?:not|stop)"
    r"|tell them (?:not to|to stop)|ask them (?:not to|to stop)"
    r"|(?:you|they) (?:cant|cannot|mustnt|must not|shouldnt|should not|better not)"
    rf"|(?:i )?(?:dont|do not|no longer) want {_THEY} to"
    rf"|i (?:dont|do not) think (?:that )?{_THEY} should"
    r"|(?:nobody|no one|noone) (?:should|must|can|may|is to)"
    r"|(?:(?:its|it is) (?:not|no longer|not very)|it isnt) (?:safe|ok)"
    r"(?: for (?:you|them|anyone))? to"
    r"|(?:its|it is) (?:unsafe|too risky|too dangerous)(?: for (?:you|them|anyone))? to"
    r"|dont|do not|dnt|never|stop|no need to)"
)
_WRITE = r"(?:text|texting|email|emailing|e mail|mail|message|messaging|write|writing)"
_WRITTEN = r"(?:texts?|emails?|e mails?|messages?)"
_AFTER = (
    r"(?: (?:any ?more|again|please|now|after all|at all|ever|today|tonight|back|it|is|isnt|not"
    r"|safe|there|thanks))*"
)
# Why, in one breath: "he reads everything". "Unless" and "until" are no reason, but a condition.
_WHY = r"(?: (?:he|hes|she|shes|they|theyre|my|its|im|because|cos|as|since)\b.*)?"
# "No texts, they never wrote" tells that none came.
_NONE_CAME = r" (?:he|she|they)(?: have| has| did)? (?:not|hasnt|havent|didnt|never|stopped)\b"
_BEGS = re.compile(
    rf"{_BEFORE}(?:{_ASKS} {_WRITE}(?: to)? (?:me|us)"
    r"|(?:(?:dont|do not|dnt|never) let (?:them|anyone|anybody)"
    r"|(?:i would|id) rather (?:you|they) (?:didnt|did not|dont))"
    rf" {_WRITE}(?: to)?(?: me| us)?"
    rf"|(?:no|no more) (?:more )?{_WRITTEN}(?!{_NONE_CAME})"
    r"|i (?:dont|do not|no longer) want (?:(?:a|an|any|the|that|your|their|more) )*"
    rf"{_WRITTEN}"
    rf"|(?:i|ive|i have) changed my mind about (?:the|that|my|any|them|you|being)?"
    rf" ?(?:{_WRITTEN}|{_WRITE}|texted|emailed)(?: me)?"
    r"|(?:dont|do not|dnt|never|stop) (?:use|using) (?:my|the|that) (?:email|e mail)(?: address)?"
    r"|(?:stop|cancel|dont send|do not send) (?:the|that|any|any more)"
    rf" {_WRITTEN}){_AFTER}{_WHY}"
)
_OTHER = (
    r"\b(?:he|she|they|hes|shes|somebody|someone|my (?:ex|partner|husband|wife|dad|mum|boyfriend"
    r"|girlfriend))(?: \w+){0,3}?"
)
_READ = re.compile(
    rf"{_OTHER} (?:see|sees|read|reads|reading|check|checks|checking|into|through|at|opens?|opened"
    r"|hack(?:s|ed)?|password (?:for|to)) (?:my |the )?(?:\w+ )?"
    r"(?:emails?|e mails?|inbox|texts|messages)\b"
    rf"|{_OTHER} my (?:\w+ ){{0,2}}?(?:passwords?|login|log in|inbox)\b"
    r"|\b(?:email|e mail|inbox|texts?|texting|emailing)(?: (?:me|address))?"
    r" (?:isnt|is not|is no longer|arent|are not|not)(?: \w+)? safe\b"
)


def begs(words: str) -> bool:
    """Say whether a clause, normalised, begs not to be written to."""
    return bool(_BEGS.fullmatch(words))


def may(words: str) -> bool:
    """Say whether somebody else may read what is written to them: then they are asked."""
    return bool(_READ.search(words))

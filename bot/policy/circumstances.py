# SPDX-License-Identifier: Apache-2.0
"""What somebody tells of themselves that bears on their rights or on who should talk with them.

Only plain words in the first person count. It is told to staff; nobody is asked for it.
"""

from __future__ import annotations

import re

from bot.policy.answer import normalise

AGAIN, CONDITION, COURT_FEAR, WORKER = "again", "condition", "court_fear", "wants_worker"
_FORMS = (
    (AGAIN, "yes", r"\b(?:(?:it|this) (?:just )?keeps? (?:on )?happening|(?:he|she|they)"
     r" (?:just |always )?keeps? (?:on )?\w+ing)\b"
     r"|\b(?:again and again|over and over|time after time|every (?:single )?(?:day|night|week)"
     r"|(?:second|third|fourth|fifth|2nd|3rd|4th|5th|another) time (?:now|this|he|she|they|its|in)"
     r"|wont leave (?:me|us) alone|wont stop)\b"),
    (CONDITION, "yes", r"\bi(?:ve| have| am|m| got| have got|ve got) (?:\w+ )?(?:disabled|deaf"
     r"|blind|autis\w+|adhd|bipolar|schizophreni\w+|ptsd|epilep\w+|dementia|a disability"
     r"|disabilit\w+|learning (?:disabilit\w+|difficulties)|(?:in )?a wheelchair)\b"
     r"|\bi use a wheelchair\b"),
    (COURT_FEAR, "yes", r"\b(?:scared|afraid|frightened|terrified|dreading|worried|panick\w*)"
     r" (?:\w+ ){0,4}?(?:court|trial|giv\w+ evidence|testify\w*|see(?:ing)? him (?:in|at) court)\b"
     r"|\b(?:court|trial|evidence|witness)\b(?: \w+){0,10}? (?:scared|afraid|frightened|terrified"
     r"|dreading)\b"
     r"|\bi (?:cant|cannot) face (?:\w+ ){0,2}?(?:court|him in court|the trial)\b"
     r"|\bdont want to (?:see|face) (?:him|her|them) in court\b"),
    (WORKER, "woman", r"\b(?:talk|speak|chat|see|have|get|be seen|prefer|want|like)"
     r" (?:\w+ ){0,3}?(?:a |another )(?:woman|lady|female)\b(?! who)"),
    (WORKER, "man", r"\b(?:talk|speak|chat|prefer) (?:\w+ ){0,3}?(?:a |another )(?:man|bloke|male)"
     r"\b(?! who)"),
)  # fmt: skip
FORMS = tuple((name, key, re.compile(form)) for name, key, form in _FORMS)
_NOT = frozenset("dont not if never isnt arent didnt stopped used".split())
_MAY_NOT = (COURT_FEAR, AGAIN)
_STOPS = re.compile(r"[.!?;\n]+")


_TO_TALK = re.compile(
    r"\b(?:can|could|may) (?:i|we) (?:please )?(?:talk|speak|chat) (?:to|with) (?:a |another )"
    r"(?:woman|lady|female|man|bloke|male)\b(?! who)"
    r"|\bi (?:want|need|would like|would rather|would prefer|prefer) to (?:talk|speak|chat)"
    r" (?:to|with) (?:a |another )(?:woman|lady|female|man|bloke|male)\b(?! who)"
)


def asks_to_talk(text: str) -> bool:
    """Say whether words ask to talk with a woman or with a man: with a person, that is."""
    return bool(_TO_TALK.search(normalise(text)))


def told_of(text: str) -> dict[str, str]:
    """Return the circumstances told, by name; what is denied or wished away is not one."""
    found: dict[str, str] = {}
    for words in map(normalise, _STOPS.split(text)):
        denied = bool(_NOT & set(words.split()))
        for name, key, form in FORMS:
            if form.search(words) and (name in _MAY_NOT or not denied):
                found.setdefault(name, key)
    return found

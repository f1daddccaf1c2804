# SPDX-License-Identifier: Apache-2.0
"""What a person tells in passing that a question would ask: then it is not asked again.

Only plain first-person forms count ("I'm 72", "I reported it to the police"), and nothing is
guessed: what is doubtful, about somebody else or about another time is left to the question.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.policy.age import band, number_in
from bot.policy.answer import normalise
from bot.policy.places import Areas

AGES = ("under_16", "16_17", "18_24", "25_59", "60_plus")
# Where somebody lives, as the question offers it.
AREA_KEYS = {
    "avon_and_somerset": "avon_and_somerset",
    "devon_and_cornwall": "devon_and_cornwall",
    "elsewhere_england_wales": "elsewhere",
    "other_uk": "elsewhere",
}
OTHERS = ("for_family", "for_work")
"""For whom somebody else asks: what they say of themselves is not about that person."""

OWN = ("age_band", "area")

_ALREADY = r"(?:have |already |just |even |also )*"
_TOLD = r"(?:reported|told|rang|rung|called|phoned|contacted|went to|been to|spoke to|spoken to)"
_NEVER = r"(?:have not|havent|did not|didnt|never)"
_KIN = (
    "mum|mother|dad|father|son|daughter|sister|brother|friend|wife|husband|partner|nan|gran|nephew"
    "|niece|grandson|granddaughter|grandad|cousin|aunt|uncle"
)
_WORK = "client|patient|pupil|student|resident|tenant"
_FOR = r"\bi ?a?m (?:ringing|calling|phoning|writing|asking|here) (?:for|about|on behalf of) "

_REPORTED = (
    (rf"\bi(?:ve)? {_ALREADY}{_TOLD} (?:\w+ ){{0,3}}?(?:the )?police\b", "yes"),
    (r"\bi did (?:report|tell|ring|call|phone|contact|go to|speak to) (?:\w+ ){0,3}?(?:the )?"
     r"police\b", "yes"),
    (r"\bthe police (?:know|have been told|are involved)\b", "yes"),
    (rf"\bi {_NEVER} (?:told|tell|reported|report|rang|ring|called|call)"
     r" (?:\w+ ){0,3}?(?:the )?police(?: yet)?(?=$| and | because | but )", "no"),
    (r"\bthe police (?:dont|do not) know(?=$| and | because | but )", "no"),
)  # fmt: skip
_WHO = (
    (rf"{_FOR}(?:a|my|our) (?:\w+ )?(?:{_KIN})\b", "for_family"),
    (rf"{_FOR}(?:a|my|our|one of (?:my|our)) (?:\w+ )?(?:{_WORK})s?\b", "for_work"),
)
_REPORTS = tuple((re.compile(form), key) for form, key in _REPORTED)
_ASKS = tuple((re.compile(form), key) for form, key in _WHO)
_AGE = re.compile(
    r"\b(?:i am|im) (?:a )?((?:[a-z]+ )?[a-z]+|\d{1,3})"
    r"(?= years? old\b| year old\b| yrs? old\b|$| and | but | so | my | i "
    r"| he | hes | she | shes | they | someone | somebody | this )"
)
_LIVES = re.compile(
    r"\b(?:(?:i|we) live in|(?:im|i am|were|we are) (?:living |based )?in) "
    r"(?!the\b|a\b|an\b|my\b|his\b|her\b)((?:[a-z]+ ?){1,3})"
)
# Asked, wished or told by somebody else: nothing is taken from such a clause.
_DOUBT = frozenset("if should when wish said says pretend nearly almost next soon".split())
# "I was 15" is no longer so; "I was robbed and told the police" is.
_THEN = "was"
_ROADS = frozenset("road rd street st avenue lane close drive way terrace".split())
_STOPS = re.compile(r"[.!?,;:\n]+")


def told(text: str, areas: Areas) -> Mapping[str, str]:
    """Return the answers that a message gives in passing, each under its question's name."""
    found: dict[str, str] = {}
    for words in map(normalise, _STOPS.split(text)):
        said = set(words.split())
        if _DOUBT & said:
            continue
        now = _THEN not in said
        clause = {
            "reported": _first(_REPORTS, words),
            "who": _first(_ASKS, words),
            "age_band": _age(words) if now else "",
            "area": _area(words, areas) if now else "",
        }
        found |= {name: key for name, key in clause.items() if key}
    return found


def _first(forms: tuple[tuple[re.Pattern[str], str], ...], words: str) -> str:
    return next((key for form, key in forms if form.search(words)), "")


def _age(words: str) -> str:
    for found in _AGE.findall(words):
        age = number_in(found)
        if age is not None and age > 4:
            return band(f"im {age}", AGES) or ""
    return ""


def _area(words: str, areas: Areas) -> str:
    """Return the area of a place named straight after "I live in"; the longest name counts."""
    for after in _LIVES.findall(words):
        named = after.split()
        if _ROADS & set(named):
            continue
        for length in range(len(named), 0, -1):
            place = areas.find("i live in " + " ".join(named[:length]))
            if place.area and areas.begins(" ".join(named[:length])):
                return AREA_KEYS[place.area]
    return ""

# SPDX-License-Identifier: Apache-2.0
"""What a few words answer that the assessment asks, though another question is open, or none.

"32", "hotel in bournemouth" and "money mostly" cost nobody a question. A sentence is read elsewhere
(bot/policy/passing.py): here the whole message is the answer, and nothing else is in it.
"""

from __future__ import annotations

import re

from bot.policy.age import BANDS, band
from bot.policy.answer import normalise
from bot.policy.needs_told import ASKED_FOR, alone
from bot.policy.passing import age_again, area_key, bare
from bot.policy.places import Areas

HELP = "find_help"
"""Picked by naming a need: then the need is told as well."""
_OLD = re.compile(r"^\d\d( years? old| yrs? old| yo)?$")
_BOTH = re.compile(r"(?:im |i am )?(?:(\d\d) ([a-z ]+)|([a-z ]+) (\d\d))")
# "Hotel in Bournemouth" is where they are; "mugged in Bath" is where it happened.
_STAYS = re.compile(
    r"(?:(?:im|i am|we are|were|and|currently|now|just|staying|stuck|living|at|in|a|an|the|my|our"
    r"|his|her|this|some|hotel|hostel|b and b|bnb|b b|refuge|flat|house|home|bedsit|caravan|tent"
    r"|car|van|hospital|friends?|mates?|mums?|mams?|dads?|sisters?|brothers?|parents|nans?|place"
    r"|sofa|from|outside|near|around|close to) )+(?P<place>.+?)(?: area| way| now| tonight)*"
)
# What these questions ask for is not told of the person by the same word.
_MEANS_ANOTHER = {
    "who": ("need_work", "need_family"),
    "reported": ("need_justice",),
    "audience": ("need_family",),
}
_BEFORE_NEEDS = ("reported", "who", "age_band", "area", "audience")
_NO_AGE = ("when", "need", "second")


def answers(asked: str, choice: str, text: str, areas: Areas) -> dict[str, str]:
    """Return what a message answers by itself, each under the name of the question that asks it.

    `asked` is the name of the open question, "" for none; `choice` is what the message picked.
    """
    words, years = _apart(normalise(text), asked)
    needs = () if choice not in ("", HELP) else _needs(asked, choice, words)
    found = dict(zip(ASKED_FOR, needs, strict=False))
    if choice:
        return found
    place = areas.find(words)
    stays = _STAYS.fullmatch(words)
    if place.area and normalise(place.name) in (words, stays and stays["place"]):
        found["area"] = area_key(place.area)
    elif (one := bare(words, areas))[0] in (("area", "audience") if asked else ("area",)):
        found |= dict([one])
    if old := (years if "area" in found else "") or age(text, asked):
        found["age_band"] = old
    return {name: key for name, key in found.items() if name != asked}


def _apart(words: str, asked: str) -> tuple[str, str]:
    """Return "20 bristol" as the place and the age band; the words alone where it is not both."""
    found = _BOTH.fullmatch(words)
    if not found or asked in _NO_AGE:
        return words, ""
    return found[2] or found[3], band(f"im {found[1] or found[4]}", BANDS) or ""


def age(text: str, asked: str = "") -> str:
    """Return the age band of an age that is all a message holds, "" for none."""
    words = normalise(text)
    old = _OLD.match(words)
    alone = old and (old[1] or asked not in _NO_AGE)
    return age_again(text) or (alone and band(words, BANDS)) or ""


def _needs(asked: str, choice: str, words: str) -> tuple[str, ...]:
    """Return the needs that are all a message names, to a question that comes before them."""
    if asked not in _BEFORE_NEEDS and choice != HELP:
        return ()
    return tuple(need for need in alone(words) if need not in _MEANS_ANOTHER.get(asked, ()))

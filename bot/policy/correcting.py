# SPDX-License-Identifier: Apache-2.0
"""Does a person put right what they answered before: "no, I meant Plymouth", "it was reported"?

Only words that say so change an answer that stands; everything else leaves it alone.
"""

from __future__ import annotations

import re

from bot.policy.answer import normalise
from bot.policy.harmed import KIN
from bot.policy.hearing import CRIMES
from bot.policy.passing import area_key, bare, told
from bot.policy.places import Areas
from bot.policy.turn import Understanding

_MARK = re.compile(
    r"^(?:(?:no|nope|oh|wait|so|and|but|yes) )*"
    r"(?:(?:i|we) (?:meant|mean)(?: to (?:say|put|press))?|(?:i )?(?:got|put|said|pressed|gave)"
    r" (?:that|it|the|you the) (?:\w+ )?wrong(?: \w+)?|(?:i )?made a mistake|(?:my )?mistake"
    r"|correction|i take that back|change (?:that|it|my answer)(?: to)?|actually|in fact"
    r"|that(?:s| is| was) wrong|wrong)\b ?(?:that )?(.*)$"
)
_ACTUALLY = re.compile(r"^\W*(?:no|oh|wait|so|and|but|sorry|yes)?\W*(?:actually|in fact)\b", re.I)
_NOT_THAT = re.compile(
    r"^(?:no )?(?:not|it (?:is|was)nt|its not) (?:\w+ ){1,3}?(?:its|it is|but|i mean|i meant) (.+)$"
)
_REPORTED = (
    (r"^(?:it|that|this)(?: (?:has|had))? (?:was|is|been|did get|got) (?:reported|told)", "yes"),
    (r"^(?:the )?police (?:were|was|have been|do|did) (?:told|know|come)", "yes"),
    (r"^(?:we|i|they|she|he|someone|somebody|my \w+) (?:did|have|has|had)? ?(?:report(?:ed)?|told"
     r"|tell|rang|called) (?:it|them|the police|police)", "yes"),
    (r"^(?:it|that|this) (?:was|is|has|had)(?:nt| not)(?: been)? reported", "no"),
    (r"^(?:i|we) (?:didnt|havent|never|have not|did not) (?:report|reported|tell|told)", "no"),
)  # fmt: skip
_FOR = (
    (r"^(?:its |it is |this is )?for (?:my )?(?:a )?(?:friend|mate|neighbour)", "for_friend"),
    (rf"^(?:its |it is |this is )?for my (?:\w+ )?(?:{KIN}|family|kid|child)", "for_family"),
    (r"^(?:its |it is |this is )?for (?:me|myself)", "for_me"),
)  # fmt: skip


_BEFORE_IT = re.compile(
    r"^(?:(?:in|im|its|it is|(?:i|we) live in|(?:i|we)(?: have| ve)? moved to|near|a|an) )+"
)
# What somebody calls what happened; a name that may be another's too is none.
_CRIMES = (
    ("hate_crime", r"hate crime|racis[tm]|racially motivated|homophobi[ac]|transphobi[ac]"),
    ("domestic_abuse", r"domestic (?:abuse|violence)|dv"),
    ("sexual_violence", r"rape|sexual (?:assault|abuse|violence)"),
    ("stalking_harassment", r"stalking|harassment"),
    ("fraud", r"fraud|scam"),
    ("burglary_theft", r"burglary|theft"),
    ("robbery_violence", r"robbery|mugging|assault"),
    ("antisocial_behaviour", r"anti ?social behaviour|asb"),
    ("criminal_damage", r"criminal damage|vandalism"),
    ("modern_slavery", r"modern slavery|trafficking"),
    ("honour_based_abuse", r"forced marriage|honour(?: based)? abuse"),
    ("elder_abuse", r"elder abuse"),
)  # fmt: skip
_CALLS = tuple((re.compile(rf"^(?:an? )?(?:{name})$"), topic) for topic, name in _CRIMES)
# "Its hate crime really": no "no" is said, and none is needed.
_REALLY = re.compile(
    r"^(?:(?:no|but|so|i think|i would say|id say|to be honest|tbh) )*"
    r"(?:its|it is|it was|this is|this was|thats|that is|that was)"
    r"(?: (really|actually|more of|more like|more|all|a case of|in fact))? (.+?)"
    r"(?: (really|actually|though|to be honest|tbh|more than (?:anything|that)|i think))?$"
)


# What a message may be heard as for it to put something right, and nothing else to be answered.
_ONLY_THAT = frozenset(
    "provide_detail disclose deny affirm out_of_scope feedback greet repeat ask_privacy"
    " ask_information".split()
)


def puts_right(
    asked: str, text: str, heard: Understanding, topic: str, areas: Areas
) -> bool:
    """Say whether a message puts right another answer than the one that is asked for now.

    `topic` is that of the conversation: a crime told for the first time is heard as that.
    """
    found = corrected(text, areas)
    new = heard.act == "disclose" and heard.topic != topic and heard.topic in CRIMES
    new = new and (topic == "none" or "topic" not in found)
    if heard.action in ("interrupt", "check") or heard.act not in _ONLY_THAT or new or "?" in text:
        return False
    return bool(found) and asked.removesuffix("_them") not in found


def corrected(text: str, areas: Areas) -> dict[str, str]:
    """Return the answers that a message puts right, each under its question's name."""
    first = text.replace("\u2019", "'").split("\n")[0]
    if topic := _really(normalise(first.lower().replace("actually", "really"))):
        return {"topic": topic}
    words = normalise("actually " + first if _ACTUALLY.match(first) else first)
    # "actually" is taken away as a filler; where it began the message it is the sign itself.
    marked = _MARK.match(words) or _NOT_THAT.match(words)
    if not marked and not _ACTUALLY.match(first):
        return {}
    rest = (marked.group(1) if marked else words).strip()
    rest = re.sub(r"^(?:no|yes|i meant|its|it is) (?=\w)", "", rest) if not marked else rest
    found = dict(told(rest, areas))
    for forms, name in ((_REPORTED, "reported"), (_FOR, "who")):
        key = next((key for form, key in forms if re.search(form, rest)), "")
        found |= {name: key} if key else {}
    if not found and rest:
        alone = _BEFORE_IT.sub("", rest)
        name, key = bare(alone, areas)
        found = {name: key} if name else _alone(alone, areas)
    if not found and (topic := _called(re.sub(r"^(?:its|it is|it was|this is) ", "", rest))):
        found = {"topic": topic}
    return found


def _called(words: str) -> str:
    return next((topic for form, topic in _CALLS if form.search(words)), "")


def _really(words: str) -> str:
    """Return the topic of "its hate crime really"; "" without a word that says so."""
    said = _REALLY.match(words)
    return _called(said.group(2)) if said and (said.group(1) or said.group(3)) else ""


def _alone(words: str, areas: Areas) -> dict[str, str]:
    """Return the area of words that are the name of a place and nothing else: "bath", "bs3"."""
    place = areas.find(words)
    return {"area": area_key(place.area)} if place.area and normalise(place.name) == words else {}

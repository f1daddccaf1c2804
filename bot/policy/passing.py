# SPDX-License-Identifier: Apache-2.0
"""What a person tells in passing that a question would ask: then it is not asked again.

Only plain first-person forms count ("I'm 72", "I reported it to the police"), and nothing is
guessed: what is doubtful, about somebody else or about another time is left to the question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from bot.policy import bereaved
from bot.policy.age import BANDS, band, in_decade, number_in
from bot.policy.answer import normalise
from bot.policy.harmed import FRIEND, KIN, WORK, another
from bot.policy.needs_told import ASKED_FOR, several, wished
from bot.policy.places import Areas, Place

# Where somebody lives, as the question offers it, where that is not the area's own name.
_AREA_KEYS = {"elsewhere_england_wales": "elsewhere", "other_uk": "elsewhere"}
OTHERS = ("for_family", "for_friend", "for_work")
"""For whom somebody else asks: what they say of themselves is not about that person."""

OWN = ("age_band", "area", "audience")

_ALREADY = r"(?:have |already |just |even |also )*"
_TOLD = r"(?:reported|told|rang|rung|called|phoned|contacted|went to|been to|spoke to|spoken to)"
_NEVER = r"(?:have not|havent|did not|didnt|never)"
_FOR = r"\bi ?a?m (?:ringing|calling|phoning|writing|asking|here) (?:for|about|on behalf of) "

_REPORTED = (
    (rf"\bi(?:ve)? {_ALREADY}{_TOLD} (?:\w+ ){{0,3}}?(?:the )?police\b", "yes"),
    (r"\bi did (?:report|tell|ring|call|phone|contact|go to|speak to) (?:\w+ ){0,3}?(?:the )?"
     r"police\b", "yes"),
    (rf"\bi(?:ve)? {_ALREADY}reported (?:it|this|that|them)\b(?! to (?!the police|police|101))",
     "yes"),
    (r"\bthe police (?:know|have been told|are involved)\b", "yes"),
    (r"\b(?:the |an? |two )?(?:police|police officers?|officers?|policeman|policewoman|pcso)"
     r" (?:came|came round|came out|come round|come out|attended|turned up|took a statement|took my"
     r" statement|gave me a (?:crime|log|reference) number)\b", "yes"),
    (rf"\bi {_NEVER} (?:told|tell|reported|report|rang|ring|called|call)"
     r" (?:\w+ ){0,3}?(?:the )?police(?: yet)?(?=$| and | because | but )", "no"),
    (r"\bthe police (?:dont|do not) know(?=$| and | because | but )", "no"),
)  # fmt: skip
_BY_OTHERS = re.compile(
    r"\b(?:rang|called|phoned|told|contacted|reported it to|spoke to|been to)"
    r" (?:them|the police|police|101|999)\b"
)
REPORTED = "needs_ask_reported"
_NOT_POLICE = re.compile(
    rf"\b{_TOLD} (?:it |this |about it )?(?:to |at )?(?:the |my |our |his |her )?(?:\w+ )?"
    rf"(?:council|landlord|landlady|housing|bank|school|teachers?|work|boss|manager|doctor|gp|insurance"
    rf"|insurers?|warden|college|neighbours?|{KIN}|{FRIEND})\b"
)
_POLICE = re.compile(r"\b(?:police|101|999|officers?|pcso|them|they|crime|fraud|both|everyone)\b")
_WHO = (
    (rf"{_FOR}(?:a|my|our) (?:\w+ )?(?:{KIN})\b", "for_family"),
    (rf"{_FOR}(?:a|my|our) (?:\w+ )?(?:{FRIEND})\b", "for_friend"),
    (r"\b(?:i (?:just )?(?:saw|witnessed) (?:it|the (?:attack|fight|crash|whole thing))"
     r"|im a witness|i am a witness)\b", "witness"),
    (rf"{_FOR}(?:a|my|our|one of (?:my|our)) (?:\w+ )?(?:{WORK})s?\b", "for_work"),
)  # fmt: skip
_ACCESS = (
    (r"\b(?:i am|im) (?:\w+ )?deaf\b|\bhard of hearing\b", "hearing"),
    (r"\b(?:i am|im) (?:\w+ )?blind\b|\bi(?:m| am) partially sighted\b", "seeing"),
    (r"\b(?:im|i am) in a wheelchair\b|\bi use a wheelchair\b", "moving"),
    (r"\bi (?:cant|cannot) read\b|\b(?:im|i am) dyslexic\b", "reading"),
)
_STAGE = (
    (r"\b(?:no further action|nfa)\b|\bpolice (?:have )?(?:dropped|closed) (?:it|(?:the|my) case)\b"
     r"|\bcase (?:was|got|has been|is) (?:dropped|closed)\b", "stopped"),
    (r"\b(?:has|hes|shes|was|been|is) (?:been )?charged with\b"
     r"|\b(?:hes|shes|he has|she has) been charged\b|\btheyve charged (?:him|her|them)\b",
     "charged"),
    (r"\b(?:its|it is|were|we are|case is) going to (?:court|trial)\b|\bcourt date\b", "trial"),
)  # fmt: skip
_NOT_YET = frozenset("if will would might want not dont wasnt isnt never should".split())
_SELF = r"(?:\bi am|\bim|^as|^speaking as) an? (?:(?!a|an|of|by|with|to|for|from|the)\w+ ){0,3}?"
_THERE = r"(?=$| and | but | so | who | i | in | my | of \d)"
_AUDIENCE = (
    (rf"{_SELF}(?:man|bloke|lad|fella|guy|chap){_THERE}", "men"),
    (rf"{_SELF}(?:woman|lady|lass){_THERE}", "women"),
)
_HOME = r"(?:refuge|safe house|(?:safe )?(?:place|somewhere) (?:safe )?to (?:live|stay|go))"
_NEED = (
    (r"\b(?:i (?:just |only |really )?(?:want|need)|find me|get me|where is there)"
     rf" (?:an? )?{_HOME}\b", "need_home"),
)  # fmt: skip
_ALONE = (
    (r"^(?:for )?(?:me|myself)$", "who", "for_me"),
    (r"^(?:an? )?(?:woman|women|lady|female|f)$", "audience", "women"),
    (r"^(?:an? )?(?:man|men|bloke|male|m)$", "audience", "men"),
    (r"^anyone$", "audience", "anyone"),
)
_REPORTS = tuple((re.compile(form), key) for form, key in _REPORTED)
_ASKS = tuple((re.compile(form), key) for form, key in _WHO)
_ARE = tuple((re.compile(form), key) for form, key in _AUDIENCE)
_WANTS = tuple((re.compile(form), key) for form, key in _NEED)
_THEIR_AGE = re.compile(
    rf"\b(?:(?:he|she|they)(?: is|s|re| are)|(?:hes|shes|theyre)"
    rf"|my (?:\w+ )?(?:{KIN}|{FRIEND})(?: is|s)) (?:only )?((?:[a-z]+ )?[a-z]+|\d{{1,3}})"
    rf"(?= years? old\b| year old\b|$| and | but )"
    rf"|\bmy (\d{{1,2}}) year old (?:{KIN})\b"
)
_STAGES = tuple((re.compile(form), key) for form, key in _STAGE)
_HARD = tuple((re.compile(form), key) for form, key in _ACCESS)
_BARE = tuple((re.compile(form), name, key) for form, name, key in _ALONE)
_YEARS = re.compile(r"^\d\d$")
# "28 no sorry 38": the last one counts; alone, or it may be a number of a house or a telephone.
_AGE_AGAIN = re.compile(
    r"^(?:i am |im )?\d\d(?: (?:no|wait|oh|nope|i mean|i meant|make that|its|it is|im|i am))+"
    r" (\d\d)(?: years? old)?$"
)
# "26 f bristol", "f/26/bristol": the same list without its stops.
_SHORT = re.compile(
    r"^\W*(?:i'?m |i am )?(?:(\d\d)[ ,/]*(f|m|female|male)|(f|m|female|male)[ ,/]*(\d\d))\b[ ,/]*"
    r"(?:(?:from|in) )?", re.IGNORECASE,
)  # fmt: skip
LIST = 3
"""Clauses a message must have, each a fact and nothing else, to be a list of answers."""
_AGE = re.compile(
    r"\b(?:i am|im|(?:were|we are) both) (?:a )?((?:[a-z]+ )?[a-z]+|\d{1,3})"
    r"(?= years? old\b| year old\b| yrs? old\b|$| and | but | so | my | i "
    r"| he | hes | she | shes | they | someone | somebody | this )"
)
_LIVES = re.compile(
    r"\b(?:(?:i|we|and) live (?:alone |on my own |by myself )?in"
    r"|(?:im|i am|were|we are) (?:(?:living |based )?in|from)) "
    r"(?!the\b|a\b|an\b|my\b|his\b|her\b)((?:[a-z]+ ?){1,3})"
)
# "Someone broke in to my house in Exeter"; what was left or lost is no home any more.
_HOUSE = re.compile(r"\bmy (?:house|flat|home) in ((?:[a-z]+ ?){1,3})")
_LEFT = frozenset("left leave leaving fled flee lost sold selling moved old".split())
# Asked, wished or told by somebody else: nothing is taken from such a clause.
_DOUBT = frozenset("if should when wish said says pretend nearly almost next soon".split())
# "I was 15" is no longer so; "I was robbed and told the police" is.
_THEN = "was"
_ROADS = frozenset("road rd street st avenue lane close drive way terrace".split())
_STOPS = re.compile(r"[.!?,;:\n]+")
# "I'm 14 and he says he'll send it", "I live in Leeds and I was mugged": what somebody else says,
# and what was done then, makes nothing before it doubtful.
_OTHERS = re.compile(
    r" (?:and|but) (?=(?:he|hes|she|shes|they|theyre|someone|somebody|i was|we were)\b)"
)


def told(text: str, areas: Areas) -> Mapping[str, str]:
    """Return the answers that a message gives in passing, each under its question's name."""
    found: dict[str, str] = {}
    needs = list(several(text))
    for words, now in _undoubted(text):
        clause = {
            "reported": _first(_REPORTS, words),
            "who": _first(_ASKS, words),
            "age_band": _band(_years(words)) if now else "",
            "area": area_key(_lives(words, areas).area or "") if now else "",
            "audience": _first(_ARE, words),
            "access": _first(_HARD, words),
        }
        found |= {name: key for name, key in clause.items() if key}
        needs += filter(None, (_first(_WANTS, words), *wished(words)))
    for words in _clauses(text):
        if stage := "" if _NOT_YET & set(words.split()) else _first(_STAGES, words):
            found |= {"stage": stage, "reported": "yes"}
    found |= zip(ASKED_FOR, dict.fromkeys(needs), strict=False)
    if bereaved.by_crime(text):
        found["who"] = "bereaved"
    if "who" not in found and (who := another(normalise(text))):
        found["who"] = who
    return found | listed(text, areas)


def own_years(text: str) -> int | None:
    """Return the age in years that somebody says they have now, the last one told; else None."""
    ages = [age for words, now in _undoubted(text) if now and (age := _years(words))]
    return ages[-1] if ages else None


def age_told(text: str) -> str:
    """Return the age band that somebody tells of themselves, "" for none."""
    return _band(own_years(text))


def lives(text: str, areas: Areas) -> Place:
    """Return where somebody says in passing that they live."""
    places = (_lives(words, areas) for words, now in _undoubted(text) if now)
    return next((place for place in places if place.area), Place())


def _clauses(text: str) -> list[str]:
    """Return a message's clauses, each as it is read."""
    stopped = (normalise(part).replace("next door", "nextdoor") for part in _STOPS.split(text))
    return [clause for words in stopped for clause in _OTHERS.split(words)]


def _undoubted(text: str) -> Iterator[tuple[str, bool]]:
    """Yield each clause that is told for true, and whether it is of now."""
    for words in _clauses(text):
        said = set(words.split())
        if not _DOUBT & said:
            yield words, _THEN not in said


def told_by_others(text: str) -> str:
    """Return yes where an answer to "have the police been told?" says that anybody told them."""
    words = normalise(text)
    denied = (_DOUBT | {"not", "never", "nobody", "noone", "didnt", "havent"}) & set(words.split())
    return "yes" if _BY_OTHERS.search(words) and not denied else ""


def others_told(asking: str, text: str) -> bool:
    """Say whether "yes i told the council" answers whether the police were told: it does not."""
    words = normalise(text)
    return asking == REPORTED and bool(_NOT_POLICE.search(words)) and not _POLICE.search(words)


def age_again(text: str) -> str:
    """Return the age band of an age put right in one breath: "28 no sorry 38"."""
    put_right = _AGE_AGAIN.match(normalise(_STOPS.sub(" ", text)))
    return (band(f"im {put_right.group(1)}", BANDS) or "") if put_right else ""


def their_age(text: str) -> str:
    """Return the age band told of the person somebody asks for: "she's 80", "my son is 14"."""
    for words in map(normalise, _STOPS.split(text)):
        said = set(words.split())
        for now, aged in [] if _DOUBT & said else _THEIR_AGE.findall(words):
            age = aged or ("" if _THEN in said else now)
            if age and (key := band(f"im {number_in(age)}", BANDS)):
                return key
    return ""


def listed(text: str, areas: Areas) -> Mapping[str, str]:
    """Return the facts of an answer that is a bare list of them: "me. 26. Bristol. Women".

    One clause that is anything else, and it is no list: "14, The Mews, Exeter" tells no age.
    """
    spread = _SHORT.sub(lambda m: ". ".join(filter(None, m.groups())) + ". ", text)
    clauses = [words for words in map(normalise, _STOPS.split(spread)) if words]
    facts = [bare(words, areas) for words in clauses]
    names = [name for name, _ in facts]
    if len(facts) < LIST or "" in names or len(set(names)) < len(names):
        return {}
    return dict(facts)


def area_key(area: str) -> str:
    """Return the choice by which the question of where somebody lives offers an area."""
    return _AREA_KEYS.get(area, area)


def bare(words: str, areas: Areas) -> tuple[str, str]:
    """Return the question that a clause answers by itself, and the answer; "" for none."""
    for form, name, key in _BARE:
        if form.search(words):
            return name, key
    if _YEARS.match(words):
        return "age_band", band(f"im {words}", BANDS) or ""
    place = areas.find(words).area
    alone = place and areas.begins(words) and len(words.split()) <= LIST
    return ("area", area_key(place)) if alone and place else ("", "")


def _first(forms: tuple[tuple[re.Pattern[str], str], ...], words: str) -> str:
    return next((key for form, key in forms if form.search(words)), "")


def _band(years: int | None) -> str:
    return "" if years is None else band(f"im {years}", BANDS) or ""


def _years(words: str) -> int | None:
    ages = map(number_in, _AGE.findall(words))
    known = next((age for age in ages if age is not None and age > 4), None)
    return known or in_decade(words)


def _lives(words: str, areas: Areas) -> Place:
    """Return the place named straight after "I live in", or of their house; the longest name."""
    houses = [] if _LEFT & set(words.split()) else _HOUSE.findall(words)
    for after in (*_LIVES.findall(words), *houses):
        named = after.split()
        if _ROADS & set(named):
            continue
        for length in range(len(named), 0, -1):
            place = areas.find("i live in " + " ".join(named[:length]))
            if place.area and areas.begins(" ".join(named[:length])):
                return place
    return Place()

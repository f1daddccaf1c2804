# SPDX-License-Identifier: Apache-2.0
"""Was somebody else hurt, and not the one who tells it: "my son was robbed"?

Pure. Then help is for that person, and who it is for is not asked. Whoever was hurt as well, or
says how they feel themselves, is asked: the help may be for them.
"""

from __future__ import annotations

import re

KIN = (
    "mum|mother|dad|father|son|daughter|sister|brother|wife|husband|partner|nan|gran|nephew"
    "|niece|grandson|granddaughter|grandad|cousin|aunt|uncle|mam|nana|grandma|grandmother"
    "|grandfather|stepson|stepdaughter|girlfriend|boyfriend"
)
FRIEND = "friend|mate|neighbour"
WORK = "client|patient|pupil|student|resident|tenant"

_KINDS = ((KIN, "for_family"), (FRIEND, "for_friend"), (WORK, "for_work"))
_HURT = (
    "robbed|mugged|attacked|assaulted|stabbed|burgled|raped|beaten|beat(?:en)? up|scammed|conned"
    "|defrauded|bullied|harassed|stalked|blackmailed|threatened|followed|groomed|abused"
    "|punched|kicked|headbutted|jumped|knocked (?:down|over)|run over|spat (?:at|on)|tricked"
    "|sexually \\w+|touched|groped|filmed"
)
_IS = (
    r"(?:was|were|is|has been|have been|had been|been|being|got|gets|is being|is getting"
    r"|keeps getting)"
)
_BADLY = r"(?:just|also|really|badly|nearly all|always|repeatedly|violently|physically|racially)"
_WHOSE = r"(?:my|our|one of (?:my|our)|a|this)"
_BY = r"(?:someone|somebody|he|she|they|(?:a|some|two|three) \w+)(?: (?:has|have|had|just))*"
_FORMS = tuple(
    (
        re.compile(
            rf"\b{_WHOSE} (?:\w+ ){{0,2}}?(?:{who})s?(?: \w+)? {_IS} (?:{_BADLY} )?(?:{_HURT})\b"
            rf"|\b{_BY} (?:{_HURT}) (?:my|our) (?:\w+ ){{0,2}}?(?:{who})\b"
        ),
        key,
    )
    for who, key in _KINDS
)
_ME = re.compile(
    r"\b(?:i|we) (?:was|were|got|have been|ve been|had been|cant|cannot|could not|couldnt|feel"
    r"|felt|keep|am|saw|watched|heard|witnessed|dont feel|havent|need|want help for me)\b"
    r"|\bim (?!his|her|their|calling|ringing|phoning|writing|asking|here|worried about|trying"
    r"|(?:a|the) )\w+"
    r"|\b(?:and|at|to|on|from|with|by|hit|robbed|attacked|threatened|hurt|raped) (?:me|us)\b"
    r"|\b(?:and i|me and)\b"
)
_NOT = re.compile(
    r"\b(?:if|not|never|wasnt|isnt|nobody|when i was|years ago|died|dead|killed|murdered"
    r"|passed away|funeral|lost (?:him|her))\b"
)


_TRADES = (
    "gp|doctor|nurse|teacher|headteacher|head teacher|teaching assistant|social worker"
    "|support worker|care worker|carer|key worker|keyworker|health visitor|midwife|youth worker"
    "|paramedic|pharmacist|housing officer|solicitor|counsellor|therapist|tutor|caseworker"
    "|advocate|vicar|safeguarding lead|mentor|coach"
)
_TRADE = re.compile(
    rf"\b(?:i am|im|this is|as) an? (?:\w+ ){{0,2}}?(?:{_TRADES})\b|^(?:{_TRADES}) here\b"
)
_OF_WORK = re.compile(rf"\b(?:my|our|a|one of (?:my|our)|this) (?:\w+ ){{0,2}}?(?:{WORK})s?\b")
_BY_THEM = re.compile(
    r"\b(?:attack|hit|rap|assault|threaten|hurt|bit|punch|stalk|harass)\w* (?:me|us)\b"
)


def another(words: str) -> str:
    """Return for whom help is where only somebody else was hurt, "" where it is not plain.

    `words` are the whole message, normalised.
    """
    if _TRADE.search(words) and _OF_WORK.search(words) and not _BY_THEM.search(words):
        return "for_work"
    if not words or _ME.search(words) or _NOT.search(words):
        return ""
    return next((key for form, key in _FORMS if form.search(words)), "")

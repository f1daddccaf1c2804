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
    "|grandfather|stepson|stepdaughter|girlfriend|boyfriend|lad|boy|girl|kid|hubby|missus"
)
FRIEND = "friend|mate|neighbour"
WORK = "client|patient|pupil|student|resident|tenant"

_MINE = r"(?:my|our|one of (?:my|our))"
# "A lad was stabbed" is told by who saw it; "a pupil was" by who works with them.
_ANY = r"(?:my|our|one of (?:my|our)|a|this)"
_KINDS = (
    (_MINE, KIN, "for_family"), (_ANY, FRIEND, "for_friend"), (_ANY, WORK, "for_work"),
)  # fmt: skip
_HURT = (
    "robbed|mugged|attacked|assaulted|stabbed|burgled|raped|beaten|beat(?:en)? up|scammed|conned"
    "|defrauded|bullied|harassed|stalked|blackmailed|threatened|followed|groomed|abused"
    "|punched|kicked|headbutted|jumped|knocked (?:down|over)|run over|spat (?:at|on)|tricked"
    "|sexually \\w+|touched|groped|filmed|battered|glassed|bottled|set on"
)
# "He hit my girl" may be told by who is hit as well; "my girl was hit" is of her.
_STRUCK = "hit|slapped|hurt"
_IS = (
    r"(?:was|were|is|has been|have been|had been|been|being|got|gets|is being|is getting"
    r"|keeps getting)"
)
_BADLY = r"(?:just|also|really|badly|nearly all|always|repeatedly|violently|physically|racially)"
_BY = r"(?:someone|somebody|he|she|they|(?:a|some|two|three) \w+)(?: (?:has|have|had|just))*"
_LOST = (
    "nicked|stolen|snatched|taken|pinched|grabbed|robbed|broken into|smashed|slashed|kicked in"
)
# "Came home with a black eye", "had her phone snatched", "got a kicking".
_MARKED = (
    r"(?:came|comes?|turned up|got|walked|staggered)(?: back)? (?:home|in|back|round)"
    r"(?: \w+){0,6}? (?:black eye|bruise\w*|blood|bleeding|crying|in tears|fat lip|broken|cuts?"
    r"|in bits|marks)"
    rf"|(?:(?:has|have) )?(?:had|got) (?:his|her|their) (?:\w+ ){{0,3}}?(?:{_LOST})"
    r"|got (?:a (?:kicking|beating|hiding|battering)|done over)"
)


def _form(whose: str, who: str) -> re.Pattern[str]:
    """Return how it is told that one of these was hurt, or had something taken."""
    them = rf"{whose} (?:\w+ ){{0,2}}?(?:{who})s?"
    mine = rf"(?:my|our) (?:\w+ ){{0,2}}?(?:{who})"
    return re.compile(
        rf"\b{them}(?: \w+)? {_IS} (?:{_BADLY} )?(?:{_HURT}|{_STRUCK})\b"
        rf"|\b{them} (?:\w+ ){{0,3}}?(?:{_MARKED})\b"
        rf"|\b(?:{_BY}|they) (?:{_HURT}) {mine}\b"
        rf"|\b(?:{_BY}|they) (?:stole|nicked|took|snatched|pinched|grabbed|robbed) {mine}s \w+"
    )


_FORMS = tuple((_form(whose, who), key) for whose, who, key in _KINDS)
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
_OF_WORK = re.compile(
    rf"\b(?:my|our|a|one of (?:my|our)|this) (?:\w+ ){{0,2}}?(?:{WORK})s?\b"
    r"|\b(?:i|we) (?:work with|support|teach|look after|care for|see)\b"
    r"|\b(?:my|our|a|this|an) (?:\w+ ){0,3}?(?:girl|boy|lad|woman|man|child|kid|teenager|lady)\b"
)
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

# SPDX-License-Identifier: Apache-2.0
"""Does somebody ask for the worker they talked with before, or for one by name? Plain words only.

The wish is passed on to staff. The person hears the same whoever was named, and whether or not
anybody of that name works here: nothing is told of who does.
"""

from __future__ import annotations

import re

from bot.policy.answer import normalise
from bot.policy.harmed import FRIEND, KIN, WORK

SAME = "wants_same"
"""The fact of the wish: YES for whom they had before, or the name they said."""
CUE = "rule:same_worker"
YES = "yes"
_WORKER = (
    r"(?:person|human|worker|woman|man|lady|girl|guy|bloke|one|adviser|advisor|operator|member of"
    r" staff|someone|somebody)"
)
_ASKS = (
    r"(?:(?:please |and |so |hi |hello |hey )*(?:(?:can|could|may) (?:i|we)|is it possible to"
    r"|i (?:just |really )?(?:want|need|would like|would rather|would prefer|prefer)(?: to)?"
    r"|id (?:like|rather|prefer)(?: to)?|let me|get me|give me|put me (?:back )?through to|please)"
    r" (?:please |just )?)"
)
_TALK = (
    r"(?:(?:talk|speak|chat|go back|get back|be put through|write) (?:to|with) |have |get |see )?"
)
_HAD = r"(?:i|we) (?:\w+ )?(?:spoke|talked|chatted|speaking|talking|chatting|had)"
_SAME = re.compile(
    rf"{_ASKS}{_TALK}(?:the |my )(?:very )?(?:same|last) (?:\w+ )?{_WORKER}"
    r"(?: (?:as|that|who|i|from|again|last|please|before|today|now)(?: \w+){0,7})?"
    rf"|{_ASKS}{_TALK}(?:the )?(?:{_WORKER}|who|whoever) (?:that |who )?{_HAD}(?: \w+){{0,6}}"
    rf"|(?:the )?same {_WORKER} (?:as|that|i) (?:before|last time|{_HAD})(?: \w+){{0,4}}"
)
_NAMED = re.compile(
    r"(?:hi |hello |hey )?is (?P<there>[a-z]+) (?:there|here|around|working|on shift|on duty|back"
    r"|(?:free|available) to (?:talk|chat|speak))(?: (?:today|tonight|now|please|again))*"
    rf"|{_ASKS}(?:talk|speak|chat) (?:to|with) (?P<again>[a-z]+) again(?: please)?"
)
_NO_NAME = frozenset(
    "he she it they him her them you me us we this that there anyone anybody someone somebody"
    " everyone everybody noone nobody one who what everything something anything nothing god help"
    " support police counselling advice danger staff people person human worker manager doctor"
    " nurse childline samaritans refuge citizens man woman lady guy bloke".split()
)
# Whoever is near them, and what is no person at all: the service itself, or what it works with.
_NEAR = re.compile(
    rf"(?:step|half|great)?(?:{KIN}|{FRIEND}|{WORK})s?|(?:step)?(?:mom|mummy|mammy|daddy|papa|granny"
    r"|grandpa|auntie?|hubbie|baby|babies|child|children|kids|toddler|parents?|family|ex|exes|twins"
    r"|fiancee?|flatmate|housemate|landlord|boss|bro|sis)"
)
_SERVICE = frozenset(
    "chat webchat livechat online phone telephone line phoneline helpline hotline number app"
    " website site web page link service services system internet wifi email mail text"
    " texting sms button bot chatbot robot computer assistant ai translation interpreter"
    " office team counsellor therapy therapist lawyer solicitor ambulance council hospital".split()
)


def asked_for(text: str) -> str:
    """Return YES for the worker they had before, the name of one they ask for, "" for neither."""
    words = normalise(text)
    if _SAME.fullmatch(words):
        return YES
    found = _NAMED.fullmatch(words)
    name = (found["there"] or found["again"]) if found else ""
    return "" if name in _NO_NAME | _SERVICE or _NEAR.fullmatch(name) else name

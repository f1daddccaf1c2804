# SPDX-License-Identifier: Apache-2.0
"""Does somebody ask for the worker they talked with before, or for one by name? Plain words only.

The wish is passed on to staff. The person hears the same whoever was named, and whether or not
anybody of that name works here: nothing is told of who does.
"""

from __future__ import annotations

import re

from bot.policy.answer import normalise

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
    " everyone everybody noone nobody one who what everything something anything god help support"
    " police counselling advice danger mum mam mom dad mummy daddy nan gran grandad brother sister"
    " son daughter husband wife partner ex boyfriend girlfriend staff people person human worker"
    " manager doctor nurse childline samaritans refuge citizens".split()
)


def asked_for(text: str) -> str:
    """Return YES for the worker they had before, the name of one they ask for, "" for neither."""
    words = normalise(text)
    if _SAME.fullmatch(words):
        return YES
    found = _NAMED.fullmatch(words)
    name = (found["there"] or found["again"]) if found else ""
    return "" if name in _NO_NAME else name

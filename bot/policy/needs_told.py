# SPDX-License-Identifier: Apache-2.0
"""Which of the nine categories of need do a person's own words name?

The categories are the Ministry of Justice's (bot/policy/needs.py); the words are what people say.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.policy.answer import normalise

_NAMED = (
    ("need_home", r"hous(?:e|ing)|homeless|evict\w*|landlord|accommodation|shelter|refuge"
     r"|(?:some)?where (?:safe )?(?:else )?to (?:live|stay|sleep|go)"
     r"|place (?:safe )?to (?:live|stay)|safe place|move (?:house|out|away)|new locks?|rehoused"),
    ("need_money", r"money|skint|broke|debts?|bills?|rent|benefits?|universal credit|wages?"
     r"|cant afford|afford|food bank|pay for"),
    ("need_health", r"sleep\w*|nightmares?|flashbacks?|panic\w*|anxi\w+|depress\w*|ptsd|trauma\w*"
     r"|injur\w+|pain|hurts?|doctor|gp|health|head"),
    ("need_outlook", r"confidence|hopeless|no hope|no point|self esteem|how i feel"
     r"|feel(?:ing)? (?:low|down|bad)"),
    ("need_drugs", r"drink(?:ing)?|drunk|alcohol|drugs?|addict\w*|using again|weed|gear"),
    ("need_social", r"lonely|loneliness|alone|on my own|isolat\w+|no friends?|company"
     r"|go(?:ing)? out|talk to nobody"),
    ("need_family", r"kids?|child(?:ren)?|family|marriage|relationships?|my (?:son|daughter|mum"
     r"|dad|partner|husband|wife)|custody|contact with the"),
    ("need_work", r"work|job|boss|school|college|uni|university|training|course|exams?"),
    ("need_justice", r"police|court|trial|statement|solicitor|the case|judge|evidence|prosecut\w*"),
)  # fmt: skip
NAMED = tuple((need, re.compile(rf"\b(?:{words})\b")) for need, words in _NAMED)

# Told in passing it counts only where somebody says that they want it or are short of it. "I can't
# sleep" is told by nearly everybody, and is not all that they need.
_WISH = (
    r"(?:(?:i|we) (?:just |only |really |also |could |do )*(?:want|need|use) (?:\w+ ){0,4}?"
    r"|(?:help|advice|support) (?:\w+ )?(?:with|about|to find|finding|getting) (?:\w+ ){0,3}?"
    r"|(?:struggling|worried|stressed|behind|trouble) (?:with|about|on|over) (?:\w+ ){0,2}?"
    r"|(?:somebody|someone) (?:\w+ )?to |i (?:cant|cannot) )"
)
_FEEL = r"(?:i am|im|i get|i feel|i have been|ive been|weve been|we are) (?:so |very |really )*"
_WISHED = (
    ("need_home", r"(?:some)?where (?:safe )?(?:else )?to (?:live|stay|sleep)|rehoused|housing"
     r"|place (?:safe )?to (?:live|stay)|safe place|new locks?"),
    ("need_money", r"money|debts?|(?:my|the) bills?|(?:my |the )?rent|benefits|a food bank"
     r"|pay (?:my|the) (?:rent|bills?)|afford (?:food|rent|it|my|the)"),
    ("need_drugs", r"my drinking|drugs|alcohol|stop drinking"),
    ("need_social", r"company|go out with"),
    ("need_work", r"my job|finding work|(?:find )?a job|get back to work"),
)  # fmt: skip
_FELT = (
    ("need_home", r"homeless|evicted"),
    ("need_money", r"skint|in debt|broke"),
    ("need_drugs", r"drinking (?:again|too much|a lot|every)"),
    ("need_social", r"lonely|isolated"),
)
_PLAIN = (
    ("need_drugs", r"i (?:drink|smoke) (?:too much|far too much|a lot)|i started drinking"),
    ("need_work", r"lost my job|got the sack|i got sacked|im off work|been off work"
     r"|(?:been|was|got|im|me) signed off"
     r"|on the sick|off sick|(?:cant|couldnt|cannot|not able to|not been able to)"
     r" (?:go to |face |do my |get to |go back to )?(?:my )?work(?! (?:it|out|with|this|that|on))"
     r"|havent been (?:to|in to|into|back to) (?:work|school|college|uni)"),
    ("need_home", r"lost (?:my|our) home|kicked out of (?:my|our) (?:home|flat|house)"
     r"|sleeping (?:in (?:my|the) car|on (?:a )?(?:sofa|sofas|floor|friends sofa)|rough)"
     r"|had to move (?:out|in with)|(?:were|im|we are|i am|living|staying|stuck)"
     r" in an? (?:b and b|b b|bnb|hotel|hostel|refuge|bedsit)|sofa surfing"
     r"|(?:nowhere|havent anywhere|where would i even) (?:else |safe )?(?:to )?(?:go|live|stay"
     r"|sleep)|where can i (?:live|stay|sleep)"),
    ("need_money", r"no sick pay|(?:cant|cannot) afford"
     r"|(?:left (?:me|us) with|(?:i have|ive|we have|weve) (?:got )?) ?no money"
     r"|(?:havent got|dont have|have not got) (?:any )?money|cant (?:pay|afford) (?:the|my) \w+"
     r"|cant feed (?:the kids|my kids|us|them)"),
)  # fmt: skip
_TOLD = tuple(
    (need, re.compile(rf"\b{before}(?:{words})\b"))
    for before, forms in ((_WISH, _WISHED), (_FEEL, _FELT), ("", _PLAIN))
    for need, words in forms
)
ASKED_FOR = ("need", "second")
"""The questions that ask for a need, in their order."""
_STOPS = re.compile(r"[.!?;\n]+")
_LIST = re.compile(
    r"\b(?:(?:help|advice|support|someone|somebody) (?:with|about|for)"
    r"|(?:struggling|stressed|behind) (?:with|about|on)|worried about|worries are)"
    r" ((?:\w+ ?){2,12}?)(?=$| but | because | since | so i | when | he | she | they )"
)
_ROUND = frozenset(
    "a an the my our and or mostly mainly maybe probably really help advice support with about some"
    " somewhere safe to live stay i we need want it is its be think guess suppose".split()
)
"""What may stand round a need that is all somebody says."""
_NONE = frozenset("no not none nothing dont isnt arent without never".split())


def named(text: str) -> tuple[str, ...]:
    """Return the needs that an answer to "is any of these a worry?" names, in the order said.

    With a "not" in it nothing is sure, and nothing is named.
    """
    words = normalise(text)
    if _NONE & set(words.split()):
        return ()
    found = [(hit.start(), need) for need, form in NAMED if (hit := form.search(words))]
    return tuple(need for _, need in sorted(found))


def alone(words: str) -> tuple[str, ...]:
    """Return the needs that normalised words name and tell nothing else besides: "money mostly"."""
    left = words
    for _, form in NAMED:
        left = form.sub(" ", left)
    return named(words) if set(left.split()) <= _ROUND else ()


def wished(words: str) -> tuple[str, ...]:
    """Return the needs that a clause told in passing says somebody has, in the order said.

    `words` are normalised.
    """
    found = [(hit.start(), need) for need, form in _TOLD if (hit := form.search(words))]
    return tuple(dict.fromkeys(need for _, need in sorted(found)))


def several(text: str) -> tuple[str, ...]:
    """Return the needs of a list that says it is one: "help with money, my job and the kids".

    One alone is no list: it is told in passing, and may be no more than a worry of that hour.
    """
    for sentence in map(normalise, _STOPS.split(text)):
        listed = _LIST.search(sentence)
        needs = named(listed.group(1)) if listed else ()
        if len(needs) > 1 and not _NONE & set(sentence.split()):
            return needs
    return ()


def added(told: Sequence[str], known: Mapping[str, str]) -> dict[str, str]:
    """Return what needs told now add to the answers known: none takes another's place.

    The first two are those that the questions ask for; each further one is some worry.
    """
    new = [need for need in dict.fromkeys(told) if need not in map(known.get, ASKED_FOR)]
    free = [name for name in ASKED_FOR if name not in known]
    return dict(zip(free, new, strict=False)) | dict.fromkeys(new[len(free) :], "some")

# SPDX-License-Identifier: Apache-2.0
"""Does a message plainly deny the very thing that was asked about, and what else does it say?

Pure. To say no to a danger people name it, and naming it is what a screen hears: so the denial is
taken out, and what is left is heard by itself. "No but" denies nothing.
"""

from __future__ import annotations

import re

from bot.policy.answer import normalise
from bot.policy.urgency import DANGER

OVER = "danger_over"
"""The cue of a message that says, with no question open, that there is no danger now."""

_DANGER_NOW, _SUICIDE, _SAFEGUARDING = DANGER
_PARTS = re.compile(r"[.!?;:,\n\u2026]+|\s[-\u2013\u2014]+\s")
# What makes a no less than one, wherever it stands.
_LESS = re.compile(
    r"\b(?:but|unless|if|except|maybe|mabye|perhaps|possibly|probably|sometimes|almost|until|though"
    r"|although|yet|anymore|any more|not really|dont know|not sure"
    r"|not (?:right now|now|today|tonight|at the moment))\b"
)
_OH = (
    r"(?:(?:good|oh|my|for|dear|what|lol|omg|god|gods|fucks|heavens|christs|goodness|petes|pitys"
    r"|sake|lord|hell|christ|jesus|blimey|bloody|fuck) )*"
)
_NO = (
    rf"{_OH}(?:no|nope|nah|(?:of course|certainly|absolutely|definitely) not|not at all)"
    r"(?: (?:no|nope|nah|never|way|of course not|not at all))*"
)
_NOT = (
    r"(?:(?:im|i am|i was|am|ive) (?:\w+ ){0,2}?(?:not|never)"
    r"|i (?:dont|do not|would never|am never))"
)
_NOW = r"(?: (?:now|right now|here|at home|at all|at the moment))*"
_END_IT = (
    r"(?:(?:kill|hurt|harm|kill\w+|hurt\w+|harm\w+) myself|(?:end|take|end\w+|tak\w+) my (?:own )?"
    r"life|end(?:ing)? it(?: all)?|die|dying|suicide|be dead)"
)
_WAY = r"(?:thinking|think|going|planning|want|wanting|feeling|about)"
_NAMED = {
    _SUICIDE: (
        rf"{_NOT} (?:\w+ ){{0,1}}?suicidal",
        rf"{_NOT} (?:\w+ )?{_WAY}(?: (?:of|about|to))?(?: (?:{_END_IT}|doing (?:it|that)"
        r"|do (?:it|that)|it|that|like that|anything like that))"
        r"(?: (?:or anything|at all|or something))?",
    ),
    _DANGER_NOW: (
        rf"(?:im|i am|we are|were|hes|shes|theyre) not in (?:any )?danger{_NOW}",
        rf"(?:nobody|no one|noone)(?: is|s)? in (?:any )?danger{_NOW}",
        rf"(?:there is|theres|im in|in) no danger{_NOW}",
        rf"(?:im|i am|we are|were|everyone is|everyones) (?:all |quite |really )?safe{_NOW}",
        r"(?:he|she|they|hes|shes|theyre) (?:isnt|is not|arent|are not|not) (?:even )?"
        rf"(?:here|there|near me|with me|about){_NOW}",
        r"(?:hes|shes|theyre|theyve|he has|she has|they have) (?:all )?(?:gone|left)"
        r"(?: (?:now|away))?",
        rf"(?:nobody|no one|noone)(?: is|s)? (?:here|there|hurt|near){_NOW}",
    ),
    _SAFEGUARDING: (
        r"(?:nobody|no one|noone)(?: is|s)? (?:being |getting )?(?:hurt|hurting)(?: \w+)?",
    ),
}
# Said of itself after a danger was heard: what is wanted is an ordinary thing.
_ONLY = (
    r"i only (?:want|need|wanted|needed|asked for) (?:a|an|to know|to ask)"
    r"(?! (?:police|ambulance|gun|knife|person|way out))(?: \w+){1,6}"
)
# How words go on after a denial without a stop: "im not thinking of it i just asked".
_ON = re.compile(
    r"(?= (?:i (?:asked|only|want|wanted|need|said|meant|love)|im (?:asking|only|angry|furious"
    r"|cross|fed|upset)|its|what|who|why|can|please|stop|answer)\b)|$"
)


def denied(text: str, about: str) -> str | None:
    """Return what a message says beside a plain denial of `about`, None when it denies nothing.

    `about` is a danger class; a red flag asks about danger now.
    """
    return _taken_out(text, _NAMED.get(about, _NAMED[_DANGER_NOW]), _NO)


def over(text: str) -> str | None:
    """Return the rest of a message that says by itself, unasked, that there is no danger now."""
    return _taken_out(text, (*_NAMED[_DANGER_NOW], _ONLY), bare="")


def _taken_out(text: str, named: tuple[str, ...], bare: str) -> str | None:
    """Return a message without its denials, None when there are none or one is hedged."""
    if _LESS.search(normalise(text)):
        return None
    parts = [normalise(part) for part in _PARTS.split(text)]
    left = [_without(part, named, bare) for part in parts]
    if all(one is None for one in left):
        return None
    rest = (part if one is None else one for part, one in zip(parts, left, strict=True))
    return ". ".join(filter(None, rest))


def _without(words: str, named: tuple[str, ...], bare: str) -> str | None:
    """Return what follows a denial at the beginning of a part, None when it begins with none."""
    for way in [f"(?:{_NO} )?{way}" for way in named] + [bare] * bool(bare):
        found = re.match(rf"(?:{way})\b", words)
        if found and _ON.match(words, found.end()):
            return words[found.end() :].strip()
    return None

# SPDX-License-Identifier: Apache-2.0
"""Which language somebody asks for in English words: "you speak Romanian?", "I need Polish".

Pure. Where somebody is from is no wish: "a Romanian man robbed me", "he shouted in Polish".
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.policy.answer import normalise

ALSO = {"farsi": "fa", "mandarin": "zh", "cantonese": "zh"}
"""Other names of languages that the list has under one name."""

ONLY = "only_language"
"""The cue of a message that asks for a language and tells nothing else."""

_STOPS = re.compile(r"[.!?,;:\n]+")
_WHO = "i|we|you|u|they|anyone|anybody|someone|somebody|some one|person|people|who|interpreter"
_BETWEEN = (
    f"(?:(?:a|an|the|some|any|my|in|to|for|with|that|can|which|be|is|help|it|talk|talks|talking"
    f"|speak|speaks|speaking|write|woman|lady|worker|staff|translator|only|here|{_WHO}) )"
)
_AFTER = (
    r"(?: (?:language|speak|speaks|speaking|speaker|speakers|interpreter|translator|translation"
    r"|person|people|only|here|talk|man|woman|lady|somebody|someone|available|now))*"
)
_FORMS = (
    "(?:only |in |my language |language |interpreter |my language is |i am |im )?{name}{after}",
    "(?:no |yes |hello )?(?:i |we |can i |can we |could i |could we |id |please )?(?:want|need|like"
    "|prefer|have|get|got|would like|would prefer)(?: to)? {between}{{0,7}}{name}{after}",
    "(?:no |yes )?(?:do |can |could |does |will |have |is |are |has )?(?:there )?(?:"
    + _WHO
    + "|any of you|your staff|is there|do you)"
    " (?:can |just |only |all |do |still )*(?:speak|speaks|speaking|talk|know|have|got|do"
    "|understand|help|write) {between}{{0,7}}{name}{after}",
    "(?:is |are )there {between}{{0,7}}{name}{after}",
    "(?:can|could|please|speak|talk|write|chat|is (?:it|this)|answer|reply)"
    " {between}{{0,5}}{name}{after}",
)
# Alone these tell nothing beside the wish.
_ROUND = re.compile(
    r"(?:|yes|no|y|n|why|listen|language|please help|help"
    r"|(?:my )?english (?:is )?(?:not|no|very|bad|poor|little|small)"
    r"(?: (?:so|very|good|bad|poor))*|(?:i )?(?:no|not|dont|do not|cant|cannot)"
    r" (?:speak|understand|know|read|talk|good)(?: (?:good|much|very|well))* english"
    r"(?: (?:good|much|very|well))*|(?:no|little|bad|only little) english)"
)
_DENIED = re.compile(
    r"\b(?:dont|do not|not|cant|cannot|never|no) (?:\w+ )?(?:speak|want|need|know)\b"
)
_NATION = re.compile(r"(?:i am|im) \w+")


def wished(text: str, names: Mapping[str, str]) -> tuple[str, bool]:
    """Return the code of the language a message asks for, and whether it tells nothing else.

    `names` gives the code of each language by its English name in small letters; ("", False) where
    none is asked for.
    """
    found, alone, poor = "", True, False
    nation = ""
    for words in map(normalise, _STOPS.split(text)):
        code = next((names[w] for w in words.split() if w in names), "")
        if code and _NATION.fullmatch(words):
            nation = code  # where they are from, unless their English is little
        elif code and not _DENIED.search(words) and _asks(words, names, "?" in text):
            found = code
        elif _ROUND.fullmatch(words):
            poor = poor or "english" in words
        else:
            code, rest = _beside(words, names)
            found, alone, poor = found or code, alone and bool(code), poor or "english" in rest
    found = found or (nation if poor else "")
    return found, bool(found) and alone


def cues(text: str, names: Mapping[str, str]) -> tuple[str, ...]:
    """Return the cues of the language that a message asks for, none where it asks for none."""
    code, alone = wished(text, names)
    return (f"language:{code}", *([ONLY] * alone)) if code else ()


def _asks(words: str, names: Mapping[str, str], question: bool) -> bool:
    if words.startswith("they speak") and not question:
        return False  # of somebody in a story
    name = f"(?:{'|'.join(names)})"
    return any(
        re.fullmatch(form.format(name=name, between=_BETWEEN, after=_AFTER), words)
        for form in _FORMS
    )


def _beside(words: str, names: Mapping[str, str]) -> tuple[str, str]:
    """Return the language of "my english not good romanian", and what stands beside it."""
    parts = words.split()
    for at in (-1, 0):
        rest = " ".join(parts[:-1] if at else parts[1:])
        if parts[at] in names and "english" in rest and _ROUND.fullmatch(rest):
            return names[parts[at]], rest
    return "", ""

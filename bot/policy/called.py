# SPDX-License-Identifier: Apache-2.0
"""What somebody would like to be called: any name, and never one that is needed."""

from __future__ import annotations

import re

from bot.policy.answer import normalise

LONGEST, MOST = 40, 3
_BEFORE = re.compile(
    r"^\W*(?:(?:please|just|they can|you can)\s+)*(?:my name(?:['’]?s| is)|(?:call|calls) me"
    r"|i['’]?m|i am|it['’]?s|its|it is)\s+",
    re.IGNORECASE,
)
_AFTER = re.compile(r"[\s,]+please\W*$", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*\.?")
# An answer to the question, but no name; or somebody tells of somebody.
_NONE = frozenset(
    "yes yeah yep no nope nah not sure okay ok please nothing none idk dunno dont do cant wont what"
    " why who skip pass next stop help hello hi thanks thank anything any name whatever nobody he"
    " she it they him her them i me my you we us this that a the is was are and but".split()
)
# Danger, how somebody is, where, or a wish: no stranger is to greet them by it.
_TOLD = frozenset(
    "danger dangerous unsafe safe emergency police ambulance hiding hide bleeding bleed blood"
    " hurry quick quickly fast urgent hurt hurting injured dying die dead kill killed trapped stuck"
    " locked cornered scared frightened afraid terrified panicking crying shaking choking drowning"
    " alone lost sick ill drunk drugged suicidal overdose overdosed raped attacked beaten followed"
    " pregnant knife gun fire smoke weapon coming here home back outside inside upstairs downstairs"
    " now ring call talk talking somebody someone anybody anyone person human worker save send wait"
    " waiting busy whisper whispering quiet can need want wants have got get go going gone came"
    " leave leaving running run in at on to from off out under behind with".split()
)


def read(text: str) -> str:
    """Return the name somebody gives, as they write it; "" where it may be none.

    A question, a number or a sentence is none: it would be read by strangers as their name.
    """
    said = " ".join(_AFTER.sub("", _BEFORE.sub("", text.strip())).split()).strip(" ,.!\"'")
    words = said.split()
    plain = 0 < len(words) <= MOST and all(_WORD.fullmatch(word) for word in words)
    told = set(normalise(said).split()) & (_NONE | _TOLD)
    return said if plain and len(said) <= LONGEST and not told and "?" not in text else ""

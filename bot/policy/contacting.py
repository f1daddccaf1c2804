# SPDX-License-Identifier: Apache-2.0
"""Is somebody trying to be contacted by what they write, or to stop it: "can they ring me"?

Nobody who gives a number or a name that no question asked for may believe that a call is booked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.policy.answer import normalise, with_a_word_more
from bot.policy.reference import PATTERN

REFER, CALLBACK, CALLED_OFF = "refer", "ask_callback", "withdraw_consent"
NEWS = "news"
_DIGITS = frozenset(
    "zero nought one two three four five six seven eight nine double triple treble".split()
)
_BESIDE = frozenset(
    "yes yeah ok it its is the this my mobile phone number on ring call me heres here and".split()
)
# What a yes or a no to nothing is made of: "got no heating" and "no i showered" tell something.
_ALONE = frozenset(
    "y yes yeah yeh yh ye yep yup yea ya aye ok okay k sure fine right alright all correct true "
    "maybe perhaps of course definitely absolutely certainly go carry sounds good great cool i im "
    "id it its that thats he hes she shes they theyre we were n no nope nah naw nay not never "
    "none nothing dont do rather skip pass leave really want to now like need anything am have is "
    "will ill later yet much lot at the moment so think dear guess suppose see enough more fair "
    "understood noted got makes sense then me you this one thank thanks way on".split()
)
LONE = 3
"""Words up to which a yes or a no to nothing may be no more than one."""
SPOKEN, WRITTEN = 7, 9
"""How many digits, in words ("oh" is not counted) or in figures, make a telephone number."""

_NAMED = re.compile(
    r"^\W*(?:(?:my|the) name(?:'?s| is) |name'?s )\w[\w'-]+(?: [\w'-]+){0,2}\W*$", re.IGNORECASE
)
_NAME = re.compile(r"^\W*(?:(?:Mr|Mrs|Ms|Miss|Dr)\.? )?[A-Z][a-z'-]+(?: [A-Z][A-Za-z'-]+){1,2}\W*$")
# The words of an open question: what is given to it is its answer.
_QUESTIONS = (
    "opening_", "needs_ask_", "referral_", "consent_", "check_", "emergency_", "delete_",
)  # fmt: skip


_NOT_RUNG = re.compile(
    r"\b(?:not|no|dont|never|cant|cannot|wont)(?: \w+){0,3}? (?:phone|telephone|mobile|ring|rings"
    r"|call|calls|phoned|rung|called)\b"
)
_WRITTEN_TO = re.compile(
    r"^(?:(?:no|only|just|by|via|an|can they|could they|they can|please|rather|better|use|my) )*"
    r"(?:e mail|email|text|texts|message|whatsapp|post|letter)"
    r"(?: (?:me|is|would be|be|s|ok|okay|fine|safe|safer|better|best|only|instead|not|phone|by|it"
    r"|please|the|a))*$"
)
_LESS = frozenset(
    "yes yeah yep ok but home work landline before after until till when while between at unless if"
    " on".split()
)
NO_NUMBER = {"referral_ask_contact_safe": "no", "referral_ask_contact_number": "skip"}
"""What answers the questions about a number for whoever wants to be reached another way."""


def wants_no_call(asking: str, text: str) -> str:
    """Return the answer of somebody who wants no call at all: "not by phone, he checks it".

    They are asked next if another way is safe.
    """
    words = normalise(text)
    rung = _NOT_RUNG.search(words) and not _LESS & set(words.split())
    return NO_NUMBER.get(asking, "") if rung or _WRITTEN_TO.match(words) else ""


_RING = r"(?:ring|call|phone|contact|get in touch with)(?:ing)?"
_CALL = r"(?:the|my|that|this) (?:phone ?call|call(?: ?back)?|callback)"
_NOT = r"(?:dont|do not|never|no need to|stop|you cant|you cannot|(?:it isnt|its not) safe to)"
_UNWANTED = (
    r"(?:i )?(?:dont|do not|no longer) (?:want|need) "
    r"(?:(?:you|them|anyone|anybody|someone|somebody) )?"
)
_UNDO = r"(?:cancel|forget(?: about)?|stop|take back|call off|undo)"
_ASKS = r"(?:(?:i want|id like|can you|could you|can i|please) )*(?:to )?"
_CHANGED = r"(?:i have |ive |i )?changed my mind about "
_BEFORE = r"(?:(?:no|please|actually|wait|ok|okay|oh) )*"
_AFTER = (
    r"(?: (?:back|please|then|now|again|after all|any ?more|at all|instead|ever|tomorrow|today"
    r"|later|i|ive|have|changed|my|mind|it|is|its|not|isnt|safe|thanks|thank|you))*"
)
_OFF = re.compile(
    rf"{_BEFORE}(?:{_NOT} {_RING} me"
    rf"|{_UNWANTED}(?:to {_RING} me|{_CALL}|a call(?: ?back)?)"
    rf"|{_ASKS}{_UNDO} {_CALL}"
    rf"|{_CHANGED}(?:{_CALL}|being (?:rung|called)|{_RING} me)){_AFTER}"
)


_REFERENCE = re.compile(
    r"^(.*?)\b(?:(?:my |the )?(?:reference|ref)(?: number)?(?: is)? |(?<=cancel )|(?<=news ))"
    rf"({PATTERN})$"
)


_NEWS = ("news", "any news", "is there news", "is there any news", "news of", "news about")


def reference(text: str) -> str:
    """Return the reference somebody names at the end of a message, in capitals, "" for none."""
    found = _REFERENCE.match(normalise(text))
    return found.group(2).upper() if found else ""


def asks_news(text: str) -> bool:
    """Say whether words ask for news beside a reference: "news ACD347"."""
    found = _REFERENCE.match(normalise(text))
    return bool(found) and found.group(1).strip() in _NEWS


def calls_off(text: str) -> bool:
    """Say whether words take a call back: "don't ring me after all", "cancel the call".

    "Don't ring me in the morning" does not: it is about when. "Cancel" does beside a reference.
    """
    words = normalise(text)
    found = _REFERENCE.match(words)
    if not found:
        return bool(_OFF.fullmatch(words))
    before = found.group(1).strip()
    return before in ("cancel", "withdraw", "please cancel") or bool(_OFF.fullmatch(before))


def asks_something(asking: str) -> bool:
    """Say whether what was said last is a question that words may answer."""
    return asking.startswith(_QUESTIONS)


def tells_something(asking: str, text: str) -> bool:
    """Say whether a yes or a no to no question is more than that: "no, police won't do owt"."""
    words = normalise(text).split()
    return not asks_something(asking) and (len(words) > LONE or not set(words) <= _ALONE)


def wants_to_be_contacted(text: str, phrases: Mapping[str, Sequence[str]]) -> bool:
    """Say whether words mean the choice of being contacted by a service just shown."""
    return with_a_word_more(text, (REFER,), phrases) == REFER


def gives_number(text: str) -> bool:
    """Say whether a message is a telephone number and nothing else."""
    words = normalise(text).split()
    said = [word for word in words if word in _DIGITS]
    figures = sum(len(word) for word in words if word.isdigit())
    alone = all(word.isdigit() or word in _DIGITS | _BESIDE for word in words)
    return alone and (len(said) >= SPOKEN or figures >= WRITTEN)


def gives_name(text: str) -> bool:
    """Say whether a message is somebody's name and nothing else, as far as its form tells."""
    return bool(_NAMED.match(text) or _NAME.match(text))

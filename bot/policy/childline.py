# SPDX-License-Identifier: Apache-2.0
"""Who hears of Childline early, and once: whoever says an age under 18, or speaks of their school.

Pure. The words say "if you are under 19", so that an older pupil or a grown-up hears nothing wrong.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.policy.answer import normalise
from bot.policy.turn import Message

WORDS = "support_childline"
NAME, SERVICE = "Childline", "childline"
# Plainly of their own school, whoever else is spoken of.
_OWN = re.compile(
    r"\b(?:(?:in|from|of) my (?:class|form|year|school)|my (?:school|teachers?|form tutor|homework"
    r"|head of year|classmates?|headteacher|sixth form)"
    r"|(?:im|i am) in (?:year|yr|y) ?(?:[1-9]|1[0-3]))\b"
)
# A pupil's words where nobody else is spoken of.
_LIKELY = re.compile(
    r"\b(?:(?:at|to|from|after|outside|hate|skip|skipping|bunk|bunking) school"
    r"|my (?:mum|mam|mom|dad|parents) (?:dont know|doesnt know|will kill me|would kill me"
    r"|will go mad|took my phone))\b"
)
_OTHERS = frozenset("he hes him she shes her they theyre them".split())
# A parent, a teacher, or somebody who tells of long ago.
_GROWN = re.compile(
    r"\b(?:my (?:\w+ )?(?:son|daughter|kids?|child(?:ren)?|grand\w+|niece|nephew|husband|wife)"
    r"|pupils?|students?|i teach|(?:im|i am|as) a (?:\w+ )?(?:teacher|assistant|head)|at work"
    r"|years ago|when i was|used to|back then|(?:was|were) at school)\b"
)


def of_school(text: str) -> bool:
    """Say whether somebody speaks of a school as its pupil."""
    words = normalise(text)
    likely = _LIKELY.search(words) and not _OTHERS & set(words.split())
    return bool(_OWN.search(words) or likely) and not _GROWN.search(words)


def named(messages: Sequence[Message]) -> bool:
    """Say whether these messages tell of Childline."""
    cards = (card for message in messages for card in message.services)
    return any(NAME in m.text for m in messages) or any(card.id == SERVICE for card in cards)

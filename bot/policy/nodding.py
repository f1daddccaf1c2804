# SPDX-License-Identifier: Apache-2.0
"""Words that only show that somebody read or heard it: "alright", "well maybe", "i see".

Pure. To a question they may be its answer; where nothing was asked they begin nothing anew.
"""

from __future__ import annotations

import re
from dataclasses import replace

from bot.policy.answer import normalise
from bot.policy.turn import Understanding

_NOD = re.compile(
    r"(?:(?:alright|all right|right|ok|okay|k|fine|maybe|mabye|perhaps|possibly|fair enough|i see"
    r"|i guess(?: so)?|i suppose(?: so)?|guess so|suppose so|cool|sound|good|great|noted|got it"
    r"|understood|makes sense|we will see|well see|then|yeah|yes|will do)(?: |$))+"
)
# What answers "is it safe?" neither way, and tells nothing: it is asked once more.
NO_ANSWER = ("greet", "out_of_scope", "abuse_bot")
# What a model may make of them; a danger, a wish or a question stays what it is.
_MEANT = frozenset("greet affirm provide_detail out_of_scope feedback goodbye".split())


def is_nod(text: str) -> bool:
    """Say whether words are an "ok" and no more."""
    return bool(_NOD.fullmatch(normalise(text)))


def heard(text: str, as_heard: Understanding) -> Understanding:
    """Return what was heard, as no more than an "ok" where the words are no more than that."""
    worry = as_heard.action in ("interrupt", "check")
    if worry or as_heard.act not in _MEANT or not is_nod(text):
        return as_heard
    return replace(as_heard, act="affirm", topic="none")


def is_no_answer(heard: Understanding) -> bool:
    """Say whether it answers "is it safe?" neither way: "yes but im whispering" is no yes."""
    return heard.act in NO_ANSWER or (heard.act == "affirm" and heard.topic == "none")

# SPDX-License-Identifier: Apache-2.0
"""What a worker hears of the answers that a caller gave, so that nobody has to tell them again."""

from __future__ import annotations

from collections.abc import Mapping

from bot.policy.turn import Medium, Utterance
from bot.words import Words, WordsError

SPOKEN = ("who", "topic", "place", "area", "reported", "need", "access")
"""The answers that are read out, in this order.

Never how to reach the person, nor their age: who else hears a worker's telephone is not known, and
an age is shown in the console, also of who keeps the other answers back.
"""
UNSAID = ("", "skip", "none", "nothing")


def answers(words: Words, facts: Mapping[str, str]) -> str:
    """Return the answers in one sentence each, "" where none was given."""
    said = []
    for name in SPOKEN:
        answer = facts.get(name, "")
        if answer in UNSAID or (name == "area" and facts.get("place")):
            continue
        told = answer if name == "place" else _label(words, answer)
        if told:
            gap = Utterance(f"phone_staff_told_{name}", {"answer": told})
            said.append(words.message(gap, Medium.VOICE).text)
    return " ".join(said)


def _label(words: Words, answer: str) -> str:
    try:
        return words.label(answer, Medium.VOICE)
    except WordsError:
        return answer.replace("_", " ")

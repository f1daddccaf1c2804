# SPDX-License-Identifier: Apache-2.0
"""Do somebody's own words tell plainly that somebody of theirs died?"""

from __future__ import annotations

import re

from bot.policy.answer import normalise
from bot.policy.harmed import FRIEND, KIN

# A best mate is "my best" here: "mate" is taken away as a filler.
_THEIR = rf"(?:my|our) (?:\w+ ){{0,3}}?(?:{KIN}|{FRIEND}|baby|child|best)s?"
_KILLED = r"(?:was|were|got) (?:killed|murdered|(?:stabbed|beaten|kicked|shot) to death)"
# "Never came home" may be missing, and is no death.
_DIED = (
    rf"(?:died|passed away|{_KILLED}|didnt make it|did not make it|is dead|are dead"
    r"|passed(?= (?:he|she|they|after|in|last|on|when|and) |$))"
)
_DEATH = re.compile(
    rf"\b{_THEIR} (?:\w+ ){{0,2}}?{_DIED}\b"
    rf"|\b(?:killed|murdered|lost|buried|burying|cremated) {_THEIR}\b"
    rf"|\b{_THEIR}s? (?:funeral|inquest|body)\b"
    rf"|\b(?:(?:he|she) (?:{_DIED})) .*\b(?:was|is) {_THEIR}\b"
)
# "We buried him", "the funeral is on Friday": a death, where it was told whose or is plain enough.
_BURIED = re.compile(
    r"\b(?:we|i) (?:buried|lost|cremated) (?:him|her|them)\b"
    r"|\b(?:his|her|the) (?:funerals?|inquest|post mortem|body)\b"
)
_NEARLY = re.compile(r"\b(?:nearly|almost|could|couldve|might|if|thought|not)\b")
_BY_CRIME = re.compile(
    rf"\b{_THEIR} (?:\w+ ){{0,2}}?{_KILLED}\b|\b(?:killed|murdered) {_THEIR}\b"
)
_HURT_TOO = re.compile(r"\bi (?:was|got) (?:\w+ )?(?:hurt|hit|injured|stabbed|attacked|in the)\b")


def tells(text: str) -> bool:
    """Say whether these words tell plainly that somebody of theirs died."""
    words = normalise(text)
    return bool(_DEATH.search(words)) and not _NEARLY.search(words)


def buried(text: str) -> bool:
    """Say whether they tell of it as one does who was told of already: "we buried him"."""
    words = normalise(text)
    return bool(_BURIED.search(words)) and not _NEARLY.search(words)


def by_crime(text: str) -> bool:
    """Say whether help is for who lost somebody by a crime, and was not hurt as well.

    Whoever died of age before a burglary is not what it is about.
    """
    words = normalise(text)
    killed = _BY_CRIME.search(words) and not _NEARLY.search(words)
    return bool(killed) and not _HURT_TOO.search(words)

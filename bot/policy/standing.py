# SPDX-License-Identifier: Apache-2.0
"""What is said while a suicide hit stands: until a plain no, carry on, or a worker.

Pure. Whoever took something hears of 999 first, in few words and with no "if".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from bot.policy.age import BANDS
from bot.policy.answer import normalise
from bot.policy.passing import OTHERS
from bot.policy.urgency import DANGER, SUICIDE

MARRIAGE = "honour_based_abuse"
TAKEN = "took_something"
"""The cue of a message that says, of oneself, that something was swallowed."""
ROUND = ("emergency_suicide_with_you", "emergency_suicide_with_you_text",
         "emergency_suicide_with_you_on")  # fmt: skip
"""Said in turn, so that the same words come at most once in three messages."""
# What these do is done at once, or answered, also while a hit stands.
LED = ("provide_detail", "disclose", "distress", "greet", "affirm", "out_of_scope",
       "cannot_speak")  # fmt: skip
# What is heard out in danger where nobody is there to ring 999 for them.
TELLS_OR_ASKS = ("disclose", "distress", "ask_information", "ask_service")

_PILLS = (
    r"(?:(?:sleeping |heart |water )?(?:pills?|tablets?|tabs)|paracetamols?|ibuprofen|co codamol"
    r"|codeine|morphine|insulin|aspirins?|painkillers|antidepressants|overdose|bleach|antifreeze)"
)
_TOOK = r"(?:took|taken|swallowed|necked|downed|overdosed on)"
_I = r"(?:i|ive|i have|yes|yeah|yh|yep|just|already)"
_TAKEN = re.compile(
    rf"(?:^|(?<!if )\b{_I} ){_TOOK} (?:(?:\w+ ){{0,5}}?{_PILLS}\b"
    r"|(?:all|(?:them|em|it)(?: all)?)(?= (?:\w+ ){0,3}ago\b| (?:just )?now\b| already\b|$)"
    r"|(?:all of (?:them|it)|the lot|too many)(?= |$))"
    r"|\b(?:ive|i|i have) (?:just )?(?:overdosed|od d|oded)\b"
)
_NOT_THIS = re.compile(
    r"\b(?:19\d\d|20\d\d|twenty \w+(?:een|elve)|when i was|in the past)\b"
    r"|\b(?:years?|weeks?|months?|days?) ago|\b(?:last|prescri\w+|chemist|pharmacy|vitamins?"
    r"|used to|off me|from me|headache|as usual|like i should|to school|to the|back to)\b"
)


def took(text: str) -> bool:
    """Say whether a message says that this person took something just now."""
    words = normalise(text)
    return bool(_TAKEN.search(words)) and not _NOT_THIS.search(words)


def led(act: str) -> bool:
    """Say whether a message that does this is answered by the hit that stands."""
    return act in LED


def following(stands: int) -> int:
    """Return which of the round's words comes after these."""
    return stands % len(ROUND) + 1


def hit_words(
    about: str, kind: str, *, first: bool, asked: bool, address: int, taken: bool, told: bool,
    hits: Collection[str],
) -> list[str]:  # fmt: skip
    """Return the names of what is said to a hit. A new danger gets its own words in full.

    Nobody is asked again whether they would end their life who has just said so (`asked`: that
    very question was open). `taken`: something was; `told`: it was said before.
    """
    if about == SUICIDE and taken and about in hits:
        again = ["emergency_suicide_taken_again"]
        return again if told else ["emergency_suicide_taken", "emergency_suicide_taken_next"]
    begins = ["emergency_suicide_taken"] * (about == SUICIDE and taken)
    if about == SUICIDE and not (first and not asked):
        return [*begins, "emergency_suicide_stay"]
    if first:
        return [*begins, f"emergency_{kind}", f"emergency_{kind}_next"]
    goes_on = about == DANGER[0] and address  # nothing was said of it since
    return [f"emergency_{kind}"] * (not goes_on) + [f"emergency_{kind}_noted"]


def for_them(names: Sequence[str], topic: str, known: Mapping[str, str]) -> list[str]:
    """Return the words of a hit with those that only some people need, each after what it adds to.

    `known` is what they told of themselves; an age that nobody told may be a young one.
    """
    asks_for_other = known.get("who") in OTHERS
    added = {
        "emergency_suicide": "child" if known.get("age_band") not in BANDS[-2:] else "",
        "emergency_safeguarding": "marriage" if topic == MARRIAGE and asks_for_other else "",
    }
    each = ((name, f"{name}_{added[name]}" if added.get(name) else "") for name in names)
    return [name for pair in each for name in pair if name]

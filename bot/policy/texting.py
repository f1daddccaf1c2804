# SPDX-License-Identifier: Apache-2.0
"""What a text message that comes in is answered with: one short text of ours, or none.

Texts stay on the telephone, where others may read them, and no person can answer by text: so
nobody is led through questions here. A text is heard as any turn is; what goes back is emergency
words, one question about danger, or how to talk with us.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.policy.turn import State

LONGEST = 306
"""Characters of an answer: two parts of a text message (each 153), and never more."""
PER_HOUR = 10
"""Answers to one number in an hour [J]; danger is always answered."""


class Wish(StrEnum):
    """What a text asks of the line itself. The words are those that Twilio knows too."""

    STOP = "stop"
    START = "start"
    NONE = "none"


STOP = frozenset("stop stopall unsubscribe cancel end quit optout revoke".split())
START = frozenset("start unstop".split())


def wish(text: str) -> Wish:
    """Return what a text asks of the line. A "yes" is none: it may answer a question of ours."""
    word = "".join(c for c in text.casefold() if c.isalnum())
    if word in STOP:
        return Wish.STOP
    if word in START:
        return Wish.START
    return Wish.NONE


def taken(worry: bool, stopped: bool, in_the_hour: int) -> bool:
    """Say whether a text is heard at all: one that may be of danger always is.

    `worry`: it is of danger, may be, or answers our question about it.
    """
    return worry or (not stopped and in_the_hour <= PER_HOUR)


def goes(name: str, asked: bool, stopped: bool) -> bool:
    """Say whether an answer goes back.

    Whoever wrote STOP gets nothing; but who writes of danger for certain, or answers our question
    about it (`asked`), wishes to be answered now, and is never left without words.
    """
    return not stopped or asked or name in EMERGENCY


@dataclass(frozen=True)
class Texted:
    """What came of a text. `danger`: the danger class heard in it, "" for none; `names`: what the
    turn was answered with; `asks`: the one of them that asks; `first`: nothing came before it;
    `kept`: the text is in the store, so that a worker sees it."""

    danger: str = ""
    names: Sequence[str] = ()
    asks: str = ""
    state: State = State.ASSISTANT
    first: bool = False
    kept: bool = True

    def says(self, start: str) -> bool:
        """Say whether something was said whose name begins so."""
        return any(name.startswith(start) for name in self.names)

    def checks(self, about: str = "") -> bool:
        """Say whether one question about danger is open, and about this."""
        return self.asks.startswith("check_") and about in self.asks


# The first row that fits.
ROWS: tuple[tuple[str, Callable[[Texted], bool]], ...] = (
    ("text_danger_unkept", lambda t: not t.kept and t.danger == "immediate_danger"),
    ("text_suicide_unkept", lambda t: not t.kept and t.danger == "suicide_risk"),
    ("text_safeguarding_unkept", lambda t: not t.kept and t.danger == "safeguarding"),
    ("text_taken", lambda t: t.says("emergency_suicide_taken")),
    ("text_danger", lambda t: t.danger == "immediate_danger" or t.says("emergency_immediate")),
    ("text_suicide", lambda t: t.danger == "suicide_risk" or t.says("emergency_suicide")),
    (
        "text_safeguarding",
        lambda t: t.danger == "safeguarding" or t.says("emergency_safeguarding"),
    ),
    ("text_check_suicide", lambda t: t.checks("suicide")),
    ("text_check_safeguarding", lambda t: t.checks("safeguarding")),
    ("text_check", lambda t: t.checks()),
    ("text_person", lambda t: t.state in (State.WAITING, State.STAFF) or t.says("person_")),
    ("text_not_safe", lambda t: t.says("not_safe")),
    ("text_first", lambda t: t.first),
    ("text_again", lambda t: True),
)
EMERGENCY = ("text_taken",) + tuple(
    f"text_{danger}{kept}"
    for danger in ("danger", "suicide", "safeguarding")
    for kept in ("", "_unkept")
)
"""The answers that nothing keeps back."""
ASK = ("text_suicide", "text_check_suicide", "text_check_safeguarding", "text_check")
"""The answers that ask: whatever else the story asks about danger was not read by anybody."""


def answer(texted: Texted) -> str:
    """Return the name of the one text that goes back."""
    return next(name for name, fits in ROWS if fits(texted))

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


def answered(danger: bool, stopped: bool, in_the_hour: int) -> bool:
    """Say whether a text is taken and gets an answer at all.

    Whoever wrote STOP gets nothing, and a flood gets no flood back; but who writes of danger, or
    answers our question about it, wishes to be answered now, and is never left without words.
    """
    return danger or (not stopped and in_the_hour <= PER_HOUR)


@dataclass(frozen=True)
class Texted:
    """What came of a text. `danger`: the danger class heard in it, "" for none; `names`: what the
    turn was answered with; `asks`: the one of them that asks; `first`: nothing came before it."""

    danger: str = ""
    names: Sequence[str] = ()
    asks: str = ""
    state: State = State.ASSISTANT
    first: bool = False

    def says(self, start: str) -> bool:
        """Say whether something was said whose name begins so."""
        return any(name.startswith(start) for name in self.names)

    def checks(self, about: str = "") -> bool:
        """Say whether one question about danger is open, and about this."""
        return self.asks.startswith("check_") and about in self.asks


# The first row that fits.
ROWS: tuple[tuple[str, Callable[[Texted], bool]], ...] = (
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


def answer(texted: Texted) -> str:
    """Return the name of the one text that goes back."""
    return next(name for name, fits in ROWS if fits(texted))

# SPDX-License-Identifier: Apache-2.0
"""What happens next with one turn: a table read from the top, the first row that fits wins.

Pure. The screen only raises: no row below a hit can undo it (design, section 5, rules 1 to 3).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.policy.turn import State, Understanding
from bot.policy.urgency import DANGER


class Step(StrEnum):
    """What the edge does with a turn."""

    HIT = "hit"
    CHECK = "check"
    CHECK_AGAIN = "check_again"
    UNSURE = "unsure"
    CLEARED = "cleared"
    NOT_MEANT = "not_meant"
    TO_STAFF = "to_staff"
    PERSON = "person"
    NOT_SAFE = "not_safe"
    SAFE = "safe"
    REPEAT = "repeat"
    EXIT = "exit"
    TALK = "talk"


@dataclass(frozen=True)
class Asked:
    """What was on the table when the turn came.

    `check`: the danger class or red flag being asked about, "" when none. `opening`: the first
    question is still open. `again`: the check was already put a second time. `cleared`: classes
    and flags that a check was answered about with no. `hits`: classes heard so far.
    """

    check: str = ""
    cue: str = ""
    opening: bool = False
    again: bool = False
    cleared: tuple[str, ...] = ()
    hits: tuple[str, ...] = ()


@dataclass(frozen=True)
class Next:
    """The step, and the danger class or red flag it is about ("" when about none)."""

    step: Step
    about: str = ""
    cue: str = ""


def next_step(state: State, asked: Asked, answer: str, heard: Understanding) -> Next:
    """Return what happens with a turn.

    `answer` is the key of the choice that the turn picked, "" when it picked none.
    """
    flag = next((c for c in heard.cues if c.startswith("flag:")), "")
    if heard.action == "interrupt":
        return Next(Step.HIT, heard.urgency)
    if asked.check and answer == "yes":
        return Next(Step.HIT, asked.check if asked.check in DANGER else "immediate_danger")
    if heard.action == "check" and not _settled(heard, flag, asked):
        about = heard.urgency if heard.urgency in DANGER else "red_flag"
        if state is State.STAFF:
            return Next(Step.TO_STAFF, about, flag)
        # Asked once already and the answer is itself a worry: unknown is never safe.
        step = Step.UNSURE if about == asked.check else Step.CHECK
        return Next(step, about, flag)
    if state is State.STAFF:
        return Next(Step.TO_STAFF)
    if answer == "person" or (not answer and heard.act == "ask_human"):
        return Next(Step.PERSON)
    if asked.check and answer == "not_sure":
        return Next(Step.UNSURE, asked.check)
    if asked.check and answer == "no":
        return Next(Step.CLEARED, asked.check, asked.cue)
    if not answer and heard.act == "exit_now":
        return Next(Step.EXIT)
    if asked.hits and not answer and "not_meant" in heard.cues:
        return Next(Step.NOT_MEANT)
    if asked.check:
        return Next(Step.UNSURE if asked.again else Step.CHECK_AGAIN, asked.check, asked.cue)
    if asked.opening and answer in ("no", "not_sure"):
        return Next(Step.NOT_SAFE)
    if asked.opening and answer == "yes":
        return Next(Step.SAFE)
    if answer == "repeat" or (not answer and heard.act == "repeat"):
        return Next(Step.REPEAT)
    return Next(Step.TALK)


def _settled(heard: Understanding, flag: str, asked: Asked) -> bool:
    """Say whether this very check was put and answered: asked twice, a person feels unheard."""
    return (flag or heard.urgency) in asked.cleared


# What Rasa is told, so that it closes the form and chooses what follows; it never repeats the words.
INTENTS = {
    "immediate_danger": "immediate",
    "suicide_risk": "suicide",
    "safeguarding": "safeguarding",
    "red_flag": "red_flag",
}


def intent(step: Next, answer: str, heard: Understanding) -> str:
    """Return the intent under which Rasa hears this turn."""
    if step.step is Step.HIT:
        return f"danger_{INTENTS[step.about]}"
    if step.step in (Step.CHECK, Step.CHECK_AGAIN, Step.UNSURE):
        return f"check_{INTENTS[step.about]}"
    fixed = {
        Step.CLEARED: "check_cleared",
        Step.SAFE: "begin",
        Step.NOT_SAFE: "exit_now",
        Step.PERSON: "ask_human",
        Step.EXIT: "exit_now",
        Step.REPEAT: "repeat",
    }
    if step.step in fixed:
        return fixed[step.step]
    return "choose" if answer else heard.act

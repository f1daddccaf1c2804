# SPDX-License-Identifier: Apache-2.0
"""What Rasa is told of a turn, so that it closes a form and chooses what follows.

Pure. What is said to danger was said by the edge: its intents say nothing more.
"""

from __future__ import annotations

from bot.policy.steps import ASKS_BESIDE, INTENTS, Next, Step
from bot.policy.turn import Understanding


def choice(step: Next, answer: str) -> str:
    """Return the choice under which Rasa hears this turn."""
    return "carry_on" if step.step is Step.CARRY_ON else answer


def intent(step: Next, answer: str, heard: Understanding) -> str:
    """Return the intent under which Rasa hears this turn."""
    if step.step is Step.HIT:
        return f"danger_{INTENTS[step.about]}"
    if step.step is Step.CLEARED and ASKS_BESIDE in heard.cues:
        return "ask_information"  # asked beside the no: answered, not passed over
    if step.step in (Step.CHECK, Step.CHECK_AGAIN, Step.UNSURE, Step.WORRIED):
        return f"check_{INTENTS[step.about]}"
    fixed = {
        Step.CLEARED: "check_cleared",
        Step.SAFE: "begin",
        Step.ASK_SAFE: "repeat",
        Step.NOT_SAFE: "exit_now",
        Step.LANGUAGE: "exit_now",  # closes what is open, keeps the words, says nothing
        Step.PERSON: "ask_human",
        Step.EXIT: "exit_now",
        Step.TAKEN_BACK: "exit_now",
        Step.ASK_OFF: "repeat",
        Step.KEPT: "repeat",
        Step.REPEAT: "repeat",
        Step.STAY: "repeat",
        Step.WITH_YOU: "repeat",
        Step.NOTED: "repeat",
        Step.NOT_MEANT: "repeat",
        Step.PLACE: "repeat",
        Step.NO_WAIT: "repeat",
        Step.CARRY_ON: "choose",
    }
    if step.step in fixed:
        return fixed[step.step]
    return "choose" if answer else heard.act

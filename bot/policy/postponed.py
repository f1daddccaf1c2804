# SPDX-License-Identifier: Apache-2.0
"""What somebody asks beside a danger, or to the gentle question about one: it waits for the answer
to that question, and no more.

Pure. The question is kept with its words, so that nobody has to ask it again. What they may not
want any more waits as well: the edge asks about it itself, and the assistant says nothing to it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.policy.answer import normalise
from bot.policy.information import Answer, asks_which_service, by_words, is_question
from bot.policy.steps import Next, Step
from bot.policy.turn import Understanding
from bot.policy.urgency import SUICIDE

INFORMATION, SERVICE = "ask_information", "ask_service"
TAKE_BACK, SILENT = "take_back", "repeat"
CARRY_ON = "carry_on"
COME_BACK = "come_back"
"""Going on after a code was used: whoever holds it is told nothing of what was heard before."""
_WHAT_TO_DO = re.compile(r"\bwhat (?:do|can|should|could|would) (?:i|we) do\b(?! to)")
_WORRIED = (Step.HIT, Step.CHECK, Step.CHECK_AGAIN, Step.UNSURE, Step.WORRIED)
_OF_SUICIDE = (Step.CHECK, Step.CHECK_AGAIN, Step.UNSURE)
# Wishes that wait too, where the gentle question was met with them.
WISHES = ("ask_callback", "ask_privacy", "ask_code")
# After these something else is talked about, or the question was answered.
_OVER = (Step.CLEARED, Step.TALK, Step.SAFE, Step.CARRY_ON, Step.EXIT, Step.TO_STAFF)


def asked(
    text: str, heard: Understanding, known: str, answers: Sequence[Answer], check: str = ""
) -> tuple[str, ...]:
    """Return the act of a question that is asked beside a danger, and its words; () for none.

    `check` is the danger that is being asked about, "" for none.
    """
    if heard.action not in ("interrupt", "check") and not check:
        return ()
    asks = heard.act in (INFORMATION, SERVICE) or is_question(text)
    if asks and by_words(text, known if known != "none" else heard.topic, answers):
        return INFORMATION, text
    if heard.act == SERVICE or asks_which_service(text) or _WHAT_TO_DO.search(normalise(text)):
        return SERVICE, text
    if check and heard.act in WISHES:
        return heard.act, text
    return (INFORMATION, text) if heard.act == INFORMATION else ()


def kept(
    before: Sequence[str], now: Sequence[str], step: Next, due: Sequence[str] = ()
) -> list[str]:
    """Return the question that waits after a step; of who may end their life none does.

    `due`: what this very turn answers; what the edge asks itself is let go when it was asked.
    """
    if step.step in _WORRIED and now:
        return list(now) if step.about != SUICIDE or step.step in _OF_SUICIDE else []
    return [] if step.step in _OVER and SILENT not in due else list(before)


def goes_on(choice: str, back: bool) -> str:
    """Return the choice under which the assistant hears who goes on, with a code or without.

    `back`: they came by a code and the assistant has not forgotten yet what was told before it:
    it does at the first turn that it hears, whatever is chosen or said in it.
    """
    if not back:
        return choice
    return COME_BACK if choice in ("", CARRY_ON) else f"{COME_BACK}:{choice}"


def answered(waiting: Sequence[str], step: Next, answer: str) -> tuple[str, ...]:
    """Return the question that is answered now: nobody is in danger, or they want to carry on."""
    over = step.step is Step.CLEARED or (step.step is Step.TALK and answer == CARRY_ON)
    if over and waiting[:1] == [TAKE_BACK]:
        return SILENT, ""
    return tuple(waiting) if over else ()

# SPDX-License-Identifier: Apache-2.0
"""Calming exercises, one step a message: what is offered, to whom, and what stays where it is.

Pure. The next step is only ever said when it is asked for. The step somebody is at is in what is
on offer to them, so it lasts as long as their conversation.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.policy.answer import normalise
from bot.policy.turn import Understanding

ACT = "exercise"
"""The act of whoever is in the middle of one."""
BEGINS, HERE, AFTER = "calm_", "_here", "calm_after"
MENU, CHOOSE = "calm", "calm_choose"
"""The choice that asks for the menu, and the menu's own name."""
STOP = "stop"
# What somebody says in the middle of one that is about it: what they see, "ok", a single word.
_ABOUT_IT = frozenset("provide_detail out_of_scope affirm deny greet thank feedback".split())
LONGEST = 12
"""Words up to which a message in the middle of an exercise is about it, and tells nothing."""


@dataclass(frozen=True)
class Exercise:
    """One exercise. `never_after`: red flags after which it is not offered."""

    id: str
    steps: int
    meant_for: str
    not_for: str
    source: str
    valid_at: str
    review_by: date
    never_after: tuple[str, ...] = ()

    @property
    def first(self) -> str:
        """Return the name of its first step, which is also the choice that begins it."""
        return f"{BEGINS}{self.id}_1"

    def step(self, number: int) -> str:
        """Return the name of a step; past the last one, of what comes after."""
        return f"{BEGINS}{self.id}_{number}" if number <= self.steps else AFTER


def is_step(name: str) -> bool:
    """Say whether words are a step of an exercise."""
    begun, _, number = name.removesuffix(HERE).rpartition("_")
    return begun.startswith(BEGINS) and number.isdigit()


_ASKS = re.compile(
    r"^(?:(?:can|could|may) (?:i|we|you) (?:have|do|try|get|give me|show me)"
    r"|i (?:want|need)(?: to)?(?: do| try)?|i would like|id like|lets(?: do| try)?"
    r"|let me(?: do| try)?|give me|show me|try|do) "
)
_NAMES = (
    ("breathing", r"(?:slow |deep )?(?:breath|breaths|breathing|breathe)"),
    ("water", r"cold water"),
    ("feet", r"feet on (?:the )?(?:floor|ground)"),
    ("grounding", r"(?:look|looking) (?:a)?round(?: me)?"),
    ("naming", r"name where i am"),
)
_WHICH = tuple(
    (name, re.compile(rf"(?:the |a |an )?(?:{form})(?: (?:exercise|one|thing))?(?: again)?"))
    for name, form in _NAMES
)
_GENERAL = re.compile(
    r"(?:an |a |the |another |some |one more |more |other |different )*(?:exercises?|calm|calming"
    r"|calm down|be calm(?:er)?|feel calm(?:er)?|breathing exercises)"
)
_OTHER = re.compile(
    r"(?:no )?(?:(?:can i have |try |do |i want |give me )?(?:another|other|(?:a )?different)"
    r"(?: (?:one|exercise))?|not (?:that|this)(?: one)?|the next exercise|something else)"
)


def wished(text: str, asking: str, every: Sequence[Exercise], flags: Collection[str]) -> str:
    """Return the choice that a plain wish for an exercise picks wherever it is said, "" for none.

    The one on breath is named only to whoever has had the words on whom it is not for; others get
    the menu, which says them.
    """
    words = _ASKS.sub("", normalise(text))
    fit = [one for one in every if not {f"flag:{flag}" for flag in one.never_after} & set(flags)]
    if is_step(asking) and _OTHER.fullmatch(normalise(text)):
        at = next((n for n, one in enumerate(fit) if asking.startswith(f"{BEGINS}{one.id}_")), -1)
        after = [one for one in (*fit[at + 1 :], *fit) if "breath" not in one.id]
        return after[0].first if after else MENU
    if asking == CHOOSE and _OTHER.fullmatch(normalise(text)):
        return MENU
    named = next((name for name, form in _WHICH if form.fullmatch(words)), "")
    told = asking == CHOOSE or is_step(asking)
    if first := next((one.first for one in fit if one.id == named), ""):
        return MENU if named == "breathing" and not told else first
    return MENU if named or _GENERAL.fullmatch(words) else ""


def stays(asking: str, text: str, heard: Understanding) -> tuple[str, Understanding] | None:
    """Return where somebody stays who says what they see or hear at a step, None elsewhere.

    Danger goes first; whatever tells what happened, asks or wishes something is answered as ever.
    What few words at a step are about is a guess, and is not taken for a topic.
    """
    danger = heard.action in ("interrupt", "check")
    if danger or not is_step(asking) or len(text.split()) > LONGEST:
        return None
    if heard.act not in _ABOUT_IT or "?" in text:
        return None
    return asking.removesuffix(HERE) + HERE, replace(heard, act=ACT, topic="none")

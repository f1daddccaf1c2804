# SPDX-License-Identifier: Apache-2.0
"""What is done about one message: the table that turns what was heard into urgency and action.

Pure. Two thresholds (design, section 5, rule 3): `interrupt` is precise, `check` misses nothing.
Rules or model: whichever hears more wins, and what was heard before can only raise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.policy.urgency import DANGER, ORDER, SUICIDE, higher


@dataclass(frozen=True)
class Thresholds:
    """Probabilities of any danger at which the model alone is acted on.

    `check_raised` counts instead of `check` after danger was heard or asked about; below `lean` the
    model disagrees with a rule, whose interrupt then becomes a question. A red flag already
    leads to a question about danger now, so beside one it takes `flagged` to name a danger class.
    Of a few words (an answer, mostly) the model knows little unless it is sure: they count from
    `short`, and interrupt by the model alone from `short_interrupt` ("the door", as what somebody
    looks at, would else be met with emergency words). What it takes to be about nothing that
    happened to anybody counts from `idle`.
    `alike` and `alike_raised` are no probabilities: so much must words sound like a danger phrase.
    Below `doubt` the model's own danger is one that words may have been garbled into.
    Suicide in what it takes for a plain detail ("feeling safe, that one") counts from `told`.
    """

    interrupt: float = 0.9
    check: float = 0.4
    check_raised: float = 0.25
    lean: float = 0.15
    flagged: float = 0.45
    short: float = 0.5
    short_interrupt: float = 0.97
    idle: float = 0.4
    alike: float = 0.8
    alike_raised: float = 0.75
    doubt: float = 0.6
    told: float = 0.4


@dataclass(frozen=True)
class RuleHit:
    """What one rule asks for: a danger class, a red flag or neither."""

    name: str
    action: str
    urgency: str = ""
    flag: str = ""


@dataclass(frozen=True)
class Alike:
    """What words of a caller sound like: the phrase, how alike (0 to 1), its class or red flag."""

    name: str
    likeness: float
    urgency: str
    flag: str = ""


@dataclass(frozen=True)
class Verdict:
    """What is done, for which class; `cues` say why, in the order they counted."""

    urgency: str
    action: str
    confidence: float
    cues: tuple[str, ...]


ALSO = "also:"
"""Before a second danger class heard in the same message, in the cues."""

MISHEARD = "sounds:"
"""Before the phrase that a caller's words sound like, in the cues."""

_CERTAINTY = {"interrupt": 0.8, "check": 0.6, "sounds": 0.5}
"""How often a rule of this kind was right on the training sentences, rounded down. A quarter of
those were written to look like what they are not, so in real use it is right more often."""


def decide(
    probabilities: Mapping[str, float] | None,
    hits: Sequence[RuleHit],
    thresholds: Thresholds,
    raised: bool = False,
    short: bool = False,
    idle: bool = False,
    alike: Alike | None = None,
    unclear: bool = False,
    told: bool = False,
) -> Verdict:
    """Return what is done about a message. `probabilities` is None when there is no model.

    Where the table says check, `raised`, `short` and `idle` move it (see Thresholds). `alike` is
    the danger phrase that a caller's words sound like, `unclear` that the recogniser was not sure.
    `told`: it is a plain detail.

    | rules               | model                     | action    | urgency                       |
    |---------------------|---------------------------|-----------|-------------------------------|
    | interrupt           | danger >= lean, or none   | interrupt | the rule's                    |
    | any                 | danger >= interrupt       | interrupt | the likeliest danger class    |
    | check or interrupt  | any                       | check     | the rule's                    |
    | a red flag          | danger < flagged          | check     | high                          |
    | sounds alike        | danger < doubt            | check     | the phrase's, if as urgent    |
    | any                 | danger >= check           | check     | the likeliest danger class    |
    | lean                | danger >= lean, or none   | check     | the rule's                    |
    | any, when raised    | danger >= check_raised    | check     | the likeliest danger class    |
    | a red flag          | none                      | check     | high                          |
    | sounds alike        | any                       | check     | the phrase's, or high: a flag |
    | alike_raised        | danger >= lean, or unclear| check     | the phrase's, or high: a flag |
    | none                | below check: high         | note      | high                          |
    | none                | below check: the rest     | none      | standard or none              |

    An interrupt for danger now or for suicide names the other of the two as well, `also:<class>`,
    when a rule interrupts for it or the model finds it at `flagged` by itself.
    """
    danger = sum(probabilities[c] for c in DANGER) if probabilities else 0.0
    likely = max(DANGER, key=lambda c: probabilities[c]) if probabilities else ""
    cues = tuple(f"rule:{h.name}" for h in hits)
    flags = tuple(dict.fromkeys(f"flag:{h.flag}" for h in hits if h.flag))
    least = thresholds.short if short else 0.0

    def verdict(urgency: str, action: str, certainty: float, *why: str) -> Verdict:
        return Verdict(urgency, action, round(certainty, 3), (*flags, *cues, *why))

    agreed = probabilities is None or danger >= thresholds.lean
    ruled = _worst(hits, "interrupt")
    if ruled and agreed:
        also = _also(ruled, hits, probabilities, thresholds)
        return verdict(ruled, "interrupt", max(danger, _CERTAINTY["interrupt"]), *also)
    if danger >= (thresholds.short_interrupt if short else thresholds.interrupt):
        also = _also(likely, hits, probabilities, thresholds)
        return verdict(likely, "interrupt", danger, f"model:{likely}", *also)
    ruled = _worst(hits, "interrupt", "check")
    if ruled:
        return verdict(ruled, "check", max(danger, _CERTAINTY["check"]))
    if flags and probabilities and danger < thresholds.flagged:
        return verdict("high", "check", max(probabilities["high"], _CERTAINTY["check"]))
    garbled = _garbled(alike, hits, likely, danger, thresholds)
    start = max(thresholds.check, least, thresholds.idle if idle else 0.0)
    plain_detail = told and likely == SUICIDE and not raised
    start = max(start, thresholds.told if plain_detail else 0.0)
    if probabilities and not garbled and danger >= start:
        return verdict(likely, "check", danger, f"model:{likely}")
    ruled = _worst(hits, "lean")
    if ruled and agreed:
        return verdict(ruled, "check", max(danger, thresholds.lean))
    doubted = raised and not garbled
    if probabilities and doubted and danger >= max(thresholds.check_raised, least):
        return verdict(likely, "check", danger, f"model:{likely}")
    if flags:
        return verdict("high", "check", _CERTAINTY["check"])
    less = unclear or danger >= thresholds.lean
    enough = thresholds.alike_raised if less else thresholds.alike
    return verdict(*_misheard_or_calm(alike, enough, probabilities, hits))


def _garbled(
    alike: Alike | None,
    hits: Sequence[RuleHit],
    likely: str,
    danger: float,
    thresholds: Thresholds,
) -> bool:
    """Say whether words sound clearly like a danger as urgent as the one the model only doubts."""
    plain = any(h.flag or h.urgency in DANGER for h in hits)
    if not alike or not likely or plain or danger >= thresholds.doubt:
        return False
    as_urgent = higher(alike.urgency, likely) == alike.urgency
    return as_urgent and alike.likeness >= thresholds.alike


def _also(
    first: str,
    hits: Sequence[RuleHit],
    probabilities: Mapping[str, float] | None,
    thresholds: Thresholds,
) -> tuple[str, ...]:
    """Return the cue for a second danger beside the first: staff and person hear of both."""
    both = DANGER[:2]
    second = next((c for c in both if c != first), "") if first in both else ""
    ruled = any(h.urgency == second and h.action == "interrupt" for h in hits)
    found = probabilities is not None and probabilities.get(second, 0.0) >= thresholds.flagged
    return (ALSO + second,) if second and (ruled or found) else ()


def _misheard_or_calm(
    alike: Alike | None,
    enough: float,
    probabilities: Mapping[str, float] | None,
    hits: Sequence[RuleHit],
) -> tuple[str, str, float, *tuple[str, ...]]:
    """Return urgency, action, certainty and cues where the words as written are no danger."""
    if alike and alike.likeness >= enough:
        flag = (f"flag:{alike.flag}",) * bool(alike.flag)
        return alike.urgency, "check", _CERTAINTY["sounds"], *flag, MISHEARD + alike.name
    calm, certainty = _calm(probabilities, hits)
    return calm, "note" if calm == "high" else "none", certainty


def _calm(probabilities: Mapping[str, float] | None, hits: Sequence[RuleHit]) -> tuple[str, float]:
    """Return the likeliest urgency that is no danger; without a model, what a rule names."""
    rest = ORDER[len(DANGER) :]
    if probabilities is not None:
        calm = max(rest, key=lambda c: probabilities[c])
        return calm, probabilities[calm]
    named = [h.urgency for h in hits if h.urgency in rest]
    return min(named, key=ORDER.index) if named else "none", 0.5


def misheard(cues: Sequence[str]) -> bool:
    """Say whether a caller's words only sound like danger: they are asked in words that say so."""
    return any(cue.startswith(MISHEARD) for cue in cues)


def _worst(hits: Sequence[RuleHit], *actions: str) -> str:
    """Return the most urgent danger class that a rule of these actions names, "" for none."""
    found = [h.urgency for h in hits if h.action in actions and h.urgency in DANGER]
    return min(found, key=ORDER.index) if found else ""

# SPDX-License-Identifier: Apache-2.0
"""What a turn settles beside its meaning: what is told in passing, or answered beside a
question back, and a question left out.

Pure. A question whose answer is known is not asked, and one left out is not put again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from bot.assistant.meaning import (
    NUMBER_ASKED,
    SAFE_ASKED,
    SILENT,
    UNHEARD,
    UNMET,
    Turn,
    safe_number,
)
from bot.policy import exercise, needs, out_of_turn
from bot.policy.age import BANDS, LITTLE, UNDER_18, number_in
from bot.policy.answer import normalise
from bot.policy.correcting import corrected
from bot.policy.needs_told import ASKED_FOR, added, named
from bot.policy.passing import OTHERS, OWN, own_years, their_age, told
from bot.policy.places import Areas
from bot.policy.questions import AGREES, ASIDES, CALLED, CONTACT, OF_A_CALL, SKIP, WRITTEN
from bot.policy.turn import Medium

NEEDS = "needs_"
GENTLY_ASKED = "check_"
"""A doubt about danger is asked about first; the answer that came with it stands."""
WHO_ASKS, AGE_ASKED = "needs_who", "needs_age_band"

HEARD = ("heard", f"{NEEDS}topic", "interrupted", UNMET)
"""What it is about and what was asked, which whoever comes by a code is not told: it may be
somebody else."""
STOPS = "stop_questions"
SECOND = f"{NEEDS}second"
SMALL = "little"
ELSEWHERE = frozenset({*SILENT, *UNHEARD, exercise.ACT})
"""What the edge answers, or an exercise does: a number may be that of their house."""
PLACES = len(BANDS) + 1
"""Choices to the question of an age: a lone number up to it is a place among them."""


def settled(
    turn: Turn, asked: str | None, known: Mapping[str, str], areas: Areas
) -> dict[str, str | None]:
    """Return the slots that a turn settles, None for one that no longer stands.

    `asked` is the open question's slot and `known` are the answers so far, by question. Somebody
    who asks for another person is not that person: their own age and place are let go.
    """
    who = known.get("who")
    found: dict[str, str | None] = {**_told(turn, asked, known, areas)}
    if asked == WHO_ASKS and turn.choice in OTHERS:
        found["who"] = turn.choice
    own = found.get("age_band")
    asking = found.get("who") if "who" in corrected(turn.text, areas) else who or found.get("who")
    if asking in OTHERS:
        found = {name: value for name, value in found.items() if name not in (*OWN, "access")}
        if who not in OTHERS:
            found |= dict.fromkeys(OWN)
        if age := their_age(turn.text):
            found["age_band"] = age
    slots = {NEEDS + name: value for name, value in found.items()}
    slots |= _small(turn, asked, asking, own)
    if asked == SAFE_ASKED and (number := safe_number(turn)):
        unasked = dict.fromkeys(WRITTEN, needs.NOT_ASKED)
        given = {NUMBER_ASKED: number.e164, **unasked} if number.e164 else {}
        return slots | {SAFE_ASKED: "yes"} | given
    if asked in REFERRAL and turn.choice == SKIP and turn.intent in ASIDES:
        return slots | left_out(asked)
    if not asked or not asked.startswith(NEEDS):
        return slots
    if asked == f"{NEEDS}need" and turn.choice in needs.CATEGORIES:
        more = [need for need in named(turn.text) if need != turn.choice]
        slots |= {SECOND: more[0]} if more else {}
    if turn.intent == "choose":
        return slots
    other = turn.intent in ASIDES or turn.intent.startswith(GENTLY_ASKED)
    answered = turn.choice and (turn.choice == SKIP or other)
    return slots | ({asked: turn.choice} if answered else {})


def _small(
    turn: Turn, asked: str | None, who: str | None, told: str | None
) -> dict[str, str | None]:
    """Return whether whoever writes is twelve or under, where the turn says so or says not.

    `told` is their age band as told in passing. Both ways: a slip is put right.
    """
    own = asked == AGE_ASKED and who not in OTHERS
    alone = number_in(normalise(turn.text)) if own and turn.choice in UNDER_18 else None
    # A lone 1 or 2 is the place of a band in the list of them.
    years = alone if alone and alone > PLACES else own_years(turn.text)
    if years is not None:
        return {SMALL: "yes" if years <= LITTLE else None}
    band = turn.choice if own else told
    return {SMALL: None} if band in BANDS[1:] else {}


def _told(
    turn: Turn, asked: str | None, known: Mapping[str, str], areas: Areas
) -> dict[str, str]:
    """Return the answers that the words give, other than to the open question."""
    early: dict[str, str] = {}
    if (not asked or asked.startswith(NEEDS)) and turn.intent not in ELSEWHERE:
        name = (asked or "").removeprefix(NEEDS)
        early = out_of_turn.answers(name, turn.choice, turn.text, areas)
    passing = {**told(turn.text, areas), **early}
    answered = {name: key for name, key in known.items() if key != needs.NOT_ASKED}
    more = added([passing.pop(name) for name in ASKED_FOR if name in passing], answered)
    passing |= {name: more[name] for name in ASKED_FOR if name in more}
    return {**passing, **corrected(turn.text, areas)}


REFERRAL = ("referral_service", *CONTACT)


def left_out(asked: str) -> dict[str, str]:
    """Return the slots of a referral's question that is left out: what hangs on it is not asked."""
    after = () if asked in OF_A_CALL else REFERRAL[REFERRAL.index(asked) + 1 :]
    return {asked: SKIP} | dict.fromkeys(after, needs.NOT_ASKED)


def uncalled(called: str | None, who: str | None, medium: str) -> dict[str, str | None]:
    """Return that nobody is asked what to call them: not for somebody else, nor by ear."""
    unasked = who in OTHERS or medium == Medium.VOICE
    return {CALLED: needs.NOT_ASKED} if unasked and called is None else {}


def agreement(agrees: str | None, who: str | None) -> dict[str, str | None]:
    """Return whether it is asked if the person it is about agrees: only of somebody else."""
    if who in OTHERS:
        return {AGREES: None} if agrees == needs.NOT_ASKED else {}
    return {AGREES: needs.NOT_ASKED} if agrees is None else {}


def passed_over(
    turn: Turn, known: Mapping[str, str], asked: str | None, put: Collection[str]
) -> dict[str, str | None]:
    """Return the slots of questions that are not put, and None for those that now are again.

    `known` are the assessment's slots by name, with what this turn settles; `asked` is the open
    question's slot. Whoever wants to see help now, or no more questions, is put no more.
    """
    told = {name: value for name, value in known.items() if value != needs.NOT_ASKED}
    if not asked and turn.topic != "none" and turn.urgency != "none":
        told.setdefault("topic", turn.topic)
    stays = needs.plan(told, put, turn.medium)
    stopped: dict[str, str | None] = {}
    if turn.intent == STOPS and stays:  # also where the form was closed before it was said
        stopped = {NEEDS + stays[0]: needs.ENOUGH}
        told[stays[0]] = needs.ENOUGH
        stays = ()
    return stopped | {
        NEEDS + name: None if name in stays else needs.NOT_ASKED
        for name in needs.NAMES
        if name not in told and (NEEDS + name != asked or turn.intent != "choose")
        if (name in stays) == (known.get(name) == needs.NOT_ASKED)
    }

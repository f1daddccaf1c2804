# SPDX-License-Identifier: Apache-2.0
"""What one turn settles of the assessment: the answer picked, what is told beside it, and what is
put right. The facts that staff see and the slots that steer the dialogue both follow from it.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.policy import out_of_turn
from bot.policy.circumstances import told_of
from bot.policy.correcting import corrected
from bot.policy.needs import CATEGORIES, ENOUGH, SKIP
from bot.policy.needs_told import ASKED_FOR, added, named, several
from bot.policy.passing import OTHERS, OWN, area_key, lives, their_age, told
from bot.policy.places import Areas
from bot.policy.same_worker import SAME, asked_for

ASKED = "needs_ask_"
PLACE = ("place", "council")
"""What is kept beside an area told in words: what it is called, and whose council it has."""


def answers(
    asking: str, answer: str, text: str, known: Mapping[str, str], areas: Areas
) -> dict[str, str]:
    """Return the facts that a turn settles, each under its question's name.

    `known` is what was settled before; what is told in passing changes none of it, and what is
    put right does. What somebody who asks for another person says of themselves is not about
    that person.
    """
    asked = asking.removeprefix(ASKED).removesuffix("_them") if asking.startswith(ASKED) else ""
    picked = {asked: SKIP if answer == ENOUGH else answer} if asked and answer else {}
    early = out_of_turn.answers(asked, answer, text, areas) if not _asks_else(asking) else {}
    wish = asked_for(text)
    passing = {**told_of(text), **told(text, areas), **early} | ({SAME: wish} if wish else {})
    needs = [passing.pop(name) for name in ASKED_FOR if name in passing]
    found = {name: key for name, key in passing.items() if name not in known}
    found |= added(needs, known)
    found |= corrected(text, areas) | picked
    others = {found.get("who"), known.get("who")} & set(OTHERS)
    if others:
        own = (*OWN, "access")
        found = {name: key for name, key in found.items() if name not in own} | picked
    if found.get("who") in OTHERS:
        found |= {name: SKIP for name in OWN if name in known}
    if others and found.get("age_band", SKIP) == SKIP and (age := their_age(text)):
        found["age_band"] = age
    if found.get("second") and found.get("second") == found.get("need"):
        del found["second"]
    return found | _further(asked, text, found) | _place(text, found, areas)


def _asks_else(asking: str) -> bool:
    """Say whether something else is asked, whose answer is never a fact of the assessment."""
    left_open = asking.startswith(("check_not_sure", "check_worried"))  # nothing is asked there
    return not left_open and asking.startswith(
        ("referral_", "consent_", "delete_", "check_", "emergency_", "calm_", "opening_safe")
    )


def _further(asked: str, text: str, found: Mapping[str, str]) -> dict[str, str]:
    """Return the other needs that one message names: "money, my job and the kids"."""
    if not asked:
        return dict.fromkeys(several(text)[2:], "some")
    if asked not in ("need", "second") or found.get(asked) not in CATEGORIES:
        return {}
    more = [need for need in named(text) if need != found[asked]]
    second = {"second": more.pop(0)} if asked == "need" and more else {}
    return second | dict.fromkeys(more, "some")


def _place(text: str, found: Mapping[str, str], areas: Areas) -> dict[str, str]:
    """Return what the place just told is called; one picked from a list is called nothing."""
    if "area" not in found:
        return {}
    places = (areas.find(text), lives(text, areas))
    place = next((p for p in places if p.area and area_key(p.area) == found["area"]), None)
    return dict(zip(PLACE, (place.name, place.council) if place else ("", ""), strict=True))

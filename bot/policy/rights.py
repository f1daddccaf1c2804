# SPDX-License-Identifier: Apache-2.0
"""May somebody ask for Enhanced Rights under the Victims' Code, and for which reason?

The Code of Practice for Victims of Crime (in force 1 April 2021, read as updated 10 June 2024)
names three groups; one is enough, several may apply, and the police or another service provider
decides. What is told here is a reason to ask, never a decision, and says nothing about risk. The
lists follow the police's own pages on the Code: crimes from hertfordshirebeacon.org, the two
other groups from nottinghamshire.police.uk. What those pages leave open is in no row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.policy.age import UNDER_18
from bot.policy.circumstances import AGAIN, CONDITION, COURT_FEAR
from bot.policy.needs import OF_THE_POLICE, level, outside
from bot.policy.passing import OTHERS

Known = Mapping[str, str]

MOST_SERIOUS, PERSISTENT, VULNERABLE = "most_serious", "persistent", "vulnerable_or_intimidated"
SERIOUS = ("domestic_abuse", "hate_crime", "terrorism", "sexual_violence", "modern_slavery")
BY_ITSELF = ("sexual_violence", "modern_slavery")


@dataclass(frozen=True)
class Flag:
    """One reason to ask for Enhanced Rights: the Code's group, and what was told."""

    group: str
    reason: str


def _topic(known: Known) -> str:
    return known.get("topic", "")


def _to_court(known: Known) -> bool:
    return known.get("stage") in ("charged", "trial")


ROWS: tuple[tuple[str, str, Callable[[Known], bool]], ...] = (
    (MOST_SERIOUS, "crime", lambda k: _topic(k) in SERIOUS),
    (
        MOST_SERIOUS,
        "bereaved",
        lambda k: k.get("who") == "bereaved" or _topic(k) == "homicide_bereavement",
    ),
    (PERSISTENT, "stalking", lambda k: _topic(k) == "stalking_harassment"),
    (PERSISTENT, "again", lambda k: k.get(AGAIN) == "yes"),
    (PERSISTENT, "going_on", lambda k: k.get("when") == "going_on"),
    (VULNERABLE, "under_18", lambda k: k.get("age_band") in UNDER_18),
    (
        VULNERABLE,
        "child_then",
        lambda k: _topic(k) == "child_abuse" and k.get("who") in ("for_me", *OTHERS),
    ),
    (
        VULNERABLE,
        "health",
        lambda k: k.get(CONDITION) == "yes"
        or k.get("access") in ("hearing", "speaking", "seeing", "moving"),
    ),
    (VULNERABLE, "court_fear", lambda k: k.get(COURT_FEAR) == "yes"),
    (
        VULNERABLE,
        "court_worry",
        lambda k: _to_court(k) and level(k, "need_justice") == "a_lot",
    ),
    (VULNERABLE, "by_itself", lambda k: _topic(k) in BY_ITSELF),
)


def flags(known: Known) -> tuple[Flag, ...]:
    """Return every reason that what was told gives, in the Code's order; none for a witness.

    `known` are the facts of a story, about the person who asks or the one they ask for.
    """
    if known.get("who") == "witness":
        return ()
    return tuple(Flag(group, reason) for group, reason, fits in ROWS if fits(known))


def said(known: Known) -> str:
    """Return the name of the words that tell of it as a right to ask for, "" for none.

    Where the Code is not in force nothing is said; whoever has not told the police hears that it
    is for later, and a child who has not hears nothing: they are pushed nowhere.
    """
    if not flags(known) or outside(known):
        return ""
    told = known.get("reported") == "yes" or _topic(known) in OF_THE_POLICE
    if not told and known.get("age_band") in UNDER_18:
        return ""
    whose = "_them" if known.get("who") in OTHERS else ""
    return ("rights_can_ask" if told else "rights_later") + whose

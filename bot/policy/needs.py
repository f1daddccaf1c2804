# SPDX-License-Identifier: Apache-2.0
"""Which questions of the light needs assessment are put to this person, in which order?

A question is asked only where its answer changes what is offered or told. Nobody is put twelve,
whatever they answer, correct or leave; what is known already is not asked at all.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.policy.age import UNDER_18
from bot.policy.passing import OTHERS, OWN
from bot.policy.topics import TOPICS

Known = Mapping[str, str]

OUTSIDE = ("scotland", "northern_ireland")
"""Countries that are not England or Wales."""

NOT_ASKED, ENOUGH, SKIP = "not_asked", "enough", "skip"
"""Passed over because it changes nothing; "show me help now"; and left out by the person."""

LEVELS = ("some", "a_lot")
CATEGORIES = {
    "need_health": "mental_and_physical_health",
    "need_justice": "criminal_justice_system",
    "need_home": "shelter_and_accommodation",
    "need_money": "finance_and_benefits",
    "need_family": "family_friends_and_children",
    "need_outlook": "outlook_and_attitudes",
    "need_work": "education_skills_and_employment",
    "need_social": "social_interaction",
    "need_drugs": "drugs_and_alcohol",
}
"""What can be picked, in the order it is offered -> the Ministry of Justice's name for it."""

# What somebody asks about, and not what was done to them: the police were told, or need not be.
OF_THE_POLICE = ("court_process", "police_update")
NOT_OF_A_CRIME = (*OF_THE_POLICE, "mental_distress", "complaint")
NOT_TOLD = ("none", "other", SKIP, "")
# Some services are for women, for men or for LGBT+ people after these alone.
FOR_A_GROUP = (
    "domestic_abuse", "sexual_violence", "child_abuse", "hate_crime", "honour_based_abuse",
)  # fmt: skip
# Health soon after it, or the time there is to ask for compensation, depend on when it was.
TIMED = ("sexual_violence", "robbery_violence", "child_abuse", "terrorism", "compensation")


def _is_child(known: Known) -> bool:
    return known.get("age_band") == "under_16"


def _of_a_crime(known: Known) -> bool:
    """A child is asked for no detail of what was done, nor what the police know."""
    return known.get("topic", "") not in NOT_OF_A_CRIME and not _is_child(known)


def _with_the_police(known: Known) -> bool:
    told = known.get("reported") == "yes" or known.get("topic") in OF_THE_POLICE
    return told and not _is_child(known)


def _timed(known: Known) -> bool:
    young = known.get("age_band") in UNDER_18
    spared = _is_child(known) or (young and known.get("topic") == "child_abuse")
    return known.get("topic") in TIMED and not spared and known.get("who") != "bereaved"


@dataclass(frozen=True)
class Question:
    """A question's name, and for whom its answer changes something; `phone`: by telephone too."""

    name: str
    asked: Callable[[Known], bool] = lambda _: True
    phone: bool = True


# In the order they are put: the first that fit are put until the number of them is reached.
QUESTIONS: tuple[Question, ...] = (
    Question("topic"),
    Question("reported", _of_a_crime),
    Question("who"),
    Question("age_band"),
    Question("area"),
    Question("audience", lambda k: k.get("topic", "") in (*FOR_A_GROUP, *NOT_TOLD)),
    Question("need"),
    Question("need_much", lambda k: k.get("need") in CATEGORIES),
    Question("stage", _with_the_police),
    Question("when", _timed),
    Question("access", phone=False),
    Question("managing"),
    Question("second", lambda k: k.get("need") in CATEGORIES, phone=False),
    Question("second_much", lambda k: k.get("second") in CATEGORIES, phone=False),
    Question("support", lambda k: k.get("managing") in ("managing_hard", "managing_hardly")),
)
NAMES = tuple(question.name for question in QUESTIONS)
CORE = NAMES[: NAMES.index("need") + 1]
"""Without these nobody knows whom to offer; every question after them can be cut short."""

AT_MOST = {"chat": 11, "voice": 8}
AT_MOST_A_CHILD = 7


def plan(known: Known, put: Collection[str], medium: str) -> tuple[str, ...]:
    """Return the questions still to put, in order.

    `known` holds the answers by name, a skip among them; `put` what was put already, as `put_as`
    names it, answered or not. One that was interrupted is put again and counts once. Whoever had
    enough of them is put none, also when they ask for help once more.
    """
    if ENOUGH in known.values():
        return ()
    most = AT_MOST_A_CHILD if _is_child(known) else AT_MOST.get(medium, min(AT_MOST.values()))
    open_ = [
        question.name
        for question in QUESTIONS
        if question.name not in known
        and (question.phone or medium != "voice")
        and question.asked(known)
    ]
    left = most - len(put)
    found = []
    for name in open_:
        again = put_as(name, known) in put
        if again or left > 0:
            found.append(name)
            left -= not again
    return tuple(found)


def put_as(name: str, known: Known) -> str:
    """Return a question's name as it is put: about somebody else it is another question."""
    about_them = name in OWN and known.get("who") in OTHERS
    return f"{name}_them" if about_them else name


def needs_of(known: Known) -> tuple[str, ...]:
    """Return the categories of need that are a worry, the greatest first, by their own names."""
    picked = [known[name] for name in ("need", "second") if known.get(name) in CATEGORIES]
    told = [need for need in CATEGORIES if known.get(need) in LEVELS]
    both = [*dict.fromkeys((*picked, *told))]
    both.sort(key=lambda need: level(known, need) != "a_lot")
    return tuple(CATEGORIES[need] for need in both)


def level(known: Known, need: str) -> str:
    """Return how much of a worry a need is: some, a_lot, or "" when that was not said."""
    for name in ("need", "second"):
        if known.get(name) == need and known.get(f"{name}_much") in LEVELS:
            return known[f"{name}_much"]
    return known.get(need, "")


def levels(known: Known) -> dict[str, str]:
    """Return each of the nine categories, by its own name, with the answer that was given.

    `no_worry` only where the person said that nothing else is one; "" where it was not asked.
    """
    none_else = "nothing" in (known.get("need"), known.get("second"))
    picked = {known.get("need"), known.get("second")}
    found = {}
    for need, name in CATEGORIES.items():
        worry = need in picked or known.get(need) in LEVELS
        found[name] = (level(known, need) or "some") if worry else "no_worry" * none_else
    return found


def also_said(known: Known) -> tuple[str, ...]:
    """Return the approved answers that what was told calls for, at most one, beside services."""
    if outside(known):
        return ()  # each is so in England and Wales
    topic, when, stage = (known.get(name, "") for name in ("topic", "when", "stage"))
    rows: Sequence[tuple[bool, str]] = (
        (topic == "sexual_violence" and when == "last_week", "info_sexual_assault_centre"),
        (stage == "stopped", "info_case_dropped"),
        (topic == "child_abuse" and when == "longer", "info_compensation_child"),
        (
            topic in TIMED
            and topic != "child_abuse"
            and when in ("last_year", "longer")
            and known.get("reported") == "yes"  # without it nobody is told that it takes a report
            and known.get("age_band") not in UNDER_18,
            "info_compensation",
        ),
    )
    return tuple(name for fits, name in rows if fits)[:1]


def access_said(known: Known) -> str:
    """Return the name of the words on how to reach a service all the same, "" for none."""
    if known.get("who") in OTHERS:
        return ""
    ways = {
        "hearing": "services_by_relay",
        "speaking": "services_by_relay",
        "language": "services_in_your_language",
    }
    return ways.get(known.get("access", ""), "")


def home_area(known: Known, ours: str = "") -> str:
    """Return the name of the words about the service of somebody's own area, "" where it is ours.

    `ours` is the area of this deployment, "" where it was not said: then every area that the
    directory knows counts as ours. Outside England and Wales it is another one, and the directory
    does not hold it.
    """
    area = known.get("area") or SKIP
    if area in (SKIP, ours) or (area != "elsewhere" and not ours):
        return ""
    name = "services_other_area" if area != "elsewhere" else "services_home_area"
    if outside(known):
        name = "services_other_country"
    return name + ("_them" if known.get("who") in OTHERS else "")


def outside(known: Known) -> bool:
    """Say whether somebody lives where neither the Code nor most of our services reach."""
    return known.get("council") in OUTSIDE


if not set(FOR_A_GROUP) | set(TIMED) | set(NOT_OF_A_CRIME) <= TOPICS:
    raise RuntimeError("the needs assessment names a topic that does not exist")

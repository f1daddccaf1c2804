# SPDX-License-Identifier: Apache-2.0
"""What a person told, as staff read it: the answers, the nine needs, and the rights to ask for."""

from __future__ import annotations

from collections.abc import Mapping

from bot.policy.needs import CATEGORIES, levels
from bot.policy.rights import flags
from bot.policy.turn import Medium
from bot.words import Words, WordsError

FACTS = {
    "called": "Likes to be called",
    "topic": "About",
    "reported": "Police told",
    "stage": "With the police",
    "when": "When",
    "who": "Asks for",
    "age_band": "Age",
    "safe_to_talk": "Safe to talk",
    "can_speak": "Can speak",
    "told_where": "Wrote after we asked where they are",
    "area": "Lives in",
    "place": "They call it",
    "audience": "Wants a service for",
    "wants_worker": "Asked to talk with",
    "wants_same": "Asked for a worker they know",
    "access": "Finds hard",
    "condition": "Disability or illness",
    "managing": "Day to day",
    "support": "Helped already by",
    "again": "Keeps happening",
    "court_fear": "Afraid of court",
    "agrees": "They want it too",
    "kept_back": "Keeps their answers from you",
}
# The Ministry of Justice's own names, as it writes them.
NEEDS = {
    "education_skills_and_employment": "Education, skills and employment",
    "finance_and_benefits": "Finance and benefits",
    "outlook_and_attitudes": "Outlook and attitudes",
    "mental_and_physical_health": "Mental and physical health",
    "drugs_and_alcohol": "Drugs and alcohol",
    "social_interaction": "Social interaction",
    "family_friends_and_children": "Family, friends and children",
    "shelter_and_accommodation": "Shelter and accommodation",
    "criminal_justice_system": "Criminal Justice System",
}
LEVELS = {"no_worry": "no worry", "some": "some worry", "a_lot": "a lot of worry"}
GROUPS = {
    "most_serious": "Most serious crime",
    "persistent": "Persistently targeted",
    "vulnerable_or_intimidated": "Vulnerable or intimidated",
}
REASONS = {
    "crime": "the kind of crime they told of",
    "bereaved": "bereaved by crime; for close relatives",
    "stalking": "told of stalking or harassment",
    "again": "said that it keeps happening",
    "going_on": "said that it is still going on",
    "under_18": "said to be under 18",
    "child_then": "told of abuse as a child",
    "health": "told of a disability, an illness or of what makes services hard to use",
    "court_fear": "said they are afraid of court",
    "court_worry": "a lot of worry about police and court, and it goes to court",
    "by_itself": "goes with this kind of crime, where it comes to court",
}
UNASKED = ("agrees", "called")
"""What is kept as skipped though most people are never asked it: then it is nothing to read."""
# Shown in rows of their own, or of no use to read.
ELSEWHERE = {"need", "need_much", "second", "second_much", "council", *CATEGORIES}


def facts(words: Words, told: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return what was told as labels and answers, in the words the person chose from."""
    kept = {n: said for n, said in told.items() if said and (n not in UNASKED or said != "skip")}
    names = [n for n in kept if n not in ELSEWHERE]
    names.sort(key=lambda n: list(FACTS).index(n) if n in FACTS else len(FACTS))
    rows = [_fact(words, name, told[name]) for name in names]
    worries = [(NEEDS[need], LEVELS[level]) for need, level in levels(told).items() if level]
    return rows + sorted(worries, key=lambda row: list(LEVELS.values()).index(row[1]), reverse=True)


def rights(told: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return each group of Enhanced Rights that they may be in, with the reasons to ask."""
    found: dict[str, list[str]] = {}
    for flag in flags(told):
        found.setdefault(GROUPS[flag.group], []).append(REASONS[flag.reason])
    return [(group, "; ".join(reasons)) for group, reasons in found.items()]


def _fact(words: Words, name: str, value: str) -> tuple[str, str]:
    label = FACTS.get(name, name.replace("_", " "))
    if value == "skip":
        return label, "skipped"
    try:
        return label, words.label(value, Medium.CHAT)
    except WordsError:  # said in their own words, such as a number
        return label, value

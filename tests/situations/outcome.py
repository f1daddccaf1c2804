# SPDX-License-Identifier: Apache-2.0
"""Did there come of it what the file says, and what must hold for everybody?

Each function returns what is wrong, in words; an empty list is a conversation that went well.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from fnmatch import fnmatchcase

from bot.policy import rights
from bot.policy.listing import Service
from tests.situations.situation import Situation
from tests.situations.story import Story

MOST_QUESTIONS = 11
"""The needs assessment stays under twelve questions (docs: the light needs assessment)."""
MOST_SHOWN = 3
WITHOUT_VOICE = ("hearing", "speaking")
ONLY_WHEN_ASKED = ("perpetrator", "access", "emergency")


def for_everybody(situation: Situation, story: Story, services: Mapping[str, Service]) -> list[str]:
    """Return what is wrong by the rules that hold in every conversation."""
    queued = situation.comes.get("queue", "none")
    queued = queued if isinstance(queued, list) else [queued]
    return [
        *(f"the assistant failed: {failed}" for failed in story.failed),
        *(
            f"silence after {exchange.did}"
            for exchange in story.exchanges
            if not exchange.messages and story.state != "staff"
        ),
        *([f"in the queue: {story.tier}, not {queued}"] if story.tier not in queued else []),
        *_offered_badly(situation, story, services),
        *_kept_without_a_yes(situation, story),
        *_asked_too_much(situation, story),
    ]


def for_them(situation: Situation, story: Story) -> list[str]:
    """Return what of the file did not come."""
    wrong = []
    for word, check in _CHECKS.items():
        if word in situation.comes:
            wrong += check(situation.comes[word], story)
    return wrong


def says(patterns: Iterable[str], story: Story) -> list[str]:
    """Return the patterns that something said fits."""
    return [p for p in patterns if re.search(p, story.text(), re.IGNORECASE)]


def _offered_badly(
    situation: Situation, story: Story, services: Mapping[str, Service]
) -> list[str]:
    wrong = []
    for cards in story.offers():
        if len(cards) > MOST_SHOWN:
            wrong.append(f"{len(cards)} services at once")
        if _cannot_speak(story) and not any(card.text or card.url for card in cards):
            wrong.append("only telephone numbers for somebody who cannot speak")
    if story.offers() and not any(card.open_now for card in story.offers()[0]):
        wrong.append("nobody in the first offer certainly answers now")
    for one in story.offered():
        service = services[one]
        if service.status != "current" or not service.self_referral:
            wrong.append(f"{one} takes nobody who comes by themselves")
        if service.tier in ONLY_WHEN_ASKED and one not in _listed(situation.comes, "offered"):
            wrong.append(f"{one} is offered though nobody asked for it")
    return wrong


def _cannot_speak(story: Story) -> bool:
    return story.facts.get("can_speak") == "no" or story.facts.get("access") in WITHOUT_VOICE


def _kept_without_a_yes(situation: Situation, story: Story) -> list[str]:
    agreed = _listed(situation.comes, "agreed")
    wrong = []
    if sorted(story.agreed) != sorted(agreed):
        wrong.append(f"agreed to {sorted(story.agreed)}, not {sorted(agreed)}")
    facts = story.facts.items()
    ways = [n for n, value in facts if n.startswith("contact_") and value != "skip"]
    if ways and not agreed:
        wrong.append(f"{ways} kept of somebody who agreed to nothing")
    return wrong


def _asked_too_much(situation: Situation, story: Story) -> list[str]:
    asked = story.asked()
    most = int(situation.comes.get("asked_at_most", MOST_QUESTIONS))
    wrong = [f"{len(set(asked))} questions: {asked}"] if len(set(asked)) > most else []
    for name in set(asked):
        aside = isinstance(situation.answers.get(name), list)
        if asked.count(name) > 1 and not aside:
            wrong.append(f"asked twice: {name}")
    return wrong


def _offered(wanted: Sequence[str], story: Story) -> list[str]:
    return [f"not offered: {one}" for one in wanted if one not in story.offered()]


def _offered_first(wanted: str, story: Story) -> list[str]:
    first = story.offered()[:1]
    return [] if first == [wanted] else [f"first offered is {first}, not {wanted}"]


def _not_offered(unwanted: Sequence[str], story: Story) -> list[str]:
    return [f"offered: {one}" for one in unwanted if one in story.offered()]


def _told(wanted: Sequence[str], story: Story) -> list[str]:
    return [f"not told: {one}" for one in wanted if not _was_told(one, story)]


def _not_told(unwanted: Sequence[str], story: Story) -> list[str]:
    return [f"told: {one}" for one in unwanted if _was_told(one, story)]


def _was_told(wanted: str, story: Story) -> bool:
    """Say whether a name was said, `*` standing for anything; /words/ are a pattern."""
    if wanted.startswith("/"):
        return bool(says([wanted.strip("/")], story))
    return any(fnmatchcase(name, wanted) for name in story.names())


def _state(wanted: str, story: Story) -> list[str]:
    return [] if story.state == wanted else [f"the state is {story.state}, not {wanted}"]


def _facts(wanted: Mapping[str, str], story: Story) -> list[str]:
    return [
        f"known of {name}: {story.facts.get(name, 'none')}, not {value}"
        for name, value in wanted.items()
        if story.facts.get(name, "none") != value
    ]


def _reasons(wanted: Sequence[str], story: Story) -> list[str]:
    """Return the reasons to ask for Enhanced Rights that are missing, or that are too many."""
    found = [flag.reason for flag in rights.flags(story.facts)]
    return [] if sorted(found) == sorted(wanted) else [f"reasons for rights: {found}, not {wanted}"]


def _asked(wanted: Sequence[str], story: Story) -> list[str]:
    return [f"never asked: {one}" for one in wanted if one not in story.asked()]


def _not_asked(unwanted: Sequence[str], story: Story) -> list[str]:
    return [f"asked: {one}" for one in unwanted if one in story.asked()]


def _checks_at_most(wanted: str, story: Story) -> list[str]:
    return [f"gentle questions: {story.checks()}"] if len(story.checks()) > int(wanted) else []


_CHECKS: Mapping[str, Callable[..., list[str]]] = {
    "offered": _offered,
    "offered_first": _offered_first,
    "not_offered": _not_offered,
    "told": _told,
    "not_told": _not_told,
    "state": _state,
    "facts": _facts,
    "reasons": _reasons,
    "asked": _asked,
    "not_asked": _not_asked,
    "checks_at_most": _checks_at_most,
}


def _listed(comes: Mapping[str, object], word: str) -> list[str]:
    found = comes.get(word, [])
    assert isinstance(found, list), f"{word} is a list"
    return found

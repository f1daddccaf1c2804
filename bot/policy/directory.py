# SPDX-License-Identifier: Apache-2.0
"""Which services is this person offered now: at most three, in what order, for what reason?"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from bot.policy.age import UNDER_18
from bot.policy.eligibility import (
    answers_always,
    channels,
    channels_for,
    is_open,
    is_unsure,
    is_written,
    speakable,
    suits,
)
from bot.policy.listing import Channel, Offer, Person, Service
from bot.policy.preference import (
    helps_with,
    is_for_children,
    is_relevant,
    knows,
    only_fills,
    rank,
    why,
)
from bot.policy.turn import Medium

__all__ = [
    "Channel", "Offer", "Person", "Service", "channels", "choose", "named", "speakable", "why",
]  # fmt: skip

MOST = 3


@dataclass(frozen=True, eq=False)
class _Candidate:
    """A service this person may have, with what the promises ask about it."""

    service: Service
    unsure: bool
    open_now: bool | None
    always: bool

    @property
    def line(self) -> str:
        """Return the door it is reached by; two services behind one door are told once."""
        return _line(self.service)

    @property
    def starts(self) -> bool:
        """Say whether it may come first: open now, and certainly for this person."""
        return bool(self.open_now) and not self.unsure


def _line(service: Service) -> str:
    return service.line or service.id


Promise = Callable[[_Candidate], bool]


def choose(
    services: Iterable[Service],
    person: Person,
    now: datetime,
    shown: Collection[str] = (),
    limit: int = MOST,
    asked: str = "",
    anew: bool = False,
) -> list[Offer]:
    """Return the best services for this person now, other than those already `shown`.

    Of all the sets of that size, the best-ranked one that keeps every promise wins, and the one
    that is open now comes first. A crisis line that nothing calls for waits until nothing else is
    left. When no new one answers at any hour, one already shown that does is named again at the
    end, so that no limited line ever stands alone. The list is empty when nothing new is
    left. `asked` is a tier asked about by name, such as `perpetrator` by somebody worried about
    what they do. `anew`: help is asked for once more, so the one that fits best is named first
    again though it was shown.
    """
    services = list(services)
    everything = _candidates(services, person, now, asked)
    fills = _filling(everything, person, asked)
    told = {_line(s) for s in services if s.id in shown}
    pool = [c for c in everything if c.line not in told]
    first = [c for c in everything[:1] if anew and c.line in told and not c.unsure]
    if told:  # who asks for others is given what comes after the crisis lines, and these at last
        pool = [c for c in pool if c not in fills] or pool
        fills = fills if fills.isdisjoint(pool) else frozenset()
    again = [c for c in everything if c.line in told and c.always and not c.unsure][:1]
    most = min(limit, MOST) - len(first)
    if not (pool and most) and not first:
        return []
    chosen = _best(pool, most, fills, person)
    if limit < 2 or any(c.always for c in (*first, *chosen)):
        again = []
    chosen = _best(pool, most - len(again), fills, person) if again else chosen
    if not (first or chosen):
        return []
    # Where no other listens at any hour a crisis line is named, after who is there for any crime.
    any_crime = any(c.service.tier == "generalist" and not c.unsure for c in chosen)
    last = [c for c in chosen if any_crime and only_fills(c.service, person) and not asked]
    rest = tuple(c for c in chosen if c not in last)
    ordered = [*first, *_in_order(rest, person), *again, *last]
    return [
        Offer(
            service=c.service,
            why=why(c.service, person),
            open_now=c.open_now,
            free=c.service.free,
            channels=channels_for(c.service, person),
        )
        for c in ordered
    ]


def _best(
    pool: Sequence[_Candidate], most: int, fills: Collection[_Candidate], person: Person
) -> tuple[_Candidate, ...]:
    """Return the best-ranked set of that size that keeps the most promises."""
    promises = _promises(person)
    best = max(
        combinations(pool, min(max(most, 0), len(pool))),
        key=lambda group: [any(keeps(c) for c in group if c not in fills) for keeps in promises],
    )
    return tuple(c for c in best if c not in fills)


def named(
    services: Iterable[Service], ids: Sequence[str], person: Person, now: datetime
) -> list[Offer]:
    """Return the services of these ids that this person may have, in that order.

    A general one that answers at any hour stands beside them when none of them does, so that no
    limited line stands alone and nobody is left with no name at all. Beside one for people who hurt
    others it is a line to talk to, and none for victims.
    """
    services = list(services)
    asked = {s.id: s.tier for s in services if s.id in ids}
    may = [s for s in services if speakable(s, asked.get(s.id, "")) and suits(s, person)]
    found = [s for i in ids for s in may if s.id == i][:MOST]
    if not any(answers_always(s, person) for s in found):
        beside = "crisis" if "perpetrator" in asked.values() else "generalist"
        always = (
            s for s in may
            if s.tier == beside and s.emotional_support and answers_always(s, person)
        )  # fmt: skip
        found = [*found[: MOST - 1], *[s for s in always if not s.local][:1]]
    return [
        Offer(
            service=s,
            why="for_topic" if s.id in ids else why(s, person),
            open_now=is_open(s, person, now),
            free=s.free,
            channels=channels_for(s, person),
        )
        for s in found
    ]


def _promises(person: Person) -> list[Promise]:
    """Return what the offers must hold between them, the most important first."""
    promises: list[Promise] = [
        lambda c: c.always and not c.unsure,
        lambda c: c.starts,
        lambda c: c.service.emotional_support and not c.unsure,
        lambda c: person.audience in c.service.audience,  # they were asked whom it should be for
        lambda c: _is_for_them(c.service, person),
        # A need never takes the place of whoever knows about the crime.
        *([lambda c: knows(c.service, person) and not c.unsure] if person.needs else []),
        *(_helping(person, need) for need in person.needs[: MOST - 1]),
    ]
    if person.age_band == "under_16":
        promises.insert(
            0, lambda c: is_for_children(c.service) and c.service.emotional_support
        )
    if person.can_talk is False:
        promises.insert(0, lambda c: any(map(is_written, channels(c.service))))
    return promises


def _helping(person: Person, need: str) -> Promise:
    return lambda c: helps_with(c.service, person, need)


def _in_order(chosen: tuple[_Candidate, ...], person: Person) -> list[_Candidate]:
    """Return the children's own service for what happened, then one open now, then the others."""
    own = [c for c in chosen if _is_for_them(c.service, person)][:1]
    rest = tuple(c for c in chosen if c not in own)
    first = [_first(rest, person)] if rest else []
    return [*own, *first, *(c for c in rest if c not in first)]


def _first(chosen: tuple[_Candidate, ...], person: Person) -> _Candidate:
    """Return the one to say first. A child hears of somebody to talk to before a specialist."""
    starting = [c for c in chosen if c.starts]
    if person.age_band == "under_16":
        starting.sort(key=lambda c: c.service.tier == "specialist")
    return next(iter(starting), None) or next((c for c in chosen if not c.unsure), chosen[0])


def _is_for_them(service: Service, person: Person) -> bool:
    """Say whether it is there for a child with this very thing, in a way they can use now."""
    means = {c.medium for c in channels_for(service, person)}
    return (
        person.age_band in UNDER_18
        and is_for_children(service)
        and person.topic in service.topics[:1]
        and service.tier == "specialist"
        and person.can_talk is not False  # somebody to write to now is worth more to them
        and (person.over is not Medium.VOICE or "phone" in means)
    )


def _filling(
    found: list[_Candidate], person: Person, asked: str
) -> frozenset[_Candidate]:
    """Return the crisis lines that nothing calls for, where others listen at any hour.

    They keep their rank, so that what comes after them is not brought up in their place.
    """
    fills = frozenset(c for c in found if not asked and only_fills(c.service, person))
    others = (c for c in found if c not in fills and not c.unsure)
    listens = any(c.always and c.service.emotional_support for c in others)
    return fills if listens else frozenset()


def _candidates(
    services: list[Service], person: Person, now: datetime, asked: str
) -> list[_Candidate]:
    """Return all that this person may have, the best first, one service for each line."""
    best: dict[str, _Candidate] = {}
    for service in sorted(services, key=lambda s: rank(s, person, now, asked)):
        fitting = suits(service, person) and is_relevant(service, person, asked)
        if fitting and speakable(service, asked):
            candidate = _Candidate(
                service=service,
                unsure=is_unsure(service, person),
                open_now=is_open(service, person, now),
                always=answers_always(service, person),
            )
            best.setdefault(candidate.line, candidate)
    return list(best.values())

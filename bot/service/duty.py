# SPDX-License-Identifier: Apache-2.0
"""Who is on duty now, by the rota, and can be reached by a means that is set up here.

Without a rota the on-call numbers stand in its place: always on duty, each rung in turn.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime

from bot.policy import rota
from bot.policy.hours import said
from bot.policy.rota import Person, Rota, Team
from bot.policy.turn import Medium
from bot.service.ports import Clock
from bot.settings import Settings
from bot.store import console_rows, handovers, staff
from bot.store.database import Tx


class Duty:
    """Answers from the rota as it stands now. `on_call`: numbers to ring where no rota has any."""

    def __init__(
        self, roster: Callable[[], Rota | None], means: Collection[str],
        on_call: tuple[str, ...], clock: Clock,
    ) -> None:  # fmt: skip
        self.roster, self.means, self.on_call, self.clock = roster, means, on_call, clock
        self._numbered = tuple(
            Person(f"on_call_{at}", f"on-call number {at}", (("voice", number),))
            for at, number in enumerate(on_call, start=1)
        )

    def people(self, tier: str = "") -> tuple[Person, ...]:
        """Return who is on duty and can be reached, in the order they are called."""
        found = self.roster()
        on_duty = rota.on_duty(found, self._now(), tier) if found else self._numbered
        return tuple(person for person in on_duty if self.ways(person))

    async def for_story(self, tx: Tx, conversation_id: str, tier: str) -> tuple[Person, ...]:
        """Return who is on duty; first whoever the person talked with before, so they need not
        begin again. Who is kept away from them is called only where nobody else is on duty."""
        on_duty = self.people(tier)
        on_duty = await self._let_in(tx, conversation_id, on_duty) or on_duty
        before = {await handovers.worker_before(tx, conversation_id)}
        before -= set(await console_rows.excluded(tx, conversation_id))
        first = named(on_duty, await staff.names_of(tx, before))
        return (*first, *(person for person in on_duty if person not in first))

    async def _let_in(
        self, tx: Tx, conversation_id: str, people: Sequence[Person]
    ) -> tuple[Person, ...]:
        """Return those who are not kept away from a story."""
        away = await console_rows.excluded(tx, conversation_id)
        kept_away = named(people, await staff.names_of(tx, away)) if away else ()
        return tuple(person for person in people if person not in kept_away)

    def ways(self, person: Person) -> tuple[tuple[str, str], ...]:
        """Return the means and addresses by which a person can be called from here."""
        return tuple((means, to) for means, to in person.ways if means in self.means)

    def way(self, person_id: str, means: str) -> str:
        """Return where somebody is called by a means, "" when the rota no longer says."""
        found = self.roster()
        known = found.people if found else {person.id: person for person in self._numbered}
        person = known.get(person_id)
        return dict(self.ways(person)).get(means, "") if person else ""

    def names(self) -> dict[str, str]:
        """Return what each person of the rota, or each on-call number, is called, by id."""
        found = self.roster()
        known = found.people.values() if found else self._numbered
        return {person.id: person.name for person in known}

    def teams(self) -> dict[str, str]:
        """Return what each team of the rota is called, by what stands for it in an offer."""
        found = self.roster()
        return {_offered(team): team.name for team in found.teams} if found else {}

    def teams_of(self, name: str) -> tuple[str, ...]:
        """Return the teams of the rota in which somebody of this name has a shift."""
        found = self.roster()
        ids = {one.id for one in named(tuple(found.people.values()), [name])} if found else set()
        return tuple(
            _offered(team)
            for team in (found.teams if found else ())
            if any(ids & set(shift.on_call) for shift in team.shifts)
        )

    def numbers(self) -> tuple[str, ...]:
        """Return the numbers of who is on duty, in order."""
        return self._numbers(self.people())

    async def numbers_for(self, tx: Tx, conversation_id: str) -> tuple[str, ...]:
        """Return the numbers to ring for one caller: first the worker they had before, and never
        one who is kept away from them."""
        on_duty = await self.for_story(tx, conversation_id, "")
        let_in = await self._let_in(tx, conversation_id, on_duty)
        return self._numbers(let_in, await self._kept_away(tx, conversation_id))

    async def _kept_away(self, tx: Tx, conversation_id: str) -> frozenset[str]:
        """Return the numbers of whoever of the rota, on duty or not, is kept away from a story."""
        found = self.roster()
        people = tuple(found.people.values()) if found else ()
        let_in = await self._let_in(tx, conversation_id, people)
        return frozenset(_voice(person) for person in people if person not in let_in)

    def _numbers(self, people: Sequence[Person], without: Collection[str] = ()) -> tuple[str, ...]:
        """Return the numbers of these people, or the on-call ones `without` some of them."""
        own = tuple(dict.fromkeys(filter(None, map(_voice, people))))
        return own or tuple(number for number in self.on_call if number not in without)

    def any_number(self) -> bool:
        """Say whether anybody, now or later, has a number that can be rung."""
        found = self.roster()
        people = found.people.values() if found else ()
        return bool(self.on_call) or any(means == "voice" for p in people for means, _ in p.ways)

    def rings_back(self, settings: Settings) -> bool:
        """Say whether anybody here, now or later, can be rung and then ring a person back."""
        return bool(
            settings.twilio_number and settings.twilio_account_sid and self.any_number()
        )

    def next_on(self) -> str:
        """Return in words when somebody next comes on duty, "" when that is not known."""
        found = self.roster()
        coming = rota.next_on(found, self._now()) if found else None
        return said(coming, self._now()) if coming else ""

    async def somebody_there(self, tx: Tx, medium: str, conversation_id: str) -> bool:
        """Say whether somebody would come: at an open console, or called by the rota.

        An on-call number counts for a chat only where pages can ring it. Whoever is kept away
        from this story does not count, by their account or by its name in the rota.
        """
        away = await console_rows.excluded(tx, conversation_id)
        people = await self._let_in(tx, conversation_id, self.people())
        kept_away = await self._kept_away(tx, conversation_id)
        rings = medium == Medium.VOICE and bool(self._numbers(people, kept_away))
        return rings or bool(people) or await staff.anybody_available(tx, self.clock(), away)

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self.clock(), UTC)


def _voice(person: Person) -> str:
    return dict(person.ways).get("voice", "")


def _offered(team: Team) -> str:
    """A name of any length would not fit where an offer is kept."""
    return f"rota:{hashlib.sha256(team.name.encode()).hexdigest()[:24]}"


def named(people: Sequence[Person], names: Collection[str]) -> tuple[Person, ...]:
    """Return who of the rota bears the name of one of these accounts: all that joins the two."""
    known = {name.casefold() for name in names}
    return tuple(person for person in people if person.name.casefold() in known)

# SPDX-License-Identifier: Apache-2.0
"""Who was called for whom, and what came of it, as staff see it: no word of anybody who waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.policy.urgency import TIERS
from bot.service.duty import Duty
from bot.service.ports import Clock
from bot.store import console_rows, handovers, pages
from bot.store.database import Database
from bot.store.rota import Roster

LATELY = 24 * 3600.0


@dataclass(frozen=True)
class PageSent:
    """One page: to whom, how, and what came of it. `name` is "" for the open consoles."""

    name: str
    means: str
    state: str
    tries: int
    error: str
    at: float


@dataclass(frozen=True)
class Calling:
    """The calling for one person who waits, the newest page last. `seen_by`: who has it."""

    handover_id: str
    tier: str
    drill: bool
    seen_by: str
    seen_at: float | None
    pages: tuple[PageSent, ...]


@dataclass(frozen=True)
class Calls:
    """Who is on duty by the rota, what is wrong with it, and the calling under way."""

    rota: bool
    on_duty: tuple[str, ...]
    next_on: str
    problems: tuple[str, ...]
    failing: tuple[str, ...]
    callings: tuple[Calling, ...]


class Called:
    """Reads for the console and for the health of the service."""

    def __init__(self, store: Database, duty: Duty, roster: Roster, clock: Clock) -> None:
        self.store, self.duty, self.roster, self.clock = store, duty, roster, clock

    async def calls(self, worker_id: str = "") -> Calls:
        """Return how it stands with calling staff now, but for whom this worker is kept from."""
        rota = self.roster()
        async with self.store.read() as tx:
            away = await console_rows.kept_from(tx, worker_id)
            open_ = [
                row
                for row in await handovers.waiting(tx)
                if row.state != handovers.TAKEN and row.conversation_id not in away
            ]
            ids = [row.id for row in open_]
            chains = {c.handover_id: c for c in await pages.chains_of(tx, ids)}
            sent = await pages.of_handovers(tx, ids)
            failed = await pages.failed_since(tx, self.clock() - LATELY)
        names = self.duty.names()
        called = [row for row in open_ if row.id in chains]
        # As in the queue: the most urgent first, then who has waited longest.
        called.sort(key=lambda row: (TIERS.index(chains[row.id].tier), row.requested_at))
        return Calls(
            rota=rota is not None,
            on_duty=tuple(person.name for person in self.duty.people()),
            next_on=self.duty.next_on(),
            problems=tuple(self.roster.problems),
            failing=tuple(sorted({f"{one.means}: {one.error}" for one in failed})),
            callings=tuple(
                _calling(row, chains[row.id], [s for s in sent if s.handover_id == row.id], names)
                for row in called
            ),
        )


def _calling(row: Any, chain: Any, sent: Sequence[Any], names: dict[str, str]) -> Calling:
    return Calling(
        handover_id=row.id, tier=chain.tier, drill=row.drill_at is not None,
        seen_by=chain.seen_by or "", seen_at=chain.seen_at,
        pages=tuple(
            PageSent(
                names.get(s.person, s.person), s.means, s.state, s.tries, s.error or "",
                s.sent_at or s.planned_at,
            )
            for s in sent
        ),
    )  # fmt: skip

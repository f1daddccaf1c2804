# SPDX-License-Identifier: Apache-2.0
"""The day's audit: who saw or did what how often, and one digest over all rows up to then.

The audit cannot be changed by this service. The digest shows a change made behind its back:
each day's covers every row before it, so a copy kept elsewhere proves all that came earlier.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.policy.hours import LONDON
from bot.service.accounts import Accounts
from bot.service.ports import Clock
from bot.store import console_rows, staff
from bot.store.database import Database

AT_ONCE = 2000


@dataclass(frozen=True)
class Digest:
    """One day of the audit. `rows` are that day's; `number` is the newest row it covers."""

    day: str
    rows: int
    number: int
    sha256: str
    by: dict[str, dict[str, int]]


class Audit:
    """Reads the audit; that somebody looked is itself a row of it."""

    def __init__(self, store: Database, accounts: Accounts, clock: Clock) -> None:
        self.store, self.accounts, self.clock = store, accounts, clock

    async def seen_by(self, staff_id: str, day: date) -> Digest:
        """Return the digest of a day to a member of staff."""
        found = await self.digest(day)
        async with self.store.write() as tx:
            await staff.note(tx, staff_id, "audit", staff_id, self.clock())
        return found

    async def note(self, by: str, what: str, subject: str) -> None:
        """Add what somebody did to an account."""
        async with self.store.write() as tx:
            await staff.note(tx, by, what, subject, self.clock())

    async def looked(self, by: str, what: str) -> None:
        """Add that somebody looked at a page of many; one that reloads by itself is one look."""
        async with self.store.write() as tx:
            await staff.look(tx, by, what, [by], self.clock())

    async def digest(self, day: date) -> Digest:
        """Return the digest of a day by the clock in London: the same for whoever asks, whenever.

        Of a day that is not over it covers what there is so far.
        """
        begins = datetime.combine(day, time(), LONDON).timestamp()
        ends = datetime.combine(day + timedelta(days=1), time(), LONDON).timestamp()
        names = await self.accounts.names()
        rolled, number, rows = hashlib.sha256(), 0, 0
        by: dict[str, dict[str, int]] = {}
        while True:
            async with self.store.read() as tx:
                found = await console_rows.audit_until(tx, ends, number, AT_ONCE)
            if not found:
                break
            for row in found:
                line = f"{row.id}|{row.at!r}|{row.staff_id}|{row.what}|{row.subject}\n"
                rolled.update(line.encode())
                if row.at >= begins:
                    rows += 1
                    theirs = by.setdefault(names.get(row.staff_id, row.staff_id), {})
                    theirs[row.what] = theirs.get(row.what, 0) + 1
            number = found[-1].id
        return Digest(day.isoformat(), rows, number, rolled.hexdigest(), by)

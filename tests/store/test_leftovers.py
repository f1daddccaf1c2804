# SPDX-License-Identifier: Apache-2.0
"""The sweep leaves no row behind that nothing needs, and takes none that something does."""

from __future__ import annotations

import pytest
from sqlalchemy import func, insert, select

from bot.store import events, records, staff
from bot.store.console_schema import exclusions
from bot.store.leftovers import KEPT_FOR, OF_A_STORY
from bot.store.schema import conversations, effects, metadata, staff_sessions, trackers
from bot.store.schema import events as events_table

GO_WITH_IT = (trackers, events_table, exclusions)
"""What no foreign key holds to a story, and is deleted with it or by this very sweep."""
TABLES = {"effects": effects, "events": events_table, "sign-ins": staff_sessions}


async def counted(fingerpost) -> dict[str, int]:
    async with fingerpost.store.read() as tx:
        return {
            name: (await tx.execute(select(func.count()).select_from(table))).scalar_one()
            for name, table in TABLES.items()
        }


@pytest.fixture
async def lived_in(fingerpost, clock):
    """One of each, made now; the sign-in ends a minute before the rest is old."""
    await fingerpost.accounts.add("Ann", "worker")
    async with fingerpost.store.write() as tx:
        await records.once(tx, "turn", "consent", clock(), "ABC")
        await events.add(
            tx, conversation_id=None, audience=events.STAFF, kind="queue", at=clock()
        )
        row = await staff.find(tx, name="Ann")
        await tx.execute(
            insert(staff_sessions).values(
                token_hash="t", staff_id=row.id, csrf="c", expires_at=clock() + KEPT_FOR - 60
            )
        )
    return fingerpost


async def test_what_may_still_be_needed_stays(lived_in, clock):
    clock.pass_by(KEPT_FOR - 120)
    await lived_in.retention.run()
    assert await counted(lived_in) == {"effects": 1, "events": 1, "sign-ins": 1}


async def test_what_nobody_can_need_any_more_goes(lived_in, clock):
    clock.pass_by(KEPT_FOR + 1)
    await lived_in.retention.run()
    assert await counted(lived_in) == {"effects": 0, "events": 0, "sign-ins": 0}


async def test_numbers_of_events_go_on_after_the_last_one_went(lived_in, clock):
    """A console that follows from an old number must still see what comes next."""
    async with lived_in.store.read() as tx:
        before = await events.newest(tx)
    clock.pass_by(KEPT_FOR + 1)
    await lived_in.retention.run()
    async with lived_in.store.write() as tx:
        number = await events.add(
            tx, conversation_id=None, audience=events.STAFF, kind="queue", at=clock()
        )
    assert number > before


def test_whatever_outlives_a_story_keeps_away_who_is_kept_away_from_it():
    """A table of a story either goes with it, or is in the table of what can be left of one."""
    of_stories = [t for t in metadata.tables.values() if "conversation_id" in t.c]
    left = {
        table.name
        for table in of_stories
        if not table.c.conversation_id.foreign_keys and table not in GO_WITH_IT
    }
    assert left | {conversations.name} == {column.table.name for column in OF_A_STORY}

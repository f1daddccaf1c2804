# SPDX-License-Identifier: Apache-2.0
"""Whatever is said in whatever order: an answer comes, and nothing is forgotten."""

from __future__ import annotations

import uuid
from contextlib import contextmanager

import pytest

from bot.assistant.meaning import SILENT, UNHEARD
from tests.conversations.walk import turns

FORGETTABLE = ("session_started_metadata",)


@contextmanager
def compacting(engine, on: bool):
    """Let the store keep every event for a while: what a tracker would be without compaction."""
    import bot.assistant.tracker_store as module

    real = module.compact
    module.compact = real if on else (lambda events, slots: list(events))
    try:
        yield
    finally:
        module.compact = real


@pytest.mark.parametrize("seed", range(6))
async def test_a_short_memory_leads_to_the_same_conversation(seed, talk):
    """The same turns, with and without compaction: same words, same form, same slots."""
    short, long = await talk(), await talk()
    for number, turn in enumerate(turns(seed, 25)):
        said = turn(short.offered)
        turn_id = str(uuid.uuid4())
        with compacting(short.engine, on=True):
            got = await short.hear(turn_id, **said)
        with compacting(long.engine, on=False):
            expected = await long.hear(f"{turn_id}-long", **said)
        where = f"seed {seed}, turn {number}: {said}"
        assert (got, short.offered) == (expected, long.offered), where
        mine, theirs = await short.tracker(), await long.tracker()
        assert mine.active_loop_name == theirs.active_loop_name, where
        assert _slots(mine) == _slots(theirs), where
        silent = said.get("intent") in SILENT | UNHEARD
        assert bool(got) is not silent, where
        if silent and said["intent"] in SILENT:
            assert mine.active_loop_name is None, where
    assert len((await short.tracker()).events) < 80 < len((await long.tracker()).events)


def _slots(tracker):
    return {k: v for k, v in tracker.current_slot_values().items() if k not in FORGETTABLE}

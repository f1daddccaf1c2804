# SPDX-License-Identifier: Apache-2.0
"""Every conversation written in the folders beside this file, turn by turn, through the real model.

A turn: what is `heard` (an intent, a topic, a `choice` on offer, `text`, lines `without`), the
names `says` it gets back, and what then holds: the open `loop`, `slots`, the `choices` on offer,
the `lines` of the brief shown.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

HERE = Path(__file__).parent
KINDS = ("happy_path", "interruptions", "skips", "corrections", "bad_input")
FILES = [path for kind in KINDS for path in sorted((HERE / kind).glob("*.yml"))]
HELD = [(path, yaml.load(path.read_text(), Loader=yaml.BaseLoader)) for path in FILES]
KNOWN = {"heard", "says", "loop", "slots", "choices", "lines", "facts", "consents", "calls",
         "plan"}  # fmt: skip
NAMES = [f"{path.parent.name}: {path.stem.replace('_', ' ')}" for path in FILES]


@pytest.mark.parametrize("held", [held for _, held in HELD], ids=NAMES)
async def test_conversation(held, talk, stores):
    conversation = await talk(held.get("medium", "chat"))
    for number, turn in enumerate(held["turns"], 1):
        assert set(turn) <= KNOWN, f"turn {number}: {set(turn) - KNOWN}"
        says = await conversation.hear(**turn["heard"])
        where = f"turn {number} {turn['heard']}"
        assert says == turn["says"], where
        if "loop" in turn:
            assert (await conversation.loop() or "none") == turn["loop"], where
        for slot, value in turn.get("slots", {}).items():
            assert (await conversation.slot(slot) or "none") == value, f"{where}: {slot}"
        if "choices" in turn:
            assert list(conversation.offered) == turn["choices"], where
        if "lines" in turn:
            assert list(conversation.lines) == turn["lines"], where
        if "facts" in turn:
            facts = await stores[1].facts.of(conversation.id)
            assert {k: facts.get(k, "none") for k in turn["facts"]} == turn["facts"], where
        if "consents" in turn:
            assert await consents(stores, conversation.id) == turn["consents"], where
        if "calls" in turn:
            states = [call.state for call, _ in await calls(stores, conversation.id)]
            assert states == turn["calls"], where
        if "plan" in turn:
            plan = (await calls(stores, conversation.id))[-1][1]
            assert {name: getattr(plan, name) for name in turn["plan"]} == turn["plan"], where


async def consents(stores, conversation_id: str) -> list[str]:
    """Return the state of each consent kept."""
    from bot.store import records

    async with stores[2].store.read() as tx:
        return [row.state for row in await records.consents_of(tx, conversation_id)]


async def calls(stores, conversation_id: str) -> list:
    """Return each call that was booked, with the contact plan that counts for it."""
    from bot.service import contact_plan
    from bot.store import callbacks

    found = []
    async with stores[2].store.read() as tx:
        for record in await callbacks.records_of(tx, conversation_id):
            box = await stores[2].keys.box(record.id)
            agreed = await contact_plan.latest(tx, box, record.id)
            found += [(row, agreed.plan) for row in await callbacks.callbacks_of(tx, record.id)]
    return found

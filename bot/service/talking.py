# SPDX-License-Identifier: Apache-2.0
"""Whether it is safe for a person to talk, and whether they can: kept, and told to staff.

It raises their place in the queue: not known to be safe is never safe (design, section 5, rule 3).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.policy import urgency
from bot.policy.hearing import CANNOT_SPEAK
from bot.policy.steps import Next, Step
from bot.policy.turn import Choice, Medium, Message, Sender, Understanding
from bot.service import facts
from bot.service.transcript import Transcript
from bot.store import events, handovers, records
from bot.store.database import Tx
from bot.store.keys import Box

SAFE, CAN_SPEAK = "safe_to_talk", "can_speak"
WHERE = "told_where"
"""Somebody in danger wrote on after they were asked where they are, for a person to ring 999."""
UNKNOWN = ("no", "not_sure")


def told(step: Next, answer: str, heard: Understanding) -> dict[str, str]:
    """Return what a turn says of it, as facts of the story; a model's guess says nothing."""
    said = not answer and heard.act == "cannot_speak" and CANNOT_SPEAK in heard.cues
    silent = {CAN_SPEAK: "no"} if said else {}
    if step.step is Step.NOT_SAFE:
        return silent | {SAFE: "not_sure" if answer == "not_sure" else "no"}
    if step.step is Step.SAFE:
        return {SAFE: "yes"}
    if step.step is Step.NOTED:
        return {WHERE: "yes"}
    return silent


async def keep(
    tx: Tx, box: Box, conversation_id: str, turn_id: str, said: Mapping[str, str], at: float
) -> None:
    """Keep these facts; who waits already is raised by them, and nobody is lowered."""
    for name, value in said.items():
        await records.keep_fact(tx, conversation_id, name, box.seal(value), turn_id, at)
    waits = await handovers.open_for(tx, conversation_id) if said else None
    if waits is None:
        return
    tier = await raised(tx, box, conversation_id, waits.tier)
    if tier != waits.tier:
        await handovers.raise_to(tx, waits.id, tier, waits.reason, waits.cues)
    await events.add(
        tx, conversation_id=conversation_id, audience=events.STAFF, kind="queue", at=at
    )


async def raised(tx: Tx, box: Box, conversation_id: str, tier: str) -> str:
    """Return the tier of a story, at least soon for who is not safe to talk or cannot."""
    known = await facts.known(tx, box, conversation_id)
    hard = known.get(SAFE) in UNKNOWN or known.get(CAN_SPEAK) in UNKNOWN
    return urgency.higher_tier(tier, "soon") if hard else tier


async def ask_by_keys(
    tx: Tx, box: Box, row: Any, transcript: Transcript, text: str, by: str
) -> Message | None:
    """Put a worker's words to a caller who can only press keys, with yes and no on offer.

    None for everybody else. What we had asked before is over: a yes is for the worker alone.
    """
    known = await facts.known(tx, box, row.id)
    if row.medium != Medium.VOICE or known.get(CAN_SPEAK) != "no":
        return None
    label = transcript.words.label
    choices = tuple(Choice(key, label(key, Medium.VOICE)) for key in ("yes", "no"))
    dialogue = await transcript.dialogue(row, box)
    dialogue.check, dialogue.cue, dialogue.again, dialogue.opening = "", "", False, False
    asked = Message(Sender.STAFF, text, choices=choices, by=by)
    return (await transcript.say(tx, box, row, dialogue, [asked]))[0]

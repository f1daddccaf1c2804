# SPDX-License-Identifier: Apache-2.0
"""A code may be in the hands of the very person who is feared."""

from __future__ import annotations

import pytest

from bot.policy import childline
from bot.policy.turn import Said
from bot.store import conversations

ASKS_OUTSIDE = "he raped me and is outside my door with a knife what can i do about the rape"


@pytest.mark.parametrize("medium", ["chat", "voice"])
async def test_whoever_comes_back_by_a_code_is_answered_nothing_of_before(
    fingerpost, assistant, medium
):
    """He is outside, and the code may be in his hands."""
    talks = fingerpost.conversations
    contact = (await talks.open(medium)).contact
    danger = await talks.hear(contact, Said(text=ASKS_OUTSIDE))
    assert danger.messages[0].say.startswith("emergency_")
    back = await talks.resume(await talks.resume_code(contact), medium, "here")
    offered = {c.key: c.id for m in back.reply.messages for c in m.choices}
    first = "carry_on" if medium == "chat" else "yes"
    await talks.hear(back.contact, Said(choice=offered[first]))
    if medium == "voice":
        await talks.hear(back.contact, Said(text="carry on"))
    assert assistant.heard[-1]["choice"] != "carry_on"
    assert not [turn for turn in assistant.heard[1:] if "rape" in turn["text"]]
    assert "ask_information" not in [turn["intent"] for turn in assistant.heard]


async def test_an_open_question_of_danger_is_no_longer_theirs_to_answer(fingerpost, clock):
    talks = fingerpost.conversations
    contact = (await talks.open("chat")).contact
    await talks.hear(contact, Said(text="i cant go on"))
    back = await talks.resume(await talks.resume_code(contact), "chat", "here")
    await talks.hear(back.contact, Said(text="no"))
    clock.pass_by(61)
    while await fingerpost.work.one():
        pass
    assert [w.conversation_id for w in await fingerpost.handover.queue()] == [
        contact.conversation_id
    ]


@pytest.mark.parametrize("medium", ["chat", "voice"])
@pytest.mark.parametrize("child", ["im 14", "girls in my class laugh at me"])
async def test_whoever_comes_back_by_a_code_is_not_told_that_a_child_wrote(
    fingerpost, assistant, medium, child
):
    talks = fingerpost.conversations
    contact = (await talks.open(medium)).contact
    for words in ("yes", child):
        await talks.hear(contact, Said(text=words))
    row, box = await _story(fingerpost, contact)
    dialogue = await fingerpost.handover.transcript.dialogue(row, box)
    assert dialogue.pupil or dialogue.age_band == "under_16"
    dialogue.childline = False
    async with fingerpost.store.write() as tx:
        await fingerpost.handover.transcript.keep_dialogue(tx, row.id, box, dialogue)
    back = await talks.resume(await talks.resume_code(contact), medium, "here")
    said = list(back.reply.messages)
    for words in ("yes", "carry on", "i was burgled last night", "what is this"):
        said += (await talks.hear(back.contact, Said(text=words))).messages
    assert not childline.named(said)
    said = (await talks.hear(back.contact, Said(text="im 14"))).messages  # told by them, now
    assert childline.named(said)


async def _story(fingerpost, contact):
    async with fingerpost.store.read() as tx:
        row = await conversations.conversation(tx, contact.conversation_id)
    return row, await fingerpost.keys.held(row.id)

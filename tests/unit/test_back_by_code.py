# SPDX-License-Identifier: Apache-2.0
"""A code may be in the hands of the very person who is feared."""

from __future__ import annotations

import pytest

from bot.policy.turn import Said

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

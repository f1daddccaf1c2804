# SPDX-License-Identifier: Apache-2.0
"""Somebody who is not safe is heard as that, whenever they say it and however we got there."""

from __future__ import annotations

import pytest

from bot.policy.turn import Said
from bot.store import conversations, staff


def names(reply):
    return [m.say for m in reply.messages]


async def on_duty(fingerpost):
    """Let a worker's console be open and marked available."""
    await fingerpost.accounts.add("Ann", "worker")
    async with fingerpost.store.read() as tx:
        found = await staff.find(tx, name="Ann")
    await fingerpost.accounts.set_available(found.id, True)


async def hear(fingerpost, contact, text):
    return await fingerpost.conversations.hear(contact, Said(text=text))


@pytest.mark.parametrize("medium", ["chat", "voice"])
@pytest.mark.parametrize(
    "first",
    ["I'd like to order a pizza please", "Is that Dominos?", "oh for fucks sake another robot",
     "hello", "say that again"],
)  # fmt: skip
async def test_what_is_no_answer_leaves_it_open_whether_it_is_safe(fingerpost, medium, first):
    opened = await fingerpost.conversations.open(medium)
    reply = await hear(fingerpost, opened.contact, first)
    assert names(reply)[-1] == "opening_safe"
    reply = await hear(fingerpost, opened.contact, "not really")
    assert names(reply) == ["not_safe"]


@pytest.mark.parametrize("medium", ["chat", "voice"])
@pytest.mark.parametrize("words", ["go ahead", "alright", "alright then", "right then"])
async def test_go_ahead_is_a_yes(fingerpost, assistant, medium, words):
    opened = await fingerpost.conversations.open(medium)
    await hear(fingerpost, opened.contact, words)
    assert assistant.heard[-1]["intent"] == "begin"


async def test_an_angry_yes_is_a_yes(fingerpost, assistant):
    opened = await fingerpost.conversations.open("voice")
    await hear(fingerpost, opened.contact, "oh for fucks sake another robot")
    await hear(fingerpost, opened.contact, "yes its fucking safe")
    assert assistant.heard[-1]["intent"] == "begin"


@pytest.mark.parametrize("medium", ["chat", "voice"])
@pytest.mark.parametrize(
    "words", ["no it's not safe", "its not safe", "it isn't safe here", "I can't talk",
              "sorry i cant talk now", "no i cant talk right now"]
)  # fmt: skip
async def test_that_it_is_not_safe_is_heard_at_any_later_turn(fingerpost, medium, words):
    opened = await fingerpost.conversations.open(medium)
    await hear(fingerpost, opened.contact, "yes")
    await hear(fingerpost, opened.contact, "i was burgled last week")
    assert names(await hear(fingerpost, opened.contact, words)) == ["not_safe"]


async def test_that_somebody_else_cannot_talk_is_no_such_thing(fingerpost):
    opened = await fingerpost.conversations.open("chat")
    await hear(fingerpost, opened.contact, "yes")
    reply = await hear(fingerpost, opened.contact, "i cant talk to my mum about the burglary")
    assert "not_safe" not in names(reply)


HITS = ["he is outside my door with a knife", "i have taken all my tablets i want to die",
        "my mums boyfriend touches me at night im 13"]  # fmt: skip
PROMISES = ("I have asked for a person", "I have asked for one", "I have asked for a trained",
            "can ring 999 for you", "when they join", "address")  # fmt: skip


@pytest.mark.parametrize("medium", ["chat", "voice"])
@pytest.mark.parametrize("danger", HITS)
async def test_with_nobody_on_duty_no_person_is_promised(fingerpost, medium, danger):
    opened = await fingerpost.conversations.open(medium)
    so_far = ""
    for words in (danger, danger):
        reply = await hear(fingerpost, opened.contact, words)
        read = " ".join(m.text for m in reply.messages)
        so_far += read
        assert not [p for p in PROMISES if p in read]
        assert "on duty" in so_far and ("999" in read or "9 9 9" in read)


async def test_with_somebody_there_the_address_is_asked_for(fingerpost):
    await on_duty(fingerpost)
    opened = await fingerpost.conversations.open("chat")
    reply = await hear(fingerpost, opened.contact, HITS[0])
    assert names(reply) == ["emergency_immediate", "emergency_immediate_next"]
    reply = await hear(fingerpost, opened.contact, "12 mill lane taunton")
    assert names(reply) == ["emergency_immediate_noted"]


@pytest.mark.parametrize("before", ["he is outside my door with a knife", "he follows me home"])
async def test_it_is_not_safe_ends_the_asking_in_danger_too(fingerpost, before):
    opened = await fingerpost.conversations.open("chat")
    await hear(fingerpost, opened.contact, "yes")
    await hear(fingerpost, opened.contact, before)
    said = names(await hear(fingerpost, opened.contact, "its not safe"))
    assert said and not any("noted" in name or "unclear" in name for name in said)
    async with fingerpost.store.read() as tx:
        row = await conversations.conversation(tx, opened.contact.conversation_id)
    box = await fingerpost.keys.held(row.id)
    dialogue = await fingerpost.handover.transcript.dialogue(row, box)
    assert dialogue.quiet and not dialogue.check
    assert await fingerpost.handover.queue()

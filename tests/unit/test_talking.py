# SPDX-License-Identifier: Apache-2.0
"""Who is not safe to talk, or cannot speak, is seen so by staff and waits less long."""

from __future__ import annotations

import pytest

from bot.policy.turn import Said, Understanding
from bot.web import console_words as told


async def opened(fingerpost, medium, *said: Said):
    contact = (await fingerpost.conversations.open(medium)).contact
    for one in said:
        await fingerpost.conversations.hear(contact, one)
    return contact


async def row_of(fingerpost, contact):
    rows = await fingerpost.handover.queue()
    return next(r for r in rows if r.conversation_id == contact.conversation_id)


@pytest.mark.parametrize(
    ("safe", "tier", "kept"),
    [("no", "soon", "no"), ("not sure", "soon", "not_sure"), ("yes", "when_ready", "yes")],
)
async def test_who_is_not_known_to_be_safe_is_seen_soon_and_staff_are_told(
    fingerpost, safe, tier, kept
):
    contact = await opened(fingerpost, "chat", Said(text=safe), Said(key="person"))
    row = await row_of(fingerpost, contact)
    assert (row.tier, row.safe_to_talk) == (tier, kept)
    assert bool(told.talks(row)) is (tier == "soon")
    await fingerpost.handover.accept(row.id, "a-worker")
    brief = await fingerpost.handover.brief(row.id, "a-worker")
    assert brief.facts["safe_to_talk"] == kept


async def test_who_says_so_while_they_wait_goes_up_and_never_down(fingerpost):
    contact = await opened(fingerpost, "chat", Said(text="yes"), Said(key="person"))
    assert (await row_of(fingerpost, contact)).tier == "when_ready"
    await fingerpost.conversations.hear(contact, Said(text="i cant speak out loud"))
    row = await row_of(fingerpost, contact)
    assert (row.tier, row.can_speak) == ("soon", "no")


@pytest.mark.parametrize("words", ["im not alone", "not alone", "shh", "someone is listening"])
@pytest.mark.parametrize("medium", ["chat", "voice"])
async def test_who_is_not_alone_goes_up_too(fingerpost, medium, words):
    contact = await opened(fingerpost, medium, Said(text="yes"), Said(key="person"))
    await fingerpost.conversations.hear(contact, Said(text=words))
    row = await row_of(fingerpost, contact)
    assert (row.tier, row.can_speak) == ("soon", "no")


@pytest.mark.parametrize("words", ["im not alone", "shh", "no im not alone"])
@pytest.mark.parametrize("medium", ["chat", "voice"])
async def test_who_is_not_alone_is_not_safe_to_talk(fingerpost, medium, words):
    contact = (await fingerpost.conversations.open(medium)).contact
    said = (await fingerpost.conversations.hear(contact, Said(text=words))).messages
    assert [m.say for m in said] == ["not_safe"]
    await fingerpost.conversations.hear(contact, Said(key="person"))
    row = await row_of(fingerpost, contact)
    assert (row.tier, row.safe_to_talk) == ("soon", "no")


async def test_danger_is_not_lowered_to_soon(fingerpost):
    knife = Said(text="he is outside my door with a knife")
    contact = await opened(fingerpost, "chat", Said(text="no"), knife)
    assert (await row_of(fingerpost, contact)).tier == "now_first"


async def test_a_yes_to_a_worker_answers_no_question_of_ours(fingerpost):
    """A check left open does not turn a key for the worker into danger."""
    words = (Said(text="yes"), Said(text="i cant speak out loud"))
    contact = await opened(fingerpost, "voice", *words)
    await fingerpost.conversations.hear(contact, Said(text="he strangled me last week"))
    row = await row_of(fingerpost, contact)
    await fingerpost.handover.accept(row.id, "a-worker")
    await fingerpost.handover.say(row.id, "a-worker", "Are you at home?")
    await fingerpost.conversations.hear(contact, Said(key="yes"))
    assert (await row_of(fingerpost, contact)).heard == ()
    assert (await fingerpost.desk.talk(row.id, "a-worker"))[-1].message.text == "yes"


@pytest.mark.parametrize("medium", ["chat", "voice"])
async def test_who_cannot_speak_is_shown_somebody_to_write_to(fingerpost, medium):
    contact = await opened(
        fingerpost, medium, Said(text="yes"), Said(text="i cant speak out loud")
    )
    facts = await fingerpost.facts.of(contact.conversation_id)
    shown = fingerpost.offers.offer({**facts, "topic": "burglary_theft"}, medium)
    assert any(card.text for card in shown)


async def test_staff_are_not_told_that_somebody_said_what_a_model_guessed(fingerpost, monkeypatch):
    guessed = Understanding("immediate_danger", "interrupt", act="cannot_speak")
    contact = await opened(fingerpost, "chat", Said(text="yes"))
    monkeypatch.setattr(fingerpost.screen, "understand", lambda *_: guessed)
    await fingerpost.conversations.hear(contact, Said(text="hes back i can hear the car"))
    assert (await row_of(fingerpost, contact)).can_speak == ""


async def test_who_wrote_on_in_danger_is_said_first_to_have_told_where_they_are(fingerpost):
    knife = Said(text="he is outside my door with a knife")
    contact = await opened(fingerpost, "chat", Said(text="yes"), knife)
    assert not told.talks(await row_of(fingerpost, contact))
    await fingerpost.conversations.hear(contact, Said(text="14 mill lane, exeter"))
    first = told.talks(await row_of(fingerpost, contact))[0]
    assert "where they are" in first and "999" in first

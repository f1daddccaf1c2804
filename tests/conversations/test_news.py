# SPDX-License-Identifier: Apache-2.0
"""Whether the help came, as the edge asks it: each answer is kept and met."""

from __future__ import annotations

import uuid

import pytest

from bot.assistant.meaning import Turn
from bot.policy.turn import Line, Medium
from bot.store import referrals
from tests.conversations.states import way_to


@pytest.mark.parametrize(
    ("choice", "kept"),
    [("help_came", "came"), ("help_not_yet", "not_yet"), ("help_not_came", "not_came")],
)
async def test_each_answer_is_kept_and_met(talk, stores, choice, kept):
    conversation, service = await talk("chat"), stores[1]
    story = conversation.id
    await service.referrals.consent(
        conversation_id=story, turn_id=str(uuid.uuid4()), service_id="a-service", medium="chat",
        lines=[Line("topic", "What it is about", "a burglary")],
    )  # fmt: skip
    turn = Turn(story, str(uuid.uuid4()), "chat", "x", intent="choose", choice=choice)
    assert [said["say"] for said in await conversation.engine.hear(turn)] == [f"news_{kept}"]
    async with service.referrals.store.read() as tx:
        assert [row.arrived for row in await referrals.of_story(tx, story)] == [kept]


async def test_an_answer_about_nothing_is_not_thanked_for(talk):
    conversation = await talk("chat")
    turn = Turn(conversation.id, str(uuid.uuid4()), "chat", "x", "choose", choice="help_came")
    assert [said["say"] for said in await conversation.engine.hear(turn)] == ["news_nothing_to_ask"]


@pytest.mark.parametrize(("medium", "later"), [(Medium.CHAT, True), (Medium.VOICE, False)])
async def test_nobody_is_offered_by_telephone_to_be_asked_later(talk, medium, later):
    """The call is over by then; by chat the talk may still last."""
    conversation = await talk("chat")
    for turn in way_to("consent_answer"):
        await conversation.hear(**dict(turn))
    conversation.medium = medium
    assert await conversation.hear(choice="yes") == ["consent_given", "news_wait_by_hand"]
    assert ("ask_later" in conversation.offered) is later
    assert {"calm", "person", "done"} <= set(conversation.offered)
    assert ("ask you later" in conversation.said[-1].text) is later


async def test_a_note_is_taken_back_in_another_talk_by_its_reference(talk, stores):
    story, service = await talk("chat"), stores[1]
    reference = await service.referrals.consent(
        conversation_id=story.id, turn_id=str(uuid.uuid4()), service_id="a-service", medium="chat",
        lines=[Line("topic", "What it is about", "a burglary")],
    )  # fmt: skip
    other = await talk("chat")
    taken = {"intent": "withdraw_consent"}
    assert await other.hear(text="cancel AAAAAA", **taken) == ["consent_nothing_to_withdraw"]
    assert await other.hear(text=f"cancel {reference}", **taken) == ["consent_named"]
    async with service.referrals.store.read() as tx:
        assert [row.consent for row in await referrals.of_story(tx, story.id)] == ["withdrawn"]

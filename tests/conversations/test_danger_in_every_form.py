# SPDX-License-Identifier: Apache-2.0
"""Danger at any question closes the form, stores nothing, and the question can be resumed."""

from __future__ import annotations

import pytest

from bot.assistant.meaning import SILENT
from bot.policy.passing import OTHERS
from tests.conversations.states import QUESTIONS, way_to

SAID = "07700 900123 he is here now please"
MOVES = ("unmet", "interrupted", "heard", "requested_slot", "session_started_metadata", "needs_put")


async def at(talk, question):
    conversation = await talk()
    for turn in way_to(question):
        await conversation.hear(**dict(turn))
    assert await conversation.slot("requested_slot") == question
    return conversation


@pytest.mark.parametrize("question", QUESTIONS)
async def test_every_interrupt_closes_the_form_and_stores_nothing(question, talk, action_calls):
    conversation = await at(talk, question)
    before = (await conversation.tracker()).current_slot_values()
    saved = await conversation.engine.store.rows.get(conversation.id)
    for intent in sorted(SILENT):
        version, _ = await conversation.engine.store.rows.get(conversation.id)
        await conversation.engine.store.rows.put(conversation.id, saved[1], version)
        action_calls.calls.clear()
        action_calls.down = True  # closing a form must not hang on the action server
        assert await conversation.hear(intent=intent, text=SAID, topic="domestic_abuse") == []
        tracker = await conversation.tracker()
        assert tracker.active_loop_name is None, intent
        assert tracker.get_slot("interrupted") == QUESTIONS[question], intent
        after = {k: v for k, v in tracker.current_slot_values().items() if k not in MOVES}
        assert after == {k: v for k, v in before.items() if k not in MOVES}, intent
        assert action_calls.calls == [], intent
        action_calls.down = False


@pytest.mark.parametrize("question", QUESTIONS)
async def test_the_same_question_is_taken_up_again(question, talk):
    conversation = await at(talk, question)
    asked = conversation.said[-1].say
    await conversation.hear(intent="check_red_flag", text=SAID, topic="stalking_harassment")
    says = await conversation.hear(intent="check_cleared", text="no")
    asks_for_others = await conversation.slot("needs_who") in OTHERS
    heard = "support_heard_them" if asks_for_others else "support_heard_stalking_harassment"
    assert says == [heard, "support_resume"]
    assert await conversation.hear(choice="yes") == [asked]
    assert await conversation.slot("requested_slot") == question


async def test_carrying_on_after_danger_offers_the_questions_again(talk):
    conversation = await at(talk, "needs_area")
    await conversation.hear(intent="danger_immediate", text=SAID, topic="domestic_abuse")
    conversation.offered = ("person", "carry_on")  # the edge's own words offered these
    assert await conversation.hear(choice="carry_on") == ["support_heard_them", "support_resume"]
    assert await conversation.hear(choice="no") == ["support_what_would_help"]
    assert await conversation.hear(intent="staff_done") == ["support_what_would_help"]
    assert await conversation.hear(choice="find_help") == ["needs_intro", "needs_ask_area_them"]


async def test_a_detail_at_any_question_is_acknowledged_and_the_question_asked_again(talk):
    for question in QUESTIONS:
        conversation = await at(talk, question)
        asked = conversation.said[-1].say
        says = await conversation.hear(intent="disclose", text="and he shouted at my mum")
        assert says == ["support_noted", asked], question
        assert await conversation.slot(question) is None, question
        assert "calm" not in conversation.offered, question

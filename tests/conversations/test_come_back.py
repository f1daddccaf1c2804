# SPDX-License-Identifier: Apache-2.0
"""Who goes on by a code is told nothing of what was heard before: it may be somebody else."""

from __future__ import annotations

import pytest

from bot.policy.postponed import CARRY_ON, COME_BACK


@pytest.mark.parametrize(("choice", "tells"), [(CARRY_ON, True), (COME_BACK, False)])
async def test_what_was_told_in_danger_is_named_only_where_they_stayed(talk, choice, tells):
    conversation = await talk("chat")
    await conversation.hear(intent="danger_immediate", topic="sexual_violence", urgency="high")
    said = await conversation.hear(intent="choose", named=choice)
    assert any("sexual_violence" in name for name in said) is tells
    assert any(key.startswith("script_") for key in conversation.offered) is tells


@pytest.mark.parametrize("back", [True, False])
async def test_the_first_free_question_is_not_answered_with_what_was_told_before(talk, back):
    conversation = await talk("chat")
    told = {"topic": "sexual_violence", "urgency": "high"}
    await conversation.hear(intent="check_red_flag", text="he does it every week", **told)
    code = {"named": COME_BACK} if back else {}
    said = await conversation.hear(
        intent="ask_information", text="how long does it take", **code
    )
    assert any("sexual_violence" in name for name in said) is not back
    assert (await conversation.slot("heard") == "sexual_violence") is not back
    assert await conversation.loop() is None
    if back:  # what is told from now on counts
        own = {"topic": "fraud", "urgency": "standard"}
        await conversation.hear(intent="disclose", text="i was scammed", **own)
        assert await conversation.slot("heard") == "fraud"


async def test_whoever_picks_services_by_a_code_is_asked_what_it_is_about(talk):
    conversation = await talk("voice")
    await conversation.hear(intent="disclose", topic="sexual_violence", urgency="high")
    said = await conversation.hear(intent="choose", named=f"{COME_BACK}:find_help")
    assert "needs_ask_topic" in said


async def test_no_question_that_was_open_before_is_put_to_whoever_comes_by_a_code(talk):
    conversation = await talk("chat")
    await conversation.hear(intent="begin")
    await conversation.hear(choice="find_help")
    await conversation.hear(choice="fraud")
    said = await conversation.hear(
        intent="ask_information", text="how long does it take", named=COME_BACK
    )
    assert not any(name.startswith("needs_") for name in said)
    assert await conversation.loop() is None
    assert await conversation.slot("needs_topic") is None

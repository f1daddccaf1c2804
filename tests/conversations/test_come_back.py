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
    if back:  # what is told from now on counts
        own = {"topic": "fraud", "urgency": "standard"}
        await conversation.hear(intent="disclose", text="i was scammed", **own)
        assert await conversation.slot("heard") == "fraud"

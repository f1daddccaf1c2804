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

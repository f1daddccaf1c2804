# SPDX-License-Identifier: Apache-2.0
"""A reference of another talk takes back what it is for; nobody is told whether there is such."""

from __future__ import annotations

import uuid

import pytest

from bot.policy.turn import Line
from bot.store import referrals


@pytest.mark.parametrize("real", [True, False])
async def test_a_real_reference_is_answered_as_a_false_one_is(talk, stores, real):
    agreed, service = await talk("chat"), stores[1]
    reference = await service.referrals.consent(
        conversation_id=agreed.id, turn_id=str(uuid.uuid4()), service_id="a-service", medium="chat",
        lines=[Line("topic", "What it is about", "a burglary")],
    )  # fmt: skip
    stranger = await talk("chat")
    named = f"cancel {reference if real else 'ACDEF3'}"
    assert await stranger.hear(intent="withdraw_consent", text=named) == ["consent_named"]
    async with service.referrals.store.read() as tx:
        (row,) = await referrals.of_story(tx, agreed.id)
    assert row.consent == ("withdrawn" if real else "to_send")

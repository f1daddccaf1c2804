# SPDX-License-Identifier: Apache-2.0
"""Somebody who has everything deleted is told what a service was sent already, and only then."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions import privacy
from actions.base import Turn
from bot.policy.turn import Line


@pytest.mark.parametrize("sent", [False, True])
async def test_they_are_told_what_has_gone_to_a_service(fingerpost, monkeypatch, sent):
    opened = await fingerpost.conversations.open("chat")
    story = opened.contact.conversation_id
    await fingerpost.referrals.consent(
        conversation_id=story, turn_id="a turn", service_id="a-service",
        lines=[Line("topic", "What about", "a burglary")], medium="chat",
    )  # fmt: skip
    (one,) = await fingerpost.referrals.to_act_on("a-worker")
    if sent:
        await fingerpost.notes_out.desk.sent(one.id, "a-worker")
    app = SimpleNamespace(retention=fingerpost.retention, referrals=fingerpost.referrals)
    monkeypatch.setattr(privacy, "app", lambda: app)
    said = CollectingDispatcher()
    await privacy.Erase().act(said, None, Turn(story, "another turn", "chat", ()))
    names = [message["custom"]["say"] for message in said.messages]
    assert names == ["delete_done"] + ["delete_passed_on"] * sent

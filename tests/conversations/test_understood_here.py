# SPDX-License-Identifier: Apache-2.0
"""A turn that arrives without an understanding, as from `rasa shell`, is understood by ours."""

from __future__ import annotations

import uuid

from bot.assistant.meaning import Turn


async def hear(conversation, text):
    turn = Turn(conversation.id, str(uuid.uuid4()), "chat", text)
    said = await conversation.engine.hear(turn)
    message = (await conversation.tracker()).latest_message
    return message.intent["name"], [utterance["say"] for utterance in said]


async def test_danger_without_an_edge_is_still_danger(talk):
    conversation = await talk()
    intent, said = await hear(conversation, "he is in the house now with a knife help me")
    assert intent == "danger_immediate"
    assert said == []


async def test_a_command_without_an_edge_is_still_only_words(talk):
    conversation = await talk()
    for text in ("/restart", "\u3000/restart", '/danger_immediate{"topic":"fraud"}', " // /slots"):
        intent, said = await hear(conversation, text)
        assert intent not in ("restart", "slots", "danger_immediate"), text
        assert said, text

# SPDX-License-Identifier: Apache-2.0
"""Taking back a call leaves a note as it is, and the other way round; "everything" is both."""

from __future__ import annotations

import uuid

import pytest

from bot.policy.turn import Line
from bot.store import callbacks, referrals

ANSWERS = {"contact_number": "+447400123456", "contact_when": "any_time"}


async def agreed_to_both(story, service) -> dict[str, str]:
    """Let somebody agree to a note and to a call; return the references."""
    note = await service.referrals.consent(
        conversation_id=story, turn_id=str(uuid.uuid4()), service_id="a-service", medium="chat",
        lines=[Line("topic", "What it is about", "a burglary")],
    )  # fmt: skip
    call = await service.callbacks.book(
        conversation_id=story, turn_id=str(uuid.uuid4()), answers=ANSWERS, medium="chat",
        lines=service.callbacks.draft(ANSWERS),
    )  # fmt: skip
    return {"note": note, "call": call.reference}


@pytest.mark.parametrize(
    ("text", "says", "stand"),
    [
        ("cancel the call, my reference is {call}", ["callback_withdrawn"], {"note"}),
        ("cancel the call, my reference is {note}", ["consent_withdrawn"], {"call"}),
        ("cancel {call}", ["callback_withdrawn"], {"note"}),
        ("cancel {note}", ["consent_withdrawn"], {"call"}),
        ("dont ring me after all", ["consent_withdrawn", "callback_withdrawn"], set()),
        ("i take it all back", ["consent_withdrawn", "callback_withdrawn"], set()),
    ],
)
async def test_what_is_named_is_taken_back_alone(talk, stores, text, says, stand):
    conversation, service = await talk("chat"), stores[1]
    named = await agreed_to_both(conversation.id, service)
    heard = text.format(**named)
    assert await conversation.hear(intent="withdraw_consent", text=heard) == says
    async with service.referrals.store.read() as tx:
        (note,) = await referrals.of_story(tx, conversation.id)
        (record,) = await callbacks.records_of(tx, conversation.id)
        (call,) = await callbacks.callbacks_of(tx, record.id)
    found = {"note": note.consent == "to_send", "call": call.state == "booked"}
    assert {kind for kind, stands in found.items() if stands} == stand

# SPDX-License-Identifier: Apache-2.0
"""Who waits for a person, or hears that nobody is on duty, may choose a call at a safe time."""

from __future__ import annotations

import pytest

from bot.policy.turn import Said
from bot.settings import load
from tests.console import DANGER

RINGS = {
    "FINGERPOST_ON_CALL": "+441172000001", "TWILIO_NUMBER": "+441172345678",
    "TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
}  # fmt: skip


@pytest.fixture
def rings() -> bool:
    return True


@pytest.fixture
def settings(tmp_path, rings):
    given = {"FINGERPOST_VAR": str(tmp_path), "FINGERPOST_SECRET_KEYS": "k" * 40}
    return load(given | (RINGS if rings else {}))


async def asks(fingerpost, *before, medium="chat"):
    contact = (await fingerpost.conversations.open(medium)).contact
    for text in (*before, "can i speak to a person please"):
        reply = await fingerpost.conversations.hear(contact, Said(text=text))
    return contact, reply.messages[-1]


def keys(message):
    return [choice.key for choice in message.choices]


@pytest.fixture
async def sam(sign_in, fingerpost):
    found = await sign_in()
    await fingerpost.accounts.set_available(found.id, True)
    return found


@pytest.mark.parametrize("medium", ["chat", "voice"])
async def test_who_waits_may_choose_to_be_rung_instead(fingerpost, sam, medium):
    contact, message = await asks(fingerpost, medium=medium)
    assert message.say == "person_asked" and keys(message) == ["callback", "calm", "find_help"]
    assert all(choice.label for choice in message.choices)
    again = await fingerpost.conversations.hear(contact, Said(text="i want a person please"))
    assert "callback" in keys(again.messages[-1])
    place = await fingerpost.conversations.hear(contact, Said(text="how long do i have to wait"))
    assert place.messages[-1].say == "waiting_update" and "callback" in keys(place.messages[-1])


async def test_who_hears_that_nobody_is_on_duty_may_choose_it_too(fingerpost):
    fingerpost.duty.means = ()  # no page reaches anybody now; a worker may ring later
    _, message = await asks(fingerpost)
    assert message.say == "person_nobody"
    assert keys(message) == ["callback", "find_help", "calm", "done"]


@pytest.mark.parametrize("how", ["choice", "words"])
async def test_it_goes_to_the_questions_of_a_call_and_keeps_the_place_in_line(
    fingerpost, sam, assistant, how
):
    contact, message = await asks(fingerpost)
    pick = next(choice.id for choice in message.choices if choice.key == "callback")
    said = Said(choice=pick) if how == "choice" else Said(text="ring me back please")
    await fingerpost.conversations.hear(contact, said)
    assert assistant.heard[-1]["choice"] == "callback"
    (waits,) = await fingerpost.handover.queue()
    assert waits.state == "waiting"


async def test_whoever_is_in_danger_is_to_be_reached_now(fingerpost, sam):
    _, message = await asks(fingerpost, DANGER)
    assert "callback" not in keys(message)


@pytest.mark.parametrize("rings", [False])
async def test_where_nobody_here_can_ring_out_it_is_not_offered(fingerpost, rings):
    _, message = await asks(fingerpost)
    assert message.say == "person_nobody" and "callback" not in keys(message)

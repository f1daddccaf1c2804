# SPDX-License-Identifier: Apache-2.0
"""Asking for a person is heard wherever it is said, also when it begins with a no."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.policy.turn import Said, State
from bot.understanding import Context, Screen

ROOT = Path(__file__).resolve().parents[2]
ASKED = (
    "no wait is anyone there", "hello is somebody there", "is this a real person",
    "can i speak to someone pls", "anybody there", "is anyone listening to me",
    "no i want a person", "wait can i talk to somebody", "can anyone hear me",
    "am i talking to a real person", "hello?? is any1 there",
)  # fmt: skip
NOT_ASKED = (
    "is there anyone who can fix my door", "is there anyone there who can mend a lock",
    "he asked is anyone there and then broke in", "can someone help me with my rent",
    "somebody there hit me", "is he there", "there was someone there", "are you a robot",
    "is anyone allowed to see this", "no person saw it", "no one is there",
)  # fmt: skip


@pytest.fixture(scope="module")
def screen() -> Screen:
    return Screen.load(ROOT / "models", ROOT / "data")


@pytest.fixture(scope="module")
def floor(tmp_path_factory: pytest.TempPathFactory) -> Screen:
    """The rules alone, as when no model was ever trained."""
    return Screen.load(tmp_path_factory.mktemp("no_models"), ROOT / "data")


@pytest.mark.parametrize("medium", ["chat", "voice"])
def test_it_is_heard_with_and_without_a_model(screen: Screen, floor: Screen, medium) -> None:
    for text in ASKED:
        for found in (screen, floor):
            heard = found.understand(text, medium, Context())
            assert (heard.act, heard.action) == ("ask_human", "none"), text
    for text in NOT_ASKED:
        for found in (screen, floor):
            assert found.understand(text, medium, Context()).act != "ask_human", text


@pytest.mark.parametrize("medium", ["chat", "voice"])
@pytest.mark.parametrize(
    "question",
    ["opening_safe", "support_invite", "needs_ask_reported", "needs_ask_age_band",
     "consent_brief", "referral_ask_contact_number", "small_goodbye"],
)  # fmt: skip
async def test_it_answers_no_question_and_brings_a_person(
    question, medium, fingerpost, assistant
) -> None:
    for text in ASKED:
        if question == "opening_safe" and text.startswith("no i "):
            continue  # it may not be safe to talk: that is taken first
        opened = await fingerpost.conversations.open(medium)
        if question != "opening_safe":
            (yes,) = (c.id for m in opened.reply.messages for c in m.choices if c.key == "yes")
            assistant.says = [question]
            await fingerpost.conversations.hear(opened.contact, Said(choice=yes))
        reply = await fingerpost.conversations.hear(opened.contact, Said(text=text))
        assert reply.state is State.WAITING, text
        assert reply.messages[-1].say.startswith("person_"), text


async def test_beside_a_no_to_danger_the_person_comes_and_the_question_stays(fingerpost) -> None:
    opened = await fingerpost.conversations.open("chat")
    hear = fingerpost.conversations.hear
    (yes,) = (c.id for m in opened.reply.messages for c in m.choices if c.key == "yes")
    await hear(opened.contact, Said(choice=yes))
    asked = await hear(opened.contact, Said(text="i think someone is there"))
    assert asked.messages[-1].say.startswith("check_")
    reply = await hear(opened.contact, Said(text="no, i want to talk to a person"))
    assert reply.state is State.WAITING and reply.messages[-1].say.startswith("person_")


async def test_who_asks_if_we_are_a_person_is_told_what_we_are(fingerpost) -> None:
    opened = await fingerpost.conversations.open("voice")
    reply = await fingerpost.conversations.hear(opened.contact, Said(text="is this a real person"))
    told = [m.say for m in reply.messages]
    assert told[0] == "person_automated" and told[-1].startswith("person_")


async def test_while_they_wait_it_is_said_how_it_stands(fingerpost) -> None:
    opened = await fingerpost.conversations.open("chat")
    hear = fingerpost.conversations.hear
    await hear(opened.contact, Said(text="no wait is anyone there"))
    reply = await hear(opened.contact, Said(text="hello is somebody there"))
    assert reply.state is State.WAITING and len(reply.messages) == 1

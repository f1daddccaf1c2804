# SPDX-License-Identifier: Apache-2.0
"""What somebody said yes to: shown to the worker who has them, and given again by hand."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.policy import callback
from bot.policy.hours import LONDON
from bot.policy.turn import Line, Medium, Utterance
from bot.service.callback import RECALLED
from bot.store import referrals
from bot.web.console_words import CALLS
from tests.console import person, seen

GIVEN = {
    "contact_number": "+447400123456", "contact_when": "morning", "contact_code_word": "banana",
}  # fmt: skip


@pytest.fixture
async def sam(sign_in, clock):
    clock.now = datetime(2026, 11, 27, 8, 0, tzinfo=LONDON).timestamp()
    return await sign_in()


@pytest.fixture
async def story(fingerpost, sam):
    """Somebody who agreed to a note and to a call, and whom Sam has; their place in the queue."""
    contact, waiting = await person(fingerpost, "can i speak to a person please")
    await fingerpost.handover.accept(waiting, sam.id)
    service, story = fingerpost.callbacks, contact.conversation_id
    await service.book(
        conversation_id=story, turn_id="call", answers=GIVEN, lines=service.draft(GIVEN),
        medium="voice",
    )  # fmt: skip
    await fingerpost.referrals.consent(
        conversation_id=story, turn_id="note", service_id="victim_support", medium="chat",
        lines=[Line("service", "Who gets this", "Victim Support"), Line("called", "Name", "Ada")],
    )  # fmt: skip
    return waiting


async def test_each_is_shown_with_its_lines_words_and_channel(sam, story, fingerpost):
    receipts = await fingerpost.receipts.of(story, sam.id)
    assert {one.kind for one in receipts} == {"call", "victim_support"}
    page = await (await sam.get(f"/staff/people/{story}")).text()
    for one in receipts:
        assert one.reference in page and one.wording == fingerpost.words.version
        assert all(line.text in page for line in one.lines)
    assert "It is booked." in page and "by telephone" in page


async def test_it_is_given_again_by_hand_without_number_name_or_word(sam, story, fingerpost):
    for one in await fingerpost.receipts.of(story, sam.id):
        assert one.reference in one.again and "You can change your mind" in one.again
        assert not any(kept in one.again for kept in ("7400", "07400", "banana", "Ada"))
    call = next(r for r in await fingerpost.receipts.of(story, sam.id) if r.kind == "call")
    assert call.code_word == "banana"
    path = f"/staff/people/{story}/draft"
    page = await (await sam.post(path, text=call.again)).text()
    assert f"Your reference is {call.reference}." in page.partition("<textarea id=\"text\"")[2]


async def test_each_receipt_says_when_how_and_to_which_words(sam, story, fingerpost, clock):
    """By the record of the yes, also when it is given again another day."""
    wording = fingerpost.words.version[:6]
    for one in await fingerpost.receipts.of(story, sam.id):
        assert "today at 8 am" in one.again and wording in one.again
        assert ("telephone" if one.medium == "voice" else "chat") in one.again
    clock.now += 8 * 24 * 3600
    for one in await fingerpost.receipts.of(story, sam.id):
        assert "Friday 27 November at 8 am" in one.again


@pytest.mark.parametrize("say", ["consent_given", "consent_to_judge"])
async def test_who_says_yes_is_told_it_at_once(story, fingerpost, say):
    held = next(w for w in await fingerpost.handover.queue() if w.id == story)
    receipt = next(r for r in await notes_of(fingerpost, held.conversation_id))
    to_judge, told = await fingerpost.referrals.receipt(held.conversation_id, receipt.reference)
    assert not to_judge and told["reference"] == receipt.reference
    heard = fingerpost.words.message(Utterance(say, told), Medium.VOICE).text
    read = fingerpost.words.message(Utterance(say, told), Medium.CHAT).text
    for text in (heard, read):
        assert "today at 8 am" in text and "chat" in text
    # A second code beside the reference would be taken for it by ear.
    assert receipt.wording[:6] in read and receipt.wording[:6] not in heard


async def test_a_call_that_is_booked_comes_with_its_receipt(fingerpost, story):
    service = fingerpost.callbacks
    contact, _ = await person(fingerpost, "can i speak to a person please")
    made = {
        "conversation_id": contact.conversation_id, "turn_id": "once", "answers": GIVEN,
        "lines": service.draft(GIVEN), "medium": "chat",
    }  # fmt: skip
    told = service.told(await service.book(**made))
    read = fingerpost.words.message(Utterance("callback_booked", told), Medium.CHAT).text
    assert "today at 8 am, by chat" in read and fingerpost.words.version[:6] in read
    assert service.told(await service.book(**made)) == told  # the same turn once more


async def notes_of(fingerpost, story):
    async with fingerpost.store.read() as tx:
        return await referrals.of_story(tx, story)


async def test_what_was_taken_back_is_shown_as_that(sam, story, fingerpost):
    held = next(w for w in await fingerpost.handover.queue() if w.id == story)
    await fingerpost.callbacks.withdraw(held.conversation_id)
    assert "They took it back." in await (await sam.get(f"/staff/people/{story}")).text()


async def test_a_view_is_in_the_audit_and_a_colleague_sees_none(sam, story, fingerpost, sign_in):
    ines = await sign_in("Ines Reyes")
    await sam.get(f"/staff/people/{story}")
    one = (await fingerpost.calling_back.board("test"))[0]
    assert (sam.id, "receipt") in await seen(fingerpost, one.id)
    assert (await ines.get(f"/staff/people/{story}")).status == 403


def test_every_state_of_a_call_is_said_in_words():
    states = {
        *callback.OPEN, callback.DONE, callback.OVER, callback.WITHDRAWN, RECALLED,
    }  # fmt: skip
    assert set(CALLS) == states

# SPDX-License-Identifier: Apache-2.0
"""Somebody else whom a person asks for: kept apart, seen by few, reached by nobody."""

from __future__ import annotations

import uuid

import pytest

from bot.policy.safe_contact import CALLBACK, DETAILS, MEDIA, Permit, permits
from bot.policy.turn import State
from bot.service import contact_plan
from bot.service.export import export
from bot.service.ports import ConversationError
from bot.service.somebody_else import KEPT_FOR
from bot.store import callbacks, conversations
from bot.store.keys import KeyGone
from tests.console import person, seen

TOLD = {
    "name": "Marigold Quince", "tie": "her sister", "reach": "07400 123456",
    "matters": "lives alone",
}  # fmt: skip


@pytest.fixture
async def sam(sign_in):
    return await sign_in()


@pytest.fixture
async def taken(fingerpost, sam):
    contact, waiting = await person(fingerpost, "can i speak to a person please")
    await fingerpost.handover.accept(waiting, sam.id)
    return contact, f"/staff/people/{waiting}/somebody-else"


async def kept(fingerpost, story):
    async with fingerpost.store.read() as tx:
        (row,) = await callbacks.records_of(tx, story)
        box = await fingerpost.keys.box(row.id)
        return row, (await contact_plan.latest(tx, box, row.id)).plan


async def test_it_is_kept_once_as_a_record_of_its_own(sam, taken, fingerpost, settings):
    contact, path = taken
    form = TOLD | {"client_id": str(uuid.uuid4())}
    for _ in range(2):
        assert (await sam.post(path, **form)).status == 303
    page = await (await sam.get(path)).text()
    assert page.count("Marigold Quince") == 1 and "Nobody is reached by it" in page
    row, _ = await kept(fingerpost, contact.conversation_id)
    assert row.id != contact.conversation_id and row.given_by == "somebody_else"
    assert (sam.id, "other_seen") in await seen(fingerpost, row.id)
    await fingerpost.store.settle()
    assert b"Marigold" not in (settings.var / "fingerpost.db").read_bytes()


async def test_nobody_is_reached_by_it_in_any_way(sam, taken, fingerpost, clock):
    contact, path = taken
    await sam.post(path, **TOLD)
    _, plan = await kept(fingerpost, contact.conversation_id)
    assert plan.number == "+447400123456"
    for medium in MEDIA:
        for purpose in (CALLBACK, DETAILS):
            found = permits(plan, medium, plan.address(medium), clock(), purpose)
            assert not isinstance(found, Permit) and found.reason == "given_by_another"
    assert await fingerpost.calling_back.board(sam.id) == []


async def test_it_is_not_shown_back_to_who_gave_it(sam, taken, fingerpost):
    contact, path = taken
    await sam.post(path, **TOLD)
    found = await export(fingerpost.store, fingerpost.keys, contact.conversation_id)
    assert "Marigold" not in found and "7400" not in found
    said = await fingerpost.conversations.messages(contact)
    assert not any("Marigold" in m.text for m in said.messages)


async def test_only_who_has_the_story_sees_or_adds_to_it(sign_in, sam, taken):
    _, path = taken
    await sam.post(path, **TOLD)
    ines = await sign_in("Ines Reyes")
    assert (await ines.get(path)).status == 403
    assert (await ines.post(path, **TOLD)).status == 403


async def test_who_joined_the_conversation_neither_sees_nor_adds_to_it(sign_in, sam, taken):
    _, path = taken
    await sam.post(path, **TOLD)
    talk = path.removesuffix("/somebody-else")
    ada = await sign_in("Ada Bell", "supervisor")
    assert (await ada.post(f"{talk}/join")).status == 303
    assert path not in await (await ada.get(talk)).text()
    assert (await ada.get(path)).status == (await ada.post(path, **TOLD)).status == 403
    assert path in await (await sam.get(talk)).text()


async def test_nothing_is_taken_down_once_the_conversation_has_closed(sam, taken, fingerpost):
    contact, path = taken
    async with fingerpost.store.write() as tx:
        await conversations.change(tx, contact.conversation_id, state=State.ENDED)
    assert (await sam.get(path)).status == (await sam.post(path, **TOLD)).status == 403
    async with fingerpost.store.read() as tx:
        assert await callbacks.records_of(tx, contact.conversation_id) == []


async def test_it_goes_after_a_week_and_with_the_conversation_where_that_is_erased(
    sam, taken, fingerpost, clock
):
    contact, path = taken
    await sam.post(path, **TOLD)
    row, _ = await kept(fingerpost, contact.conversation_id)
    clock.pass_by(KEPT_FOR - 60)
    await fingerpost.retention.run()
    await fingerpost.keys.box(row.id)
    clock.pass_by(120)
    await fingerpost.retention.run()
    with pytest.raises(KeyGone):
        await fingerpost.keys.box(row.id)


async def test_it_is_erased_with_everything_and_not_by_taking_a_call_back(
    sam, taken, fingerpost
):
    contact, path = taken
    await sam.post(path, **TOLD)
    row, _ = await kept(fingerpost, contact.conversation_id)
    await fingerpost.callbacks.withdraw(contact.conversation_id)
    assert not (await kept(fingerpost, contact.conversation_id))[1].withdrawn
    await fingerpost.retention.erase(contact.conversation_id)
    with pytest.raises(KeyGone):
        await fingerpost.keys.box(row.id)


@pytest.mark.parametrize("form", [{}, {"name": "  "}, {"name": "x" * 401}])
async def test_nothing_and_too_much_are_refused(sam, taken, fingerpost, form):
    contact, path = taken
    assert (await sam.post(path, **form)).status == 422
    async with fingerpost.store.read() as tx:
        assert await callbacks.records_of(tx, contact.conversation_id) == []


async def test_no_key_is_left_of_what_was_not_kept(sam, taken, fingerpost, monkeypatch):
    """Of a form that comes twice, and of one from whom the story has gone to somebody else."""
    contact, path = taken
    made, make = [], fingerpost.keys.make

    async def noted(key_id):
        made.append(key_id)
        return await make(key_id)

    monkeypatch.setattr(fingerpost.keys, "make", noted)
    form = {name: TOLD[name] for name in TOLD}
    keep, waiting = fingerpost.somebody_else.keep, path.split("/")[3]
    for _ in range(2):
        await keep(waiting, sam.id, form, "the-same-form")
    with pytest.raises(ConversationError, match="not_yours"):
        await keep(waiting, "somebody-else", form, "another")
    row, _ = await kept(fingerpost, contact.conversation_id)
    assert len(made) == 3 and made[0] == row.id
    assert await fingerpost.keys.held(row.id)
    assert [await fingerpost.keys.held(one) for one in made[1:]] == [None, None]

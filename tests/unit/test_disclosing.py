# SPDX-License-Identifier: Apache-2.0
"""Something passed on without a yes: by a lead alone, with a reason; told unless dangerous."""

from __future__ import annotations

import json
import uuid

import pytest

from bot.service.disclosing import KEPT_FOR, RECIPIENTS
from bot.service.export import export
from bot.store import console_rows, conversations, referrals
from bot.store.keys import KeyGone
from bot.web.console_disclosing import TO
from tests.console import DANGER, person, seen

SECRET = "her brother's lilac car"
FORM = {"recipient": "police", "what": SECRET, "reason": "he said tonight", "dangerous": "no"}


async def taken(fingerpost, someone, *said):
    contact, waiting = await person(fingerpost, *(said or [DANGER]))
    await fingerpost.handover.accept(waiting, someone.id)
    return contact, f"/staff/people/{waiting}/disclose"


async def said_to(fingerpost, contact):
    reply = await fingerpost.conversations.messages(contact)
    return [m for m in reply.messages if m.say == "disclosed_told"]


async def decisions(fingerpost, contact):
    async with fingerpost.store.read() as tx:
        return await referrals.disclosures_of(tx, contact.conversation_id)


@pytest.fixture
async def lead(sign_in):
    return await sign_in("Lena Marsh", "safeguarding")


def test_every_recipient_has_a_name():
    assert set(TO) == set(RECIPIENTS)


@pytest.mark.parametrize("recipient", RECIPIENTS)
async def test_a_lead_decides_and_the_person_is_told(lead, fingerpost, settings, recipient):
    contact, path = await taken(fingerpost, lead)
    answer = await lead.post(path, **FORM | {"recipient": recipient})
    page = await answer.text()
    assert answer.status == 200 and "The person was told just now" in page
    (told,) = await said_to(fingerpost, contact)
    assert "has told" in told.text and SECRET not in told.text and "Lena" not in told.text
    (row,) = await decisions(fingerpost, contact)
    assert (row.recipient, row.staff_id, row.told_at is not None) == (recipient, lead.id, True)
    assert (lead.id, "disclosed") in await seen(fingerpost, contact.conversation_id)
    assert (lead.id, f"disclosed_{recipient}") in await seen(fingerpost, row.id)
    await fingerpost.store.settle()
    assert b"lilac" not in (settings.var / "fingerpost.db").read_bytes()


async def test_where_telling_is_dangerous_the_person_is_told_nothing(lead, fingerpost):
    contact, path = await taken(fingerpost, lead)
    page = await (await lead.post(path, **FORM | {"dangerous": "yes"})).text()
    assert "not told, as you decided" in page and "that could put somebody in danger" in page
    assert await said_to(fingerpost, contact) == []
    found = json.loads(await export(fingerpost.store, fingerpost.keys, contact.conversation_id))
    assert found["told_without_a_yes"] == []


async def test_what_they_were_told_of_is_in_what_they_may_ask_for(lead, fingerpost):
    contact, path = await taken(fingerpost, lead)
    await lead.post(path, **FORM)
    found = json.loads(await export(fingerpost.store, fingerpost.keys, contact.conversation_id))
    assert [(d["to"], d["what"]) for d in found["told_without_a_yes"]] == [("police", SECRET)]


async def test_who_left_is_told_by_a_worker(lead, fingerpost):
    contact, path = await taken(fingerpost, lead)
    await fingerpost.conversations.leave(contact)
    page = await (await lead.post(path, **FORM)).text()
    assert "tell them yourself" in page and await said_to(fingerpost, contact) == []
    assert (await decisions(fingerpost, contact))[0].told_at is None


@pytest.mark.parametrize("medium", ["voice", "text"])
async def test_who_has_no_chat_is_told_by_a_worker(lead, fingerpost, medium):
    """Nothing is ever sent to who texts: a line in the story would be read by nobody."""
    contact, path = await taken(fingerpost, lead)
    async with fingerpost.store.write() as tx:
        await conversations.change(tx, contact.conversation_id, medium=medium)
    page = await (await lead.post(path, **FORM)).text()
    assert "tell them yourself" in page and await said_to(fingerpost, contact) == []
    assert (await decisions(fingerpost, contact))[0].told_at is None


async def test_who_has_not_said_that_they_are_safe_is_told_by_a_worker(lead, fingerpost):
    contact, waiting = await person(fingerpost, "my ex keeps turning up outside my house")
    await fingerpost.handover.accept(waiting, lead.id)
    page = await (await lead.post(f"/staff/people/{waiting}/disclose", **FORM)).text()
    assert "tell them yourself" in page and await said_to(fingerpost, contact) == []
    assert (await decisions(fingerpost, contact))[0].told_at is None


@pytest.mark.parametrize("how", ["stop", "code"])
async def test_who_may_have_company_is_told_by_a_worker(lead, fingerpost, how):
    """Who said stop, and who came back by a code, which somebody else may find."""
    said = [DANGER, "stop"] if how == "stop" else [DANGER]
    contact, path = await taken(fingerpost, lead, *said)
    if how == "code":
        code = await fingerpost.conversations.resume_code(contact)
        contact = (await fingerpost.conversations.resume(code, "chat", "a-source")).contact
    page = await (await lead.post(path, **FORM)).text()
    assert "tell them yourself" in page and await said_to(fingerpost, contact) == []
    assert (await decisions(fingerpost, contact))[0].told_at is None


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"recipient": "mother"}, "Choose who is told"),
        ({"reason": "  "}, "Write down why"),
        ({"what": ""}, "Write down what is passed on"),
        ({"what": "x" * 1001}, "letters or fewer"),
        ({"dangerous": ""}, "Say whether it is safe"),
    ],
)
async def test_half_a_decision_is_none(lead, fingerpost, change, says):
    contact, path = await taken(fingerpost, lead)
    answer = await lead.post(path, **FORM | change)
    page = await answer.text()
    assert answer.status == 422 and says in page
    assert (change.get("reason") or FORM["reason"]) in page, "what was written is not lost"
    assert await decisions(fingerpost, contact) == []
    assert await said_to(fingerpost, contact) == []


async def test_the_same_form_twice_is_one_decision(lead, fingerpost):
    contact, path = await taken(fingerpost, lead)
    form = FORM | {"client_id": str(uuid.uuid4())}
    for _ in range(2):
        assert (await lead.post(path, **form)).status == 200
    assert len(await decisions(fingerpost, contact)) == 1
    assert len(await said_to(fingerpost, contact)) == 1


@pytest.mark.parametrize("role", ["worker", "supervisor", "dpo", "admin", "reports"])
async def test_nobody_else_decides(sign_in, lead, fingerpost, role):
    contact, path = await taken(fingerpost, lead)
    other = await sign_in("Sam Okafor", role)
    assert (await other.post(path, **FORM)).status == 403
    assert await decisions(fingerpost, contact) == []


async def test_a_lead_who_does_not_have_the_person_decides_nothing(sign_in, lead, fingerpost):
    contact, path = await taken(fingerpost, lead)
    other = await sign_in("Olu Grant", "safeguarding")
    assert (await other.get(path)).status == 403
    assert (await other.post(path, **FORM)).status == 403
    assert await decisions(fingerpost, contact) == []


async def test_what_is_kept_can_be_read_after_the_talk_is_gone(
    sign_in, lead, fingerpost, clock
):
    contact, path = await taken(fingerpost, lead)
    await lead.post(path, **FORM)
    clock.pass_by(73 * 3600)
    assert await fingerpost.retention.erase(contact.conversation_id) == "decided"
    other = await sign_in("Olu Grant", "safeguarding")
    page = await (await other.get("/staff/disclosures")).text()
    assert "lilac" in page and "Lena Marsh" in page and contact.conversation_id in page
    (row,) = await decisions(fingerpost, contact)
    assert (other.id, "disclosure") in await seen(fingerpost, row.id)
    async with fingerpost.store.write() as tx:
        await console_rows.exclude(tx, contact.conversation_id, other.id, "a-lead", 1.0)
    assert "lilac" not in await (await other.get("/staff/disclosures")).text()
    worker = await sign_in("Sam Okafor", "supervisor")
    assert (await worker.get("/staff/disclosures")).status == 403


async def test_who_is_kept_away_stays_so_for_as_long_as_a_decision_is_kept(
    sign_in, lead, fingerpost, clock
):
    contact, path = await taken(fingerpost, lead)
    await lead.post(path, **FORM)
    clock.pass_by(73 * 3600)
    other = await sign_in("Olu Grant", "safeguarding")
    async with fingerpost.store.write() as tx:
        await console_rows.exclude(tx, contact.conversation_id, other.id, lead.id, 1.0)
    assert await fingerpost.retention.erase(contact.conversation_id) == "decided"
    await fingerpost.retention.run()
    answer = await other.get("/staff/disclosures")
    assert answer.status == 200 and "lilac" not in await answer.text()
    clock.pass_by(KEPT_FOR)
    for _ in range(2):  # what nothing is left of goes with the sweep after
        await fingerpost.retention.run()
    async with fingerpost.store.read() as tx:
        assert await console_rows.excluded(tx, contact.conversation_id) == []


async def test_it_outlives_the_talk_and_goes_at_its_own_time(lead, fingerpost, clock):
    contact, path = await taken(fingerpost, lead)
    await lead.post(path, **FORM)
    (row,) = await decisions(fingerpost, contact)
    await fingerpost.retention.ask_to_erase(contact.conversation_id)
    clock.pass_by(73 * 3600)
    await fingerpost.retention.run()
    assert len(await decisions(fingerpost, contact)) == 1
    clock.pass_by(KEPT_FOR)
    await fingerpost.retention.run()
    assert await decisions(fingerpost, contact) == []
    with pytest.raises(KeyGone):
        await fingerpost.keys.box(row.id)

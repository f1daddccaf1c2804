# SPDX-License-Identifier: Apache-2.0
"""Whatever shows staff something of a person, or of each other, leaves a row in the audit."""

from __future__ import annotations

import uuid
from datetime import datetime

import pytest
from sqlalchemy import func, select

from bot.policy.hours import LONDON
from bot.store.schema import audit
from bot.web.console import ROUTES
from tests.console import DANGER, person

NOTHING_OF_ANYBODY = {
    "/staff/sign-in": "a form",
    "/staff/set-up/{word}": "a form, for whoever has the link",
    "/staff/locked": "numbers alone",
    "/staff/locked/events": "numbers alone",
    "/staff/queue": "what the page that is open shows already; its load is the row",
    "/staff/events": "numbers of what changed",
    "/staff/calls": "who of staff was called, and no word of whom it was for",
    "/staff/callbacks-due": "how many",
    "/staff/callbacks/list": "goes on from the page; what is new in it is a row, see below",
    "/staff/referrals": "goes on from the queue; what is new in it is a row, see below",
    "/staff/people/{person}/events": "goes on from the page, whose load is the row",
    "/staff/people/{person}/company": "who of staff is there",
    "/staff/people/{person}/callback": "an empty form",
    "/staff/people/{person}/details": "an empty form",
}
NUMBER = "+447400123456"


async def rows(fingerpost, staff_id: str) -> int:
    async with fingerpost.store.read() as tx:
        query = select(func.count()).where(audit.c.staff_id == staff_id)
        return (await tx.execute(query)).scalar_one()


async def test_every_page_of_the_console_that_shows_somebody_is_in_the_audit(
    sign_in, fingerpost, clock
):
    lead = await sign_in("Ada Lind", "safeguarding")
    contact, waiting = await person(fingerpost, DANGER)
    story = contact.conversation_id
    await fingerpost.handover.accept(waiting, lead.id)
    await fingerpost.notes.add(waiting, lead.id, "promise", "find the hours")
    await fingerpost.notes_out.disclosing.decide(
        waiting, lead.id, recipient="police", what="where he is", reason="the knife",
        dangerous=True, client_id=str(uuid.uuid4()),
    )  # fmt: skip
    await fingerpost.somebody_else.keep(waiting, lead.id, {"tie": "my sister"}, str(uuid.uuid4()))
    given = {"contact_number": NUMBER, "contact_when": "morning"}
    await fingerpost.callbacks.book(
        conversation_id=story, turn_id="a turn", answers=given, medium="chat",
        lines=fingerpost.callbacks.draft(given),
    )  # fmt: skip
    await fingerpost.referrals.consent(
        conversation_id=story, turn_id="another", service_id="victim_support", medium="chat",
        lines=fingerpost.referrals.draft(given, "victim_support"),
    )  # fmt: skip
    (note,) = await fingerpost.referrals.to_act_on(lead.id)
    admin, dpo = await sign_in("Ada Min", "admin"), await sign_in("Dee Poe", "dpo")
    who = {"/staff/accounts": admin, "/staff/audit": dpo}
    shown = {r.path for r in ROUTES if r.method == "GET"} - set(NOTHING_OF_ANYBODY)
    unseen = []
    for path in sorted(shown):
        clock.pass_by(61)  # a look of its own
        someone = who.get(path, lead)
        before = await rows(fingerpost, someone.id)
        there = path.replace("{person}", waiting).replace("{referral}", note.id)
        assert (await someone.get(there)).status == 200, path
        if await rows(fingerpost, someone.id) == before:
            unseen.append(path)
    assert unseen == []


@pytest.mark.parametrize(
    ("page", "part"),
    [("/staff/callbacks", "/staff/callbacks/list"), ("/staff", "/staff/referrals")],
)
async def test_an_open_page_leaves_a_row_for_what_it_shows_anew_and_none_for_the_rest(
    sign_in, fingerpost, clock, page, part
):
    clock.now = datetime(2026, 11, 27, 8, 0, tzinfo=LONDON).timestamp()
    sam = await sign_in()
    given = {"contact_number": NUMBER, "contact_when": "any_time"}

    async def agrees(n: int) -> None:
        contact, _ = await person(fingerpost, "hello")
        story = {"conversation_id": contact.conversation_id, "medium": "chat"}
        lines = fingerpost.callbacks.draft(given)
        await fingerpost.callbacks.book(turn_id=f"call {n}", answers=given, lines=lines, **story)
        lines = fingerpost.referrals.draft(given, "victim_support")
        await fingerpost.referrals.consent(
            turn_id=f"note {n}", service_id="victim_support", lines=lines, **story
        )

    async def looks(path: str) -> int:
        before = await rows(fingerpost, sam.id)
        clock.pass_by(61)
        assert (await sam.get(path)).status == 200
        return await rows(fingerpost, sam.id) - before

    await agrees(1)
    assert await looks(page) > 0
    assert await looks(part) == 0
    await agrees(2)
    assert await looks(part) == 1
    assert await looks(part) == 0
    assert await looks(page) > 0  # opened again, it is a look again

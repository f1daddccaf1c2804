# SPDX-License-Identifier: Apache-2.0
"""Whatever shows staff something of a person, or of each other, leaves a row in the audit."""

from __future__ import annotations

import uuid

from sqlalchemy import func, select

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

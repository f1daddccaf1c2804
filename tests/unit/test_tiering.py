# SPDX-License-Identifier: Apache-2.0
"""Staff say how soon somebody is to be seen, with a reason; a danger that stands stays."""

from __future__ import annotations

import asyncio

import pytest

from bot.policy.roles import TEAMS
from bot.policy.urgency import SAID_AS, TIERS
from bot.service.tiering import LOWERED, RAISED
from bot.web import console_beside
from tests.console import DANGER, person, seen


async def taken(fingerpost, someone, text="can i speak to a person please"):
    contact, waiting = await person(fingerpost, text)
    await fingerpost.handover.accept(waiting, someone.id)
    return contact, waiting


def test_what_can_be_chosen_has_words_and_nothing_else_has():
    assert set(console_beside.HOW_SOON) == set(TIERS)
    assert set(console_beside.WHY) == {*RAISED, *LOWERED}
    assert set(console_beside.TEAM_NAMES) == set(TEAMS)
    own = {tier: words.partition(",")[0].lower() for tier, words in console_beside.HOW_SOON.items()}
    assert own == SAID_AS, "the queue and the form name a tier alike"


async def row(fingerpost, contact):
    story = contact.conversation_id
    return next(w for w in await fingerpost.handover.queue() if w.conversation_id == story)


async def test_it_is_raised_and_lowered_with_a_reason_that_is_in_the_audit(sign_in, fingerpost):
    sam = await sign_in()
    contact, waiting = await taken(fingerpost, sam)
    path = f"/staff/people/{waiting}/tier"
    assert (await sam.post(path, tier="now", reason="told_me")).status == 303
    assert (await row(fingerpost, contact)).said_as == "now"
    page = await (await sam.get(f"/staff/people/{waiting}")).text()
    assert "How soon they are to be seen: now" in page
    assert (await sam.post(path, tier="soon", reason="can_wait")).status == 303
    assert (await row(fingerpost, contact)).said_as == "soon"
    audit = await seen(fingerpost, contact.conversation_id)
    assert {(sam.id, "raised_told_me"), (sam.id, "lowered_can_wait")} <= set(audit)


@pytest.mark.parametrize(
    ("tier", "reason", "code"),
    [
        ("now", "", "no_reason"), ("now", LOWERED[0], "no_reason"), ("now", "x", "no_reason"),
        ("", RAISED[0], "unknown_tier"), ("when_ready", RAISED[0], "unknown_tier"),
        ("never", RAISED[0], "unknown_tier"),
    ],
)  # fmt: skip
async def test_without_a_reason_that_fits_nothing_changes(
    sign_in, fingerpost, tier, reason, code
):
    sam = await sign_in()
    contact, waiting = await taken(fingerpost, sam)
    form = {"tier": tier, "reason": reason}
    answer = await sam.ask("POST", f"/staff/people/{waiting}/tier", **form)
    assert (answer[0], answer[1]["code"]) == (422, code)
    assert (await row(fingerpost, contact)).tier == "when_ready"


async def test_only_who_has_them_says_it(sign_in, fingerpost):
    sam, ines = await sign_in(), await sign_in("Ines Reyes")
    _, waiting = await taken(fingerpost, sam)
    form = {"tier": "now", "reason": "told_me"}
    answer = await ines.ask("POST", f"/staff/people/{waiting}/tier", **form)
    assert answer[1]["code"] == "not_yours"


@pytest.mark.parametrize(("verdict", "tier"), [("right", "now_first"), ("wrong", "when_ready")])
async def test_who_goes_back_to_the_queue_is_as_urgent_as_what_stands(
    sign_in, fingerpost, verdict, tier
):
    sam = await sign_in()
    contact, waiting = await taken(fingerpost, sam, DANGER)
    (flag,) = await fingerpost.desk.flags(waiting, sam.id)
    await fingerpost.desk.review(waiting, flag.id, sam.id, verdict)
    await fingerpost.tiering.change(waiting, sam.id, "when_ready", "is_over")
    await fingerpost.colleagues.exclude(waiting, sam.id, sam.id)
    assert (await row(fingerpost, contact)).tier == tier


@pytest.mark.parametrize("first", ["leave", "accept"])
async def test_who_leaves_as_a_worker_joins_is_shown_as_left_and_nothing_fails(
    sign_in, fingerpost, first
):
    sam = await sign_in()
    contact, waiting = await person(fingerpost, "can i speak to a person please")
    acts = [fingerpost.conversations.leave(contact), fingerpost.handover.accept(waiting, sam.id)]
    await asyncio.gather(*(acts if first == "leave" else reversed(acts)))
    found = await row(fingerpost, contact)
    assert found.left and found.worker_id == sam.id
    assert "They left." in await (await sam.get(f"/staff/people/{waiting}")).text()


async def test_nothing_is_offered_to_be_sent_to_who_left(sign_in, fingerpost):
    fingerpost.sending.senders = {"text": None}
    sam = await sign_in()
    contact, waiting = await taken(fingerpost, sam)
    path, link = f"/staff/people/{waiting}", f'href="/staff/people/{waiting}/details"'
    assert link in await (await sam.get(path)).text()
    await fingerpost.conversations.leave(contact)
    assert link not in await (await sam.get(path)).text()
    assert (await sam.get(f"{path}/details")).status == 409

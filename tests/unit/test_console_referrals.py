# SPDX-License-Identifier: Apache-2.0
"""Notes in the console: what each asks of a worker, and everything a worker does by hand."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.policy import referring
from bot.service.ports import ConversationError, NotDelivered
from bot.service.referral import Referral
from bot.service.referral_state import BY_WORKER
from bot.store import console_rows
from bot.web import console_referrals
from bot.web.console_referrals import TO_DO
from bot.web.console_refusals import NOTICES
from tests.console import seen
from tests.notes import NUMBER, ROUTE, agreed, note_of, public, said, state, use, work
from tests.unit.test_referral_note import text_of


@pytest.fixture
def settings(tmp_path):
    return public(tmp_path)


async def page(someone) -> str:
    return " ".join((await (await someone.get("/staff/referrals")).text()).split())


async def press(someone, one, button, **form):
    return (await someone.post(f"/staff/referrals/{one}/{button}", **form)).status


def test_every_state_and_everything_to_do_has_words():
    asked = {name for name, _ in referring._TO_DO} - {"nothing"}
    assert set(TO_DO) == asked
    assert set(console_referrals.PROGRESS) == set(referring.STATES)
    assert set(console_referrals.ANSWERS) == set(referring.ANSWERS)
    assert set(console_referrals.REASONS) == set(referring.REASONS)
    assert set(console_referrals.HEADINGS) == set(BY_WORKER) | {"recalled", "to_judge"}
    assert {action.notice for action in console_referrals.ACTIONS} <= set(NOTICES)
    assert set(console_referrals.HOW_SOON) == set(referring.TIERS)


NOTES = {
    "by hand": {"state": "to_send", "progress": "by_hand", "to_do": "by_hand"},
    "by hand, in danger": {"state": "to_send", "progress": "by_hand", "tier": "now",
                           "to_do": "by_hand"},
    "in danger": {"state": "sent", "progress": "waiting", "tier": "now", "to_do": "ring"},
    "perhaps sent": {"state": "sent", "progress": "unsure", "to_do": "unsure"},
    "a no": {"state": "sent", "progress": "declined", "to_do": "declined"},
    "taken back": {"state": "recalled", "progress": "waiting", "to_do": "take_back"},
}  # fmt: skip


@pytest.mark.parametrize(
    ("note", "first", "aside"),
    [
        ("by hand", ["sent"], ["again", "close", "withdraw"]),
        ("by hand, in danger", ["rang", "sent"], ["again", "close", "withdraw"]),
        ("in danger", ["rang"], ["again", "close", "withdraw"]),
        ("perhaps sent", [], ["again", "close", "withdraw"]),
        ("a no", ["handled"], ["close", "withdraw"]),
        ("taken back", ["deleted"], []),
    ],
)
def test_a_note_has_the_buttons_that_its_state_allows(note, first, aside):
    one = Referral("id", "ABC234", "mill", "The Old Mill", given_at=1.0, lines=(), **NOTES[note])
    shown = console_referrals.buttons
    assert [action.name for action in shown(one, routed=True, aside=False)] == first
    assert [action.name for action in shown(one, routed=True, aside=True)] == aside
    by_hand_alone = [name for name in aside if name == "withdraw"]
    assert [action.name for action in shown(one, routed=False, aside=True)] == by_hand_alone


async def test_what_is_with_a_service_is_shown_without_its_lines(sign_in, fingerpost, post):
    await agreed(fingerpost)
    await work(fingerpost)
    someone = await sign_in()
    shown = await page(someone)
    assert "With a service: 1" in shown and "sent, no answer yet" in shown
    assert NUMBER not in shown and "Answer due Tue 01 Dec, 17:00" in shown
    assert "They first opened it" not in shown
    await fingerpost.notes_out.partner.opened(post.token)
    assert "They first opened it Fri 27 Nov" in await page(someone)


async def test_an_answer_by_voice_is_kept_with_its_reason(sign_in, fingerpost, post):
    contact, one = await agreed(fingerpost)
    await work(fingerpost)
    someone = await sign_in()
    assert await press(someone, one, "answer", answer="perhaps") == 422
    assert await press(someone, one, "answer", answer="declined") == 422
    assert await state(fingerpost, contact) == ("sent", "waiting")
    assert await press(someone, one, "answer", answer="declined", reason="full") == 303
    row = await note_of(fingerpost, contact.conversation_id)
    assert (row.state, row.reason, row.answered_by) == ("declined", "full", someone.id)
    assert "news_declined" in await said(fingerpost, contact)
    assert await press(someone, one, "answer", answer="accepted") == 409
    shown = await page(someone)
    assert TO_DO["declined"] in shown and "they are full" in shown
    assert await press(someone, one, "handled", what="late") == 404
    assert await press(someone, one, "handled", what="declined") == 303
    assert TO_DO["declined"] not in await page(someone)
    assert [what for _, what in await seen(fingerpost, one)][-1] == "referral_handled"


async def test_in_danger_a_worker_rings_and_says_so(sign_in, fingerpost, post):
    contact, one = await agreed(fingerpost, urgency="immediate_danger")
    await work(fingerpost)
    someone = await sign_in()
    shown = await page(someone)
    assert TO_DO["ring"] in shown and "0117 496 0101" in shown and NUMBER in shown
    assert await press(someone, one, "rang") == 303
    assert await press(someone, one, "rang") == 404
    row = await note_of(fingerpost, contact.conversation_id)
    assert row.rung_by == someone.id
    assert TO_DO["ring"] not in await page(someone)


async def test_a_number_that_is_not_certain_is_shown_to_nobody(sign_in, fingerpost, post):
    unsure = ROUTE.__class__("email", ROUTE.to, "medium", ROUTE.confirmed, ROUTE.voice)
    use(fingerpost, ("email", post), mill=unsure)
    await agreed(fingerpost, urgency="immediate_danger")
    await work(fingerpost)
    assert "496 0101" not in await page(await sign_in())


async def test_a_worker_sends_it_once_more(sign_in, fingerpost, post, clock):
    post.fails = [NotDelivered("went_silent", maybe=True)]
    contact, one = await agreed(fingerpost)
    await work(fingerpost)
    someone = await sign_in()
    assert TO_DO["unsure"] in await page(someone)
    assert await press(someone, one, "again") == 303
    assert await press(someone, one, "again") == 404, "it is on its way"
    await work(fingerpost)
    (parcel,) = post.brought
    assert parcel.id != one, "a new one, that no mailbox takes for the old one"
    assert await state(fingerpost, contact) == ("sent", "waiting")


async def test_what_fails_the_second_time_is_sent_by_hand(sign_in, fingerpost, post):
    post.fails = [None, NotDelivered("address_refused", again=False)]
    contact, one = await agreed(fingerpost)
    await work(fingerpost)
    someone = await sign_in()
    assert await press(someone, one, "again") == 303
    await work(fingerpost)
    shown = await page(someone)
    assert TO_DO["failed"] in shown and "does not know the address" in shown
    assert await press(someone, one, "sent") == 303
    assert await state(fingerpost, contact) == ("sent", "waiting")


async def test_without_a_route_nothing_is_sent_again(sign_in, fingerpost, post):
    _, one = await agreed(fingerpost)
    await work(fingerpost)
    use(fingerpost, links=False)
    someone = await sign_in()
    assert "Send it once more" not in await page(someone)
    assert await press(someone, one, "again") == 404


async def test_a_person_who_tells_a_worker_has_it_taken_back(sign_in, fingerpost, post):
    contact, one = await agreed(fingerpost)
    await work(fingerpost)
    someone = await sign_in()
    assert await press(someone, one, "withdraw") == 303
    assert await state(fingerpost, contact) == ("recalled", "waiting")
    shown = await page(someone)
    assert "Take back" in shown and TO_DO["take_back"] in shown
    assert await press(someone, one, "withdraw") == 404
    assert await press(someone, one, "deleted") == 303
    assert "Take back" not in await page(someone)


async def test_it_is_printed_and_that_is_in_the_audit(sign_in, fingerpost, post):
    contact, one = await agreed(fingerpost)
    someone = await sign_in()
    paper = await someone.get(f"/staff/referrals/{one}/pdf")
    assert paper.status == 200 and NUMBER in text_of(await paper.read())
    data = await (await someone.get(f"/staff/referrals/{one}/json")).json()
    assert data["lines"][1]["text"] == NUMBER
    assert ("referral_printed") in [what for _, what in await seen(fingerpost, one)]
    await fingerpost.referrals.withdraw(contact.conversation_id)
    assert (await someone.get(f"/staff/referrals/{one}/pdf")).status == 404


async def test_a_link_in_other_hands_is_closed(sign_in, fingerpost, post):
    contact, one = await agreed(fingerpost)
    await work(fingerpost)
    someone = await sign_in()
    assert "Close its link" in await page(someone)
    assert await press(someone, one, "close") == 303
    with pytest.raises(ConversationError, match="unknown"):
        await fingerpost.notes_out.partner.seen(post.token)
    assert ("referral_link_closed") in [what for _, what in await seen(fingerpost, one)]


async def test_who_is_kept_away_from_a_story_finds_none_of_its_notes(sign_in, fingerpost, post):
    contact, one = await agreed(fingerpost)
    someone = await sign_in()
    async with fingerpost.store.write() as tx:
        await console_rows.exclude(tx, contact.conversation_id, someone.id, "a-lead", 1.0)
    assert NUMBER not in await page(someone)
    for what in [action.name for action in console_referrals.ACTIONS]:
        assert await press(someone, one, what) == 404
    assert await press(someone, one, "answer", answer="accepted") == 404
    assert (await someone.get(f"/staff/referrals/{one}/pdf")).status == 404


async def test_a_note_nobody_answers_is_a_workers_until_dealt_with(
    sign_in, fingerpost, post, clock
):
    _, one = await agreed(fingerpost)
    await work(fingerpost)
    for day in (1, 2):
        clock.now = datetime(2026, 12, day, 17, 0, tzinfo=UTC).timestamp()
        await work(fingerpost)
    someone = await sign_in()
    assert TO_DO["late"] in await page(someone)
    assert await press(someone, one, "handled", what="late") == 303
    assert TO_DO["late"] not in await page(someone)


@pytest.mark.parametrize("said_of_it", ["not_came", "not_yet"])
async def test_help_that_did_not_come_is_a_workers(sign_in, fingerpost, post, said_of_it):
    from bot.service.follow_up import FollowUp

    contact, one = await agreed(fingerpost)
    await work(fingerpost)
    desk = fingerpost.notes_out.desk
    follow_up = FollowUp(
        fingerpost.store, fingerpost.keys, desk.ways, fingerpost.duty, fingerpost.clock
    )
    await follow_up.arrived(contact.conversation_id, said_of_it)
    someone = await sign_in()
    assert TO_DO[said_of_it] in await page(someone)
    assert await press(someone, one, "handled", what=said_of_it) == 303
    assert TO_DO[said_of_it] not in await page(someone)


async def test_a_file_of_routes_that_cannot_be_used_stops_nothing_and_is_shown(
    sign_in, fingerpost, tmp_path
):
    from dataclasses import replace

    from bot.wiring_notes import ways

    file = tmp_path / "routes.yml"
    file.write_text("services:\n  mill: {by: pigeon, certainty: low}\n")
    found = ways(replace(fingerpost.settings, routes=str(file)), {"mill"})
    assert found.of("mill").by == "print" and len(found.problems) == 1
    fingerpost.notes_out.desk.ways = found
    shown = await page(await sign_in())
    assert "every note is sent by hand" in shown and "mill: by is one of" in shown


async def test_a_note_under_way_is_in_the_audit_when_the_page_opens_not_as_it_changes(
    sign_in, fingerpost, post
):
    _, one = await agreed(fingerpost)
    await work(fingerpost)
    someone = await sign_in()

    async def looks() -> int:
        return (await seen(fingerpost, one)).count((someone.id, "under_way"))

    assert "With a service: 1" in await page(someone) and await looks() == 0
    await someone.get("/staff")
    assert await looks() == 1
    await page(someone)
    assert await looks() == 1

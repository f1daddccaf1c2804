# SPDX-License-Identifier: Apache-2.0
"""The page behind a link: nothing without a button, one answer, then only the state."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator

from bot.web.limits import Rate
from tests.console import seen
from tests.notes import NUMBER, agreed, note_of, public, state, work
from tests.unit.test_referral_note import text_of

NO_VOICE_MESSAGE = "If no line says a voice message is safe, leave none."
HTML = {"Accept": "text/html"}


@pytest.fixture
def settings(tmp_path):
    return public(tmp_path)


@pytest.fixture
async def link(fingerpost, post):
    """A note that was sent: who agreed to it, and the address the service got."""
    contact, _ = await agreed(fingerpost)
    await work(fingerpost)
    return contact, f"/note/{post.token}"


async def press(client, path, **form):
    answer = await client.post(path, data=form, headers=HTML, allow_redirects=False)
    return answer, await answer.text()


async def test_opening_the_link_shows_nothing_of_anybody(client, fingerpost, link):
    contact, path = link
    answer = await client.get(path, headers=HTML)
    page = await answer.text()
    assert answer.status == 200 and "Show the note" in page
    assert NUMBER not in page and "Old Mill" not in page and "<script" not in page
    assert answer.headers["X-Robots-Tag"] == "noindex" and 'content="noindex, nofollow"' in page
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert (await note_of(fingerpost, contact.conversation_id)).opened_at is None


async def test_it_is_read_saved_and_answered_once(client, fingerpost, link):
    contact, path = link
    answer, page = await press(client, path, do="open")
    assert answer.status == 200 and NUMBER in page and "Tuesday at 5 pm" in page
    assert (await note_of(fingerpost, contact.conversation_id)).opened_at is not None
    answer, text = await press(client, path, do="json")
    schema = await (await client.get("/note-1.schema.json")).json(content_type=None)
    Draft202012Validator(schema).validate(json.loads(text))
    assert NO_VOICE_MESSAGE in json.loads(text)["rules"] and NO_VOICE_MESSAGE in page
    assert "attachment" in answer.headers["Content-Disposition"]
    paper = await client.post(path, data={"do": "pdf"})
    assert paper.content_type == "application/pdf"
    kept = text_of(await paper.read())
    assert NUMBER in kept and NO_VOICE_MESSAGE in " ".join(kept)
    answer, _ = await press(client, path, do="accepted")
    assert answer.status == 303 and answer.headers["Location"] == path
    assert await state(fingerpost, contact) == ("sent", "accepted")
    for form in (
        {"do": "open"},
        {"do": "json"},
        {"do": "pdf"},
        {"do": "declined", "reason": "full"},
    ):
        answer, page = await press(client, path, **form)
        assert NUMBER not in page
    assert "You said yes" in await (await client.get(path, headers=HTML)).text()
    await press(client, path, do="not_reached")
    assert await state(fingerpost, contact) == ("sent", "not_reached")


async def test_a_service_that_has_answered_ends_its_link_at_once(client, fingerpost, link):
    contact, path = link
    await press(client, path, do="open")
    answer, page = await press(client, path, do="close")
    assert answer.status == 200 and "Show the note" in page, "it is still to be answered"
    await press(client, path, do="accepted")
    answer, page = await press(client, path, do="close")
    assert answer.status == 200 and "This link is closed" in page
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert (await client.get(path, headers=HTML)).status == 404
    assert (await press(client, path, do="not_reached"))[0].status == 404
    row = await note_of(fingerpost, contact.conversation_id)
    assert row.state == "accepted"
    assert ("partner", "referral_link_closed") in await seen(fingerpost, row.id)


async def test_what_was_taken_back_can_be_closed_too(client, fingerpost, link):
    contact, path = link
    await fingerpost.referrals.withdraw(contact.conversation_id)
    await press(client, path, do="close")
    assert (await client.get(path, headers=HTML)).status == 404


async def test_a_no_without_a_reason_is_asked_for_it(client, fingerpost, link):
    contact, path = link
    answer, page = await press(client, path, do="declined", reason="")
    assert answer.status == 422 and "choose a reason" in page and NUMBER in page
    assert await state(fingerpost, contact) == ("sent", "waiting")
    answer, _ = await press(client, path, do="declined", reason="out_of_area")
    assert answer.status == 303
    row = await note_of(fingerpost, contact.conversation_id)
    assert (row.state, row.reason, row.answered_by) == ("declined", "out_of_area", "partner")


async def test_who_changed_their_mind_is_shown_to_nobody(client, fingerpost, link):
    contact, path = link
    await fingerpost.referrals.withdraw(contact.conversation_id)
    for form in ({"do": "open"}, {"do": "pdf"}, {"do": "json"}):
        _, page = await press(client, path, **form)
        assert NUMBER not in page and "changed their mind" in page
    await press(client, path, do="accepted")
    assert await state(fingerpost, contact) == ("recalled", "waiting")


@pytest.mark.parametrize("token", ["none", "x" * 500, "%00", "..%2F..%2Fstaff"])
async def test_a_link_that_is_none_says_so(client, token):
    answer = await client.get(f"/note/{token}", headers=HTML)
    page = await answer.text()
    assert answer.status == 404 and "does not work" in page
    answer, page = await press(client, f"/note/{token}", do="accepted")
    assert answer.status == 404 and "does not work" in page


async def test_another_site_can_press_nothing(client, fingerpost, link):
    contact, path = link
    answer = await client.post(
        path, data={"do": "accepted"}, headers=HTML | {"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status == 403
    assert await state(fingerpost, contact) == ("sent", "waiting")


async def test_who_presses_without_end_is_made_to_wait(client, link):
    from bot.web.keys import LIMITS

    client.app[LIMITS].session = Rate(burst=3, a_second=0.001)
    statuses = [(await client.get(link[1], headers=HTML)).status for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429]

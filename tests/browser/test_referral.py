# SPDX-License-Identifier: Apache-2.0
"""A note from the yes to its answer, in a real browser: the service's page without a script."""

from __future__ import annotations

import asyncio
import re
import uuid
from contextlib import suppress

import pytest
from playwright.sync_api import Error, expect

from tests.browser.axe import no_barrier
from tests.browser.test_console import console, person
from tests.console import PASSWORD
from tests.notes import LINES, NUMBER, PUBLIC, ROUTE, Post, use


@pytest.fixture
def sent(make_edge):
    """An edge with a note that went to its service, the link to it, and the story."""
    edge, post = make_edge(public_url=PUBLIC), Post()
    use(edge.fingerpost, ("email", post), mill=ROUTE)
    opened = edge.run(edge.fingerpost.conversations.open("chat"))
    story = opened.contact.conversation_id
    edge.run(
        edge.fingerpost.referrals.consent(
            conversation_id=story, turn_id=str(uuid.uuid4()), service_id="mill", lines=LINES,
            medium="chat",
        )
    )  # fmt: skip
    for _ in range(100):
        if post.brought:
            break
        edge.run(asyncio.sleep(0.05))
    return edge, f"{edge.url}/note/{post.token}", story


def test_a_service_reads_and_answers_without_a_script_and_staff_see_it(open_page, sent) -> None:
    edge, link, _ = sent
    worker = console(open_page, edge)
    worker.get_by_text("With a service: 1").click()
    expect(worker.get_by_text("sent, no answer yet")).to_be_visible()
    page = open_page(javascript=False)
    page.goto(link)
    expect(page).to_have_title("A note")
    assert NUMBER not in page.content()
    page.get_by_role("button", name="Show the note").click()
    expect(page.get_by_text(NUMBER)).to_be_visible()
    page.get_by_role("button", name="No, we cannot").click()
    expect(page.get_by_role("alert")).to_contain_text("choose a reason")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save it as a PDF").click()
    assert re.fullmatch(r"note-\w{6}\.pdf", saved.value.suggested_filename)
    page.get_by_label("If no: the reason").select_option(label="We are full")
    page.get_by_role("button", name="No, we cannot").click()
    expect(page.get_by_role("status")).to_contain_text("You said no")
    page.goto(link)
    assert NUMBER not in page.content()
    expect(worker.get_by_text("They said no: find somebody else")).to_be_visible()
    worker.get_by_role("button", name="I dealt with it").click()
    expect(worker.get_by_text("Noted.")).to_be_visible()


def test_a_closed_link_shows_nothing_by_the_back_button_either(open_page, sent) -> None:
    _, link, _ = sent
    page = open_page()
    page.goto(link)
    page.get_by_role("button", name="Show the note").click()
    expect(page.get_by_text(NUMBER)).to_be_visible()
    page.get_by_role("button", name="Yes, we can").click()
    page.get_by_role("button", name="Close this link").click()
    expect(page.get_by_role("heading", name="This link is closed")).to_be_visible()
    no_barrier(page)
    for _ in range(4):
        with suppress(Error):  # a page that a form brought is asked for again, and is not had
            page.go_back()
        page.wait_for_load_state()  # and what stands in its place may still be on its way
        expect(page.locator("html")).not_to_contain_text(NUMBER)
    page.goto(link)
    expect(page.get_by_role("heading")).to_have_text("This link does not work")


def test_who_changed_their_mind_is_shown_to_nobody(open_page, sent) -> None:
    edge, link, story = sent
    page = open_page(javascript=False)
    page.goto(link)
    page.get_by_role("button", name="Show the note").click()
    expect(page.get_by_text(NUMBER)).to_be_visible()
    edge.run(edge.fingerpost.referrals.withdraw(story))
    page.get_by_role("button", name="Yes, we can").click()
    expect(page.get_by_role("status")).to_contain_text("changed their mind")
    assert NUMBER not in page.content()
    worker = console(open_page, edge)
    expect(worker.get_by_text("Take back")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_no_page_of_a_note_has_a_barrier_that_axe_can_find(open_page, sent, scheme, width) -> None:
    edge, link, _ = sent
    look = {"color_scheme": scheme, "viewport": {"width": width, "height": 800}}

    worker = console(open_page, edge, **look)
    worker.get_by_text("With a service: 1").click()
    for summary in worker.locator("#referrals details details summary").all():
        summary.click()
    no_barrier(worker)
    page = open_page(**look)
    page.goto(link)
    no_barrier(page)
    page.get_by_role("button", name="Show the note").click()
    no_barrier(page)
    page.get_by_role("button", name="No, we cannot").click()
    no_barrier(page)
    page.get_by_role("button", name="Yes, we can").click()
    no_barrier(page)
    page.goto(link + "x")
    no_barrier(page)


def test_a_lead_decides_on_a_page_without_a_barrier(open_page, edge) -> None:
    accounts, handover = edge.fingerpost.accounts, edge.fingerpost.handover
    edge.run(accounts.set_up(edge.run(accounts.add("Lena", "safeguarding")), PASSWORD, "48260"))
    token = edge.run(accounts.sign_in("Lena", PASSWORD))
    contact, waiting = person(edge, "he is outside my door with a knife")
    edge.run(handover.accept(waiting, edge.run(accounts.worker(token)).id))
    lead = open_page()
    lead.context.add_cookies([{"name": "staff", "value": token, "url": edge.url}])
    lead.goto(f"{edge.url}/staff/people/{waiting}")
    lead.get_by_role("link", name="Pass something on without their yes").click()
    no_barrier(lead)
    lead.get_by_label("Who is told").select_option(label="The police")
    lead.get_by_label("What is passed on").fill("where he is")
    lead.get_by_label("Why, without their yes").fill("a knife")
    lead.get_by_label("No: tell them now").check()
    lead.get_by_role("button", name="Keep this decision").click()
    expect(lead.get_by_role("status").last).to_contain_text("told just now")
    no_barrier(lead)
    lead.get_by_role("link", name="Decisions").click()
    expect(lead.locator("main")).to_contain_text("where he is")
    no_barrier(lead)
    said = edge.run(edge.fingerpost.conversations.messages(contact)).messages
    assert [m.text for m in said if "has told the police" in m.text]

# SPDX-License-Identifier: Apache-2.0
"""The calls to make in a real browser: live, by keyboard, and with no barrier axe can find."""

from __future__ import annotations

import re
import uuid

import pytest
from playwright.sync_api import expect

from tests.browser.axe import no_barrier
from tests.browser.test_console import accept, console, person

ANSWERS = {
    "contact_number": "+447400123456", "contact_when": "any_time", "contact_voicemail": "no",
    "contact_code_word": "banana",
}  # fmt: skip


def book(edge) -> str:
    """Let somebody agree to a call; return its reference."""
    service, answers = edge.fingerpost.callbacks, ANSWERS

    async def agree():
        return await service.book(
            conversation_id=str(uuid.uuid4()), turn_id=str(uuid.uuid4()), answers=answers,
            lines=service.draft(answers), medium="chat",
        )  # fmt: skip

    return edge.run(agree()).reference


def test_a_call_shows_up_on_an_open_page(open_page, edge) -> None:
    worker = console(open_page, edge)
    worker.get_by_role("link", name="Calls", exact=True).click()
    expect(worker.get_by_role("heading", name="Calls to make")).to_be_visible()
    reference = book(edge)
    expect(worker.get_by_role("heading", name=re.compile(reference))).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_no_page_of_calls_has_a_barrier_that_axe_can_find(
    open_page, make_edge, scheme, width
) -> None:
    edge = make_edge(
        on_call="+441172000001", twilio_number="+441172345678",
        twilio_account_sid="AC" + "1" * 32,
    )  # fmt: skip
    look = {"color_scheme": scheme, "viewport": {"width": width, "height": 800}}

    book(edge)
    _, waiting = person(edge, "can i speak to a person please")
    worker = console(open_page, edge, **look)
    worker.goto(edge.url + "/staff/callbacks")
    worker.locator("#callbacks summary").first.click()
    no_barrier(worker)
    worker.goto(edge.url + "/staff")
    accept(worker, waiting)
    worker.get_by_role("link", name="Book a call with them").click()
    no_barrier(worker)
    worker.get_by_label("A number that is safe to ring").fill("999")
    worker.get_by_role("button", name="Book it").click()
    expect(worker.get_by_role("alert")).to_contain_text("emergency number")
    worker.get_by_label("A number that is safe to ring").fill("07400 123456")
    worker.get_by_label("When it is safe").select_option("evening")
    worker.get_by_label("They have heard").check()
    worker.get_by_role("button", name="Book it").click()
    expect(worker.get_by_role("heading", name="Booked")).to_be_visible()
    no_barrier(worker)
    worker.get_by_role("button", name="Put it into the message box").click()
    expect(worker.get_by_label("Your message")).to_have_value(re.compile("The first thing we say"))

# SPDX-License-Identifier: Apache-2.0
"""The pages beside a conversation in a real browser: one line above, no barrier axe can find."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.axe import no_barrier
from tests.browser.test_console import accept, console, person
from tests.browser.test_console_callback import book

RINGS = {
    "on_call": "+441172000001", "twilio_number": "+441172345678",
    "twilio_account_sid": "AC" + "1" * 32, "sends": "text",
}  # fmt: skip


def test_what_stands_above_every_page_fits_one_line_for_whoever_sees_most(open_page, edge) -> None:
    look = {"viewport": {"width": 1280, "height": 800}}
    supervisor = console(open_page, edge, role="supervisor", **look)
    tops = supervisor.locator(".top > *").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect()).map(box => box.top + box.height / 2)"
    )
    assert max(tops) - min(tops) < 8, tops
    expect(supervisor.get_by_role("button", name="Sign out")).to_be_in_viewport()


def test_an_open_list_of_the_shift_says_that_it_is_no_longer_the_newest(
    open_page, make_edge
) -> None:
    edge = make_edge(**RINGS)  # on a shared one others who wait change the list as well
    worker = console(open_page, edge)
    worker.goto(edge.url + "/staff/shift")
    expect(worker.get_by_role("heading", name="Calls that were promised")).to_be_visible()
    expect(worker.get_by_text("Something changed since")).to_be_hidden()
    reference = book(edge)
    worker.get_by_role("link", name="Look again").click()
    expect(worker.get_by_role("link", name=reference)).to_be_visible()
    expect(worker.get_by_text("Something changed since")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_no_page_beside_a_conversation_has_a_barrier_that_axe_can_find(
    open_page, make_edge, scheme, width
) -> None:
    edge = make_edge(**RINGS)
    look = {"color_scheme": scheme, "viewport": {"width": width, "height": 800}}

    book(edge)
    _, waiting = person(edge, "can i speak to a person please")
    worker = console(open_page, edge, **look)
    worker.goto(edge.url + "/staff/shift")
    expect(worker.locator("#calls-heading + ul li")).to_have_count(1)
    no_barrier(worker)
    worker.goto(edge.url + "/staff")
    accept(worker, waiting)
    talk = worker.url
    worker.get_by_role("link", name="Send them a number").click()
    worker.get_by_label("Whose number").select_option("victim_support")
    worker.get_by_label("To which number or address of theirs").fill("07400 123456")
    worker.get_by_role("button", name="Send it").click()
    expect(worker.get_by_role("alert")).to_contain_text("ask the two questions")
    expect(worker.locator("main")).to_contain_text("The number you asked for: 08 08 16 89 111.")
    no_barrier(worker)
    worker.goto(talk)
    worker.get_by_role("link", name="Somebody else they ask for").click()
    worker.get_by_label("Who they are").fill("Marigold Quince")
    worker.get_by_role("button", name="Keep it").click()
    expect(worker.locator(".kept")).to_contain_text("Marigold Quince")
    no_barrier(worker)

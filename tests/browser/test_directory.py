# SPDX-License-Identifier: Apache-2.0
"""The directory in a real browser: found from the first page, without scripts too, and left."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.axe import no_barrier

expect.set_options(timeout=20_000)
FOUND = re.compile(r"found", re.IGNORECASE)


def look(page) -> None:
    page.get_by_label("What is it about?").select_option("domestic_abuse")
    page.get_by_label("Where do you want help?").fill("BS3")
    page.get_by_role("button", name="Show me who can help").click()
    expect(page.locator("#found-heading")).to_have_text(FOUND)


@pytest.mark.parametrize("javascript", [True, False])
def test_anybody_can_look_without_chatting(open_page, edge, javascript) -> None:
    page = open_page(javascript=javascript)
    page.goto(edge.url + "/")
    page.get_by_role("link", name="who can help").click()
    expect(page).to_have_url(edge.url + "/directory")
    look(page)
    expect(page.get_by_role("heading", name="Next Link")).to_be_visible()
    expect(page.get_by_role("heading", name="Report Fraud")).to_have_count(0)
    assert page.url == edge.url + "/directory"
    assert page.context.cookies() == []
    expect(page.get_by_label("What is it about?")).to_have_value("domestic_abuse")


def test_looking_adds_nothing_to_the_history_and_moves_on_to_what_was_found(
    open_page, edge
) -> None:
    page = open_page()
    page.goto(edge.url + "/directory")
    before = page.evaluate("history.length")
    look(page)
    assert page.evaluate("history.length") == before
    expect(page.locator("#found")).to_be_focused()
    page.get_by_label("What is it about?").select_option("fraud")
    page.get_by_role("button", name="Show me who can help").click()
    expect(page.get_by_role("heading", name="Report Fraud")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False])
def test_the_way_out_is_here_too(open_page, edge, javascript) -> None:
    page = open_page(javascript=javascript)
    page.goto(edge.url + "/directory")
    look(page)
    page.get_by_role("button", name="Leave this page").click()
    page.wait_for_url(edge.away)


def test_an_idle_screen_hides_what_was_looked_for(open_page, make_edge) -> None:
    edge = make_edge(screen_idle_after=0.5)
    page = open_page()
    page.goto(edge.url + "/directory")
    expect(page.locator("#idle")).to_be_visible()
    expect(page.get_by_role("heading", name="Victim Support")).to_be_hidden()
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("#main")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_no_barrier_that_axe_can_find_and_nothing_wider_than_the_screen(
    open_page, edge, scheme, width
) -> None:
    page = open_page(color_scheme=scheme, viewport={"width": width, "height": 800})
    page.goto(edge.url + "/directory")
    no_barrier(page, "best-practice")
    look(page)
    no_barrier(page, "best-practice")

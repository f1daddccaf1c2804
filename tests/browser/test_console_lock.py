# SPDX-License-Identifier: Apache-2.0
"""The lock in a real browser: covered at once, nothing lost, and it catches up when opened."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.test_console import accept, account, heard_by, person, place, say, writes


def desk(open_page, edge, pin: str):
    """Open the queue as a worker whose PIN is known."""
    accounts = edge.fingerpost.accounts
    name, _ = account(edge)
    word = edge.run(accounts.add(name, "worker"))
    edge.run(accounts.set_up(word, "purple otter kettle", pin))
    token = edge.run(accounts.sign_in(name, "purple otter kettle"))
    page = open_page()
    page.context.add_cookies([{"name": "staff", "value": token, "url": edge.url + "/staff"}])
    page.goto(edge.url + "/staff")
    return page


def unlock(page, pin: str) -> None:
    page.locator("#unlock-pin").fill(pin)
    page.get_by_role("button", name="Open", exact=True).click()


def test_a_locked_screen_hides_all_keeps_the_draft_and_catches_up(open_page, edge) -> None:
    contact, waiting = person(edge)
    page = desk(open_page, edge, "70261")
    accept(page, waiting)
    page.get_by_label("Your message").fill("half a senten")
    page.locator("#person").click()
    page.keyboard.press("l")
    expect(page.locator("#locked")).to_be_visible()
    expect(page.locator("#log")).not_to_be_visible()
    expect(page.locator("#lock-news")).to_contain_text("still yours")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.locator("#locked")).to_be_visible()
    writes(edge, contact, "are you there")
    unlock(page, "1111")
    expect(page.locator("#unlock-problem")).to_contain_text("not it")
    assert page.locator(".entry.of-person").count() == 0
    unlock(page, "70261")
    expect(page.locator("#locked")).not_to_be_visible()
    expect(page.locator(".entry.of-person .text")).to_have_text("are you there")
    expect(page.get_by_label("Your message")).to_have_value("half a senten")
    say(page, "I am here")
    expect(page.locator(".entry.of-staff .text")).to_have_text("I am here")
    assert "I am here" in heard_by(edge, contact)
    assert place(edge, contact.conversation_id) == waiting


def test_it_locks_by_itself_when_nobody_touches_it(open_page, make_edge) -> None:
    edge = make_edge(console_locks_after=2.0)
    page = desk(open_page, edge, "70261")
    expect(page.locator("#locked")).to_be_visible()
    page.reload()
    expect(page).to_have_url(re.compile("/staff/locked"))
    page.locator("#unlock-pin").fill("70261")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Queue")).to_be_visible()

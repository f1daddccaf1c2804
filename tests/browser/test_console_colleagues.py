# SPDX-License-Identifier: Apache-2.0
"""A person and two of staff, side by side: passed on, joined, and no word doubled or lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.axe import no_barrier
from tests.browser.test_console import accept, console, mark, person, say, unmoved


def chat_of(open_page, edge):
    """Open a chat in a browser and ask for a person; return it and its place in the queue."""
    chat = open_page()
    chat.goto(edge.url + "/")
    chat.get_by_role("button", name="Start chat").click()
    chat.locator("#answers").get_by_role("button", name="Talk to a person").click()
    expect(chat.locator("#state")).not_to_be_empty()
    cookie = next(c for c in chat.context.cookies() if c["name"] == "s")
    story = cookie["value"].partition(".")[0]
    queue = edge.run(edge.fingerpost.handover.queue())
    return chat, next(w.id for w in queue if w.conversation_id == story)


def name_of(page) -> str:
    return page.locator(".me").inner_text().partition(",")[0]


def test_a_person_is_passed_on_with_the_story_and_nobody_writes_twice(open_page, edge) -> None:
    chat, waiting = chat_of(open_page, edge)
    first, second = console(open_page, edge), console(open_page, edge)
    accept(first, waiting)
    say(first, "Hello, I am here.")
    mark(first)
    mark(chat)
    first.locator("#company summary").click()
    first.get_by_label("Colleague", exact=True).select_option(label=name_of(second))
    first.get_by_role("button", name="Ask them to take over").click()
    expect(first.locator("#company")).to_contain_text("Until they do, this person is yours")
    row = second.locator(f"#row-{waiting}")
    expect(row).to_contain_text("asks you to take over")
    say(first, "My colleague comes now.")
    row.get_by_role("button").click()
    expect(second.locator("#log")).to_contain_text("Hello, I am here.")
    expect(second.locator("#log")).to_contain_text("My colleague comes now.")
    expect(first.locator("#line")).to_contain_text("A colleague has that person now")
    expect(first.get_by_role("button", name="Send", exact=True)).to_be_disabled()
    say(second, "Hello, I have read it all.")
    expect(chat.locator(".from-staff .text").last).to_have_text("Hello, I have read it all.")
    texts = chat.locator(".message .text").all_inner_texts()
    assert sum("Another person from our team" in text for text in texts) == 1
    assert texts.count("My colleague comes now.") == 1
    assert unmoved(first) and unmoved(chat)


def test_a_supervisor_joins_live_and_both_see_who_wrote_what(open_page, edge) -> None:
    chat, waiting = chat_of(open_page, edge)
    worker = console(open_page, edge)
    accept(worker, waiting)
    senior = console(open_page, edge, role="supervisor")
    mark(worker)
    senior.locator(f"#row-{waiting}").get_by_role("button").click()
    expect(worker.locator("#company")).to_contain_text(f"{name_of(senior)} has joined you")
    expect(chat.get_by_text("A second person from our team")).to_be_visible()
    say(senior, "I am here too.")
    expect(worker.locator(".entry.of-staff").last).to_contain_text(name_of(senior))
    expect(senior.locator(".entry.of-staff").last).to_contain_text("You")
    expect(chat.locator(".from-staff .text")).to_have_text("I am here too.")
    worker.keyboard.press("n")
    worker.keyboard.type("the supervisor is with us")
    worker.locator("#write").get_by_role("button", name="Keep").click()
    expect(senior.locator("#notes")).to_contain_text("the supervisor is with us")
    senior.get_by_role("button", name="Leave this conversation").click()
    expect(worker.locator("#company")).not_to_contain_text("has joined you")
    assert unmoved(worker)


def test_by_keyboard_a_reply_is_found_and_999_is_noted(open_page, edge) -> None:
    _, waiting = person(edge, "he is outside my door with a knife")
    page = console(open_page, edge)
    accept(page, waiting)
    expect(page.locator("#flags")).to_contain_text("“he is outside my door with a knife”")
    page.locator("#person").click()
    page.keyboard.press("c")
    page.keyboard.type("safe right now")
    assert page.locator("#canned li:visible").count() == 1
    page.keyboard.press("Enter")
    expect(page.get_by_label("Your message")).to_have_value(
        "Are you safe where you are right now? A yes or a no is enough."
    )
    page.keyboard.press("Escape")
    page.keyboard.press("9")
    page.keyboard.type("DC-114")
    page.keyboard.press("Enter")
    expect(page.locator("#notes")).to_contain_text("DC-114")
    expect(page.locator("#notes")).to_contain_text("Rang 999 for them")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 800, 1280])
def test_the_pages_beside_the_queue_have_no_barrier(open_page, edge, scheme, width) -> None:
    look = {"color_scheme": scheme, "viewport": {"width": width, "height": 800}}

    _, waiting = person(edge, "he is outside my door with a knife")
    worker = console(open_page, edge, **look)
    accept(worker, waiting)
    worker.locator("#note").fill("to find the hours")
    worker.locator("#kind").select_option("promise")
    worker.locator("#write").get_by_role("button", name="Keep").click()
    expect(worker.locator("#notes")).to_contain_text("to find the hours")
    worker.locator("#company summary").click()
    worker.locator("#rang summary").click()
    no_barrier(worker)
    worker.goto(edge.url + "/staff/shift")
    expect(worker.locator("main")).to_contain_text("to find the hours")
    no_barrier(worker)
    worker.keyboard.press("l")
    expect(worker.locator("#locked")).to_be_visible()
    no_barrier(worker)
    worker.goto(edge.url + "/staff")
    expect(worker).to_have_url(edge.url + "/staff/locked")
    no_barrier(worker)
    name = "Newly Here With A Name Longer Than A Telephone"
    word = edge.run(edge.fingerpost.accounts.add(name, "dpo"))
    for role, path in (("dpo", "/staff/audit"), ("admin", "/staff/accounts")):
        page = console(open_page, edge, role=role, **look)
        page.goto(edge.url + path)
        no_barrier(page)
    page.goto(edge.url + f"/staff/set-up/{word}")
    no_barrier(page)

# SPDX-License-Identifier: Apache-2.0
"""The console in a real browser, beside the person's own: live both ways, and whole by keyboard."""

from __future__ import annotations

import itertools
import re
import uuid

import pytest
from argon2 import PasswordHasher
from playwright.sync_api import expect

from bot.policy.turn import Line, Said
from tests.browser.axe import no_barrier

# A loaded machine is slow, not wrong.
expect.set_options(timeout=20_000)

PASSWORD = "purple otter kettle"
DANGER = "he is outside my door with a knife"
AGAIN = "he is breaking the door down he has a knife"
SCRIPT = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
PINS = itertools.count(2479, 13)


def account(edge, role: str = "worker") -> tuple[str, str]:
    """Make an account that is set up, and return its name and a session."""
    accounts = edge.fingerpost.accounts
    accounts.hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    name = f"Worker {next(PINS)}"
    word = edge.run(accounts.add(name, role))
    edge.run(accounts.set_up(word, PASSWORD, str(next(PINS))))
    return name, edge.run(accounts.sign_in(name, PASSWORD))


def console(open_page, edge, role: str = "worker", **options):
    """Open the queue as a worker who is signed in."""
    _, token = account(edge, role)
    page = open_page(**options)
    page.context.add_cookies([{"name": "staff", "value": token, "url": edge.url + "/staff"}])
    page.goto(edge.url + "/staff")
    return page


def person(edge, *texts: str):
    """Chat as a person by the service itself, and return contact and place in the queue."""
    conversations = edge.fingerpost.conversations

    async def chat():
        opened = await conversations.open("chat")
        for text in texts:
            await conversations.hear(opened.contact, Said(text=text))
        if not texts:
            choice = f"{opened.reply.messages[-1].id}-person"
            await conversations.hear(opened.contact, Said(choice=choice))
        return opened.contact

    contact = edge.run(chat())
    return contact, place(edge, contact.conversation_id)


def place(edge, conversation_id: str) -> str:
    queue = edge.run(edge.fingerpost.handover.queue())
    return next(w.id for w in queue if w.conversation_id == conversation_id)


def writes(edge, contact, text: str) -> None:
    edge.run(edge.fingerpost.conversations.hear(contact, Said(text=text)))


def heard_by(edge, contact) -> list[str]:
    """Return what the person has been told, by its name or its words."""
    reply = edge.run(edge.fingerpost.conversations.messages(contact))
    return [m.say or m.text for m in reply.messages]


def accept(page, waiting: str) -> None:
    page.locator(f"#go-{waiting}").click()
    expect(page).to_have_url(re.compile(waiting))
    expect(page.locator(".entry").first).to_be_visible()


def say(page, text: str) -> None:
    page.get_by_label("Your message").fill(text)
    page.get_by_role("button", name="Send", exact=True).click()


def mark(page) -> None:
    """Leave a mark that a reload would wipe off."""
    page.evaluate("window.unmoved = true")


def unmoved(page) -> bool:
    return page.evaluate("window.unmoved === true")


# -- two people, two browsers -----------------------------------------------------------------


def test_a_person_and_a_worker_talk_both_ways_without_reload(open_page, edge) -> None:
    worker = console(open_page, edge)
    worker.get_by_role("button", name="Be available").click()
    expect(worker.get_by_text("You are available")).to_be_visible()
    mark(worker)

    chat = open_page()
    chat.goto(edge.url + "/")
    chat.get_by_role("button", name="Start chat").click()
    chat.locator("#answers").get_by_role("button", name="Talk to a person").click()
    expect(chat.locator("#state")).not_to_be_empty()
    cookie = next(c for c in chat.context.cookies() if c["name"] == "s")
    waiting = place(edge, cookie["value"].partition(".")[0])

    row = worker.locator(f"#row-{waiting}")
    expect(row).to_contain_text("asked for a person")
    expect(row.locator("time")).to_have_text(re.compile(r"\d+ min \d\d s"))
    before = row.locator("time").inner_text()
    expect(row.locator("time")).not_to_have_text(before)
    assert unmoved(worker)

    accept(worker, waiting)
    mark(worker)
    mark(chat)
    say(worker, "Hello, I am here now.")
    expect(chat.locator(".from-staff .text")).to_have_text("Hello, I am here now.")
    chat.get_by_label("Your message").fill(f"thank you {SCRIPT}")
    chat.get_by_role("button", name="Send", exact=True).click()
    expect(worker.locator(".entry.of-person .text").last).to_have_text(f"thank you {SCRIPT}")
    assert "owned" not in worker.title() + chat.title()
    expect(worker.locator(".entry.of-staff .text")).to_have_text("Hello, I am here now.")
    expect(worker.get_by_label("Your message")).to_have_value("")
    assert unmoved(worker) and unmoved(chat)

    chat.locator(".leave-button").click()
    expect(worker.locator("#person")).to_contain_text("They left.")
    assert unmoved(worker)


def test_two_workers_take_one_person_and_one_is_told_so(open_page, edge) -> None:
    _, waiting = person(edge)
    both = [console(open_page, edge), console(open_page, edge)]
    for page in both:
        expect(page.locator(f"#go-{waiting}")).to_be_visible()
    for page in both:  # neither waits for the other's answer
        page.evaluate(f"setTimeout(() => document.getElementById('go-{waiting}').click())")
    for page in both:
        page.wait_for_url(re.compile(f"{waiting}|notice=taken"))
    has = [waiting in page.url for page in both]
    assert sorted(has) == [False, True]
    loser = both[has.index(False)]
    expect(loser.get_by_role("status").get_by_text("Somebody else accepted")).to_be_visible()
    expect(loser.locator(f"#row-{waiting}")).to_contain_text("Worker")
    expect(loser.locator(f"#go-{waiting}")).to_have_count(0)


# -- danger while they talk -------------------------------------------------------------------


def test_one_key_sends_the_emergency_words_once_also_while_writing(open_page, edge) -> None:
    contact, waiting = person(edge)
    worker = console(open_page, edge)
    accept(worker, waiting)
    worker.get_by_label("Your message").fill("I am just")
    writes(edge, contact, AGAIN)
    expect(worker.locator("#due")).to_contain_text("go by themselves")
    worker.get_by_label("Your message").press("F9")
    worker.keyboard.press("F9")
    expect(worker.locator("#due-box")).to_be_hidden()
    expect(worker.locator(".entry.of-system").last).to_contain_text("Call 999")
    expect(worker.get_by_label("Your message")).to_have_value("I am just")
    assert heard_by(edge, contact).count("emergency_from_staff") == 1


def test_words_that_nobody_sends_go_by_themselves_and_the_notice_ends(open_page, make_edge) -> None:
    edge = make_edge(staff_sends_within=2.0)
    contact, waiting = person(edge)
    worker = console(open_page, edge)
    accept(worker, waiting)
    writes(edge, contact, AGAIN)
    expect(worker.locator("#due-left")).to_have_text(re.compile("s$"))
    expect(worker.locator(".entry.of-system").last).to_contain_text("Call 999")
    expect(worker.locator("#due-box")).to_be_hidden()
    assert heard_by(edge, contact).count("emergency_from_staff") == 1


def test_a_page_opened_anew_still_knows_that_words_are_due(open_page, edge) -> None:
    contact, waiting = person(edge)
    worker = console(open_page, edge)
    accept(worker, waiting)
    writes(edge, contact, AGAIN)
    expect(worker.locator("#due")).to_contain_text("go by themselves")
    worker.reload()
    expect(worker.locator("#due")).to_contain_text("go by themselves")
    worker.keyboard.press("F9")
    expect(worker.locator("#due-box")).to_be_hidden()


# -- a line that is lost ----------------------------------------------------------------------


def drop_connections(edge) -> None:
    """Cut every open connection, as a network does."""

    async def cut() -> None:
        for runner in edge._runners:
            for connection in list(runner.server.connections):
                if connection.transport:
                    connection.transport.abort()

    edge.run(cut())


def test_a_lost_line_says_so_and_catches_up_without_losing_or_doubling(open_page, edge) -> None:
    contact, waiting = person(edge)
    worker = console(open_page, edge)
    accept(worker, waiting)
    writes(edge, contact, "before it was lost")
    expect(worker.get_by_text("before it was lost")).to_be_visible()
    worker.route("**/events*", lambda route: route.abort())
    drop_connections(edge)
    expect(worker.locator("#line")).to_have_text("Connection lost, catching up.")
    writes(edge, contact, "while it was lost")
    say(worker, "I am still here")
    worker.unroute("**/events*")
    expect(worker.get_by_text("while it was lost")).to_be_visible()
    expect(worker.locator("#line")).to_be_empty()
    for text in ("before it was lost", "while it was lost", "I am still here"):
        expect(worker.locator(".entry .text").get_by_text(text)).to_have_count(1)


def test_words_that_did_not_go_stay_in_the_box_and_go_once(open_page, edge) -> None:
    contact, waiting = person(edge)
    worker = console(open_page, edge)
    accept(worker, waiting)
    # The service has it, but its answer is lost on the way.
    worker.route("**/say", lambda route: (route.fetch(), route.abort()))
    say(worker, "Can you hear me?")
    expect(worker.locator("#problem")).to_contain_text("Not sent")
    expect(worker.get_by_label("Your message")).to_have_value("Can you hear me?")
    worker.unroute("**/say")
    worker.get_by_role("button", name="Send", exact=True).click()
    expect(worker.get_by_label("Your message")).to_have_value("")
    expect(worker.locator("#problem")).to_be_empty()
    assert heard_by(edge, contact).count("Can you hear me?") == 1


def test_a_worker_signed_out_elsewhere_is_told_and_sees_no_more(open_page, edge) -> None:
    contact, waiting = person(edge)
    worker = console(open_page, edge)
    accept(worker, waiting)
    token = next(c["value"] for c in worker.context.cookies() if c["name"] == "staff")
    who = edge.run(edge.fingerpost.accounts.worker(token))
    edge.run(edge.fingerpost.accounts.sign_out(who.id))
    writes(edge, contact, "a word for nobody else")
    expect(worker.locator("#line")).to_contain_text("signed out")
    expect(worker.get_by_text("a word for nobody else")).to_have_count(0)


def test_a_worker_signed_out_while_the_line_was_down_is_told_when_it_comes_back(
    open_page, edge
) -> None:
    _, waiting = person(edge)
    worker = console(open_page, edge)
    worker.route("**/events?**", lambda route: route.abort())
    accept(worker, waiting)
    expect(worker.locator("#line")).to_contain_text("Connection lost")
    token = next(c["value"] for c in worker.context.cookies() if c["name"] == "staff")
    who = edge.run(edge.fingerpost.accounts.worker(token))
    edge.run(edge.fingerpost.accounts.sign_out(who.id))
    worker.unroute("**/events?**")
    expect(worker.locator("#line")).to_contain_text("signed out")


# -- by keyboard ------------------------------------------------------------------------------


def test_a_whole_conversation_by_keyboard(open_page, make_edge) -> None:
    edge = make_edge()
    contact, waiting = person(edge, DANGER)
    person(edge)
    worker = console(open_page, edge)
    worker.keyboard.press("?")
    expect(worker.get_by_role("dialog")).to_be_visible()
    worker.keyboard.press("Escape")
    expect(worker.get_by_role("dialog")).to_be_hidden()
    worker.keyboard.press("a")
    expect(worker.get_by_text("You are available")).to_be_visible()
    worker.keyboard.press("j")
    expect(worker.locator(f"#go-{waiting}")).to_be_focused()
    worker.keyboard.press("j")
    worker.keyboard.press("k")
    worker.keyboard.press("Enter")
    expect(worker).to_have_url(re.compile(waiting))
    expect(worker.get_by_role("heading", name="Around what was heard")).to_be_visible()
    worker.keyboard.press("r")
    expect(worker.locator("#flags")).to_contain_text("Your verdict: right")
    worker.keyboard.press("c")
    worker.keyboard.press("ArrowDown")
    worker.keyboard.press("Enter")
    box = worker.get_by_label("Your message")
    expect(box).to_be_focused()
    reply = box.input_value()
    assert reply
    worker.keyboard.type(" rwo")  # letters are letters while somebody writes
    worker.keyboard.press("Shift+Enter")
    worker.keyboard.type("Second line")
    worker.keyboard.press("Enter")
    expect(worker.locator(".entry.of-staff .text")).to_have_text(f"{reply} rwo\nSecond line")
    assert f"{reply} rwo\nSecond line" in heard_by(edge, contact)
    worker.keyboard.press("Escape")
    worker.keyboard.press("q")
    expect(worker.locator(f"#go-{waiting}")).to_have_text("Go back")


def test_a_key_pressed_before_the_page_is_ready_counts_once_it_is(open_page, make_edge) -> None:
    edge = make_edge()
    _, waiting = person(edge, DANGER)
    worker = console(open_page, edge)
    held = []
    worker.route("**/console-talk.js", lambda route: held.append(route))
    worker.locator(f"#go-{waiting}").click()
    expect(worker.get_by_role("heading", name="Around what was heard")).to_be_visible()
    worker.keyboard.press("r")
    worker.wait_for_timeout(300)
    expect(worker.locator("#flags")).not_to_contain_text("Your verdict")
    held[0].continue_()
    expect(worker.locator("#flags")).to_contain_text("Your verdict: right")


def test_a_key_pressed_while_a_verdict_is_sent_is_for_the_next_flag(open_page, make_edge) -> None:
    edge = make_edge()
    contact, waiting = person(edge, DANGER, AGAIN)
    worker = console(open_page, edge)
    accept(worker, waiting)
    expect(worker.locator("#flags [data-open]")).to_have_count(2)
    held = []
    worker.route(re.compile(r"/flags/[^/]+$"), lambda route: held.append(route))
    for key in "rw":
        worker.keyboard.press(key)
        worker.wait_for_timeout(300)
    for route in held:
        route.continue_()
    expect(worker.locator("#flags [data-open]")).to_have_count(0)
    expect(worker.locator("#flags")).to_contain_text("Your verdict: right")
    expect(worker.locator("#flags")).to_contain_text("Your verdict: wrong")


def test_single_letter_keys_can_be_turned_off(open_page, edge) -> None:
    worker = console(open_page, edge)
    worker.get_by_role("button", name="Keys").click()
    worker.get_by_label("Single-letter keys").uncheck()
    worker.get_by_role("button", name="Close").click()
    worker.keyboard.press("a")
    worker.reload()
    worker.keyboard.press("a")
    worker.wait_for_timeout(300)
    expect(worker.get_by_text("You are not available")).to_be_visible()


def test_who_wants_no_times_in_the_queue_sees_none_while_their_browser_is_open(
    open_page, edge
) -> None:
    _, waiting = person(edge)
    worker = console(open_page, edge)
    time, wants = worker.locator(f"#row-{waiting} time"), worker.get_by_label("Show how long each")
    expect(time).to_be_visible()
    wants.focus()
    worker.keyboard.press("Space")
    expect(time).to_be_hidden()
    expect(worker.get_by_role("columnheader", name="Waiting")).to_have_count(0)
    accept(worker, waiting)
    _, another = person(edge)
    worker.goto(edge.url + "/staff")
    expect(worker.locator(f"#go-{another}")).to_be_visible()
    expect(worker.locator(f"#row-{another} time")).to_be_hidden()
    expect(wants).not_to_be_checked()
    _, token = account(edge)  # a colleague at the same browser, who said nothing of it
    session = {"name": "staff", "value": token, "url": edge.url + "/staff"}
    worker.context.add_cookies([session])
    worker.reload()
    expect(wants).to_be_checked()
    expect(worker.locator(f"#row-{another} time")).to_be_visible()


def test_a_page_is_no_longer_than_what_is_in_it(open_page, edge) -> None:
    _, waiting = person(edge, DANGER)
    worker = console(open_page, edge, viewport={"width": 1280, "height": 800})
    accept(worker, waiting)
    assert worker.evaluate("document.documentElement.scrollHeight") == 800


def test_a_change_of_the_queue_leaves_the_worker_on_the_same_button(open_page, edge) -> None:
    _, waiting = person(edge)
    worker = console(open_page, edge)
    worker.locator(f"#go-{waiting}").focus()
    _, other = person(edge, DANGER)
    expect(worker.locator(f"#row-{other}")).to_be_visible()
    expect(worker.locator(f"#go-{waiting}")).to_be_focused()


def test_an_end_waits_for_verdicts_and_keeps_what_is_written(open_page, edge) -> None:
    contact, waiting = person(edge, DANGER)
    worker = console(open_page, edge)
    accept(worker, waiting)
    worker.get_by_label("Your message").fill("half a sen")
    worker.get_by_label("How it ended").select_option("supported")
    worker.get_by_role("button", name="End the conversation").click()
    expect(worker.locator("#problem")).to_contain_text("each flag")
    expect(worker.get_by_label("Your message")).to_have_value("half a sen")
    worker.locator("#flags").get_by_role("button", name="old").click()
    expect(worker.locator("#flags")).to_contain_text("Your verdict: old")
    worker.get_by_role("button", name="End the conversation").click()
    expect(worker).to_have_url(re.compile(r"/staff\?notice=ended"))
    assert heard_by(edge, contact)[-1] == "staff_ended"


def test_letting_go_of_somebody_in_danger_is_asked_once_more_by_keyboard(open_page, edge) -> None:
    contact, waiting = person(edge, DANGER)
    worker = console(open_page, edge)
    accept(worker, waiting)
    worker.get_by_label("Your message").fill("half a sen")
    worker.get_by_label("they want the automated helper again").check()
    back = worker.get_by_role("button", name="Hand back to the helper")
    stay = worker.get_by_role("link", name="No, stay with them")
    for key in ("Enter", "Escape"):  # a second press of the same key keeps them
        back.press("Enter")
        expect(stay).to_be_focused()
        worker.keyboard.press(key)
        expect(stay).to_be_hidden()
        expect(back).to_be_focused()
    expect(worker.get_by_label("Your message")).to_have_value("half a sen")
    back.press("Enter")
    worker.keyboard.press("Shift+Tab")
    expect(worker.get_by_role("button", name="Yes, hand back")).to_be_focused()
    worker.keyboard.press("Enter")
    expect(worker).to_have_url(re.compile(r"/staff\?notice=handed_back"))
    assert "staff_back" in heard_by(edge, contact)


def test_what_can_be_done_stays_on_one_line(open_page, edge) -> None:
    _, waiting = person(edge, DANGER)
    worker = console(open_page, edge)
    for width in (1280, 900, 760, 360):
        worker.set_viewport_size({"width": width, "height": 800})
        button = worker.locator(f"#go-{waiting}")
        assert button.evaluate("it => it.getBoundingClientRect().height") < 60, width
        wide = "document.documentElement.scrollWidth <= window.innerWidth"
        assert worker.evaluate(wide), width


# -- without a script -------------------------------------------------------------------------


def test_everything_works_without_a_script(open_page, edge) -> None:
    name, _ = account(edge)
    contact, waiting = person(edge, DANGER)
    worker = open_page(javascript=False)
    worker.goto(edge.url + "/staff")
    worker.get_by_label("Name").fill(name)
    worker.get_by_label("Password").fill(PASSWORD)
    worker.get_by_role("button", name="Sign in").click()
    worker.get_by_role("button", name="Be available").click()
    expect(worker.get_by_text("You are available")).to_be_visible()
    assert worker.locator('meta[http-equiv="refresh"]').count() == 1
    accept(worker, waiting)
    worker.get_by_label("Your message").fill("Hello.")
    worker.locator("#canned summary").click()
    worker.locator(".reply").first.click()
    box = worker.get_by_label("Your message")
    expect(box).to_have_value(re.compile(r"^Hello\.\n."))
    writes(edge, contact, "they took my bike")
    worker.get_by_role("button", name="See new messages").click()
    expect(worker.locator("#log").get_by_text("they took my bike")).to_be_visible()
    expect(box).to_have_value(re.compile(r"^Hello\.\n."))
    worker.get_by_role("button", name="Send", exact=True).click()
    expect(worker.locator(".entry.of-staff .text")).to_contain_text("Hello.")
    worker.get_by_role("button", name="Send emergency words").click()
    assert heard_by(edge, contact)[-1] == "emergency_from_staff"
    for _ in range(worker.locator("#flags [data-open]").count()):
        worker.locator("#flags").get_by_role("button", name="right").first.click()
    worker.get_by_label("How it ended").select_option("supported")
    worker.get_by_role("button", name="End the conversation").click()
    expect(worker.get_by_label("How it ended")).to_have_value("supported")
    worker.get_by_role("button", name="Yes, end it").click()
    expect(worker.get_by_role("status").get_by_text("You ended the conversation")).to_be_visible()


# -- for everybody's eyes ---------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_no_page_has_a_barrier_that_axe_can_find(open_page, edge, scheme, width) -> None:
    contact, waiting = person(edge, DANGER)
    consent(edge, contact)
    look = {"color_scheme": scheme, "viewport": {"width": width, "height": 800}}
    worker = console(open_page, edge, **look)

    no_barrier(worker)
    accept(worker, waiting)
    writes(edge, contact, AGAIN)
    expect(worker.locator("#due")).not_to_be_empty()
    worker.locator("#canned summary").click()
    no_barrier(worker)
    worker.get_by_role("button", name="Keys").click()
    no_barrier(worker)
    outside = open_page(**look)
    outside.goto(edge.url + "/staff/sign-in")
    no_barrier(outside)
    word = edge.run(edge.fingerpost.accounts.add(f"New {uuid.uuid4()}", "worker"))
    outside.goto(f"{edge.url}/staff/set-up/{word}")
    no_barrier(outside)


def consent(edge, contact) -> None:
    service = edge.fingerpost.offers.services[0].id
    lines = [Line("topic", "What it is about", "A burglary"), Line("n", "Number", "07700 900123")]
    edge.run(
        edge.fingerpost.referrals.consent(
            conversation_id=contact.conversation_id, turn_id=str(uuid.uuid4()), lines=lines,
            service_id=service, medium="chat",
        )
    )  # fmt: skip

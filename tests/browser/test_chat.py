# SPDX-License-Identifier: Apache-2.0
"""The chat in a real browser: it is heard, it is live, it loses nothing, and it can be left."""

from __future__ import annotations

import re
import sqlite3
import time

import pytest
from playwright.sync_api import expect

from bot.policy.turn import Line, ServiceCard, Utterance
from tests.browser.axe import no_barrier

# A loaded machine is slow, not wrong.
expect.set_options(timeout=20_000)

SCRIPT = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"


def start(page, edge) -> None:
    """Go in the way a person does: by the first page's button."""
    page.goto(edge.url + "/")
    page.get_by_role("button", name="Start chat").click()
    expect(page).to_have_url(re.compile(r"/chat"))
    expect(page.locator(".message").first).to_be_visible()
    if not no_script(page):
        expect(page.locator("main[data-live]")).to_have_count(1)


def no_script(page) -> bool:
    """Say whether this browser runs no script: then what stands in for one is on the page."""
    return page.locator("noscript *").count() > 0


def who(page) -> tuple[str, str]:
    """Return the conversation and its token, out of the cookie."""
    cookie = next(c for c in page.context.cookies() if c["name"] == "s")
    conversation_id, _, token = cookie["value"].partition(".")
    return conversation_id, token


def say(page, text: str) -> None:
    page.get_by_label("Your message").fill(text)
    page.get_by_role("button", name="Send", exact=True).click()


def own(page):
    return page.locator(".from-person .text")


def answered(edge, page, before: int) -> None:
    """Wait until the page shows more of our messages than it did."""
    expect(page.locator(".message:not(.from-person)").nth(before)).to_be_visible()


def ours(page) -> int:
    return page.locator(".message:not(.from-person)").count()


def ask_for_a_person(page, edge) -> str:
    start(page, edge)
    page.locator("#answers").get_by_role("button", name="Talk to a person").click()
    expect(page.locator("#state")).not_to_be_empty()
    return who(page)[0]


# -- talking ----------------------------------------------------------------------------------


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def page(request, open_page):
    return open_page(javascript=request.param)


def test_a_person_goes_in_and_sees_the_emergency_words_first(page, edge) -> None:
    page.goto(edge.url + "/")
    expect(page.locator("main .notice").first).to_contain_text("999")
    start(page, edge)
    expect(page.locator(".kind-urgent").first).to_contain_text("999")
    buttons = page.locator("#answers button")
    assert {"Yes", "No"} <= set(buttons.all_inner_texts())


def test_a_choice_is_answered_and_then_no_longer_on_offer(page, edge) -> None:
    start(page, edge)
    before = ours(page)
    edge.dialogue.says = ["support_invite"]
    page.locator("#answers").get_by_role("button", name="Yes").click()
    answered(edge, page, before)
    expect(own(page)).to_have_text(["Yes"])
    expect(page.locator("#answers").get_by_role("button", name="Yes", exact=True)).to_have_count(0)
    expect(page.locator("#answers button").first).to_be_visible()


def test_words_are_heard_and_answered(page, edge) -> None:
    start(page, edge)
    before = ours(page)
    say(page, "somebody broke into my shed")
    answered(edge, page, before)
    expect(own(page)).to_have_text(["somebody broke into my shed"])
    assert [t["text"] for t in edge.dialogue.heard] == ["somebody broke into my shed"]


def test_an_exercise_goes_on_by_a_button_and_shows_one_step_at_a_time(page, edge) -> None:
    start(page, edge)
    answers = page.locator("#answers")
    edge.dialogue.says = ["calm_water_1"]
    answers.get_by_role("button", name="Yes").click()
    expect(answers.get_by_role("button")).to_have_text(["Next", "Stop", "Talk to a person"])
    before = ours(page)
    page.wait_for_timeout(1500)
    assert ours(page) == before  # nothing goes on by itself
    edge.dialogue.says = ["calm_water_2"]
    answers.get_by_role("button", name="Next").click()
    answered(edge, page, before)
    expect(answers.get_by_role("button")).to_have_text(["Next", "Stop", "Talk to a person"])
    assert edge.dialogue.heard[-1]["choice"] == "calm_water_2"


def test_plainer_words_come_one_sentence_at_a_time_with_one_question(page, edge) -> None:
    start(page, edge)
    edge.dialogue.says = ["needs_intro", "needs_ask_reported"]
    page.locator("#answers").get_by_role("button", name="Yes").click()
    skip = page.locator("#answers").get_by_role("button", name="Skip this")
    expect(skip).to_be_visible()
    before = ours(page)
    say(page, "say it more simply")
    answered(edge, page, before)
    assert ours(page) - before >= 4
    expect(page.locator("#answers button")).to_have_text(["Yes", "No", "Skip this"])


def test_danger_shows_the_emergency_words_from_their_first_line(open_page, edge) -> None:
    for javascript in (True, False):
        page = open_page(javascript=javascript, viewport={"width": 320, "height": 568})
        start(page, edge)
        before = ours(page)
        say(page, "he is outside with a knife right now")
        answered(edge, page, before)
        page.wait_for_timeout(700)
        first = page.locator(".from-person + .kind-urgent .text")
        expect(first).to_contain_text("999")
        top = first.bounding_box()["y"]
        assert 0 < top < 400, (javascript, top)


def test_what_looks_like_html_is_only_ever_text(page, edge) -> None:
    start(page, edge)
    before = ours(page)
    say(page, SCRIPT)
    answered(edge, page, before)
    expect(own(page)).to_have_text([SCRIPT])
    page.goto(edge.url + "/chat")
    expect(own(page)).to_have_text([SCRIPT])
    assert page.title() == "Chat"
    assert page.locator(".message img, .message script").count() == 0


def test_a_worker_s_words_are_only_ever_text(page, edge) -> None:
    conversation_id = ask_for_a_person(page, edge)
    handover = edge.accept(conversation_id)
    edge.run(edge.fingerpost.handover.say(handover, "worker", SCRIPT))
    page.goto(edge.url + "/chat")
    expect(page.locator(".from-staff .text")).to_have_text([SCRIPT])
    assert page.title() == "Chat"


def test_services_are_shown_with_a_number_to_ring(page, edge) -> None:
    edge.dialogue.says = [
        Utterance(
            "services_offered",
            services=(
                ServiceCard("a", "Victim Support", "Open to all", "08 08 16 89 111", None,
                            "https://example.org/", True, True),
                ServiceCard("c", "A line", "Who knows when", "0300 123 2040"),
                ServiceCard("b", "Odd record", "No web page", url="javascript:alert(1)"),
            ),
        )
    ]  # fmt: skip
    start(page, edge)
    say(page, "who can help")
    cards = page.locator(".service")
    expect(cards).to_have_count(3)
    expect(cards.nth(0).get_by_role("link", name="Call")).to_have_attribute(
        "href", "tel:08081689111"
    )
    expect(cards.nth(0).locator(".fact")).to_have_count(2)
    hours = "We do not know their opening hours"
    expect(cards.nth(1).locator(".fact")).to_have_text([hours])
    expect(cards.nth(2).get_by_role("link")).to_have_count(0)
    expect(cards.nth(2).locator(".fact")).to_have_count(0)
    page.reload()  # drawn by the server, not by a script
    expect(page.locator(".service").nth(1).locator(".fact")).to_have_text([hours])


def test_a_line_of_the_brief_can_be_struck_out(page, edge) -> None:
    lines = (Line("need", "Need", "A new lock"), Line("area", "Area", "Bristol"))
    edge.dialogue.says = [Utterance("consent_brief", lines=lines)]
    start(page, edge)
    say(page, "please pass it on")
    boxes = page.locator("#answers input[type=checkbox]")
    expect(boxes).to_have_count(2)
    edge.dialogue.says = ["support_listening"]
    before = ours(page)
    page.get_by_label("Bristol").uncheck()
    page.locator("#answers").get_by_role("button", name="Yes").click()
    answered(edge, page, before)
    page.goto(edge.url + "/chat")
    said = edge.dialogue.heard[-1]
    assert (said["choice"], said["without"]) == ("yes", ("area",))
    expect(page.locator(".lines")).to_contain_text("Bristol")


def test_a_code_to_come_back_works_in_another_browser_without_earlier_words(
    page, edge, open_page
) -> None:
    start(page, edge)
    before = ours(page)
    say(page, "an earlier secret")
    answered(edge, page, before)
    page.locator("#later summary").click()
    page.get_by_role("button", name="Get a code").click()
    expect(page.locator("#code")).not_to_be_empty()
    code = page.locator("#code").inner_text().split()[-1]
    other = open_page()
    other.goto(edge.url + "/")
    other.locator("summary", has_text="code").click()
    other.get_by_label("Your code").fill(code)
    other.get_by_role("button", name="Go on with that chat").click()
    expect(other.locator(".message").first).to_be_visible()
    assert "earlier secret" not in other.content()
    page.goto(edge.url + "/chat")
    assert "earlier secret" not in page.content()


def test_a_wrong_code_is_refused_in_words(page, edge) -> None:
    page.goto(edge.url + "/")
    page.locator("summary", has_text="code").click()
    page.get_by_label("Your code").fill("WRONGONE")
    page.get_by_role("button", name="Go on with that chat").click()
    expect(page.get_by_text("That code did not work")).to_be_visible()


# -- live -------------------------------------------------------------------------------------


def test_a_person_and_a_worker_talk_live_without_a_reload(open_page, edge) -> None:
    page = open_page()
    conversation_id = ask_for_a_person(page, edge)
    page.evaluate("window.same = true")
    handover = edge.accept(conversation_id)
    edge.run(edge.fingerpost.handover.say(handover, "worker", "Hello, I am here now."))
    expect(page.locator(".from-staff .text").last).to_have_text("Hello, I am here now.")
    say(page, "thank you for coming")
    expect(own(page).last).to_have_text("thank you for coming")
    expect(page.locator(".message[data-pending]")).to_have_count(0)
    said = [e.message.text for e in edge.run(edge.fingerpost.desk.talk(handover, "worker"))]
    assert "thank you for coming" in said
    edge.run(edge.fingerpost.handover.end(handover, "worker", "supported"))
    expect(page.get_by_role("button", name="Start a new chat")).to_be_visible()
    expect(page.get_by_label("Your message")).to_have_count(0)
    assert page.evaluate("window.same") is True
    assert page.title() == "Chat"


def test_ones_own_words_are_there_at_once_and_only_once(open_page, edge) -> None:
    page = open_page()
    start(page, edge)
    edge.dialogue.delay = 2.0
    before = ours(page)
    say(page, "are you there")
    expect(own(page)).to_have_text(["are you there"], timeout=1000)
    assert ours(page) == before
    expect(page.locator("#doing")).to_have_text("Waiting for an answer")
    answered(edge, page, before)
    expect(page.locator("#doing")).to_be_empty()
    page.wait_for_timeout(800)  # the live line brings the same words once more
    assert own(page).count() == 1
    numbers = page.eval_on_selector_all(".message", "all => all.map(m => +m.dataset.id)")
    assert numbers == sorted(numbers) and len(set(numbers)) == len(numbers)


def test_a_second_message_does_not_wait_for_the_first_one_s_answer(open_page, edge) -> None:
    page = open_page()
    start(page, edge)
    edge.dialogue.delay = 2.0
    say(page, "one moment")
    say(page, "there is more")
    conversation_id, token = who(page)
    began = time.monotonic()
    while time.monotonic() - began < 1.5:
        texts = [m.text for m in edge.messages(conversation_id, token)]
        if "there is more" in texts:
            return
        page.wait_for_timeout(100)
    pytest.fail("the second message waited")


def test_what_the_network_loses_is_sent_again_and_counted_once(open_page, edge) -> None:
    page = open_page()
    start(page, edge)
    sent: list[str] = []

    def lossy(route) -> None:
        sent.append(route.request.post_data_json["client_id"])
        if len(sent) == 1:
            return route.abort()
        if len(sent) == 2:  # arrived, but the answer got lost
            route.fetch()
            return route.abort()
        return route.continue_()

    page.route(re.compile(r"/messages$"), lossy)
    before = ours(page)
    say(page, "can you hear me")
    expect(page.locator("#doing")).to_have_text(re.compile("Trying again"))
    answered(edge, page, before)
    expect(page.locator(".not-sent")).to_have_count(0, timeout=15_000)
    assert len(sent) == 3 and len(set(sent)) == 1
    assert own(page).count() == 1
    assert [t["text"] for t in edge.dialogue.heard].count("can you hear me") == 1


def test_what_cannot_be_sent_stays_and_can_be_sent_again(open_page, edge) -> None:
    page = open_page()
    page.clock.install()
    start(page, edge)
    page.route(re.compile(r"/messages$"), lambda route: route.abort())
    say(page, "do not lose this")
    again = page.get_by_role("button", name="Send again")
    for _ in range(8):
        page.clock.run_for(16_000)
        page.wait_for_timeout(100)
        if again.count():
            break
    expect(own(page)).to_contain_text(["do not lose this"])
    page.unroute_all()
    before = ours(page)
    again.click()
    page.clock.run_for(2_000)
    answered(edge, page, before)
    expect(page.locator(".not-sent")).to_have_count(0)
    expect(own(page)).to_have_text(["do not lose this"])
    assert [t["text"] for t in edge.dialogue.heard] == ["do not lose this"]


def test_a_late_answer_is_never_silence_and_still_comes(open_page, edge) -> None:
    page = open_page()
    start(page, edge)
    edge.dialogue.delay = edge.settings.answer_within + 1.5
    edge.dialogue.says = ["support_invite"]
    began = time.monotonic()
    say(page, "my shed was broken into")
    fallback = page.locator(".from-person ~ .kind-urgent .text")
    expect(fallback).to_contain_text("999", timeout=8000)
    assert time.monotonic() - began < 6
    before = ours(page)
    answered(edge, page, before)
    expect(page.locator("#answers button").first).to_be_visible()


def test_a_double_click_says_nothing_twice(open_page, edge) -> None:
    page = open_page()
    start(page, edge)
    before = ours(page)
    page.locator("#answers").get_by_role("button", name="Yes").dblclick()
    answered(edge, page, before)
    page.get_by_label("Your message").fill("once")
    page.get_by_role("button", name="Send", exact=True).dblclick()
    expect(own(page)).to_have_text(["Yes", "once"])
    page.wait_for_timeout(800)
    assert own(page).all_inner_texts() == ["Yes", "once"]
    assert [t["text"] for t in edge.dialogue.heard if t["text"] == "once"] == ["once"]


def test_a_form_sent_twice_says_nothing_twice(open_page, edge) -> None:
    page = open_page(javascript=False)
    start(page, edge)
    fields = {
        one.get_attribute("name"): one.get_attribute("value") or ""
        for one in page.locator("#say input[type=hidden]").all()
    }
    for _ in range(2):
        page.context.request.post(edge.url + "/chat", multipart={**fields, "text": "once"})
    page.goto(edge.url + "/chat")
    expect(own(page)).to_have_text(["once"])


def test_a_stale_answer_is_refused_kindly_and_the_chat_goes_on(open_page, edge) -> None:
    page = open_page()
    start(page, edge)
    page.eval_on_selector("#answers button", "one => one.value = '1-yes'")
    page.locator("#answers button").first.click()
    expect(page.locator("#error")).to_contain_text("no longer on offer")
    expect(page.locator("#answers").get_by_role("button", name="Yes")).to_be_visible()
    expect(own(page)).to_have_count(0)


def test_a_form_of_another_page_does_nothing(open_page, edge) -> None:
    page = open_page(javascript=False)
    start(page, edge)
    answer = page.context.request.post(
        edge.url + "/chat", form={"do": "say", "text": "forged", "csrf": "0" * 64}
    )
    assert answer.status == 403
    page.goto(edge.url + "/chat")
    expect(own(page)).to_have_count(0)


def test_a_text_that_is_too_long_stays_in_the_box(open_page, edge) -> None:
    page = open_page()
    start(page, edge)
    say(page, "a" * 4500)
    expect(page.locator("#error")).not_to_be_empty()
    assert len(page.get_by_label("Your message").input_value()) == 4500


# -- without a script -------------------------------------------------------------------------


def test_the_waiting_page_comes_again_and_takes_no_words_with_it(open_page, edge) -> None:
    page = open_page(javascript=False)
    conversation_id = ask_for_a_person(page, edge)
    expect(page.locator("meta[http-equiv=refresh]")).to_have_count(1)
    expect(page.get_by_label("Your message")).to_be_hidden()
    handover = edge.accept(conversation_id)
    edge.run(edge.fingerpost.handover.say(handover, "worker", "I am here."))
    expect(page.locator(".from-staff .text").last).to_have_text("I am here.", timeout=15_000)
    page.get_by_role("link", name="Write a message").click()
    expect(page.locator("meta[http-equiv=refresh]")).to_have_count(0)
    page.get_by_label("Your message").fill("half a thou")
    edge.run(edge.fingerpost.handover.say(handover, "worker", "Take your time."))
    page.get_by_role("button", name="See new messages").click()
    expect(page.locator(".from-staff .text").last).to_have_text("Take your time.")
    expect(page.get_by_label("Your message")).to_have_value("half a thou")
    expect(page.locator("meta[http-equiv=refresh]")).to_have_count(0)
    say(page, "half a thought, and the rest")
    expect(own(page).last).to_have_text("half a thought, and the rest")


def test_what_was_typed_comes_back_when_it_could_not_be_kept(open_page, edge) -> None:
    page = open_page(javascript=False)
    start(page, edge)
    with sqlite3.connect(edge.var / "fingerpost.db") as other:
        other.execute("BEGIN IMMEDIATE")  # another program holds the database
        say(page, "do not lose this")
        expect(page.locator("body")).to_contain_text("999")
        expect(page.get_by_label("Your message")).to_have_value("do not lose this")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(own(page)).to_have_text(["do not lose this"])


# -- leaving ----------------------------------------------------------------------------------


def gone(page, edge) -> None:
    """Check that nothing of the chat is on the device, on the screen, or behind the Back button."""
    expect(page).to_have_url(edge.away)
    page.wait_for_timeout(500)
    assert page.context.cookies(edge.url) == []
    page.go_back()
    page.wait_for_timeout(500)
    shown = page.content()
    assert "secret" not in shown and "999" not in shown
    assert page.locator(".message:visible").count() == 0
    page.goto(edge.url + "/chat")
    assert "secret" not in page.content()


def talk(page, edge) -> None:
    page.goto(edge.away)  # where the person came from
    start(page, edge)
    before = ours(page)
    say(page, "my secret")
    answered(edge, page, before)


def test_the_button_leaves_nothing_behind(open_page, edge) -> None:
    page = open_page()
    talk(page, edge)
    stored = page.evaluate("[localStorage.length, sessionStorage.length]")
    assert stored == [0, 0]
    conversation_id, token = who(page)
    page.get_by_role("button", name="Leave this page").click()
    gone(page, edge)
    assert edge.messages(conversation_id, token)  # leaving is not deletion


def test_leaving_one_tab_takes_every_tab_away(open_page, edge) -> None:
    page = open_page()
    talk(page, edge)
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.get_by_label("Your message")).to_be_visible()
    page.get_by_role("button", name="Leave this page").click()
    gone(page, edge)
    gone(other, edge)


def test_back_after_leaving_is_where_the_person_came_from(open_page, edge) -> None:
    page = open_page()
    talk(page, edge)
    page.get_by_role("link", name="What we keep").click()
    expect(page).to_have_url(edge.url + "/privacy")
    page.get_by_role("link", name="Back to the chat").click()
    expect(own(page)).to_have_text(["my secret"])
    page.get_by_role("button", name="Leave this page").click()
    expect(page).to_have_url(edge.away)
    page.go_back()
    page.wait_for_timeout(300)
    assert not page.url.startswith(edge.url)


def test_the_button_works_without_a_script(open_page, edge) -> None:
    page = open_page(javascript=False)
    talk(page, edge)
    page.get_by_role("button", name="Leave this page").click()
    gone(page, edge)


def test_shift_three_times_leaves_even_while_writing(open_page, edge) -> None:
    page = open_page()
    talk(page, edge)
    page.get_by_label("Your message").focus()
    page.keyboard.press("Shift")
    expect(page.locator("#leave-status")).to_contain_text("two more")
    page.keyboard.press("Shift")
    expect(page.locator("#leave-status")).to_contain_text("one more")
    page.keyboard.press("Shift")
    gone(page, edge)


def test_writing_capitals_or_waiting_too_long_does_not_leave(open_page, edge) -> None:
    page = open_page()
    page.clock.install()
    start(page, edge)
    page.get_by_label("Your message").focus()
    for letter in "ABCD":
        page.keyboard.press(f"Shift+{letter}")
    for _ in range(2):
        page.keyboard.press("Shift")
        page.keyboard.press("Shift")
        page.keyboard.press("a")
    page.keyboard.press("Shift")
    page.keyboard.press("Shift")
    page.clock.run_for(5_500)
    expect(page.locator("#leave-status")).to_contain_text("Not leaving")
    page.keyboard.press("Shift")
    page.wait_for_timeout(300)
    expect(page).to_have_url(re.compile("/chat"))


def test_leaving_waits_for_nobody(open_page, edge) -> None:
    page = open_page()
    talk(page, edge)
    page.context.route(re.compile(r"/leave$"), lambda route: time.sleep(0))  # never answered
    began = time.monotonic()
    page.get_by_role("button", name="Leave this page").click()
    expect(page).to_have_url(edge.away, timeout=2000)
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("path", ["/", "/privacy", "/chat"])
def test_the_way_out_is_first_for_the_keyboard_and_stays_in_view(open_page, edge, path) -> None:
    page = open_page(viewport={"width": 400, "height": 300})
    page.goto(edge.url + path)
    page.keyboard.press("Tab")
    button = page.get_by_role("button", name="Leave this page")
    expect(button).to_be_focused()
    page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
    expect(button).to_be_in_viewport(ratio=1)


# -- an idle screen ---------------------------------------------------------------------------


def test_an_idle_screen_shows_nothing_until_it_is_touched(open_page, make_edge) -> None:
    edge = make_edge(screen_idle_after=2.0)
    page = open_page()
    start(page, edge)
    page.get_by_label("Your message").fill("half a thought")
    resume = page.get_by_role("button", name="Continue")
    expect(resume).to_be_visible(timeout=5000)
    assert page.locator("main :visible").count() == 0
    assert page.title() == "Chat"
    resume.click()
    expect(page.locator(".message").first).to_be_visible()
    expect(page.get_by_label("Your message")).to_have_value("half a thought")


# -- how it looks and reads -------------------------------------------------------------------


def test_every_page_fits_a_narrow_screen(open_page, edge) -> None:
    page = open_page(viewport={"width": 320, "height": 568})
    start(page, edge)
    say(page, "x" * 300 + " " + SCRIPT)
    answered(edge, page, 3)
    for path in ("/chat", "/", "/privacy"):
        page.goto(edge.url + path)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 320, path


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_no_page_has_a_barrier_that_axe_can_find(open_page, edge, scheme, width) -> None:
    page = open_page(color_scheme=scheme, viewport={"width": width, "height": 800})
    lines = (Line("need", "Need", "A new lock"),)
    card = ServiceCard("a", "Victim Support", "Open to all", "08 08 16 89 111", "SHOUT",
                       "https://example.org/", True, True)  # fmt: skip
    edge.dialogue.says = [
        Utterance("services_offered", services=(card,)),
        Utterance("consent_brief", lines=lines),
    ]
    for path in ("/", "/privacy", "/chat", "/nothing"):
        page.goto(edge.url + path)
        no_barrier(page, "best-practice")
    start(page, edge)
    say(page, "please pass it on")
    expect(page.locator("#answers input[type=checkbox]")).to_have_count(1)
    no_barrier(page, "best-practice")


def test_nothing_is_asked_of_any_other_machine(open_page, edge) -> None:
    page = open_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    errors: list[str] = []
    page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    start(page, edge)
    before = ours(page)
    say(page, "hello")
    answered(edge, page, before)
    assert asked and all(url.startswith(edge.url) for url in asked)
    assert errors == []

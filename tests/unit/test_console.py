# SPDX-License-Identifier: Apache-2.0
"""The console lets in whom its table names, from this computer only, and shows what it may."""

from __future__ import annotations

import asyncio
import html
import json
import re
import uuid

import pytest
from aiohttp import HttpVersion10, HttpVersion11

from bot.policy.roles import ROLES
from bot.policy.turn import Line, Medium, Said, Utterance
from bot.store import handovers, staff
from bot.web.console import ROUTES
from bot.web.console_origin import came_by_our_proxy, came_directly
from tests.console import DANGER, PASSWORD, person, seen

TAKERS = {"worker", "supervisor", "safeguarding"}
SENIORS = {"supervisor", "safeguarding"}
EVERYBODY = set(ROLES)
SOME = str(uuid.uuid4())

# Who may use which address: written here once more on purpose, so that a slip in the table shows.
ALLOWED = {
    ("GET", "/staff/sign-in"): None,
    ("POST", "/staff/sign-in"): None,
    ("GET", "/staff/set-up/{word}"): None,
    ("POST", "/staff/set-up/{word}"): None,
    ("POST", "/staff/sign-out"): EVERYBODY,
    ("POST", "/staff/lock"): EVERYBODY,
    ("GET", "/staff/locked"): EVERYBODY,
    ("GET", "/staff/locked/events"): EVERYBODY,
    ("POST", "/staff/unlock"): EVERYBODY,
    ("GET", "/staff"): EVERYBODY,
    ("GET", "/staff/queue"): TAKERS,
    ("GET", "/staff/events"): TAKERS,
    ("POST", "/staff/available"): TAKERS,
    ("GET", "/staff/shift"): TAKERS,
    ("POST", "/staff/search"): TAKERS,
    ("GET", "/staff/audit"): {"supervisor", "dpo"},
    ("GET", "/staff/accounts"): {"admin"},
    ("POST", "/staff/accounts/{account}/link"): {"admin"},
    ("POST", "/staff/accounts/{account}/sign-out"): {"admin"},
    ("GET", "/staff/referrals"): TAKERS,
    ("POST", "/staff/referrals/{referral}/sent"): TAKERS,
    ("POST", "/staff/referrals/{referral}/deleted"): TAKERS,
    ("POST", "/staff/referrals/{referral}/close"): TAKERS,
    ("POST", "/staff/referrals/{referral}/answer"): TAKERS,
    ("POST", "/staff/referrals/{referral}/rang"): TAKERS,
    ("POST", "/staff/referrals/{referral}/handled"): TAKERS,
    ("POST", "/staff/referrals/{referral}/again"): TAKERS,
    ("POST", "/staff/referrals/{referral}/withdraw"): TAKERS,
    ("POST", "/staff/referrals/{referral}/judge"): TAKERS,
    ("GET", "/staff/referrals/{referral}/pdf"): TAKERS,
    ("GET", "/staff/referrals/{referral}/json"): TAKERS,
    ("GET", "/staff/callbacks"): TAKERS,
    ("GET", "/staff/callbacks/list"): TAKERS,
    ("GET", "/staff/callbacks-due"): TAKERS,
    ("POST", "/staff/callbacks/{callback}/ring"): TAKERS,
    ("POST", "/staff/callbacks/{callback}/outcome"): TAKERS,
    ("POST", "/staff/callbacks/{callback}/decide"): TAKERS,
    ("POST", "/staff/callbacks/{callback}/judge"): TAKERS,
    ("POST", "/staff/callbacks/{callback}/withdraw"): TAKERS,
    ("POST", "/staff/callbacks/{callback}/noted"): TAKERS,
    ("GET", "/staff/people/{person}"): TAKERS,
    ("GET", "/staff/people/{person}/events"): TAKERS,
    ("GET", "/staff/people/{person}/flags"): TAKERS,
    ("POST", "/staff/people/{person}/flags/{flag}"): TAKERS,
    ("GET", "/staff/calls"): TAKERS,
    ("POST", "/staff/people/{person}/have-it"): TAKERS,
    ("POST", "/staff/people/{person}/accept"): TAKERS,
    ("POST", "/staff/people/{person}/draft"): TAKERS,
    ("POST", "/staff/people/{person}/say"): TAKERS,
    ("POST", "/staff/people/{person}/emergency-words"): TAKERS,
    ("POST", "/staff/people/{person}/interpreter"): TAKERS,
    ("POST", "/staff/people/{person}/hand-back"): TAKERS,
    ("GET", "/staff/people/{person}/callback"): TAKERS,
    ("POST", "/staff/people/{person}/callback"): TAKERS,
    ("GET", "/staff/people/{person}/somebody-else"): TAKERS,
    ("POST", "/staff/people/{person}/somebody-else"): TAKERS,
    ("GET", "/staff/people/{person}/details"): TAKERS,
    ("POST", "/staff/people/{person}/details"): TAKERS,
    ("GET", "/staff/disclosures"): {"safeguarding"},
    ("GET", "/staff/people/{person}/disclose"): {"safeguarding"},
    ("POST", "/staff/people/{person}/disclose"): {"safeguarding"},
    ("POST", "/staff/people/{person}/end"): TAKERS,
    ("GET", "/staff/people/{person}/notes"): TAKERS,
    ("POST", "/staff/people/{person}/notes"): TAKERS,
    ("POST", "/staff/people/{person}/notes/{note}/done"): TAKERS,
    ("GET", "/staff/people/{person}/company"): TAKERS,
    ("POST", "/staff/people/{person}/offer"): TAKERS,
    ("POST", "/staff/people/{person}/take-over"): TAKERS,
    ("POST", "/staff/people/{person}/exclude"): TAKERS,
    ("POST", "/staff/people/{person}/tier"): TAKERS,
    ("POST", "/staff/people/{person}/readmit"): SENIORS,
    ("POST", "/staff/people/{person}/join"): SENIORS,
    ("POST", "/staff/people/{person}/part"): SENIORS,
}


# -- from where ------------------------------------------------------------------------------

HERE = {"Host": "127.0.0.1:8080"}


@pytest.mark.parametrize(
    ("remote", "version", "headers", "let_in"),
    [
        ("127.0.0.1", HttpVersion11, HERE, True),
        ("127.8.8.8", HttpVersion11, HERE, True),
        ("::1", HttpVersion11, {"Host": "[::1]:8080"}, True),
        ("::ffff:127.0.0.1", HttpVersion11, {"Host": "localhost:8080"}, True),
        ("127.0.0.1", HttpVersion11, HERE | {"Origin": "http://127.0.0.1:8080"}, True),
        ("127.0.0.1", HttpVersion11, HERE | {"Origin": "null"}, True),
        ("10.0.0.7", HttpVersion11, HERE, False),
        ("::ffff:10.0.0.7", HttpVersion11, HERE, False),
        ("fe80::1", HttpVersion11, HERE, False),
        (None, HttpVersion11, HERE, False),
        ("", HttpVersion11, HERE, False),
        ("127.0.0.1", HttpVersion10, HERE, False),
        ("127.0.0.1", HttpVersion11, {}, False),
        ("127.0.0.1", HttpVersion11, {"Host": "support.example.org"}, False),
        ("127.0.0.1", HttpVersion11, {"Host": "127.0.0.1.example.org"}, False),
        ("127.0.0.1", HttpVersion11, {"Host": "localhost.example.org:80"}, False),
        ("127.0.0.1", HttpVersion11, HERE | {"Origin": "https://support.example.org"}, False),
        ("127.0.0.1", HttpVersion11, HERE | {"X-Forwarded-For": "127.0.0.1"}, False),
        ("127.0.0.1", HttpVersion11, HERE | {"x-forwarded-for": ""}, False),
        ("127.0.0.1", HttpVersion11, HERE | {"X-Forwarded-Anything": "1"}, False),
        ("127.0.0.1", HttpVersion11, HERE | {"Forwarded": "for=127.0.0.1"}, False),
        ("127.0.0.1", HttpVersion11, HERE | {"Via": "1.1 caddy"}, False),
        ("127.0.0.1", HttpVersion11, HERE | {"X-Real-IP": "127.0.0.1"}, False),
        ("127.0.0.1", HttpVersion11, HERE | {"CF-Connecting-IP": "127.0.0.1"}, False),
    ],
)
def test_only_this_computer_and_nothing_in_between(remote, version, headers, let_in):
    assert came_directly(remote, version, headers) is let_in


@pytest.mark.parametrize("header", [{"X-Forwarded-For": "127.0.0.1"}, {"Host": "help.example.org"}])
async def test_every_address_refuses_what_came_through_a_proxy(client, sign_in, header):
    someone = await sign_in()
    someone.headers = header
    for method, path in ALLOWED:
        path = re.sub(r"{\w+}", SOME, path)
        answer = await (someone.get(path) if method == "GET" else someone.post(path))
        assert answer.status == 403, (method, path)
        assert "answers on this computer only" in await answer.text()
        assert "staff" not in answer.cookies


OURS = "https://staff.example.org"


@pytest.mark.parametrize(
    ("remote", "headers", "url", "let_in"),
    [
        ("127.0.0.1", {"Host": "staff.example.org", "X-Forwarded-For": "9.9.9.9"}, OURS, True),
        ("::1", {"Host": "staff.example.org", "Origin": OURS}, OURS + "/", True),
        ("127.0.0.1", {"Host": "staff.example.org", "Origin": "null"}, OURS, True),
        ("127.0.0.1", {"Host": "staff.example.org"}, "", False),
        ("10.0.0.7", {"Host": "staff.example.org"}, OURS, False),
        (None, {"Host": "staff.example.org"}, OURS, False),
        ("127.0.0.1", {"Host": "help.example.org"}, OURS, False),
        ("127.0.0.1", {}, OURS, False),
        ("127.0.0.1", {"Host": "staff.example.org:8443"}, OURS, False),
        ("127.0.0.1", {"Host": "staff.example.org", "Origin": "https://evil.test"}, OURS, False),
        ("127.0.0.1", {"Host": "staff.example.org", "Origin": "http://evil.test"}, OURS, False),
    ],
)
def test_a_proxy_here_is_let_in_at_our_own_address_alone(remote, headers, url, let_in):
    assert came_by_our_proxy(remote, headers, url) is let_in


async def test_the_sign_in_page_says_that_it_is_for_this_computer_only(client):
    answer = await client.get("/staff/sign-in")
    assert "on this computer only" in " ".join((await answer.text()).split())


# -- who -------------------------------------------------------------------------------------


async def test_every_address_stands_in_the_table_and_no_other_is_served(client):
    served = {
        (route.method, route.resource.canonical)
        for route in client.app.router.routes()
        if route.resource and route.resource.canonical.startswith("/staff")
    }
    assert served == set(ALLOWED) == {(r.method, r.path) for r in ROUTES}


async def test_nobody_gets_in_without_a_session(client):
    for (method, path), allowed in ALLOWED.items():
        path = re.sub(r"{\w+}", SOME, path)
        for cookie in ("", "staff=made-up"):
            headers = {"Accept": "application/json", "Cookie": cookie}
            answer = await client.request(method, path, headers=headers)
            code = (await answer.json()).get("code") if answer.status != 200 else ""
            assert (code == "signed_out") is (allowed is not None), (method, path)
    answer = await client.get("/staff", headers={"Accept": "text/html"}, allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (303, "/staff/sign-in")


LAST = ("/staff/lock", "/staff/locked", "/staff/unlock", "/staff/sign-out")


@pytest.mark.parametrize("role", ROLES)
async def test_a_role_gets_in_where_its_row_says_and_nowhere_else(sign_in, fingerpost, role):
    _, waiting = await person(fingerpost, DANGER)
    someone = await sign_in(role=role)
    rows = sorted(ALLOWED.items(), key=lambda row: row[0][1] in LAST)
    for (method, path), allowed in rows:
        if allowed is None or path.endswith("locked/events"):
            continue
        path = re.sub(r"{\w+}", SOME, path.replace("{person}", waiting))
        status, found = await someone.ask(method, path, sure="yes", agreed="yes")
        assert (found.get("code") == "role") is (role not in allowed), (role, method, path)
        refusals = ("not_yours", "wrong_pin", "locked", "signed_out")
        assert (status == 403) is (role not in allowed) or found["code"] in refusals
    # Who may take people has by now accepted this one and handed them back.
    assert (await fingerpost.handover.queue() == []) is (role in TAKERS)


@pytest.mark.parametrize("role", sorted(EVERYBODY - TAKERS))
async def test_a_role_without_the_queue_sees_no_trace_of_it(sign_in, fingerpost, role):
    _, waiting = await person(fingerpost, DANGER)
    page = await (await (await sign_in(role=role)).get("/staff")).text()
    assert waiting not in page
    assert "Queue</h1>" not in page and "Be available" not in page


async def test_what_no_page_of_ours_sent_is_refused(sign_in, client, fingerpost):
    _, waiting = await person(fingerpost, DANGER)
    lead, other = await sign_in(role="safeguarding"), await sign_in("Ines Reyes")
    admin = await sign_in("Ada Min", role="admin")
    for (method, path), allowed in ALLOWED.items():
        if method != "POST":
            continue
        someone = admin if allowed == {"admin"} else lead
        path = re.sub(r"{\w+}", SOME, path.replace("{person}", waiting))
        for csrf in ("", "made-up", other.csrf):
            answer = await someone.post(path, csrf=csrf)
            assert answer.status == 403, path
            assert "too old to be used" in await answer.text()
    lead.headers = {"Sec-Fetch-Site": "cross-site"}
    assert (await lead.post(f"/staff/people/{waiting}/accept")).status == 403
    (still,) = await fingerpost.handover.queue()
    assert still.worker_id is None


# -- the way in and out ----------------------------------------------------------------------


async def form_of(client, path: str) -> tuple[str, dict[str, str]]:
    answer = await client.get(path, headers={"Accept": "text/html"})
    page = await answer.text()
    return page, {"csrf": re.search(r'name="csrf" value="(\w+)"', page)[1]}


async def test_a_link_sets_up_and_the_password_signs_in(client, fingerpost):
    link = f"/staff/set-up/{await fingerpost.accounts.add('Sam Okafor', 'worker')}"
    page, form = await form_of(client, link)
    assert "Sam Okafor" in page
    html = {"Accept": "text/html"}
    for wrong in (
        {"password": PASSWORD, "again": "something else", "pin": "2479"},
        {"password": "short", "again": "short", "pin": "2479"},
        {"password": PASSWORD, "again": PASSWORD, "pin": "9999"},
    ):
        answer = await client.post(link, data=form | wrong, headers=html)
        assert answer.status == 422
        assert 'role="alert"' in await answer.text()
    good = {"password": PASSWORD, "again": PASSWORD, "pin": "2479"}
    answer = await client.post(link, data=form | good, headers=html)
    assert answer.status == 200 and answer.url.path == "/staff/sign-in"
    assert (await client.get(link, headers=html)).status == 404

    _, form = await form_of(client, "/staff/sign-in")
    wrong = await client.post(
        "/staff/sign-in", data=form | {"name": "Sam Okafor", "password": "x"}, headers=html
    )
    nobody = await client.post(
        "/staff/sign-in", data=form | {"name": "Nobody", "password": "x"}, headers=html
    )
    assert wrong.status == nobody.status == 403
    assert (await wrong.text()).replace("Sam Okafor", "") == (await nobody.text()).replace(
        "Nobody", ""
    )
    right = form | {"name": "Sam Okafor", "password": PASSWORD}
    answer = await client.post("/staff/sign-in", data=right, headers=html, allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (303, "/staff")
    cookie = answer.cookies["staff"]
    assert cookie["httponly"] and (cookie["samesite"], cookie["path"]) == ("Strict", "/staff")
    page = await (await client.get("/staff", headers=html)).text()
    assert 'Sam Okafor<span class="spare">, worker' in page


async def test_signing_out_ends_every_session(sign_in, fingerpost):
    someone = await sign_in()
    await someone.post("/staff/available", available="yes")
    answer = await someone.post("/staff/sign-out")
    assert answer.headers["Location"].startswith("/staff/sign-in")
    assert (await someone.get("/staff")).headers["Location"] == "/staff/sign-in"
    assert await fingerpost.accounts.there() == []


# -- the queue -------------------------------------------------------------------------------


def order(page: str) -> list[str]:
    return re.findall(r'id="row-([\w-]+)"', page)


async def test_the_queue_is_by_urgency_then_by_waiting_and_holds_no_words(
    sign_in, fingerpost, clock
):
    someone = await sign_in()
    calm = []
    for _ in range(2):
        opened = await fingerpost.conversations.open("chat")
        choice = f"{opened.reply.messages[-1].id}-person"
        await fingerpost.conversations.hear(opened.contact, Said(choice=choice))
        clock.pass_by(60)
        calm = [w.id for w in await fingerpost.handover.queue()]
    _, danger = await person(fingerpost, DANGER)
    page = await (await someone.get("/staff")).text()
    assert order(page) == [danger, *calm]
    for word in ("now", "when ready", "danger now", "asked for a person", "nobody yet"):
        assert word in page
    assert "knife" not in page
    assert "2 min 00 s" in page
    await fingerpost.handover.accept(danger, someone.id)
    assert order(await (await someone.get("/staff/queue")).text()) == [*calm, danger]


async def test_a_person_who_left_is_shown_as_left(sign_in, fingerpost):
    someone = await sign_in()
    contact, waiting = await person(fingerpost, DANGER)
    await fingerpost.conversations.leave(contact)
    row = await (await someone.get("/staff/queue")).text()
    assert ">left<" in row
    await someone.post(f"/staff/people/{waiting}/accept")
    assert "They left." in await (await someone.get(f"/staff/people/{waiting}")).text()


async def test_people_are_offered_a_worker_only_while_one_is_available(sign_in, fingerpost, clock):
    someone = await sign_in()

    async def offered() -> str:
        opened = await fingerpost.conversations.open("chat")
        choice = f"{opened.reply.messages[-1].id}-person"
        reply = await fingerpost.conversations.hear(opened.contact, Said(choice=choice))
        return reply.messages[-1].say

    assert await offered() == "person_nobody"
    await someone.get("/staff")  # signed in and looking is not yet available
    assert await offered() == "person_nobody"
    await someone.post("/staff/available", available="yes")
    assert await offered() == "person_asked"
    clock.pass_by(staff.SEEN_WITHIN + 1)
    assert await offered() == "person_nobody"
    await someone.get("/staff")
    assert await offered() == "person_asked"
    await someone.post("/staff/available", available="no")
    assert await offered() == "person_nobody"


async def test_what_was_agreed_is_shown_line_by_line_and_marked_once(sign_in, fingerpost):
    someone = await sign_in()
    contact, _ = await person(fingerpost, "i was burgled last week")
    service = next(iter(fingerpost.offers.services)).id
    lines = [Line("topic", "What about", "a burglary"), Line("n", "Number", "<b>07700 900123</b>")]
    await fingerpost.referrals.consent(
        conversation_id=contact.conversation_id, turn_id=SOME, service_id=service, lines=lines,
        medium="chat",
    )  # fmt: skip
    page = await (await someone.get("/staff")).text()
    assert "a burglary" in page and "&lt;b&gt;07700 900123&lt;/b&gt;" in page
    (one,) = await fingerpost.referrals.to_act_on(someone.id)
    path = f"/staff/referrals/{one.id}"
    assert (await someone.post(f"{path}/sent")).status == 303
    assert "a burglary" not in await (await someone.get("/staff")).text()
    assert (await someone.ask("POST", f"{path}/sent"))[0] == 404
    await fingerpost.referrals.withdraw(contact.conversation_id)
    assert "Take back" in await (await someone.get("/staff/referrals")).text()
    assert (await someone.post(f"{path}/deleted")).status == 303
    assert one.reference not in await (await someone.get("/staff/referrals")).text()
    assert [what for _, what in await seen(fingerpost, one.id)][-1] == "referral_withdrawn"


async def test_a_note_that_cannot_be_opened_is_seen_and_cannot_be_marked_as_sent(
    sign_in, fingerpost
):
    someone = await sign_in()
    contact, _ = await person(fingerpost, "hello")
    await fingerpost.referrals.consent(
        conversation_id=contact.conversation_id, turn_id=SOME, service_id="a-service",
        lines=[Line("topic", "What about", "a burglary")], medium="chat",
    )  # fmt: skip
    (one,) = await fingerpost.referrals.to_act_on(someone.id)
    await fingerpost.keys.erase(one.id)
    page = await (await someone.get("/staff/referrals")).text()
    assert one.reference in page and "cannot be opened" in page
    assert f"/staff/referrals/{one.id}/" not in page


# -- a person taken --------------------------------------------------------------------------


async def test_of_two_at_the_same_instant_one_has_the_person(sign_in, fingerpost):
    contact, waiting = await person(fingerpost, DANGER)
    both = [await sign_in(), await sign_in("Ines Reyes")]
    answers = await asyncio.gather(*(s.post(f"/staff/people/{waiting}/accept") for s in both))
    went = [a.headers["Location"] for a in answers]
    assert sorted(went) == sorted([f"/staff/people/{waiting}", "/staff?notice=taken"])
    loser = both[went.index("/staff?notice=taken")]
    page = await (await loser.get("/staff?notice=taken")).text()
    assert "Somebody else accepted" in page
    assert (await loser.get(f"/staff/people/{waiting}")).status == 403
    joined = [m.say for m in (await fingerpost.conversations.messages(contact)).messages].count(
        "staff_joined"
    )
    assert joined == 1


async def test_before_accepting_no_word_is_shown_and_after_it_what_was_around_the_danger(
    sign_in, fingerpost
):
    contact, waiting = await person(fingerpost, DANGER, "4 Mill Lane <script>x</script>")
    someone, other = await sign_in(), await sign_in("Ines Reyes")
    assert (await someone.get(f"/staff/people/{waiting}")).status == 403
    await someone.post(f"/staff/people/{waiting}/accept")
    page = await (await someone.get(f"/staff/people/{waiting}")).text()
    assert DANGER in page
    assert "4 Mill Lane &lt;script&gt;x&lt;/script&gt;" in page
    assert "Danger now" in page or "danger now" in page
    refused = await other.get(f"/staff/people/{waiting}")
    assert refused.status == 403 and "Mill Lane" not in await refused.text()
    views = await seen(fingerpost, contact.conversation_id)
    assert (someone.id, "brief") in views and (someone.id, "talk") in views
    assert not [v for v in views if v[0] == other.id]


async def test_the_queue_and_the_page_say_who_is_young(sign_in, fingerpost):
    contact, waiting = await person(fingerpost, DANGER)
    someone = await sign_in()
    assert "under 18" not in await (await someone.get("/staff")).text()
    await fingerpost.facts.keep(contact.conversation_id, SOME, {"age_band": "16_17"})
    page = await (await someone.get("/staff")).text()
    assert "under 18" in page and "danger now" in page
    await someone.post(f"/staff/people/{waiting}/accept")
    assert "under 18" in await (await someone.get(f"/staff/people/{waiting}")).text()


async def test_answers_are_shown_to_who_takes_somebody_without_danger(sign_in, fingerpost):
    contact, waiting = await person(fingerpost, "can i speak to a person please")
    answers = {"area": "devon_and_cornwall", "contact_number": "+447700900123"}
    await fingerpost.facts.keep(contact.conversation_id, SOME, answers)
    someone = await sign_in()
    assert "Devon" not in await (await someone.get("/staff")).text()
    await someone.post(f"/staff/people/{waiting}/accept")
    page = await (await someone.get(f"/staff/people/{waiting}")).text()
    assert "What they told the assistant" in page and "Devon or Cornwall" in page
    assert "7700900123" not in page


async def test_without_danger_nothing_said_before_is_shown(sign_in, fingerpost):
    opened = await fingerpost.conversations.open("chat")
    await fingerpost.conversations.hear(opened.contact, Said(text="my bike was stolen on monday"))
    await fingerpost.conversations.hear(
        opened.contact, Said(choice=f"{opened.reply.messages[-1].id}-person")
    )
    (waiting,) = await fingerpost.handover.queue()
    someone = await sign_in()
    await someone.post(f"/staff/people/{waiting.id}/accept")
    page = await (await someone.get(f"/staff/people/{waiting.id}")).text()
    assert "my bike was stolen" not in page
    await fingerpost.conversations.hear(opened.contact, Said(text="it was a red one"))
    page = await (await someone.get(f"/staff/people/{waiting.id}")).text()
    assert "it was a red one" in page and "my bike was stolen" not in page


async def test_the_same_form_twice_is_one_message_and_an_empty_one_is_none(sign_in, fingerpost):
    contact, waiting = await person(fingerpost, DANGER)
    someone = await sign_in()
    path = f"/staff/people/{waiting}"
    await someone.post(f"{path}/accept")
    number = str(uuid.uuid4())
    for _ in range(2):
        assert (await someone.post(f"{path}/say", text="I am here", client_id=number)).status == 303
    answer = await someone.post(f"{path}/say", text="  \r\n ")
    assert answer.status == 422
    answer = await someone.post(f"{path}/say", text="x" * 4001)
    assert answer.status == 422 and "x" * 4001 in await answer.text()  # nothing written is lost
    said = [m.text for m in (await fingerpost.conversations.messages(contact)).messages]
    assert said.count("I am here") == 1
    assert not any("x" * 100 in text for text in said)


async def test_ending_waits_for_a_verdict_on_every_flag(sign_in, fingerpost):
    contact, waiting = await person(fingerpost, DANGER)
    someone = await sign_in()
    path = f"/staff/people/{waiting}"
    await someone.post(f"{path}/accept")
    assert (await someone.ask("POST", f"{path}/end", outcome="supported"))[1]["code"] == (
        "verdict_first"
    )
    (flag,) = await fingerpost.desk.flags(waiting, someone.id)
    assert (await someone.ask("POST", f"{path}/flags/{flag.id}", verdict="perhaps"))[0] == 422
    assert (await someone.ask("POST", f"{path}/flags/{flag.id}", verdict="right"))[0] == 200
    assert (await someone.ask("POST", f"{path}/end", outcome="fine"))[0] == 422
    assert (await someone.ask("POST", f"{path}/end", outcome="supported"))[1]["code"] == "sure"
    sure = {"outcome": "supported", "sure": "yes"}
    assert (await someone.ask("POST", f"{path}/end", **sure))[0] == 200
    assert (await fingerpost.conversations.messages(contact)).state == "ended"
    assert (await someone.ask("POST", f"{path}/say", text="hello"))[0] == 404
    assert (await someone.get(path)).status == 404


async def test_a_verdict_is_given_only_by_who_has_the_person(sign_in, fingerpost):
    _, first = await person(fingerpost, DANGER)
    _, second = await person(fingerpost, DANGER)
    one, two = await sign_in(), await sign_in("Ines Reyes")
    await one.post(f"/staff/people/{first}/accept")
    await two.post(f"/staff/people/{second}/accept")
    (flag,) = await fingerpost.desk.flags(first, one.id)
    assert (await two.ask("POST", f"/staff/people/{first}/flags/{flag.id}", verdict="wrong"))[
        0
    ] == 403
    assert (await two.ask("POST", f"/staff/people/{second}/flags/{flag.id}", verdict="wrong"))[
        0
    ] == 404
    (flag,) = await fingerpost.desk.flags(first, one.id)
    assert flag.verdict == ""


async def test_handing_back_lets_the_helper_answer_again(sign_in, fingerpost, assistant):
    contact, waiting = await person(fingerpost, DANGER)
    someone = await sign_in()
    await someone.post(f"/staff/people/{waiting}/accept")
    await fingerpost.conversations.hear(contact, Said(text="i was burgled too"))
    assert "i was burgled too" not in [t["text"] for t in assistant.heard]
    answer = await someone.post(f"/staff/people/{waiting}/hand-back", sure="yes", agreed="yes")
    assert answer.headers["Location"] == "/staff?notice=handed_back"
    reply = await fingerpost.conversations.hear(contact, Said(text="thank you for that"))
    assert reply.state == "assistant"
    assert "thank you for that" in [t["text"] for t in assistant.heard]
    assert (await someone.get(f"/staff/people/{waiting}")).status == 404


@pytest.mark.parametrize("how", ["hand-back", "end"])
@pytest.mark.parametrize(("verdict", "asked"), [("right", True), ("wrong", False), ("old", False)])
async def test_nobody_in_danger_is_let_go_of_by_one_click(sign_in, fingerpost, how, verdict, asked):
    contact, waiting = await person(fingerpost, DANGER)
    someone = await sign_in()
    path = f"/staff/people/{waiting}"
    await someone.post(f"{path}/accept")
    (flag,) = await fingerpost.desk.flags(waiting, someone.id)
    await someone.post(f"{path}/flags/{flag.id}", verdict=verdict)
    form = {"outcome": "supported", "agreed": "yes"}
    answer = await someone.post(f"{path}/{how}", **form)
    state = (await fingerpost.conversations.messages(contact)).state
    assert (answer.status == 422, state == "staff") == (asked, asked)
    if asked:
        drawn = await answer.text()
        assert drawn.count('class="sure"') - len(re.findall('class="sure"[^>]*hidden', drawn)) == 1
        await someone.post(f"{path}/{how}", **form, sure="yes")
        assert (await fingerpost.conversations.messages(contact)).state != "staff"


async def test_nobody_is_handed_back_without_their_yes_unless_they_left(sign_in, fingerpost):
    contact, waiting = await person(fingerpost, "can i talk to a person")
    someone = await sign_in()
    path = f"/staff/people/{waiting}"
    await someone.post(f"{path}/accept")
    answer = await someone.post(f"{path}/hand-back", text="half a word")
    page = await answer.text()
    assert answer.status == 422 and "Ask them first" in page and "half a word" in page
    assert (await someone.ask("POST", f"{path}/hand-back"))[1]["code"] == "ask_first"
    assert (await fingerpost.conversations.messages(contact)).state == "staff"
    await fingerpost.conversations.leave(contact)
    assert "they want the automated helper again" not in await (await someone.get(path)).text()
    answer = await someone.post(f"{path}/hand-back")
    assert answer.headers["Location"] == "/staff?notice=handed_back"


async def test_after_a_hand_back_one_question_is_asked(sign_in, fingerpost, assistant):
    contact, waiting = await person(fingerpost, "can i talk to a person")
    someone = await sign_in()
    await someone.post(f"/staff/people/{waiting}/accept")
    before = len((await fingerpost.conversations.messages(contact)).messages)
    assistant.says = ["support_what_would_help"]
    await someone.post(f"/staff/people/{waiting}/hand-back", agreed="yes")
    for _ in range(50):
        said = (await fingerpost.conversations.messages(contact)).messages[before:]
        if len(said) > 1:
            break
        await asyncio.sleep(0.1)
    assert [m.say for m in said if m.choices] == ["support_what_would_help"]
    assert sum(m.text.count("?") for m in said) == 1


async def test_a_closed_story_held_by_a_flag_is_opened_by_a_safeguarding_lead_only(
    sign_in, fingerpost, clock
):
    contact, waiting = await person(fingerpost, DANGER)
    clock.pass_by(fingerpost.settings.idle_closes_after + 1)
    await fingerpost.retention.run()
    someone, lead = await sign_in(), await sign_in("Ada Lind", "safeguarding")
    assert "flag waits for a verdict" in await (await someone.get("/staff")).text()
    assert (await someone.ask("POST", f"/staff/people/{waiting}/accept"))[1]["code"] == "review"
    path = f"/staff/people/{waiting}"
    assert (await lead.post(f"{path}/accept")).headers["Location"] == path
    assert DANGER in await (await lead.get(path)).text()
    for what in ("say", "emergency-words", "hand-back"):
        assert (await lead.ask("POST", f"{path}/{what}", text="hello"))[1]["code"] == "closed"
    (flag,) = await fingerpost.desk.flags(waiting, lead.id)
    await lead.post(f"{path}/flags/{flag.id}", verdict="old")
    await lead.post(f"{path}/end", outcome="safeguarding")
    clock.pass_by(600)
    await fingerpost.retention.run()
    async with fingerpost.store.read() as tx:
        assert await handovers.open_for(tx, contact.conversation_id) is None
    assert (await lead.get(path)).status == 404


async def test_an_approved_answer_is_offered_with_its_source_and_date(sign_in, fingerpost):
    _, waiting = await person(fingerpost, DANGER)
    someone = await sign_in()
    await someone.post(f"/staff/people/{waiting}/accept")
    page = html.unescape(await (await someone.get(f"/staff/people/{waiting}")).text())
    for answer in fingerpost.words.information:
        assert f"(from {answer.source}, {answer.valid_at})" in page
        text = fingerpost.words.message(Utterance(answer.name), Medium.CHAT).text
        assert f'data-text="{text}"' in page


async def test_without_a_script_an_approved_reply_joins_what_is_written(sign_in, fingerpost):
    _, waiting = await person(fingerpost, DANGER)
    someone = await sign_in()
    await someone.post(f"/staff/people/{waiting}/accept")
    name = next(n for n in fingerpost.words.names() if n.startswith("staff_canned_"))
    answer = await someone.post(f"/staff/people/{waiting}/draft", text="Hi.", canned=name)
    box = re.search(r'<textarea id="text".*?>(.*?)</textarea>', await answer.text(), re.S)[1]
    assert box.startswith("Hi.\n") and len(box) > 10


# -- live ------------------------------------------------------------------------------------


class Heard:
    """Reads a stream of events."""

    def __init__(self, answer) -> None:
        self.answer = answer

    async def until(self, event: str) -> tuple[int, dict]:
        found: dict[str, str] = {}
        async with asyncio.timeout(5):
            async for raw in self.answer.content:
                name, _, value = raw.decode().rstrip("\r\n").partition(": ")
                if name:
                    found[name] = value
                elif found.get("event") == event:
                    return int(found.get("id", 0)), json.loads(found["data"])
                else:
                    found = {}
        raise AssertionError(f"the stream ended without {event}")


async def test_a_stream_goes_on_where_it_was_lost_and_never_goes_back_before_accepting(
    sign_in, fingerpost
):
    contact, waiting = await person(fingerpost, DANGER)
    someone = await sign_in()
    path = f"/staff/people/{waiting}/events"
    await someone.post(f"/staff/people/{waiting}/accept")
    stream = Heard(await someone.get(path))
    assert (await stream.until("entry"))[1]["from"] == "system"  # not the words before
    await fingerpost.conversations.hear(contact, Said(text="first"))
    number, entry = await stream.until("entry")
    assert (entry["from"], entry["text"]) == ("person", "first")
    stream.answer.close()
    await fingerpost.conversations.hear(contact, Said(text="second"))
    again = Heard(await someone.get(path, headers={"Last-Event-ID": str(number)}))
    assert (await again.until("entry"))[1]["text"] == "second"
    await fingerpost.conversations.hear(contact, Said(text="third"))
    assert (await again.until("entry"))[1]["text"] == "third"
    again.answer.close()


async def test_a_flag_reaches_the_worker_with_its_reason_and_never_the_person(sign_in, fingerpost):
    contact, waiting = await person(fingerpost, DANGER)
    someone = await sign_in()
    await someone.post(f"/staff/people/{waiting}/accept")
    stream = Heard(await someone.get(f"/staff/people/{waiting}/events"))
    await stream.until("person")
    reply = await fingerpost.conversations.hear(
        contact, Said(text="he is in the house with a knife")
    )
    while (entry := (await stream.until("entry"))[1])["kind"] != "flag":
        pass
    assert entry["sends"] is True and entry["why"]
    assert "flag" not in [m.kind for m in reply.messages]
    await someone.post(f"/staff/people/{waiting}/emergency-words")
    entry = (await stream.until("entry"))[1]
    assert entry["emergency"] is True
    stream.answer.close()


async def test_leaving_shows_and_an_ended_talk_shows_nothing_more(sign_in, fingerpost):
    contact, waiting = await person(fingerpost, DANGER)
    someone = await sign_in()
    await someone.post(f"/staff/people/{waiting}/accept")
    stream = Heard(await someone.get(f"/staff/people/{waiting}/events"))
    assert "in the chat" in (await stream.until("person"))[1]["text"]
    await fingerpost.conversations.leave(contact)
    assert "They left" in (await stream.until("person"))[1]["text"]
    (flag,) = await fingerpost.desk.flags(waiting, someone.id)
    await fingerpost.desk.review(waiting, flag.id, someone.id, "right")
    await fingerpost.handover.end(waiting, someone.id, "left")
    assert (await stream.until("over"))[1]["code"] == "unknown"
    assert await stream.answer.content.read() == b""


async def test_the_queue_tells_of_changes_and_an_open_stream_says_that_a_worker_is_there(
    sign_in, fingerpost, clock
):
    someone = await sign_in()
    await someone.post("/staff/available", available="yes")
    clock.pass_by(staff.SEEN_WITHIN + 1)
    assert await fingerpost.accounts.there() == []
    newest = await fingerpost.live.newest()
    stream = Heard(await someone.get(f"/staff/events?after={newest}"))
    await stream.until("hello")
    await person(fingerpost, DANGER)
    _, data = await stream.until("queue")
    assert data == {}
    assert await fingerpost.accounts.there() == ["Sam Okafor"]
    stream.answer.close()

# SPDX-License-Identifier: Apache-2.0
"""The second factor, the proxy it opens, and the lock that drops nobody."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace

import pyotp
import pytest

from bot.policy.turn import Said
from bot.service.ports import ConversationError
from bot.service.second_factor import STEP
from bot.store import handovers
from tests.console import DANGER, PASSWORD, Staff, person, seen

OURS = "https://staff.example.org"
BY_PROXY = {"Host": "staff.example.org", "X-Forwarded-For": "9.9.9.9"}


def digits(key: str, clock) -> str:
    return pyotp.TOTP(key).at(int(clock()))


async def with_app(fingerpost, name="Sam Okafor", role="worker", pin="2479") -> str:
    """Set an account up with an app, and return the app's key."""
    word = await fingerpost.accounts.add(name, role)
    key = (await fingerpost.accounts.invited(word)).second.key
    code = digits(key, fingerpost.clock)
    await fingerpost.accounts.set_up(word, PASSWORD, pin, code)
    return key


async def refused(work, code: str = "refused") -> None:
    with pytest.raises(ConversationError) as caught:
        await work
    assert caught.value.code == code


@pytest.fixture
def behind(fingerpost):
    fingerpost.settings = replace(fingerpost.settings, console_url=OURS)


# -- the second factor -----------------------------------------------------------------------


async def test_an_account_with_an_app_needs_its_digits_and_each_only_once(
    client, fingerpost, clock
):
    accounts = fingerpost.accounts
    key = await with_app(fingerpost)
    await refused(accounts.sign_in("Sam Okafor", PASSWORD))
    await refused(accounts.sign_in("Sam Okafor", PASSWORD, "000000"))
    await refused(accounts.sign_in("Sam Okafor", PASSWORD, digits(key, clock)))  # set up with
    clock.pass_by(STEP)
    code = digits(key, clock)
    worker = await accounts.worker(await accounts.sign_in("Sam Okafor", PASSWORD, code))
    assert worker.second
    await refused(accounts.sign_in("Sam Okafor", PASSWORD, code))


async def test_of_two_who_use_the_same_digits_at_once_one_gets_in(client, fingerpost, clock):
    key = await with_app(fingerpost)
    clock.pass_by(STEP)
    code = digits(key, clock)
    found = await asyncio.gather(
        *(fingerpost.accounts.sign_in("Sam Okafor", PASSWORD, code) for _ in range(3)),
        return_exceptions=True,
    )
    assert sum(isinstance(one, str) for one in found) == 1


async def test_guessed_digits_lock_the_account_like_a_guessed_password(client, fingerpost, clock):
    key = await with_app(fingerpost)
    clock.pass_by(STEP)
    for number in range(5):
        await refused(fingerpost.accounts.sign_in("Sam Okafor", PASSWORD, f"00000{number}"))
    await refused(fingerpost.accounts.sign_in("Sam Okafor", PASSWORD, digits(key, clock)))


async def test_a_clock_half_a_minute_off_is_let_in_and_two_minutes_is_not(
    client, fingerpost, clock
):
    key = await with_app(fingerpost)
    clock.pass_by(10 * STEP)
    early, late = digits(key, lambda: clock() - 4 * STEP), digits(key, lambda: clock() - STEP)
    await refused(fingerpost.accounts.sign_in("Sam Okafor", PASSWORD, early))
    assert await fingerpost.accounts.sign_in("Sam Okafor", PASSWORD, late)


async def test_a_lost_app_is_answered_by_a_new_link_with_a_new_key(client, fingerpost, clock):
    key = await with_app(fingerpost)
    clock.pass_by(5 * STEP)
    new = await with_app(fingerpost)
    assert new != key
    clock.pass_by(STEP)
    await refused(fingerpost.accounts.sign_in("Sam Okafor", PASSWORD, digits(key, clock)))
    assert await fingerpost.accounts.sign_in("Sam Okafor", PASSWORD, digits(new, clock))


async def test_the_key_is_kept_sealed_and_wrong_digits_set_nothing_up(client, fingerpost, settings):
    word = await fingerpost.accounts.add("Sam Okafor", "worker")
    await refused(fingerpost.accounts.set_up(word, PASSWORD, "2479", "000000"), "bad_code")
    key = await with_app(fingerpost)
    await fingerpost.store.settle()
    assert key.encode() not in (settings.var / "fingerpost.db").read_bytes()


async def test_the_page_draws_the_picture_and_the_key_and_takes_the_digits(
    client, fingerpost, clock
):
    link = f"/staff/set-up/{await fingerpost.accounts.add('Sam Okafor', 'worker')}"
    html = {"Accept": "text/html"}
    page = await (await client.get(link, headers=html)).text()
    key = re.search(r'id="second-key">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    assert "<svg" in page
    form = {
        "csrf": re.search(r'name="csrf" value="(\w+)"', page)[1],
        "password": PASSWORD,
        "again": PASSWORD,
        "pin": "2479",
    }
    wrong = await client.post(link, data=form | {"code": "123"}, headers=html)
    assert wrong.status == 422
    right = await client.post(link, data=form | {"code": digits(key, clock)}, headers=html)
    assert right.url.path == "/staff/sign-in"
    clock.pass_by(STEP)
    assert await fingerpost.accounts.sign_in("Sam Okafor", PASSWORD, digits(key, clock))


# -- behind a proxy --------------------------------------------------------------------------


async def test_behind_a_proxy_only_a_session_with_a_second_factor_gets_in(
    client, sign_in, fingerpost, clock, behind
):
    without = await sign_in("Ines Reyes")
    without.headers = BY_PROXY
    status, found = await without.ask("GET", "/staff/queue")
    assert (status, found["code"]) == (403, "second_factor")
    key = await with_app(fingerpost, pin="8361")
    clock.pass_by(STEP)
    token = await fingerpost.accounts.sign_in("Sam Okafor", PASSWORD, digits(key, clock))
    worker = await fingerpost.accounts.worker(token)
    someone = Staff(client, worker.id, token, worker.csrf, BY_PROXY)
    answer = await someone.get("/staff")
    assert answer.status == 200 and "Queue</h1>" in await answer.text()
    without.headers = {}  # on the machine itself, or by a proxy that hides that it is one
    assert (await without.ask("GET", "/staff/queue"))[1]["code"] == "second_factor"
    someone.headers = {"Host": "help.example.org"}
    assert (await someone.get("/staff")).status == 403


async def test_a_cookie_given_through_the_proxy_is_for_https_alone(client, behind):
    answer = await client.get("/staff/sign-in", headers=BY_PROXY)
    assert answer.cookies["staff_form"]["secure"]
    near = await client.get("/staff/sign-in")
    assert not near.cookies["staff_form"]["secure"]


async def test_nobody_sets_up_from_afar_without_an_app(client, fingerpost, behind):
    link = f"/staff/set-up/{await fingerpost.accounts.add('Sam Okafor', 'worker')}"
    headers = BY_PROXY | {"Accept": "text/html"}
    got = await client.get(link, headers=headers)
    page = await got.text()
    form = {
        "csrf": re.search(r'name="csrf" value="(\w+)"', page)[1],
        "password": PASSWORD,
        "again": PASSWORD,
        "pin": "2479",
    }
    cookie = {"Cookie": f"staff_form={got.cookies['staff_form'].value}"}
    answer = await client.post(link, data=form, headers=headers | cookie)
    assert answer.status == 422
    await refused(fingerpost.accounts.sign_in("Sam Okafor", PASSWORD))


# -- the lock --------------------------------------------------------------------------------


async def test_a_locked_console_shows_no_word_and_its_person_stays(sign_in, fingerpost, clock):
    someone = await sign_in()
    contact, waiting = await person(fingerpost, DANGER)
    await fingerpost.handover.accept(waiting, someone.id)
    assert (await someone.post("/staff/lock", back=waiting)).headers["Location"].endswith(waiting)
    for path in ("/staff", f"/staff/people/{waiting}", "/staff/queue"):
        answer = await someone.get(path)
        assert (answer.status, answer.headers["Location"]) == (303, "/staff/locked")
    status, found = await someone.ask("POST", f"/staff/people/{waiting}/say", text="hello")
    assert (status, found["code"]) == (423, "locked")
    page = await (await someone.get("/staff/locked")).text()
    assert "still yours" in page and "knife" not in page and "Danger" not in page
    for _ in range(6):  # the locked page counts as being there
        clock.pass_by(20)
        await someone.get("/staff/locked")
        while await fingerpost.work.one():
            pass
    async with fingerpost.store.read() as tx:
        found = await handovers.open_for(tx, contact.conversation_id)
    assert (found.state, found.worker_id) == (handovers.TAKEN, someone.id)


async def test_the_pin_opens_it_and_five_wrong_ones_sign_that_browser_out(sign_in, fingerpost):
    someone = await sign_in()
    await someone.post("/staff/lock")
    status, found = await someone.ask("POST", "/staff/unlock", pin="0000")
    assert (status, found["code"]) == (403, "wrong_pin")
    assert (await someone.ask("POST", "/staff/unlock", pin="2479"))[0] == 200
    assert (await someone.get("/staff")).status == 200
    await someone.post("/staff/lock")
    for _ in range(4):
        await someone.ask("POST", "/staff/unlock", pin="0000")
    assert (await someone.ask("POST", "/staff/unlock", pin="0000"))[1]["code"] == "signed_out"
    assert (await someone.ask("POST", "/staff/unlock", pin="2479"))[1]["code"] == "signed_out"
    done = [what for _, what in await seen(fingerpost, someone.id)]
    assert done.count("unlock") == 1 and "unlock_tries" in done


async def test_a_locked_screen_says_that_they_wrote_and_not_what(sign_in, fingerpost, clock):
    someone = await sign_in()
    contact, waiting = await person(fingerpost, DANGER)
    await fingerpost.handover.accept(waiting, someone.id)
    await someone.post("/staff/lock")
    assert "have written" not in await (await someone.get("/staff/locked")).text()
    clock.pass_by(1)
    await fingerpost.conversations.hear(contact, Said(text="the lilac door"))
    page = await (await someone.get("/staff/locked")).text()
    assert "have written since" in page and "lilac" not in page


async def test_locking_again_gives_no_tries_back(sign_in):
    someone = await sign_in()
    await someone.post("/staff/lock")
    for _ in range(4):
        await someone.ask("POST", "/staff/unlock", pin="0000")
        assert (await someone.ask("POST", "/staff/lock"))[1]["code"] == "locked"
    assert (await someone.ask("POST", "/staff/unlock", pin="0000"))[1]["code"] == "signed_out"


async def test_locking_one_browser_leaves_another_open(client, sign_in, fingerpost):
    someone = await sign_in()
    token = await fingerpost.accounts.sign_in("Sam Okafor", PASSWORD)
    worker = await fingerpost.accounts.worker(token)
    other = Staff(client, worker.id, token, worker.csrf)
    await someone.post("/staff/lock")
    assert (await other.get("/staff")).status == 200


async def test_who_has_no_pin_opens_it_by_password(sign_in):
    someone = await sign_in(role="dpo")
    await someone.post("/staff/lock")
    assert (await someone.ask("POST", "/staff/unlock", pin=PASSWORD))[0] == 200

# SPDX-License-Identifier: Apache-2.0
"""Staff accounts: opened once, guarded against guessing, and honest about who is there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from argon2 import PasswordHasher

from bot.policy.roles import MAY, ROLES, May, may
from bot.service import pins
from bot.service.accounts import (
    LOCKED_FOR,
    SESSION_LASTS,
    SETUP_LASTS,
    TRIES,
    Accounts,
)
from bot.service.ports import ConversationError
from bot.service.second_factor import SecondFactor
from bot.store import staff
from bot.store.database import Database
from bot.store.keys import KeyStore
from bot.store.migrate import migrate

PASSWORD = "purple otter kettle"


@pytest.fixture
async def accounts(settings, clock) -> AsyncIterator[Accounts]:
    await migrate(settings)
    store = Database(settings.database_url)
    keys = KeyStore(Database(settings.keys_url), settings.secret_keys)
    second = SecondFactor(keys, b"s" * 32, "Support line", clock)
    found = Accounts(store, second, pins.Pins([b"p" * 32]), clock)
    # The real hash, made cheap: what is tested is when it is asked, not how hard it is.
    found.hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    yield found
    await store.close()
    await keys.database.close()


async def made(accounts, name="Sam Okafor", role="worker", pin="2479") -> str:
    await accounts.set_up(await accounts.add(name, role), PASSWORD, pin)
    return await accounts.sign_in(name, PASSWORD)


async def refused(work, code: str) -> None:
    with pytest.raises(ConversationError) as caught:
        await work
    assert caught.value.code == code


# -- the one-time link -----------------------------------------------------------------------


async def test_a_link_opens_an_account_once(accounts):
    word = await accounts.add("Sam Okafor", "worker")
    assert (await accounts.invited(word)).name == "Sam Okafor"
    await accounts.set_up(word, PASSWORD, "2479")
    await refused(accounts.invited(word), "unknown")
    await refused(accounts.set_up(word, "another long password", "1379"), "unknown")
    assert await accounts.sign_in("Sam Okafor", PASSWORD)


async def test_an_old_link_opens_nothing(accounts, clock):
    word = await accounts.add("Sam Okafor", "worker")
    clock.pass_by(SETUP_LASTS + 1)
    await refused(accounts.set_up(word, PASSWORD, "2479"), "unknown")
    await refused(accounts.sign_in("Sam Okafor", PASSWORD), "refused")


async def test_a_new_link_ends_what_the_old_password_opened(accounts):
    token = await made(accounts)
    word = await accounts.add("Sam Okafor", "worker")
    assert await accounts.worker(token)  # until it is used, nothing changes
    await accounts.set_up(word, "quiet copper lantern", "2479")
    assert await accounts.worker(token) is None
    await refused(accounts.sign_in("Sam Okafor", PASSWORD), "refused")


async def test_a_password_that_others_would_guess_is_refused(accounts):
    word = await accounts.add("Sam  Okafor-Lee", "worker")
    for password, code in (
        ("short", "short_password"),
        ("x" * 201, "bad_password"),
        ("SAM okafor-lee", "bad_password"),
    ):
        await refused(accounts.set_up(word, password, "2479"), code)


@pytest.mark.parametrize(
    ("pin", "easy"),
    [
        ("9999", True),
        ("5555", True),
        ("0000", True),
        ("1234", True),
        ("8765", True),
        ("01234567", True),
        ("2479", False),
        ("1212", False),
        ("9990", False),
    ],
)
def test_a_pin_that_means_danger_or_that_anybody_tries_is_easy(pin, easy):
    assert pins.easy(pin) is easy


async def test_a_bad_pin_is_refused_and_the_link_still_works(accounts):
    word = await accounts.add("Sam Okafor", "worker")
    for pin in ("", "247", "247924792", "24a9", "٢٤٧٩", "1111", "4321"):
        await refused(accounts.set_up(word, PASSWORD, pin), "bad_pin")
    assert await accounts.set_up(word, PASSWORD, "2479") == "Sam Okafor"


async def test_two_workers_never_have_one_pin(accounts):
    await made(accounts)
    word = await accounts.add("Ines Reyes", "worker")
    await refused(accounts.set_up(word, PASSWORD, "2479"), "bad_pin")
    await accounts.set_up(await accounts.add("Sam Okafor", "worker"), PASSWORD, "2479")


async def test_no_account_without_a_name_and_a_known_role(accounts):
    await refused(accounts.add("Sam", "owner"), "unknown_role")
    for name in ("  ", "x" * 81):
        await refused(accounts.add(name, "worker"), "bad_name")


# -- signing in ------------------------------------------------------------------------------


async def test_five_wrong_tries_lock_also_the_right_password_for_a_while(accounts, clock):
    await made(accounts)
    for _ in range(TRIES):
        await refused(accounts.sign_in("Sam Okafor", "not the password"), "refused")
    await refused(accounts.sign_in("Sam Okafor", PASSWORD), "refused")
    clock.pass_by(LOCKED_FOR + 1)
    assert await accounts.sign_in("Sam Okafor", PASSWORD)


async def test_a_locked_account_never_says_whether_the_password_was_right(accounts):
    await made(accounts)
    for _ in range(TRIES):
        await refused(accounts.sign_in("Sam Okafor", "not the password"), "refused")
    await refused(accounts.sign_in("Sam Okafor", "not this one either"), "refused")


async def test_the_right_password_gives_the_tries_back(accounts):
    await made(accounts)
    for _ in range(3):
        for _ in range(TRIES - 1):
            await refused(accounts.sign_in("Sam Okafor", "not the password"), "refused")
        assert await accounts.sign_in("Sam Okafor", PASSWORD)


async def test_many_tries_at_once_are_many_tries(accounts):
    await made(accounts)
    guesses = [accounts.sign_in("Sam Okafor", f"guess number {n}") for n in range(20)]
    await asyncio.gather(*guesses, return_exceptions=True)
    await refused(accounts.sign_in("Sam Okafor", PASSWORD), "refused")


async def test_a_name_that_is_not_known_is_refused_like_a_wrong_password(accounts):
    await accounts.add("Ines Reyes", "worker")  # never set up: no password opens it
    for name in ("Nobody", "", "Sam Okafor' --", "Ines Reyes"):
        await refused(accounts.sign_in(name, PASSWORD), "refused")
    await refused(accounts.sign_in("Ines Reyes", ""), "refused")


async def test_a_session_ends_by_itself_and_everywhere_at_once(accounts, clock):
    first, second = await made(accounts), await accounts.sign_in("Sam Okafor", PASSWORD)
    worker = await accounts.worker(first)
    await accounts.sign_out(worker.id)
    assert await accounts.worker(first) is None
    assert await accounts.worker(second) is None
    third = await accounts.sign_in("Sam Okafor", PASSWORD)
    clock.pass_by(SESSION_LASTS + 1)
    assert await accounts.worker(third) is None


async def test_only_hashes_of_secrets_are_kept(accounts):
    token = await made(accounts)
    async with accounts.store.read() as tx:
        rows = await staff.everybody(tx)
        held = repr([*rows, (await tx.execute(staff.staff_sessions.select())).all()])
    for secret in (token, PASSWORD, "2479'"):
        assert secret not in held


# -- being there -----------------------------------------------------------------------------


async def test_available_counts_only_while_a_console_is_open(accounts, clock):
    worker = await accounts.worker(await made(accounts))
    await accounts.set_available(worker.id, True)
    assert await accounts.there() == ["Sam Okafor"]
    clock.pass_by(staff.SEEN_WITHIN + 1)
    assert await accounts.there() == []
    await accounts.seen(worker.id)
    assert await accounts.there() == ["Sam Okafor"]


async def test_a_new_shift_begins_not_available(accounts, clock):
    worker = await accounts.worker(await made(accounts))
    await accounts.set_available(worker.id, True)
    clock.pass_by(3600)
    token = await accounts.sign_in("Sam Okafor", PASSWORD)
    assert (await accounts.worker(token)).available is False


async def test_signing_in_on_a_second_screen_takes_nobody_off(accounts):
    worker = await accounts.worker(await made(accounts))
    await accounts.set_available(worker.id, True)
    token = await accounts.sign_in("Sam Okafor", PASSWORD)
    assert (await accounts.worker(token)).available is True


async def test_who_may_no_longer_take_people_is_no_longer_there(accounts):
    worker = await accounts.worker(await made(accounts))
    await accounts.set_available(worker.id, True)
    await accounts.add("Sam Okafor", "reports")
    assert await accounts.there() == []


async def test_a_pin_says_who_somebody_is_only_if_they_may_take_people(accounts):
    worker = await accounts.worker(await made(accounts))
    assert await accounts.by_pin("2479") == worker.id
    assert await accounts.by_pin("2478") is None
    await accounts.add("Sam Okafor", "dpo")
    assert await accounts.by_pin("2479") is None


async def test_among_many_workers_one_is_known_while_a_caller_holds(accounts, monkeypatch):
    for number in range(40):
        word = await accounts.add(f"Worker {number}", "worker")
        await accounts.set_up(word, PASSWORD, f"27{number:02d}8")
    last = next(row for row in await accounts.everybody() if row.name == "Worker 39")
    slow = []
    monkeypatch.setattr(accounts, "_verify", lambda *given: slow.append(given))
    assert await accounts.by_pin("27398") == last.id
    assert not slow


def test_a_pin_is_known_after_the_service_key_was_changed_and_to_no_other_key():
    kept = pins.Pins([b"old"]).kept("2479")
    assert pins.Pins([b"new", b"old"]).fits("2479", kept)
    assert not pins.Pins([b"new"]).fits("2479", kept)
    assert "2479" not in kept and not pins.Pins([b"old"]).fits("", None)


async def test_a_role_that_takes_nobody_needs_no_pin(accounts):
    word = await accounts.add("Ada Lind", "reports")
    assert (await accounts.invited(word)).needs_pin is False
    await accounts.set_up(word, PASSWORD)
    assert await accounts.sign_in("Ada Lind", PASSWORD)


# -- roles -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "rights"),
    [
        ("worker", {May.TAKE, May.REFER}),
        ("supervisor", {May.TAKE, May.REFER, May.JOIN, May.READMIT, May.AUDIT}),
        (
            "safeguarding",
            {May.TAKE, May.REFER, May.JOIN, May.READMIT, May.REVIEW, May.DISCLOSE},
        ),
        ("dpo", {May.AUDIT}),
        ("reports", set()),
        ("admin", {May.ACCOUNTS}),
        ("", set()),
        ("owner", set()),
    ],
)
def test_a_role_may_do_what_its_row_names_and_nothing_else(role, rights):
    assert {what for what in May if may(role, what)} == rights


def test_the_roles_are_those_of_the_command_line():
    assert ROLES == ("worker", "supervisor", "safeguarding", "dpo", "reports", "admin")
    assert set(MAY) == set(ROLES)

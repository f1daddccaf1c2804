# SPDX-License-Identifier: Apache-2.0
"""The console shows who was called and what came of it, and takes "I have it" from one."""

from __future__ import annotations

import pytest

from bot.policy.turn import Said
from bot.service.ports import PageFailed
from bot.store import console_rows
from bot.store.rota import Roster

ROTA = """
people:
  ann: {name: Ann Achebe, email: ann@example.org}
teams:
  support:
    shifts:
      - {days: [MO, TU, WE, TH, FR, SA, SU], from: "00:00", to: "00:00", on_call: [ann]}
"""
WORDS = "my name is Zebedee Quill, can i speak to a person please"


class Refusing:
    """A pager that nobody answers."""

    async def page(self, page):
        raise PageFailed("address_refused", again=False)


@pytest.fixture
async def waiting(fingerpost, tmp_path):
    """Somebody who waits, for whom Ann was called in vain."""
    path = tmp_path / "rota.yml"
    path.write_text(ROTA)
    fingerpost.roster = fingerpost.duty.roster = fingerpost.called.roster = Roster(path)
    fingerpost.duty.means = fingerpost.paging.pagers
    fingerpost.paging.pagers["email"] = Refusing()
    contact = (await fingerpost.conversations.open("chat")).contact
    await fingerpost.conversations.hear(contact, Said(text=WORDS))
    while await fingerpost.work.one():
        pass
    return (await fingerpost.handover.queue())[0]


async def test_staff_see_who_was_called_that_it_failed_and_no_word_of_the_person(
    fingerpost, waiting, sign_in
):
    sam = await sign_in()
    answer = await sam.get("/staff")
    page = await answer.text()
    assert "Ann Achebe" in page and "the address was refused" in page
    assert "ann@example.org" not in page
    assert "Zebedee" not in page and "Quill" not in page
    assert "Nobody is available at a console" in page


async def test_i_have_it_goes_to_one_and_both_are_told_who(fingerpost, waiting, sign_in):
    sam, kim = await sign_in("Sam Okafor"), await sign_in("Kim Lee")
    where = f"/staff/people/{waiting.id}/have-it"
    assert await sam.ask("POST", where) == (200, {"first": True})
    assert await kim.ask("POST", where) == (200, {"first": False})
    assert "Sam Okafor has it" in await (await kim.get("/staff/calls")).text()
    await kim.ask("POST", f"/staff/people/{waiting.id}/accept")
    status, found = await sam.ask("POST", where)
    assert (status, found["code"]) == (409, "taken")
    assert (await sam.post(where)).status == 303  # a page without a script says so plainly


async def test_a_rota_that_cannot_be_used_is_said_in_the_console(
    fingerpost, waiting, sign_in, tmp_path
):
    (tmp_path / "rota.yml").write_text("people: nobody")
    sam = await sign_in()
    page = await (await sam.get("/staff/calls")).text()
    assert 'role="alert"' in page and "Ann Achebe" in page


async def test_whoever_is_kept_away_sees_no_call_for_that_person_and_cannot_have_it(
    fingerpost, waiting, sign_in
):
    sam = await sign_in()
    async with fingerpost.store.write() as tx:
        await console_rows.exclude(tx, waiting.conversation_id, sam.id, "kim", 0.0)
    assert "Ann Achebe" in await (await (await sign_in("Kim Lee")).get("/staff/calls")).text()
    where = f"/staff/people/{waiting.id}/have-it"
    assert where not in await (await sam.get("/staff")).text()
    assert (await sam.post(where)).status == 403

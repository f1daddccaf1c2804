# SPDX-License-Identifier: Apache-2.0
"""The same worker again: how it is asked for, who sees the wish, who is called first."""

from __future__ import annotations

import pytest

from bot.policy.same_worker import YES, asked_for
from bot.policy.turn import Said, State
from bot.store import console_rows, handovers
from bot.store.rota import Roster
from tests.console import person

ASKED = [
    ("can I talk to the same person as before", YES),
    ("Can i speak with the same woman as last time please", YES),
    ("i want the same worker again", YES),
    ("I'd like to talk to the person I spoke to yesterday", YES),
    ("could i have the same lady please", YES),
    ("id rather speak to the one i was talking to earlier", YES),
    ("please can i get back to the person i had before", YES),
    ("same person as last time", YES),
    ("put me back through to whoever i spoke to", YES),
    ("is Sam there", "sam"),
    ("hi is sam working tonight?", "sam"),
    ("Is Priya around today", "priya"),
    ("can i talk to Sam again please", "sam"),
    ("is ines free to talk", "ines"),
]
NOT = [
    "it was the same man as before",
    "he did the same thing again last night",
    "the same person keeps ringing me",
    "i dont want to talk to the same person as before",
    "i spoke to the same officer again",
    "can i see the same doctor",
    "is he there",
    "is anyone there",
    "is someone there",
    "is my mum here",
    "is help there",
    "is it working",
    "can i talk to my mum again",
    "can i talk to him again",
    "he wants to talk to me again",
    "is there the same number for the police",
    "sam is outside my door",
    "is sam outside",
    "is chat working",
    "is webchat available to talk",
    "is nothing working",
    "is stepdad there",
    "is baby here",
    "is grandma here",
    "are you there, is the line working",
    "is helpline working tonight",
    "is stepson back",
    "can i talk to family again",
]


@pytest.mark.parametrize(("text", "wish"), ASKED)
def test_plain_words_ask_for_the_same_worker_or_one_by_name(text, wish):
    assert asked_for(text) == wish


@pytest.mark.parametrize("text", NOT)
def test_what_is_about_somebody_else_asks_for_no_worker(text):
    assert asked_for(text) == ""


async def talked(fingerpost, sam, *then: str):
    """Let Sam have talked with somebody who is with the assistant again, and write on."""
    contact, waiting = await person(fingerpost, "can i speak to a person please")
    await fingerpost.handover.accept(waiting, sam.id)
    await fingerpost.handover.hand_back(waiting, sam.id, agreed=True)
    for text in then:
        reply = await hear(fingerpost, contact, text)
    return contact, reply


async def hear(fingerpost, contact, text):
    return await fingerpost.conversations.hear(contact, Said(text=text))


async def test_the_queue_shows_the_wish_and_who_had_them_and_says_it_is_passed_on(
    sign_in, fingerpost
):
    sam, ines = await sign_in(), await sign_in("Ines Reyes")
    await fingerpost.accounts.set_available(ines.id, True)
    _, reply = await talked(fingerpost, sam, "can i talk to the same person as before")
    assert reply.state is State.WAITING
    assert [m.say for m in reply.messages][0] == "person_same"
    page = await (await ines.get("/staff")).text()
    assert "asked for the worker they had before" in page and "talked with Sam Okafor" in page
    assert "talked with You" in await (await sam.get("/staff")).text()


async def test_an_ordinary_wish_for_a_person_says_nothing_of_the_same(sign_in, fingerpost):
    sam = await sign_in()
    await fingerpost.accounts.set_available(sam.id, True)
    _, reply = await talked(fingerpost, sam, "can i speak to a person please")
    assert "person_same" not in [m.say for m in reply.messages]
    page = await (await sam.get("/staff")).text()
    assert "talked with You" in page and "asked for" not in page.partition("</table>")[0].replace(
        "asked for a person", ""
    )


async def test_nobody_learns_who_works_here_by_asking_for_a_name(sign_in, fingerpost):
    """Sam works here and is there; Dave does not: whoever asks is told the same."""
    sam = await sign_in()
    await fingerpost.accounts.set_available(sam.id, True)
    told = []
    for name in ("sam", "dave"):
        contact, _ = await person(fingerpost, "hello")
        reply = await hear(fingerpost, contact, f"is {name} there")
        told.append([m.text.replace("number 2", "number 1") for m in reply.messages])
        assert reply.state is State.WAITING
    assert told[0] == told[1] and "Sam" not in "".join(told[0])
    page = await (await sam.get("/staff")).text()
    assert "asked for Sam Okafor" in page and "asked for somebody by name" in page
    assert "dave" not in page.casefold()  # a queue holds no word of anybody


async def test_of_two_with_one_name_neither_is_shown(sign_in, fingerpost):
    sam = await sign_in()
    await sign_in("Sam Reyes")
    contact, _ = await person(fingerpost, "hello")
    await hear(fingerpost, contact, "is sam there")
    page = await (await sam.get("/staff")).text()
    assert "asked for somebody by name" in page and "asked for Sam" not in page


ROTA = """
people:
  ben: {{name: Ben, email: ben@x.org}}
  sam: {{name: sam okafor, email: s@x.org}}
teams:
  all:
    shifts:
      - {{days: [MO, TU, WE, TH, FR, SA, SU], from: '00:00', to: '00:00', on_call: {}}}
"""


async def test_whoever_had_them_last_is_called_first_if_on_duty(sign_in, fingerpost, tmp_path):
    sam = await sign_in()
    (tmp_path / "rota.yml").write_text(ROTA.format("[ben, sam]"))
    fingerpost.duty.roster, fingerpost.duty.means = Roster(tmp_path / "rota.yml"), {"email"}
    contact, _ = await talked(fingerpost, sam, "can i talk to the same person as before")

    async def order(story: str) -> list[str]:
        async with fingerpost.store.write() as tx:
            return [p.id for p in await fingerpost.duty.for_story(tx, story, "when_ready")]

    assert await order("another story") == ["ben", "sam"]
    assert await order(contact.conversation_id) == ["sam", "ben"]
    sent = []

    class Pager:
        async def page(self, page) -> None:
            sent.append(page.to)

    fingerpost.paging.pagers["email"] = Pager()
    while await fingerpost.work.one():
        pass
    assert sent[-1] == "s@x.org"
    async with fingerpost.store.write() as tx:
        await console_rows.exclude(tx, contact.conversation_id, sam.id, "ines", 0.0)
    assert await order(contact.conversation_id) == ["ben"]
    (tmp_path / "rota.yml").write_text(ROTA.format("[sam]"))
    fingerpost.duty.roster = Roster(tmp_path / "rota.yml")
    assert await order(contact.conversation_id) == ["sam"]  # rather than nobody at all


async def test_a_worker_whose_console_went_away_is_shown_and_not_called_first(sign_in, fingerpost):
    sam = await sign_in()
    contact, waiting = await person(fingerpost, "can i speak to a person please")
    await fingerpost.handover.accept(waiting, sam.id)
    await fingerpost.accounts.sign_out(sam.id)
    while await fingerpost.work.one():
        pass
    (row,) = await fingerpost.handover.queue()
    assert (row.worker_id, row.talked_with) == (None, sam.id)
    async with fingerpost.store.read() as tx:
        assert await handovers.worker_before(tx, contact.conversation_id) == ""

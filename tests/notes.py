# SPDX-License-Identifier: Apache-2.0
"""Notes to a service, for the tests of them: who agrees, a courier that keeps what it brings."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

from bot.policy.route import Route
from bot.policy.turn import Line, Said
from bot.service.ports import Parcel
from bot.service.referring import Ways
from bot.settings import Settings, load
from bot.store import conversations, referrals

FRIDAY = datetime(2026, 11, 27, 10, 0, tzinfo=UTC).timestamp()
NUMBER = "07400 123456"
LINES = [Line("service", "Who gets this", "The Old Mill"), Line("contact_number", "Number", NUMBER)]
ROUTE = Route("email", "in@mill.example", "high", date(2026, 11, 20), voice="+441174960101")
PUBLIC = "https://line.example.org"


class Post:
    """A courier that keeps what it brings, or fails as it is told."""

    def __init__(self) -> None:
        self.brought: list[Parcel] = []
        self.fails: list[Exception | None] = []
        self.meanwhile = None

    async def bring(self, parcel: Parcel) -> None:
        if self.meanwhile:
            await self.meanwhile()
        if self.fails and (failed := self.fails.pop(0)) is not None:
            raise failed
        self.brought.append(parcel)

    @property
    def token(self) -> str:
        """The link in what was brought last."""
        return re.search(rf"{PUBLIC}/note/(\S+)", self.brought[-1].text)[1]


def use(fingerpost, *couriers, links=True, **routes):
    """Give this service routes of these services, and the couriers that go by them.

    A courier is a pair of the way it goes and who goes.
    """
    ways = Ways(routes, dict(couriers), links=links)
    fingerpost.notes_out.referring.ways = fingerpost.notes_out.desk.ways = ways


def public(var: Path, **more: str) -> Settings:
    """Return settings of a service that has an address of its own."""
    return load(
        {
            "FINGERPOST_VAR": str(var), "FINGERPOST_SECRET_KEYS": "k" * 40,
            "FINGERPOST_PUBLIC_URL": PUBLIC, "FINGERPOST_SERVICE_NAME": "Lighthouse Line", **more,
        }
    )  # fmt: skip


async def agreed(fingerpost, urgency="none", service="mill"):
    """Let somebody agree to a note; return the contact and the note's id."""
    opened = await fingerpost.conversations.open("chat")
    story = opened.contact.conversation_id
    await fingerpost.conversations.hear(opened.contact, Said(key="yes"))  # it is safe to talk
    async with fingerpost.store.write() as tx:
        await conversations.change(tx, story, urgency=urgency)
    await fingerpost.referrals.consent(
        conversation_id=story, turn_id=f"turn {story}", service_id=service, lines=LINES,
        medium="chat",
    )  # fmt: skip
    return opened.contact, (await note_of(fingerpost, story)).id


async def note_of(fingerpost, story):
    async with fingerpost.store.read() as tx:
        return (await referrals.of_story(tx, story))[-1]


async def state(fingerpost, contact):
    row = await note_of(fingerpost, contact.conversation_id)
    return row.consent, row.state


async def work(fingerpost):
    """Do all that is due, and nothing else."""
    while await fingerpost.work.one():
        pass


async def said(fingerpost, contact):
    return [m.say for m in (await fingerpost.conversations.messages(contact)).messages]

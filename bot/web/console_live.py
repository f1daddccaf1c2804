# SPDX-License-Identifier: Apache-2.0
"""What staff see live: changes of the queue, and one conversation line by line.

An open stream is also what says that a worker is there: it marks their console as open.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from aiohttp_sse import EventSourceResponse

from bot.policy.roles import May, may
from bot.service.desk import EVERYTHING, STAFF_ONLY, Entry
from bot.service.ports import ConversationError
from bot.store.database import StoreError
from bot.store.keys import KeyGone
from bot.web import console_words as told
from bot.web import shapes
from bot.web.console_gate import Refused, Visit, signed_in
from bot.web.console_refusals import REFUSALS
from bot.web.console_talk import shown
from bot.web.events import until_closing
from bot.web.keys import LIMITS

PING = 10.0
BEAT = 10.0
"""How often a console says that it is open; it counts as gone after 45 seconds of silence."""
RETRY = 1500
LOOKS = 3.0
"""How often a locked console looks how many wait."""


class Line:
    """One open stream to one page of the console."""

    def __init__(self, visit: Visit) -> None:
        self.visit, self.service = visit, visit.service
        self.response = EventSourceResponse(ping_interval=PING)
        self.beaten = float("-inf")
        headers, query = visit.request.headers, visit.request.query
        self.last = shapes.number(headers.get("Last-Event-ID") or query.get("after"))

    async def open(self, run: Callable[[Line], Awaitable[None]]) -> web.StreamResponse:
        """Send until the page goes, the worker may no longer see it, or the service stops."""
        limits, key = self.visit.request.app[LIMITS], f"staff:{self.visit.me.id}"
        if not limits.open_stream(key):
            raise Refused("too_many")
        try:
            await self.response.prepare(self.visit.request)
            async with self.response:
                await self.send("hello", {}, self.last)
                await until_closing(self.visit.request, run(self))
        except (ConnectionError, TimeoutError, StoreError):
            pass  # the browser comes back by itself, with the number of what it saw last
        finally:
            limits.close_stream(key)
        return self.response

    async def goes_on(self, sends: bool) -> bool:
        """Say whether this page may be sent more, and beat for as long as it is open.

        With `sends` it is asked each time: a session that ended, or a role that changed, sees no
        word of what came after it.
        """
        if not self.response.is_connected():
            return False
        now = asyncio.get_running_loop().time()
        beats = now - self.beaten >= BEAT
        if not sends and not beats:
            return True
        try:
            worker = await signed_in(self.visit.request)
            if worker is None or worker.locked or not may(worker.role, May.TAKE):
                code = "role" if worker else "signed_out"
                await self.over("locked" if worker and worker.locked else code)
                return False
            if beats:
                self.beaten = now
                await self.service.accounts.seen(worker.id)
        except StoreError:
            return not sends  # never a word without having asked; the browser comes back for it
        return True

    async def send(self, event: str, data: dict[str, Any], number: int = 0) -> None:
        """Send one event; its number is what the browser comes back with."""
        text, number_sent = json.dumps(data), str(number) if number else None
        await self.response.send(text, id=number_sent, event=event, retry=RETRY)

    async def over(self, code: str) -> None:
        """Tell the page that there is nothing more to see here, and why."""
        await self.send("over", {"code": code, "detail": REFUSALS[code][1]})


async def queue_events(visit: Visit) -> web.StreamResponse:
    """Say that the queue, or what is kept beside it, changed; the page asks for what is new."""

    async def run(line: Line) -> None:
        if not await line.goes_on(sends=True):
            return
        async for event in visit.service.live.follow(line.last, None, STAFF_ONLY):
            if not await line.goes_on(sends=event is not None):
                return
            if event is not None and event.kind in ("queue", "referral", "callback", "note"):
                await line.send(event.kind, {}, event.id)

    return await Line(visit).open(run)


async def locked_events(visit: Visit) -> web.StreamResponse:
    """Keep a locked console counted as there, and send its screen numbers and no word."""

    async def run(line: Line) -> None:
        said = ""
        while line.response.is_connected():
            worker = await signed_in(visit.request)
            if worker is None or not worker.locked:
                return await line.over("signed_out") if worker is None else None
            await line.service.accounts.seen(worker.id)
            news = told.locked(await line.service.screen_lock.news(worker))
            if news != said:
                await line.send("news", {"text": news})
                said = news
            await asyncio.sleep(LOOKS)

    return await Line(visit).open(run)


async def talk_events(visit: Visit) -> web.StreamResponse:
    """Send each message and flag newer than the page has, and how it stands with the person."""
    person, me = visit.named("person"), visit.me.id
    await visit.service.desk.standing(person, me)

    async def run(line: Line) -> None:
        try:
            await _catch_up_and_follow(visit, line, person, me)
        except ConversationError as refused:
            await line.over("passed_on" if refused.code == "not_yours" else "unknown")
        except KeyGone:
            await line.over("unknown")

    return await Line(visit).open(run)


async def _catch_up_and_follow(visit: Visit, line: Line, person: str, me: str) -> None:
    if not await line.goes_on(sends=True):
        return
    service = visit.service
    newest, names = await service.live.newest(), await service.accounts.names()
    for entry in await service.desk.talk(person, me, after=line.last):
        newest = max(newest, entry.id)
        await line.send("entry", shown(entry, names, me), entry.id)
    standing = await service.desk.standing(person, me)
    before = told.person_is(standing)
    await line.send("person", {"text": before})
    story = standing.conversation_id
    async for event in service.live.follow(newest, story, EVERYTHING):
        if not await line.goes_on(sends=event is not None):
            return
        # Ended, handed back, or given to somebody else: nothing more is shown.
        standing = await service.desk.standing(person, me)
        if event is None:
            continue
        if event.message:
            if event.message.by not in ("", *names):  # an account made since this line was opened
                names = await service.accounts.names()
            entry = Entry(event.id, event.kind, event.message)
            await line.send("entry", shown(entry, names, me), event.id)
        elif event.kind in ("note", "company"):
            await line.send(event.kind, {}, event.id)
        now = told.person_is(standing)
        if now != before:
            before = now
            await line.send("person", {"text": now}, event.id)

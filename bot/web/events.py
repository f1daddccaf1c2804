# SPDX-License-Identifier: Apache-2.0
"""What a person sees live: messages as server-sent events, each with the number of its row."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable

from aiohttp import web
from aiohttp_sse import EventSourceResponse

from bot.policy.turn import Message, State
from bot.service.ports import ConversationError
from bot.store.database import StoreError
from bot.web import session as who
from bot.web import shapes
from bot.web.keys import CLOSING, FINGERPOST, LIMITS
from bot.web.problem import Problem

# Proxies and phones drop a silent connection; a comment now and then keeps it.
HEARTBEAT = 15.0
# How long a browser waits before it connects again, in milliseconds.
RETRY = 2000


async def events(request: web.Request) -> web.StreamResponse:
    """Send every message newer than Last-Event-ID (or `after`), then what comes, as it comes."""
    session = who.of_request(request)
    await who.contact_of(request, session)
    last = shapes.number(request.headers.get("Last-Event-ID") or request.query.get("after"))
    limits = request.app[LIMITS]
    if not limits.open_stream(session.conversation_id):
        raise Problem("too_many")
    try:
        response = EventSourceResponse(ping_interval=HEARTBEAT)
        await response.prepare(request)
        async with response:
            await until_closing(request, Stream(request, response, session).run(last))
    except (ConnectionError, TimeoutError):
        pass
    finally:
        limits.close_stream(session.conversation_id)
    return response


async def until_closing(request: web.Request, sending: Awaitable[None]) -> None:
    """Send until there is nothing more to send, or the service stops."""
    tasks = {
        asyncio.ensure_future(sending),
        asyncio.ensure_future(request.app[CLOSING].wait()),
    }
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class Stream:
    """One browser or program that follows one conversation."""

    def __init__(
        self, request: web.Request, response: EventSourceResponse, session: who.Session
    ) -> None:
        self.request, self.response, self.session = request, response, session
        self.state: State | None = None
        self.retry: int | None = RETRY

    async def run(self, last: int) -> None:
        """Catch up, then follow."""
        fingerpost = self.request.app[FINGERPOST]
        try:
            contact = await who.contact_of(self.request, self.session)
            reply = await fingerpost.conversations.messages(contact, last)
            for message in reply.messages:
                await self._message(message)
                last = max(last, message.id)
            await self._state(reply.state)
            async for event in fingerpost.live.follow(last, self.session.conversation_id):
                if not self.response.is_connected() or self.state is State.ENDED:
                    return
                # A code may have carried the story to another device: this one sees no more.
                await who.contact_of(self.request, self.session)
                if event is None:
                    continue
                if event.message:
                    await self._message(event.message)
                await self._state(State(event.state))
        except (ConversationError, StoreError):
            return  # the browser connects again, or is told why not

    async def _message(self, message: Message) -> None:
        data = json.dumps(shapes.message(message))
        await self._send(data, "message", str(message.id))

    async def _state(self, state: State) -> None:
        if state is not self.state:
            self.state = state
            await self._send(json.dumps({"state": state.value}), "state")

    async def _send(self, data: str, event: str, number: str | None = None) -> None:
        await self.response.send(data, id=number, event=event, retry=self.retry)
        self.retry = None

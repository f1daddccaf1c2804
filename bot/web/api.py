# SPDX-License-Identifier: Apache-2.0
"""The JSON API of a conversation: one handler for each line of the contract."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.policy.turn import Medium
from bot.service.ports import ConversationError
from bot.web import session as who
from bot.web import shapes
from bot.web.console_origin import is_shared
from bot.web.events import events
from bot.web.keys import FINGERPOST, LIMITS, in_background
from bot.web.problem import Problem

OPENAPI = Path(__file__).with_name("openapi.json")
# How long leaving may look for its conversation before the answer is given regardless.
LEAVE_WITHIN = 0.5


def setup(app: web.Application) -> None:
    """Add the API to the application."""
    one = "/api/conversations/{id}"
    app.router.add_get("/api/openapi.json", openapi)
    app.router.add_post("/api/conversations", open_conversation)
    app.router.add_post("/api/resume", resume)
    app.router.add_post(f"{one}/messages", hear)
    app.router.add_get(f"{one}/messages", messages)
    app.router.add_get(f"{one}/events", events)
    app.router.add_post(f"{one}/leave", leave)
    app.router.add_post(f"{one}/resume-code", resume_code)


async def openapi(request: web.Request) -> web.StreamResponse:
    """Describe the API in OpenAPI 3.1."""
    return web.Response(text=OPENAPI.read_text(encoding="utf-8"), content_type="application/json")


async def open_conversation(request: web.Request) -> web.Response:
    """Open a conversation and return its token, which is shown this once."""
    who.refuse_flood(request, None)
    language = (await shapes.body(request)).get("language", "en")
    if not isinstance(language, str) or len(language) > 35:
        raise Problem("wrong_shape")
    opened = await request.app[FINGERPOST].conversations.open(Medium.CHAT, language)
    return web.json_response(_opened(opened), status=201)


async def resume(request: web.Request) -> web.Response:
    """Go on with an earlier conversation by its code, without its earlier words."""
    who.refuse_flood(request, None)
    code = (await shapes.body(request)).get("code")
    if not isinstance(code, str) or len(code) > shapes.LONGEST_ID:
        raise Problem("wrong_shape")
    return web.json_response(_opened(await go_on(request, code)))


async def go_on(request: web.Request, code: str) -> Any:
    """Open a new contact of the conversation that a code stands for."""
    source = request.app[LIMITS].name(request.remote)
    shared = is_shared(request.remote, request.version, request.headers)
    conversations = request.app[FINGERPOST].conversations
    try:
        return await conversations.resume(code, Medium.CHAT, source, shared=shared)
    except ConversationError as error:
        if error.code == "unknown":
            raise Problem("unknown_code") from None
        raise


def _opened(opened: Any) -> dict[str, Any]:
    found = {"id": opened.contact.conversation_id, "token": opened.token}
    return found | shapes.reply(opened.reply)


async def hear(request: web.Request) -> web.Response:
    """Take in what a person said or chose, and return everything newer."""
    session = who.of_request(request)
    who.refuse_flood(request, session)
    said = shapes.said(await shapes.body(request))
    contact = await who.contact_of(request, session)
    # A person who closes the page while the answer is made must still have been heard.
    heard = request.app[FINGERPOST].conversations.hear(contact, said)
    return web.json_response(shapes.reply(await asyncio.shield(asyncio.ensure_future(heard))))


async def messages(request: web.Request) -> web.Response:
    """Return the messages newer than `after`."""
    contact = await who.contact_of(request, who.of_request(request))
    after = shapes.number(request.query.get("after"))
    reply = await request.app[FINGERPOST].conversations.messages(contact, after)
    return web.json_response(shapes.reply(reply))


async def resume_code(request: web.Request) -> web.Response:
    """Give the person a code to go on with later, and one for the telephone if they wish for it."""
    session = who.of_request(request)
    who.refuse_flood(request, session)
    contact = await who.contact_of(request, session)
    phone = (await shapes.body(request)).get("phone") is True
    give = request.app[FINGERPOST].conversations.codes.for_page
    return web.json_response(await give(contact, phone=phone))


async def leave(request: web.Request) -> web.Response:
    """End the view of a conversation at once; what it takes to note it happens afterwards."""
    session = who.of_request(request, leaving=True)
    leaving = in_background(request.app, _leave(request, session))
    # Long enough to say 404 to a stranger, never long enough to keep somebody on the page.
    done, _ = await asyncio.wait({leaving}, timeout=LEAVE_WITHIN)
    if done and (error := leaving.exception()):
        raise error
    response = web.Response(status=204)
    who.forget(response)
    return response


async def _leave(request: web.Request, session: who.Session) -> None:
    conversations = request.app[FINGERPOST].conversations
    await conversations.leave(await conversations.find(session.conversation_id, session.token))

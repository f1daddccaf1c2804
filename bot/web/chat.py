# SPDX-License-Identifier: Apache-2.0
"""The chat page, whole without a script: plain forms, one cookie, and a page that comes again.

While a person or a worker is awaited the page comes again every 10 seconds, and a page that comes
again would take half-written words with it. So without a script there are two views: one that
refreshes and holds no box, and one that holds the box and stands still (`?write`). Nobody can lose
what they type, because nothing that refreshes can be typed into. With a script neither is needed.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web

from bot.policy.turn import Medium, Message, Reply, Said, Sender, State
from bot.service.ports import ConversationError
from bot.store.conversations import Contact
from bot.store.database import StoreError
from bot.web import session as who
from bot.web import shapes
from bot.web.api import go_on
from bot.web.errors import shown
from bot.web.keys import FINGERPOST
from bot.web.problem import Problem
from bot.web.render import page

GONE = ("unknown", "ended")
PART = 100  # a part shorter than this is the last one
WAITS = (State.WAITING, State.STAFF)


def setup(app: web.Application) -> None:
    """Add the chat page to the application."""
    app.router.add_get("/chat", show)
    app.router.add_post("/chat", act)


async def show(request: web.Request) -> web.Response:
    """Show the chat of this browser; without one, a page that tells nothing."""
    session = who.of_cookie(request)
    if session is None:
        return page(request, "closed.html")
    try:
        return await _drawn(request, session, writing="write" in request.query)
    except ConversationError as error:
        if error.code not in GONE:
            raise
        response = page(request, "closed.html")
        who.forget(response)
        return response


async def act(request: web.Request) -> web.Response:
    """Do what a form of the chat asks for."""
    who.refuse_other_sites(request)
    form = {name: v for name, v in (await request.post()).items() if isinstance(v, str)}
    do = form.get("do")
    if do in ("start", "resume"):
        who.refuse_flood(request, None)
        return await _enter(request, form.get("code") if do == "resume" else None)
    session = who.of_cookie(request)
    if session is None:
        return page(request, "closed.html")
    if not session.is_own_form(form.get("csrf")):
        raise Problem("refused")
    draft = form.get("text", "").replace("\r\n", "\n")
    try:
        if do == "look":
            return await _drawn(request, session, draft=draft, writing=True)
        who.refuse_flood(request, session)
        contact = await who.contact_of(request, session)
        if do == "code":
            give = request.app[FINGERPOST].conversations.codes.for_page
            codes = await give(contact, phone="phone" in form)
            return await _drawn(request, session, draft=draft, codes=codes)
        said = await _said(request, form, draft)
        heard = request.app[FINGERPOST].conversations.hear(contact, said)
        reply = await asyncio.shield(asyncio.ensure_future(heard))
    except (ConversationError, Problem) as error:
        problem = Problem(error.code, error.reply)
        if problem.code in GONE:
            return await show(request)
        return await _refused(request, session, problem, draft)
    # A page that refreshes itself must not have a place in its address: it would only scroll.
    raise web.HTTPSeeOther("/chat" if reply.state in WAITS else "/chat#latest")


async def _refused(
    request: web.Request, session: who.Session, problem: Problem, draft: str
) -> web.Response:
    """Say what did not work and give the words back; without the database, on a plain page."""
    try:
        return await _drawn(request, session, draft=draft, problem=problem, writing=True)
    except (ConversationError, StoreError):
        return shown(request, problem, draft=draft)


async def _enter(request: web.Request, code: str | None) -> web.Response:
    """Open a chat, or go on with one by its code, and give the browser its cookie."""
    if code is None:
        opened = await request.app[FINGERPOST].conversations.open(Medium.CHAT)
    else:
        opened = await go_on(request, code[:64])
    response = web.Response(status=303, headers={"Location": "/chat"})
    who.remember(request, response, who.Session(opened.contact.conversation_id, opened.token))
    return response


async def _said(request: web.Request, form: dict[str, str], draft: str) -> Said:
    client_id = form.get("client_id", "")[:64] or None
    if "choice" not in form:
        seen = shapes.number(form["seen"]) if "seen" in form else None
        return Said(text=draft, client_id=client_id, seen=seen)
    sent = await request.post()
    without = set(sent.getall("line", [])) - set(sent.getall("keep", []))
    struck = tuple(sorted(line for line in without if isinstance(line, str)))
    return Said(choice=form["choice"], without=struck, client_id=client_id)


async def _drawn(
    request: web.Request,
    session: who.Session,
    *,
    draft: str = "",
    codes: Mapping[str, str] | None = None,
    problem: Problem | None = None,
    writing: bool = False,
) -> web.Response:
    """Draw the chat as it stands now, with what the person has typed so far."""
    contact = await who.contact_of(request, session)
    reply = await _everything(request, contact)
    context: dict[str, Any] = {
        "session": session,
        "state": reply.state.value,
        "messages": reply.messages,
        "standing": standing(reply),
        "newest": reply.messages[-1].id if reply.messages else 0,
        "latest": _latest(reply.messages),
        "refreshes": reply.state in WAITS and not writing and not draft,
        "draft": draft,
        "codes": codes or {},
        "problem": problem.detail(request.app[FINGERPOST].words) if problem else "",
        "nonce": secrets.token_hex(12),
    }
    return page(request, "chat.html", status=problem.status if problem else 200, **context)


async def _everything(request: web.Request, contact: Contact) -> Reply:
    """Return the whole talk; a long one is handed out in parts."""
    conversations = request.app[FINGERPOST].conversations
    part = whole = await conversations.messages(contact, 0)
    while len(part.messages) >= PART:
        part = await conversations.messages(contact, part.messages[-1].id)
        whole = Reply(part.state, whole.messages + part.messages)
    return whole


def standing(reply: Reply) -> Message | None:
    """Return the message whose choices are still on offer: none once the person has spoken."""
    if reply.state in (State.STAFF, State.ENDED):
        return None
    for message in reversed(reply.messages):
        if message.sender is Sender.PERSON:
            return None
        if message.choices:
            return message
    return None


def _latest(messages: Sequence[Message]) -> int:
    """Return where reading should begin: at the person's own last words."""
    own = [m.id for m in messages if m.sender is Sender.PERSON]
    return own[-1] if own else 0

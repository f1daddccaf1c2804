# SPDX-License-Identifier: Apache-2.0
"""The pages around the chat: the first page, privacy, leaving quickly, and whether all is ready."""

from __future__ import annotations

from aiohttp import web

from bot.web import session as who
from bot.web.keys import FINGERPOST, in_background
from bot.web.render import page


def setup(app: web.Application) -> None:
    """Add the pages to the application."""
    app.router.add_get("/", home)
    app.router.add_get("/privacy", privacy)
    app.router.add_get("/readyz", readyz)
    app.router.add_get("/leave", leave)
    app.router.add_post("/leave", leave)


async def home(request: web.Request) -> web.Response:
    """Say what this is, what it is not, and how to leave quickly."""
    return page(request, "home.html", has_chat=who.of_cookie(request) is not None)


async def privacy(request: web.Request) -> web.Response:
    """Say what is kept and for how long, from the settings in force."""
    return page(request, "privacy.html", has_chat=who.of_cookie(request) is not None)


async def leave(request: web.Request) -> web.Response:
    """Clear the device and go to the neutral page; noting it happens afterwards.

    An answer that moves on by itself, not a redirect: browsers hold a redirect that follows a
    form to the content policy, and the way out must work wherever it leads.
    """
    session = who.of_cookie(request)
    response = page(request, "leave.html", url=request.app[FINGERPOST].settings.leave_url)
    if request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site"):
        return response  # another site's page may not end a chat
    if session:
        in_background(request.app, _note(request, session))
    who.forget(response)
    return response


async def _note(request: web.Request, session: who.Session) -> None:
    conversations = request.app[FINGERPOST].conversations
    contact = await conversations.find(session.conversation_id, session.token)
    await conversations.leave(contact)


async def readyz(request: web.Request) -> web.Response:
    """Say whether every part answers, and nothing more."""
    ready = await request.app[FINGERPOST].ready()
    return web.Response(text="ready\n" if ready else "not ready\n", status=200 if ready else 503)

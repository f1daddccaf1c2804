# SPDX-License-Identifier: Apache-2.0
"""The page on which a service reads a note and answers it. No account, no script, one link.

Looking at the link shows nothing of anybody: programs that read e-mail open every link in it. The
note is shown to who presses a button, until it is answered; after that the service may end the
link itself.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from aiohttp import web

from bot.policy import referring
from bot.policy.hours import said
from bot.service.partner import Seen
from bot.service.ports import ConversationError
from bot.web import session as who
from bot.web.keys import FINGERPOST, LIMITS
from bot.web.note_file import TYPES, note_file
from bot.web.problem import Problem
from bot.web.render import page

PATH = "/note/{token}"
SCHEMA = Path(__file__).with_name("referral-note-1.schema.json")
CLOSE = "close"
# The page that showed the note is not to be had by the back button either.
NO_WAY_BACK = {"Clear-Site-Data": '"cache"'}


def setup(app: web.Application) -> None:
    """Add the page and the schema of a note."""
    app.router.add_get("/note-1.schema.json", schema)
    app.router.add_get(PATH, cover)
    app.router.add_post(PATH, pressed)


async def schema(request: web.Request) -> web.Response:
    """Describe a note as JSON Schema."""
    text = SCHEMA.read_text(encoding="utf-8")
    return web.Response(text=text, content_type="application/schema+json")


async def cover(request: web.Request) -> web.Response:
    """Say how it stands, without a word of the note."""
    token = _token(request)
    try:
        return _drawn(request, await request.app[FINGERPOST].notes_out.partner.seen(token))
    except ConversationError:
        return _drawn(request, None, status=404)


async def pressed(request: web.Request) -> web.Response:
    """Show the note, give it as a file, keep the answer or end the link, by the button pressed."""
    token, partner = _token(request), request.app[FINGERPOST].notes_out.partner
    who.refuse_other_sites(request)
    form = await request.post()
    do, reason = str(form.get("do", "")), str(form.get("reason", ""))
    try:
        if do in referring.ANSWERS:
            return await _answered(request, token, do, reason)
        if do == CLOSE:
            return await _closed(request, token)
        found = await partner.opened(token)
    except ConversationError:
        return _drawn(request, None, status=404)
    if found.note is None:
        return _drawn(request, found)
    if do in TYPES:
        return await note_file(request.app[FINGERPOST].words, found.note, do)
    return _drawn(request, found)


async def _answered(request: web.Request, token: str, answer: str, reason: str) -> web.Response:
    partner = request.app[FINGERPOST].notes_out.partner
    try:
        await partner.answer(token, answer, reason)
    except ConversationError as refused:
        if refused.code == "no_answer_reason":
            return _drawn(request, await partner.opened(token), status=422, problem=True)
        if refused.code != "answered":
            raise
    headers = {"Location": request.path, "X-Robots-Tag": "noindex"}
    return web.Response(status=303, headers=headers | NO_WAY_BACK)


async def _closed(request: web.Request, token: str) -> web.Response:
    """End the link, or show how it stands where it is still to be answered."""
    partner = request.app[FINGERPOST].notes_out.partner
    if not await partner.close(token):
        return _drawn(request, await partner.seen(token))
    response = _drawn(request, None, closed=True)
    response.headers.update(NO_WAY_BACK)
    return response


def _token(request: web.Request) -> str:
    """Return the secret of the link; whoever tries many is made to wait."""
    who.refuse_flood(request, None)
    token = request.match_info["token"]
    if not request.app[LIMITS].session_may(f"note:{token}"):
        raise Problem("too_many")
    return token


def _drawn(
    request: web.Request, seen: Seen | None, status: int = 200, problem: bool = False,
    closed: bool = False,
) -> web.Response:  # fmt: skip
    due = ""
    if seen and seen.note and seen.note["answer_by"]:
        due = said(datetime.fromisoformat(seen.note["answer_by"]), request.app[FINGERPOST].clock())
    response = page(
        request, "partner.html", status, seen=seen, problem=problem, closed=closed, due=due,
        reasons=referring.REASONS,
    )  # fmt: skip
    response.headers["X-Robots-Tag"] = "noindex"
    return response

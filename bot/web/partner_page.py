# SPDX-License-Identifier: Apache-2.0
"""The page on which a service reads a note and answers it. No account, no script, one link.

Looking at the link shows nothing of anybody: programs that read e-mail open every link in it. The
note is shown to who presses a button, until it is answered.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.policy import referring
from bot.policy.hours import said
from bot.policy.turn import Medium, Utterance
from bot.service.partner import Seen
from bot.service.ports import ConversationError
from bot.web import note_pdf
from bot.web import session as who
from bot.web.keys import FINGERPOST, LIMITS
from bot.web.problem import Problem
from bot.web.render import page

PATH = "/note/{token}"
SCHEMA = Path(__file__).with_name("referral-note-1.schema.json")
OPEN, PDF, JSON = "open", "pdf", "json"


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
    """Show the note, give it as a file, or keep the answer: whatever button was pressed."""
    token, partner = _token(request), request.app[FINGERPOST].notes_out.partner
    who.refuse_other_sites(request)
    form = await request.post()
    do, reason = str(form.get("do", "")), str(form.get("reason", ""))
    try:
        if do in referring.ANSWERS:
            return await _answered(request, token, do, reason)
        found = await partner.opened(token)
    except ConversationError:
        return _drawn(request, None, status=404)
    if found.note is None:
        return _drawn(request, found)
    if do in (PDF, JSON):
        return await _file(request, found.note, do)
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
    return web.Response(status=303, headers={"Location": request.path, "X-Robots-Tag": "noindex"})


async def _file(request: web.Request, note: Mapping[str, Any], kind: str) -> web.Response:
    name = f"note-{note['reference']}.{kind}"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Robots-Tag": "noindex",
    }
    if kind == JSON:
        text = json.dumps(note, ensure_ascii=False, indent=2)
        return web.Response(text=text, content_type="application/json", headers=headers)
    body = await paper(request, note)
    return web.Response(body=body, content_type="application/pdf", headers=headers)


async def paper(request: web.Request, note: Mapping[str, Any]) -> bytes:
    """Return a note as a PDF with our words around it."""
    words = request.app[FINGERPOST].words

    def say(name: str, **values: str) -> str:
        return words.message(Utterance(f"partner_paper_{name}", values), Medium.CHAT).text

    day = f"{datetime.fromisoformat(note['agreed_on']):%d %B %Y}".lstrip("0")
    around = {
        "title": say("title"),
        "intro": say("intro"),
        "footer": say("footer", reference=note["reference"], day=day),
    }
    return await asyncio.to_thread(note_pdf.pdf, note, around)


def _token(request: web.Request) -> str:
    """Return the secret of the link; whoever tries many is made to wait."""
    who.refuse_flood(request, None)
    token = request.match_info["token"]
    if not request.app[LIMITS].session_may(f"note:{token}"):
        raise Problem("too_many")
    return token


def _drawn(
    request: web.Request, seen: Seen | None, status: int = 200, problem: bool = False
) -> web.Response:
    due = ""
    if seen and seen.note and seen.note["answer_by"]:
        due = said(datetime.fromisoformat(seen.note["answer_by"]), request.app[FINGERPOST].clock())
    response = page(
        request, "partner.html", status, seen=seen, problem=problem, due=due,
        reasons=referring.REASONS,
    )  # fmt: skip
    response.headers["X-Robots-Tag"] = "noindex"
    return response

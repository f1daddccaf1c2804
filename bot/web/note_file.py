# SPDX-License-Identifier: Apache-2.0
"""A note as a file to keep, on paper or as data: the same for the service and for staff."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from aiohttp import web

from bot.policy.turn import Medium, Utterance
from bot.web import note_pdf
from bot.words import Words

PDF, JSON = "pdf", "json"
TYPES = {PDF: "application/pdf", JSON: "application/json"}


async def note_file(words: Words, note: Mapping[str, Any], kind: str) -> web.Response:
    """Return a note as an attachment of this kind, named by its reference alone."""
    headers = {
        "Content-Disposition": f'attachment; filename="note-{note["reference"]}.{kind}"',
        "Content-Type": TYPES[kind],
        "X-Robots-Tag": "noindex",
    }
    if kind == PDF:
        return web.Response(body=await _paper(words, note), headers=headers)
    text = json.dumps(note, ensure_ascii=False, indent=2)
    return web.Response(body=text.encode("utf-8"), headers=headers)


async def _paper(words: Words, note: Mapping[str, Any]) -> bytes:
    """Return a note as a PDF with our words around it."""

    def say(name: str, **values: str) -> str:
        return words.message(Utterance(f"partner_paper_{name}", values), Medium.CHAT).text

    day = f"{datetime.fromisoformat(note['agreed_on']):%d %B %Y}".lstrip("0")
    around = {
        "title": say("title"),
        "intro": say("intro"),
        "footer": say("footer", reference=note["reference"], day=day),
    }
    return await asyncio.to_thread(note_pdf.pdf, note, around)

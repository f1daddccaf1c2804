# SPDX-License-Identifier: Apache-2.0
"""What the web room is given and what it keeps in memory while it runs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from typing import Any, Protocol

from aiohttp import web

from bot.web.limits import Limits


class Fingerpost(Protocol):
    """What bot/wiring.py puts together, as far as the public pages use it."""

    conversations: Any
    words: Any
    settings: Any
    live: Any
    directory: Any
    notes_out: Any

    async def ready(self) -> bool:
        """Say whether database, model, Rasa and actions all answer."""
        ...


log = logging.getLogger(__name__)
FINGERPOST = web.AppKey("FINGERPOST", Fingerpost)
LIMITS = web.AppKey("LIMITS", Limits)
CLOSING = web.AppKey("CLOSING", asyncio.Event)
BACKGROUND = web.AppKey("BACKGROUND", set)


def in_background(app: web.Application, work: Awaitable[None]) -> asyncio.Future[None]:
    """Let work go on after the answer was given; a held reference keeps it from being lost."""
    task = asyncio.ensure_future(work)
    app[BACKGROUND].add(task)

    def done(task: asyncio.Future[None]) -> None:
        app[BACKGROUND].discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.warning("what follows an answer failed", extra={"error": type(error).__name__})

    task.add_done_callback(done)
    return task

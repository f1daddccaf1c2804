# SPDX-License-Identifier: Apache-2.0
"""The web application of the edge: public pages, the chat, the directory and the APIs."""

from __future__ import annotations

import asyncio
from pathlib import Path

from aiohttp import web

from bot.web import api, chat, console, directory_api, directory_page, pages, partner_page
from bot.web.errors import answer_errors, server_log
from bot.web.headers import add_headers
from bot.web.keys import BACKGROUND, CLOSING, FINGERPOST, LIMITS, Fingerpost
from bot.web.limits import Limits
from bot.web.metrics import MEASURES, Measures, measured
from bot.web.render import prepare_templates

STATIC = Path(__file__).with_name("static")
# A body over 16 kB is refused before anything reads it as a whole.
LARGEST_BODY = 16 * 1024


def create_app(fingerpost: Fingerpost, limits: Limits | None = None) -> web.Application:
    """Return the application for what bot/wiring.py put together.

    Run it without an access log: addresses and conversation ids belong in no file.
    """
    app = web.Application(
        middlewares=[measured, answer_errors],
        client_max_size=LARGEST_BODY,
        handler_args={"access_log": None, "logger": server_log()},
    )
    app[FINGERPOST] = fingerpost
    app[LIMITS] = limits or Limits()
    app[MEASURES] = Measures()
    app[CLOSING] = asyncio.Event()
    app[BACKGROUND] = set()
    prepare_templates(app)
    app.on_response_prepare.append(add_headers)
    app.on_shutdown.append(_close)
    app.on_cleanup.append(_finish)
    for room in (pages, chat, api, directory_page, directory_api, partner_page):
        room.setup(app)
    console.add_routes(app, fingerpost)
    app.router.add_static("/static/", STATIC)
    return app


async def _close(app: web.Application) -> None:
    """End the live streams, which would otherwise keep the service from stopping."""
    app[CLOSING].set()


async def _finish(app: web.Application) -> None:
    """Give work that outlived its request (leaving) a moment to be noted."""
    if app[BACKGROUND]:
        await asyncio.wait(set(app[BACKGROUND]), timeout=2)

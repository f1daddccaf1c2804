# SPDX-License-Identifier: Apache-2.0
"""How a page is drawn: templates that hold no sentence, filled from the words files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import aiohttp_jinja2
import jinja2
from aiohttp import web

from bot.policy.turn import Choice, Line, Medium, Message, Sender, ServiceCard, Utterance
from bot.web import shapes
from bot.web.keys import FINGERPOST

TEMPLATES = Path(__file__).with_name("templates")
SPANS = ((7 * 86400, "weeks"), (86400, "days"), (3600, "hours"), (60, "minutes"))


def prepare_templates(app: web.Application) -> None:
    """Set the templates up: everything is escaped, and a name that is missing is an error."""
    environment = aiohttp_jinja2.setup(
        app,
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    words, settings = app[FINGERPOST].words, app[FINGERPOST].settings

    def say(name: str, **values: Any) -> str:
        filled = {key: str(value) for key, value in values.items()}
        return words.message(Utterance(name, filled), Medium.CHAT).text

    environment.filters["groups"] = lambda key, of=4: " ".join(
        key[at : at + of] for at in range(0, len(key), of)
    )
    environment.globals.update(
        say=say,
        label=lambda key: words.label(key, Medium.CHAT),
        span=lambda seconds: span(say, seconds),
        settings=settings,
        safe_url=shapes.safe_url,
        # The shapes that scripts copy and fill: the same markup as the server's own.
        blank_messages=[Message(sender, "") for sender in Sender],
        blank_service=ServiceCard("", "", ""),
        blank_line=Line("", "", ""),
        blank_choice=Choice("", ""),
    )


def span(say: Any, seconds: float) -> str:
    """Return how long something lasts, in the largest unit that counts two or more of it."""
    for length, unit in SPANS:
        if seconds >= 2 * length and seconds % length == 0:
            return say(f"span_{unit}", number=int(seconds // length))
    return say("span_minutes", number=max(1, round(seconds / 60)))


def page(request: web.Request, name: str, status: int = 200, **context: Any) -> web.Response:
    """Return a page."""
    return aiohttp_jinja2.render_template(name, request, context, status=status)

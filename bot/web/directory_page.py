# SPDX-License-Identifier: Apache-2.0
"""The directory as a page that anybody can look through without chatting.

What somebody looks for is sent in a form's body and never stands in an address: an address stays in
the list of pages that a shared device keeps. Nothing of it is stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from bot.policy.browsing import TOPICS_TO_CHOOSE, Wanted
from bot.policy.needs import CATEGORIES
from bot.web import session as who
from bot.web.keys import FINGERPOST
from bot.web.render import page

PATH = "/directory"
LONGEST_PLACE = 60


def setup(app: web.Application) -> None:
    """Add the page to the application."""
    app.router.add_get(PATH, everything)
    app.router.add_post(PATH, looked_for)


async def everything(request: web.Request) -> web.Response:
    """Show the whole directory."""
    who.refuse_flood(request, None)
    return _shown(request, {})


async def looked_for(request: web.Request) -> web.Response:
    """Show what fits the form; what it cannot read narrows nothing, and nobody is refused."""
    who.refuse_flood(request, None)
    try:
        given = (await request.post()).items()
    except (ValueError, LookupError):  # a form of no known shape or letters
        return _shown(request, {})
    return _shown(request, {k: v.strip() for k, v in given if isinstance(v, str)})


def _shown(request: web.Request, given: Mapping[str, str]) -> web.Response:
    directory = request.app[FINGERPOST].directory
    place = given.get("place", "")[:LONGEST_PLACE]
    area = directory.place(place).area if place else ""
    wanted = Wanted(
        topic=given["topic"] if given.get("topic") in TOPICS_TO_CHOOSE else "",
        need=CATEGORIES.get(given.get("need", ""), ""),
        area=area or "",
        open_now="open" in given,
        written="written" in given,
    )
    found = directory.browse(wanted)
    named = {card.service.id for card in found}
    shown: dict[str, Any] = {
        "topics": TOPICS_TO_CHOOSE,
        "needs": tuple(CATEGORIES),
        "wanted": wanted,
        "need": given.get("need", "") if wanted.need else "",
        "place": place,
        "place_unknown": bool(place) and not area,
        "asked": bool(given),
        "found": found,
        "always": [c for c in directory.always_there(wanted) if c.service.id not in named],
        "has_chat": who.of_cookie(request) is not None,
    }
    return page(request, "directory.html", **shown)

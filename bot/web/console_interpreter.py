# SPDX-License-Identifier: Apache-2.0
"""One button that brings an interpreter to the call a worker is in."""

from __future__ import annotations

from aiohttp import web

from bot.policy.turn import Medium
from bot.service.brief import Waiting
from bot.web.console_gate import Visit, done

RINGS = "interpreter"


async def bring(visit: Visit) -> web.Response:
    """Ring an interpreter to this call."""
    person = visit.named("person")
    await visit.service.interpreter.bring(person, visit.me.id)
    return done(visit, f"/staff/people/{person}?notice={RINGS}#interpreter", rings=True)


def shown(visit: Visit, standing: Waiting) -> dict[str, bool]:
    """Return whether the button is there, and whether it was just pressed."""
    by_phone = standing.medium == Medium.VOICE and standing.worker_id == visit.me.id
    return {
        "interpreter": visit.service.interpreter.known and by_phone and not standing.closed,
        "interpreter_rings": visit.request.query.get("notice") == RINGS,
    }

# SPDX-License-Identifier: Apache-2.0
"""Who was called to the queue and what came of it; saying "I have it" holds the pages back."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot.policy.urgency import SAID_AS
from bot.service.ports import ConversationError
from bot.web.console_gate import Visit, done, drawn

MEANS = {
    "console": "open consoles", "email": "e-mail", "sms": "text message", "voice": "call",
    "webhook": "webhook",
}  # fmt: skip
STATES = {
    "planned": "being sent", "sent": "sent", "failed": "failed", "not_needed": "not needed any more"
}  # fmt: skip
ERRORS = {
    "no_answer": "no answer", "too_slow": "no answer in time", "no_way": "the rota names no way",
    "address_refused": "the address was refused", "login_refused": "the login was refused",
    "server_refused": "the server refused", "went_silent": "the server went silent",
    "trouble": "trouble here",
}  # fmt: skip
LAST = 6
"""Pages shown for each person; there may be many in a long night."""


async def calls(visit: Visit) -> web.Response:
    """Return this part alone, for a page that is already open."""
    return drawn(visit, "console/calls_part.html", **await shown(visit))


async def shown(visit: Visit) -> dict[str, Any]:
    """Return what the part of the page needs."""
    return {
        "calls": await visit.service.called.calls(visit.me.id),
        "staff_names": await visit.service.accounts.names(),
        "means": MEANS, "states": STATES, "errors": ERRORS, "last": LAST, "said_as": SAID_AS,
    }  # fmt: skip


async def have_it(visit: Visit) -> web.Response:
    """Say "I have it": the pages stop for a while. The second to say so is told who has it."""
    try:
        first = await visit.service.paging.have_it(visit.named("person"), visit.me.id)
    except ConversationError as error:
        if visit.scripted or error.code not in ("taken", "unknown"):
            raise
        return done(visit, "/staff?notice=gone")
    return done(visit, "/staff#calls", first=first)

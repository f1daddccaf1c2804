# SPDX-License-Identifier: Apache-2.0
"""Somebody else whom a person asks for: taken down apart, and read by its worker alone.

Whoever joined a conversation does not see it, and nothing is taken down once it has closed.
"""

from __future__ import annotations

import uuid

from aiohttp import web

from bot.service.ports import ConversationError
from bot.service.somebody_else import DETAILS, LONGEST
from bot.web.console_gate import Refused, Visit, done, drawn, still_open
from bot.web.console_refusals import REFUSALS


async def page(visit: Visit) -> web.Response:
    """Show whom they asked for, and what can be taken down of one more."""
    await still_open(visit)
    return await _page(visit)


async def keep(visit: Visit) -> web.Response:
    """Keep what they told of one other person."""
    await still_open(visit)
    given = {name: visit.form.get(name, "") for name in DETAILS}
    person, service = visit.named("person"), visit.service.somebody_else
    try:
        await service.keep(person, visit.me.id, given, visit.client_id)
    except ConversationError as refused:
        if refused.code not in ("empty_note", "too_long"):
            raise
        status, problem = REFUSALS[Refused(refused.code).code]
        return await _page(visit, problem, status)
    return done(visit, f"/staff/people/{person}/somebody-else", kept=True)


async def _page(visit: Visit, problem: str = "", status: int = 200) -> web.Response:
    person = visit.named("person")
    return drawn(
        visit,
        "console/somebody_else.html",
        status=status,
        person=person,
        problem=problem,
        given=visit.form,
        others=await visit.service.somebody_else.of(person, visit.me.id),
        names=await visit.service.accounts.names(),
        details=visit.service.somebody_else.labels.items(),
        longest=LONGEST,
        client_id=str(uuid.uuid4()),
    )

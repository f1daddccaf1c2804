# SPDX-License-Identifier: Apache-2.0
"""The queue: who waits and who has them, beside the notes that were agreed to be sent."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot.policy.roles import May, may
from bot.policy.same_worker import YES
from bot.service.brief import Waiting
from bot.service.ports import ConversationError
from bot.web import console_callback as callback
from bot.web import console_calls, console_referrals
from bot.web import console_words as told
from bot.web.console_gate import Visit, done, drawn
from bot.web.console_refusals import NOTICES


async def home(visit: Visit) -> web.Response:
    """Show what this role may see: the queue and the agreed notes, or a plain page without them."""
    if not may(visit.me.role, May.TAKE):
        return drawn(visit, "console/nothing.html")
    await visit.service.accounts.seen(visit.me.id)
    # It names facts that people told (an age, that it is not safe). Not at each live change of it:
    # an open page would fill the audit with one look.
    await visit.service.audit.looked(visit.me.id, "queue")
    notice = NOTICES.get(visit.request.query.get("notice", ""), "")
    hard, reminder = await visit.service.shift.hard_hours(visit.me.id)
    return drawn(
        visit,
        "console/queue.html",
        notice=notice,
        hard=hard,
        reminder=told.REMINDERS[reminder],
        newest=await visit.service.live.newest(),
        **await callback.waiting(visit),
        **await _queue(visit),
        **await console_calls.shown(visit),
        **await console_referrals.shown(visit, loads=True),
    )


async def queue(visit: Visit) -> web.Response:
    """Return the queue alone, for a page that is already open."""
    return drawn(visit, "console/queue_part.html", **await _queue(visit))


async def _queue(visit: Visit) -> dict[str, Any]:
    on_rota = [person.name for person in visit.service.duty.people()]
    board = await visit.service.desk.board(visit.me.id, visit.me.role)
    now = visit.service.clock()
    return {"board": board, "on_rota": on_rota, "now": now, "before": known_before}


def known_before(row: Waiting, names: dict[str, str], me: str) -> list[str]:
    """Return which worker somebody asked for and who had them before.

    A name they said is shown where one member of staff alone bears it: a queue holds no word of
    anybody, and which of two Sams was meant is not known.
    """
    borne = [n for n in names.values() if n.partition(" ")[0].casefold() == row.wants_same]
    asked = borne[0] if len(borne) == 1 else "somebody by name"
    wish = "the worker they had before" if row.wants_same == YES else asked
    found = [f"asked for {wish}"] if row.wants_same else []
    if row.talked_with and row.talked_with != row.worker_id:
        found.append(f"talked with {told.colleague(row.talked_with, names, me)}")
    return found


async def available(visit: Visit) -> web.Response:
    """Be there for people, or not: nobody is offered a person when no one is available."""
    there = visit.form.get("available") == "yes"
    await visit.service.accounts.set_available(visit.me.id, there)
    back = visit.form.get("back", "")
    return done(visit, f"/staff/people/{back}" if told.is_id(back) else "/staff", available=there)


async def accept(visit: Visit) -> web.Response:
    """Take a person. Of two at the same instant one has them; the other is told so plainly."""
    handover_id = visit.named("person")
    try:
        await visit.service.handover.accept(handover_id, visit.me.id)
    except ConversationError as error:
        if visit.scripted or error.code not in ("taken", "unknown"):
            raise
        notice = "taken" if error.code == "taken" else "gone"
        return done(visit, f"/staff?notice={notice}")
    return done(visit, f"/staff/people/{handover_id}", accepted=True)

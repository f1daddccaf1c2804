# SPDX-License-Identifier: Apache-2.0
"""What is handed from shift to shift, looking up by reference, the audit, and the accounts."""

from __future__ import annotations

from datetime import date
from typing import Any

from aiohttp import web

from bot.policy.callback import MOST_ATTEMPTS
from bot.policy.hours import in_london
from bot.service.ports import ConversationError
from bot.web.console_gate import Refused, Visit, drawn
from bot.web.console_referrals import HOW_SOON, TO_DO
from bot.web.console_refusals import REFUSALS


async def shift(visit: Visit) -> web.Response:
    """Show the list that one shift hands to the next."""
    return await _shift(visit)


async def search(visit: Visit) -> web.Response:
    """Say where a conversation stands, by reference and with a reason."""
    asked, reason = visit.form.get("asked", "")[:80], visit.form.get("reason", "")
    try:
        found = await visit.service.shift.search(visit.me.id, asked, reason)
    except ConversationError as refused:
        if visit.scripted:
            raise
        status, problem = REFUSALS[Refused(refused.code).code]
        return await _shift(visit, status, asked=asked, reason=reason, problem=problem)
    return await _shift(visit, asked=asked, reason=reason, found=found)


async def _shift(visit: Visit, status: int = 200, **more: Any) -> web.Response:
    newest = await visit.service.live.newest()
    context = {"asked": "", "reason": "", "problem": "", "found": None} | more
    return drawn(
        visit,
        "console/shift.html",
        status=status,
        left=await visit.service.shift.list(visit.me.id),
        names=await visit.service.accounts.names(),
        now=visit.service.clock(),
        most_attempts=MOST_ATTEMPTS,
        newest=newest,
        to_do=TO_DO,
        how_soon=HOW_SOON,
        **context,
    )


async def audit(visit: Visit) -> web.Response:
    """Show one day of the audit: who saw or did what how often, and its digest."""
    today = in_london(visit.service.clock()).date()
    try:
        day = date.fromisoformat(visit.request.query.get("day", "") or today.isoformat())
    except ValueError:
        day = today
    found = await visit.service.audit.seen_by(visit.me.id, min(day, today))
    return drawn(visit, "console/audit.html", digest=found, today=today.isoformat())


async def accounts(visit: Visit) -> web.Response:
    """Show who has an account, and whether with a second factor."""
    return await _accounts(visit)


async def new_link(visit: Visit) -> web.Response:
    """Make a one-time link for an account whose password, PIN or app was lost."""
    row = await _account(visit)
    word = await visit.service.accounts.add(row.name, row.role)
    await visit.service.audit.note(visit.me.id, "new_link", row.id)
    settings = visit.service.settings
    base = settings.console_url.rstrip("/") or f"http://127.0.0.1:{settings.port}"
    return await _accounts(visit, link=f"{base}/staff/set-up/{word}", whose=row.name)


async def sign_out(visit: Visit) -> web.Response:
    """Sign somebody out everywhere; whom they had waits again at once."""
    row = await _account(visit)
    await visit.service.accounts.sign_out(row.id)
    await visit.service.audit.note(visit.me.id, "signed_out", row.id)
    return await _accounts(visit)


async def _account(visit: Visit) -> Any:
    rows = await visit.service.accounts.everybody()
    found = next((row for row in rows if row.id == visit.named("account")), None)
    if found is None:
        raise Refused("unknown_colleague")
    return found


async def _accounts(visit: Visit, link: str = "", whose: str = "") -> web.Response:
    rows = await visit.service.accounts.everybody()
    return drawn(visit, "console/accounts.html", rows=rows, link=link, whose=whose)

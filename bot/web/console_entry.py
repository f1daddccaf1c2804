# SPDX-License-Identifier: Apache-2.0
"""How staff get in and out of the console: the one-time link, signing in, signing out."""

from __future__ import annotations

from aiohttp import web

from bot.service.ports import ConversationError
from bot.web import console_words as told
from bot.web.console_gate import COOKIE, Refused, Visit, done, drawn, keep_cookie


async def sign_in_page(visit: Visit) -> web.Response:
    """Ask for name and password."""
    notice = told.NOTICES.get(visit.request.query.get("notice", ""), "")
    return drawn(visit, "console/sign_in.html", name="", problem="", notice=notice)


async def sign_in(visit: Visit) -> web.Response:
    """Open a session. One sentence for a wrong name, a wrong password and a locked account."""
    name = visit.form.get("name", "")[:80]
    try:
        token = await visit.service.accounts.sign_in(name, visit.form.get("password", "")[:1000])
    except ConversationError:
        status, problem = told.REFUSALS["sign_in"]
        page = "console/sign_in.html"
        return drawn(visit, page, status=status, name=name, problem=problem, notice="")
    response = done(visit, "/staff", signed_in=True)
    keep_cookie(response, COOKIE, token)
    return response


async def set_up_page(visit: Visit) -> web.Response:
    """Show the one-time page of an account, or say that its link no longer works."""
    return await _set_up(visit, 200, "")


async def set_up(visit: Visit) -> web.Response:
    """Keep the password and the telephone PIN that somebody chose by their one-time link."""
    password = visit.form.get("password", "")
    try:
        if password != visit.form.get("again", ""):
            raise Refused("not_the_same")
        pin = visit.form.get("pin", "").strip()
        await visit.service.accounts.set_up(visit.named("word"), password, pin)
    except (ConversationError, Refused) as problem:
        if problem.code == "unknown":
            raise Refused("set_up_link") from None
        return await _set_up(visit, *told.REFUSALS[Refused(problem.code).code])
    return done(visit, "/staff/sign-in?notice=set_up", set_up=True)


async def _set_up(visit: Visit, status: int, problem: str) -> web.Response:
    try:
        invited = await visit.service.accounts.invited(visit.named("word"))
    except ConversationError:
        raise Refused("set_up_link") from None
    page = "console/set_up.html"
    return drawn(visit, page, status=status, invited=invited, problem=problem)


async def sign_out(visit: Visit) -> web.Response:
    """End every session of this member of staff; nobody is offered them any more."""
    await visit.service.accounts.sign_out(visit.me.id)
    response = done(visit, "/staff/sign-in?notice=signed_out", signed_out=True)
    response.del_cookie(COOKIE, path="/staff", httponly=True, samesite="Strict")
    return response

# SPDX-License-Identifier: Apache-2.0
"""How staff get in and out of the console: the one-time link, signing in, signing out."""

from __future__ import annotations

import segno
from aiohttp import web

from bot.service.ports import ConversationError
from bot.web import console_words as told
from bot.web.console_gate import COOKIE, Refused, Visit, done, drawn, keep_cookie
from bot.web.console_refusals import NOTICES, REFUSALS


async def sign_in_page(visit: Visit) -> web.Response:
    """Ask for name and password."""
    notice = NOTICES.get(visit.request.query.get("notice", ""), "")
    return drawn(visit, "console/sign_in.html", name="", problem="", notice=notice)


async def sign_in(visit: Visit) -> web.Response:
    """Open a session. One sentence for a wrong name, a wrong password and a locked account."""
    name = visit.form.get("name", "")[:80]
    try:
        token = await visit.service.accounts.sign_in(
            name, visit.form.get("password", "")[:1000], visit.form.get("code", "")[:20]
        )
    except ConversationError:
        status, problem = REFUSALS["sign_in"]
        page = "console/sign_in.html"
        return drawn(visit, page, status=status, name=name, problem=problem, notice="")
    response = done(visit, "/staff", signed_in=True)
    keep_cookie(visit, response, COOKIE, token)
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
        pin, code = visit.form.get("pin", "").strip(), visit.form.get("code", "").strip()[:20]
        if visit.service.settings.console_url and not code:
            raise Refused("bad_code")
        await visit.service.accounts.set_up(visit.named("word"), password, pin, code)
    except (ConversationError, Refused) as problem:
        if problem.code == "unknown":
            raise Refused("set_up_link") from None
        return await _set_up(visit, *REFUSALS[Refused(problem.code).code])
    return done(visit, "/staff/sign-in?notice=set_up", set_up=True)


async def _set_up(visit: Visit, status: int, problem: str) -> web.Response:
    try:
        invited = await visit.service.accounts.invited(visit.named("word"))
    except ConversationError:
        raise Refused("set_up_link") from None
    page = "console/set_up.html"
    picture = segno.make(invited.second.address, error="m").svg_inline(omitsize=True, border=4)
    return drawn(visit, page, status=status, invited=invited, problem=problem, picture=picture)


async def lock(visit: Visit) -> web.Response:
    """Lock this session: no word is shown, and nobody who is talked with is dropped."""
    await visit.service.screen_lock.lock(visit.token, visit.me)
    return done(visit, _locked(visit.form.get("back", "")), locked=True)


async def locked_page(visit: Visit) -> web.Response:
    """Ask for the PIN, and say in numbers what goes on; also what keeps a browser there."""
    if not visit.me.locked:
        return web.Response(status=303, headers={"Location": "/staff"})
    return await _locked_page(visit, visit.request.query.get("back", ""))


async def unlock(visit: Visit) -> web.Response:
    """Open this session again by PIN."""
    back = visit.form.get("back", "")
    try:
        word = visit.form.get("pin", "")[:1000]
        await visit.service.screen_lock.unlock(visit.token, visit.me, word)
    except ConversationError as refused:
        if visit.scripted or refused.code != "wrong_pin":
            raise
        return await _locked_page(visit, back, *REFUSALS["wrong_pin"])
    return done(visit, f"/staff/people/{back}" if told.is_id(back) else "/staff", unlocked=True)


async def _locked_page(
    visit: Visit, back: str, status: int = 200, problem: str = ""
) -> web.Response:
    await visit.service.accounts.seen(visit.me.id)
    news = told.locked(await visit.service.screen_lock.news(visit.me))
    page = "console/locked.html"
    return drawn(visit, page, status=status, back=back, news=news, problem=problem)


def _locked(back: str) -> str:
    return f"/staff/locked?back={back}" if told.is_id(back) else "/staff/locked"


async def sign_out(visit: Visit) -> web.Response:
    """End every session of this member of staff; nobody is offered them any more."""
    await visit.service.accounts.sign_out(visit.me.id)
    response = done(visit, "/staff/sign-in?notice=signed_out", signed_out=True)
    response.del_cookie(COOKIE, path="/staff", httponly=True, samesite="Strict")
    return response

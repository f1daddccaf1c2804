# SPDX-License-Identifier: Apache-2.0
"""Who may enter the staff console, and from where: what no row of the table allows is refused.

Without a setting the console answers on this computer only, and a request that shows any sign of
a proxy is refused: behind one everybody is 127.0.0.1. With FINGERPOST_CONSOLE_URL it also answers
a proxy on this computer at that address, and lets in nobody without a second factor.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

import aiohttp_jinja2
from aiohttp import web

from bot.policy.roles import May, may
from bot.service.accounts import Accounts, Worker
from bot.service.audit import Audit
from bot.service.brief import Waiting
from bot.service.callback import Callbacks
from bot.service.called import Called
from bot.service.calling_back import CallingBack
from bot.service.colleagues import Colleagues
from bot.service.desk import Desk
from bot.service.duty import Duty
from bot.service.handover import Handover
from bot.service.interpreter import Interpreter
from bot.service.judging import Judging
from bot.service.live import Live
from bot.service.notes import Notes
from bot.service.offers import Offers
from bot.service.paging import Paging
from bot.service.ports import Clock, ConversationError
from bot.service.receipts import Receipts
from bot.service.referral import Referrals
from bot.service.screen_lock import ScreenLock
from bot.service.sending import Sending
from bot.service.shift import Shift
from bot.service.somebody_else import SomebodyElse
from bot.service.tiering import Tiering
from bot.settings import Settings
from bot.store.database import StoreError
from bot.store.keys import KeyGone
from bot.understanding import Screen
from bot.web import console_words as told
from bot.web.console_origin import came_by_our_proxy, came_directly
from bot.web.console_refusals import REFUSALS
from bot.words import Words

COOKIE, FORM_COOKIE = "staff", "staff_form"
# Refusals that asking again does not change.
FINAL = ("signed_out", "role", "unknown", "elsewhere", "second_factor", "locked")
GO_TO = {"signed_out": "/staff/sign-in", "locked": "/staff/locked"}
CSRF_HEADER = "X-CSRF-Token"


class Service(Protocol):
    """What the console uses of what bot/wiring.py puts together."""

    accounts: Accounts
    screen_lock: ScreenLock
    colleagues: Colleagues
    notes: Notes
    shift: Shift
    audit: Audit
    desk: Desk
    handover: Handover
    duty: Duty
    paging: Paging
    called: Called
    referrals: Referrals
    callbacks: Callbacks
    calling_back: CallingBack
    judging: Judging
    offers: Offers
    receipts: Receipts
    sending: Sending
    somebody_else: SomebodyElse
    notes_out: Any
    interpreter: Interpreter
    tiering: Tiering
    live: Live
    screen: Screen
    words: Words
    settings: Settings
    clock: Clock


SERVICE = web.AppKey("STAFF_SERVICE", Service)


class Refused(Exception):
    """A request that is turned away; `code` is one of console_refusals.REFUSALS."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code if code in REFUSALS else "trouble"


@dataclass(frozen=True)
class Visit:
    """One request that may go on: who is asking, and the form they sent."""

    request: web.Request
    service: Service
    worker: Worker | None
    form: Mapping[str, str]
    near: bool = True

    @property
    def token(self) -> str:
        """Return the session's own word."""
        return self.request.cookies.get(COOKIE, "")

    @property
    def me(self) -> Worker:
        """Return who is signed in; only routes that need it ask."""
        if self.worker is None:
            raise Refused("signed_out")
        return self.worker

    def named(self, part: str) -> str:
        """Return a part of the address."""
        return self.request.match_info[part]

    @property
    def client_id(self) -> str:
        """Return the form's own word, by which it is kept once; a new one where it has none."""
        given = self.form.get("client_id", "")
        return given if told.is_id(given) else str(uuid.uuid4())

    @property
    def scripted(self) -> bool:
        """Say whether our script asks, which wants an answer and not a page."""
        return "application/json" in self.request.headers.get("Accept", "")


async def still_open(visit: Visit) -> Waiting:
    """Return how it stands with a person this worker has; one whose talk has closed is refused."""
    standing = await visit.service.desk.standing(visit.named("person"), visit.me.id)
    if standing.closed:
        raise Refused("closed")
    return standing


Handler = Callable[[Visit], Awaitable[web.StreamResponse]]


class Door(StrEnum):
    """Who may pass where no right is asked for."""

    OPEN = "anybody"
    SIGNED_IN = "whoever is signed in"


@dataclass(frozen=True)
class Route:
    """One address of the console, and what it takes to get in."""

    method: str
    path: str
    handler: Handler
    needs: May | Door
    locked: bool = False
    """Whether it also answers a session that is locked: no word, and nothing done."""


def is_near(request: web.Request) -> bool:
    """Say whether it came from this very computer, not by our proxy; else raise `elsewhere`."""
    if came_directly(request.remote, request.version, request.headers):
        return True
    url = request.app[SERVICE].settings.console_url
    if not came_by_our_proxy(request.remote, request.headers, url):
        raise Refused("elsewhere")
    return False


def guarded(route: Route) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """Return the handler of a route behind every check it asks for."""

    async def handle(request: web.Request) -> web.StreamResponse:
        worker = None
        try:
            near = is_near(request)
            if route.needs is not Door.OPEN:
                worker = await signed_in(request)
                if worker is None:
                    raise Refused("signed_out")
                # Once it is open to elsewhere nobody gets in without one, however a proxy looks.
                if request.app[SERVICE].settings.console_url and not worker.second:
                    raise Refused("second_factor")
                if worker.locked and not route.locked:
                    raise Refused("locked")
                if isinstance(route.needs, May) and not may(worker.role, route.needs):
                    raise Refused("role")
            form = await _form(request, worker)
            visit = Visit(request, request.app[SERVICE], worker, form, near)
            return await route.handler(visit)
        except (Refused, ConversationError) as refused:
            return turned_away(request, worker, Refused(refused.code).code)
        except KeyGone:
            return turned_away(request, worker, "unknown")
        except StoreError:
            return turned_away(request, worker, "not_stored")

    return handle


async def signed_in(request: web.Request) -> Worker | None:
    """Return who sent a request, None for nobody we know."""
    token = request.cookies.get(COOKIE, "")
    return await request.app[SERVICE].accounts.worker(token) if token else None


async def _form(request: web.Request, worker: Worker | None) -> dict[str, str]:
    """Return the form of a request; one that no page of ours sent is refused."""
    if request.method in ("GET", "HEAD"):
        return {}
    form = {name: v for name, v in (await request.post()).items() if isinstance(v, str)}
    own = worker.csrf if worker else form_word(request)
    given = request.headers.get(CSRF_HEADER) or form.get("csrf", "")
    other_site = request.headers.get("Sec-Fetch-Site", "none") in ("cross-site", "same-site")
    if other_site or not own or not hmac.compare_digest(_bytes(own), _bytes(given)):
        raise Refused("form")
    return form


def form_word(request: web.Request) -> str:
    """Return what a form carries where nobody is signed in yet; "" without the cookie for it."""
    cookie = request.cookies.get(FORM_COOKIE, "")
    return _form_word(cookie) if cookie else ""


def _form_word(cookie: str) -> str:
    return hashlib.sha256(b"form:" + _bytes(cookie)).hexdigest()


def _bytes(value: str) -> bytes:
    return value.encode("utf-8", "replace")


def turned_away(request: web.Request, worker: Worker | None, code: str) -> web.Response:
    """Return a refusal as this client can read it: what happened and what to do."""
    status, detail = REFUSALS[code]
    accepts = request.headers.get("Accept", "")
    if "text/event-stream" in accepts and code in FINAL:
        # A browser that comes back to a line reads no refusal, only events: it would try for ever.
        body = json.dumps({"code": code, "detail": detail})
        return web.Response(text=f"event: over\ndata: {body}\n\n", content_type="text/event-stream")
    if "text/html" not in accepts:
        body = {"code": code, "status": status, "detail": detail}
        return web.json_response(body, status=status, content_type="application/problem+json")
    if code in GO_TO and request.method == "GET":
        return web.Response(status=303, headers={"Location": GO_TO[code]})
    page = "console/elsewhere.html" if code == "elsewhere" else "console/refused.html"
    context = {"me": worker, "code": code, "detail": detail, "told": told, "may": _may(worker)}
    return aiohttp_jinja2.render_template(page, request, context, status=status)


def _may(worker: Worker | None) -> Callable[[str], bool]:
    return lambda what: bool(worker and may(worker.role, May(what)))


def drawn(visit: Visit, template: str, status: int = 200, **context: Any) -> web.Response:
    """Return a page; without a session it gets the cookie that its forms are known by."""
    request, fresh = visit.request, ""
    csrf = visit.worker.csrf if visit.worker else form_word(request)
    if not csrf:
        fresh = secrets.token_urlsafe(24)
        csrf = _form_word(fresh)
    base = {"me": visit.worker, "csrf": csrf, "told": told, "may": _may(visit.worker)}
    base |= {"afar": bool(visit.service.settings.console_url), "at": request.path}
    base["my_teams"] = visit.service.duty.teams_of(visit.worker.name) if visit.worker else ()
    base["languages"] = visit.service.screen.languages
    response = aiohttp_jinja2.render_template(template, request, base | context, status=status)
    if fresh:
        keep_cookie(visit, response, FORM_COOKIE, fresh)
    return response


def keep_cookie(visit: Visit, response: web.StreamResponse, name: str, value: str) -> None:
    """Give the browser a cookie of the console; only this computer itself speaks plain HTTP."""
    secure = not visit.near
    response.set_cookie(name, value, httponly=True, samesite="Strict", path="/staff", secure=secure)


def done(visit: Visit, where: str, **found: Any) -> web.Response:
    """Say that something was done: an answer for our script, the next page for a browser."""
    if visit.scripted:
        return web.json_response(found)
    return web.Response(status=303, headers={"Location": where})

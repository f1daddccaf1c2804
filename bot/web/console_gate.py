# SPDX-License-Identifier: Apache-2.0
"""Who may enter the staff console, and from where: what no row of the table allows is refused.

Until signing in needs a second factor the console answers on this computer only. Behind a proxy
everybody is 127.0.0.1, so a request that shows any sign of one is refused as well.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import json
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

import aiohttp_jinja2
from aiohttp import HttpVersion, HttpVersion11, web

from bot.policy.roles import May, may
from bot.service.accounts import Accounts, Worker
from bot.service.desk import Desk
from bot.service.handover import Handover
from bot.service.live import Live
from bot.service.ports import Clock, ConversationError
from bot.service.referral import Referrals
from bot.settings import Settings
from bot.store.database import StoreError
from bot.store.keys import KeyGone
from bot.web import console_words as told
from bot.words import Words

COOKIE, FORM_COOKIE = "staff", "staff_form"
# Refusals that asking again does not change.
FINAL = ("signed_out", "role", "unknown", "elsewhere")
CSRF_HEADER = "X-CSRF-Token"
OWN_HOST = re.compile(r"(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?")
# What proxies, tunnels and content networks add; any name that begins with x-forwarded counts too.
FORWARDING = frozenset(
    """forwarded via x-real-ip x-client-ip x-cluster-client-ip x-original-host x-original-for
    x-proxyuser-ip x-envoy-external-address x-appengine-user-ip true-client-ip fastly-client-ip
    cf-connecting-ip cf-ray cdn-loop x-amzn-trace-id x-azure-clientip fly-client-ip""".split()
)


class Service(Protocol):
    """What the console uses of what bot/wiring.py puts together."""

    accounts: Accounts
    desk: Desk
    handover: Handover
    referrals: Referrals
    live: Live
    words: Words
    settings: Settings
    clock: Clock


SERVICE = web.AppKey("STAFF_SERVICE", Service)


class Refused(Exception):
    """A request that is turned away; `code` is one of console_words.REFUSALS."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code if code in told.REFUSALS else "trouble"


@dataclass(frozen=True)
class Visit:
    """One request that may go on: who is asking, and the form they sent."""

    request: web.Request
    service: Service
    worker: Worker | None
    form: Mapping[str, str]

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
    def scripted(self) -> bool:
        """Say whether our script asks, which wants an answer and not a page."""
        return "application/json" in self.request.headers.get("Accept", "")


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


def came_directly(remote: str | None, version: HttpVersion, headers: Mapping[str, str]) -> bool:
    """Say whether a request came from this very computer, with nothing in between."""
    try:
        address = ipaddress.ip_address(remote or "")
    except ValueError:
        return False
    address = getattr(address, "ipv4_mapped", None) or address
    names = {name.lower(): value.lower() for name, value in headers.items()}
    forwarded = FORWARDING & set(names) or any(n.startswith("x-forwarded") for n in names)
    origin = names.get("origin", "null")
    return (
        address.is_loopback
        and not forwarded
        # No browser speaks HTTP/1.0; a proxy with nothing configured does, and adds no header.
        and version >= HttpVersion11
        and OWN_HOST.fullmatch(names.get("host", "")) is not None
        and (origin == "null" or OWN_HOST.fullmatch(origin.partition("://")[2]) is not None)
    )


def guarded(route: Route) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """Return the handler of a route behind every check it asks for."""

    async def handle(request: web.Request) -> web.StreamResponse:
        worker = None
        try:
            if not came_directly(request.remote, request.version, request.headers):
                raise Refused("elsewhere")
            if route.needs is not Door.OPEN:
                worker = await signed_in(request)
                if worker is None:
                    raise Refused("signed_out")
                if isinstance(route.needs, May) and not may(worker.role, route.needs):
                    raise Refused("role")
            form = await _form(request, worker)
            return await route.handler(Visit(request, request.app[SERVICE], worker, form))
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
    status, detail = told.REFUSALS[code]
    accepts = request.headers.get("Accept", "")
    if "text/event-stream" in accepts and code in FINAL:
        # A browser that comes back to a line reads no refusal, only events: it would try for ever.
        body = json.dumps({"code": code, "detail": detail})
        return web.Response(text=f"event: over\ndata: {body}\n\n", content_type="text/event-stream")
    if "text/html" not in accepts:
        body = {"code": code, "status": status, "detail": detail}
        return web.json_response(body, status=status, content_type="application/problem+json")
    if code == "signed_out" and request.method == "GET":
        return web.Response(status=303, headers={"Location": "/staff/sign-in"})
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
    base["languages"] = visit.service.screen.languages
    response = aiohttp_jinja2.render_template(template, request, base | context, status=status)
    if fresh:
        keep_cookie(response, FORM_COOKIE, fresh)
    return response


def keep_cookie(response: web.StreamResponse, name: str, value: str) -> None:
    """Give the browser a cookie of the console. Not `Secure`: this computer speaks plain HTTP."""
    response.set_cookie(name, value, httponly=True, samesite="Strict", path="/staff")


def done(visit: Visit, where: str, **found: Any) -> web.Response:
    """Say that something was done: an answer for our script, the next page for a browser."""
    if visit.scripted:
        return web.json_response(found)
    return web.Response(status=303, headers={"Location": where})

# SPDX-License-Identifier: Apache-2.0
"""The directory for other sites: the read API of Open Referral UK (HSDS-UK 3), under /directory/.

It is open to everybody and sets no cookie: what it says, anybody may know.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import ETag, web

from bot.policy.paging import page_of
from bot.service.directory import Record
from bot.store.directory_published import SINGLE, is_id, taxonomies, terms
from bot.web import session as who
from bot.web.directory_query import asked, paging, text_of
from bot.web.keys import FINGERPOST
from bot.web.problem import Problem

BASE = "/directory/"
VERSION = "HSDS-UK-3.0"
PROFILE = "https://github.com/OpenReferralUK/uk-profile/blob/main/docs/index.md"
# The standard asks for this on every answer, so that simple pages of other sites may read it.
SHARED = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "If-None-Match",
    "Access-Control-Max-Age": "86400",
}
# A number may be taken back at any hour: nobody keeps one for longer than five minutes unasked.
KEPT = "public, max-age=300"


def setup(app: web.Application) -> None:
    """Add the API to the application."""
    app.router.add_get(BASE, root)
    app.router.add_get(f"{BASE}services", services)
    app.router.add_get(f"{BASE}services/{{id}}", service)
    app.router.add_get(f"{BASE}service_at_locations", at_locations)
    app.router.add_get(f"{BASE}service_at_locations/{{id}}", at_location)
    app.router.add_get(f"{BASE}taxonomies", taxonomy_list)
    app.router.add_get(f"{BASE}taxonomies/{{id}}", taxonomy)
    app.router.add_get(f"{BASE}taxonomy_terms", term_list)
    app.router.add_get(f"{BASE}taxonomy_terms/{{id}}", term)
    app.router.add_get(f"{BASE}{{rest:.+}}", nothing)
    app.router.add_route("OPTIONS", f"{BASE}{{rest:.*}}", preflight)
    app.on_response_prepare.append(share)


async def share(request: web.Request, response: web.StreamResponse) -> None:
    """Open every answer under /directory/ to other sites, refusals too."""
    if request.path.startswith(BASE):
        response.headers.update(SHARED)
        if response.status in (200, 304) and response.headers.get("ETag"):
            response.headers["Cache-Control"] = KEPT


async def preflight(request: web.Request) -> web.Response:
    """Tell a browser that another site's page may read this."""
    return web.Response(status=204, headers=PREFLIGHT)


async def nothing(request: web.Request) -> web.Response:
    """Say that there is no such address: preflight answers for all of them."""
    raise Problem("not_found")


async def root(request: web.Request) -> web.Response:
    """Say which standard this speaks. Somebody who typed one stroke too many gets the page."""
    if "text/html" in request.headers.get("Accept", ""):
        raise web.HTTPFound("/directory", headers={"Vary": "Accept"})
    settings = request.app[FINGERPOST].settings
    # Never from the Host header: an answer that caches keep must not say what one client sent.
    public = settings.public_url.rstrip("/") or f"http://127.0.0.1:{settings.port}"
    about = {
        "version": VERSION,
        "profile": PROFILE,
        "openapi_url": f"{public}/api/openapi.json",
    }
    response = _answer(request, about)
    response.headers["Vary"] = "Accept"
    return response


async def services(request: web.Request) -> web.Response:
    """Return a page of services, each with what there is one of."""
    found, page, per_page = _asked(request)
    return _page(request, [_single(record) for record in found], page, per_page)


async def service(request: web.Request) -> web.Response:
    """Return one service with everything that is published of it."""
    record = request.app[FINGERPOST].directory.find(_id(request))
    return _answer(request, record or _missing())


async def at_locations(request: web.Request) -> web.Response:
    """Return a page of services at their locations; most are reached without going anywhere."""
    found, page, per_page = _asked(request)
    places = [
        {**at, "location": _flat(at["location"]), "service": _single(record)}
        for record in found
        for at in record.get("service_at_locations", ())
    ]
    return _page(request, places, page, per_page)


async def at_location(request: web.Request) -> web.Response:
    """Return one service at one location, with everything that is published of both."""
    wanted = _id(request)
    for record in request.app[FINGERPOST].directory.records:
        for at in record.get("service_at_locations", ()):
            if at["id"] == wanted:
                own = {k: v for k, v in record.items() if k != "service_at_locations"}
                return _answer(request, {**at, "service": own})
    raise Problem("not_found")


async def taxonomy_list(request: web.Request) -> web.Response:
    """Return a page of our two taxonomies."""
    return _page(request, taxonomies(), *paging(_limited(request)))


async def taxonomy(request: web.Request) -> web.Response:
    """Return one taxonomy with its terms."""
    wanted = _id(request)
    found = next((t for t in taxonomies() if t["id"] == wanted), None) or _missing()
    own = [t for t in _terms(request) if t["taxonomy_id"] == wanted]
    return _answer(request, {**found, "taxonomy_terms": own})


async def term_list(request: web.Request) -> web.Response:
    """Return a page of the terms that a published service bears."""
    query = _limited(request)
    kind = text_of(query, "taxonomy_id").lower()
    found = [t for t in _terms(request) if not kind or t["taxonomy_id"] == kind]
    return _page(request, found, *paging(query))


async def term(request: web.Request) -> web.Response:
    """Return one term."""
    wanted = _id(request)
    found = next((t for t in _terms(request) if t["id"] == wanted), None)
    return _answer(request, found or _missing())


def _limited(request: web.Request) -> Mapping[str, str]:
    who.refuse_flood(request, None)
    return request.query


def _asked(request: web.Request) -> tuple[list[Record], int, int]:
    directory = request.app[FINGERPOST].directory
    what = asked(_limited(request), directory)
    return directory.matching(what.filters), what.page, what.per_page


def _id(request: web.Request) -> str:
    _limited(request)
    wanted = request.match_info["id"].lower()
    return wanted if is_id(wanted) else _missing()


def _missing() -> Any:
    raise Problem("not_found")


def _terms(request: web.Request) -> list[dict[str, Any]]:
    return terms(request.app[FINGERPOST].directory.records)


def _single(record: Record) -> dict[str, Any]:
    return {field: record[field] for field in SINGLE if field in record}


def _flat(record: Record) -> dict[str, Any]:
    return {k: v for k, v in record.items() if not isinstance(v, list | dict)}


def _page(request: web.Request, items: Sequence[Any], number: int, per_page: int) -> web.Response:
    return _answer(request, page_of(items, number, per_page))


def _answer(request: web.Request, body: Any) -> web.Response:
    """Return JSON, or only that it has not changed since the other site read it."""
    text = json.dumps(body, ensure_ascii=False)
    mark = hashlib.sha256(text.encode()).hexdigest()[:24]
    held = {tag.value for tag in request.if_none_match or ()}
    if mark in held or "*" in held:
        response = web.Response(status=304)
    else:
        response = web.json_response(text=text)
    response.etag = ETag(mark)
    return response

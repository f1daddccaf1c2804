# SPDX-License-Identifier: Apache-2.0
"""Whose chat a request belongs to: by a program's bearer token, or by a browser's one cookie."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.web.keys import FINGERPOST, LIMITS
from bot.web.problem import Problem

# A name that says nothing to whoever looks through the cookies of this device.
COOKIE = "s"
CSRF_HEADER = "X-CSRF-Token"
# Not "cache": clearing it can hold a browser up for seconds, and nothing of ours is ever in it.
CLEAR = '"cookies", "storage"'


@dataclass(frozen=True)
class Session:
    """A chat and the token that opens it."""

    conversation_id: str
    token: str

    @property
    def csrf(self) -> str:
        """Return what a form of ours carries: no other page can know it, and it opens nothing."""
        return hashlib.sha256(b"csrf:" + self.token.encode()).hexdigest()

    def is_own_form(self, given: str | None) -> bool:
        """Say whether a form or script of ours sent this."""
        return hmac.compare_digest(self.csrf.encode(), (given or "").encode())


def of_cookie(request: web.Request) -> Session | None:
    """Return the browser's session, None when it has none."""
    conversation_id, _, token = request.cookies.get(COOKIE, "").partition(".")
    return Session(conversation_id, token) if conversation_id and token else None


def remember(request: web.Request, response: web.StreamResponse, session: Session) -> None:
    """Give the browser its one cookie, which goes when the browser closes."""
    https = request.app[FINGERPOST].settings.public_url.startswith("https://")
    response.set_cookie(
        COOKIE,
        f"{session.conversation_id}.{session.token}",
        httponly=True,
        samesite="Strict",
        secure=https,
        path="/",
    )


def forget(response: web.StreamResponse) -> None:
    """Take the cookie and everything else of ours off the device."""
    response.del_cookie(COOKIE, path="/", httponly=True, samesite="Strict")
    response.headers["Clear-Site-Data"] = CLEAR


def of_request(request: web.Request, *, leaving: bool = False) -> Session:
    """Return the session an API request acts for, or refuse.

    Leaving needs no CSRF token: a beacon cannot carry a header, the cookie is never sent from
    another site, and a button that must always work is not to fail over a stale page.
    """
    asked = request.match_info["id"]
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return Session(asked, token.strip())
    session = of_cookie(request)
    if session is None:
        raise Problem("no_token")
    if session.conversation_id != asked:
        raise Problem("unknown")
    if request.method not in ("GET", "HEAD") and not leaving:
        if not session.is_own_form(request.headers.get(CSRF_HEADER)):
            raise Problem("refused")
    return session


async def contact_of(request: web.Request, session: Session) -> Any:
    """Return the contact of a session; raises when the conversation is unknown or another's."""
    return await request.app[FINGERPOST].conversations.find(session.conversation_id, session.token)


def refuse_flood(request: web.Request, session: Session | None) -> None:
    """Refuse what no person could send, by session and by source."""
    limits = request.app[LIMITS]
    if not limits.source_may(request.remote):
        raise Problem("too_many")
    if session and not limits.session_may(session.token):
        raise Problem("too_many")


def refuse_other_sites(request: web.Request) -> None:
    """Refuse a form that another site's page sent, where there is no token yet to ask for."""
    if request.headers.get("Sec-Fetch-Site", "none") in ("cross-site", "same-site"):
        raise Problem("refused")

# SPDX-License-Identifier: Apache-2.0
"""The staff console: every address, what it does, and what it takes to get in."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot.policy.roles import May
from bot.web import console_entry as entry
from bot.web import console_live as live
from bot.web import console_queue as queue
from bot.web import console_talk as talk
from bot.web.console_gate import SERVICE, Door, Route, guarded

PERSON = "/staff/people/{person}"
ROUTES = (
    Route("GET", "/staff/sign-in", entry.sign_in_page, Door.OPEN),
    Route("POST", "/staff/sign-in", entry.sign_in, Door.OPEN),
    Route("GET", "/staff/set-up/{word}", entry.set_up_page, Door.OPEN),
    Route("POST", "/staff/set-up/{word}", entry.set_up, Door.OPEN),
    Route("POST", "/staff/sign-out", entry.sign_out, Door.SIGNED_IN),
    Route("GET", "/staff", queue.home, Door.SIGNED_IN),
    Route("GET", "/staff/queue", queue.queue, May.TAKE),
    Route("GET", "/staff/events", live.queue_events, May.TAKE),
    Route("POST", "/staff/available", queue.available, May.TAKE),
    Route("GET", "/staff/referrals", queue.referrals, May.REFER),
    Route("POST", "/staff/referrals/{referral}/done", queue.referral_done, May.REFER),
    Route("POST", PERSON + "/accept", queue.accept, May.TAKE),
    Route("GET", PERSON, talk.page, May.TAKE),
    Route("GET", PERSON + "/events", live.talk_events, May.TAKE),
    Route("GET", PERSON + "/flags", talk.flags, May.TAKE),
    Route("POST", PERSON + "/flags/{flag}", talk.verdict, May.TAKE),
    Route("POST", PERSON + "/draft", talk.draft, May.TAKE),
    Route("POST", PERSON + "/say", talk.say, May.TAKE),
    Route("POST", PERSON + "/emergency-words", talk.emergency_words, May.TAKE),
    Route("POST", PERSON + "/hand-back", talk.hand_back, May.TAKE),
    Route("POST", PERSON + "/end", talk.end, May.TAKE),
)


def add_routes(app: web.Application, fingerpost: Any) -> None:
    """Add the console to the edge. No address is added that does not stand in the table."""
    app[SERVICE] = fingerpost
    for route in ROUTES:
        # Without HEAD: a page that is in the audit as seen is one that was sent.
        app.router.add_route(route.method, route.path, guarded(route))

# SPDX-License-Identifier: Apache-2.0
"""The staff console: every address, what it does, and what it takes to get in."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot.policy.roles import May
from bot.web import console_beside as beside
from bot.web import console_booking as booking
from bot.web import console_callback as callback
from bot.web import console_calls as calls
from bot.web import console_details as details
from bot.web import console_disclosing as disclosing
from bot.web import console_else as others
from bot.web import console_entry as entry
from bot.web import console_interpreter as interpreter
from bot.web import console_live as live
from bot.web import console_queue as queue
from bot.web import console_referrals as referrals
from bot.web import console_shift as shift
from bot.web import console_talk as talk
from bot.web.console_gate import SERVICE, Door, Route, guarded

PERSON = "/staff/people/{person}"
CALL = "/staff/callbacks/{callback}"
NOTE = "/staff/referrals/{referral}"
ROUTES = (
    Route("GET", "/staff/sign-in", entry.sign_in_page, Door.OPEN),
    Route("POST", "/staff/sign-in", entry.sign_in, Door.OPEN),
    Route("GET", "/staff/set-up/{word}", entry.set_up_page, Door.OPEN),
    Route("POST", "/staff/set-up/{word}", entry.set_up, Door.OPEN),
    Route("POST", "/staff/sign-out", entry.sign_out, Door.SIGNED_IN, locked=True),
    Route("POST", "/staff/lock", entry.lock, Door.SIGNED_IN),
    Route("GET", "/staff/locked", entry.locked_page, Door.SIGNED_IN, locked=True),
    Route("GET", "/staff/locked/events", live.locked_events, Door.SIGNED_IN, locked=True),
    Route("POST", "/staff/unlock", entry.unlock, Door.SIGNED_IN, locked=True),
    Route("GET", "/staff", queue.home, Door.SIGNED_IN),
    Route("GET", "/staff/queue", queue.queue, May.TAKE),
    Route("GET", "/staff/events", live.queue_events, May.TAKE),
    Route("POST", "/staff/available", queue.available, May.TAKE),
    Route("GET", "/staff/shift", shift.shift, May.TAKE),
    Route("POST", "/staff/search", shift.search, May.TAKE),
    Route("GET", "/staff/audit", shift.audit, May.AUDIT),
    Route("GET", "/staff/accounts", shift.accounts, May.ACCOUNTS),
    Route("POST", "/staff/accounts/{account}/link", shift.new_link, May.ACCOUNTS),
    Route("POST", "/staff/accounts/{account}/sign-out", shift.sign_out, May.ACCOUNTS),
    Route("GET", "/staff/referrals", referrals.part, May.REFER),
    Route("POST", NOTE + "/answer", referrals.answered, May.REFER),
    *(
        Route("POST", f"{NOTE}/{action.name}", referrals.pressing(action), May.REFER)
        for action in referrals.ACTIONS
    ),
    Route("POST", NOTE + "/judge", referrals.judge, May.REFER),
    Route("GET", NOTE + "/pdf", referrals.as_pdf, May.REFER),
    Route("GET", NOTE + "/json", referrals.as_json, May.REFER),
    Route("GET", "/staff/calls", calls.calls, May.TAKE),
    Route("POST", PERSON + "/have-it", calls.have_it, May.TAKE),
    Route("GET", "/staff/callbacks", callback.page, May.TAKE),
    Route("GET", "/staff/callbacks/list", callback.part, May.TAKE),
    Route("GET", "/staff/callbacks-due", callback.due_part, May.TAKE),
    Route("POST", CALL + "/ring", callback.ring, May.TAKE),
    Route("POST", CALL + "/outcome", callback.outcome, May.TAKE),
    Route("POST", CALL + "/decide", callback.decide, May.TAKE),
    Route("POST", CALL + "/judge", callback.judge, May.TAKE),
    Route("POST", CALL + "/withdraw", callback.withdraw, May.TAKE),
    Route("POST", CALL + "/noted", callback.noted, May.TAKE),
    Route("POST", PERSON + "/accept", queue.accept, May.TAKE),
    Route("GET", PERSON, talk.page, May.TAKE),
    Route("GET", PERSON + "/events", live.talk_events, May.TAKE),
    Route("GET", PERSON + "/flags", talk.flags, May.TAKE),
    Route("POST", PERSON + "/flags/{flag}", talk.verdict, May.TAKE),
    Route("POST", PERSON + "/draft", talk.draft, May.TAKE),
    Route("POST", PERSON + "/say", talk.say, May.TAKE),
    Route("POST", PERSON + "/interpreter", interpreter.bring, May.TAKE),
    Route("POST", PERSON + "/emergency-words", talk.emergency_words, May.TAKE),
    Route("POST", PERSON + "/hand-back", talk.hand_back, May.TAKE),
    Route("GET", PERSON + "/callback", booking.page, May.TAKE),
    Route("POST", PERSON + "/callback", booking.book, May.TAKE),
    Route("GET", PERSON + "/details", details.page, May.TAKE),
    Route("POST", PERSON + "/details", details.send, May.TAKE),
    Route("GET", PERSON + "/somebody-else", others.page, May.TAKE),
    Route("POST", PERSON + "/somebody-else", others.keep, May.TAKE),
    Route("GET", "/staff/disclosures", disclosing.kept, May.DISCLOSE),
    Route("GET", PERSON + "/disclose", disclosing.page, May.DISCLOSE),
    Route("POST", PERSON + "/disclose", disclosing.decide, May.DISCLOSE),
    Route("POST", PERSON + "/end", talk.end, May.TAKE),
    Route("GET", PERSON + "/notes", beside.notes, May.TAKE),
    Route("POST", PERSON + "/notes", beside.add_note, May.TAKE),
    Route("POST", PERSON + "/notes/{note}/done", beside.note_done, May.TAKE),
    Route("GET", PERSON + "/company", beside.company, May.TAKE),
    Route("POST", PERSON + "/offer", beside.offer, May.TAKE),
    Route("POST", PERSON + "/take-over", beside.take_over, May.TAKE),
    Route("POST", PERSON + "/exclude", beside.exclude, May.TAKE),
    Route("POST", PERSON + "/tier", beside.tier, May.TAKE),
    Route("POST", PERSON + "/readmit", beside.readmit, May.READMIT),
    Route("POST", PERSON + "/join", beside.join, May.JOIN),
    Route("POST", PERSON + "/part", beside.part, May.JOIN),
)


def add_routes(app: web.Application, fingerpost: Any) -> None:
    """Add the console to the edge. No address is added that does not stand in the table."""
    app[SERVICE] = fingerpost
    for route in ROUTES:
        # Without HEAD: a page that is in the audit as seen is one that was sent.
        app.router.add_route(route.method, route.path, guarded(route))

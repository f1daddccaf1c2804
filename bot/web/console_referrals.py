# SPDX-License-Identifier: Apache-2.0
"""Notes to services: what each asks of a worker, how the others stand, and what is done by hand."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from bot.policy import referring
from bot.service.ports import ConversationError
from bot.web.console_gate import Visit, done, drawn
from bot.web.partner_page import paper

BACK = "/staff?notice={notice}#referrals"
# What each thing to do asks of a worker, by the names of bot/policy/referring.py.
TO_DO = {
    "take_back": "They have changed their mind since: tell the service to delete it",
    "ring": "Somebody in danger agreed to it: ring the service now, and say that it is there",
    "by_hand": "Send it the way this service asks for",
    "failed": "It could not be sent: ring them, and send it another way",
    "unsure": "Nobody knows whether it went: ring them and ask",
    "not_came": "The person says that no help came: ring the service",
    "not_yet": "The person still waits for the help: ask the service",
    "declined": "They said no: find somebody else for this person",
    "not_reached": "They could not reach the person. Do not try another way than the person agreed",
    "late": "No answer, and none to the reminder: ring them",
}
PROGRESS = {
    referring.PLANNED: "about to be sent",
    referring.SENDING: "being sent at this moment",
    referring.BY_HAND: "to be sent by us",
    referring.UNSURE: "perhaps sent",
    referring.FAILED: "not sent",
    referring.WAITING: "sent, no answer yet",
    referring.ACCEPTED: "they said yes",
    referring.DECLINED: "they said no",
    referring.NOT_REACHED: "they could not reach the person",
}
HOW_SOON = {
    referring.NOW: "now, and by voice",
    referring.TODAY: "the same day",
    referring.USUAL: "two working days",
}
ANSWERS = {
    referring.ACCEPTED: "They say yes",
    referring.DECLINED: "They say no",
    referring.NOT_REACHED: "They could not reach the person",
}
REASONS = {
    "full": "They are full",
    "not_for_us": "It is not what they do",
    "out_of_area": "Another area",
    "need_more": "They need to know more",
    "other": "Something else",
}
ERRORS = {
    "no_answer": "their server did not answer",
    "address_refused": "their server does not know the address",
    "login_refused": "our own mail server refused us: tell whoever runs this service",
    "server_refused": "the mail server refused it",
    "went_silent": "their server went silent",
    "not_secure": "their address is not secure",
}
SAY: dict[str, Any] = {
    "to_do": TO_DO, "progress": PROGRESS, "how_soon": HOW_SOON, "answers": ANSWERS,
    "reasons": REASONS, "errors": ERRORS, "handle": referring.MAY_HANDLE,
    "again": referring.MAY_SEND_AGAIN,
    "may_answer": lambda state: [a for a in referring.ANSWERS if referring.after(state, a)],
}  # fmt: skip


async def part(visit: Visit) -> web.Response:
    """Return the notes alone, for a page that is already open."""
    return drawn(visit, "console/referrals_part.html", **await shown(visit))


async def shown(visit: Visit) -> dict[str, Any]:
    """Return the notes that ask something of staff, and how the others stand."""
    service, desk = visit.service.referrals, visit.service.notes_out.desk
    return {
        "referrals": await service.to_act_on(visit.me.id),
        "under_way": await service.under_way(visit.me.id),
        "note_say": SAY
        | {"can_send": desk.can_send, "voice": desk.voice, "now": visit.service.clock()}
        | {"wrong": desk.ways.problems},
    }


async def mark_done(visit: Visit) -> web.Response:
    """Note that an agreed note was sent, or that one withdrawn was taken back."""
    recalled = visit.form.get("was") == "recalled"
    desk = visit.service.notes_out.desk
    await (desk.deleted if recalled else desk.sent)(_id(visit), visit.me.id)
    return _done(visit, "taken_back" if recalled else "sent")


async def answered(visit: Visit) -> web.Response:
    """Keep what a service told a worker."""
    answer, reason = visit.form.get("answer", ""), visit.form.get("reason", "")
    if answer not in referring.ANSWERS:
        raise ConversationError("unknown_answer")
    await visit.service.notes_out.desk.answered(_id(visit), visit.me.id, answer, reason)
    return _done(visit, "noted")


async def rang(visit: Visit) -> web.Response:
    """Keep that a worker rang the service."""
    await visit.service.notes_out.desk.rang(_id(visit), visit.me.id)
    return _done(visit, "noted")


async def handled(visit: Visit) -> web.Response:
    """Keep that a worker dealt with it."""
    what = visit.form.get("what", "")
    await visit.service.notes_out.desk.handled(_id(visit), visit.me.id, what)
    return _done(visit, "noted")


async def again(visit: Visit) -> web.Response:
    """Send it once more by the service's own route."""
    await visit.service.notes_out.desk.send_again(_id(visit), visit.me.id)
    return _done(visit, "going")


async def close_link(visit: Visit) -> web.Response:
    """End the links to a note."""
    await visit.service.notes_out.desk.close_link(_id(visit), visit.me.id)
    return _done(visit, "noted")


async def judge(visit: Visit) -> web.Response:
    """Keep this worker's decision whether somebody may agree to a note by themselves."""
    reason = visit.form.get("reason", "")
    await visit.service.judging.decide(_id(visit), visit.me.id, reason)
    return _done(visit, "noted")


async def withdraw(visit: Visit) -> web.Response:
    """Keep that the person told a worker that they changed their mind."""
    await visit.service.notes_out.desk.take_back(_id(visit), visit.me.id)
    return _done(visit, "withdrawn")


async def as_pdf(visit: Visit) -> web.Response:
    """Give a note as paper, to be printed."""
    found = await visit.service.notes_out.desk.to_print(_id(visit), visit.me.id)
    body = await paper(visit.request, found)
    return web.Response(body=body, content_type="application/pdf", headers=_file(found, "pdf"))


async def as_json(visit: Visit) -> web.Response:
    """Give a note as data, for a service that takes it so."""
    found = await visit.service.notes_out.desk.to_print(_id(visit), visit.me.id)
    text = json.dumps(found, ensure_ascii=False, indent=2)
    headers = _file(found, "json")
    return web.Response(text=text, content_type="application/json", headers=headers)


def _file(note: dict[str, Any], kind: str) -> dict[str, str]:
    name = f"note-{note['reference']}.{kind}"
    return {"Content-Disposition": f'attachment; filename="{name}"'}


def _done(visit: Visit, notice: str) -> web.Response:
    return done(visit, BACK.format(notice=notice), noted=True)


def _id(visit: Visit) -> str:
    return visit.named("referral")

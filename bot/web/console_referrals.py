# SPDX-License-Identifier: Apache-2.0
"""Notes to services: what each asks of a worker, how the others stand, and what is done by hand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.policy import referring
from bot.service.ports import ConversationError
from bot.service.referral import Referral
from bot.service.referral_answer import PARTNER
from bot.service.referral_desk import ReferralDesk
from bot.service.referral_state import AGREED, BY_WORKER, RECALLED, SENT, TO_JUDGE, TO_SEND
from bot.web.console_gate import Handler, Visit, done, drawn
from bot.web.note_file import JSON, PDF, note_file

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
HEADINGS = {
    RECALLED: "Take back from", TO_JUDGE: "Judge first, for", TO_SEND: "Send to", SENT: "Ask",
}  # fmt: skip
TO_RING = ("ring", "late", "unsure", "failed")
"""What asks for the service's number."""
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
OUT = (TO_SEND, SENT)


@dataclass(frozen=True)
class Action:
    """One button of a note: its address, its words, when it is there, and what it does.

    `when` is asked with the note and with whether its service has a route. `aside`: among what is
    seldom needed. `does` is given the desk, the note's id, the worker's and the form.
    """

    name: str
    label: str
    when: Callable[[Referral, bool], bool]
    does: Callable[[ReferralDesk, str, str, Mapping[str, str]], Awaitable[None]]
    notice: str = "noted"
    aside: bool = False


ACTIONS = (
    Action(
        "rang", "I rang them",
        lambda one, _: one.to_do == "ring" or (
            one.to_do == "by_hand" and one.tier == referring.NOW and not one.rung_at
        ),
        lambda desk, note, me, _: desk.rang(note, me),
    ),
    Action(
        "deleted", "Mark as taken back",
        lambda one, _: one.state == RECALLED,
        lambda desk, note, me, _: desk.deleted(note, me), "taken_back",
    ),
    Action(
        "sent", "Mark as sent",
        lambda one, _: one.progress in BY_WORKER.get(one.state, ()),
        lambda desk, note, me, _: desk.sent(note, me), "sent",
    ),
    Action(
        "handled", "I dealt with it",
        lambda one, _: one.to_do in referring.MAY_HANDLE,
        # What the page showed: something else may ask for a worker by now.
        lambda desk, note, me, form: desk.handled(note, me, form.get("what", "")),
    ),
    Action(
        "again", "Send it once more",
        lambda one, routed: one.state in OUT and routed
        and one.progress in referring.MAY_SEND_AGAIN,
        lambda desk, note, me, _: desk.send_again(note, me), "going", aside=True,
    ),
    Action(
        "close", "Close its link",
        lambda one, routed: one.state in OUT and routed,
        lambda desk, note, me, _: desk.close_link(note, me), aside=True,
    ),
    Action(
        "withdraw", "They changed their mind",
        lambda one, _: one.state in AGREED,
        lambda desk, note, me, _: desk.take_back(note, me), "withdrawn", aside=True,
    ),
)  # fmt: skip
"""The routes and the page read the same rows."""


async def part(visit: Visit) -> web.Response:
    """Return the notes alone, for a page that is already open."""
    return drawn(visit, "console/referrals_part.html", **await shown(visit))


async def shown(visit: Visit, loads: bool = False) -> dict[str, Any]:
    """Return the notes that ask something of staff, and how the others stand.

    `loads`: the page is opened, and does not only change what it shows.
    """
    service, desk = visit.service.referrals, visit.service.notes_out.desk
    names = {PARTNER: "the service itself", **await visit.service.accounts.names()}
    return {
        "referrals": await service.to_act_on(visit.me.id, again=not loads),
        "under_way": await service.under_way(visit.me.id, audited=loads),
        "note_say": {
            "headings": HEADINGS, "to_do": TO_DO, "to_ring": TO_RING, "progress": PROGRESS,
            "how_soon": HOW_SOON, "answers": ANSWERS, "reasons": REASONS, "errors": ERRORS,
            "may_answer": may_answer, "out": OUT, "wrong": desk.ways.problems,
            "voice": desk.voice, "by": lambda who: f", by {names[who]}" if who in names else "",
            "is_late": lambda one: is_late(one, visit.service.clock()),
            "buttons": lambda one, aside: buttons(one, desk.can_send(one.service_id), aside),
        },
    }  # fmt: skip


def buttons(one: Referral, routed: bool, aside: bool) -> list[Action]:
    """Return what a worker may do with a note now."""
    return [action for action in ACTIONS if action.aside is aside and action.when(one, routed)]


def may_answer(one: Referral) -> list[str]:
    """Return the answers of its service that a worker may keep now."""
    if one.state != SENT:
        return []
    return [answer for answer in referring.ANSWERS if referring.after(one.progress, answer)]


def is_late(one: Referral, now: float) -> bool:
    """Say whether an answer is overdue."""
    return one.late or bool(one.answer_by and not one.answered_at and one.answer_by < now)


def pressing(action: Action) -> Handler:
    """Return the handler of a button."""

    async def press(visit: Visit) -> web.Response:
        await action.does(visit.service.notes_out.desk, _id(visit), visit.me.id, visit.form)
        return _done(visit, action.notice)

    return press


async def answered(visit: Visit) -> web.Response:
    """Keep what a service told a worker."""
    answer, reason = visit.form.get("answer", ""), visit.form.get("reason", "")
    if answer not in referring.ANSWERS:
        raise ConversationError("unknown_answer")
    await visit.service.notes_out.desk.answered(_id(visit), visit.me.id, answer, reason)
    return _done(visit, "noted")


async def judge(visit: Visit) -> web.Response:
    """Keep this worker's decision whether somebody may agree to a note by themselves."""
    reason = visit.form.get("reason", "")
    await visit.service.judging.decide(_id(visit), visit.me.id, reason)
    return _done(visit, "noted")


async def as_pdf(visit: Visit) -> web.Response:
    """Give a note as paper, to be printed."""
    return await _file(visit, PDF)


async def as_json(visit: Visit) -> web.Response:
    """Give a note as data, for a service that takes it so."""
    return await _file(visit, JSON)


async def _file(visit: Visit, kind: str) -> web.Response:
    found = await visit.service.notes_out.desk.to_print(_id(visit), visit.me.id)
    return await note_file(visit.service.words, found, kind)


def _done(visit: Visit, notice: str) -> web.Response:
    return done(visit, BACK.format(notice=notice), noted=True)


def _id(visit: Visit) -> str:
    return visit.named("referral")

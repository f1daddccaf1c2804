# SPDX-License-Identifier: Apache-2.0
"""The calls that people agreed to: what must be said first, ringing them, and how it went."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot.policy import callback as policy
from bot.policy.safe_contact import MEDIA, NO, NOT_ASKED, YES
from bot.service.calling_back import Due
from bot.service.ports import ConversationError
from bot.web.console_gate import Visit, done, drawn

PAGE = "/staff/callbacks"
ANSWERS = {YES: "yes", NO: "no", NOT_ASKED: "not asked, so no"}
COVERS = {
    "cover_wrong_number": "Say: sorry, wrong number. Then hang up.",
    "cover_hang_up": "Say nothing and hang up.",
}
UNKNOWN = {YES: "yes", NO: "no: it may not ring at all", NOT_ASKED: "not asked"}
OUTCOMES = {
    policy.REACHED: "Reached them, and they could talk",
    policy.NO_ANSWER: "No answer, or a machine",
    policy.WRONG_VOICE: "Somebody else answered",
    policy.UNSAFE: "It was not safe for them",
    policy.NEAR_MISS: "Nearly went wrong",
    policy.NOT_RUNG: "They were not rung",
}
HAPPENED = {**OUTCOMES, "": "not written down yet"}
# Why somebody may not be rung now, by the reason of bot/policy/safe_contact.py.
REFUSED = {
    "no_plan": "What they agreed to cannot be opened: its key is missing. Do not ring.",
    "withdrawn": "They took it back. Do not ring.",
    "held": "Somebody decides first whether they are rung again.",
    "expired": "What they agreed to is too old. Do not ring.",
    "said_no": "They said no to a call.",
    "not_asked": "They were not asked whether a call is safe. Do not ring.",
    "unknown_blocked": "Their phone lets no new numbers through.",
    "no_times": "They named no time that is safe.",
    "outside_times": "Not in a safe time now.",
}
PROBLEMS = {
    "no_line": "Your telephone could not be rung. Nobody else was.",
    "callback_taken": "A colleague has this call, or it is over. Nobody was rung by you.",
    "not_yours": "A colleague has this call.",
    "unknown": "That call is over.",
    "unknown_outcome": "Choose how it went.",
}
NOTICES = {
    "ringing": "Your telephone rings. They are rung only after your PIN and a 1.",
    "noted": "Noted.",
    "cancelled": "Cancelled. Nobody rings them.",
}


async def page(visit: Visit) -> web.Response:
    """Show every call to be made; each view is audited."""
    return await _page(visit)


async def part(visit: Visit) -> web.Response:
    """Return the calls alone, for a page that is already open."""
    return drawn(visit, "console/callbacks_part.html", **await _found(visit, again=True))


async def due_part(visit: Visit) -> web.Response:
    """Return how many calls wait, for the queue; no word of anybody."""
    return drawn(visit, "console/callbacks_due_part.html", **await waiting(visit))


async def waiting(visit: Visit) -> dict[str, Any]:
    """Return how many calls may be made now, and how many wait for a decision."""
    return {"due": await visit.service.calling_back.counts()}


async def ring(visit: Visit) -> web.Response:
    """Ring this worker's telephone, with leave to ring the person after it."""
    number = visit.form.get("phone", "")
    place = int(number) if number.isascii() and number.isdigit() else 0
    return await _do(
        visit, "ringing", visit.service.calling_back.begin(_id(visit), visit.me.id, place)
    )


async def outcome(visit: Visit) -> web.Response:
    """Keep how the call went."""
    said = visit.form.get("outcome", "")
    return await _do(
        visit, "noted", visit.service.calling_back.record(_id(visit), visit.me.id, said)
    )


async def decide(visit: Visit) -> web.Response:
    """Keep a person's decision whether somebody is rung once more."""
    again = visit.form.get("again") == "yes"
    return await _do(
        visit, "noted", visit.service.calling_back.decide(_id(visit), visit.me.id, again)
    )


async def judge(visit: Visit) -> web.Response:
    """Keep this worker's decision whether somebody may decide about their call by themselves."""
    reason = visit.form.get("reason", "")
    return await _do(
        visit, "noted", visit.service.judging.decide(_id(visit), visit.me.id, reason)
    )


async def withdraw(visit: Visit) -> web.Response:
    """Cancel a call for a person who told this worker that they want it no more."""
    work = visit.service.calling_back.withdraw(_id(visit), visit.me.id)
    return await _do(visit, "cancelled", work)


async def noted(visit: Visit) -> web.Response:
    """Keep that this worker saw that somebody took it back."""
    return await _do(visit, "noted", visit.service.calling_back.noted(_id(visit), visit.me.id))


def refused(one: Due) -> str:
    """Return why they may not be rung now, "" when they may."""
    return REFUSED.get(one.refused, "They may not be rung.") if one.refused else ""


async def _do(visit: Visit, notice: str, work: Any) -> web.Response:
    try:
        await work
    except ConversationError as problem:
        reason = problem.code.removeprefix("contact_")
        said = PROBLEMS.get(problem.code) or REFUSED.get(reason, "They may not be rung.")
        return await _page(visit, said, status=409)
    return done(visit, f"{PAGE}?notice={notice}")


async def _page(visit: Visit, problem: str = "", status: int = 200) -> web.Response:
    notice = NOTICES.get(visit.request.query.get("notice", ""), "") if not problem else ""
    newest = await visit.service.live.newest()
    return drawn(
        visit, "console/callbacks.html", status=status, problem=problem, notice=notice,
        newest=newest, **await _found(visit),
    )  # fmt: skip


async def _found(visit: Visit, *, again: bool = False) -> dict[str, Any]:
    return {
        "callbacks": await visit.service.calling_back.board(visit.me.id, again=again),
        "names": await visit.service.accounts.names(),
        "phones": [f"ends with {n[-3:]}" for n in visit.service.duty.numbers()],
        "now": visit.service.clock(),
        "media": MEDIA,
        "say": {
            "answers": ANSWERS, "covers": COVERS, "unknown": UNKNOWN, "outcomes": OUTCOMES,
            "happened": HAPPENED, "refused": refused,
        },
    }  # fmt: skip


def _id(visit: Visit) -> str:
    return visit.named("callback")

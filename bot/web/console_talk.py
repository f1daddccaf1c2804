# SPDX-License-Identifier: Apache-2.0
"""A conversation that a worker has taken: what they know on accepting, the talk, how it ends."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from aiohttp import web

from bot.policy.urgency import DANGER
from bot.service.desk import Entry
from bot.service.ports import ConversationError
from bot.web import console_facts as told_facts
from bot.web import console_interpreter as interpreter
from bot.web import console_words as told
from bot.web.console_beside import beside
from bot.web.console_gate import Refused, Visit, done, drawn, still_open
from bot.web.console_referrals import PROGRESS
from bot.web.console_refusals import NOTICES, REFUSALS

LONGEST = 4000


async def page(visit: Visit) -> web.Response:
    """Show the brief and the talk; each view of words goes into the audit."""
    return await _page(visit)


async def draft(visit: Visit) -> web.Response:
    """Draw the page anew with what is in the box, an approved reply added: without a script."""
    text, name = _text(visit), visit.form.get("canned", "")
    known = {n: reply for n, _, reply in told.canned(visit.service.words)}
    return await _page(visit, "\n".join(filter(None, [text, known.get(name, "")])))


async def flags(visit: Visit) -> web.Response:
    """Return what the screen heard, for a page that is already open."""
    person, me = visit.named("person"), visit.me.id
    found = await visit.service.desk.flags(person, me)
    return drawn(visit, "console/flags_part.html", person=person, flags=found)


async def say(visit: Visit) -> web.Response:
    """Send the worker's own words; the same form twice is sent once."""
    text = _text(visit).strip()
    await still_open(visit)
    if not text or len(text) > LONGEST:
        code = "too_long" if text else "empty"
        return await _again(visit, code, text)
    await visit.service.handover.say(visit.named("person"), visit.me.id, text, visit.client_id)
    return done(visit, _here(visit), sent=True)


async def emergency_words(visit: Visit) -> web.Response:
    """Send the emergency words now."""
    await still_open(visit)
    await visit.service.handover.send_emergency_words(visit.named("person"), visit.me.id)
    return done(visit, _here(visit), sent=True)


async def verdict(visit: Visit) -> web.Response:
    """Keep what the worker says of one flag."""
    said = visit.form.get("verdict", "")
    person, flag = visit.named("person"), visit.named("flag")
    await visit.service.desk.review(person, flag, visit.me.id, said)
    return done(visit, f"/staff/people/{person}#flags", verdict=said)


async def end(visit: Visit) -> web.Response:
    """End the conversation with its outcome, once every flag has been judged."""
    person, me = visit.named("person"), visit.me.id
    if visit.form.get("outcome", "") not in told.OUTCOMES:
        return await _again(visit, "unknown_outcome", _text(visit))
    flags = await visit.service.desk.flags(person, me)
    closed = (await visit.service.desk.standing(person, me)).closed
    if all(flag.verdict for flag in flags) and not closed and await _unsure(visit):
        return await _ask(visit, "end")
    try:
        await visit.service.handover.end(person, me, visit.form["outcome"])
    except ConversationError as refused:
        return await _judge_first(visit, refused)
    return done(visit, "/staff?notice=ended", ended=True)


async def hand_back(visit: Visit) -> web.Response:
    """Give the person back to the automated helper, once they said that they want it."""
    await still_open(visit)
    if await _unsure(visit):
        return await _ask(visit, "hand_back")
    person, agreed = visit.named("person"), visit.form.get("agreed") == "yes"
    try:
        await visit.service.handover.hand_back(person, visit.me.id, agreed=agreed)
    except ConversationError as refused:
        if refused.code != "ask_first":
            raise
        return await _again(visit, "ask_first", _text(visit))
    return done(visit, "/staff?notice=handed_back", handed_back=True)


async def _unsure(visit: Visit) -> bool:
    """Say whether a danger stands and the worker has not said that they are sure to let go."""
    flags = await visit.service.desk.flags(visit.named("person"), visit.me.id)
    return visit.form.get("sure") != "yes" and any(flag.stands for flag in flags)


async def _ask(visit: Visit, what: str) -> web.Response:
    """Ask once more before somebody in danger is let go of; without a script on a page anew."""
    if visit.scripted:
        raise Refused("sure")
    return await _page(visit, _text(visit), status=REFUSALS["sure"][0], sure=what)


async def _judge_first(visit: Visit, refused: ConversationError) -> web.Response:
    """Draw the page again where a flag still waits for what the worker says of it."""
    if refused.code != "verdict_first":
        raise refused
    return await _again(visit, "verdict_first", _text(visit))


async def _page(
    visit: Visit, text: str = "", problem: str = "", status: int = 200, sure: str = ""
) -> web.Response:
    """Draw the page. `sure`: what is asked once more, to hand back or to end."""
    person, me, service = visit.named("person"), visit.me.id, visit.service
    standing = await service.desk.standing(person, me)
    await service.accounts.seen(me)
    newest = await service.live.newest()
    brief = await service.handover.brief(person, me)
    names = await service.accounts.names()
    entries = await service.desk.talk(person, me)
    receipts = await service.receipts.of(person, me)
    return drawn(
        visit,
        "console/talk.html",
        status=status,
        person=person,
        standing=standing,
        # What was said since they joined stands in the talk itself.
        around=[m for m in brief.around if not entries or m.id < entries[0].id],
        facts=told_facts.facts(service.words, brief.facts),
        rights=told_facts.rights(brief.facts),
        flags=await service.desk.flags(person, me),
        entries=[shown(entry, names, me) for entry in entries],
        newest=max([newest, *(entry.id for entry in entries)]),
        words_due=words_due(entries, service.settings.staff_sends_within, service.clock()),
        within=int(service.settings.staff_sends_within),
        receipts=receipts,
        notes_sent=[one for one in receipts if one.progress],
        progress=PROGRESS,
        canned=told.canned(service.words),
        draft=text,
        client_id=str(uuid.uuid4()),
        problem=problem,
        notice=NOTICES.get(visit.request.query.get("notice", ""), ""),
        sends=service.sending.media,
        sure=sure,
        outcome=visit.form.get("outcome", ""),
        agreed_back=visit.form.get("agreed") == "yes",
        now=service.clock(),
        **interpreter.shown(visit, standing),
        **await beside(visit),
    )


async def _again(visit: Visit, code: str, text: str) -> web.Response:
    """Refuse, and without a script draw the page again with what was written."""
    if visit.scripted:
        raise Refused(code)
    status, problem = REFUSALS[code]
    return await _page(visit, text, problem, status)


def _text(visit: Visit) -> str:
    return visit.form.get("text", "").replace("\r\n", "\n")


def _here(visit: Visit) -> str:
    return f"/staff/people/{visit.named('person')}#latest"


# What a worker is shown that the person wants, beside what the screen heard.
WISHES = {
    "took_back_call": "they do not want to be rung: the call is cancelled, and they were told so",
    "took_back_note": "they do not want it passed on: it is taken back, and they were told so",
    "may_they_decide": "a child, or somebody who cannot decide: what they agreed to waits for you",
    "may_take_back": "they may not want what is booked or agreed any more: ask them",
    "request_deletion": "they want what they said deleted: tell them how it is done",
}


def shown(entry: Entry, names: dict[str, str], me: str) -> dict[str, Any]:
    """Return one line of a talk as the page and its script draw it for this member of staff."""
    message = entry.message
    found: dict[str, Any] = {
        "id": entry.id,
        "kind": entry.kind,
        "from": message.sender.value,
        "who": told.sender(message, names, me),
        "time": told.time(message.at),
        "text": message.text,
        "emergency": _emergency(message.say),
    }
    if entry.kind == "flag":
        found |= {
            "text": (told.HEARD | WISHES).get(message.text, told.plain(message.text)),
            "why": "; ".join(told.cues(message.say.split(","))),
            "sends": message.text in DANGER,
        }
    return found


def _emergency(say: str) -> bool:
    """Say whether these are the emergency words, whichever danger they are for."""
    return say.startswith("emergency_from_staff")


def words_due(entries: list[Entry], within: float, now: float) -> int:
    """Return in how many seconds the emergency words go by themselves, 0 when none will."""
    due = 0.0
    for entry in entries:
        if entry.kind == "flag" and entry.message.text in DANGER:
            due = datetime.fromisoformat(entry.message.at).timestamp() + within
        elif _emergency(entry.message.say):
            due = 0.0
    return max(0, round(due - now))

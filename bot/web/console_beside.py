# SPDX-License-Identifier: Apache-2.0
"""What goes on beside a conversation: notes, passing it on, a supervisor, who keeps away."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from bot.policy.hours import in_london
from bot.policy.roles import TEAMS
from bot.service.tiering import LOWERED, RAISED
from bot.web import console_words as told
from bot.web.console_gate import Refused, Visit, done, drawn

RANG = "rang_999"
# Tables of what can be chosen, by the names of the tables they are labels of.
TEAM_NAMES = {
    "team:safeguarding": "any safeguarding lead",
    "team:supervisor": "any supervisor",
}
READMITTED = {
    "mistake": "It was a mistake",
    "no_tie": "They do not know them after all",
    "person_agrees": "The person was asked, and agrees",
}
HOW_SOON = {
    "now_first": "Now, before all others",
    "now": "Now",
    "soon": "Soon",
    "when_ready": "When ready",
}
WHY = {
    "told_me": "They told me more",
    "sounds_worse": "They are worse than it says",
    "child": "A child is in it",
    "waited_long": "They waited long",
    "heard_wrong": "It was heard wrong",
    "is_over": "It is over",
    "can_wait": "They said that it can wait",
}


async def notes(visit: Visit) -> web.Response:
    """Return the notes alone, for a page that is already open."""
    person = visit.named("person")
    return drawn(visit, "console/notes_part.html", person=person, **await _notes(visit))


async def company(visit: Visit) -> web.Response:
    """Return who else is there alone, for a page that is already open."""
    person = visit.named("person")
    return drawn(visit, "console/company_part.html", person=person, **await _company(visit))


async def beside(visit: Visit) -> dict[str, Any]:
    """Return what a whole page needs of both, and of how soon somebody is to be seen."""
    tiers = {"how_soon": HOW_SOON, "sooner": _why(RAISED), "later": _why(LOWERED)}
    return await _notes(visit) | await _company(visit) | tiers


async def add_note(visit: Visit) -> web.Response:
    """Keep a note. Of a ring to 999 the time and the police's reference are kept."""
    form, kind = visit.form, visit.form.get("kind", "")
    text = form.get("note", "")
    if kind == RANG:
        at = form.get("at", "").strip() or told.time(visit.service.clock())
        reference = form.get("reference", "").strip()[:80] or "no reference given"
        text = f"{at[:5]}, {reference}. {text}".strip()
    await visit.service.notes.add(
        visit.named("person"),
        visit.me.id,
        kind,
        text,
        due_at=due(form.get("due", ""), visit.service.clock()),
        client_id=visit.client_id,
    )
    return done(visit, _here(visit, "notes"), kept=True, client_id=str(uuid.uuid4()))


async def note_done(visit: Visit) -> web.Response:
    """Mark a promise or a task as done."""
    await visit.service.notes.done(visit.named("person"), visit.me.id, visit.named("note"))
    return done(visit, _here(visit, "notes"), done=True)


async def offer(visit: Visit) -> web.Response:
    """Ask a colleague to take over, or ask no longer."""
    to = visit.form.get("to", "")
    if visit.form.get("what") == "ask" and not _can_be_asked(visit, to):
        raise Refused("unknown_colleague")
    asked = to if visit.form.get("what") == "ask" else ""
    await visit.service.colleagues.offer(visit.named("person"), visit.me.id, asked)
    return done(visit, _here(visit, "company"), offered=bool(asked))


async def take_over(visit: Visit) -> web.Response:
    """Take a story that a colleague asked one to take."""
    await visit.service.colleagues.take_over(visit.named("person"), visit.me.id)
    return done(visit, _here(visit, "latest"), taken=True)


async def join(visit: Visit) -> web.Response:
    """Come into a conversation beside its worker."""
    await visit.service.colleagues.join(visit.named("person"), visit.me.id)
    return done(visit, _here(visit, "latest"), joined=True)


async def part(visit: Visit) -> web.Response:
    """Leave a conversation one had joined."""
    await visit.service.colleagues.part(visit.named("person"), visit.me.id)
    return done(visit, "/staff?notice=parted", parted=True)


async def exclude(visit: Visit) -> web.Response:
    """Keep somebody away from this story; oneself means letting go of it at once."""
    who = visit.form.get("to", "") if visit.form.get("who") == "colleague" else visit.me.id
    if not told.is_id(who):
        raise Refused("unknown_colleague")
    await visit.service.colleagues.exclude(visit.named("person"), visit.me.id, who)
    if who == visit.me.id:
        return done(visit, "/staff?notice=kept_away", gone=True)
    return done(visit, _here(visit, "company"), excluded=True)


async def readmit(visit: Visit) -> web.Response:
    """Let somebody back to this story, with the reason."""
    who, reason = visit.form.get("to", ""), visit.form.get("reason", "")
    if not told.is_id(who):
        raise Refused("unknown_colleague")
    await visit.service.colleagues.readmit(visit.named("person"), visit.me.id, who, reason)
    return done(visit, _here(visit, "company"), readmitted=True)


async def tier(visit: Visit) -> web.Response:
    """Say how soon this person is to be seen, with the reason."""
    tier, reason = visit.form.get("tier", ""), visit.form.get("reason", "")
    await visit.service.tiering.change(visit.named("person"), visit.me.id, tier, reason)
    return done(visit, _here(visit, "company"), changed=True)


def due(text: str, now: float) -> float | None:
    """Return when "HH:MM" comes next by the clock here, None where no time was given."""
    try:
        at = datetime.strptime(text.strip(), "%H:%M").time()
    except ValueError:
        return None
    today = in_london(now)
    found = today.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    return (found if found > today else found + timedelta(days=1)).timestamp()


async def _notes(visit: Visit) -> dict[str, Any]:
    service = visit.service
    return {
        "notes": await service.notes.of(visit.named("person"), visit.me.id),
        "names": await service.accounts.names(),
        "note_id": str(uuid.uuid4()),
        "rang_id": str(uuid.uuid4()),
    }


async def _company(visit: Visit) -> dict[str, Any]:
    service = visit.service
    return {
        "company": await service.colleagues.company(visit.named("person"), visit.me.id),
        "teams": TEAM_NAMES | service.duty.teams(),
        "readmitted": READMITTED,
        "names": await service.accounts.names(),
    }


def _can_be_asked(visit: Visit, to: str) -> bool:
    return to in TEAMS or to in visit.service.duty.teams() or told.is_id(to)


def _why(reasons: Sequence[str]) -> dict[str, str]:
    return {reason: WHY[reason] for reason in reasons}


def _here(visit: Visit, part: str) -> str:
    return f"/staff/people/{visit.named('person')}#{part}"

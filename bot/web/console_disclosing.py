# SPDX-License-Identifier: Apache-2.0
"""A safeguarding lead passes something on without a yes: to whom, what, why, and told or not."""

from __future__ import annotations

import uuid

from aiohttp import web

from bot.service.disclosing import LONGEST
from bot.service.ports import ConversationError
from bot.web.console_gate import Visit, drawn

TO = {
    "police": "The police",
    "ambulance": "The ambulance service",
    "children": "The council, for a child",
    "adults": "The council, for an adult at risk",
    "health": "A doctor or a nurse",
    "other": "Another service",
}
PROBLEMS = {
    "unknown_recipient": "Choose who is told.",
    "no_disclosure_reason": "Write down why. Nothing was kept.",
    "empty": "Write down what is passed on. Nothing was kept.",
    "too_long": f"Write {LONGEST} letters or fewer in each box. Nothing was kept.",
    "told_or_not": "Say whether it is safe to tell the person. Nothing was kept.",
}
TOLD = "Kept, with your name. The person was told just now, in their chat."
NOT_TOLD = {
    True: "Kept, with your name. The person was not told, as you decided.",
    False: "Kept, with your name. The person could not be told here: tell them yourself when that "
    "is safe.",
}


async def page(visit: Visit) -> web.Response:
    """Show the form, and what was decided before about this person."""
    return await _form(visit)


async def decide(visit: Visit) -> web.Response:
    """Keep the decision of whoever is signed in."""
    form = visit.form
    if form.get("dangerous") not in ("yes", "no"):
        return await _form(visit, problem=PROBLEMS["told_or_not"])
    dangerous = form["dangerous"] == "yes"
    try:
        was_told = await visit.service.notes_out.disclosing.decide(
            visit.named("person"), visit.me.id, recipient=form.get("recipient", ""),
            what=form.get("what", ""), reason=form.get("reason", ""), dangerous=dangerous,
            client_id=visit.client_id,
        )  # fmt: skip
    except ConversationError as refused:
        if refused.code == "kept_already":
            return await _form(visit)
        if refused.code not in PROBLEMS:
            raise
        return await _form(visit, problem=PROBLEMS[refused.code])
    return await _form(visit, notice=TOLD if was_told else NOT_TOLD[dangerous])


async def kept(visit: Visit) -> web.Response:
    """Show every decision that is kept, by the story it was about."""
    decided = await visit.service.notes_out.disclosing.every(visit.me.id)
    return drawn(
        visit, "console/disclosures.html", to=TO, decided=decided,
        names=await visit.service.accounts.names(),
    )  # fmt: skip


async def _form(visit: Visit, problem: str = "", notice: str = "") -> web.Response:
    person = visit.named("person")
    decided = await visit.service.notes_out.disclosing.of(person, visit.me.id)
    return drawn(
        visit, "console/disclosing.html", status=422 if problem else 200, person=person,
        problem=problem, notice=notice, given=visit.form if problem else {}, to=TO,
        decided=decided, names=await visit.service.accounts.names(), longest=LONGEST,
        client_id=str(uuid.uuid4()),
    )  # fmt: skip

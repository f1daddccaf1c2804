# SPDX-License-Identifier: Apache-2.0
"""A worker sends a service's number to the person they have, who asked for it and said yes."""

from __future__ import annotations

import uuid

from aiohttp import web

from bot.policy import phone_number
from bot.policy.safe_contact import BY_NUMBER, YES
from bot.service import details
from bot.service.brief import Waiting
from bot.service.sending import BEFORE, MAYBE
from bot.settings import Settings
from bot.web.console_booking import NUMBERS
from bot.web.console_gate import Refused, Visit, done, drawn, still_open

MEDIA = {"text": "Text message", "email": "E-mail"}
ASK_FIRST = "Read them what goes out, and ask the two questions first."
NOTHING_WENT = {
    "bad_address": "That is not one e-mail address.",
    "no_address": "Write down where it goes to.",
    "address_refused": "That address takes no mail. Nothing went.",
    "stopped": "That number takes no texts from here. Read them the number.",
    "withdrawn": "They took back what they agreed to. Nothing went. Read them the number.",
    "held": "Somebody else answered for them. Nothing goes until that is decided.",
    "said_no": "They said no to this way. Nothing went. Read them the number.",
}


async def page(visit: Visit) -> web.Response:
    """Show what can be sent, for a person this worker has."""
    await _standing(visit)
    return _form(visit)


async def send(visit: Visit) -> web.Response:
    """Send the number they asked for, once, after both of their answers."""
    standing, form = await _standing(visit), visit.form
    medium = form.get("medium", "")
    said = details.said(visit.service.offers.services, form.get("service", ""))
    if said is None or medium not in visit.service.sending.media:
        return _form(visit, "Choose what is sent, and how.")
    if form.get("own") != YES or form.get("agreed") != YES:
        return _form(visit, ASK_FIRST)
    address = form.get("address", "").strip()
    if medium in BY_NUMBER:
        number = phone_number.read(address)
        if number.refused:
            return _form(visit, NUMBERS[number.refused])
        address = number.e164
    failed = await visit.service.sending.send(
        conversation_id=standing.conversation_id,
        turn_id=visit.client_id,
        medium=medium, address=address, said=said, by=visit.me.id,
    )  # fmt: skip
    if failed and failed not in (BEFORE, MAYBE):
        return _form(visit, NOTHING_WENT.get(failed, "It did not go. Read them the number."))
    notice = "may_have_gone" if failed else "went"
    return done(visit, f"/staff/people/{visit.named('person')}?notice={notice}#latest")


async def _standing(visit: Visit) -> Waiting:
    """Return how it stands with a person this worker has; one who is gone is sent nothing."""
    standing = await still_open(visit)
    if standing.left:
        raise Refused("closed")
    return standing


def _form(visit: Visit, problem: str = "") -> web.Response:
    service = visit.service
    known = details.numbers(service.offers.services)
    chosen = details.said(service.offers.services, visit.form.get("service", ""))
    return drawn(
        visit,
        "console/details.html",
        status=422 if problem else 200,
        person=visit.named("person"),
        problem=problem,
        given=visit.form,
        media=[(medium, MEDIA[medium]) for medium in service.sending.media],
        comes_from=[_comes_from(service.settings, medium) for medium in service.sending.media],
        services=known.items(),
        words=service.sending.text(chosen) if chosen else "",
        client_id=str(uuid.uuid4()),
    )


def _comes_from(settings: Settings, medium: str) -> str:
    """Return what the worker tells first: whom it comes from by this means."""
    if medium == "email":
        return f"An e-mail comes from {settings.mail_from}."
    number = settings.twilio_number
    return f"A text comes from {phone_number.shown(number) if number else 'our number'}."

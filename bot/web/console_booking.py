# SPDX-License-Identifier: Apache-2.0
"""A worker books a call together with the person they have: the same plan, the same receipt."""

from __future__ import annotations

import uuid

from aiohttp import web

from bot.policy import phone_number
from bot.policy.safe_contact import COVERS, DAYS, NO, PARTS, YES
from bot.policy.turn import Medium, Utterance
from bot.service.contact_plan import (
    CODE_WORD,
    COVER,
    MAY_ANSWER,
    NUMBER,
    ON_DAYS,
    STOP_WORD,
    UNKNOWN,
    VOICEMAIL,
    WHEN,
)
from bot.web.console_gate import Visit, drawn, still_open

LONGEST = 60
NUMBERS = {
    "emergency": "That is an emergency number.",
    "landline": "No text is sent to that kind of number.",
    "premium": "That kind of number costs a lot to ring.",
    "short": "That number looks too short.",
    "invalid": "That is not one UK telephone number.",
    "foreign": "Only numbers of the United Kingdom and the Crown Dependencies are rung.",
}
NOT_SAFE = (
    "Nothing is booked. It takes their own number, a time that is safe, and a phone that lets new "
    "numbers through."
)


async def page(visit: Visit) -> web.Response:
    """Show the questions of a call, for a person this worker has."""
    await still_open(visit)
    return _form(visit)


async def book(visit: Visit) -> web.Response:
    """Book the call that the person said yes to, and show what they are to be told once."""
    standing, form = await still_open(visit), visit.form
    if not visit.service.callbacks.possible:
        return _form(visit)
    number = phone_number.read(form.get("number", ""))
    if number.refused:
        return _form(visit, NUMBERS[number.refused])
    if form.get("agreed") != YES:
        return _form(visit, "Read them what is kept, and ask for their yes first.")
    answers = {
        NUMBER: number.e164,
        WHEN: _one_of(form.get("when", ""), tuple(PARTS)),
        ON_DAYS: _one_of(form.get("days", ""), tuple(DAYS)),
        VOICEMAIL: _one_of(form.get("voicemail", ""), (YES, NO)),
        COVER: _one_of(form.get("cover", ""), COVERS),
        UNKNOWN: _one_of(form.get("unknown", ""), (YES, NO)),
        CODE_WORD: form.get("code_word", "").strip()[:LONGEST],
        STOP_WORD: form.get("stop_word", "").strip()[:LONGEST],
        MAY_ANSWER: form.get("may_answer", "").strip()[:LONGEST],
    }
    service = visit.service.callbacks
    lines = service.draft(answers)
    booked = lines and await service.book(
        conversation_id=standing.conversation_id,
        turn_id=visit.client_id,
        answers=answers,
        lines=lines,
        medium=standing.medium,
        by=visit.me.id,
    )
    if not booked:
        return _form(visit, NOT_SAFE)
    said = Utterance("callback_booked", service.told(booked))
    receipt = visit.service.words.message(said, Medium.CHAT).text
    return drawn(
        visit, "console/booked.html", person=visit.named("person"), receipt=receipt, lines=lines,
        booked=booked,
    )  # fmt: skip


def _one_of(given: str, known: tuple[str, ...]) -> str:
    return given if given in known else ""


def _form(visit: Visit, problem: str = "") -> web.Response:
    words = visit.service.words
    return drawn(
        visit,
        "console/booking.html",
        status=422 if problem else 200,
        person=visit.named("person"),
        problem=problem,
        given=visit.form,
        possible=visit.service.callbacks.possible,
        parts=[(part, words.label(part, Medium.CHAT)) for part in PARTS],
        days=[(days, words.label(days, Medium.CHAT)) for days in DAYS],
        covers=[(cover, words.label(cover, Medium.CHAT)) for cover in COVERS],
        stop_words=words.message(Utterance("callback_stop_words"), Medium.CHAT).text,
        client_id=str(uuid.uuid4()),
    )

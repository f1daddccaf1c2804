# SPDX-License-Identifier: Apache-2.0
"""Contact plans as they are kept: every version sealed, the last one counts, none is written over.

What a person answered becomes a plan here; what they did not answer permits nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from bot.policy import phone_number
from bot.policy.mail_address import is_address
from bot.policy.safe_contact import (
    CALLBACK,
    COVERS,
    DAYS,
    NO,
    PARTS,
    REFERRAL,
    WEEKDAYS,
    WRONG_NUMBER,
    YES,
    Plan,
    Window,
)
from bot.policy.turn import Line
from bot.store import callbacks
from bot.store.database import Tx
from bot.store.keys import Box

NUMBER, WHEN, VOICEMAIL = "contact_number", "contact_when", "contact_voicemail"
COVER, UNKNOWN, CODE_WORD = "contact_cover", "contact_unknown", "contact_code_word"
PRIVATE, EMAIL, TEXT = "contact_private", "contact_email", "contact_text"
"""Whether nobody else reads what is written there, and where it is written to."""
TEXT_WHEN = "contact_text_when"
ON_DAYS = "contact_days"
"""On which days they may be rung; of who was not asked it is every day at the time they named."""
MAY_ANSWER = "contact_may_answer"
"""Asked by a worker alone, who writes it down in the person's own words."""
STOP_WORD = "contact_stop_word"
"""Words of theirs, or ours told to them with the receipt, that end the call."""
AGE = "age_band"
"""Kept for who is under 18 alone: a worker must know that they ring a child."""
ANSWERS = (NUMBER, WHEN, VOICEMAIL, MAY_ANSWER, COVER, UNKNOWN, CODE_WORD, STOP_WORD, AGE)
THE_PERSON = "person"


@dataclass(frozen=True)
class Agreed:
    """A plan, and the very lines that the person said yes to."""

    plan: Plan
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Version:
    """One version of a plan: who changed it, a worker's id or the person, and when."""

    agreed: Agreed
    changed_by: str
    at: float


def plan_of(answers: Mapping[str, str], our_word: str, expires_at: float) -> Plan:
    """Return the plan that a person's answers make; a skipped question stays not asked."""
    number, part = answers.get(NUMBER, ""), answers.get(WHEN, "")
    number = number if number.startswith("+") else ""
    yes_or_no = (YES, NO)
    media = {"call": YES} if number else {}
    if answers.get(VOICEMAIL) in yes_or_no:
        media["voicemail"] = answers[VOICEMAIL]
    unknown = answers.get(UNKNOWN, "")
    days = DAYS.get(answers.get(ON_DAYS, ""), WEEKDAYS)
    word, cover = answers.get(CODE_WORD, ""), answers.get(COVER, "")
    plan = Plan(
        media=media,
        number=number,
        windows=(replace(PARTS[part], days=days),) if part in PARTS else (),
        may_answer=(answers[MAY_ANSWER],) if answers.get(MAY_ANSWER) else (),
        cover=cover if cover in COVERS else WRONG_NUMBER,
        code_word="" if word in ("", "skip", "not_asked") else word,
        our_word=our_word,
        stop_word=answers.get(STOP_WORD, ""),
        purposes=(CALLBACK,),
        expires_at=expires_at,
    )
    return replace(plan, unknown_numbers=unknown) if unknown in yes_or_no else plan


def to_write(answers: Mapping[str, str], expires_at: float) -> Plan:
    """Return the plan by which the service that a note goes to may write to a person.

    Only where nobody else reads it, and to nothing that is no number or address of theirs.
    """
    private = answers.get(PRIVATE) == YES
    number = phone_number.to_text(answers.get(TEXT, "")).e164
    address, part = answers.get(EMAIL, ""), answers.get(TEXT_WHEN, "")
    written = {"text": number, "email": address if is_address(address) else ""}
    return Plan(
        media={medium: YES for medium, to in written.items() if to and private},
        number=number,
        addresses={"email": written["email"]},
        windows=(PARTS[part],) if part in PARTS else (),
        purposes=(REFERRAL,),
        expires_at=expires_at,
    )


async def keep(
    tx: Tx, box: Box, record_id: str, agreed: Agreed, changed_by: str, at: float
) -> None:
    """Keep a new version; the ones before it stay."""
    before = await callbacks.plans_of(tx, record_id)
    body = {"plan": asdict(agreed.plan), "lines": [asdict(line) for line in agreed.lines]}
    await callbacks.keep_plan(
        tx, id=str(uuid.uuid4()), record_id=record_id, version=len(before) + 1,
        sealed=box.seal(body), changed_by=changed_by, at=at,
    )  # fmt: skip


async def latest(tx: Tx, box: Box, record_id: str) -> Agreed | None:
    """Return the version that counts, None when there is none."""
    found = await history(tx, box, record_id)
    return found[-1].agreed if found else None


async def history(tx: Tx, box: Box, record_id: str) -> Sequence[Version]:
    """Return every version, the oldest first."""
    rows = await callbacks.plans_of(tx, record_id)
    return [Version(_agreed(box.open(r.sealed)), r.changed_by, r.at) for r in rows]


async def change(tx: Tx, box: Box, record_id: str, changed_by: str, at: float, **to: Any) -> None:
    """Keep a version that differs from the last one in this."""
    now = await latest(tx, box, record_id)
    if now is not None:
        changed = replace(now, plan=replace(now.plan, **to))
        await keep(tx, box, record_id, changed, changed_by, at)


def _agreed(body: Mapping[str, Any]) -> Agreed:
    found = dict(body["plan"])
    windows = tuple(Window(w["opens"], w["closes"], tuple(w["days"])) for w in found.pop("windows"))
    lists = {name: tuple(found.pop(name)) for name in ("purposes", "may_answer")}
    lines = tuple(Line(**line) for line in body["lines"])
    return Agreed(Plan(windows=windows, **lists, **found), lines)

# SPDX-License-Identifier: Apache-2.0
"""A note as a service gets it: the lines a person agreed to, and what is needed to answer.

Published as bot/web/referral-note-1.schema.json. A change to its shape is a new version.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.policy.hours import in_london
from bot.policy.turn import Line, Medium, Utterance
from bot.words import Words

VERSION = 1


def note(
    lines: Sequence[Line], *, reference: str, sender: str, rules: str, agreed_at: float,
    answer_by: float | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Return a note as JSON can hold it: exactly these lines, in their order.

    `sender`: the name of this service. `rules`: how they may be rung; see below. Times are
    seconds since 1970, shown as London has them.
    """
    return {
        "version": VERSION,
        "reference": reference,
        "from": sender,
        "agreed_on": in_london(agreed_at).date().isoformat(),
        "answer_by": in_london(answer_by).isoformat(timespec="minutes") if answer_by else None,
        "rules": rules,
        "lines": [{"name": line.id, "label": line.label, "text": line.text} for line in lines],
    }


def note_of(
    row: Any, sealed: Sequence[Mapping[str, str]], sender: str, words: Words,
    due: float | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Return the note of a consent as it is kept; `due`: when an answer is, where none was set."""
    return note(
        [Line(**line) for line in sealed], reference=row.reference, sender=sender,
        rules=rules(words), agreed_at=row.given_at, answer_by=row.answer_by or due,
    )  # fmt: skip


def rules(words: Words) -> str:
    """Return how a person may be rung. It goes wherever a note goes: a page alone is not kept."""
    return words.message(Utterance("partner_safe"), Medium.CHAT).text


def service_named(lines: Sequence[Line], service_id: str) -> str:
    """Return the service as the person read it: it may be in the directory no longer."""
    return next((line.text for line in lines if line.id == "service"), service_id)

# SPDX-License-Identifier: Apache-2.0
"""What a receipt says of a yes besides its reference: when, how, and to which words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bot.policy.hours import said
from bot.policy.turn import Medium, Utterance
from bot.words import Words

SHOWN = 6
"""So much of the wording's name tells one from another, and can be read out."""


class Yes(Protocol):
    """A yes as it is kept."""

    given_at: float
    medium: str
    wording: str


@dataclass(frozen=True)
class Booked:
    """A call that was agreed to: what the person is told once."""

    reference: str
    our_word: str
    stop_word: str
    begins: float
    ends: float
    given_at: float
    medium: str
    wording: str
    id: str = ""
    to_judge: bool = False
    """A worker judges first whether they may decide this themselves; nobody rings before."""


def agreed(words: Words, yes: Yes, now: float) -> dict[str, str]:
    """Return what fills a receipt, from what is kept of the yes."""
    by = words.message(Utterance(f"consent_by_{yes.medium}"), Medium.CHAT).text
    when = said(yes.given_at, now)
    return {"agreed_at": when, "agreed_by": by, "wording": yes.wording[:SHOWN]}

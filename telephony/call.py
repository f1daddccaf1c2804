# SPDX-License-Identifier: Apache-2.0
"""One post of one call: whose it is and what it brings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.store.conversations import Contact

OVER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
LONGEST_SPEECH = 8000


@dataclass(frozen=True)
class Call:
    """A post about a call whose contact is known. The caller's number is never looked at.

    `relay`: it came as a frame on a socket, and the answer goes back as frames. `seen`: the newest
    message they had heard of when they spoke, None where that is the newest they were told.
    """

    sid: str
    hash: str
    contact: Contact
    form: Mapping[str, str]
    address: str
    relay: bool = False
    seen: int | None = None

    @property
    def digits(self) -> str:
        """Return the keys that were pressed."""
        return self.form.get("Digits", "").strip()

    @property
    def speech(self) -> str:
        """Return what was recognised; keys that came with it count instead."""
        return "" if self.digits else self.form.get("SpeechResult", "").strip()[:LONGEST_SPEECH]

    @property
    def confidence(self) -> float | None:
        """Return how sure the recogniser is, None when it does not say."""
        try:
            found = float(self.form.get("Confidence", ""))
        except ValueError:
            return None
        return found if 0.0 <= found <= 1.0 else None

    @property
    def over(self) -> bool:
        """Say whether this post tells that the call has ended."""
        return is_over(self.form)


def is_over(form: Mapping[str, str]) -> bool:
    """Say whether a form tells that its call has ended."""
    return form.get("CallStatus", "") in OVER

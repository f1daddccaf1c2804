# SPDX-License-Identifier: Apache-2.0
"""How much is said in one answer: Twilio takes 64 kB, and nobody follows so much."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate
from xml.sax.saxutils import escape

from bot.policy.turn import Kind, Message

LONGEST_BREATH = 12_000
"""Bytes of words in one answer: some ten minutes."""


def in_one_breath(messages: Iterable[Message]) -> tuple[Message, ...]:
    """Return what is said at once; the rest is said after it. Urgent words never wait."""
    found = tuple(messages)
    sizes = [len(escape(message.text).encode()) for message in found]
    until = max(1, sum(total <= LONGEST_BREATH for total in accumulate(sizes)))
    urgent = [i + 1 for i, message in enumerate(found) if message.kind is Kind.URGENT]
    return found[: max([until, *urgent])]

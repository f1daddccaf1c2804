# SPDX-License-Identifier: Apache-2.0
"""Whether a relay assistant speaks for somebody who types: Relay UK, by any of its names.

Pure. By words alone: no number tells it, and the caller's is never looked at.
"""

from __future__ import annotations

import re

from bot.policy.answer import normalise

_SAID = re.compile(
    r"\b(?:relay uk|text ?relay|type ?talk|next generation text|relay (?:assistant|operator)"
    r"|(?:a|this is|its) (?:relay|textphone|text phone) call|18001)\b"
)


def named(speech: str) -> bool:
    """Say whether words tell of a relay call."""
    return bool(_SAID.search(normalise(speech)))

# SPDX-License-Identifier: Apache-2.0
"""When a worker is reminded to rest: by how many people in danger they sat with in one shift.

The numbers are a judgement [J] for a clinical lead to sign off; only the worker sees them.
"""

from __future__ import annotations

SHIFT = 12 * 3600.0
# From this many on, what is offered; the last row that fits counts.
REMINDERS = ((2, "pause"), (4, "debrief"))


def reminder(hard: int) -> str:
    """Return what to offer after so many hard conversations: "", pause or debrief."""
    return next((what for least, what in reversed(REMINDERS) if hard >= least), "")

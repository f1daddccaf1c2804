# SPDX-License-Identifier: Apache-2.0
"""What each role of staff may do. Whatever the table does not name is refused."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum


class May(StrEnum):
    """One thing that staff may be allowed to do."""

    TAKE = "take"
    """See the queue, be available, accept a person and talk with them; answer the gate by phone."""
    REFER = "refer"
    """See the lines that a person agreed to send, and mark them as sent or taken back."""
    JOIN = "join"
    """Come into a conversation beside the worker who has it, seen by both."""
    READMIT = "readmit"
    """Let a member of staff back to a story they were kept away from, with a reason."""
    REVIEW = "review"
    """Open a conversation that has closed but that a flag nobody has judged still holds."""

    DISCLOSE = "disclose"
    """Decide to tell another service something without a yes, to keep somebody safe."""

    AUDIT = "audit"
    """See who of staff saw or did what, day by day: names and numbers, no story."""
    ACCOUNTS = "accounts"
    """Make a new one-time link for an account, and sign it out everywhere."""


MAY: dict[str, frozenset[May]] = {
    "worker": frozenset({May.TAKE, May.REFER}),
    "supervisor": frozenset({May.TAKE, May.REFER, May.JOIN, May.READMIT, May.AUDIT}),
    "safeguarding": frozenset(
        {May.TAKE, May.REFER, May.JOIN, May.READMIT, May.REVIEW, May.DISCLOSE}
    ),
    # These three can never open a conversation.
    "dpo": frozenset({May.AUDIT}),
    "reports": frozenset(),
    "admin": frozenset({May.ACCOUNTS}),
}
ROLES = tuple(MAY)
TEAMS = {"team:supervisor": "supervisor", "team:safeguarding": "safeguarding"}
"""Whom a story can be passed on to as a whole: whoever of this role takes it first."""


def is_asked(offered_to: str, staff_id: str, role: str, teams: Collection[str] = ()) -> bool:
    """Say whether somebody is asked to take a story over, by name or as one of a team.

    `teams`: those of the rota they are of.
    """
    if not offered_to:
        return False
    return offered_to in (staff_id, *teams) or TEAMS.get(offered_to) == role


def may(role: str, what: May) -> bool:
    """Say whether a role may do this; a role that is not in the table may do nothing."""
    return what in MAY.get(role, frozenset())

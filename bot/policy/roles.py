# SPDX-License-Identifier: Apache-2.0
"""What each role of staff may do. Whatever the table does not name is refused."""

from __future__ import annotations

from enum import StrEnum


class May(StrEnum):
    """One thing that staff may be allowed to do."""

    TAKE = "take"
    """See the queue, be available, accept a person and talk with them; answer the gate by phone."""
    REFER = "refer"
    """See the lines that a person agreed to send, and mark them as sent or taken back."""
    REVIEW = "review"
    """Open a conversation that has closed but that a flag nobody has judged still holds."""


MAY: dict[str, frozenset[May]] = {
    "worker": frozenset({May.TAKE, May.REFER}),
    "supervisor": frozenset({May.TAKE, May.REFER}),
    "safeguarding": frozenset({May.TAKE, May.REFER, May.REVIEW}),
    # These three can never open a conversation.
    "dpo": frozenset(),
    "reports": frozenset(),
    "admin": frozenset(),
}
ROLES = tuple(MAY)


def may(role: str, what: May) -> bool:
    """Say whether a role may do this; a role that is not in the table may do nothing."""
    return what in MAY.get(role, frozenset())

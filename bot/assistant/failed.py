# SPDX-License-Identifier: Apache-2.0
"""Whether the turn under way went wrong: Rasa swallows errors and goes on in silence."""

from __future__ import annotations

from contextvars import ContextVar

_failed: ContextVar[list[str] | None] = ContextVar("failed", default=None)


class TurnFailed(Exception):
    """The turn got no good answer and nothing of it was kept: it can be put again as it is."""


def watch() -> list[str]:
    """Start watching this task's turn; return the list that names what failed."""
    failed: list[str] = []
    _failed.set(failed)
    return failed


def mark_failed(what: str) -> None:
    """Note that an action of the turn under way failed. `what` is a name, never a message."""
    failed = _failed.get()
    if failed is not None:
        failed.append(what)

# SPDX-License-Identifier: Apache-2.0
"""The tables of the console beside the queue: notes, who joined, who keeps away, hard hours.

`sealed` is under the key of the conversation, and goes with it.
"""

from __future__ import annotations

from sqlalchemy import Column, Double, ForeignKey, Index, LargeBinary, String, Table

from bot.store.schema import metadata


def _story(**kwargs: object) -> Column:
    target = ForeignKey("conversations.id", ondelete="CASCADE")
    return Column("conversation_id", String(36), target, nullable=False, **kwargs)


# What staff write down of a story: a note, a promise, a task, what was told, that 999 was rung.
notes = Table(
    "notes",
    metadata,
    Column("id", String(36), primary_key=True),
    _story(index=True),
    Column("staff_id", String(36), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("at", Double, nullable=False),
    Column("due_at", Double),
    Column("done_at", Double),
    Column("done_by", String(36)),
)

# A supervisor who is in a conversation beside the worker who has it.
companions = Table(
    "companions",
    metadata,
    _story(primary_key=True),
    Column("staff_id", String(36), primary_key=True),
    Column("at", Double, nullable=False),
)

# A member of staff who is kept away from a story: they know somebody in it. It stays for as long
# as anything that was agreed in the story does, which is longer than the conversation.
exclusions = Table(
    "exclusions",
    metadata,
    Column("conversation_id", String(36), primary_key=True),
    Column("staff_id", String(36), primary_key=True),
    Column("by", String(36), nullable=False),
    Column("at", Double, nullable=False),
)

# How often somebody sat with danger of late, for their own eyes; it names no story.
exposures = Table(
    "exposures",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("staff_id", String(36), nullable=False),
    Column("at", Double, nullable=False),
    Index("exposures_of", "staff_id", "at"),
)

# SPDX-License-Identifier: Apache-2.0
"""The tables of safe contact and calling back. `sealed` is under the key of the record's own.

Apart from the conversation, which closes long before a call is due; like a consent, a record
outlives it and goes at its own time.
"""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Double,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from bot.store.schema import metadata


def _belongs_to(table: str, name: str) -> Column:
    target = ForeignKey(f"{table}.id", ondelete="CASCADE")
    return Column(name, String(36), target, nullable=False, index=True)


# One person who may be reached: who spoke with us, or somebody they spoke for, never both in one.
contact_records = Table(
    "contact_records",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("conversation_id", String(36), index=True),
    Column("given_by", String(16), nullable=False),
    Column("made_at", Double, nullable=False),
    Column("erase_at", Double, nullable=False, index=True),
)

# Every version of a plan is kept for as long as the record; the last one counts.
contact_plans = Table(
    "contact_plans",
    metadata,
    Column("id", String(36), primary_key=True),
    _belongs_to("contact_records", "record_id"),
    Column("version", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("changed_by", String(36), nullable=False),
    Column("at", Double, nullable=False),
    UniqueConstraint("record_id", "version"),
)

callbacks = Table(
    "callbacks",
    metadata,
    Column("id", String(36), primary_key=True),
    _belongs_to("contact_records", "record_id"),
    Column("reference", String(12), nullable=False, unique=True),
    Column("wording", String(32), nullable=False),
    Column("medium", String(8), nullable=False),
    Column("given_at", Double, nullable=False),
    Column("state", String(12), nullable=False, index=True),
    Column("due_at", Double, nullable=False),
    Column("until", Double, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("missed", Integer, nullable=False, default=0),
    Column("worker_id", String(36)),
    Column("withdrawn_at", Double),
)

# How each call went; what nearly went wrong counts as much as what did.
callback_calls = Table(
    "callback_calls",
    metadata,
    Column("id", String(36), primary_key=True),
    _belongs_to("callbacks", "callback_id"),
    Column("worker_id", String(36), nullable=False),
    Column("began_at", Double, nullable=False),
    Column("rang_at", Double),
    Column("sealed", LargeBinary),
    Column("outcome", String(16)),
    Column("ended_at", Double),
)

# Numbers that wrote STOP and want no text message: a keyed hash of each, for ever.
stopped = Table(
    "stopped",
    metadata,
    Column("number_hash", String(64), primary_key=True),
    Column("at", Double, nullable=False),
)

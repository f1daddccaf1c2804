# SPDX-License-Identifier: Apache-2.0
"""The tables of calling staff to the queue. No column holds a word, or an address, of anybody."""

from __future__ import annotations

from sqlalchemy import Column, Double, ForeignKey, Integer, String, Table, UniqueConstraint

from bot.store.schema import metadata


def _of(table: str, name: str, **kwargs: object) -> Column:
    target = ForeignKey(f"{table}.id", ondelete="CASCADE")
    return Column(name, String(36), target, nullable=False, **kwargs)


# How far the calling for one handover has come. A higher tier, or "I have it" that nobody kept,
# begins a new round. `next_at`: when the next step is due; `seen`: who said "I have it", and when.
chains = Table(
    "chains",
    metadata,
    _of("handovers", "handover_id", primary_key=True),
    Column("tier", String(12), nullable=False),
    Column("round", Integer, nullable=False),
    Column("step", Integer, nullable=False),
    Column("began_at", Double, nullable=False),
    Column("next_at", Double, nullable=False),
    Column("seen_at", Double),
    Column("seen_by", String(36)),
)

# One page to one person by one means: one row, whatever becomes of it.
deliveries = Table(
    "deliveries",
    metadata,
    Column("id", String(36), primary_key=True),
    _of("handovers", "handover_id", index=True),
    Column("tier", String(12), nullable=False),
    Column("round", Integer, nullable=False),
    Column("step", Integer, nullable=False),
    Column("means", String(12), nullable=False),
    Column("person", String(64), nullable=False),
    Column("state", String(12), nullable=False),
    Column("tries", Integer, nullable=False, default=0),
    Column("error", String(40)),
    Column("planned_at", Double, nullable=False),
    Column("sent_at", Double),
    UniqueConstraint("handover_id", "round", "step", "means", "person"),
)

# Stories in which nobody is there: made by `fingerpost drill` to prove the chain.
drills = Table(
    "drills",
    metadata,
    _of("conversations", "conversation_id", primary_key=True),
    Column("at", Double, nullable=False),
)

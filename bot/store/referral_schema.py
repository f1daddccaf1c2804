# SPDX-License-Identifier: Apache-2.0
"""The tables of notes on their way to a service, and of what was passed on without a yes.

No column holds a word of anybody but `sealed`, which is under the record's own key.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Double,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Table,
    false,
)

from bot.store.schema import metadata


def _consent(**kwargs: object) -> Column:
    target = ForeignKey("consents.id", ondelete="CASCADE")
    return Column("consent_id", String(36), target, nullable=False, **kwargs)


# One note to one service, from the yes to what came of it; it goes when the consent goes.
# `by`: the member of staff who recorded an answer or rang, or "partner".
referrals = Table(
    "referrals",
    metadata,
    _consent(primary_key=True),
    Column("tier", String(8), nullable=False),
    Column("route", String(8), nullable=False, default=""),
    Column("state", String(12), nullable=False, index=True),
    Column("parcel", String(36), nullable=False, default=""),
    Column("tries", Integer, nullable=False, default=0),
    Column("error", String(40)),
    Column("answer_by", Double),
    Column("reminded_at", Double),
    Column("late_at", Double),
    Column("opened_at", Double),
    Column("answered_at", Double),
    Column("answered_by", String(36)),
    Column("reason", String(16)),
    Column("rung_at", Double),
    Column("rung_by", String(36)),
    Column("handled", String(16)),
    Column("may_ask", Boolean, nullable=False, default=False, server_default=false()),
    Column("asked_at", Double),
    Column("arrived", String(12)),
)

# The links under which a service sees its note. Only a hash of each is kept.
referral_links = Table(
    "referral_links",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    _consent(index=True),
    Column("expires_at", Double, nullable=False),
)

# A safeguarding decision to pass something on without a yes: by whom, to whom, and why (sealed).
disclosures = Table(
    "disclosures",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("conversation_id", String(36), index=True),
    Column("recipient", String(24), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("staff_id", String(36), nullable=False),
    Column("at", Double, nullable=False),
    Column("told_at", Double),
    Column("erase_at", Double, nullable=False, index=True),
)

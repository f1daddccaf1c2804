# SPDX-License-Identifier: Apache-2.0
"""notes on their way to a service, their links, and safeguarding decisions"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the three tables; what was agreed before is a worker's to send, or waits."""
    op.create_table(
        "referrals",
        sa.Column("consent_id", sa.String(length=36), nullable=False),
        sa.Column("tier", sa.String(length=8), nullable=False),
        sa.Column("route", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("parcel", sa.String(length=36), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=40), nullable=True),
        sa.Column("answer_by", sa.Double(), nullable=True),
        sa.Column("reminded_at", sa.Double(), nullable=True),
        sa.Column("late_at", sa.Double(), nullable=True),
        sa.Column("opened_at", sa.Double(), nullable=True),
        sa.Column("answered_at", sa.Double(), nullable=True),
        sa.Column("answered_by", sa.String(length=36), nullable=True),
        sa.Column("reason", sa.String(length=16), nullable=True),
        sa.Column("rung_at", sa.Double(), nullable=True),
        sa.Column("rung_by", sa.String(length=36), nullable=True),
        sa.Column("handled", sa.String(length=16), nullable=True),
        sa.Column("may_ask", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("asked_at", sa.Double(), nullable=True),
        sa.Column("arrived", sa.String(length=12), nullable=True),
        sa.ForeignKeyConstraint(["consent_id"], ["consents.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("consent_id"),
    )
    op.create_index(op.f("ix_referrals_state"), "referrals", ["state"])
    op.create_table(
        "referral_links",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("consent_id", sa.String(length=36), nullable=False),
        sa.Column("expires_at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["consent_id"], ["consents.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_index(op.f("ix_referral_links_consent_id"), "referral_links", ["consent_id"])
    op.create_table(
        "disclosures",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("conversation_id", sa.String(length=36), nullable=True),
        sa.Column("recipient", sa.String(length=24), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("told_at", sa.Double(), nullable=True),
        sa.Column("erase_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_disclosures_conversation_id"), "disclosures", ["conversation_id"])
    op.create_index(op.f("ix_disclosures_erase_at"), "disclosures", ["erase_at"])
    op.execute(
        "INSERT INTO referrals (consent_id, tier, route, state, parcel, tries)"
        " SELECT id, 'usual', 'print', CASE state WHEN 'to_send' THEN 'by_hand' ELSE 'waiting' END,"
        " id, 0 FROM consents"
    )


def downgrade() -> None:
    """Going back would forget what was passed on: restore a backup instead."""
    raise RuntimeError("this migration is not undone")

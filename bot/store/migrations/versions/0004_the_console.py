# SPDX-License-Identifier: Apache-2.0
"""the console: a second factor, the lock, notes, transfer, who joined and who keeps away"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

Number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
COLUMNS = (
    ("handovers", sa.Column("offered_to", sa.String(length=36), nullable=True)),
    ("staff", sa.Column("second_factor", sa.LargeBinary(), nullable=True)),
    ("staff", sa.Column("second_used", Number, nullable=True)),
    (
        "staff_sessions",
        sa.Column("second", sa.Boolean(), server_default=sa.false(), nullable=False),
    ),
    ("staff_sessions", sa.Column("locked_at", sa.Double(), nullable=True)),
    ("staff_sessions", sa.Column("tries", sa.Integer(), server_default="0", nullable=False)),
)


def upgrade() -> None:
    """Add the columns and the tables."""
    for table, column in COLUMNS:
        op.add_column(table, column)
    op.create_table(
        "notes",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("due_at", sa.Double(), nullable=True),
        sa.Column("done_at", sa.Double(), nullable=True),
        sa.Column("done_by", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_notes_conversation_id"), "notes", ["conversation_id"])
    for name, more in (
        ("companions", []),
        ("exclusions", [sa.Column("by", sa.String(length=36), nullable=False)]),
    ):
        op.create_table(
            name,
            sa.Column("conversation_id", sa.String(length=36), nullable=False),
            sa.Column("staff_id", sa.String(length=36), nullable=False),
            *more,
            sa.Column("at", sa.Double(), nullable=False),
            sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], ondelete="CASCADE"),
            sa.PrimaryKeyConstraint("conversation_id", "staff_id"),
        )
    op.create_table(
        "exposures",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("exposures_of", "exposures", ["staff_id", "at"])


def downgrade() -> None:
    """Going back would lose what staff wrote down: restore a backup instead."""
    raise RuntimeError("this migration is not undone")

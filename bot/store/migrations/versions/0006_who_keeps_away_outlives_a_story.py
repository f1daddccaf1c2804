# SPDX-License-Identifier: Apache-2.0
"""who is kept away from a story stays so for as long as anything agreed in it is kept"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table anew without its tie to the conversation, which goes long before a call."""
    made = op.create_table(
        "exclusions_kept",
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("by", sa.String(length=36), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "staff_id"),
    )
    columns = [column.name for column in made.columns]
    before = sa.table("exclusions", *(sa.column(name) for name in columns))
    op.execute(made.insert().from_select(columns, sa.select(before)))
    op.drop_table("exclusions")
    op.rename_table("exclusions_kept", "exclusions")


def downgrade() -> None:
    """Going back would let somebody see what they are kept away from: restore a backup instead."""
    raise RuntimeError("this migration is not undone")

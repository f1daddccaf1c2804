# SPDX-License-Identifier: Apache-2.0
"""numbers that want no text message: a keyed hash of each"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "stopped",
        sa.Column("number_hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("number_hash"),
    )


def downgrade() -> None:
    """Going back would forget who wants no texts: restore a backup instead."""
    raise RuntimeError("this migration is not undone")

"""The clock's last round, and what the guard saw in each channel."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261128_0700"
down_revision = "20261128_0625"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "rounds",
        sa.Column("name", sa.String(20), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_rounds"),
    )
    op.create_table(
        "channel_looks",
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("face", sa.String(20), nullable=False),
        sa.Column("outside", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(20), nullable=True),
        sa.PrimaryKeyConstraint("channel", name="pk_channel_looks"),
    )

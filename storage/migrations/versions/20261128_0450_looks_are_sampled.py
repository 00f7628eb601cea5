"""Looks are sampled every month, and a leader signs for them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261128_0450"
down_revision = "20261128_0440"
branch_labels = None
depends_on = None

ID = sa.String(40)
MOMENT = sa.DateTime(timezone=True)
FACTS = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "samples",
        sa.Column("id", ID, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("area", sa.String(length=60), nullable=False),
        sa.Column("leader", ID, nullable=False),
        sa.Column("signed_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("more", FACTS, nullable=False),
        sa.ForeignKeyConstraint(["leader"], ["people.id"], name=op.f("fk_samples_leader")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_samples")),
        sa.UniqueConstraint("month", "area", "leader", name=op.f("uq_samples_month_area_leader")),
    )

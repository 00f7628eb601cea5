"""An alias stays spent when its case is forgotten."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261128_0435"
down_revision = "20261128_0430"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "spent_aliases",
        sa.Column("committee", sa.String(length=40), nullable=False),
        sa.Column("alias", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["committee"], ["committees.id"], name=op.f("fk_spent_aliases_committee")),
        sa.PrimaryKeyConstraint("committee", "alias", name=op.f("pk_spent_aliases")),
    )

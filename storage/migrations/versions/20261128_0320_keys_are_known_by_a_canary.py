"""Keys are known by a canary: a value whose opening shows that the ring belongs to this database."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261128_0320"
down_revision = "20261124_2100"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "canaries",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_canaries")),
    )

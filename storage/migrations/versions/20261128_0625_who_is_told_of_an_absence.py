"""Who is named when somebody is away, and is lent nothing."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261128_0625"
down_revision = "20261128_0530"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("absences", sa.Column("told", sa.String(40), nullable=True))

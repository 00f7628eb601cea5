"""A handover may overlap: from this day the new caseworker sees the case beside the old one (T24)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261128_0410"
down_revision = "20261128_0400"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("handovers", sa.Column("overlap_from", sa.Date(), nullable=True))

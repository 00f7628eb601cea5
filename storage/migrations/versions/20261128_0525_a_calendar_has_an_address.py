"""A committee's calendar may have a private address, which calendars fetch."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261128_0525"
down_revision = "20261128_0505"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("committees", sa.Column("calendar_token", sa.String(40), nullable=True))

"""A message keeps the number of the request that caused it, so that the log tells of both."""

import sqlalchemy as sa
from alembic import op

revision = "20261128_0850"
down_revision = "20261128_0840"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("notices", sa.Column("request", sa.String(12)))

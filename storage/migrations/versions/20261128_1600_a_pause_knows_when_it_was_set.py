"""A pause knows when it was set: one from the future is a wrong clock's, and holds up nobody."""

import sqlalchemy as sa
from alembic import op

from storage.types import Instant

revision = "20261128_1600"
down_revision = "20261128_0905"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("lanes", sa.Column("set_at", Instant()))

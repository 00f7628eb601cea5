"""An index over what was done since a day: how fast requests are answered."""

from alembic import op

revision = "20261128_0830"
down_revision = "20261128_0745"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_journal_act_at", "journal", ["act", "at"])

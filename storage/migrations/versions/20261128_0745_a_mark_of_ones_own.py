"""A caseworker's own mark on a case."""

import sqlalchemy as sa
from alembic import op

revision = "20261128_0745"
down_revision = "20261128_0700"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "marks",
        sa.Column("person", sa.String(40), sa.ForeignKey("people.id"), nullable=False),
        sa.Column("case_id", sa.String(40), sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("mark", sa.String(60), nullable=False),
        sa.PrimaryKeyConstraint("person", "case_id", name="pk_marks"),
    )

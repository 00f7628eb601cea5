"""More than one caseworker may bring an item forward."""

import sqlalchemy as sa
from alembic import op

revision = "20261128_0840"
down_revision = "20261128_0830"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "co_presenters",
        sa.Column("presentation_id", sa.String(40), sa.ForeignKey("presentations.id"), nullable=False),
        sa.Column("person", sa.String(40), sa.ForeignKey("people.id"), nullable=False),
        sa.PrimaryKeyConstraint("presentation_id", "person", name="pk_co_presenters"),
    )
    op.create_index("ix_co_presenters_person", "co_presenters", ["person"])

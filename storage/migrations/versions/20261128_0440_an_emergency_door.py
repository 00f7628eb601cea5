"""An emergency door: who came in, for which case, why, and who looked at it since."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261128_0440"
down_revision = "20261128_0435"
branch_labels = None
depends_on = None

ID = sa.String(40)
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "emergencies",
        sa.Column("id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("person", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("why", sa.LargeBinary(), nullable=False),
        sa.Column("looked_at", MOMENT, nullable=True),
        sa.Column("looked_by", ID, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_emergencies_case_id")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_emergencies_person")),
        sa.ForeignKeyConstraint(["looked_by"], ["people.id"], name=op.f("fk_emergencies_looked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergencies")),
    )
    op.create_index(op.f("ix_emergencies_case_id"), "emergencies", ["case_id", "person"])

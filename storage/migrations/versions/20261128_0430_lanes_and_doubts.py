"""What stands in the way of messages is remembered, and which ones were doubtful.

Only additions, with defaults where a row must have a value: the version before runs on beside it.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "20261128_0430"
down_revision = "20261128_0420"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "lanes",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("free_from", MOMENT, nullable=True),
        sa.Column("broken", sa.String(60), nullable=True),
        sa.Column("since", MOMENT, nullable=True),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lanes")),
    )
    op.add_column("notices", sa.Column("failures", sa.Integer(), server_default="0", nullable=False))
    op.add_column("notices", sa.Column("failing_since", MOMENT, nullable=True))
    op.add_column("notices", sa.Column("doubtful_at", MOMENT, nullable=True))
    op.create_index("ix_notices_doubtful_at", "notices", ["doubtful_at"], **_only("doubtful_at IS NOT NULL"))
    op.create_index("ix_notices_stuck", "notices", ["state"], **_only("state IN ('parked','dead')"))


def _only(condition: str) -> dict[str, Any]:
    return {"postgresql_where": sa.text(condition), "sqlite_where": sa.text(condition)}

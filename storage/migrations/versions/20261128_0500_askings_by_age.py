"""Keys of what was asked are found by their age."""

from __future__ import annotations

from alembic import op

revision = "20261128_0500"
down_revision = "20261128_0450"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_intake_at"), "intake", ["at"])

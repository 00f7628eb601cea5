"""Indexes over what waits alone: open tasks, questions after a closing, passages to come."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261128_0530"
down_revision = "20261128_0525"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, table, column, waits in (
        ("ix_tasks_open", "tasks", "meeting_id", "done_at IS NULL"),
        ("ix_after_closings_waiting", "after_closings", "case_id", "answered_at IS NULL"),
        ("ix_transitions_open", "transitions", "case_id", "done_at IS NULL"),
    ):
        condition = sa.text(waits)
        op.create_index(name, table, [column], postgresql_where=condition, sqlite_where=condition)

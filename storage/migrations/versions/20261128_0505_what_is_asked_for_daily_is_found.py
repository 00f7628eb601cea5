"""Indexes for what is asked for every day: own and open cases, what waits for a place, what is overdue, messages that stand."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "20261128_0505"
down_revision = "20261128_0500"
branch_labels = None
depends_on = None

OPEN = "stage IN ('active', 'decided', 'in_referral', 'registered')"
UNPLACED = "meeting_id IS NULL AND state IN ('postponed', 'ready', 'referred')"


def upgrade() -> None:
    op.create_index("ix_cases_alias", "cases", ["alias"], postgresql_ops={"alias": "text_pattern_ops"})
    op.create_index("ix_cases_caseworker_stage", "cases", ["caseworker", "stage"])
    op.create_index("ix_cases_area_stage", "cases", ["area", "stage"])
    op.create_index("ix_cases_open", "cases", ["committee", "key"], **_only(OPEN))
    op.create_index("ix_presentations_requested_by_state", "presentations", ["requested_by", "state"])
    op.create_index("ix_presentations_case_state", "presentations", ["case_id", "state"])
    op.create_index("ix_presentations_kind_state", "presentations", ["kind", "state", "meeting_id"])
    op.create_index(
        "ix_presentations_unplaced", "presentations", ["committee", "requested_at"], **_only(UNPLACED)
    )
    op.create_index("ix_notices_state", "notices", ["state"])
    op.create_index("ix_notices_handled_kind", "notices", ["handled", "kind"])
    op.create_index("ix_notices_handled_sent_at", "notices", ["handled", "sent_at"])
    op.create_index("ix_journal_by_act", "journal", ["by", "act"])


def _only(condition: str) -> dict[str, Any]:
    return {"postgresql_where": sa.text(condition), "sqlite_where": sa.text(condition)}

"""Everything the first week needs: people, committees, cases, presentations, frames, tasks, notices, the journal.

Types are written out, not taken from `storage.tables`: a migration says what was true on its day.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261124_1700"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.String(40)
CODE = sa.String(60)
MOMENT = sa.DateTime(timezone=True)
FACTS = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def _only(condition: str) -> dict[str, Any]:
    """A partial index on both engines."""
    return {"postgresql_where": sa.text(condition), "sqlite_where": sa.text(condition)}


def upgrade() -> None:
    op.create_table(
        "access_wishes",
        sa.Column("person", ID, nullable=False),
        sa.Column("team", ID, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_access_wishes")),
    )
    op.create_table(
        "committees",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("room", sa.String(200), nullable=False),
        sa.Column("channel", ID),
        sa.Column("language", sa.String(5), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_committees")),
    )
    op.create_table(
        "intake",
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", ID),
        sa.Column("result", sa.String(200)),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_intake")),
    )
    op.create_table(
        "journal",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", ID),
        sa.Column("act", CODE, nullable=False),
        sa.Column("case_id", ID),
        sa.Column("facts", FACTS, nullable=False),
        sa.Column("surface", CODE, nullable=False),
        sa.Column("role", CODE, nullable=False),
        sa.Column("look", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_journal")),
    )
    op.create_index(op.f("ix_journal_case_id"), "journal", ["case_id"])
    op.create_table(
        "notices",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("to", ID, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("facts", FACTS, nullable=False),
        sa.Column("case_id", ID),
        sa.Column("state", CODE, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("shown_revision", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", MOMENT),
        sa.Column("expires_at", MOMENT),
        sa.Column("lease_until", MOMENT),
        sa.Column("owner", ID),
        sa.Column("first_try", MOMENT),
        sa.Column("channel", ID),
        sa.Column("ts", sa.String(20)),
        sa.Column("sent_at", MOMENT),
        sa.Column("error", CODE),
        sa.Column("handled", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("key", name=op.f("uq_notices_key")),
        sa.UniqueConstraint("to", "seq", name=op.f("uq_notices_to_seq")),
    )
    op.create_index(op.f("ix_notices_case_id"), "notices", ["case_id"])
    op.create_index("ix_notices_due", "notices", ["to", "seq"], **_only("state IN ('pending','sending')"))
    op.create_index("ix_notices_ts", "notices", ["channel", "ts"])
    op.create_index("uq_notices_one_sending", "notices", ["to"], unique=True, **_only("state = 'sending'"))
    op.create_table(
        "numbers",
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("next", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_numbers")),
    )
    op.create_table(
        "people",
        sa.Column("id", ID, nullable=False),
        sa.Column("team", ID, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("language", sa.String(5), nullable=False),
        sa.Column("overview_at", sa.Time(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("welcomed", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
    )
    op.create_table(
        "absences",
        sa.Column("id", ID, nullable=False),
        sa.Column("person", ID, nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("deputy", ID),
        sa.CheckConstraint("first <= last", name=op.f("ck_absences_in_order")),
        sa.ForeignKeyConstraint(["deputy"], ["people.id"], name=op.f("fk_absences_deputy")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_absences_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
    )
    op.create_index(op.f("ix_absences_person"), "absences", ["person"])
    op.create_table(
        "cases",
        sa.Column("id", ID, nullable=False),
        sa.Column("committee", ID, nullable=False),
        sa.Column("key", sa.String(12), nullable=False),
        sa.Column("alias", ID, nullable=False),
        sa.Column("area", CODE, nullable=False),
        sa.Column("stage", CODE, nullable=False),
        sa.Column("registered_by", ID, nullable=False),
        sa.Column("caseworker", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("more", FACTS, nullable=False),
        sa.ForeignKeyConstraint(["caseworker"], ["people.id"], name=op.f("fk_cases_caseworker")),
        sa.ForeignKeyConstraint(["committee"], ["committees.id"], name=op.f("fk_cases_committee")),
        sa.ForeignKeyConstraint(["registered_by"], ["people.id"], name=op.f("fk_cases_registered_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("committee", "alias", name=op.f("uq_cases_committee_alias")),
        sa.UniqueConstraint("key", name=op.f("uq_cases_key")),
    )
    op.create_index(op.f("ix_cases_area"), "cases", ["area"])
    op.create_index(op.f("ix_cases_caseworker"), "cases", ["caseworker"])
    op.create_table(
        "drafts",
        sa.Column("person", ID, nullable=False),
        sa.Column("form", CODE, nullable=False),
        sa.Column("subject", ID, nullable=False),
        sa.Column("held", sa.LargeBinary(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_drafts_person")),
        sa.PrimaryKeyConstraint("person", "form", "subject", name=op.f("pk_drafts")),
    )
    op.create_table(
        "journaled",
        sa.Column("journal_seq", sa.Integer(), nullable=False),
        sa.Column("by", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["by"], ["people.id"], name=op.f("fk_journaled_by")),
        sa.ForeignKeyConstraint(["journal_seq"], ["journal.seq"], name=op.f("fk_journaled_journal_seq")),
        sa.PrimaryKeyConstraint("journal_seq", name=op.f("pk_journaled")),
    )
    op.create_table(
        "meetings",
        sa.Column("id", ID, nullable=False),
        sa.Column("committee", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("state", CODE, nullable=False),
        sa.Column("posted_at", MOMENT),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("more", FACTS, nullable=False),
        sa.ForeignKeyConstraint(["committee"], ["committees.id"], name=op.f("fk_meetings_committee")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meetings")),
        sa.UniqueConstraint("committee", "day", "starts", name=op.f("uq_meetings_committee_day_starts")),
    )
    op.create_index(op.f("ix_meetings_day"), "meetings", ["day"])
    op.create_table(
        "posts",
        sa.Column("person", ID, nullable=False),
        sa.Column("role", CODE, nullable=False),
        sa.Column("area", CODE, nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_posts_person")),
        sa.PrimaryKeyConstraint("person", "role", "area", name=op.f("pk_posts")),
    )
    op.create_index("ix_posts_role_area", "posts", ["role", "area"])
    op.create_table(
        "seats",
        sa.Column("id", ID, nullable=False),
        sa.Column("committee", ID, nullable=False),
        sa.Column("person", ID, nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("area", CODE, nullable=False),
        sa.Column("alternate", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["committee"], ["committees.id"], name=op.f("fk_seats_committee")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_seats_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seats")),
        sa.UniqueConstraint("committee", "person", name=op.f("uq_seats_committee_person")),
    )
    op.create_index(op.f("ix_seats_committee"), "seats", ["committee"])
    op.create_index(op.f("ix_seats_person"), "seats", ["person"])
    op.create_table(
        "birth_months",
        sa.Column("case_id", ID, nullable=False),
        sa.Column("month", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_birth_months_case_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_birth_months")),
    )
    op.create_table(
        "case_references",
        sa.Column("case_id", ID, nullable=False),
        sa.Column("area", CODE, nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=False),
        sa.Column("link", sa.LargeBinary()),
        sa.Column("blind", sa.LargeBinary(), nullable=False),
        sa.Column("blind_tail", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_references_case_id")),
        sa.PrimaryKeyConstraint("case_id", "area", name=op.f("pk_case_references")),
        sa.UniqueConstraint("blind", name=op.f("uq_case_references_blind")),
    )
    op.create_index(op.f("ix_case_references_blind_tail"), "case_references", ["blind_tail"])
    op.create_table(
        "frames",
        sa.Column("id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("amount_ore", sa.Integer(), nullable=False),
        sa.Column("used_ore", sa.Integer(), nullable=False),
        sa.Column("payer", CODE, nullable=False),
        sa.Column("state", CODE, nullable=False),
        sa.Column("follow_up_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("more", FACTS, nullable=False),
        sa.CheckConstraint("used_ore >= 0 AND used_ore <= amount_ore", name=op.f("ck_frames_never_over")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_frames_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frames")),
    )
    op.create_index(op.f("ix_frames_case_id"), "frames", ["case_id"])
    op.create_index("uq_frames_one_open", "frames", ["case_id"], unique=True, **_only("state = 'open'"))
    op.create_table(
        "presentations",
        sa.Column("id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("committee", ID, nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("state", CODE, nullable=False),
        sa.Column("area", CODE, nullable=False),
        sa.Column("requested_by", ID, nullable=False),
        sa.Column("requested_at", MOMENT, nullable=False),
        sa.Column("answer_by", sa.Date()),
        sa.Column("meeting_id", ID),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("more", FACTS, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_presentations_case_id")),
        sa.ForeignKeyConstraint(["committee"], ["committees.id"], name=op.f("fk_presentations_committee")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_presentations_meeting_id")),
        sa.ForeignKeyConstraint(["requested_by"], ["people.id"], name=op.f("fk_presentations_requested_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_presentations")),
    )
    op.create_index(op.f("ix_presentations_case_id"), "presentations", ["case_id"])
    op.create_index(op.f("ix_presentations_meeting_id"), "presentations", ["meeting_id"])
    op.create_index("ix_presentations_state_area", "presentations", ["state", "area"])
    op.create_index(
        "uq_presentations_one_open_of_a_kind",
        "presentations",
        ["case_id", "kind"],
        unique=True,
        **_only("state IN ('requested','returned','referred','ready','postponed')"),
    )
    op.create_table(
        "regrets",
        sa.Column("meeting_id", ID, nullable=False),
        sa.Column("person", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_regrets_meeting_id")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_regrets_person")),
        sa.PrimaryKeyConstraint("meeting_id", "person", name=op.f("pk_regrets")),
    )
    op.create_table(
        "conflicts",
        sa.Column("presentation_id", ID, nullable=False),
        sa.Column("person", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_conflicts_person")),
        sa.ForeignKeyConstraint(
            ["presentation_id"], ["presentations.id"], name=op.f("fk_conflicts_presentation_id")
        ),
        sa.PrimaryKeyConstraint("presentation_id", "person", name=op.f("pk_conflicts")),
    )
    op.create_table(
        "entries",
        sa.Column("id", ID, nullable=False),
        sa.Column("frame_id", ID, nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("amount_ore", sa.Integer(), nullable=False),
        sa.Column("purpose", CODE, nullable=False),
        sa.Column("spent_on", sa.Date(), nullable=False),
        sa.Column("by", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("period_until", sa.Date()),
        sa.Column("settles", ID),
        sa.Column("reverses", ID),
        sa.CheckConstraint("amount_ore > 0", name=op.f("ck_entries_positive")),
        sa.ForeignKeyConstraint(["by"], ["people.id"], name=op.f("fk_entries_by")),
        sa.ForeignKeyConstraint(["frame_id"], ["frames.id"], name=op.f("fk_entries_frame_id")),
        sa.ForeignKeyConstraint(["reverses"], ["entries.id"], name=op.f("fk_entries_reverses")),
        sa.ForeignKeyConstraint(["settles"], ["entries.id"], name=op.f("fk_entries_settles")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entries")),
    )
    op.create_index(op.f("ix_entries_frame_id"), "entries", ["frame_id"])
    op.create_index(
        "uq_entries_reversed_once", "entries", ["reverses"], unique=True, **_only("kind = 'reversal'")
    )
    op.create_table(
        "mandates",
        sa.Column("presentation_id", ID, nullable=False),
        sa.Column("person", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_mandates_person")),
        sa.ForeignKeyConstraint(
            ["presentation_id"], ["presentations.id"], name=op.f("fk_mandates_presentation_id")
        ),
        sa.PrimaryKeyConstraint("presentation_id", "person", name=op.f("pk_mandates")),
    )
    op.create_table(
        "new_date_wishes",
        sa.Column("presentation_id", ID, nullable=False),
        sa.Column("by", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("reason", CODE, nullable=False),
        sa.ForeignKeyConstraint(["by"], ["people.id"], name=op.f("fk_new_date_wishes_by")),
        sa.ForeignKeyConstraint(
            ["presentation_id"], ["presentations.id"], name=op.f("fk_new_date_wishes_presentation_id")
        ),
        sa.PrimaryKeyConstraint("presentation_id", name=op.f("pk_new_date_wishes")),
    )
    op.create_table(
        "tasks",
        sa.Column("id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("presentation_id", ID, nullable=False),
        sa.Column("meeting_id", ID, nullable=False),
        sa.Column("area", CODE, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_at", MOMENT),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("more", FACTS, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_tasks_case_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_tasks_meeting_id")),
        sa.ForeignKeyConstraint(
            ["presentation_id"], ["presentations.id"], name=op.f("fk_tasks_presentation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
    )
    op.create_index(op.f("ix_tasks_area"), "tasks", ["area"])
    op.create_index(op.f("ix_tasks_case_id"), "tasks", ["case_id"])
    op.create_index(op.f("ix_tasks_meeting_id"), "tasks", ["meeting_id"])

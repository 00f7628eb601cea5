"""Every rule of the two documents: what the second release remembers besides.

Types are written out, not taken from `storage.tables`: a migration says what was true on its day.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261124_2100"
down_revision = "20261124_1700"
branch_labels = None
depends_on = None

ID = sa.String(40)
CODE = sa.String(60)
MOMENT = sa.DateTime(timezone=True)
FACTS = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "counts",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counts")),
        sa.UniqueConstraint("name", name=op.f("uq_counts_name")),
    )
    op.create_table(
        "practices",
        sa.Column("id", ID, nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("more", FACTS, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practices")),
    )
    op.create_table(
        "count_rows",
        sa.Column("count_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["count_id"], ["counts.id"], name=op.f("fk_count_rows_count_id")),
        sa.PrimaryKeyConstraint("count_id", "number", name=op.f("pk_count_rows")),
    )
    op.create_table(
        "deputies",
        sa.Column("person", ID, nullable=False),
        sa.Column("deputy", ID, nullable=False),
        sa.ForeignKeyConstraint(["deputy"], ["people.id"], name=op.f("fk_deputies_deputy")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_deputies_person")),
        sa.PrimaryKeyConstraint("person", "deputy", name=op.f("pk_deputies")),
    )
    op.create_table(
        "hints",
        sa.Column("person", ID, nullable=False),
        sa.Column("code", CODE, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_hints_person")),
        sa.PrimaryKeyConstraint("person", "code", name=op.f("pk_hints")),
    )
    op.create_table(
        "home_looks",
        sa.Column("person", ID, nullable=False),
        sa.Column("looked_at", MOMENT, nullable=False),
        sa.Column("since", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_home_looks_person")),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_home_looks")),
    )
    op.create_table(
        "practice_notes",
        sa.Column("id", ID, nullable=False),
        sa.Column("committee", ID, nullable=False),
        sa.Column("topic", CODE, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=600), nullable=False),
        sa.Column("by", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["by"], ["people.id"], name=op.f("fk_practice_notes_by")),
        sa.ForeignKeyConstraint(["committee"], ["committees.id"], name=op.f("fk_practice_notes_committee")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_notes")),
        sa.UniqueConstraint(
            "committee", "topic", "number", name=op.f("uq_practice_notes_committee_topic_number")
        ),
    )
    op.create_table(
        "adjustments",
        sa.Column("id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("matter", ID, nullable=False),
        sa.Column("how", CODE, nullable=False),
        sa.Column("measure", CODE, nullable=True),
        sa.Column("by", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["by"], ["people.id"], name=op.f("fk_adjustments_by")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_adjustments_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adjustments")),
    )
    with op.batch_alter_table("adjustments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_adjustments_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_adjustments_case_id"), ["case_id"], unique=False)

    op.create_table(
        "advice_requests",
        sa.Column("id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("area", CODE, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("more", FACTS, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_advice_requests_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advice_requests")),
    )
    with op.batch_alter_table("advice_requests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_advice_requests_case_id"), ["case_id"], unique=False)

    op.create_table(
        "after_closings",
        sa.Column("id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("more", FACTS, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_after_closings_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_after_closings")),
    )
    with op.batch_alter_table("after_closings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_after_closings_case_id"), ["case_id"], unique=False)

    op.create_table(
        "alarms",
        sa.Column("id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("gap", CODE, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("mended_at", MOMENT, nullable=True),
        sa.Column("batch", ID, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_alarms_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarms")),
    )
    with op.batch_alter_table("alarms", schema=None) as batch_op:
        batch_op.create_index(
            "uq_alarms_one_standing",
            ["case_id", "gap"],
            unique=True,
            postgresql_where=sa.text("mended_at IS NULL"),
            sqlite_where=sa.text("mended_at IS NULL"),
        )

    op.create_table(
        "belongings",
        sa.Column("id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("committee", ID, nullable=False),
        sa.Column("what", CODE, nullable=False),
        sa.Column("area", CODE, nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", ID, nullable=True),
        sa.Column("more", FACTS, nullable=False),
        sa.ForeignKeyConstraint(["by"], ["people.id"], name=op.f("fk_belongings_by")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_belongings_case_id")),
        sa.ForeignKeyConstraint(["committee"], ["committees.id"], name=op.f("fk_belongings_committee")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_belongings")),
    )
    with op.batch_alter_table("belongings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_belongings_case_id"), ["case_id"], unique=False)

    op.create_table(
        "gatherings",
        sa.Column("id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("outcome", CODE, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("more", FACTS, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_gatherings_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gatherings")),
    )
    with op.batch_alter_table("gatherings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gatherings_case_id"), ["case_id"], unique=False)

    op.create_table(
        "substitutes",
        sa.Column("id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("person", ID, nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("set_by", ID, nullable=False),
        sa.Column("set_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("batch", ID, nullable=False),
        sa.CheckConstraint("first <= last", name=op.f("ck_substitutes_in_order")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_substitutes_case_id")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_substitutes_person")),
        sa.ForeignKeyConstraint(["set_by"], ["people.id"], name=op.f("fk_substitutes_set_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_substitutes")),
    )
    with op.batch_alter_table("substitutes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_substitutes_batch"), ["batch"], unique=False)
        batch_op.create_index(batch_op.f("ix_substitutes_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_substitutes_person"), ["person"], unique=False)

    op.create_table(
        "transitions",
        sa.Column("id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("code", CODE, nullable=False),
        sa.Column("occasion", CODE, nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("more", FACTS, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_transitions_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transitions")),
        sa.UniqueConstraint("case_id", "code", "occasion", name=op.f("uq_transitions_case_id_code_occasion")),
    )
    op.create_table(
        "ballots",
        sa.Column("id", ID, nullable=False),
        sa.Column("presentation_id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("committee", ID, nullable=False),
        sa.Column("state", CODE, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("deadline", MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("more", FACTS, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_ballots_case_id")),
        sa.ForeignKeyConstraint(["committee"], ["committees.id"], name=op.f("fk_ballots_committee")),
        sa.ForeignKeyConstraint(
            ["presentation_id"], ["presentations.id"], name=op.f("fk_ballots_presentation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballots")),
    )
    with op.batch_alter_table("ballots", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ballots_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ballots_presentation_id"), ["presentation_id"], unique=False)
        batch_op.create_index(
            "uq_ballots_one_open",
            ["presentation_id"],
            unique=True,
            postgresql_where=sa.text("state = 'open'"),
            sqlite_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "documents",
        sa.Column("id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("area", CODE, nullable=False),
        sa.Column("code", CODE, nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("presentation_id", ID, nullable=True),
        sa.Column("added_by", ID, nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["added_by"], ["people.id"], name=op.f("fk_documents_added_by")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_documents_case_id")),
        sa.ForeignKeyConstraint(
            ["presentation_id"], ["presentations.id"], name=op.f("fk_documents_presentation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
    )
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_documents_case_id"), ["case_id"], unique=False)

    op.create_table(
        "handovers",
        sa.Column("id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("presentation_id", ID, nullable=False),
        sa.Column("old", ID, nullable=False),
        sa.Column("new", ID, nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_handovers_case_id")),
        sa.ForeignKeyConstraint(["new"], ["people.id"], name=op.f("fk_handovers_new")),
        sa.ForeignKeyConstraint(["old"], ["people.id"], name=op.f("fk_handovers_old")),
        sa.ForeignKeyConstraint(
            ["presentation_id"], ["presentations.id"], name=op.f("fk_handovers_presentation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
        sa.UniqueConstraint("presentation_id", name=op.f("uq_handovers_presentation_id")),
    )
    with op.batch_alter_table("handovers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_handovers_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            "uq_handovers_one_waiting",
            ["case_id"],
            unique=True,
            postgresql_where=sa.text("done_at IS NULL"),
            sqlite_where=sa.text("done_at IS NULL"),
        )

    op.create_table(
        "ballot_voters",
        sa.Column("ballot_id", ID, nullable=False),
        sa.Column("person", ID, nullable=False),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballots.id"], name=op.f("fk_ballot_voters_ballot_id")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_ballot_voters_person")),
        sa.PrimaryKeyConstraint("ballot_id", "person", name=op.f("pk_ballot_voters")),
    )
    with op.batch_alter_table("ballot_voters", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ballot_voters_person"), ["person"], unique=False)

    with op.batch_alter_table("absences", schema=None) as batch_op:
        batch_op.add_column(sa.Column("proposed", ID, nullable=True))
        batch_op.add_column(sa.Column("lends", sa.String(length=300), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_absences_proposed"), "people", ["proposed"], ["id"])

    with op.batch_alter_table("seats", schema=None) as batch_op:
        batch_op.add_column(sa.Column("first", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("last", sa.Date(), nullable=True))

    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.add_column(sa.Column("started_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("stopped_on", sa.Date(), nullable=True))

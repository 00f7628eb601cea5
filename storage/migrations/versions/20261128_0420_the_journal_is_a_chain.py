"""The journal is a chain, and the database itself refuses to change it."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261128_0420"
down_revision = "20261128_0410"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
FACTS = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
STANDING = ("journal", "journal_links")

JOURNAL = sa.table(
    "journal",
    sa.column("seq", sa.Integer()),
    sa.column("at", MOMENT),
    sa.column("by", sa.String()),
    sa.column("act", sa.String()),
    sa.column("case_id", sa.String()),
    sa.column("facts", FACTS),
    sa.column("surface", sa.String()),
    sa.column("role", sa.String()),
    sa.column("look", sa.Boolean()),
)


def upgrade() -> None:
    links = op.create_table(
        "journal_links",
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("print", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_journal_links")),
        sa.UniqueConstraint("seq", name=op.f("uq_journal_links_seq")),
    )
    op.create_table(
        "journal_checks",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("print", sa.String(length=64), nullable=False),
        sa.Column("fault", sa.String(length=60), nullable=True),
        sa.Column("fault_at", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_journal_checks")),
    )
    _tie_what_is_there(links)
    for table in STANDING:
        _let_stand(table)


def _tie_what_is_there(links: sa.Table) -> None:
    connection = op.get_bind()
    before, batch = "0" * 64, []
    rows = connection.execute(sa.select(JOURNAL).order_by(JOURNAL.c.seq)).all()
    for place, row in enumerate(rows, start=1):
        before = _print(before, row)
        batch.append({"place": place, "seq": row.seq, "print": before})
    if batch:
        connection.execute(sa.insert(links), batch)


def _print(before: str, row: sa.Row[Any]) -> str:
    at = row.at if row.at.tzinfo else row.at.replace(tzinfo=UTC)
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    facts = dict(sorted(row.facts.items()))
    said = [row.seq, moment, row.by, row.act, row.case_id, facts, row.surface, row.role, row.look]
    body = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{before}\n{body}".encode()).hexdigest()


def _let_stand(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for what in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_stands_{what.lower()} BEFORE {what} ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'the journal stands as it was written'); END"
            )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION the_journal_stands() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the journal stands as it was written'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_stands BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION the_journal_stands()"
    )

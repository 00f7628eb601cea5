"""What is told, what was done, and what must be done only once."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from storage.tables.base import Code, Id, metadata, only
from storage.types import Facts, Instant

notices = Table(
    "notices",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", String(200), nullable=False, unique=True),
    Column("kind", Code, nullable=False),
    Column("to", Id, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("facts", Facts, nullable=False),
    Column("case_id", Id, index=True),
    Column("state", Code, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("shown_revision", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("not_before", Instant),
    Column("expires_at", Instant),
    Column("lease_until", Instant),
    Column("owner", Id),
    Column("first_try", Instant),
    Column(
        "look_since", Instant
    ),  # it may stand in Slack since then without our knowing: look before sending
    Column("channel", Id),
    Column("ts", String(20)),
    Column("sent_at", Instant),
    Column("error", Code),
    Column("handled", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("failing_since", Instant),
    Column("doubtful_at", Instant),
    Column("request", String(12)),  # the number of what caused it, as the log has it
    UniqueConstraint("to", "seq"),
    Index("ix_notices_due", "to", "seq", **only("state IN ('pending','sending')")),  # type: ignore[arg-type]
    Index("uq_notices_one_sending", "to", unique=True, **only("state = 'sending'")),  # type: ignore[arg-type]
    Index("ix_notices_ts", "channel", "ts"),
    Index("ix_notices_state", "state"),
    Index("ix_notices_handled_kind", "handled", "kind"),
    Index("ix_notices_handled_sent_at", "handled", "sent_at"),
    Index("ix_notices_doubtful_at", "doubtful_at", **only("doubtful_at IS NOT NULL")),  # type: ignore[arg-type]
    Index("ix_notices_stuck", "state", **only("state IN ('parked','dead')")),  # type: ignore[arg-type]
)

lanes = Table(
    "lanes",
    metadata,
    Column("name", Id, primary_key=True),
    Column("free_from", Instant),
    Column("broken", Code),
    Column("since", Instant),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("set_at", Instant),  # when `free_from` was written; an older program leaves it as it was
)

numbers = Table(
    "numbers",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("next", Integer, nullable=False),
)

journal = Table(
    "journal",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("by", Id),
    Column("act", Code, nullable=False),
    Column("case_id", Id, index=True),
    Column("facts", Facts, nullable=False),
    Column("surface", Code, nullable=False),
    Column("role", Code, nullable=False),
    Column("look", Boolean, nullable=False),
    Index("ix_journal_by_act", "by", "act"),
    Index("ix_journal_act_at", "act", "at"),
)

journal_links = Table(
    "journal_links",
    metadata,
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, nullable=False, unique=True),  # the entry's number in the journal
    Column("print", String(64), nullable=False),
)
"""The chain (D12). The database itself refuses to change or delete its rows and the journal's, by triggers."""

journal_checks = Table(
    "journal_checks",
    metadata,
    Column("day", Date, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("place", Integer, nullable=False),
    Column("print", String(64), nullable=False),  # empty: there was no entry yet
    Column("fault", Code),  # None: it was whole
    Column("fault_at", Integer),
)

intake = Table(
    "intake",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("at", Instant, nullable=False, index=True),
    Column("by", Id),
    Column("result", String(200)),
)

drafts = Table(
    "drafts",
    metadata,
    Column("person", Id, ForeignKey("people.id"), primary_key=True),
    Column("form", Code, primary_key=True),
    Column("subject", Id, primary_key=True),
    Column(
        "held", LargeBinary, nullable=False
    ),  # sealed: a person's own choices, and a number not yet stored
    Column("at", Instant, nullable=False),
)

canaries = Table(
    "canaries",
    metadata,
    Column("name", Code, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),  # says nothing; whoever cannot open it has the wrong keys
)

journaled = Table(
    "journaled",
    metadata,
    Column("journal_seq", Integer, ForeignKey("journal.seq"), primary_key=True),
    Column("by", Id, ForeignKey("people.id"), nullable=False),
    Column("at", Instant, nullable=False),
)

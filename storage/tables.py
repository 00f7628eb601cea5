"""Every row the bot remembers. What is asked for in queries is a column; the rest of an aggregate is its `more`."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Time,
    UniqueConstraint,
    text,
)

from storage.types import Facts, Instant

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Id = String(40)
Code = String(60)


def _only(condition: str) -> dict[str, object]:
    """A partial index on both engines."""
    return {"postgresql_where": text(condition), "sqlite_where": text(condition)}


people = Table(
    "people",
    metadata,
    Column("id", Id, primary_key=True),
    Column("team", Id, nullable=False),
    Column("name", String(200), nullable=False),
    Column("language", String(5), nullable=False),
    Column("overview_at", Time, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("welcomed", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
)

posts = Table(
    "posts",
    metadata,
    Column("person", Id, ForeignKey("people.id"), primary_key=True),
    Column("role", Code, primary_key=True),
    Column("area", Code, primary_key=True, default=""),  # "" for a role that belongs to no area
    Index("ix_posts_role_area", "role", "area"),
)

absences = Table(
    "absences",
    metadata,
    Column("id", Id, primary_key=True),
    Column("person", Id, ForeignKey("people.id"), nullable=False, index=True),
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False),
    Column("deputy", Id, ForeignKey("people.id")),
    CheckConstraint("first <= last", name="in_order"),
)

committees = Table(
    "committees",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("weekday", Integer, nullable=False),
    Column("starts", Time, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("room", String(200), nullable=False),
    Column("channel", Id),
    Column("language", String(5), nullable=False),
    Column("version", Integer, nullable=False),
)

seats = Table(
    "seats",
    metadata,
    Column("id", Id, primary_key=True),
    Column("committee", Id, ForeignKey("committees.id"), nullable=False, index=True),
    Column("person", Id, ForeignKey("people.id"), nullable=False, index=True),
    Column("kind", Code, nullable=False),
    Column("area", Code, nullable=False),
    Column("alternate", Boolean, nullable=False),
    UniqueConstraint("committee", "person"),
)

meetings = Table(
    "meetings",
    metadata,
    Column("id", Id, primary_key=True),
    Column("committee", Id, ForeignKey("committees.id"), nullable=False),
    Column("day", Date, nullable=False, index=True),
    Column("starts", Time, nullable=False),
    Column("state", Code, nullable=False),
    Column("posted_at", Instant),
    Column("version", Integer, nullable=False),
    Column("more", Facts, nullable=False),
    UniqueConstraint("committee", "day", "starts"),
)

cases = Table(
    "cases",
    metadata,
    Column("id", Id, primary_key=True),
    Column("committee", Id, ForeignKey("committees.id"), nullable=False),
    Column("key", String(12), nullable=False, unique=True),
    Column("alias", String(40), nullable=False),
    Column("area", Code, nullable=False, index=True),
    Column("stage", Code, nullable=False),
    Column("registered_by", Id, ForeignKey("people.id"), nullable=False),
    Column("caseworker", Id, ForeignKey("people.id"), nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("more", Facts, nullable=False),
    UniqueConstraint("committee", "alias"),  # never reused
)

references = Table(
    "case_references",
    metadata,
    Column("case_id", Id, ForeignKey("cases.id"), primary_key=True),
    Column("area", Code, primary_key=True),
    Column("number", LargeBinary, nullable=False),  # sealed
    Column("link", LargeBinary),  # sealed
    Column("blind", LargeBinary, nullable=False, unique=True),
    Column("blind_tail", LargeBinary, nullable=False, index=True),
)

birth_months = Table(
    "birth_months",
    metadata,
    Column("case_id", Id, ForeignKey("cases.id"), primary_key=True),
    Column("month", LargeBinary, nullable=False),  # sealed
)

presentations = Table(
    "presentations",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False, index=True),
    Column("committee", Id, ForeignKey("committees.id"), nullable=False),
    Column("kind", Code, nullable=False),
    Column("state", Code, nullable=False),
    Column("area", Code, nullable=False),
    Column("requested_by", Id, ForeignKey("people.id"), nullable=False),
    Column("requested_at", Instant, nullable=False),
    Column("answer_by", Date),
    Column("meeting_id", Id, ForeignKey("meetings.id"), index=True),
    Column("version", Integer, nullable=False),
    Column("more", Facts, nullable=False),
    Index("ix_presentations_state_area", "state", "area"),
    Index(
        "uq_presentations_one_open_of_a_kind",
        "case_id",
        "kind",
        unique=True,
        **_only("state IN ('requested','returned','referred','ready','postponed')"),  # type: ignore[arg-type]
    ),
)

frames = Table(
    "frames",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False, index=True),
    Column("amount_ore", Integer, nullable=False),
    Column("used_ore", Integer, nullable=False),
    Column("payer", Code, nullable=False),
    Column("state", Code, nullable=False),
    Column("follow_up_on", Date, nullable=False),
    Column("version", Integer, nullable=False),
    Column("more", Facts, nullable=False),
    CheckConstraint("used_ore >= 0 AND used_ore <= amount_ore", name="never_over"),
    Index("uq_frames_one_open", "case_id", unique=True, **_only("state = 'open'")),  # type: ignore[arg-type]
)

entries = Table(
    "entries",
    metadata,
    Column("id", Id, primary_key=True),
    Column("frame_id", Id, ForeignKey("frames.id"), nullable=False, index=True),
    Column("kind", Code, nullable=False),
    Column("amount_ore", Integer, nullable=False),
    Column("purpose", Code, nullable=False),
    Column("spent_on", Date, nullable=False),
    Column("by", Id, ForeignKey("people.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("period_until", Date),
    Column("settles", Id, ForeignKey("entries.id")),
    Column("reverses", Id, ForeignKey("entries.id")),
    CheckConstraint("amount_ore > 0", name="positive"),
    Index("uq_entries_reversed_once", "reverses", unique=True, **_only("kind = 'reversal'")),  # type: ignore[arg-type]
)

tasks = Table(
    "tasks",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False, index=True),
    Column("presentation_id", Id, ForeignKey("presentations.id"), nullable=False),
    Column("meeting_id", Id, ForeignKey("meetings.id"), nullable=False, index=True),
    Column("area", Code, nullable=False, index=True),
    Column("due_on", Date, nullable=False),
    Column("done_at", Instant),
    Column("version", Integer, nullable=False),
    Column("more", Facts, nullable=False),
)

mandates = Table(
    "mandates",
    metadata,
    Column("presentation_id", Id, ForeignKey("presentations.id"), primary_key=True),
    Column("person", Id, ForeignKey("people.id"), primary_key=True),
    Column("at", Instant, nullable=False),
)

conflicts = Table(
    "conflicts",
    metadata,
    Column("presentation_id", Id, ForeignKey("presentations.id"), primary_key=True),
    Column("person", Id, ForeignKey("people.id"), primary_key=True),
    Column("at", Instant, nullable=False),
)

regrets = Table(
    "regrets",
    metadata,
    Column("meeting_id", Id, ForeignKey("meetings.id"), primary_key=True),
    Column("person", Id, ForeignKey("people.id"), primary_key=True),
    Column("at", Instant, nullable=False),
)

wishes = Table(
    "new_date_wishes",
    metadata,
    Column("presentation_id", Id, ForeignKey("presentations.id"), primary_key=True),
    Column("by", Id, ForeignKey("people.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("reason", Code, nullable=False),
)

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
    Column("channel", Id),
    Column("ts", String(20)),
    Column("sent_at", Instant),
    Column("error", Code),
    Column("handled", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("to", "seq"),
    Index("ix_notices_due", "to", "seq", **_only("state IN ('pending','sending')")),  # type: ignore[arg-type]
    Index("uq_notices_one_sending", "to", unique=True, **_only("state = 'sending'")),  # type: ignore[arg-type]
    Index("ix_notices_ts", "channel", "ts"),
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
)

intake = Table(
    "intake",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("at", Instant, nullable=False),
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

journaled = Table(
    "journaled",
    metadata,
    Column("journal_seq", Integer, ForeignKey("journal.seq"), primary_key=True),
    Column("by", Id, ForeignKey("people.id"), nullable=False),
    Column("at", Instant, nullable=False),
)

access_wishes = Table(
    "access_wishes",
    metadata,
    Column("person", Id, primary_key=True),
    Column("team", Id, nullable=False),
    Column("name", String(200), nullable=False),
    Column("at", Instant, nullable=False),
)

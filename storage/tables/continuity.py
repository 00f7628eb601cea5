"""What follows a case through the years: where it belongs, who stands in, what is coming."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from storage.tables.base import Code, Id, metadata, only
from storage.types import Facts, Instant

alarms = Table(
    "alarms",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False),
    Column("gap", Code, nullable=False),
    Column("since", Instant, nullable=False),
    Column("mended_at", Instant),
    Column("batch", Id, nullable=False),
    Index("uq_alarms_one_standing", "case_id", "gap", unique=True, **only("mended_at IS NULL")),  # type: ignore[arg-type]
)

belongings = Table(
    "belongings",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False, index=True),
    Column("committee", Id, ForeignKey("committees.id"), nullable=False),
    Column("what", Code, nullable=False),  # anchor or payer
    Column("area", Code, nullable=False),
    Column("since", Date, nullable=False),
    Column("at", Instant, nullable=False),
    Column("by", Id, ForeignKey("people.id")),
    Column("more", Facts, nullable=False),
)

after_closings = Table(
    "after_closings",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False, index=True),
    Column("due_on", Date, nullable=False),
    Column("answered_at", Instant),
    Column("version", Integer, nullable=False),
    Column("more", Facts, nullable=False),
    Index("ix_after_closings_waiting", "case_id", **only("answered_at IS NULL")),  # type: ignore[arg-type]
)

transitions = Table(
    "transitions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False),
    Column("code", Code, nullable=False),
    Column("occasion", Code, nullable=False),  # "" for an age, which comes once
    Column("done_at", Instant),
    Column("version", Integer, nullable=False),
    Column("more", Facts, nullable=False),
    UniqueConstraint("case_id", "code", "occasion"),
    Index("ix_transitions_open", "case_id", **only("done_at IS NULL")),  # type: ignore[arg-type]
)

gatherings = Table(
    "gatherings",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False, index=True),
    Column("kind", Code, nullable=False),
    Column("day", Date, nullable=False),
    Column("outcome", Code),
    Column("version", Integer, nullable=False),
    Column("more", Facts, nullable=False),
)

advice_requests = Table(
    "advice_requests",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False, index=True),
    Column("area", Code, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("answered_at", Instant),
    Column("version", Integer, nullable=False),
    Column("more", Facts, nullable=False),
)

practice_notes = Table(
    "practice_notes",
    metadata,
    Column("id", Id, primary_key=True),
    Column("committee", Id, ForeignKey("committees.id"), nullable=False),
    Column("topic", Code, nullable=False),
    Column("number", Integer, nullable=False),
    Column("text", String(600), nullable=False),
    Column("by", Id, ForeignKey("people.id"), nullable=False),
    Column("at", Instant, nullable=False),
    UniqueConstraint("committee", "topic", "number"),
)

substitutes = Table(
    "substitutes",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False, index=True),
    Column("person", Id, ForeignKey("people.id"), nullable=False, index=True),
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False),
    Column("set_by", Id, ForeignKey("people.id"), nullable=False),
    Column("set_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("batch", Id, nullable=False, index=True),
    CheckConstraint("first <= last", name="in_order"),
)

handovers = Table(
    "handovers",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False, index=True),
    Column("presentation_id", Id, ForeignKey("presentations.id"), nullable=False, unique=True),
    Column("old", Id, ForeignKey("people.id"), nullable=False),
    Column("new", Id, ForeignKey("people.id"), nullable=False),
    Column("on", Date, nullable=False),
    Column("done_at", Instant),
    Column("version", Integer, nullable=False),
    Column("overlap_from", Date),  # from this day the new one sees it beside the old one
    Index("uq_handovers_one_waiting", "case_id", unique=True, **only("done_at IS NULL")),  # type: ignore[arg-type]
)

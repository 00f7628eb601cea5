"""A case, what is brought before the committee, and what comes of it."""

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
    String,
    Table,
    UniqueConstraint,
)

from bot.domain.case import OPEN_STAGES
from bot.domain.presentation import CAN_STAND_ON_AN_AGENDA
from storage.tables.base import Code, Id, among, metadata, only
from storage.types import Facts, Instant

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
    Index("ix_cases_alias", "alias", postgresql_ops={"alias": "text_pattern_ops"}),
    Index("ix_cases_caseworker_stage", "caseworker", "stage"),
    Index("ix_cases_area_stage", "area", "stage"),
    Index("ix_cases_open", "committee", "key", **only(among("stage", *OPEN_STAGES))),  # type: ignore[arg-type]
)

emergencies = Table(
    "emergencies",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False),
    Column("person", Id, ForeignKey("people.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("why", LargeBinary, nullable=False),  # sealed
    Column("looked_at", Instant),
    Column("looked_by", Id, ForeignKey("people.id")),
    Index("ix_emergencies_case_id", "case_id", "person"),
)

samples = Table(
    "samples",
    metadata,
    Column("id", Id, primary_key=True),
    Column("month", Date, nullable=False),
    Column("area", Code, nullable=False),
    Column("leader", Id, ForeignKey("people.id"), nullable=False),
    Column("signed_at", Instant),
    Column("version", Integer, nullable=False),
    Column("more", Facts, nullable=False),
    UniqueConstraint("month", "area", "leader"),
)

spent_aliases = Table(
    "spent_aliases",
    metadata,
    Column("committee", Id, ForeignKey("committees.id"), primary_key=True),
    Column("alias", String(40), primary_key=True),  # of a case that nobody can name any more
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
    Index("ix_presentations_requested_by_state", "requested_by", "state"),
    Index("ix_presentations_case_state", "case_id", "state"),
    Index("ix_presentations_kind_state", "kind", "state", "meeting_id"),
    Index(
        "ix_presentations_unplaced",
        "committee",
        "requested_at",
        **only(f"meeting_id IS NULL AND {among('state', *CAN_STAND_ON_AN_AGENDA)}"),  # type: ignore[arg-type]
    ),
    Index(
        "uq_presentations_one_open_of_a_kind",
        "case_id",
        "kind",
        unique=True,
        **only("state IN ('requested','returned','referred','ready','postponed')"),  # type: ignore[arg-type]
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
    Index("uq_frames_one_open", "case_id", unique=True, **only("state = 'open'")),  # type: ignore[arg-type]
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
    Index("uq_entries_reversed_once", "reverses", unique=True, **only("kind = 'reversal'")),  # type: ignore[arg-type]
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
    Column("started_on", Date),
    Column("stopped_on", Date),
    Index("ix_tasks_open", "meeting_id", **only("done_at IS NULL")),  # type: ignore[arg-type]
)

mandates = Table(
    "mandates",
    metadata,
    Column("presentation_id", Id, ForeignKey("presentations.id"), primary_key=True),
    Column("person", Id, ForeignKey("people.id"), primary_key=True),
    Column("at", Instant, nullable=False),
)

co_presenters = Table(
    "co_presenters",
    metadata,
    Column("presentation_id", Id, ForeignKey("presentations.id"), primary_key=True),
    Column("person", Id, ForeignKey("people.id"), primary_key=True, index=True),
)
"""Who brings an item forward besides whoever asked for it (R007)."""

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

ballots = Table(
    "ballots",
    metadata,
    Column("id", Id, primary_key=True),
    Column("presentation_id", Id, ForeignKey("presentations.id"), nullable=False, index=True),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False, index=True),
    Column("committee", Id, ForeignKey("committees.id"), nullable=False),
    Column("state", Code, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("deadline", Instant, nullable=False),
    Column("version", Integer, nullable=False),
    Column("more", Facts, nullable=False),
    Index("uq_ballots_one_open", "presentation_id", unique=True, **only("state = 'open'")),  # type: ignore[arg-type]
)

ballot_voters = Table(
    "ballot_voters",
    metadata,
    Column("ballot_id", Id, ForeignKey("ballots.id"), primary_key=True),
    Column("person", Id, ForeignKey("people.id"), primary_key=True, index=True),
)

adjustments = Table(
    "adjustments",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False, index=True),
    Column("matter", Id, nullable=False),
    Column("how", Code, nullable=False),
    Column("measure", Code),
    Column("by", Id, ForeignKey("people.id"), nullable=False),
    Column("at", Instant, nullable=False, index=True),
)

documents = Table(
    "documents",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False, index=True),
    Column("area", Code, nullable=False),
    Column("code", Code, nullable=False),
    Column("number", LargeBinary, nullable=False),  # sealed
    Column("is_open", Boolean, nullable=False),
    Column("presentation_id", Id, ForeignKey("presentations.id")),
    Column("added_by", Id, ForeignKey("people.id"), nullable=False),
    Column("added_at", Instant, nullable=False),
)

"""Who works here, in which role, and when the committee meets."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Time,
    UniqueConstraint,
)

from storage.tables.base import Code, Id, metadata
from storage.types import Facts, Instant

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
    Column("committee", Id, primary_key=True, server_default=""),  # "" for a role that belongs to none
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
    Column("proposed", Id, ForeignKey("people.id")),
    Column("lends", String(300)),  # "area_leader/social,chair/,chair//c1": the posts the deputy acts in
    Column("told", Id),  # who is named, and lent nothing
    CheckConstraint("first <= last", name="in_order"),
)

deputies = Table(
    "deputies",
    metadata,
    Column("person", Id, ForeignKey("people.id"), primary_key=True),
    Column("deputy", Id, ForeignKey("people.id"), primary_key=True),
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
    Column("calendar_token", String(40)),  # opens times and rooms only, which stand beside it
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
    Column("first", Date),
    Column("last", Date),
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

access_wishes = Table(
    "access_wishes",
    metadata,
    Column("person", Id, primary_key=True),
    Column("team", Id, nullable=False),
    Column("name", String(200), nullable=False),
    Column("at", Instant, nullable=False),
)

home_looks = Table(
    "home_looks",
    metadata,
    Column("person", Id, ForeignKey("people.id"), primary_key=True),
    Column("looked_at", Instant, nullable=False),
    Column("since", Instant),  # the visit before; NULL: there was none
)

marks = Table(
    "marks",
    metadata,
    Column("person", Id, ForeignKey("people.id"), primary_key=True),
    Column("case_id", Id, ForeignKey("cases.id"), primary_key=True),
    Column("mark", Code, nullable=False),
)
"""A person's own mark on a case, for their eyes only (D29)."""

hints = Table(
    "hints",
    metadata,
    Column("person", Id, ForeignKey("people.id"), primary_key=True),
    Column("code", Code, primary_key=True),
    Column("at", Instant, nullable=False),
)

practices = Table(
    "practices",
    metadata,
    Column("id", Id, primary_key=True),  # a person's: one practice case each, and no row of it elsewhere
    Column("begun_at", Instant, nullable=False),
    Column("version", Integer, nullable=False),
    Column("more", Facts, nullable=False),
)

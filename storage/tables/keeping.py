"""What is known about the database itself: the steps it took, the backups made of it, and whence it was restored."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, String, Table

from storage.tables.base import Id, metadata
from storage.types import Facts, Instant

schema_steps = Table(
    "schema_steps",
    metadata,
    Column("revision", String(32), primary_key=True),
    Column("before", String(32)),
    Column("contracts", Boolean, nullable=False),  # it took something away: older programs cannot go on
    Column("at", Instant, nullable=False),
)

backups = Table(
    "backups",
    metadata,
    Column("id", Id, primary_key=True),
    Column("taken_at", Instant, nullable=False, index=True),
    Column("finished_at", Instant, nullable=False),
    Column("rows", Integer, nullable=False),
)

restores = Table(
    "restores",
    metadata,
    Column("id", Id, primary_key=True),
    Column("backup_id", Id, nullable=False),
    Column("taken_at", Instant, nullable=False),
    Column("restored_at", Instant, nullable=False),
    Column("facts", Facts, nullable=False),  # what the backup said of itself, for the doctor to hold against
    Column("confirmed_at", Instant),  # None: what the clock begins by itself waits
)

rounds = Table(
    "rounds",
    metadata,
    Column("name", String(20), primary_key=True),  # "clock"
    Column("at", Instant, nullable=False),
)

channel_looks = Table(
    "channel_looks",
    metadata,
    Column("channel", Id, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("face", String(20), nullable=False),
    Column("outside", Integer, nullable=False),  # how many do not belong to the committee; never who
    Column("why", String(20)),  # why there is no post at all
)

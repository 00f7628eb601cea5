"""A case count that was imported; never joined to a case (D25)."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Integer, LargeBinary, String, Table

from storage.tables.base import Id, metadata
from storage.types import Instant

counts = Table(
    "counts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(80), nullable=False, unique=True),
    Column("at", Instant, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("complete", Boolean, nullable=False),
)

count_rows = Table(
    "count_rows",
    metadata,
    Column("count_id", Id, ForeignKey("counts.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("sealed", LargeBinary, nullable=False),  # the whole row; tied to nothing but its count
)

"""What belongs to a plan beside its tasks: minor adjustments, and sealed references to documents."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from bot.domain.document import Document
from bot.domain.significance import Adjustment
from storage.opening import opened
from storage.sealing import KeyRing
from storage.tables import adjustments, documents


class StoredAdjustments:
    """Written once, never changed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, adjustment: Adjustment) -> None:
        names = ("id", "case_id", "matter", "how", "measure", "by", "at")
        values = {n: getattr(adjustment, n) for n in names}
        self._connection.execute(insert(adjustments).values(values))

    def of_case(self, case: str) -> list[Adjustment]:
        query = select(adjustments).where(adjustments.c.case_id == case)
        return self._found(query.order_by(adjustments.c.at, adjustments.c.id))

    def since(self, at: datetime) -> list[Adjustment]:
        return self._found(select(adjustments).where(adjustments.c.at >= at))

    def _found(self, query: Any) -> list[Adjustment]:
        return [Adjustment(**row._mapping) for row in self._connection.execute(query)]  # noqa: SLF001


class StoredDocuments:
    def __init__(self, connection: Connection, *, keys: KeyRing) -> None:
        self._connection, self._keys = connection, keys

    def add(self, document: Document) -> None:
        names = ("id", "case_id", "area", "code", "is_open", "presentation_id", "added_by", "added_at")
        values: dict[str, Any] = {n: getattr(document, n) for n in names}
        values["number"] = self._keys.seal(
            document.number, table="documents", column="number", row=document.id
        )
        self._connection.execute(insert(documents).values(values))

    def of_case(self, case: str) -> list[Document]:
        """In the order they were added."""
        query = select(documents).where(documents.c.case_id == case)
        ordered = query.order_by(documents.c.added_at, documents.c.id)
        return [self._opened(row) for row in self._connection.execute(ordered)]

    def find(self, id: str) -> Document | None:  # noqa: A002 - every thing has an id
        row = self._connection.execute(select(documents).where(documents.c.id == id)).first()
        return self._opened(row) if row else None

    def remove(self, id: str) -> None:  # noqa: A002
        self._connection.execute(delete(documents).where(documents.c.id == id))

    def _opened(self, row: Row[Any]) -> Document:
        number = opened(self._keys, row.number, row.case_id, table="documents", column="number", row=row.id)
        return Document(**{**row._mapping, "number": number})  # noqa: SLF001

"""Who has come in by the emergency door, why, and who has looked at it since."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from bot.domain.emergency import Emergency
from bot.usecases.left_out import left_out
from storage.opening import opened
from storage.sealing import KeyRing
from storage.tables import emergencies

_NAMES = [f.name for f in fields(Emergency)]


class StoredEmergencies:
    def __init__(self, connection: Connection, *, keys: KeyRing) -> None:
        self._connection, self._keys = connection, keys

    def add(self, emergency: Emergency) -> None:
        values = {name: getattr(emergency, name) for name in _NAMES}
        values["why"] = self._keys.seal(emergency.why, table="emergencies", column="why", row=emergency.id)
        self._connection.execute(insert(emergencies).values(values))

    def unseen(self) -> list[Emergency]:
        """Nobody has looked at them yet; the oldest first."""
        return self._where(emergencies.c.looked_at.is_(None))

    def since(self, at: datetime) -> list[Emergency]:
        return self._where(emergencies.c.at >= at)

    def find(self, id: str) -> Emergency | None:  # noqa: A002 - every thing has an id
        return next(iter(self._where(emergencies.c.id == id)), None)

    def save(self, emergency: Emergency) -> None:
        seen = {"looked_at": emergency.looked_at, "looked_by": emergency.looked_by}
        self._connection.execute(update(emergencies).where(emergencies.c.id == emergency.id).values(seen))

    def _where(self, *conditions: Any) -> list[Emergency]:
        query = select(emergencies).where(*conditions).order_by(emergencies.c.at, emergencies.c.id)
        rows = self._connection.execute(query)
        return [self._opened(row) for row in rows if row.case_id not in left_out()]

    def _opened(self, row: Row[Any]) -> Emergency:
        why = opened(self._keys, row.why, row.case_id, table="emergencies", column="why", row=row.id)
        return Emergency(**{**{n: getattr(row, n) for n in _NAMES}, "why": why})

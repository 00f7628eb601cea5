"""The clock's last round, and each channel as the guard saw it last: one row each, written over."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, func, select
from sqlalchemy.dialects.postgresql import insert as insert_pg
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from bot.domain.meeting import Blocked, Face
from bot.domain.watch import ChannelLook
from storage.tables import channel_looks, restores, rounds

CLOCK = "clock"


class StoredLookouts:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def last_round(self) -> datetime | None:
        return self._connection.execute(select(rounds.c.at).where(rounds.c.name == CLOCK)).scalar()

    def restored(self) -> datetime | None:
        """When the database was brought back; None when it never was, or somebody has let the clock go on."""
        waits = select(func.max(restores.c.restored_at)).where(restores.c.confirmed_at.is_(None))
        return self._connection.execute(waits).scalar()

    def put_round(self, at: datetime) -> None:
        self._over(rounds, name=CLOCK, at=at)

    def looks(self) -> list[ChannelLook]:
        return [
            ChannelLook(r.channel, r.at, Face(r.face), r.outside, Blocked(r.why) if r.why else None)
            for r in self._connection.execute(select(channel_looks).order_by(channel_looks.c.channel))
        ]

    def put_look(self, look: ChannelLook) -> None:
        why = look.why.value if look.why else None
        seen = {"at": look.at, "face": look.face.value, "outside": look.outside, "why": why}
        self._over(channel_looks, channel=look.channel, **seen)

    def _over(self, table: Table, **values: Any) -> None:
        """Written once, and over: two clocks may come at the same time."""
        dialect_insert = insert_pg if self._connection.dialect.name == "postgresql" else insert_sqlite
        key = next(iter(table.primary_key.columns))
        writing = dialect_insert(table).values(values)
        again = {name: value for name, value in values.items() if name != key.name}
        self._connection.execute(writing.on_conflict_do_update(index_elements=[key.name], set_=again))

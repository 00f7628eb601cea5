"""A PostgreSQL database that a story is done with is put back to its template, since a copy takes ten times as long.

Nothing of the story lives on: its sessions are ended, every table whose rows are not the template's is emptied and filled
again, sequences are set back. What was laid out anew (a table, a trigger, a setting of the database), or has grown so
that it would be slower from now on, is not put back: the database is copied as if it were new.
"""

from __future__ import annotations

import os
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import psycopg

from storage.engine import Database

MANY_ROWS, OFTEN, FEW = 1_000, 100, 4
"""So many rows leave more behind than they are worth; so often may a database be put back before it is copied; and so
many lines may stay open.
"""

_OURS = 16384  # PostgreSQL's own things have smaller numbers
_CATALOGS = {
    "pg_attrdef": "oid", "pg_attribute": "attrelid", "pg_class": "oid", "pg_constraint": "oid", "pg_default_acl": "oid",
    "pg_event_trigger": "oid", "pg_extension": "oid", "pg_index": "indexrelid", "pg_largeobject_metadata": "oid",
    "pg_namespace": "oid", "pg_policy": "oid", "pg_proc": "oid", "pg_rewrite": "oid", "pg_trigger": "oid", "pg_type": "oid",
}  # fmt: skip
_EACH = (
    f"(SELECT concat(count(*), '-', max(xmin::text::bigint)) FROM {catalog} WHERE {number} >= {_OURS})"
    for catalog, number in _CATALOGS.items()
)
LAYOUT = f"""
SELECT concat_ws(' ', {", ".join(_EACH)},
  (SELECT count(*) FROM pg_db_role_setting s WHERE s.setdatabase = d.oid), d.datacl, d.datallowconn, d.datconnlimit)
FROM pg_database d WHERE d.datname = current_database()
"""
"""What is laid out there, and by which transaction last: a trigger that was taken off and put on again shows."""

ALONE = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND pid <> ALL(%s)
"""
AS_AT_FIRST = """
CLOSE ALL; SET SESSION AUTHORIZATION DEFAULT; RESET ALL; UNLISTEN *; SELECT pg_advisory_unlock_all();
DISCARD SEQUENCES; DISCARD TEMP
"""
"""`DISCARD ALL` but for what is prepared."""
SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'"


@dataclass(frozen=True)
class Content:
    """What a template holds."""

    layout: str
    rows: dict[str, bytes]
    prints: dict[str, tuple[int, Any]]
    sequences: dict[str, int | None]


class Visit:
    """One session in one database, to see what it holds or put it back."""

    def __init__(self, address: str) -> None:
        self._raw, self._times, self._process = psycopg.connect(address, autocommit=True), 0, os.getpid()
        query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
        self._names = [name for (name,) in self._raw.execute(query)]
        one = "SELECT '{0}', count(*), sum(hashtextextended(t::text, 0)) FROM \"{0}\" t"
        self._prints_of: Any = " UNION ALL ".join(one.format(name) for name in self._names)

    def content(self) -> Content:
        rows = {name: self._copied(f'COPY "{name}" TO STDOUT') for name in self._names}
        return Content(self._layout(), rows, self._prints(), self._sequences())

    def put_back(self, wanted: Content, ours: Database | None) -> bool:
        """False: it cannot be, or had better be made anew. Lines of ours that nobody holds stay open, with what is prepared."""
        self._raw.execute(ALONE, (self._kept(ours) if ours else [],))
        if self._layout() != wanted.layout:
            return False
        now = self._prints()
        changed = [name for name in self._names if now[name] != wanted.prints[name]]
        if sum(now[name][0] for name in changed) > MANY_ROWS:
            return False
        with self._raw.transaction():
            self._raw.execute("SET LOCAL session_replication_role = replica")  # the journal's guard too
            for name in changed:
                if now[name][0]:
                    self._raw.execute(f'DELETE FROM "{name}"')  # type: ignore[call-overload]
                if wanted.rows[name]:
                    with self._raw.cursor() as cursor, cursor.copy(f'COPY "{name}" FROM STDIN') as copy:  # type: ignore[call-overload]
                        copy.write(wanted.rows[name])
            for name, value in self._sequences().items():
                if value != wanted.sequences[name]:
                    self._set(name, wanted.sequences[name])
        self._times += 1
        return True

    @property
    def is_worn(self) -> bool:
        """Put back often, or begun before a fork: the line is another process's."""
        return self._process != os.getpid() or self._times == OFTEN

    def leave(self) -> None:
        if self._process == os.getpid():
            self._raw.close()

    def _kept(self, ours: Database) -> list[int]:
        """Who serves its lines, as at first, if nobody holds one; else none of them is kept."""
        engines = (ours.writing, ours.asking)
        pools: list[Any] = [engine.pool for engine in engines]
        lines = [pool.checkedin() for pool in pools]
        if any(pool.checkedout() for pool in pools) or sum(lines) > FEW:
            ours.close()
            return []
        found = []
        with ExitStack() as held:
            for engine in [e for e, many in zip(engines, lines, strict=True) for _ in range(many)]:
                driver: Any = held.enter_context(engine.connect()).connection.driver_connection
                driver.execute(AS_AT_FIRST)
                driver.commit()
                found.append(driver.info.backend_pid)
        return found

    def _set(self, sequence: str, value: int | None) -> None:
        self._raw.execute("SELECT setval(%s, %s, %s)", (sequence, value or 1, value is not None))

    def _layout(self) -> str:
        return str(self._one(LAYOUT)[0])

    def _prints(self) -> dict[str, tuple[int, Any]]:
        return {name: (count, print_) for name, count, print_ in self._raw.execute(self._prints_of)}

    def _sequences(self) -> dict[str, int | None]:
        return dict(self._raw.execute(SEQUENCES).fetchall())

    def _one(self, query: str) -> Any:
        return self._raw.execute(query).fetchone()  # type: ignore[call-overload]

    def _copied(self, command: str) -> bytes:
        with self._raw.cursor() as cursor, cursor.copy(command) as copy:  # type: ignore[call-overload]
            return b"".join(bytes(part) for part in copy)

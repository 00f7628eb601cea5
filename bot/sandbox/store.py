"""What the sandbox remembers: shelves of JSON records, held in memory and written through to SQLite."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Record = dict[str, Any]


class Store:
    """One file in the state directory. A second start finds every shelf as it was left."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        # The operating system keeps what a killed process wrote; only a power cut may cost a message here.
        self._db.execute("PRAGMA synchronous=OFF")
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS record "
            "(shelf TEXT, key TEXT, body TEXT NOT NULL, PRIMARY KEY (shelf, key)) WITHOUT ROWID",
        )

    def shelf(self, name: str) -> "Shelf":
        return Shelf(name, self._db)

    def close(self) -> None:
        self._db.close()


class Shelf:
    """Records by key. A record taken down and changed must be put back to be remembered."""

    def __init__(self, name: str, db: sqlite3.Connection) -> None:
        self._name = name
        self._db = db
        rows = db.execute("SELECT key, body FROM record WHERE shelf = ? ORDER BY key", (name,))
        self._records: dict[str, Any] = {key: json.loads(body) for key, body in rows}

    def get(self, key: str) -> Any:
        """The record, or None when nothing stands under that key."""
        return self._records.get(key)

    def put(self, key: str, record: Any) -> None:
        self._records[key] = record
        body = json.dumps(record, ensure_ascii=False)
        self._db.execute("INSERT OR REPLACE INTO record VALUES (?, ?, ?)", (self._name, key, body))

    def drop(self, key: str) -> None:
        if self._records.pop(key, None) is not None:
            self._db.execute("DELETE FROM record WHERE shelf = ? AND key = ?", (self._name, key))

    def items(self) -> Iterator[tuple[str, Any]]:
        return iter(list(self._records.items()))

    def values(self) -> Iterator[Any]:
        return iter(list(self._records.values()))

    def __contains__(self, key: str) -> bool:
        return key in self._records

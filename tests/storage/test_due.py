"""However much one person is owed, what may be sent next is found as quickly."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import text

from bot.domain.notices import Notice
from storage.engine import Database
from storage.unit_of_work import Storage
from tests.support.plans import Asked, listening
from tests.support.rows import AT

LITTLE, MUCH = 30, 3_000
STREAMS = ("UMAJA", "UJENS", "CKANAL")


def owe(storage: Storage, first: int, last: int) -> None:
    with storage.open_work(at=AT) as work:
        work.notices.tell_all([Notice(f"n{n}", "welcome", "UMAJA") for n in range(first, last)])


def looks(storage: Storage) -> Asked:
    """A look, a claim that is undone, and the question when somebody who rests may hear more."""
    with listening(storage.database) as asked, storage.open_reading(at=AT) as work:
        due = work.notices.due_streams(at=AT, real=AT, most=20)
        assert (sorted(due.new), due.changes) == (sorted(STREAMS), ())
        claimed = work.notices.claim("UMAJA", at=AT, real=AT, owner="one", lease_seconds=60)
        assert claimed is not None
        assert (claimed.to, claimed.seq) == ("UMAJA", 1)
        assert work.notices.free_again(at=AT, real=AT) is None
    return asked


def steps(database: Database, asked: Asked) -> int:
    """What the database does for its questions: its own machine's steps, or rows it takes up."""
    queries = [
        (s.replace(" FOR UPDATE", " -- FOR"), p)
        for s, p in asked.statements
        if s.startswith(("SELECT", "WITH"))
    ]
    assert len(queries) == 3
    with database.reading.connect() as connection:
        if database.is_sqlite:
            return sum(_counted(connection, *query) for query in queries)
        return sum(
            _rows(connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {q}", p).scalar_one())
            for q, p in queries
        )


def _counted(connection: Any, query: str, parameters: Any) -> int:
    raw, count = connection.connection.driver_connection, 0

    def one_more() -> None:
        nonlocal count
        count += 1

    raw.set_progress_handler(one_more, 10)
    raw.execute(query, parameters).fetchall()
    raw.set_progress_handler(None, 0)
    return count


def _rows(said: Any) -> int:
    plan = (json.loads(said) if isinstance(said, str) else said)[0]["Plan"]

    def taken(node: dict[str, Any]) -> float:
        here = (
            node["Actual Rows"]
            + node.get("Rows Removed by Filter", 0)
            + node.get("Rows Removed by Join Filter", 0)
        )
        return here * node["Actual Loops"] + sum(taken(one) for one in node.get("Plans", ()))

    return int(taken(plan))


def test_what_may_be_sent_next_is_found_as_quickly_however_much_one_person_is_owed(storage: Storage) -> None:
    with storage.open_work(at=AT) as work:
        work.notices.tell_all([Notice(f"other:{to}", "welcome", to) for to in STREAMS[1:]])
    owe(storage, 0, LITTLE)
    little = steps(storage.database, looks(storage))
    owe(storage, LITTLE, MUCH)
    if not storage.database.is_sqlite:
        with storage.database.writing.begin() as connection:
            connection.execute(text("ANALYZE notices"))
    much = steps(storage.database, looks(storage))
    assert much <= 1.2 * little, f"{little} steps for {LITTLE}, and {much} for {MUCH}"

"""A question that is asked at every request: put together once, and asked of the driver itself, in no transaction.

What SQLAlchemy does around a statement takes several times as long as the database does for a small one, and a
transaction around a single question is two journeys for nothing.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from sqlalchemy import Select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoLineFree

from storage.engine import Database, DatabaseAway


class Question:
    """Asked of one database, by many threads; an answer sees one moment."""

    def __init__(self, query: Select[Any], database: Database) -> None:
        self._engine = database.asking
        dialect = self._engine.dialect
        written = query.compile(dialect=dialect)
        given = {name: bind.type.dialect_impl(dialect) for name, bind in written.binds.items()}
        answered = {str(c.key): c.type.dialect_impl(dialect) for c in query.selected_columns}
        self._text, self._values, self._order = str(written), dict(written.params), written.positiontup
        self._goes_in = {n: p for n, kind in given.items() if (p := kind.bind_processor(dialect))}
        self._comes_out = [
            (n, kind.result_processor(dialect, None) or _as_is) for n, kind in answered.items()
        ]

    def ask(self, **values: Any) -> list[SimpleNamespace]:
        """The rows, with what SQLAlchemy would give in their columns. Raises DatabaseAway, and DBAPIError for what is
        wrong with the question or with who asks it.
        """
        return [
            SimpleNamespace(
                **{name: read(said) for (name, read), said in zip(self._comes_out, row, strict=True)}
            )
            for row in self._rows(self._given(values))
        ]

    def _given(self, values: dict[str, Any]) -> Any:
        given = {**self._values, **values}
        given |= {n: write(given[n]) for n, write in self._goes_in.items()}
        return given if self._order is None else [given[name] for name in self._order]

    def _rows(self, given: Any, *, again: bool = True) -> list[Any]:
        """A line that has been cut is found out by asking, and then it is asked once more on a new one."""
        line, dialect = self._line(), self._engine.dialect
        try:
            cursor = line.cursor()
            cursor.execute(self._text, given)
            return list(cursor.fetchall())
        except dialect.loaded_dbapi.Error as why:
            if not again or not dialect.is_disconnect(why, line.driver_connection, None):
                raise self._fault(why) from why
            line.invalidate(why)
        finally:
            line.close()
        self._engine.dispose()  # the others that lie there were cut with it
        return self._rows(given, again=False)

    def _line(self) -> Any:
        """What SQLAlchemy says for a server that refuses, or for lines that are all in use, it says of statements only."""
        try:
            return self._engine.raw_connection()
        except (self._engine.dialect.loaded_dbapi.Error, NoLineFree) as why:
            raise DatabaseAway(self._text, None, why) from why

    def _fault(self, why: Exception) -> DBAPIError:
        away = isinstance(why, self._engine.dialect.loaded_dbapi.OperationalError)
        return (DatabaseAway if away else DBAPIError)(self._text, None, why)


def _as_is(said: Any) -> Any:
    return said

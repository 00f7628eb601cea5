"""What all tables share: their names for constraints, and the kinds of columns."""

from __future__ import annotations

from sqlalchemy import MetaData, String, text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Id = String(40)
Code = String(60)


def among(column: str, *values: object) -> str:
    """A partial index's condition, in the words in which `storage.memory.among` asks."""
    words = sorted(str(getattr(v, "value", v)) for v in values)
    return f"{column} IN ({', '.join(f'{w!r}' for w in words)})"


def only(condition: str) -> dict[str, object]:
    """A partial index on both engines."""
    return {"postgresql_where": text(condition), "sqlite_where": text(condition)}

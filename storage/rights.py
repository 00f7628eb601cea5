"""Who may do what with each table in PostgreSQL: an operator has given and taken it, and a restore puts it back."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from sqlalchemy import Connection, text

_ALL = text("""
SELECT CASE c.relkind WHEN 'S' THEN 'SEQUENCE ' ELSE 'TABLE ' END || quote_ident(c.relname) AS what,
  a.privilege_type AS may, a.is_grantable AS passes_on,
  CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END AS who
FROM pg_class c
LEFT JOIN LATERAL aclexplode(c.relacl) a ON a.grantee <> c.relowner
WHERE c.relnamespace = quote_ident(current_schema())::regnamespace AND c.relkind IN ('r', 'S')
""")


class Right(NamedTuple):
    may: str
    passes_on: bool
    who: str


Rights = dict[str, set[Right]]
"""By table and sequence, also where nobody but its owner has any. Rights to single columns are not among them."""


def rights(connection: Connection) -> Rights:
    """Empty on SQLite, where whoever may open the file may do all."""
    found: Rights = defaultdict(set)
    if connection.dialect.name == "postgresql":
        for row in connection.execute(_ALL):
            found[row.what] |= {Right(row.may, row.passes_on, row.who)} if row.may else set()
    return dict(found)


def give_back(connection: Connection, before: Rights) -> None:
    """What has been laid out anew has the rights that it had; what was not there keeps those that are usual here."""
    now = rights(connection)
    for what in before.keys() & now.keys():
        for right in sorted(now[what] - before[what]):
            connection.execute(text(f"REVOKE {right.may} ON {what} FROM {right.who}"))
        for right in sorted(before[what] - now[what]):
            passes_on = " WITH GRANT OPTION" if right.passes_on else ""
            connection.execute(text(f"GRANT {right.may} ON {what} TO {right.who}{passes_on}"))

"""Whether a PostgreSQL server is one that we can work with: looked at before an upgrade, a restore and a start."""

from __future__ import annotations

from sqlalchemy import text

from storage.engine import LOCK_TIMEOUT, Database

_ASKED = text("""
SELECT current_setting('server_encoding') AS encoding, current_setting('lock_timeout') AS waits,
  current_setting('transaction_read_only') AS only_reads
""")


class ServerUnfit(Exception):
    """`why` is the block of doctor.j2 that says it and what to do."""

    def __init__(self, why: str, **facts: str) -> None:
        super().__init__(why)
        self.why, self.facts = why, facts


def demand_server(database: Database) -> None:
    """Raises ServerUnfit; DatabaseFault where it cannot even be asked. A file is always fit."""
    if database.is_sqlite:
        return
    with database.reading.connect() as connection:
        its = connection.execute(_ASKED).one()
    if its.waits != LOCK_TIMEOUT:
        raise ServerUnfit("server_pooled")
    if its.encoding != "UTF8":
        raise ServerUnfit("server_encoding", encoding=its.encoding)
    if its.only_reads == "on":
        raise ServerUnfit("server_only_reads")

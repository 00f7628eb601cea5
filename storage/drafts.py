"""What a person had begun to fill in; sealed, since a case number may be among it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert as insert_pg
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from bot import metrics
from bot.domain.people import PersonId
from bot.log import get_log
from storage.sealing import KeyRing, SealBroken
from storage.tables import drafts

log = get_log()
_DROPPING = delete(drafts).where(
    drafts.c.person == bindparam("whose"),
    drafts.c.form == bindparam("which"),
    drafts.c.subject == bindparam("about"),
)


def _keeping(insert: Any) -> Any:
    writing = insert(drafts).values({c.name: bindparam(c.name) for c in drafts.c})
    again = {"held": writing.excluded.held, "at": writing.excluded.at}
    return writing.on_conflict_do_update(index_elements=[c.name for c in drafts.primary_key], set_=again)


_KEEPING = {"sqlite": _keeping(insert_sqlite), "postgresql": _keeping(insert_pg)}


class StoredDrafts:
    def __init__(self, connection: Connection, *, keys: KeyRing) -> None:
        self._connection, self._keys = connection, keys
        self._dropped: list[dict[str, str]] = []  # and still in the table

    def settle(self) -> None:
        """Takes away what has been dropped, in one go: sending a form drops itself and what its desk kept."""
        if self._dropped:
            dropped, self._dropped = self._dropped, []
            self._connection.execute(_DROPPING, dropped)

    def keep(self, person: PersonId, form: str, subject: str, held: dict[str, Any], at: datetime) -> None:
        """In place of what was kept before; two processes that keep the same at once leave the later."""
        self.settle()
        sealed = self._keys.seal(
            json.dumps(held), table="drafts", column="held", row=f"{person}/{form}/{subject}"
        )
        values = {"person": person, "form": form, "subject": subject, "held": sealed, "at": at}
        self._connection.execute(_KEEPING[self._connection.dialect.name], values)

    def held(self, person: PersonId, form: str, subject: str) -> dict[str, Any] | None:
        kept = self.kept(person, form, subject)
        return kept[0] if kept else None

    def kept(self, person: PersonId, form: str, subject: str) -> tuple[dict[str, Any], datetime] | None:
        self.settle()
        query = select(drafts.c.held, drafts.c.at).where(*_at(person, form, subject))
        row = self._connection.execute(query).one_or_none()
        if row is None:
            return None
        try:
            opened = self._keys.open(
                row.held, table="drafts", column="held", row=f"{person}/{form}/{subject}"
            )
            return dict(json.loads(opened)), row.at
        except (SealBroken, ValueError):  # the form can be filled in anew, where a fault would keep it shut
            metrics.unreadable()
            log.error("unreadable", key="drafts.held", form=form)
            return None

    def drop(self, person: PersonId, form: str, subject: str) -> None:
        self._dropped.append({"whose": person, "which": form, "about": subject})

    def forget_before(self, at: datetime) -> int:
        return self._connection.execute(delete(drafts).where(drafts.c.at < at)).rowcount

    def of(self, person: PersonId) -> list[tuple[str, str]]:
        self.settle()
        query = select(drafts.c.form, drafts.c.subject).where(drafts.c.person == person).order_by(drafts.c.at)
        return [(row.form, row.subject) for row in self._connection.execute(query)]


def _at(person: PersonId, form: str, subject: str) -> tuple[Any, ...]:
    return drafts.c.person == person, drafts.c.form == form, drafts.c.subject == subject

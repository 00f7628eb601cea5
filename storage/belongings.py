"""Where a case has been anchored, and who has paid: rows that are written once and never changed (R044, R108)."""

from __future__ import annotations

from bot.domain.anchoring import Belonging, What
from storage.shelf import Mapper, Shelf
from storage.tables import belongings

BELONGING = Mapper(belongings, Belonging)


class StoredBelongings(Shelf[Belonging]):
    def of_case(self, case: str) -> list[Belonging]:
        return self._select(belongings.c.case_id == case, order=(belongings.c.at, belongings.c.id))

    def now(self, case: str, what: What) -> Belonging | None:
        found = [b for b in self.of_case(case) if b.what == what]
        return found[-1] if found else None

"""The monthly samples of looks, and who has signed them."""

from __future__ import annotations

from bot.domain.looks import Sample
from bot.domain.people import PersonId
from storage.shelf import Mapper, Shelf
from storage.tables import samples

SAMPLE = Mapper(samples, Sample)


class StoredSamples(Shelf[Sample]):
    def unsigned(self, leader: PersonId | None = None) -> list[Sample]:
        """The oldest first; everybody's when no leader is named."""
        whose = () if leader is None else (samples.c.leader == leader,)
        return self._select(samples.c.signed_at.is_(None), *whose, order=(samples.c.month, samples.c.id))

    def of_month(self, month: object) -> list[Sample]:
        return self._select(samples.c.month == month, order=samples.c.id)

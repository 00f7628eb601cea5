"""What has been found missing on open cases, and when it was mended."""

from __future__ import annotations

from bot.domain.two_chairs import Alarm
from storage.shelf import Mapper, Shelf
from storage.tables import alarms

ALARM = Mapper(alarms, Alarm)


class StoredAlarms(Shelf[Alarm]):
    def standing(self) -> list[Alarm]:
        """Not mended yet, the oldest first."""
        return self._select(alarms.c.mended_at.is_(None), order=(alarms.c.since, alarms.c.id))

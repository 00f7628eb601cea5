"""The next stops the sandbox's time machine offers: the next agenda and the next reminder."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.usecases import Office

A_WHILE = timedelta(hours=12)
"""With no stop ahead, it is looked for again after so long."""


class Marks:
    """Named stops, each the next of its kind; a kind with nothing ahead is left out."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._newest = self._latest = -1
        self._until = datetime.min.replace(tzinfo=UTC)
        self._stops: list[dict[str, str]] = []

    def at(self, at: datetime) -> list[dict[str, str]]:
        """Worked out anew when a stop has been passed, or something was journaled and it has become quiet since."""
        newest, _ = self._office.stirring.sign(at)
        quiet, self._latest = newest == self._latest, newest
        if at >= self._until or (newest != self._newest and quiet):
            self._stops = self._ahead(at)
            self._newest = newest
            self._until = min((datetime.fromisoformat(s["at"]) for s in self._stops), default=at + A_WHILE)
        return self._stops

    def _ahead(self, at: datetime) -> list[dict[str, str]]:
        """A reminder is where somebody hears one, not merely some morning: a jump there shows an overview."""
        agenda, reminder = self._office.posts.next_post(at), self._office.overviews.next_at(at)
        stops = (("agenda", "Næste dagsorden", agenda), ("reminder", "Næste påmindelse", reminder))
        return [{"name": name, "label": label, "at": stop.isoformat()} for name, label, stop in stops if stop]

"""The next stops the sandbox's time machine offers: the next agenda and the next reminder."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.usecases import Office


class Marks:
    """Named stops, each the next of its kind; a kind with nothing ahead is left out."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._newest, self._until = -1, datetime.min.replace(tzinfo=UTC)
        self._stops: list[dict[str, str]] = []

    def at(self, at: datetime) -> list[dict[str, str]]:
        """Worked out anew when something has been journaled, or a stop has been passed."""
        newest, _ = self._office.stirring.sign(at)
        if newest != self._newest or at >= self._until:
            self._stops = self._ahead(at)
            self._newest = newest
            self._until = min((datetime.fromisoformat(s["at"]) for s in self._stops), default=at)
        return self._stops

    def _ahead(self, at: datetime) -> list[dict[str, str]]:
        """A reminder is where somebody hears one, not merely some morning: a jump there shows an overview."""
        agenda, reminder = self._office.posts.next_post(at), self._office.overviews.next_at(at)
        stops = (("agenda", "Næste dagsorden", agenda), ("reminder", "Næste påmindelse", reminder))
        return [{"name": name, "label": label, "at": stop.isoformat()} for name, label, stop in stops if stop]

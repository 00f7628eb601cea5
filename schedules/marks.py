"""The next stops the sandbox's time machine offers: the next agenda and the next reminder."""

from __future__ import annotations

from datetime import datetime

from bot.usecases import Office


def marks(office: Office, at: datetime) -> list[dict[str, str]]:
    """Named stops, each the next of its kind; a kind with nothing ahead is left out."""
    agenda = office.posts.next_post(at)
    stops = [{"name": "agenda", "label": "Næste dagsorden", "at": agenda.isoformat()}] if agenda else []
    morning = office.posts.next_morning(at).isoformat()
    return [*stops, {"name": "reminder", "label": "Næste påmindelse", "at": morning}]

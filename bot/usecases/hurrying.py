"""Who hears that something is urgent (D32)."""

from __future__ import annotations

from bot.domain.notices import Notice
from bot.domain.people import Role
from bot.domain.presentation import Presentation
from bot.usecases.ports import Work


def tell_chairs(work: Work, presentation: Presentation) -> None:
    for chair in work.people.holding(Role.CHAIR, committee=presentation.committee):
        key = presentation.urgent_key(chair.id)
        facts = {"presentation": presentation.id}
        work.notices.tell(Notice(key, "urgent", chair.id, facts, case_id=presentation.case_id))


def show_chairs(work: Work, presentation: Presentation) -> None:
    """The chairs' messages show what is true now."""
    for chair in work.people.holding(Role.CHAIR, committee=presentation.committee):
        work.notices.retell(presentation.urgent_key(chair.id))

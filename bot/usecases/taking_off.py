"""An item taken off an agenda: whoever presents it, and the leaders of its area, hear it with the reason (T11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.domain.case import AgeBand
from bot.domain.notices import Notice
from bot.domain.people import PersonId, Role
from bot.domain.presentation import Presentation
from bot.usecases.cases import case_of
from bot.usecases.delivery import Teller, Telling, Told
from bot.usecases.ports import Work


@dataclass(frozen=True)
class TakenOffTold:
    band: AgeBand
    alias: str
    key: str
    by: str
    day: date
    reason: str
    undone: bool = False  # it stands there again: whoever took it off has taken that back


def tell_taken_off(work: Work, item: Presentation, meeting: str, *, by: PersonId, reason: str) -> None:
    for person in hearers(work, item):
        if person != by:
            key = key_of(item, str(item.version), person)
            facts = {"presentation": item.id, "meeting": meeting, "by": by, "reason": reason}
            work.notices.tell(Notice(key, "taken_off", person, facts, case_id=item.case_id))


def hearers(work: Work, item: Presentation) -> tuple[PersonId, ...]:
    leaders = [p.id for p in work.people.holding(Role.AREA_LEADER, item.area)]
    return tuple(dict.fromkeys((item.requested_by, *leaders)))


def key_of(item: Presentation, version: str, person: PersonId) -> str:
    return f"taken_off:{item.id}:{version}:{person}"


def _taken_off(telling: Telling) -> Told | None:
    """Silent when it stands on that agenda again before anybody was told."""
    case, work, facts = case_of(telling), telling.work, telling.notice.facts
    item = work.presentations.find(facts["presentation"])
    if case is None or item is None or telling.recipient is None:
        return None
    undone = "undone" in facts
    if item.meeting_id == facts["meeting"] and not undone:
        return None
    by, day = work.people.get(facts["by"]).name, work.meetings.get(facts["meeting"]).day
    return Told(
        TakenOffTold(case.band_now, case.alias, case.key, by, day, facts["reason"], undone),
        telling.recipient.language,
    )


TELLERS: dict[str, Teller] = {"taken_off": _taken_off}

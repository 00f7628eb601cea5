"""Something is missing again from what was »velbelyst«: a leader or whoever runs the meetings says so (T09)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.domain.case import AgeBand, Case
from bot.domain.notices import Notice
from bot.domain.people import NotForYou, PersonId, Role
from bot.domain.presentation import ItemsUnanswered, Presentation, State, Tick
from bot.usecases.cases import case_of
from bot.usecases.delivery import Teller, Telling, Told
from bot.usecases.ports import Asked, Work
from bot.usecases.slips import keep_slip
from bot.usecases.tools import UseCases, already, case_for, show_again


@dataclass(frozen=True)
class MissingTold:
    """Also what the form begins from."""

    presentation: str
    band: AgeBand
    alias: str
    key: str
    by: str = ""
    missing: tuple[str, ...] = ()
    undone: bool = False  # whoever said so has taken it back: it is ready


class MissingAgain(UseCases):
    def form(self, asked: Asked, presentation_id: str) -> MissingTold:
        """Raises CaseNotFound, NotForYou, AlreadySettled."""
        with self._open_reading(at=asked.at) as work:
            item, case = _to_take(work, asked, presentation_id)
            return MissingTold(item.id, case.band_now, case.alias, case.key)

    def take(self, asked: Asked, presentation_id: str, *, missing: tuple[str, ...]) -> MissingTold:
        """Takes the mark away, and the ticks of what is missing; caseworker and leaders hear what (T09).

        Raises ItemsUnanswered when nothing is named, and what `form` raises.
        """
        with self._open_work(asked) as work:
            item, case = _to_take(work, asked, presentation_id, lock=True)
            named = tuple(m for m in self._rules.on(asked.today).choices.missing if m in missing)
            if not named:
                raise ItemsUnanswered(field="missing", missing=())
            saved = work.presentations.save(_without(item, named))
            work.note("missing_again", case=case.id, presentation=saved.id, missing=",".join(named))
            keep_slip(work, "missing", saved.id, asked, **_mark_of(item, saved))
            _tell(work, saved, named, by=asked.by.id)
            if saved.meeting_id:
                show_again(work, saved.meeting_id)
            return MissingTold(saved.id, case.band_now, case.alias, case.key, asked.by.name, named)


def _to_take(
    work: Work, asked: Asked, presentation_id: str, *, lock: bool = False
) -> tuple[Presentation, Case]:
    item = work.presentations.get(presentation_id, lock=lock)
    case = case_for(work, asked, item.case_id)
    if not asked.by.leads(item.area) and not asked.by.runs(item.committee):
        raise NotForYou
    if not item.is_marked:
        raise already(item, work)
    return item, case


def _without(item: Presentation, missing: tuple[str, ...]) -> Presentation:
    """What is missing is a gap again; a reason that stands in the case system alone has no tick to lose."""
    left = {point: tick for point, tick in item.ticks.items() if point not in missing}
    status = {} if "area_status" in missing else item.area_status
    back = item.moved(State.REFERRED)  # T09
    return replace(back, ready_by=None, ready_at=None, ticks=left, area_status=status)


def _mark_of(item: Presentation, without: Presentation) -> dict[str, str]:
    """What the mark rested on, for *Fortryd*; good while nobody has changed the item since."""
    ticks = {point: (t.by, t.at.isoformat(), t.how) for point, t in item.ticks.items()}
    status = {area: day.isoformat() for area, day in item.area_status.items()}
    facts = {"version": str(without.version), "by": item.ready_by or "", "ticks": json.dumps(ticks)}
    return facts | {
        "marked": item.ready_at.isoformat() if item.ready_at else "",
        "status": json.dumps(status),
    }


def marked_as_before(item: Presentation, slip: Mapping[str, str]) -> Presentation:
    ticks = {
        p: Tick(by, datetime.fromisoformat(at), how) for p, (by, at, how) in json.loads(slip["ticks"]).items()
    }
    status = {area: date.fromisoformat(day) for area, day in json.loads(slip["status"]).items()}
    marked = replace(item.moved(State.READY), ticks=ticks, area_status=status)
    return replace(marked, ready_by=slip["by"] or None, ready_at=datetime.fromisoformat(slip["marked"]))


def hearers(work: Work, item: Presentation) -> tuple[PersonId, ...]:
    leaders = [p.id for p in work.people.holding(Role.AREA_LEADER, item.area)]
    return tuple(dict.fromkeys((item.collector or item.requested_by, *leaders)))


def key_of(item: Presentation, version: str, person: PersonId) -> str:
    return f"missing_again:{item.id}:{version}:{person}"


def _tell(work: Work, item: Presentation, missing: tuple[str, ...], *, by: PersonId) -> None:
    for person in hearers(work, item):
        if person != by:
            key = key_of(item, str(item.version), person)
            facts = {"presentation": item.id, "by": by, "missing": ",".join(missing)}
            work.notices.tell(Notice(key, "missing_again", person, facts, case_id=item.case_id))


def _told(telling: Telling) -> Told | None:
    """Silent once it is ready again, or decided."""
    case, facts = case_of(telling), telling.notice.facts
    item = telling.work.presentations.find(facts["presentation"])
    if case is None or item is None or telling.recipient is None:
        return None
    undone = "undone" in facts
    if item.state not in (State.REFERRED, State.POSTPONED) and not undone:
        return None
    by, missing = telling.work.people.get(facts["by"]).name, tuple(facts["missing"].split(","))
    said = MissingTold(item.id, case.band_now, case.alias, case.key, by, missing, undone)
    return Told(said, telling.recipient.language)


TELLERS: dict[str, Teller] = {"missing_again": _told}

"""*Nødadgang*: in by the emergency door for an hour, told at once, looked at within a week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.case import Case, CaseNotFound
from bot.domain.emergency import LONGEST, OPEN_FOR, WORK_WITH_CASES, Emergency, expect_reason
from bot.domain.notices import Notice
from bot.domain.people import NotForYou, Person, Role, require
from bot.domain.personal_data import refuse_personal_data
from bot.domain.text import clean
from bot.usecases.delivery import Teller, Telling, Told
from bot.usecases.homes import PartAsked
from bot.usecases.ports import Asked, Work
from bot.usecases.tools import UseCases


@dataclass(frozen=True)
class EmergencyLine:
    """One time the door was used, as whoever looks at it reads it; `looks` is what the person opened meanwhile."""

    id: str
    key: str
    by: str
    at: datetime
    why: str
    looks: int
    overdue: bool


class Emergencies(UseCases):
    def open(self, asked: Asked, key: str, why: str) -> Case:
        """Lets the person see one case for an hour. Raises NotForYou, ReasonTooShort, PersonalDataRefused, CaseNotFound."""
        require(asked.by, *WORK_WITH_CASES)
        said = expect_reason(clean(refuse_personal_data(why, "why"), most=LONGEST))
        with self._open_work(asked) as work:
            case = work.cases.by_key(key.strip())
            if case is None or not case.key[:1].isdigit():
                raise CaseNotFound(field="key")
            door = Emergency(self._chance.id(), case.id, asked.by.id, asked.at, asked.at + OPEN_FOR, said)
            work.emergencies.add(door)
            work.note("emergency_opened", case=case.id, until=door.until.isoformat())
            for notice in _told(work, door, case):
                work.notices.tell(notice)
            work.result(case.id)
            return case

    def list(self, asked: Asked) -> tuple[EmergencyLine, ...]:
        """What nobody has looked at yet, of the areas one answers for. Raises NotForYou."""
        _expect_answers(asked.by)
        with self._open_reading(at=asked.at) as work:
            return unseen_for(work, asked)

    def looked_through(self, asked: Asked, id: str) -> None:  # noqa: A002 - every thing has an id
        """Ticked off by somebody else than who came in. Raises NotForYou, CaseNotFound."""
        _expect_answers(asked.by)
        with self._open_work(asked) as work:
            door = work.emergencies.find(id)
            if door is None or id not in {line.id for line in unseen_for(work, asked)}:
                raise CaseNotFound
            work.emergencies.save(door.looked_through(asked.by.id, asked.at))
            work.note("emergency_looked_at", case=door.case_id)


def unseen_for(work: Work, asked: Asked) -> tuple[EmergencyLine, ...]:
    lines = []
    for door in work.emergencies.unseen():
        case = work.cases.get(door.case_id)
        if door.person == asked.by.id or not _answers_for(asked.by, case):
            continue
        looks = [e for e in work.journal.of_case(case.id, looks=True) if e.look and e.by == door.person]
        within = [e for e in looks if door.is_open(e.at)]
        by = work.people.get(door.person).name
        lines.append(
            EmergencyLine(door.id, case.key, by, door.at, door.why, len(within), door.is_overdue(asked.at))
        )
    return tuple(lines)


def emergencies_part(part: PartAsked) -> tuple[EmergencyLine, ...] | None:
    """On the Homes of those who look at them; the data protection officer reads zero as zero."""
    me = part.asked.by
    if not (me.is_leader or me.has(Role.DPO)):
        return None
    found = unseen_for(part.work, part.asked)
    return found if found or me.has(Role.DPO) else None


def _answers_for(person: Person, case: Case) -> bool:
    return person.has(Role.DPO) or person.leads(case.area)


def _expect_answers(person: Person) -> None:
    if not (person.is_leader or person.has(Role.DPO)):
        raise NotForYou


def _told(work: Work, door: Emergency, case: Case) -> list[Notice]:
    leaders = [
        *work.people.holding(Role.AREA_LEADER, case.area),
        *work.people.holding(Role.DEPUTY_LEADER, case.area),
    ]
    hear = {p.id for p in (*leaders, *work.people.holding(Role.DPO))} - {door.person}
    return [
        Notice(f"emergency:{door.id}:{person}", "emergency", person, {"door": door.id}, case_id=case.id)
        for person in sorted(hear)
    ]


@dataclass(frozen=True)
class Opened:
    """What leader and data protection officer hear at once."""

    key: str
    by: str
    until: datetime


def _tell(telling: Telling) -> Told | None:
    work, reader = telling.work, telling.recipient
    door = work.emergencies.find(telling.notice.facts["door"])
    if reader is None or door is None:
        return None
    case = work.cases.get(door.case_id)
    if not _answers_for(reader, case):
        return None
    return Told(Opened(case.key, work.people.get(door.person).name, door.until), reader.language)


TELLERS: dict[str, Teller] = {"emergency": _tell}

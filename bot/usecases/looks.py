"""Who saw what: the log of a case for whoever answers to the citizen, a leader's monthly sample, and the watch over it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.domain.calendar import instant, local_date
from bot.domain.case import Case, CaseNotFound
from bot.domain.chain import Check
from bot.domain.emergency import Emergency
from bot.domain.journal import Entry
from bot.domain.looks import Outcome, Sample, drawn, month_before
from bot.domain.notices import Notice
from bot.domain.people import NotForYou, Person, Role, require
from bot.usecases.cases import own_areas
from bot.usecases.delivery import Teller, Telling, Told
from bot.usecases.homes import PartAsked
from bot.usecases.ports import Asked, Work
from bot.usecases.tools import UseCases, case_for

TOLD_AT = time(8, 0)


@dataclass(frozen=True)
class LogLine:
    """One thing somebody did or opened. `roles` are those held then; `why` a written reason, of the emergency door alone."""

    at: datetime
    by: str  # a name; empty: the clock
    roles: tuple[str, ...]
    act: str
    look: bool
    surface: str
    why: str | None
    key: str


@dataclass(frozen=True)
class CaseLog:
    key: str
    lines: tuple[LogLine, ...]  # the newest first


@dataclass(frozen=True)
class SampleView:
    sample: Sample
    lines: tuple[LogLine, ...]


@dataclass(frozen=True)
class Watch:
    """The data protection officer's Home at a glance (A12)."""

    check: Check | None  # None: no night has passed yet
    looks: int
    emergencies: int
    refused: int
    month: date
    overdue_samples: int
    old_messages: int


class Looks(UseCases):
    def of_case(self, asked: Asked, key: str) -> CaseLog:
        """Everything the journal has on a case; asking is a look of its own. Raises NotForYou, CaseNotFound."""
        require(asked.by, Role.DPO)
        with self._open_work(asked) as work:
            case = work.cases.by_key(key.strip())
            if case is None:
                raise CaseNotFound(field="key")
            entries = work.journal.of_case(case.id, looks=True)
            work.look(case.id, what="access_log_opened")
            return CaseLog(case.key, tuple(reversed(_lines(work, entries, {case.id: case}))))

    def holdings(self, asked: Asked, key: str) -> dict[str, Any]:
        """All that is held on a case one may see, employees by name; the look is journaled. Raises CaseNotFound."""
        with self._open_work(asked) as work:
            found = work.cases.by_key(key.strip())
            case = case_for(work, asked, found.id if found else "")
            names = {p.id: p.name for p in work.people.all()}
            rows = work.cases.held(case.id, own_areas(asked.by))
            work.look(case.id, what="holdings_opened")
            return {name: _with_names(table, names) for name, table in rows.items()}

    def note_refused(self, asked: Asked) -> None:
        """Something personal was typed and not kept: that it happened is counted, never what it was."""
        with self._open_work(at=asked.at) as work:
            work.note("personal_data_refused", surface=asked.surface)

    def draw_due(self, at: datetime) -> int:
        """On the month's first working day: last month's looks in each area, by chance, for each of its leaders."""
        today = local_date(at)
        rules = self._rules.on(today)
        first = rules.working_days.next_on_or_after(today.replace(day=1))
        if today < first or at < instant(first, TOLD_AT):
            return 0
        month = month_before(today)
        with self._open_reading(at=at) as work:
            if not work.committees.all() or _is_drawn(work, month):
                return 0
        with self._open_work(at=at) as work:
            return self._draw(work, month, at) if not _is_drawn(work, month) else 0

    def sample(self, asked: Asked, id: str) -> SampleView:  # noqa: A002 - every thing has an id
        """Raises NotForYou."""
        with self._open_reading(at=asked.at) as work:
            return _viewed(work, _own(work, asked, id))

    def sign(self, asked: Asked, id: str, outcome: Outcome | None) -> None:  # noqa: A002
        """Raises NotForYou, OutcomeMissing."""
        with self._open_work(asked) as work:
            sample = work.samples.save(_own(work, asked, id).signed(outcome, asked.at))
            work.note("sample_signed", sample=sample.id, outcome=str(outcome), looks=str(len(sample.looks)))

    def _draw(self, work: Work, month: date, at: datetime) -> int:
        looks = work.journal.looks_between(*_instants(month))
        cases = {id: work.cases.get(id) for id in {e.case_id for e in looks if e.case_id}}  # noqa: A001
        doors = work.emergencies.since(_instants(month)[0] - timedelta(hours=1))
        always = frozenset(e.seq for e in looks if _door_of(doors, e))
        drawn_now = []
        for area in self._rules.on(local_date(at)).areas:
            there = [e for e in looks if e.case_id and cases[e.case_id].area == area.code]
            for leader in work.people.holding(Role.AREA_LEADER, area.code):
                others = [e.seq for e in there if e.by != leader.id]
                chosen = drawn(others, always, self._chance.random)
                sample = Sample(self._chance.id(), month, area.code, leader.id, at, chosen, len(others))
                if not work.samples.add_once(sample):
                    return 0  # another clock draws this month
                drawn_now += [sample] if chosen else []
        for sample in drawn_now:
            key = f"sample:{sample.id}:{sample.leader}"
            work.notices.tell(Notice(key, "sample", sample.leader, {"sample": sample.id}))
        count = len(drawn_now)
        work.note("samples_drawn", month=month.isoformat(), count=str(count))
        return count


def _with_names(value: Any, names: dict[str, str]) -> Any:
    match value:
        case str():
            return names.get(value, value)
        case list():
            return [_with_names(v, names) for v in value]
        case dict():
            return {k: _with_names(v, names) for k, v in value.items()}
        case _:
            return value


def _is_drawn(work: Work, month: date) -> bool:
    return bool(work.samples.of_month(month)) or not work.people.holding(Role.AREA_LEADER)


def _instants(month: date) -> tuple[datetime, datetime]:
    following = (month + timedelta(days=32)).replace(day=1)
    return instant(month, time(0)), instant(following, time(0))


def _own(work: Work, asked: Asked, id: str) -> Sample:  # noqa: A002
    sample = work.samples.find(id)
    if sample is None or sample.leader != asked.by.id or not asked.by.leads(sample.area):
        raise NotForYou
    return sample


def _viewed(work: Work, sample: Sample) -> SampleView:
    entries = [e for seq in sample.looks if (e := work.journal.entry(seq))]
    cases = {id: work.cases.get(id) for id in {e.case_id for e in entries if e.case_id}}  # noqa: A001
    return SampleView(sample, tuple(_lines(work, entries, cases)))


def _lines(work: Work, entries: Sequence[Entry], cases: dict[str, Case]) -> list[LogLine]:
    names = {p.id: p.name for p in work.people.all()}
    since = min((e.at for e in entries), default=None)
    doors = work.emergencies.since(since - timedelta(hours=1)) if since else []
    found = []
    for entry in entries:
        door = _door_of(doors, entry)
        found.append(
            LogLine(
                entry.at,
                names.get(entry.by or "", entry.by or ""),
                tuple(r for r in entry.role.split(",") if r),
                entry.act,
                entry.look,
                entry.surface,
                door.why if door else None,
                cases[entry.case_id].key if entry.case_id in cases else "",
            )
        )
    return found


def _door_of(doors: Sequence[Emergency], entry: Entry) -> Emergency | None:
    """The emergency door that stood open for whoever did it, if it did."""
    mine = (d for d in doors if (d.case_id, d.person) == (entry.case_id, entry.by))
    return next((d for d in mine if d.is_open(entry.at)), None)


def samples_part(part: PartAsked) -> tuple[Sample, ...] | None:
    """What a leader has not signed yet."""
    if not part.asked.by.has(Role.AREA_LEADER):
        return None
    mine = part.work.samples.unsigned(part.asked.by.id)
    return tuple(s for s in mine if s.looks and part.asked.by.leads(s.area)) or None


def watch_part(part: PartAsked) -> Watch | None:
    if not part.asked.by.has(Role.DPO):
        return None
    work, at, today = part.work, part.asked.at, part.asked.today
    month = today.replace(day=1)
    since = instant(month, time(0))
    before = at - timedelta(days=part.rules.deadlines.dm_shows_days)
    return Watch(
        check=next(iter(work.journal.checks(most=1)), None),
        looks=work.journal.count_since(since, look=True),
        emergencies=len(work.emergencies.since(since)),
        refused=work.journal.count_since(since, act="personal_data_refused"),
        month=month,
        overdue_samples=sum(s.is_overdue(at) and bool(s.looks) for s in work.samples.unsigned()),
        old_messages=len([n for n in work.notices.to_clear(before=before) if n.case_id and n.to[:1] in "UW"]),
    )


def _tell(telling: Telling) -> Told | None:
    reader = telling.recipient
    sample = telling.work.samples.find(telling.notice.facts["sample"])
    if reader is None or sample is None or not _still_theirs(reader, sample):
        return None
    return Told(sample, reader.language)


def _still_theirs(reader: Person, sample: Sample) -> bool:
    return sample.leader == reader.id and reader.leads(sample.area)


TELLERS: dict[str, Teller] = {"sample": _tell}

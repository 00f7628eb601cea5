"""Registering a case, finding it again, and seeing it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.domain.alias import AliasWord, choices, listed, of_sign
from bot.domain.anchoring import Belonging, What
from bot.domain.calendar import local, local_date
from bot.domain.case import (
    AgeBand,
    AliasTaken,
    Case,
    CaseIsYours,
    IllegalMove,
    Reference,
    ReferenceTaken,
    Stage,
)
from bot.domain.committee import CommitteeMissing
from bot.domain.frame import last_use
from bot.domain.journal import Entry
from bot.domain.marks import Mark
from bot.domain.meeting import is_ready
from bot.domain.money import Kroner
from bot.domain.notices import Notice
from bot.domain.people import AreaCode, AreaMissing, CommitteeId, NotForYou, Person, PersonId, Role, require
from bot.domain.personal_data import read_case_reference
from bot.domain.presentation import CAN_STAND_ON_AN_AGENDA, Kind, Presentation, State
from bot.domain.rules import Area, Rules
from bot.domain.tracks import Mode, track_of
from bot.usecases.acting import acts_for, may_fill, may_send
from bot.usecases.aside import CaseAside, aside_of
from bot.usecases.case_people import CasePeople, people_of
from bot.usecases.case_status import Status, status_of
from bot.usecases.delivery import Teller, Telling, Told
from bot.usecases.plan_line import PlanLine, plan_line
from bot.usecases.ports import Asked, Work
from bot.usecases.tools import UseCases, case_for


@dataclass(frozen=True)
class CaseLine:
    """A case in a list: four handles, where it stands, what is left."""

    id: str
    alias: str
    key: str
    tail: str | None  # None: no number in the viewer's own area
    band: AgeBand
    stage: Stage
    status: Status
    caseworker: PersonId
    left: Kroner | None = None  # None: no open frame
    amount: Kroner | None = None
    share: float = 0.0
    follow_up_on: date | None = None
    linked: bool = False  # the viewer's own area has a link to it in its case system
    mark: Mark | None = None  # the viewer's own


@dataclass(frozen=True)
class TimelineLine:
    at: datetime
    local: datetime
    by: str | None  # a name; None for the clock
    act: str
    facts: dict[str, str]
    seq: int


@dataclass(frozen=True)
class CaseView:
    """Everything one may see of a case on one page."""

    line: CaseLine
    case: Case
    caseworker_name: str
    areas: tuple[tuple[AreaCode, bool], ...]  # every area, and whether it has entered its number
    own_areas: tuple[AreaCode, ...]
    timeline: tuple[TimelineLine, ...]
    presentations: tuple[Presentation, ...]
    may_request: bool
    may_end_plan: bool  # before a plan is decided: when it is asked for, and while an adult has not said yes
    may_use_frame: bool
    repeatable: str  # the entry *Gentag* books once more, or ""
    may_undo: bool
    may_doubt: bool
    to_follow: str | None = None  # what a leader may follow in advisory mode (R107)
    plan: PlanLine | None = None  # None: the committee has decided none yet
    may_adjust: bool = False
    to_prepare: str = ""  # the presentation *Gør klar* opens
    aside: CaseAside = CaseAside()
    people: CasePeople = CasePeople()


@dataclass(frozen=True)
class Number:
    """A case's number in one area's system, opened for one look."""

    alias: str
    key: str
    references: tuple[Reference, ...]


SOUNDS_LIKE = 200
"""So many of the newest open cases an alias must not sound like; beyond that no word is left that sounds like none."""


class Cases(UseCases):
    def alias_choices(self, asked: Asked, *, committee: str | None = None, also: str = "") -> list[AliasWord]:
        """Four aliases to choose among (D29); `also` is the sign of one that was chosen before, while it is free."""
        with self._open_reading(at=asked.at) as work:
            own = [c.alias for c in work.cases.of_caseworker(asked.by.id)]
            where = committee or the_committee(work)
            return choices(
                self._alias_words,
                own_open=own,
                taken=lambda words: work.cases.aliases_taken(where, words),
                chance=self._chance.random,
                committee_open=work.cases.newest_open_aliases(where, most=SOUNDS_LIKE),
                also=also,
            )

    def word_of(self, sign: str) -> str:
        """The alias an option stood for. Raises AliasTaken for none of the list's."""
        found = of_sign(self._alias_words, sign)
        if found is None:
            raise AliasTaken
        return found.word

    def register(
        self, asked: Asked, *, reference: str, band: AgeBand, alias: str, area: AreaCode | None
    ) -> Case:
        """T01. Raises NoRole, NotForYou, AreaMissing, ReferenceTaken, AliasTaken, and what a bad number raises."""
        require(asked.by, Role.CASEWORKER, Role.AREA_LEADER, Role.DEPUTY_LEADER)
        area = area or asked.by.home_area
        if area is None:
            raise AreaMissing
        rules = self._rules.on(asked.today)
        number = _number(reference, rules.area(area))
        try:
            return self._register(asked, number, band, alias, area)
        except ReferenceTaken:
            self._tell_leaders_of_double(asked, area, number)
            raise

    def _register(self, asked: Asked, number: str, band: AgeBand, alias: str, area: AreaCode) -> Case:
        with self._open_work(asked) as work:
            there = work.cases.case_with_number(area, number)
            if there and there.caseworker == asked.by.id and there.is_open:
                raise CaseIsYours(alias=there.alias, key=there.key)
            if there:
                raise ReferenceTaken
            committee = the_committee(work)
            if work.cases.aliases_taken(committee, [alias]):
                raise AliasTaken
            word = listed(self._alias_words, alias)
            if word is None or word.word != alias:
                raise AliasTaken
            case = work.cases.add(
                Case(
                    id=self._chance.id(),
                    committee=committee,
                    key=work.cases.next_key(asked.today.year),
                    alias=alias,
                    alias_category=word.category,
                    area=area,
                    age_band=band,
                    registered_by=asked.by.id,
                    registered_at=asked.at,
                    caseworker=asked.by.id,
                    rules_version=self._rules.on(asked.today).version,
                )
            )
            work.cases.put_reference(Reference(case.id, area, number, self._link(asked, area, number)))  # T01
            work.belongings.add(self._first_anchor(asked, case))
            work.note("case_registered", case=case.id, area=area, band=band)
            work.result(case.id)
            return case

    def add_reference(self, asked: Asked, case_id: str, *, area: AreaCode, text: str) -> Reference:
        """An area enters its own number (D28). Raises CaseNotFound, ReferenceTaken, and what a bad number raises."""
        number = _number(text, self._rules.on(asked.today).area(area))
        with self._open_work(asked) as work:
            case = case_for(work, asked, case_id, lock=True)
            if area not in own_areas(asked.by):
                raise AreaMissing
            reference = Reference(case.id, area, number, self._link(asked, area, number))
            work.cases.put_reference(reference)
            work.note("reference_added", case=case.id, area=area)
            return reference

    def cancel(self, asked: Asked, case_id: str, *, reason: str | None) -> Case:
        """T02: registered by mistake; only before anybody has decided anything, by its caseworker or a leader.

        Raises CaseNotFound, NotForYou, CancelReasonMissing, IllegalMove.
        """
        with self._open_work(asked) as work:
            case = case_for(work, asked, case_id, lock=True)
            if not _may_cancel(case, asked.by):
                raise NotForYou
            cancelled = case.cancelled(why=reason, reasons=self._rules.on(asked.today).choices.cancel_case)
            for presentation in work.presentations.of_case(case.id):
                if presentation.state not in (State.REQUESTED, State.RETURNED, State.WITHDRAWN):
                    raise IllegalMove(stage=case.stage, wanted=Stage.CANCELLED)
                if presentation.state != State.WITHDRAWN:
                    work.presentations.save(replace(presentation, state=State.WITHDRAWN, settled_at=asked.at))
                work.notices.handle(f"referral:{presentation.id}:")
            saved = work.cases.save(cancelled)
            work.cases.remove_references(case.id)
            work.note("case_cancelled", case=case.id, reason=str(reason))
            if case.caseworker != asked.by.id:
                key = f"case_cancelled:{case.id}:{case.caseworker}"
                facts = {"by": asked.by.id}
                work.notices.tell(Notice(key, "case_cancelled", case.caseworker, facts, case_id=case.id))
            return saved

    def get(self, asked: Asked, case_id: str) -> CaseLine:
        """One line, for a form or an answer; not a look of its own."""
        with self._open_reading(at=asked.at) as work:
            return line_of(work, case_for(work, asked, case_id), asked.by)

    def look_in_vain(self, asked: Asked) -> None:
        """Asks for what nobody has: what is not there then takes as long to answer as what is somebody else's (D11)."""
        with self._open_reading(at=asked.at) as work:
            work.cases.seen_by("", asked.by, asked.at)

    def find(self, asked: Asked, text: str) -> list[CaseLine]:
        """By anything one has at hand (D29); several hits are a list, never a guess."""
        with self._open_reading(at=asked.at) as work:
            return lines_of_cases(work, work.cases.found_by(text, asked.by, asked.at), asked.by)

    def mine(self, asked: Asked) -> list[CaseLine]:
        """The open cases the person answers for and may still see, next date first."""
        with self._open_reading(at=asked.at) as work:
            own = work.cases.of_caseworker(asked.by.id)
            seen = work.cases.seen_among([c.id for c in own], asked.by, asked.at)
            lines = lines_of_cases(work, [c for c in own if c.id in seen], asked.by)
            return sorted(lines, key=lambda line: (line.status.day or date.max, line.key))

    def show(self, asked: Asked, case_id: str) -> CaseView:
        """Opens a case: a look, written down before it is shown (D21). Raises CaseNotFound."""
        with self._open_work(replace(asked, key=None)) as work:
            case = case_for(work, asked, case_id)
            work.look(case.id, what="case_opened")
            return self._view(work, case, asked)

    def _view(self, work: Work, case: Case, asked: Asked) -> CaseView:
        presentations = tuple(work.presentations.of_case(case.id))
        entered = work.cases.areas_with_reference(case.id)
        mine = case.caseworker == asked.by.id
        books = acts_for(work, case, asked.by, asked.today)
        return CaseView(
            line=line_of(work, case, asked.by),
            case=case,
            caseworker_name=work.people.get(case.caseworker).name,
            areas=_areas(self._rules.on(asked.today), case, entered),
            own_areas=own_areas(asked.by),
            timeline=timeline(work, work.journal.of_case(case.id)),
            presentations=presentations,
            aside=aside_of(work, asked, case, presentations),
            people=people_of(work, asked, case, presentations),
            may_request=case.stage == Stage.REGISTERED and may_send(work, case, asked.by, asked.today),
            may_end_plan=mine
            and (
                case.stage == Stage.REGISTERED or (case.stage == Stage.IN_REFERRAL and case.consent_missing)
            ),
            may_use_frame=books and work.frames.open_of(case.id) is not None,
            repeatable=_repeatable(work, case) if books else "",
            plan=plan_line(work, case, asked.today),
            to_prepare=_to_prepare(work, asked, case, presentations),
            may_adjust=books and case.stage == Stage.ACTIVE,
            to_follow=to_follow(presentations, self._rules.on(asked.today), asked.by),
            may_doubt=books
            and case.stage == Stage.ACTIVE
            and not any(p.is_open and p.kind == Kind.DOUBT for p in presentations),
            may_undo=_may_cancel(case, asked.by)
            and case.stage in (Stage.REGISTERED, Stage.IN_REFERRAL)
            and all(p.state in (State.REQUESTED, State.RETURNED, State.WITHDRAWN) for p in presentations),
        )

    def show_number(self, asked: Asked, case_id: str) -> Number:
        """*Vis sagsnummer*: the whole number, to the person's own areas, journaled (D29)."""
        with self._open_work(replace(asked, key=None)) as work:
            case = case_for(work, asked, case_id)
            work.look(case.id, what="number_shown")
            return Number(case.alias, case.key, tuple(work.cases.references(case.id, own_areas(asked.by))))

    def _first_anchor(self, asked: Asked, case: Case) -> Belonging:
        """The history of where a case belongs begins where it was registered (R044)."""
        return Belonging(
            self._chance.id(), case.id, case.committee, What.ANCHOR, case.area, asked.today, asked.at,
            asked.by.id, "registered",
        )  # fmt: skip

    def _link(self, asked: Asked, area: AreaCode, number: str) -> str | None:
        template = self._rules.on(asked.today).area(area).link
        return template.replace("{id}", number) if template else None

    def _tell_leaders_of_double(self, asked: Asked, area: AreaCode, number: str) -> None:
        """The refusal tells that a case exists: journaled, and the area's leaders hear of it once (D23)."""
        with self._open_work(at=asked.at) as work:
            case = work.cases.case_with_number(area, number)
            if case is None:
                return
            work.note("double_refused", case=case.id, by=asked.by.id)
            for leader in work.people.holding(Role.AREA_LEADER, area):
                key = f"double:{case.id}:{asked.by.id}:{leader.id}"
                facts = {"case": case.id, "by": asked.by.id}
                work.notices.tell(Notice(key, "double_refused", leader.id, facts, case_id=case.id))


def _may_cancel(case: Case, person: Person) -> bool:
    """Its caseworker, or a leader of the area it is in (T02)."""
    return case.caseworker == person.id or person.leads(case.area)


def to_follow(presentations: tuple[Presentation, ...], rules: Rules, person: Person) -> str | None:
    """In advisory mode: the advice a leader has not answered, or a closing that waits for the leader alone (T28)."""
    return next(
        (
            p.id
            for p in presentations
            if rules.mode == Mode.ADVISORY
            and p.is_open
            and person.leads(p.area)
            and (p.advice == "open" or (p.kind == Kind.CLOSURE and p.recommendation.closing))
        ),
        None,
    )


def _areas(rules: Rules, case: Case, entered: list[AreaCode]) -> tuple[tuple[AreaCode, bool], ...]:
    """The areas of the case's track, and any other that has entered its number (R016)."""
    taking_part = {a.code for a in rules.areas_of(track_of(case.age_band))} | {case.area, *entered}
    return tuple((a.code, a.code in entered) for a in rules.areas if a.code in taking_part)


def the_committee(work: Work, whose: Person | None = None) -> CommitteeId:
    """The one committee of the interface; for whoever runs the meetings of another, that one. Raises CommitteeMissing."""
    found = work.committees.all()
    if not found:
        raise CommitteeMissing
    return next((c.id for c in found if whose and whose.runs(c.id)), found[0].id)


def _repeatable(work: Work, case: Case) -> str:
    frame = work.frames.open_of(case.id)
    last = last_use(tuple(work.frames.entries(frame.id))) if frame else None
    return last.id if last else ""


def own_areas(person: Person) -> tuple[AreaCode, ...]:
    return tuple(sorted({p.area for p in person.posts if p.area}))


def _number(text: str, area: Area) -> str:
    return read_case_reference(text, area.pattern, example=area.example)


def lines_of_cases(work: Work, cases: Sequence[Case], viewer: Person) -> list[CaseLine]:
    """One line each; what they are made of is asked for once for all."""
    ids = [c.id for c in cases]
    work.cases.gather_references(ids)
    work.frames.gather_cases(ids)
    work.presentations.gather_cases(ids)
    open_ones = (p for c in cases if c.is_open for p in work.presentations.of_case(c.id) if p.is_open)
    work.meetings.gather(p.meeting_id for p in open_ones)
    return [line_of(work, case, viewer) for case in cases]


def line_of(work: Work, case: Case, viewer: Person) -> CaseLine:
    references = work.cases.references(case.id, own_areas(viewer))
    frame = work.frames.open_of(case.id)
    return CaseLine(
        id=case.id,
        alias=case.alias,
        key=case.key,
        tail=references[0].tail if references else None,
        band=case.band_now,
        stage=case.stage,
        status=status_of(work, case),
        caseworker=case.caseworker,
        left=frame.left if frame else None,
        amount=frame.amount if frame else None,
        share=frame.share if frame else 0.0,
        follow_up_on=_followed_up_on(work, case) or (frame.follow_up_on if frame else None),
        linked=any(reference.link for reference in references),
        mark=work.habits.marks(viewer.id).get(case.id),
    )


def _followed_up_on(work: Work, case: Case) -> date | None:
    """The meeting its follow-up stands on, also while something else about the case is on its way."""
    for p in work.presentations.of_case(case.id) if case.is_open else ():
        if p.kind == Kind.FOLLOW_UP and p.is_open and p.meeting_id:
            meeting = work.meetings.find(p.meeting_id)
            return meeting.day if meeting else None
    return None


MAY_BE_PREPARED = (*CAN_STAND_ON_AN_AGENDA, State.REQUESTED, State.RETURNED)


def _to_prepare(work: Work, asked: Asked, case: Case, presentations: tuple[Presentation, ...]) -> str:
    """What is not ready yet first, the nearest meeting first; what waits for a place before any day, a follow-up last."""

    def pressing(p: Presentation) -> tuple[bool, date]:
        meeting = work.meetings.find(p.meeting_id) if p.meeting_id else None
        without = date.max if p.kind == Kind.FOLLOW_UP else date.min
        return is_ready(p), meeting.day if meeting else without

    mine = [p for p in presentations if p.state in MAY_BE_PREPARED and may_fill(work, asked, p, case)]
    return min(mine, key=pressing).id if mine else ""


BOOKKEEPING = frozenset({"age_band_passed", "made_ready", "note_journaled", "double_refused"})
"""Acts that say nothing about where a case has come; they stay in the journal."""


def timeline(work: Work, entries: list[Entry]) -> tuple[TimelineLine, ...]:
    """What was decided and done, by whom, when: the journal as a reader wants it."""
    names = {p.id: p.name for p in work.people.all()}
    told = [e for e in entries if e.act not in BOOKKEEPING]
    return tuple(TimelineLine(e.at, local(e.at), names.get(e.by or ""), e.act, e.facts, e.seq) for e in told)


@dataclass(frozen=True)
class DoubleRefused:
    alias: str
    key: str
    by: str
    day: date


def _tell_double(telling: Telling) -> Told | None:
    case = _case_of(telling)
    if case is None or telling.recipient is None:
        return None
    who = telling.work.people.get(telling.notice.facts["by"]).name
    return Told(DoubleRefused(case.alias, case.key, who, local_date(telling.at)), telling.recipient.language)


def _case_of(telling: Telling) -> Case | None:
    """The case a notice is about, if its recipient may still see it now."""
    if telling.recipient is None or telling.notice.case_id is None:
        return None
    return telling.work.cases.seen_by(telling.notice.case_id, telling.recipient, telling.at)


case_of = _case_of


@dataclass(frozen=True)
class CancelledTold:
    """What the caseworker hears when a leader has cancelled the registration (T02)."""

    alias: str
    key: str
    by: str
    reason: str


def _tell_cancelled(telling: Telling) -> Told | None:
    case = _case_of(telling)
    if case is None or telling.recipient is None or case.cancelled_for is None:
        return None
    who = telling.work.people.get(telling.notice.facts["by"]).name
    return Told(CancelledTold(case.alias, case.key, who, case.cancelled_for), telling.recipient.language)


TELLERS: dict[str, Teller] = {"double_refused": _tell_double, "case_cancelled": _tell_cancelled}

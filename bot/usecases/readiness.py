"""»Velbelyst«: ticked over days by the caseworker, seen by the bot where it can, attested once by the leader (D18)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from bot.domain.birth import Born
from bot.domain.calendar import DateAhead
from bot.domain.case import AgeBand, Case
from bot.domain.checklist import MEASURES_STAND, gaps, points_for, ticked_by_the_bot
from bot.domain.decision import DECIDING, OUT_OF_SCOPE
from bot.domain.follow_up import FollowUpTooEarly
from bot.domain.frame import Frame, FrameGoesOn, FrameOutsideRange
from bot.domain.money import Kroner
from bot.domain.notices import Notice
from bot.domain.people import AreaCode, NotForYou, Person, PersonId, Role
from bot.domain.presentation import (
    ATTESTED,
    AlreadySettled,
    FrameTerms,
    Kind,
    Measure,
    NotReady,
    Presentation,
    Recommendation,
    State,
    Stop,
    expect_known_goals,
)
from bot.domain.rules import Point, Rules
from bot.domain.tracks import track_of
from bot.usecases.acting import may_fill
from bot.usecases.births import keep_birth_month
from bot.usecases.plans import running_measures
from bot.usecases.ports import Asked, Work
from bot.usecases.ready_news import lose_mark, tell_complete
from bot.usecases.tools import UseCases, already, case_for, rules_for, show_again, was_asked


@dataclass(frozen=True)
class PointShown:
    code: str
    done: bool
    by: str


@dataclass(frozen=True)
class GroupShown:
    code: str
    points: tuple[PointShown, ...]

    @property
    def done(self) -> int:
        return sum(p.done for p in self.points)


@dataclass(frozen=True)
class ReadyView:
    """What *Gør klar* shows, and what its forms begin from."""

    presentation: Presentation
    case: Case
    tail: str | None
    groups: tuple[GroupShown, ...]
    missing: tuple[str, ...]
    may_mark: bool
    has_birth_month: bool
    areas: tuple[AreaCode, ...]
    rules: Rules  # those it is prepared under, in the case's track
    caseworkers: tuple[tuple[PersonId, str], ...]
    proposed_name: str | None
    meetings: tuple[tuple[str, date], ...]
    mandates: int
    members: int
    running: tuple[Stop, ...] = ()  # measures in force, that could be stopped
    frame: Frame | None = None  # the open one
    may_fill: bool = True
    today: date = date.min
    marked_by: str | None = None  # whose mark it has

    @property
    def asks_the_caseworker(self) -> bool:
        """Whether anything is missing that does not come by itself."""
        return bool(set(self.missing) - {"caseworker_agreed"})

    @property
    def codes(self) -> frozenset[str]:
        """The points of its list."""
        return frozenset(p.code for g in self.groups for p in g.points)

    @property
    def total(self) -> int:
        return sum(len(g.points) for g in self.groups)

    @property
    def done(self) -> int:
        return sum(g.done for g in self.groups)


@dataclass(frozen=True)
class Agreement:
    """The group *Aftalen* as it was filled in. An amount of None leaves the frame open; zero is »ingen ramme«."""

    caseworker: PersonId | None
    amount: Kroner | None
    purposes: tuple[str, ...]
    payer: AreaCode | None
    reason: str | None
    follow_up_on: date | None
    keep_frame: bool = False  # the open frame goes on as it is; the payer may be another


class Readiness(UseCases):
    def show(self, asked: Asked, presentation_id: str) -> ReadyView:
        """Raises CaseNotFound, and AlreadySettled with whom and when for what needs no preparing any more."""
        with self._open_reading(at=asked.at) as work:
            presentation = work.presentations.get(presentation_id)
            case = case_for(work, asked, presentation.case_id)
            _expect_open(work, presentation)
            return self._view(work, asked, presentation, case)

    def save_person(
        self,
        asked: Asked,
        presentation_id: str,
        *,
        own_view: str | None,
        ticks: tuple[str, ...],
        birth_month: str | None,
    ) -> Presentation:
        """*Den unge*: own view and how, consent, parents; the month of birth is sealed and never shown (D25)."""
        with self._open_work(asked) as work:
            presentation, case = self._to_edit(work, asked, presentation_id)
            changed = _ticked(presentation, asked, ("consent", "parents"), ticks)
            changed = _own_view(changed, asked, own_view)
            if birth_month:
                keep_birth_month(work, asked, case, Born.read(birth_month), self._rules.on(asked.today))
            return self._save(work, asked, changed, case)

    def save_areas(
        self,
        asked: Asked,
        presentation_id: str,
        *,
        status: dict[AreaCode, date],
        ticks: tuple[str, ...],
    ) -> Presentation:
        """*Områder og dokumenter*: the day of each area's status (at most three months old), and the ticks.

        Raises DateAhead: nobody has heard tomorrow's status.
        """
        for area, day in status.items():
            if day > asked.today:
                raise DateAhead(field=f"status_{area}", day=day, latest=asked.today)
        with self._open_work(asked) as work:
            presentation, case = self._to_edit(work, asked, presentation_id)
            changed = _ticked(presentation, asked, ("other_parties", "documents"), ticks)
            return self._save(work, asked, replace(changed, area_status=status), case)

    def save_plan(
        self,
        asked: Asked,
        presentation_id: str,
        *,
        goals: tuple[str, ...],
        ticks: tuple[str, ...],
        stops: tuple[str, ...] = (),
        standards: tuple[str, ...] = (),
    ) -> Presentation:
        """*Planen*: goals as codes (R049), what ends, that the statutory plans are listed (R012), that motivation and
        resources are described (R048), and the quality standards it rests on (R010). Raises GoalUnknown.
        """
        expect_known_goals(goals)
        with self._open_work(asked) as work:
            presentation, case = self._to_edit(work, asked, presentation_id)
            changed = _ticked(presentation, asked, ("statutory_plans", "motivation", MEASURES_STAND), ticks)
            ending = tuple(s for s in running_measures(work, case.id) if s.task in stops)
            plan = _recommending(changed, goals=goals, stops=ending, standards=standards)
            return self._save(work, asked, plan, case)

    def add_measure(self, asked: Asked, presentation_id: str, measure: Measure) -> Presentation:
        with self._open_work(asked) as work:
            presentation, case = self._to_edit(work, asked, presentation_id)
            measures = (*presentation.recommendation.measures, measure)
            return self._save(work, asked, _recommending(presentation, measures=measures), case)

    def remove_measure(self, asked: Asked, presentation_id: str, index: int) -> Presentation:
        with self._open_work(asked) as work:
            presentation, case = self._to_edit(work, asked, presentation_id)
            kept = tuple(m for i, m in enumerate(presentation.recommendation.measures) if i != index)
            return self._save(work, asked, _recommending(presentation, measures=kept), case)

    def save_agreement(self, asked: Asked, presentation_id: str, agreement: Agreement) -> Presentation:
        """*Aftalen*: who, the frame, when we hear again (D30). Raises FrameOutsideRange (R061), FrameGoesOn, FollowUpTooEarly."""
        with self._open_work(asked) as work:
            presentation, case = self._to_edit(work, asked, presentation_id)
            _expect_after(_meeting_day(work, presentation), agreement.follow_up_on)
            _expect_one_frame(agreement, presentation.recommendation.frame)
            rules = rules_for(self._rules, presentation, case)
            changed = _recommending(
                presentation, follow_up_on=agreement.follow_up_on, **_frame_or_the_open_one(agreement, rules)
            )
            changed = self._propose(work, asked, changed, agreement.caseworker)
            return self._save(work, asked, changed, case)

    def answer_proposal(self, asked: Asked, presentation_id: str, *, yes: bool) -> Presentation:
        """The proposed caseworker says yes or no, before the meeting."""
        with self._open_work(asked) as work:
            presentation = work.presentations.get(presentation_id, lock=True)
            r = presentation.recommendation
            if r.caseworker != asked.by.id or not presentation.is_open:
                was_asked(work, asked, presentation)
                raise AlreadySettled(state=presentation.state, by=None, at=None)
            yes_at, no_at = (asked.at, None) if yes else (None, asked.at)
            changed = _recommending(presentation, caseworker_said_yes_at=yes_at, caseworker_said_no_at=no_at)
            case = work.cases.get(presentation.case_id)
            work.note("proposal_answered", case=case.id, answer="yes" if yes else "no")
            work.notices.retell(f"proposal:{presentation.id}:{asked.by.id}")
            self._tell_asker(work, changed, asked.by)
            return self._save(work, asked, changed, case)

    def yes_on_behalf(self, asked: Asked, presentation_id: str) -> Presentation:
        """The leader writes »har sagt ja mundtligt« for somebody who cannot press (A7)."""
        with self._open_work(asked) as work:
            presentation, case = self._to_edit(work, asked, presentation_id)
            if not asked.by.is_leader:
                raise NotForYou
            changed = _recommending(
                presentation, caseworker_said_yes_at=asked.at, yes_on_behalf_by=asked.by.id
            )
            return self._save(work, asked, changed, case)

    def mark_ready(self, asked: Asked, presentation_id: str) -> Presentation:
        """T08. Raises NotReady with the gaps, NotForYou, AlreadySettled."""
        with self._open_work(asked) as work:
            presentation, case = self._to_edit(work, asked, presentation_id)
            if not asked.by.leads(presentation.area):  # R020
                raise NotForYou
            missing = self._gaps(asked, presentation, case)
            if missing:  # T08
                raise NotReady(missing=missing)
            if presentation.state == State.READY:
                return presentation
            ready = replace(presentation.moved(State.READY), ready_by=asked.by.id, ready_at=asked.at)
            saved = work.presentations.save(ready)
            work.note("marked_ready", case=case.id, presentation=saved.id)
            for waiting in ("complete", "mark_lost"):
                work.notices.handle(f"{waiting}:{saved.id}:")
            for leader in work.people.holding(Role.AREA_LEADER, saved.area):
                work.notices.retell(f"new_frame:{saved.id}:{leader.id}")
            _show_agenda_again(work, saved)
            return saved

    def _save(self, work: Work, asked: Asked, changed: Presentation, case: Case) -> Presentation:
        """Keeps the change; a new gap takes the mark away (T09), the last one filled tells the leader."""
        missing = self._gaps(asked, changed, case)
        if missing and changed.ready_at is not None:  # T09
            changed = lose_mark(work, changed, missing, by=asked.by.id)
        saved = work.presentations.save(changed)
        work.note("made_ready", case=case.id, presentation=saved.id, missing=str(len(missing)))
        if not missing and waits_for_mark(saved):
            work.notices.handle(f"mark_lost:{saved.id}:")
            tell_complete(work, saved)
        _show_agenda_again(work, saved)
        return saved

    def _propose(
        self, work: Work, asked: Asked, presentation: Presentation, who: PersonId | None
    ) -> Presentation:
        """Somebody else is asked by message; whoever proposes themselves has said yes."""
        r = presentation.recommendation
        if who is None or who == r.caseworker:
            return presentation
        mine = who == asked.by.id
        changed = _recommending(
            presentation,
            caseworker=who,
            caseworker_asked_at=asked.at,
            caseworker_said_yes_at=asked.at if mine else None,
            caseworker_said_no_at=None,
            yes_on_behalf_by=None,
        )
        if not mine:
            key = f"proposal:{presentation.id}:{who}"
            facts = {"presentation": presentation.id}
            if not work.notices.retell(key):
                work.notices.tell(Notice(key, "proposal", who, facts, case_id=presentation.case_id))
        return changed

    def _tell_asker(self, work: Work, presentation: Presentation, who: Person) -> None:
        to = presentation.collector or presentation.requested_by
        if to == who.id:  # after a reopening one is asked by the leader, and answers for one's own case
            return
        key = f"proposal_answer:{presentation.id}:{who.id}:{presentation.version}"
        facts = {"presentation": presentation.id, "who": who.id}
        work.notices.tell(Notice(key, "proposal_answer", to, facts, case_id=presentation.case_id))

    def _to_edit(self, work: Work, asked: Asked, presentation_id: str) -> tuple[Presentation, Case]:
        presentation = work.presentations.get(presentation_id, lock=True)
        case = case_for(work, asked, presentation.case_id)
        if not may_fill(work, asked, presentation, case):
            raise NotForYou
        if presentation.state not in (
            State.REQUESTED,
            State.RETURNED,
            State.REFERRED,
            State.READY,
            State.POSTPONED,
        ):
            raise AlreadySettled(state=presentation.state, by=None, at=presentation.settled_at)
        return presentation, case

    def _gaps(self, asked: Asked, presentation: Presentation, case: Case) -> tuple[str, ...]:
        return missing_points(presentation, case, rules_for(self._rules, presentation, case), asked.today)

    def _view(self, work: Work, asked: Asked, presentation: Presentation, case: Case) -> ReadyView:
        rules = rules_for(self._rules, presentation, case)
        names = {p.id: p.name for p in work.people.holding(Role.CASEWORKER)}
        references = work.cases.references(case.id, tuple(p.area for p in asked.by.posts if p.area))
        proposed = presentation.recommendation.caseworker
        meets = max(_meeting_day(work, presentation) or asked.today, asked.today)
        coming = work.meetings.next_after(case.committee, meets, count=16)
        return ReadyView(
            presentation=presentation,
            case=case,
            tail=references[0].tail if references else None,
            groups=_groups(presentation, case.band_now, rules, asked.today),
            missing=self._gaps(asked, presentation, case),
            may_mark=asked.by.leads(presentation.area)
            and presentation.state in (State.REFERRED, State.POSTPONED),
            has_birth_month=work.cases.has_birth_month(case.id),
            areas=tuple(a.code for a in rules.areas),
            rules=rules,
            caseworkers=tuple(names.items()),
            proposed_name=names.get(proposed) if proposed else None,
            meetings=tuple((m.id, m.day) for m in coming if m.day > meets),
            running=running_measures(work, case.id),
            frame=work.frames.open_of(case.id),
            mandates=len(work.presentations.mandates(presentation.id)),
            members=sum(not s.alternate for s in work.committees.seats(case.committee)),
            may_fill=may_fill(work, asked, presentation, case),
            today=asked.today,
            marked_by=work.people.get(presentation.ready_by).name if presentation.ready_by else None,
        )


def _expect_open(work: Work, presentation: Presentation) -> None:
    """A button in an old message answers what is true now. What the minutes wait for has been decided too."""
    if not presentation.is_open:
        raise already(presentation, work)
    decision = presentation.decision
    if decision and decision.complete and decision.choice in (*DECIDING, OUT_OF_SCOPE):
        by = work.people.get(decision.recorded_by).name
        raise AlreadySettled(state=State.DECIDED, by=by, at=decision.recorded_at)


def waits_for_mark(presentation: Presentation) -> bool:
    """Whether a leader attests it as soon as nothing is missing (T08)."""
    return presentation.kind in ATTESTED and presentation.state in (State.REFERRED, State.POSTPONED)


def missing_points(presentation: Presentation, case: Case, rules: Rules, on: date) -> tuple[str, ...]:
    """The gaps of a presentation, among its track's areas; none for kinds that need no list (doubt, briefing)."""
    rules = rules.in_track(track_of(case.age_band))
    return gaps(
        presentation,
        checklist=checklist_of(rules, presentation.kind),
        band=case.band_now,
        areas=tuple(a.code for a in rules.areas),
        on=on,
        status_lasts=rules.deadlines.status_lasts_days,
    )


def checklist_of(rules: Rules, kind: Kind) -> tuple[Point, ...]:
    """What a kind must have; going on is asked what closing is, also by a version that has no list of its own (D18)."""
    instead = Kind.CLOSURE if kind == Kind.CONTINUED_SUPPORT else kind
    return rules.checklists.get(kind) or rules.checklists.get(instead, ())


def _groups(presentation: Presentation, band: AgeBand, rules: Rules, on: date) -> tuple[GroupShown, ...]:
    areas = tuple(a.code for a in rules.areas)
    lasts = rules.deadlines.status_lasts_days
    done = ticked_by_the_bot(presentation, areas=areas, on=on, status_lasts=lasts) | presentation.ticks.keys()
    shown: dict[str, list[PointShown]] = {}
    for point in points_for(checklist_of(rules, presentation.kind), band):
        if point.by != "shown":
            shown.setdefault(point.group, []).append(PointShown(point.code, point.code in done, point.by))
    return tuple(GroupShown(code, tuple(points)) for code, points in shown.items())


def _ticked(
    presentation: Presentation, asked: Asked, points: tuple[str, ...], chosen: tuple[str, ...]
) -> Presentation:
    """The points of a group as the form left them; a tick that stood keeps who and when."""
    for point in points:
        if point in chosen and point not in presentation.ticks:
            presentation = presentation.tick(point, by=asked.by.id, at=asked.at)
        if point not in chosen:
            presentation = presentation.untick(point)
    return presentation


def _own_view(presentation: Presentation, asked: Asked, how: str | None) -> Presentation:
    if how in (None, "not_yet"):
        return presentation.untick("own_view")
    return presentation.tick("own_view", by=asked.by.id, at=asked.at, how=how)


def _recommending(presentation: Presentation, **changes: object) -> Presentation:
    recommendation: Recommendation = replace(presentation.recommendation, **changes)  # type: ignore[arg-type]
    return replace(presentation, recommendation=recommendation)


def _meeting_day(work: Work, presentation: Presentation) -> date | None:
    """The day of the meeting it stands on, if it has a place."""
    meeting = work.meetings.find(presentation.meeting_id) if presentation.meeting_id else None
    return meeting.day if meeting else None


def _expect_after(meets: date | None, follow_up: date | None) -> None:
    if meets and follow_up and follow_up <= meets:
        raise FollowUpTooEarly(day=meets)


def _expect_one_frame(agreement: Agreement, stood: FrameTerms | None) -> None:
    """An amount beside »fortsætter« would be dropped without a word; what stood in the field before was not typed now."""
    typed = agreement.amount is not None and agreement.amount != (stood.amount if stood else None)
    if agreement.keep_frame and typed:
        raise FrameGoesOn


def _frame_or_the_open_one(agreement: Agreement, rules: Rules) -> dict[str, object]:
    """A new frame, or the open one going on, perhaps with another payer."""
    if agreement.keep_frame:
        return {"frame": None, "keep_frame": True, "payer": agreement.payer}
    return {"frame": _frame_terms(agreement, rules), "keep_frame": False, "payer": None}


def _frame_terms(agreement: Agreement, rules: Rules) -> FrameTerms | None:
    if agreement.amount is None:
        return None
    outside = bool(agreement.amount) and not rules.frame.least <= agreement.amount <= rules.frame.most
    if outside and not agreement.reason:
        raise FrameOutsideRange(least=rules.frame.least, most=rules.frame.most)
    return FrameTerms(
        amount=agreement.amount,
        purposes=agreement.purposes,
        payer=agreement.payer or rules.areas[0].code,
        outside_reason=agreement.reason if outside else None,
    )


def _show_agenda_again(work: Work, presentation: Presentation) -> None:
    if presentation.meeting_id:
        show_again(work, presentation.meeting_id)

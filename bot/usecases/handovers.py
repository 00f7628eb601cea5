"""Asking the committee for another caseworker or a background group, and who is around a case (T24, T27, R109)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.domain.calendar import DateTooFarAhead, add_months, local_date
from bot.domain.case import AgeBand, Case, Stage
from bot.domain.choices import Choices
from bot.domain.contacts import (
    Contact,
    GroupEmpty,
    HandoverBackwards,
    NewCaseworkerMissing,
    NotComplicated,
)
from bot.domain.notices import Notice
from bot.domain.people import AreaCode, NotForYou, PersonId, Role
from bot.domain.presentation import Kind, Presentation, PresentationOpen, Recommendation, State
from bot.usecases.adjustments import tell_brought_back
from bot.usecases.case_people import CasePeople, people_of
from bot.usecases.handover_effect import (
    HandoverCard,
    can_be_carried_out,
    card_of,
    carry_out,
    overlaps_to_tell,
    show_taken,
    tell_overlap,
)
from bot.usecases.one_by_one import OneByOne
from bot.usecases.ports import Asked, Work
from bot.usecases.readiness import missing_points
from bot.usecases.ready_news import tell_complete
from bot.usecases.tools import UseCases, case_for

MONTHS_AHEAD = 12
"""So far ahead there are meetings, and no handover lies further (D15, D26)."""


@dataclass(frozen=True)
class ChangeForm:
    """What the form for another caseworker is drawn from."""

    case_id: str
    alias: str
    key: str
    band: AgeBand
    caseworker: str
    choices: tuple[tuple[PersonId, str], ...]
    day: date  # the next meeting, or today, and the usual overlap
    overlap_days: int  # the usual one


@dataclass(frozen=True)
class PeopleForm:
    """What the forms for the background group and the other caseworkers begin from."""

    case: Case
    areas: tuple[AreaCode, ...]


@dataclass(frozen=True)
class Change:
    """What was filled in. `own_view` is how the young person has been asked."""

    reason: str
    caseworker: PersonId | None
    handover_on: date
    own_view: str = "not_yet"
    overlap_days: int = 0


@dataclass(frozen=True)
class GroupWish:
    complicated: bool
    members: tuple[Contact, ...] = ()
    ends: bool = False
    own_view: str = "not_yet"


class Handovers(UseCases):
    def change_form(self, asked: Asked, case_id: str) -> ChangeForm:
        """Raises CaseNotFound, NotForYou, PresentationOpen."""
        with self._open_reading(at=asked.at) as work:
            case = _to_bring(work, asked, case_id, Kind.CASEWORKER_CHANGE)
            others = [p for p in work.people.holding(Role.CASEWORKER) if p.id != case.caseworker]
            coming = work.meetings.next_after(case.committee, asked.today)
            others.sort(key=lambda p: (not p.has(Role.CASEWORKER, case.area), p.name))
            overlap = self._rules.on(asked.today).handovers.overlap_days
            first = coming[0].day if coming else asked.today
            return ChangeForm(
                case.id,
                case.alias,
                case.key,
                case.band_now,
                work.people.get(case.caseworker).name,
                tuple((p.id, p.name) for p in others),
                first + timedelta(days=overlap),
                overlap,
            )

    def ask_change(self, asked: Asked, case_id: str, change: Change) -> Presentation:
        """T22, T24: the fixed caseworker or a leader brings it to the committee, which alone decides (R057).

        The new one is asked by message. Raises NewCaseworkerMissing, HandoverBackwards, PresentationOpen, NotForYou.
        """
        with self._open_work(asked) as work:
            case = _to_bring(work, asked, case_id, Kind.CASEWORKER_CHANGE, lock=True)
            new = work.people.find(change.caseworker or "")
            if new is None or new.id == case.caseworker or not new.has(Role.CASEWORKER):
                raise NewCaseworkerMissing
            if change.handover_on < asked.today:
                raise HandoverBackwards
            latest = add_months(asked.today, MONTHS_AHEAD)
            if change.handover_on > latest:
                raise DateTooFarAhead(field="handover_on", latest=latest)
            mine = new.id == asked.by.id
            recommendation = Recommendation(
                goals=case.goals,
                caseworker=new.id,
                caseworker_asked_at=asked.at,
                caseworker_said_yes_at=asked.at if mine else None,
                handover_on=change.handover_on,
                overlap_days=change.overlap_days,
                change_reason=change.reason,
            )
            wish = self._wish(asked, case, Kind.CASEWORKER_CHANGE, recommendation, change.own_view)
            wish = wish.tick("reason", by=asked.by.id, at=asked.at, how=change.reason)
            wish = wish.tick("handover", by=asked.by.id, at=asked.at)
            self._bring(work, wish, "caseworker_change_asked", by=asked.by.id, reason=change.reason)
            if not mine:
                facts = {"presentation": wish.id}
                key = f"proposal:{wish.id}:{new.id}"
                work.notices.tell(Notice(key, "proposal", new.id, facts, case_id=case.id))
            work.result(wish.id)
            return wish

    def people_form(self, asked: Asked, case_id: str, *, group: bool) -> PeopleForm:
        """For the forms. A group is asked for; contacts are the caseworker's own to note."""
        with self._open_reading(at=asked.at) as work:
            if group:
                case = _to_bring(work, asked, case_id, Kind.BACKGROUND_GROUP)
            else:
                case = _own(case_for(work, asked, case_id), asked)
            return PeopleForm(case, tuple(a.code for a in self._rules.on(asked.today).areas))

    def ask_group(self, asked: Asked, case_id: str, wish: GroupWish) -> Presentation:
        """T22, T27: only for an especially complicated case, and only the committee decides (R065)."""
        with self._open_work(asked) as work:
            case = _to_bring(work, asked, case_id, Kind.BACKGROUND_GROUP, lock=True)
            members = tuple(sorted({m for m in wish.members if m.role in self._roles(asked).group_roles}))
            if not wish.ends and not wish.complicated:
                raise NotComplicated
            if not wish.ends and not members:
                raise GroupEmpty
            work.cases.save(replace(case, complicated=case.complicated or wish.complicated))  # R065
            group = () if wish.ends else members
            recommendation = Recommendation(goals=case.goals, group=group, group_ends=wish.ends)
            said = "yes" if wish.complicated else "no"
            asks = self._wish(asked, case, Kind.BACKGROUND_GROUP, recommendation, wish.own_view)
            self._bring(work, asks, "group_asked", by=asked.by.id, members=str(len(group)), complicated=said)
            work.result(asks.id)
            return asks

    def _roles(self, asked: Asked) -> Choices:
        return self._rules.on(asked.today).choices

    def set_contacts(self, asked: Asked, case_id: str, contacts: tuple[Contact, ...]) -> Case:
        """Other caseworkers by law, as roles and areas; the fixed one stays the entrance (R109-R111)."""
        with self._open_work(asked) as work:
            case = _own(case_for(work, asked, case_id, lock=True), asked)
            kept = tuple(sorted({c for c in contacts if c.role in self._roles(asked).contact_roles}))
            work.note("contacts_set", case=case.id, contacts=",".join(c.code for c in kept))
            return work.cases.save(replace(case, contacts=kept))

    def accept(self, asked: Asked, case_id: str) -> Case:
        """»Jeg tager sagen« (T17): the fixed caseworker has seen it. A second time changes nothing.

        Raises CaseNotFound, NotForYou.
        """
        with self._open_work(asked) as work:
            case = _own(case_for(work, asked, case_id, lock=True), asked)
            if not case.waits_to_be_taken:
                return case
            saved = work.cases.save(replace(case, accepted_at=asked.at))
            work.note("case_accepted", case=case.id)
            show_taken(work, saved)
            return saved

    def card(self, asked: Asked, case_id: str) -> HandoverCard:
        """The hand-over card: a look, journaled before it is shown (D21). Raises CaseNotFound."""
        with self._open_work(replace(asked, key=None)) as work:
            case = case_for(work, asked, case_id)
            work.look(case.id, what="contacts_opened")
            return card_of(work, case, tuple(a.code for a in self._rules.on(asked.today).areas))

    def people(self, asked: Asked, case_id: str) -> CasePeople:
        """What the viewer may do about the people of a case."""
        with self._open_reading(at=asked.at) as work:
            case = case_for(work, asked, case_id)
            return people_of(work, asked, case, tuple(work.presentations.of_case(case.id)))

    def name_of(self, asked: Asked, person: PersonId | None) -> str | None:
        """Whom a receipt names; None for the person who asked, who has said yes."""
        if person is None or person == asked.by.id:
            return None
        with self._open_reading(at=asked.at) as work:
            return work.people.get(person).name

    def carry_out_due(self, at: datetime) -> int:
        """Overlaps begin, and cases whose handover day has come change hands, each once (T24)."""
        today = local_date(at)
        with self._open_reading(at=at) as work:
            if not can_be_carried_out(work, today) and not overlaps_to_tell(work, today):
                return 0
        with self._open_work(at=at) as work:
            for handover in overlaps_to_tell(work, today):
                tell_overlap(work, handover)
            due = can_be_carried_out(work, today)
        each = OneByOne()
        for case_id in [handover.case_id for handover in due]:
            with each.alone(), self._open_work(at=at) as work:
                case = work.cases.get(case_id, lock=True)
                for handover in work.handovers.due(today):
                    if handover.case_id == case_id:  # nobody else has carried it out meanwhile
                        carry_out(work, case, handover, at=at)  # T24
        each.over()
        return len(due)

    def _wish(
        self, asked: Asked, case: Case, kind: Kind, recommendation: Recommendation, own_view: str
    ) -> Presentation:
        wish = Presentation(
            id=self._chance.id(),
            case_id=case.id,
            committee=case.committee,
            kind=kind,
            area=case.area,
            requested_by=asked.by.id,
            requested_at=asked.at,
            state=State.REFERRED,
            collector=case.caseworker if kind == Kind.BACKGROUND_GROUP else asked.by.id,
            recommendation=recommendation,
            rules_version=self._rules.on(asked.today).version,
        )
        if own_view == "not_yet":
            return wish
        return wish.tick("own_view", by=asked.by.id, at=asked.at, how=own_view)

    def _bring(self, work: Work, wish: Presentation, act: str, *, by: PersonId, **facts: str) -> None:
        work.presentations.add(wish)
        work.note(act, case=wish.case_id, presentation=wish.id, **facts)
        tell_brought_back(work, wish, by=by)
        rules = self._rules.version(wish.rules_version)
        if not missing_points(wish, work.cases.get(wish.case_id), rules, local_date(wish.requested_at)):
            tell_complete(work, wish)


def _to_bring(work: Work, asked: Asked, case_id: str, kind: Kind, *, lock: bool = False) -> Case:
    """An active case, asked for by its fixed caseworker; a change of caseworker by a leader of its area too (T22)."""
    case = case_for(work, asked, case_id, lock=lock)
    leads = kind == Kind.CASEWORKER_CHANGE and asked.by.leads(case.area)
    if case.stage != Stage.ACTIVE or not (leads or case.caseworker == asked.by.id):
        raise NotForYou
    if work.presentations.open_of(case.id, kind):
        raise PresentationOpen
    return case


def _own(case: Case, asked: Asked) -> Case:
    if case.caseworker != asked.by.id or not case.is_open:
        raise NotForYou
    return case

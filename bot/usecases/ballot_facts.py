"""What people are shown of a written procedure: each member their own answer, the chair and the secretary how it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.ballot import Ballot, BallotState, Vote
from bot.domain.calendar import local_date
from bot.domain.case import AgeBand
from bot.domain.committee import SeatKind
from bot.domain.people import Person, PersonId, Role
from bot.domain.presentation import Presentation
from bot.usecases.cases import the_committee
from bot.usecases.delivery import Teller, Telling, Told
from bot.usecases.homes import PartAsked
from bot.usecases.ports import Work

APPROVED_SHOWS = timedelta(days=2)
"""How long an approved one stays in the chair's Home."""


@dataclass(frozen=True)
class BallotView:
    """One written procedure as a person may see it now."""

    ballot: Ballot
    presentation: Presentation
    alias: str
    key: str
    band: AgeBand
    names: dict[PersonId, str]
    me: PersonId
    mine: Vote | None
    am_asked: bool
    may_answer: bool
    may_approve: bool
    runs: bool
    to_day: date | None  # the meeting that takes it instead

    @property
    def waits_for(self) -> tuple[str, ...]:
        return tuple(self.names[p] for p in self.ballot.missing)


@dataclass(frozen=True)
class BallotsHome:
    """For Home: what waits for one's own answer, and what the chair and the secretary follow."""

    mine: tuple[BallotView, ...]
    running: tuple[BallotView, ...]


@dataclass(frozen=True)
class BallotTold:
    view: BallotView


def ballot_view(work: Work, ballot: Ballot, viewer: Person, at: datetime) -> BallotView:
    case = work.cases.get(ballot.case_id)
    presentation = work.presentations.get(ballot.presentation_id)
    proposed = ballot.decision.final.caseworker if ballot.decision.final else None
    wanted = {*ballot.voters, ballot.asked_by, *([proposed] if proposed else [])}
    to = (
        work.meetings.find(ballot.meeting_id)
        if ballot.state == BallotState.TO_MEETING and ballot.meeting_id
        else None
    )
    am_asked = viewer.id in ballot.voters
    return BallotView(
        ballot=ballot,
        presentation=presentation,
        alias=case.alias,
        key=case.key,
        band=case.band_now,
        names={p: work.people.get(p).name for p in sorted(wanted)},
        me=viewer.id,
        mine=ballot.votes.get(viewer.id),
        am_asked=am_asked,
        may_answer=am_asked and ballot.state == BallotState.OPEN and at < ballot.deadline,
        may_approve=may_approve(work, ballot, viewer.id, local_date(at)),
        runs=viewer.runs(ballot.committee),
        to_day=to.day if to else None,
    )


def may_approve(work: Work, ballot: Ballot, person: PersonId, day: date) -> bool:
    agreed = ballot.state == BallotState.AGREED and not is_disqualified(work, ballot, person)
    return agreed and approves(work, ballot.committee, person, day)


def is_disqualified(work: Work, ballot: Ballot, person: PersonId) -> bool:
    """Has declared a conflict on the item, at its meeting or in writing (R013)."""
    return any(c.person == person for c in work.presentations.conflicts(ballot.presentation_id))


def approves(work: Work, committee: str, person: PersonId, day: date) -> bool:
    """The chair, or another management representative (D19)."""
    seats = work.committees.seats(committee, on=day)
    managing = {s.person for s in seats if s.kind == SeatKind.MANAGEMENT and not s.alternate}
    return person in managing or any(
        c.id == person for c in work.people.holding(Role.CHAIR, committee=committee)
    )


def ballots_part(part: PartAsked) -> BallotsHome | None:
    """Only what the one access rule lets the person see."""
    work, me, at = part.work, part.asked.by, part.asked.at
    runs, member = me.runs_meetings, me.has(Role.COMMITTEE_MEMBER)
    if not runs and not member:
        return None
    mine = work.ballots.open_for(me.id) if member else []
    running = work.ballots.in_states(the_committee(work, me), BallotState.OPEN, BallotState.AGREED)
    shown = [b for b in running if me.runs(b.committee) or may_approve(work, b, me.id, part.asked.today)]
    known = [b for b in (*mine, *shown) if not is_disqualified(work, b, me.id)]
    seen = {b.id for b in known if work.cases.seen_by(b.case_id, me, at)}
    facts = BallotsHome(
        mine=tuple(ballot_view(work, b, me, at) for b in mine if at < b.deadline and b.id in seen),
        running=tuple(ballot_view(work, b, me, at) for b in shown if b.id in seen),
    )
    return facts if facts.mine or facts.running else None


def _told(telling: Telling) -> BallotView | None:
    reader = telling.recipient
    ballot = telling.work.ballots.find(telling.notice.facts["ballot"])
    if reader is None or ballot is None or not telling.work.cases.seen_by(ballot.case_id, reader, telling.at):
        return None
    if is_disqualified(telling.work, ballot, reader.id):
        return None
    return ballot_view(telling.work, ballot, reader, telling.at)


def _tell_ballot(telling: Telling) -> Told | None:
    """To one who is asked, as long as they are."""
    view = _told(telling)
    if (
        view is None
        or telling.recipient is None
        or not view.am_asked
        or view.ballot.state != BallotState.OPEN
    ):
        return None
    return Told(BallotTold(view), telling.recipient.language)


def _tell_agreed(telling: Telling) -> Told | None:
    view = _told(telling)
    if (
        view is None
        or telling.recipient is None
        or not telling.recipient.has(Role.CHAIR, committee=view.ballot.committee)
    ):
        return None
    return Told(BallotTold(view), telling.recipient.language)


def _tell_to_meeting(telling: Telling) -> Told | None:
    view = _told(telling)
    if view is None or telling.recipient is None or view.ballot.state != BallotState.TO_MEETING:
        return None
    return Told(BallotTold(view), telling.recipient.language)


TELLERS: dict[str, Teller] = {
    "ballot": _tell_ballot,
    "ballot_agreed": _tell_agreed,
    "ballot_to_meeting": _tell_to_meeting,
}

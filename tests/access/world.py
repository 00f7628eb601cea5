"""One small town for the stories of who is refused: somebody's cases in each state that a refusal looks at.

Everything belongs to Maja, in the area `social`; nothing in it is changed by being refused.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from bot.demo import town as demo
from bot.domain.ballot import Ballot, BallotState
from bot.domain.case import Case, Stage
from bot.domain.closing import CHECK, AfterClosing
from bot.domain.committee import Conflict, Seat, SeatKind
from bot.domain.contacts import Handover
from bot.domain.document import Document
from bot.domain.emergency import OPEN_FOR, Emergency
from bot.domain.follow_up import NewDateWish
from bot.domain.gathering import AdviceRequest, Gathering
from bot.domain.looks import Sample
from bot.domain.meeting import MeetingState, Minuted
from bot.domain.notices import Notice, NoticeState
from bot.domain.people import Absence, Person, PersonId, Post, Role
from bot.domain.presentation import Decision, Kind, Presentation, State
from bot.domain.substitute import Substitute
from bot.domain.transitions import Transition
from bot.domain.two_chairs import Alarm, Gap
from bot.usecases.ports import Asked
from tests.support.frames import active_case
from tests.support.office import OfficeTown
from tests.support.rows import a_case, a_meeting, a_task, an_entry, in_committee

MANAGES = "U0MANAGES1"  # has a seat of the management, and is asked nothing
KIM, MAJA, JENS, LISE, ALI = "U0KIMPRV01", "U0MAJA0001", "U0JENS0001", "U0LISE0001", "U0ALI00001"
AREAS = ("social", "youth")
DAY = timedelta(days=1)
DECISION = Decision("changed")


@dataclass
class World:
    """Ids of what there is. `case`: on no meeting, so that nobody but Maja and her leaders see it; `on`: on the next."""

    town: OfficeTown
    case: str = ""
    key: str = ""
    alias: str = ""
    item: str = ""  # of `case`: decided, on no meeting
    requested: str = ""  # waits for a leader's answer
    own_request: str = ""  # of a leader himself
    left_request: str = ""  # a leader has said that they are disqualified
    doubt: str = ""
    ready: str = ""  # attested by another leader a moment ago
    hurried: str = ""  # Maja said that it is urgent
    chosen: str = ""  # and the chair has chosen
    on: str = ""
    on_item: str = ""
    conflicted: str = ""  # an item on the next meeting that Kim and Ali declared a conflict on
    written_brief: str = ""  # a briefing in writing on the next meeting
    closed: str = ""
    quiet: str = "quiet"  # a case of which nothing is written
    meeting: str = ""
    approved: str = "approved-meeting"
    waiting: str = "waiting-minutes"  # minutes that wait for approval
    session: str = "session"
    ballot: str = "ballot"
    disqualified_ballot: str = "ballot-2"
    wish: str = "absence"
    entry: str = "entry"
    seq: int = 0
    asked: Any = field(init=False)

    def __post_init__(self) -> None:
        self.asked = lambda who: Asked(who, self.town.clock.at, "test")


def every_role(*areas: str, but: tuple[Role, ...] = (), id: PersonId = KIM) -> Person:  # noqa: A002
    posts = {Post(role, area) for role in Role for area in (*areas, None) if role not in but}
    return holding(*posts, id=id)


def holding(*posts: Post, id: PersonId = KIM, lent: tuple[Post, ...] = ()) -> Person:  # noqa: A002
    return Person(
        id,
        demo.TEAM,
        "Kim Prøve",
        in_committee(posts, demo.COMMITTEE),
        lent=in_committee(lent, demo.COMMITTEE),
    )


OUTSIDER = every_role("youth")
ELSEWHERE = holding(Post(Role.CASEWORKER, "youth"), Post(Role.AREA_LEADER, "youth"))
CHAIR = holding(Post(Role.CHAIR))
NOBODY = holding()
ONLY_LENT = holding(id=MAJA, lent=(Post(Role.CASEWORKER, "social"),))
OWN = holding(Post(Role.CASEWORKER, "social"), id=MAJA)
LEADER = holding(Post(Role.AREA_LEADER, "social"), id=JENS)
ALI_WITH_ALL = every_role(*AREAS, id=ALI)


def but(*roles: Role) -> Person:
    """Somebody with every role there is, in every area, but these."""
    return every_role(*AREAS, but=roles)


LEADERS = (Role.AREA_LEADER, Role.DEPUTY_LEADER)
RUNS = (Role.SECRETARY, Role.CHAIR)


def build(town: OfficeTown) -> World:
    w = World(town)
    town.office.frames.usable(town.asked("Maja Holm", once=False))
    made = [active_case(town, "Maja Holm") for _ in range(4)]
    w.requested = town.requested("Maja Holm").id
    w.doubt, w.ready, w.hurried, w.chosen, w.own_request = (town.requested("Maja Holm").id for _ in range(5))
    w.left_request = town.requested("Maja Holm").id
    w.meeting = town.next_meetings(1)[0].id
    with town.house.storage.open_work(at=town.clock.at) as work:
        for id in (KIM, MANAGES):  # noqa: A001
            work.people.add(Person(id, demo.TEAM, "Kim Prøve"))
        _Laying(w, work).lay(made)
    return w


class _Laying:
    def __init__(self, w: World, work: Any) -> None:
        self.w, self.work, self.at = w, work, w.town.clock.at
        self.today = w.town.today

    def lay(self, made: list[tuple[Case, str]]) -> None:
        (hidden, item), (on, on_item), (conflicted, conflict_item), (closed, closed_item) = made
        w = self.w
        w.case, w.key, w.alias, w.item = hidden.id, hidden.key, hidden.alias, item
        w.on, w.on_item, w.conflicted, w.closed = on.id, on_item, conflict_item, closed.id
        self._items(closed, closed_item)
        self._around(hidden)
        self._meetings(hidden)
        self._ballots(conflicted)
        self._agreed(closed, closed_item)
        coming = {"on": self.today + 20 * DAY, "overlap_from": self.today}
        self.work.handovers.add(Handover("coming", w.quiet, "overdue", MAJA, ALI, **coming))
        self.work.cases.save(replace(closed, stage=Stage.CLOSED))

    def _save(self, id: str, **changes: Any) -> Presentation:  # noqa: A002
        return self.work.presentations.save(replace(self.work.presentations.get(id), **changes))  # type: ignore[no-any-return]

    def _items(self, closed: Case, closed_item: str) -> None:
        w, at = self.w, self.at
        self._save(w.item, meeting_id=None, state=State.DECIDED)
        self._save(closed_item, meeting_id=None, state=State.DECIDED)
        self._save(w.on_item, meeting_id=w.meeting)
        self._save(w.conflicted, meeting_id=w.meeting)
        self.work.presentations.take_along(w.on_item, (ALI,))
        self._save(w.own_request, requested_by=JENS)
        self._save(w.left_request, conflicted_leaders=(JENS,))
        self._save(w.doubt, kind=Kind.DOUBT)
        self._save(w.ready, state=State.READY, ready_by=LISE, ready_at=at)
        urgent = {"urgent_reason": "housing", "urgent_asked_by": MAJA}
        self._save(w.hurried, **urgent)
        chosen = {"urgent_choice": "can_wait", "urgent_by": LISE, "urgent_at": at}
        self._save(w.chosen, **urgent, **chosen)
        brief = replace(
            self.work.presentations.get(w.on_item), id="brief", kind=Kind.BRIEFING, in_writing=True, version=0
        )
        w.written_brief = self.work.presentations.add(brief).id
        for person in (KIM, ALI):
            self.work.presentations.put_conflict(Conflict(w.conflicted, person, at))
        for wished in (w.item, w.on_item):
            self.work.presentations.put_wish(NewDateWish(wished, MAJA, at, "other"))

    def _around(self, case: Case) -> None:
        w, work, at, today = self.w, self.work, self.at, self.today
        for id, where in (("hidden", w.case), ("seen", w.on)):  # noqa: A001
            work.after_closings.add(AfterClosing(f"after-{id}", where, CHECK, today))
            answered = AfterClosing(f"answered-{id}", where, CHECK, today).answered("holds", by=MAJA, at=at)
            work.after_closings.add(answered)
            work.documents.add(Document(f"document-{id}", where, "social", "plan", "S2026-000001", MAJA, at))
            work.transitions.add(Transition(f"transition-{id}", where, "adult", planned=today.replace(day=1)))
            work.gatherings.add(Gathering(f"gathering-{id}", where, "three_party", today, MAJA))
            work.emergencies.add(
                Emergency(f"door-{id}", where, MAJA, at, at + OPEN_FOR, "Ringer fra skadestuen")
            )
        work.advice.add(AdviceRequest("advice-social", w.case, "social", "what_help", MAJA, at))
        work.advice.add(AdviceRequest("advice-closed", w.closed, "youth", "what_help", MAJA, at))
        frame = work.frames.open_of(case.id)
        for id, by in ((w.entry, MAJA), ("entry-of-another", JENS)):  # noqa: A001
            work.frames.add_entry(an_entry(id, frame_id=frame.id, by=by, at=at))
        work.tasks.add(
            a_task(case_id=case.id, presentation_id=w.item, meeting_id=w.meeting, measure="mentor_support")
        )
        work.samples.add(Sample("sample", date(2026, 10, 1), "social", JENS, at, (1,), 1))
        absence = Absence(MAJA, today, today + 5 * DAY, None, id=w.wish, proposed=ALI)
        work.people.add_absence(absence)
        facts = {"intent": "unknown", "amount": "100", "case": case.id, "purpose": "transport"}
        work.notices.tell(Notice("meant", "reply", MAJA, facts, case_id=case.id))
        work.notices.record(replace(work.notices.by_key("meant"), state=NoticeState.DEAD))
        work.cases.add(
            a_case(w.quiet, committee=demo.COMMITTEE, caseworker=MAJA, registered_by=MAJA, payer=None)
        )
        work.alarms.add(Alarm("alarm", w.quiet, Gap.PAYER, at, batch="b"))
        work.substitutes.add(Substitute("stands", w.quiet, ALI, today, today + 3 * DAY, JENS, at, batch="s"))
        w.seq = work.journal.of_case(case.id)[0].seq

    def _meetings(self, case: Case) -> None:
        w, item = self.w, self.work.presentations.get(self.w.item)
        ends = replace(DECISION, final=replace(item.recommendation, closing="education"))
        record = (
            Minuted(1, item.id, case.id, item.kind, DECISION),
            Minuted(2, "ended", case.id, Kind.CLOSURE, ends),
        )
        committee = demo.COMMITTEE
        for id, state, day in (  # noqa: A001
            (w.approved, MeetingState.APPROVED, self.today - 20 * DAY),
            (w.waiting, MeetingState.MINUTES, self.today - 13 * DAY),
            (w.session, MeetingState.IN_SESSION, self.today),
        ):
            about = {"recorded_by": LISE, "record": record if state == MeetingState.APPROVED else ()}
            self.work.meetings.add(a_meeting(id, committee=committee, day=day, state=state, **about))
        self.work.presentations.add(
            replace(
                item, id="overdue", case_id=w.quiet, state=State.REFERRED, meeting_id=w.approved, version=0
            )
        )

    def _ballots(self, conflicted: Case) -> None:
        w = self.w
        for id, item, case in (  # noqa: A001
            (w.ballot, w.on_item, w.on),
            (w.disqualified_ballot, w.conflicted, conflicted.id),
        ):
            self.work.ballots.add(
                Ballot(
                    id,
                    item,
                    case,
                    demo.COMMITTEE,
                    Kind.NEW,
                    self.at + 3 * DAY,
                    JENS,
                    self.at,
                    DECISION,
                    (LISE,),
                )
            )

    def _agreed(self, closed: Case, item: str) -> None:
        """What a manager may approve, of a case they see no more."""
        self.work.committees.put_seat(
            Seat("seat-manages", demo.COMMITTEE, MANAGES, SeatKind.MANAGEMENT, "schools")
        )
        self.work.ballots.add(
            Ballot(
                "agreed",
                item,
                closed.id,
                demo.COMMITTEE,
                Kind.NEW,
                self.at + 3 * DAY,
                JENS,
                self.at,
                DECISION,
                (LISE,),
                state=BallotState.AGREED,
            )
        )

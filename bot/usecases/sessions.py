"""The live meeting (A7, D30): who is here, item by item in one form, and the way to the chair.

Every press keeps the draft on the item itself, so that Esc, a dead battery or another secretary loses at most the text
in hand. Two people at once are noticed by the draft's revision: the later one sees what stands, and nothing is lost.
"""

from __future__ import annotations

from dataclasses import replace

from bot.domain.calendar import add_months
from bot.domain.case import Case
from bot.domain.decision import (
    CHANGED,
    OUT_OF_SCOPE,
    POSTPONED,
    Recording,
    choices_for,
    completed,
    discussion_only,
    draft_of,
    drafted,
    same_choices,
)
from bot.domain.meeting import (
    Agenda,
    Item,
    ItemsUndecided,
    Meeting,
    MeetingNotYet,
    MeetingOver,
    MeetingState,
    RecorderDisqualified,
)
from bot.domain.overtaking import Beside, would_close
from bot.domain.people import PersonId, Role, require
from bot.domain.presentation import Kind, Presentation
from bot.domain.rules import Rules
from bot.domain.tracks import track_of
from bot.usecases.briefings import take_note
from bot.usecases.homes import PartAsked
from bot.usecases.item_questions import question_lines
from bot.usecases.mandates import sitting_of
from bot.usecases.memory import memory_of
from bot.usecases.minutes import agenda_of, approvers, recent_meetings, tell_chairs
from bot.usecases.ports import Asked, NotHere, Work
from bot.usecases.putting_off import (
    late_minutes,
    out_of_reach,
    prefilled,
    put_off,
    put_off_to,
    take_back,
    to_put_off,
)
from bot.usecases.session_facts import ItemView, Jump, Overtaken, Overview, OverviewLine, Page, StartView
from bot.usecases.tools import UseCases, case_for, meeting_run_by


class Sessions(UseCases):
    def beginning(self, asked: Asked, meeting_id: str) -> StartView:
        """For the form that starts the meeting. Raises NotForYou, MeetingNotYet, MeetingOver."""
        with self._open_reading(at=asked.at) as work:
            meeting = _to_hold(work, asked, meeting_id)
            return self._start_view(work, meeting)

    def start(self, asked: Asked, meeting_id: str, *, attending: tuple[PersonId, ...]) -> Page:
        """The meeting is in session; started twice, the list of who is here is the newer one."""
        with self._open_work(asked) as work:
            meeting = _to_hold(work, asked, meeting_id, lock=True)
            if meeting.state == MeetingState.PLANNED:
                meeting = replace(meeting.moved(MeetingState.IN_SESSION), started_at=asked.at)
                work.note("meeting_started", meeting=meeting.id)
                take_note(work, work.presentations.on_agenda(meeting.id), asked)
                for question in ("called", "stand_in"):  # whoever has not answered need not any more
                    work.notices.handle(f"{question}:{meeting.id}:")
            meeting = work.meetings.save(replace(meeting, attending=attending))
            work.notices.retell(meeting.post_key)
            return self._from(work, asked, meeting, meeting.at_item)

    def resume(self, asked: Asked, meeting_id: str) -> Page:
        """[Fortsæt ved punkt 4]: where somebody left it."""
        with self._open_work(replace(asked, key=None)) as work:
            meeting = _in_session(work, asked, meeting_id)
            return self._from(work, asked, meeting, meeting.at_item)

    def open_item(self, asked: Asked, meeting_id: str, presentation_id: str) -> Page:
        with self._open_work(replace(asked, key=None)) as work:
            meeting = _in_session(work, asked, meeting_id, lock=True)
            return self._at(work, asked, meeting, presentation_id)

    def keep(
        self, asked: Asked, meeting_id: str, presentation_id: str, recording: Recording, *, seen: int
    ) -> ItemView:
        """A press: the draft is kept, unless somebody else has saved the item since (`seen` is what was shown)."""
        with self._open_work(replace(asked, key=None)) as work:
            meeting = _in_session(work, asked, meeting_id)
            kept, overtaken = self._keep(work, asked, presentation_id, recording, seen)
            return self._view(work, asked, meeting, kept.id, overtaken)

    def go_to(
        self,
        asked: Asked,
        meeting_id: str,
        presentation_id: str,
        recording: Recording,
        *,
        seen: int,
        to: str,
    ) -> Page:
        """Another item, with this one kept as it is. The order of talk is never the order of paper."""
        with self._open_work(replace(asked, key=None)) as work:
            meeting = _in_session(work, asked, meeting_id, lock=True)
            kept, overtaken = self._keep(work, asked, presentation_id, recording, seen)
            if overtaken:
                return self._view(work, asked, meeting, kept.id, overtaken)
            return self._at(work, asked, meeting, to)

    def put_off(
        self, asked: Asked, meeting_id: str, presentation_id: str, recording: Recording, *, seen: int
    ) -> ItemView:
        """*Foreslå at udsætte*: what will not be reached goes to the next meeting, in draft, until each is saved (A7)."""
        with self._open_work(replace(asked, key=None)) as work:
            meeting = _in_session(work, asked, meeting_id, lock=True)
            kept, overtaken = self._keep(work, asked, presentation_id, recording, seen)
            if not overtaken:
                beyond = out_of_reach(meeting, self._agenda(work, meeting), asked.at)
                items = to_put_off(beyond, but=kept.id)
                meeting = put_off(work, meeting, items, by=asked.by.id, at=asked.at)
            return self._view(work, asked, meeting, kept.id, overtaken)

    def undo_put_off(
        self, asked: Asked, meeting_id: str, presentation_id: str, recording: Recording, *, seen: int
    ) -> ItemView:
        """*Fortryd* beside it: what has not been saved since is undecided again."""
        with self._open_work(replace(asked, key=None)) as work:
            meeting = _in_session(work, asked, meeting_id, lock=True)
            taken = take_back(work, meeting)
            meeting = work.meetings.get(meeting_id)
            gone = seen and not work.presentations.get(presentation_id).decision  # pressed a second time
            if gone or presentation_id in taken:  # its form shows the proposal, which is no longer there
                return self._view(work, asked, meeting, presentation_id, None)
            kept, overtaken = self._keep(work, asked, presentation_id, recording, seen)
            return self._view(work, asked, meeting, kept.id, overtaken)

    def save(
        self, asked: Asked, meeting_id: str, presentation_id: str, recording: Recording, *, seen: int
    ) -> Page:
        """*Gem og næste*: the decision counts, and the next item is shown; after the last one the overview.

        Raises what is missing on its field. The item itself comes again when somebody else has saved it meanwhile.
        """
        with self._open_work(asked) as work:
            meeting = _in_session(work, asked, meeting_id, lock=True)
            kept, overtaken = self._keep(work, asked, presentation_id, recording, seen)
            if overtaken or kept.decision is None:
                return self._view(work, asked, meeting, kept.id, overtaken)
            case = work.cases.get(kept.case_id)
            done = completed(
                kept, kept.decision, rules=self._of_item(meeting, case), on=meeting.day, case=case
            )
            work.presentations.save(replace(kept, decision=done))
            work.note("item_recorded", case=kept.case_id, presentation=kept.id, choice=done.choice)
            number = self._agenda(work, meeting).number_of(kept.id)
            return self._from(work, asked, meeting, number + 1)

    def overview(self, asked: Asked, meeting_id: str) -> Overview:
        with self._open_reading(at=asked.at) as work:
            return self._overview(work, asked, _in_session(work, asked, meeting_id))

    def close(self, asked: Asked, meeting_id: str) -> Overview:
        """*Send til formand*. Raises ItemsUndecided: closing never implies a decision (A7)."""
        with self._open_work(asked) as work:
            meeting = _in_session(work, asked, meeting_id, lock=True)
            overview = self._overview(work, asked, meeting)
            if overview.undecided:
                raise ItemsUndecided(numbers=overview.undecided)
            closed = replace(meeting.moved(MeetingState.MINUTES), recorded_by=asked.by.id, closed_at=asked.at)
            saved = work.meetings.save(closed)
            work.note("minutes_sent", meeting=saved.id)
            work.notices.retell(saved.post_key)
            tell_chairs(work, saved)
            return replace(overview, meeting=saved)

    def reopen(self, asked: Asked, meeting_id: str) -> Overview:
        """*Ret*: before approval an item can be opened again; the minutes are sent anew afterwards."""
        with self._open_work(replace(asked, key=None)) as work:
            require(asked.by, Role.SECRETARY, Role.CHAIR)
            meeting = meeting_run_by(work, asked, meeting_id, lock=True)
            if meeting.state == MeetingState.MINUTES:
                meeting = work.meetings.save(replace(meeting.moved(MeetingState.IN_SESSION), at_item=0))
                work.note("minutes_reopened", meeting=meeting.id)
                work.notices.retell(meeting.post_key)
                tell_chairs(work, meeting)
            return self._overview(work, asked, _in_session(work, asked, meeting_id))

    def _keep(
        self, work: Work, asked: Asked, presentation_id: str, recording: Recording, seen: int
    ) -> tuple[Presentation, Overtaken | None]:
        presentation = work.presentations.get(presentation_id, lock=True)
        case_for(work, asked, presentation.case_id)
        _expect_qualified(work, asked, presentation.id)
        stands = presentation.decision
        if stands and stands.revision != seen and stands.recorded_by != asked.by.id:
            who = work.people.get(stands.recorded_by).name
            return presentation, Overtaken(who, stands.recorded_at or asked.at)
        meeting = work.meetings.get(presentation.meeting_id or "")
        rules = self._of_item(meeting, work.cases.get(presentation.case_id))
        draft = drafted(presentation, recording, rules=rules, by=asked.by.id, at=asked.at)
        if stands and same_choices(stands, draft):
            return presentation, None
        return work.presentations.save(replace(presentation, decision=draft)), None

    def _from(self, work: Work, asked: Asked, meeting: Meeting, number: int) -> Page:
        """The first item from `number` on that has no decision; else the first one at all; else the overview.

        An item on which the person is disqualified is left to somebody else.
        """
        items = self._agenda(work, meeting).items
        waiting = [
            i
            for i in items
            if not (i.presentation.decision and i.presentation.decision.complete)
            and _who_else(work, asked, i.presentation.id) is None
        ]
        ahead = [i for i in waiting if i.number >= number] or waiting
        if not ahead:
            return self._overview(work, asked, meeting)
        return self._at(work, asked, meeting, ahead[0].presentation.id)

    def _at(self, work: Work, asked: Asked, meeting: Meeting, presentation_id: str) -> ItemView:
        """Opens an item: a look, written down; and where to go on from, should the battery die."""
        _expect_qualified(work, asked, presentation_id)
        view = self._view(work, asked, meeting, presentation_id, None)
        work.look(view.presentation.case_id, what="item_opened")
        if meeting.at_item != view.item.number:
            work.meetings.save(replace(meeting, at_item=view.item.number))
        return view

    def _of_item(self, meeting: Meeting, case: Case) -> Rules:
        """What is decided, is decided under the rules of the meeting's day, in the case's track (D8, X14)."""
        return self._rules.on(meeting.day).in_track(track_of(case.age_band))

    def _view(
        self,
        work: Work,
        asked: Asked,
        meeting: Meeting,
        presentation_id: str,
        overtaken: Overtaken | None,
    ) -> ItemView:
        agenda = self._agenda(work, meeting)
        if presentation_id not in {i.presentation.id for i in agenda.items}:
            raise NotHere("agenda")  # withdrawn, or taken off, while its form stood open
        item = agenda.item(presentation_id)
        p = item.presentation
        case = work.cases.get(p.case_id)  # `_jumps` asks of every item of the meeting
        rules = self._of_item(meeting, case)
        known = tuple(c.person for c in work.presentations.conflicts(p.id))
        decision = draft_of(p, conflicted=known)
        coming = [
            m
            for m in work.meetings.next_after(meeting.committee, meeting.day, count=60)
            if m.day > meeting.day
        ]
        caseworkers = work.people.holding(Role.CASEWORKER)
        latest = add_months(meeting.day, rules.deadlines.longest_follow_up_months)
        beyond = out_of_reach(meeting, agenda, asked.at)
        wants_list = decision.choice == CHANGED and "caseworker" in decision.changed_points
        return ItemView(
            meeting=meeting,
            item=item,
            last_number=agenda.next_number,
            alias=case.alias,
            key=case.key,
            band=case.band_now,
            decision=prefilled(decision, coming),
            choices=choices_for(p),
            discussion=discussion_only(p),
            asks_participation=not discussion_only(p) and decision.choice not in (POSTPONED, OUT_OF_SCOPE),
            names={person.id: person.name for person in work.people.all()},
            attending=meeting.attending,
            caseworkers=tuple(c.id for c in sorted(caseworkers, key=lambda c: c.name)) if wants_list else (),
            follow_ups=tuple(m.day for m in coming if m.day <= latest),
            to_meetings=tuple((m.id, m.day) for m in coming[:6]),
            jumps=_jumps(work, asked, agenda),
            now=asked.at,
            late_minutes=late_minutes(meeting, item, asked.at),
            out_of_reach=len(beyond),
            may_put_off=bool(to_put_off(beyond, but=p.id)),
            put_off=put_off_to(meeting, agenda, coming),
            overtaken=overtaken,
            disqualified=known,
            lamp=sitting_of(work, meeting, p).lamp,
            memory=memory_of(work, p),
            beside=_beside(agenda, item),
            consent_missing=item.presentation.kind == Kind.NEW and case.consent_missing,
            questions=question_lines(work, p),
        )

    def _overview(self, work: Work, asked: Asked, meeting: Meeting) -> Overview:
        agenda = self._agenda(work, meeting)
        lines = tuple(
            OverviewLine(
                i.number,
                i.presentation.id,
                case_for(work, asked, i.presentation.case_id).alias,
                i.presentation.kind,
                i.presentation.decision,
            )
            for i in agenda.items
        )
        chairs = tuple(p.name for p in approvers(work, replace(meeting, recorded_by=asked.by.id)))
        return Overview(meeting, lines, chairs)

    def _agenda(self, work: Work, meeting: Meeting) -> Agenda:
        return agenda_of(work, meeting, self._rules.on(meeting.day))

    def _start_view(self, work: Work, meeting: Meeting) -> StartView:
        agenda = self._agenda(work, meeting)
        seats = work.committees.seats(meeting.committee, on=meeting.day)
        regrets = {r.person for r in work.meetings.regrets(meeting.id)}
        members = [s.person for s in seats if not s.alternate]
        stand_ins = [meeting.stand_ins[m] for m in members if m in meeting.stand_ins]
        possible = tuple(dict.fromkeys([s.person for s in seats]))
        expected = tuple(m for m in (*members, *stand_ins) if m not in regrets)
        given = {
            (m.presentation_id, m.person)
            for i in agenda.items
            for m in work.presentations.mandates(i.presentation.id)
        }
        answered = {person for _, person in given}
        return StartView(
            meeting=meeting,
            people=tuple((id, work.people.get(id).name) for id in possible),  # noqa: A001
            here=meeting.attending or expected,
            items=len(agenda.items),
            answered=sum(person in expected for _, person in given),
            possible=len(agenda.items) * len(expected),
            silent=tuple(work.people.get(m).name for m in expected if m not in answered),
            conflicts=sum(len(work.presentations.conflicts(i.presentation.id)) for i in agenda.items),
        )


def _to_hold(work: Work, asked: Asked, meeting_id: str, *, lock: bool = False) -> Meeting:
    require(asked.by, Role.SECRETARY, Role.CHAIR)
    meeting = meeting_run_by(work, asked, meeting_id, lock=lock)
    if meeting.state not in (MeetingState.PLANNED, MeetingState.IN_SESSION):
        raise MeetingOver(state=meeting.state, day=meeting.day)
    if asked.today < meeting.day:
        raise MeetingNotYet(day=meeting.day)
    return meeting


def _in_session(work: Work, asked: Asked, meeting_id: str, *, lock: bool = False) -> Meeting:
    require(asked.by, Role.SECRETARY, Role.CHAIR)
    meeting = meeting_run_by(work, asked, meeting_id, lock=lock)
    if meeting.state != MeetingState.IN_SESSION:
        raise MeetingOver(state=meeting.state, day=meeting.day)
    return meeting


def _expect_qualified(work: Work, asked: Asked, presentation_id: str) -> None:
    """Raises RecorderDisqualified."""
    other = _who_else(work, asked, presentation_id)
    if other:
        raise RecorderDisqualified(other=other)


def _who_else(work: Work, asked: Asked, presentation_id: str) -> str | None:
    """Who records the item instead of somebody disqualified; None when the person may, or nobody else could."""
    disqualified = {c.person for c in work.presentations.conflicts(presentation_id)}
    if asked.by.id not in disqualified:
        return None
    where = work.presentations.get(presentation_id).committee
    able = [p for r in (Role.SECRETARY, Role.CHAIR) for p in work.people.holding(r, committee=where)]
    return next((p.name for p in able if p.id not in disqualified), None)


def _beside(agenda: Agenda, item: Item) -> tuple[Beside, ...]:
    """Nothing to say unless the case may be closed at this meeting (T28)."""
    case = item.presentation.case_id
    others = [i for i in agenda.items if i.presentation.case_id == case and i.number != item.number]
    found = tuple(Beside(i.number, i.presentation.kind.value, would_close(i.presentation)) for i in others)
    return found if would_close(item.presentation) or any(b.closes for b in found) else ()


def _jumps(work: Work, asked: Asked, agenda: Agenda) -> tuple[Jump, ...]:
    found = []
    for item in agenda.items:
        if _who_else(work, asked, item.presentation.id):
            continue
        case = case_for(work, asked, item.presentation.case_id)
        done = item.presentation.decision is not None and item.presentation.decision.complete
        found.append(Jump(item.number, item.presentation.id, case.alias, done))
    return tuple(found)


def running_meetings(part: PartAsked) -> tuple[Meeting, ...] | None:
    """For Home: meetings in session, with the item to go on from."""
    if not part.asked.by.runs_meetings:
        return None
    return recent_meetings(part, MeetingState.IN_SESSION) or None

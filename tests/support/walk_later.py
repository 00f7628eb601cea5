"""What random people do once a plan runs: away and ill, adjusting, changing hands, closing, advising, voting, passing on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta

from hypothesis import strategies as st

from bot.domain.ballot import Answer
from bot.domain.choices import KNOWN
from bot.domain.closing import MET
from bot.domain.contacts import CONTACT_ROLES, GROUP_ROLES, Contact
from bot.domain.presentation import CRITERIA, Kind
from bot.domain.significance import WHOLE_PLAN
from bot.usecases.ballots import Asking
from bot.usecases.closings import CLOSE, CONTINUE, ClosingWish
from bot.usecases.gatherings import GatheringWish
from bot.usecases.handovers import Change, GroupWish
from bot.usecases.referrals import Wish
from tests.support.walk import (
    AREAS,
    LEADERS,
    PEOPLE,
    Draw,
    Walk,
    anything,
    area,
    mostly,
    somebody,
    whoever,
)

BROUGHT_BACK = (Kind.CHANGE, Kind.DOUBT, Kind.BRIEFING)
MOST_GONE = 3

days = st.one_of(st.integers(0, 14), st.integers(-2, 45))

LATER_ACTS = (
    "sets_a_substitute",
    "ends_or_undoes_a_substitute",
    "somebody_is_ill",
    "goes_away",
    "comes_back_or_answers_a_wish",
    "adjusts",
    "brings_back",
    "asks_for_closing",
    "asks_for_closing",
    "takes_a_closing_back",
    "answers_after_closing",
    "reopens",
    "assesses_the_anchor",
    "asks_for_a_group",
    "asks_for_another_caseworker",
    "answers_a_proposal",
    "plans_a_gathering",
    "asks_for_advice",
    "answers_advice",
    "the_chair_chooses",
    "votes",
    "votes",
    "passes_on",
    "ticks_a_passage",
    "an_account_closes",
    "an_account_opens",
    "mends_a_next_date",
    "a_meeting_is_moved_or_cancelled",
    "ends_without_a_plan",
    "the_morning_check",
)


class LaterActs(Walk):
    """Each act by its name in LATER_ACTS; what stands twice is done twice as often."""

    # --- who stands in ---

    def sets_a_substitute(self, draw: Draw) -> None:
        stage = draw(mostly("active", "registered", "closed"))
        case, who, person = self.one("cases", draw(anything), stage=stage), draw(somebody), draw(whoever)
        first, length = self.town.today + timedelta(days=draw(days)), timedelta(days=draw(days))
        if case:
            asked = self.asked(who if draw(st.integers(0, 3)) == 0 else self.leader_of(case))
            self.office.substitutes.set(asked, case, person=person, first=first, last=first + length)

    def ends_or_undoes_a_substitute(self, draw: Draw) -> None:
        case, batch = self.one("cases", draw(anything)), self.one("substitutes", draw(anything), "batch")
        undo, who = draw(st.booleans()), draw(somebody)
        if undo and batch:
            self.office.substitutes.undo(self.asked(who), batch)
        elif case:
            self.office.substitutes.end(self.anybody_or_caseworker(draw, case), case)

    def somebody_is_ill(self, draw: Draw) -> None:
        case, other, undo = (
            self.one("cases", draw(anything), stage="active"),
            draw(whoever),
            draw(st.booleans()),
        )
        last, stranger = self.town.today + timedelta(days=draw(days)), draw(st.integers(0, 5)) == 0
        if not case:
            return
        leader = draw(somebody) if stranger else self.leader_of(case)
        with self.town.work() as work:
            ill = work.cases.get(case).caseworker
        taken = self.office.substitutes.sick(self.asked(leader), ill, substitute=other, last=last)
        if undo:
            self.office.substitutes.undo(self.asked(leader), taken.batch)

    def goes_away(self, draw: Draw) -> None:
        who, deputy = draw(somebody), draw(st.one_of(st.none(), whoever))
        first = self.town.today + timedelta(days=draw(days))
        last = first + timedelta(days=draw(days))
        self.office.absences.away(self.asked(who), first, last, deputy)

    def comes_back_or_answers_a_wish(self, draw: Draw) -> None:
        absence, who, back = self.one("absences", draw(anything)), draw(somebody), draw(st.booleans())
        other = draw(st.one_of(st.none(), whoever))
        if absence is None:
            return
        if back:
            with self.town.work() as work:
                found = work.people.absence(absence)
            self.office.absences.back(self.asked(self.town_name(found.person)), absence)
        else:
            for name in (who, *LEADERS.values()):
                self.tries(
                    lambda name=name: self.office.absences.approve(self.asked(name), absence, person=other)
                )

    # --- the plan and the committee again ---

    def adjusts(self, draw: Draw) -> None:
        case, how = (
            self.one("cases", draw(anything)),
            draw(st.sampled_from(("time_place", "extent", "amount"))),
        )
        said = draw(st.sampled_from(((), (), (), ("goal_type",), ("doubt",))))
        if case:
            asked = self.anybody_or_caseworker(draw, case)
            self.office.adjustments.adjust(asked, case, matter=WHOLE_PLAN, how=how, said=said)

    def brings_back(self, draw: Draw) -> None:
        case, kind = self.one("cases", draw(anything)), draw(st.sampled_from(BROUGHT_BACK))
        if case:
            asked = self.anybody_or_caseworker(draw, case)
            self.office.adjustments.bring_back(asked, case, kind, reasons=("goal_type",))

    def asks_for_a_group(self, draw: Draw) -> None:
        case, ends, complicated = self.one("cases", draw(anything)), draw(st.booleans()), draw(st.booleans())
        role = draw(st.sampled_from(tuple(GROUP_ROLES)))
        if not case:
            return
        asked = self.anybody_or_caseworker(draw, case)
        wish = GroupWish(complicated, (Contact(role, draw(area)),), ends=ends, own_view="conversation")
        self.office.handovers.ask_group(asked, case, wish)
        contacts = (Contact(draw(st.sampled_from(CONTACT_ROLES)), "youth"),)
        self.office.handovers.set_contacts(asked, case, contacts)

    def asks_for_another_caseworker(self, draw: Draw) -> None:
        stage = draw(mostly("active", "closed"))
        case, new = self.one("cases", draw(anything), stage=stage), draw(whoever)
        reason, day = (
            draw(st.sampled_from(KNOWN["change_caseworker"])),
            self.town.today + timedelta(days=draw(days)),
        )
        if case:
            by_leader = draw(st.booleans())
            asked = self.asked(self.leader_of(case)) if by_leader else self.anybody_or_caseworker(draw, case)
            self.office.handovers.ask_change(asked, case, Change(reason, new, day, "conversation"))

    def answers_a_proposal(self, draw: Draw) -> None:
        kind = draw(st.sampled_from(("caseworker_change", "new")))
        p, yes = self.one("presentations", draw(anything), kind=kind), draw(st.integers(0, 3)) > 0
        if not p:
            return
        with self.town.work() as work:
            asked_one = work.presentations.get(p).recommendation.caseworker
        who = self.town_name(asked_one) if asked_one else draw(somebody)
        self.office.readiness.answer_proposal(self.asked(who), p, yes=yes)

    # --- closing and what comes after ---

    def asks_for_closing(self, draw: Draw) -> None:
        case = self.one("cases", draw(anything), stage="active")
        what, why = draw(mostly(CLOSE, CONTINUE)), draw(st.sampled_from((*MET, *KNOWN["closing"], None)))
        reason = draw(mostly(*KNOWN["support"], None))
        view = draw(mostly("conversation", "not_yet", None))
        meeting = self.town.next_meetings(4)[-1].id
        if case:
            asked = self.anybody_or_caseworker(draw, case)
            ticks = ("frame_settled", "notes_journaled")
            wish = ClosingWish(what, why, view, ticks, support_reason=reason, next_meeting=meeting)
            self.office.closings.ask(asked, case, wish)

    def takes_a_closing_back(self, draw: Draw) -> None:
        state = draw(st.sampled_from(("ready", "referred", "decided")))
        p, who = self.one("presentations", draw(anything), kind="closure", state=state), draw(somebody)
        if p:
            with self.town.work() as work:
                case = work.presentations.get(p).case_id
            asked = self.asked(who) if draw(st.integers(0, 3)) == 0 else self.caseworker_of(case)
            self.office.closings.take_back(asked, p)

    def answers_after_closing(self, draw: Draw) -> None:
        after, answer = (
            self.one("after_closings", draw(anything)),
            draw(st.sampled_from(("holds", "does_not_hold"))),
        )
        if after:
            with self.town.work() as work:
                case = work.after_closings.get(after).case_id
            self.office.closings.answer(self.anybody_or_caseworker(draw, case), after, answer)

    def reopens(self, draw: Draw) -> None:
        stage = draw(st.sampled_from(("closed", "closed", "not_referred", "out_of_scope", "active")))
        case, who = self.one("cases", draw(anything), stage=stage), draw(somebody)
        reason, presenter = (
            draw(st.sampled_from((*KNOWN["reopen"], None))),
            draw(st.one_of(st.none(), whoever)),
        )
        if case:
            asked = self.asked(who if draw(st.booleans()) else self.leader_of(case))
            wish = Wish(CRITERIA, assessed_by="psychologist", consent="yes", consent_on=self.town.today)
            self.office.reopening.reopen(asked, case, reason=reason, presenter=presenter, wish=wish)

    # --- where it belongs, and who is asked ---

    def assesses_the_anchor(self, draw: Draw) -> None:
        case, to = self.one("cases", draw(anything)), draw(area)
        reason = draw(st.sampled_from(("as_proposed", *KNOWN["anchor"], None)))
        if case:
            asked = self.anybody_or_caseworker(draw, case)
            self.office.anchorings.assess(asked, case, chosen=(), area=to, reason=reason)

    def plans_a_gathering(self, draw: Draw) -> None:
        case, there = self.one("cases", draw(anything)), self.one("gatherings", draw(anything))
        day = self.town.today + timedelta(days=draw(st.integers(-5, 20)))
        kind, outcome = (
            draw(st.sampled_from(KNOWN["gatherings"])),
            draw(st.sampled_from((*KNOWN["gathering_outcomes"], None))),
        )
        if case:
            asked = self.anybody_or_caseworker(draw, case)
            self.tries(
                lambda: self.office.gatherings.plan(asked, case, GatheringWish(kind, day, outcome=outcome))
            )
        if there:
            with self.town.work() as work:
                asked = self.caseworker_of(work.gatherings.get(there).case_id)
            self.office.gatherings.record(asked, there, day=day, outcome=outcome, citizen_present=True)

    def asks_for_advice(self, draw: Draw) -> None:
        case, where = self.one("cases", draw(anything)), draw(st.sampled_from((*AREAS, "committee", None)))
        question = draw(st.sampled_from((*KNOWN["advice_questions"], None)))
        if case:
            asked = self.anybody_or_caseworker(draw, case)
            self.office.gatherings.ask_advice(asked, case, where=where, question=question)

    def answers_advice(self, draw: Draw) -> None:
        advice, who = self.one("advice_requests", draw(anything)), draw(somebody)
        answer = draw(st.sampled_from((*KNOWN["advice_answers"], None)))
        if advice:
            self.office.gatherings.answer_advice(self.asked(who), advice, answer)

    # --- urgent, and by writing ---

    def the_chair_chooses(self, draw: Draw) -> None:
        p, who = self.urgent_one(draw(anything)), draw(st.sampled_from(("Henrik Dahl",) * 20 + PEOPLE))
        how = draw(st.sampled_from(("written", "written", "extra_item", "extra_meeting", "can_wait", "undo")))
        day = self.town.today + timedelta(days=draw(days))
        if not p:
            return
        asked, urgent = self.asked(who), self.office.urgent
        asks: dict[str, Callable[[], object]] = {
            "written": lambda: urgent.written(asked, p, Asking(day, "took_part")),
            "extra_item": lambda: urgent.extra_item(asked, p),
            "extra_meeting": lambda: urgent.extra_meeting(asked, p, day=day, starts=time(13, 0)),
            "can_wait": lambda: urgent.can_wait(asked, p, reason=KNOWN["wait"][0]),
            "undo": lambda: urgent.undo(asked, p),
        }
        asks[how]()

    def votes(self, draw: Draw) -> None:
        ballot, who = self.one("ballots", draw(anything)), draw(somebody)
        answer = draw(st.sampled_from((*(Answer.AGREE,) * 4, *Answer)))
        how = draw(st.sampled_from(("answer", "all", "all", "take_back", "conflict", "approve")))
        if not ballot:
            return
        ballots = self.office.ballots
        with self.town.work() as work:
            voters = [work.people.get(v) for v in work.ballots.get(ballot).voters]
        asks: dict[str, Callable[[], object]] = {
            "answer": lambda: ballots.answer(self.asked(who), ballot, answer),
            "take_back": lambda: ballots.take_back(self.asked(who), ballot),
            "conflict": lambda: ballots.declare_conflict(self.asked(who), ballot),
            "approve": lambda: ballots.approve(self.asked("Henrik Dahl"), ballot),
            "all": lambda: [ballots.answer(self.asked(v), ballot, Answer.AGREE) for v in voters],
        }
        asks[how]()

    # --- passages, people, and the clock ---

    def passes_on(self, draw: Draw) -> None:
        case, code = (
            self.one("cases", draw(anything)),
            draw(st.sampled_from(("school_stu", "stu_adult", "age_18", None))),
        )
        month = self.town.today.replace(day=1) + timedelta(days=31 * draw(st.integers(-1, 12)))
        born = str(self.town.today.year - draw(st.integers(15, 31)))
        if case:
            asked = self.anybody_or_caseworker(draw, case)
            self.tries(lambda: self.office.passages.save_birth_month(asked, case, year=born, month="03"))
            self.office.passages.add(asked, case, code=code, month=month)

    def ticks_a_passage(self, draw: Draw) -> None:
        found, who, every = self.one("transitions", draw(anything)), draw(somebody), draw(st.booleans())
        if found:
            with self.town.work() as work:
                passage = work.transitions.get(found)
            asked = self.asked(who) if draw(st.booleans()) else self.caseworker_of(passage.case_id)
            self.office.passages.open(asked, found)
            self.office.passages.tick(asked, found, passage.points if every else ())

    def an_account_closes(self, draw: Draw) -> None:
        who = self.town.person(draw(somebody))
        with self.town.work() as work:
            gone = sum(not p.active for p in work.people.all())
        if gone < MOST_GONE:
            self.office.people.deactivated(who.id, at=self.town.clock.at)

    def an_account_opens(self, draw: Draw) -> None:
        gone = [p for name in PEOPLE if not (p := self.town.person(name)).active]
        if gone:
            who = gone[draw(anything) % len(gone)]
            self.office.people.at_the_door(who.id, team=who.team, name=who.name, at=self.town.clock.at)

    def mends_a_next_date(self, draw: Draw) -> None:
        case = self.one("alarms", draw(anything), column="case_id", gap="next_date")
        meeting, who = self.town.next_meetings(3)[draw(st.integers(0, 2))].id, draw(somebody)
        if case:
            asked = self.asked(who if draw(st.booleans()) else self.leader_of(case))
            self.office.two_chairs.set_next_date(asked, case, meeting)

    def a_meeting_is_moved_or_cancelled(self, draw: Draw) -> None:
        who = draw(mostly("Lone Ager", *PEOPLE))
        meeting = self.town.next_meetings(5)[draw(st.integers(0, 4))]
        what, day = (
            draw(st.sampled_from(("move", "cancel", "undo_cancel"))),
            self.town.today + timedelta(days=draw(days)),
        )
        asked, meetings = self.asked(who), self.office.meetings
        asks: dict[str, Callable[[], object]] = {
            "move": lambda: meetings.move(asked, meeting.id, day=day, starts=time(10, 0)),
            "cancel": lambda: meetings.cancel(asked, meeting.id, reason="other"),
            "undo_cancel": lambda: meetings.undo_cancel(asked, meeting.id),
        }
        asks[what]()

    def ends_without_a_plan(self, draw: Draw) -> None:
        case, day = self.one("cases", draw(anything), stage="registered"), draw(st.integers(-3, 1))
        if case and draw(st.booleans()):
            asked = self.anybody_or_caseworker(draw, case)
            on = self.town.today + timedelta(days=day)
            self.office.target_group.no_plan(asked, case, reason="disturbs", on=on)

    def the_morning_check(self, draw: Draw) -> None:
        """At seven on some later day, working or not."""
        self.jumps_to(self.town.today + timedelta(days=draw(st.integers(1, 4))), time(7, 0))

    # --- helpers ---

    def leader_of(self, case: str) -> str:
        with self.town.work() as work:
            return LEADERS[work.cases.get(case).area]

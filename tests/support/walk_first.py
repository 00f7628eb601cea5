"""What random people do from the request to the frame: asked, referred, prepared, decided, used, followed up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import select

from bot.demo import town as demo
from bot.domain.case import AgeBand
from bot.domain.closing import ClosingHeldBack
from bot.domain.decision import Recording
from bot.domain.errors import Refusal
from bot.domain.meeting import MeetingState
from bot.domain.money import Kroner
from bot.domain.presentation import CRITERIA, Measure
from bot.domain.task import STEPS
from bot.usecases.follow_ups import Answers
from bot.usecases.frame_facts import Use
from bot.usecases.ports import Asked
from bot.usecases.readiness import Agreement
from bot.usecases.referrals import Wish
from bot.usecases.session_facts import ItemView
from storage import tables as t
from tests.support.walk import AREAS, LEADERS, PURPOSES, Draw, Walk, anything, somebody

HERE = tuple(c.id for c in demo.CAST if c.seat and not c.alternate)
CHOICES = ("as_recommended", "as_recommended", "as_recommended", "changed", "postponed", "out_of_scope")

FIRST_ACTS = (
    "registers",
    "asks_for_referral",
    "settles_a_request",
    "does_what_is_asked_of_a_case",
    "does_what_is_asked_of_a_case",
    "the_committee_meets",
    "the_committee_meets",
    "uses_a_frame",
    "uses_a_frame",
    "asks_for_a_new_frame",
    "mends_an_entry",
    "prepares_a_follow_up",
    "doubts",
    "ticks_a_task",
    "time_passes",
)


class FirstActs(Walk):
    """Each act by its name in FIRST_ACTS; what stands twice is done twice as often."""

    def registers(self, draw: Draw) -> None:
        who = draw(somebody)
        band = draw(st.sampled_from(tuple(AgeBand)))
        ask, urgent = draw(st.booleans()), draw(st.booleans())
        asked = self.asked(who)
        area = asked.by.home_area or "social"
        self.numbers += 1
        number = {"social": f"S2026-{self.numbers:06d}", "youth": f"U-{self.numbers:06d}"}.get(
            area, f"T{self.numbers:06d}"
        )

        def register() -> None:
            alias = self.office.cases.alias_choices(asked)[0].word
            case = self.office.cases.register(asked, reference=number, band=band, alias=alias, area=area)
            if ask:
                self.office.referrals.request(self.asked(who), case.id, self.wish(band, urgent=urgent))

        self.tries(register)

    def asks_for_referral(self, draw: Draw) -> None:
        who = draw(somebody)
        which = draw(anything)
        case = self.one("cases", which)
        if case:
            self.tries(lambda: self.office.referrals.request(self.asked(who), case, self.wish(AgeBand.YOUTH)))

    def settles_a_request(self, draw: Draw) -> None:
        who = draw(somebody)
        which = draw(anything)
        what = draw(st.sampled_from(("refer", "return", "decline", "undo", "withdraw")))
        p, office, asked = self.one("presentations", which), self.office.referrals, self.asked(who)
        meeting = self.town.next_meetings(1)[0].id
        asks: dict[str, Callable[[str], object]] = {
            "refer": lambda p: office.refer(asked, p, collector=None, meeting_id=meeting),
            "return": lambda p: office.return_(asked, p, missing=("consent",)),
            "decline": lambda p: office.decline(
                asked, p, reason="not_complex", area="youth", contact="U0SOFIE001"
            ),
            "undo": lambda p: office.undo(asked, p),
            "withdraw": lambda p: office.withdraw(asked, p, reason="not_now"),
        }
        if p:
            self.tries(lambda: asks[what](p))

    def does_what_is_asked_of_a_case(self, draw: Draw) -> None:
        """Whoever answers for it: referred by its leader, prepared, marked ready."""
        which = draw(anything)
        p = self.one("presentations", which)
        if not p:
            return
        with self.town.work() as work:
            found = work.presentations.get(p)
            who = work.people.get(work.cases.get(found.case_id).caseworker)
            leader = LEADERS[found.area]
        meeting = self.town.next_meetings(1)[0].id
        self.tries(
            lambda: self.office.referrals.refer(self.asked(leader), p, collector=None, meeting_id=meeting)
        )
        self.tries(lambda: self._prepares(self.asked(who), p))
        self.tries(lambda: self.office.readiness.mark_ready(self.asked(leader), p))

    def _prepares(self, asked: Asked, p: str) -> None:
        ready = self.office.readiness
        born = "2002-04"
        ready.save_person(asked, p, own_view="conversation", ticks=("consent", "parents"), birth_month=born)
        ready.save_areas(
            asked, p, status=dict.fromkeys(AREAS, self.town.today), ticks=("other_parties", "documents")
        )
        ready.save_plan(asked, p, goals=("education",), ticks=("statutory_plans",))
        ready.add_measure(asked, p, Measure("mentor_support", "youth", Kroner.of(8_400)))
        agreement = Agreement(
            caseworker=asked.by.id,
            amount=Kroner.of(30_000),
            purposes=PURPOSES,
            payer=asked.by.home_area,
            reason=None,
            follow_up_on=self.town.next_meetings(4)[-1].day,
        )
        ready.save_agreement(asked, p, agreement)

    def the_committee_meets(self, draw: Draw) -> None:
        """On the next meeting's day, as far as there is one."""
        choices = draw(st.lists(st.sampled_from(CHOICES), min_size=1, max_size=4))
        approve = draw(st.booleans())
        meeting = self.town.next_meetings(1)[0]
        self.jumps_to(meeting.day, time(9, 0))

        def hold() -> None:
            lone = self.asked("Lone Ager")
            page: Any = self.office.sessions.start(lone, meeting.id, attending=HERE)
            for turn in range(30):
                if not isinstance(page, ItemView):
                    break
                page = self.office.sessions.save(
                    self.asked("Lone Ager"),
                    meeting.id,
                    page.presentation.id,
                    _recording(page, choices[turn % len(choices)]),
                    seen=page.decision.revision,
                )
            self.office.sessions.close(self.asked("Lone Ager"), meeting.id)

        self.tries(hold)
        if approve:
            self.approves(meeting.id)

    def approves(self, meeting: str) -> None:
        """Sent minutes can be approved, unless a closing is held back by what is set aside."""
        with self.town.work() as work:
            sent = work.meetings.get(meeting).state == MeetingState.MINUTES
        try:
            self.office.minutes.approve(self.asked("Grethe Munk"), meeting)
        except ClosingHeldBack:
            return
        except Refusal:
            assert not sent, "sent minutes that nobody can approve"
            raise

    def uses_a_frame(self, draw: Draw) -> None:
        """Also to its last krone, and beyond."""
        which = draw(anything)
        kroner = draw(st.one_of(st.integers(1, 30_000), st.integers(-5, 200_000), st.just(20_001)))
        purpose = draw(st.sampled_from(PURPOSES))
        spent = draw(st.booleans())
        back = draw(st.integers(-3, 30))
        case = self.one("frames", which, column="case_id")
        if not case:
            return
        asked = self.anybody_or_caseworker(draw, case)
        day = self.town.today - timedelta(days=back)

        def use() -> None:
            asking = Use(
                Kroner.of(kroner),
                purpose,
                day,
                commitment=not spent,
                period_until=day + timedelta(days=60) if purpose != "transport" else None,
            )
            self.office.frames.use(asked, case, asking, again=True)

        self.tries(use)

    def mends_an_entry(self, draw: Draw) -> None:
        which = draw(anything)
        what = draw(st.sampled_from(("undo", "correct", "repeat", "settle")))
        kroner = draw(anything)
        entry = self.one("entries", which)
        if not entry:
            return
        with self.database.reading.connect() as connection:
            by = connection.execute(select(t.entries.c.by).where(t.entries.c.id == entry)).scalar()
        with self.town.work() as work:
            asked = self.asked(work.people.get(by))
        frames = self.office.frames
        asks: dict[str, Callable[[], object]] = {
            "undo": lambda: frames.undo(asked, entry),
            "correct": lambda: frames.correct(asked, entry, reason="wrong_amount"),
            "repeat": lambda: frames.repeat(asked, entry),
            "settle": lambda: frames.settle(
                asked, entry, actual=Kroner.of(kroner), spent_on=self.town.today, keep_rest=bool(kroner % 2)
            ),
        }
        self.tries(asks[what])

    def prepares_a_follow_up(self, draw: Draw) -> None:
        which = draw(anything)
        outcome = draw(st.sampled_from(("unchanged", "unchanged", "close")))
        p = self.one(
            "presentations", which, kind="follow_up", state=draw(st.sampled_from(("referred", "ready")))
        )
        if not p:
            return
        with self.town.work() as work:
            case = work.presentations.get(p).case_id
        asked = self.anybody_or_caseworker(draw, case)

        def prepare() -> None:
            opened = self.office.follow_ups.open(asked, p)
            answers = Answers(
                progress=dict.fromkeys(opened.goals, "on_track"),
                outcome=outcome,
                closing="employment" if outcome == "close" else None,
                own_view="conversation",
                next_meeting=None if outcome == "close" else opened.proposed,
            )
            self.office.follow_ups.prepare(asked, p, answers)

        self.tries(prepare)

    def doubts(self, draw: Draw) -> None:
        case = self.one("cases", draw(anything))
        if case:
            asked = self.anybody_or_caseworker(draw, case)
            self.office.referrals.raise_doubt(asked, case)

    def asks_for_a_new_frame(self, draw: Draw) -> None:
        case = self.one("frames", draw(anything), column="case_id")
        kroner = draw(st.integers(-1, 90_000))
        if case:
            asked = self.anybody_or_caseworker(draw, case)
            self.office.frames.ask_new(
                asked, case, amount=Kroner.of(kroner), purposes=PURPOSES[:2], reason="used_up"
            )

    def ticks_a_task(self, draw: Draw) -> None:
        which = draw(anything)
        task = self.one("tasks", which)
        for leader in ("Jens Toft", "Lise Vang", "Ole Skov"):
            if task:
                self.tries(
                    lambda leader=leader: self.office.tasks.tick(self.asked(leader), task, frozenset(STEPS))
                )

    def time_passes(self, draw: Draw) -> None:
        hours = draw(st.integers(1, 24 * 9))
        self.town.jump(hours=hours)
        self.knocks()

    def wish(self, band: AgeBand, *, urgent: bool = False) -> Wish:
        return Wish(
            criteria=CRITERIA,
            assessed_by="school" if band == AgeBand.TEENS else None,
            consent="yes" if band == AgeBand.ADULT else None,
            consent_on=self.town.today if band == AgeBand.ADULT else None,
            urgent=urgent,
            urgent_reason="housing" if urgent else None,
        )


def _recording(page: ItemView, choice: str) -> Recording:
    if choice == "postponed" or choice not in page.choices:
        fits = "postponed" if "postponed" in page.choices else page.choices[0]
        return Recording(
            choice=fits,
            reason="time",
            to_meeting=page.to_meetings[0][0] if page.to_meetings else None,
            participation="heard_in_conversation",
        )
    if choice == "out_of_scope":
        return Recording(choice=choice, reason="one_area_enough", area="youth", contact="U0SOFIE001")
    points = ("follow_up",) if choice == "changed" else ()
    day = page.follow_ups[0] if page.follow_ups else None
    return Recording(choice=choice, participation="took_part", points=points, follow_up_on=day)

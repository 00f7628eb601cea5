"""What random people do around it all: what hastes, deputies, the emergency door, the agenda's order, second thoughts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from hypothesis import strategies as st
from sqlalchemy import select

from bot.domain.amendment import Amendment
from bot.domain.choices import KNOWN
from bot.domain.money import Kroner
from bot.domain.presentation import PARTICIPATION, Kind
from bot.domain.task import STEPS
from bot.usecases.frame_facts import Use
from bot.usecases.ports import Asked
from storage import tables as t
from tests.support.session import MEMBERS
from tests.support.walk import LEADERS, Draw, Walk, anything, area, somebody, whoever

ADMINISTRATOR, DPO = "Bo Winther", "Ditte Lund"
MANY = ("Henrik Dahl", "Maja Holm", "Ali Demir")
WORDS: dict[str, dict[str, str]] = {
    "ready": {"state": "referred", "kind": "frame_change"},
    "proposal": {"kind": "caseworker_change"},
    "mandates": {"state": "referred"},
    "tick": {},
    "date_wish": {"kind": "follow_up", "state": "referred"},
    "new_date": {"kind": "follow_up", "state": "referred"},
    "stand_in": {},
    "frame_wish": {"kind": "follow_up", "state": "referred"},
    "referral": {"state": "requested"},
}
"""What can be taken back, and on what it is most often said."""

WHY = "Borgeren står ved skranken uden tag over hovedet"

NEWER_ACTS = (
    "it_hastes",
    "it_hastes",
    "goes_in_by_the_emergency_door",
    "allows_a_deputy",
    "an_account_is_reactivated",
    "arranges_the_agenda",
    "speaks_before_the_meeting",
    "asks_before_the_meeting",
    "asks_for_another_date",
    "takes_a_word_back",
    "takes_a_word_back",
    "takes_a_word_back",
    "corrects_the_minutes",
    "journals_notes",
    "registered_by_mistake",
    "mends_a_payer",
)


class NewerActs(Walk):
    """Each act by its name in NEWER_ACTS; what stands twice is done twice as often."""

    def it_hastes(self, draw: Draw) -> None:
        """Also long after it was asked for, on a case whose plan runs; and taken back (A5)."""
        kind = draw(st.sampled_from((Kind.CHANGE, Kind.DOUBT, Kind.FRAME_CHANGE, Kind.CLOSURE, Kind.NEW)))
        p, who = self.one("presentations", draw(anything), kind=kind), draw(somebody)
        reason, back = draw(st.sampled_from((*KNOWN["urgent"], None))), draw(st.integers(0, 3)) == 0
        if p:
            asked = self.asked(who) if draw(st.booleans()) else self.caseworker_of(self.case_of(p))
            act = self.office.urgent.take_back if back else self.office.urgent.ask
            act(asked, p, **({} if back else {"reason": reason}))

    def goes_in_by_the_emergency_door(self, draw: Draw) -> None:
        """It lets somebody look for an hour, and do nothing; somebody else ticks it off."""
        case, who = self.one("cases", draw(anything)), draw(somebody)
        door, other = self.one("emergencies", draw(anything)), draw(st.sampled_from((DPO, *LEADERS.values())))
        if door and draw(st.booleans()):
            self.office.emergencies.looked_through(self.asked(other), door)
        elif case:
            with self.town.work() as work:
                found = work.cases.get(case)
            self.office.emergencies.open(self.asked(who), found.key, WHY)
            self.office.cases.show(self.asked(who), case)
            if found.caseworker != self.asked(who).by.id and not self.stands_in(case):
                use = Use(Kroner.of(1), "transport", self.town.today)
                assert not self.tries(lambda: self.office.frames.use(self.asked(who), case, use, again=True))

    def allows_a_deputy(self, draw: Draw) -> None:
        """The administrator says who may, and a leader goes away on it (D31)."""
        leader, deputy = draw(st.sampled_from(tuple(LEADERS.values()))), draw(whoever)
        person, first = self.town.person(leader).id, self.town.today + timedelta(days=draw(st.integers(0, 6)))
        by = draw(st.sampled_from((ADMINISTRATOR, ADMINISTRATOR, leader)))
        allowed = (deputy,) if draw(st.booleans()) else ()
        self.tries(lambda: self.office.absences.allow_deputies(self.asked(by), person, allowed))
        self.office.absences.away(self.asked(leader), first, first + timedelta(days=3), deputy)

    def an_account_is_reactivated(self, draw: Draw) -> None:
        """Slack says so before the person has knocked: everything they held they hold."""
        with self.town.work() as work:
            gone = [p for p in work.people.all() if not p.active]
        if gone:
            who = gone[draw(anything) % len(gone)]
            team = draw(st.sampled_from((who.team, who.team, "T0ANOTHER1")))
            opened = self.office.people.reactivated(who.id, team=team, at=self.town.clock.at)
            assert opened == (team == who.team)
            assert self.town.person(who.name).posts == who.posts

    def arranges_the_agenda(self, draw: Draw) -> None:
        p, who = self.one("presentations", draw(anything)), draw(st.sampled_from(("Lone Ager",) * 9 + MANY))
        how, number = draw(st.sampled_from(("add", "off", "up", "to", "minutes"))), draw(st.integers(1, 9))
        meeting = self.town.next_meetings(3)[draw(st.integers(0, 2))].id
        if not p:
            return
        asked, agendas = self.asked(who), self.office.agendas
        asks: dict[str, Callable[[], object]] = {
            "add": lambda: agendas.add(asked, p, meeting),
            "off": lambda: agendas.take_off(asked, p, reason="time"),
            "up": lambda: agendas.shift(asked, p, by=-1),
            "to": lambda: agendas.move_to(asked, p, number=number),
            "minutes": lambda: agendas.set_minutes(asked, p, minutes=5 * number),
        }
        asks[how]()

    def speaks_before_the_meeting(self, draw: Draw) -> None:
        p, who, absent = (
            self.one("presentations", draw(anything)),
            draw(somebody),
            draw(st.sampled_from(MEMBERS)),
        )
        how = draw(
            st.sampled_from(("mandate", "all", "conflict", "no_conflict", "regrets", "comes", "stands_in"))
        )
        meeting, yes = self.town.next_meetings(1)[0].id, draw(st.booleans())
        if not p:
            return
        asked, agendas = self.asked(who), self.office.agendas
        asks: dict[str, Callable[[], object]] = {
            "mandate": lambda: agendas.confirm_mandate(asked, p),
            "all": lambda: agendas.confirm_all(asked, meeting),
            "conflict": lambda: agendas.declare_conflict(asked, p),
            "no_conflict": lambda: agendas.undo_conflict(asked, p),
            "regrets": lambda: agendas.send_regrets(asked, meeting),
            "comes": lambda: agendas.undo_regrets(asked, meeting),
            "stands_in": lambda: agendas.stand_in(asked, meeting, absent, yes=yes),
        }
        asks[how]()

    def asks_before_the_meeting(self, draw: Draw) -> None:
        p, who = self.one("presentations", draw(anything)), draw(somebody)
        question, answer = (
            draw(st.sampled_from(KNOWN["item_questions"])),
            draw(st.sampled_from((*KNOWN["item_answers"], None))),
        )
        if not p:
            return
        self.tries(lambda: self.office.item_questions.ask(self.asked(who), p, question))
        with self.town.work() as work:
            asked = work.presentations.get(p).asked
        if asked:
            presenter = self.caseworker_of(self.case_of(p))
            self.office.item_questions.answer(presenter, p, asked[0].id, answer)

    def asks_for_another_date(self, draw: Draw) -> None:
        p = self.one("presentations", draw(anything), kind="follow_up")
        how, reason = (
            draw(st.sampled_from(("ask", "ask", "answer", "snooze"))),
            draw(st.sampled_from(KNOWN["move"])),
        )
        meeting = self.town.next_meetings(6)[draw(st.integers(0, 5))].id
        if not p:
            return
        asked, follow_ups = self.anybody_or_caseworker(draw, self.case_of(p)), self.office.follow_ups
        asks: dict[str, Callable[[], object]] = {
            "ask": lambda: follow_ups.ask_new_date(asked, p, meeting_id=meeting, reason=reason),
            "answer": lambda: follow_ups.answer_new_date(self.asked("Lone Ager"), p, meeting),
            "snooze": lambda: follow_ups.snooze(asked, p),
        }
        asks[how]()

    def takes_a_word_back(self, draw: Draw) -> None:
        """Says it, and with one press, within ten minutes, takes it back (D35)."""
        how, late = draw(st.sampled_from(tuple(WORDS))), draw(st.integers(0, 5)) == 0
        p, task = (
            self.one("presentations", draw(anything), **WORDS[how]),
            self.one("tasks", draw(anything)) or "",
        )
        meetings, absent = self.town.next_meetings(5), draw(st.sampled_from(MEMBERS))
        who = self.town_name(draw(st.sampled_from(MEMBERS)))
        if not p:
            return
        own, leader, member = self.caseworker_of(self.case_of(p)), self.leading(p), self.asked(who)
        office, said, back = self.office, self.office.agendas, self.office.second_thoughts
        first, steps = meetings[0].id, frozenset(STEPS[:2])
        asks: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
            "ready": (lambda: office.readiness.mark_ready(leader, p), lambda: back.ready(leader, p)),
            "proposal": (
                lambda: office.readiness.answer_proposal(self.proposed(p), p, yes=True),
                lambda: back.proposal(self.proposed(p), p),
            ),
            "mandates": (lambda: said.confirm_mandate(member, p), lambda: back.mandates(member, p)),
            "tick": (lambda: office.tasks.tick(leader, task, steps), lambda: back.tick(leader, task)),
            "date_wish": (
                lambda: office.follow_ups.ask_new_date(own, p, meeting_id=meetings[3].id, reason="illness"),
                lambda: back.date_wish(own, p),
            ),
            "new_date": (
                lambda: office.follow_ups.answer_new_date(self.asked("Lone Ager"), p, meetings[2].id),
                lambda: back.new_date(self.asked("Lone Ager"), p),
            ),
            "stand_in": (
                lambda: said.stand_in(member, first, absent, yes=True),
                lambda: back.stand_in(member, first, absent),
            ),
            "frame_wish": (
                lambda: office.frames.ask_new(
                    own, self.case_of(p), amount=Kroner.of(30_000), purposes=("transport",), reason="used_up"
                ),
                lambda: back.frame_wish(own, p),
            ),
            "referral": (
                lambda: office.referrals.refer(leader, p, collector=None, meeting_id=None),
                lambda: back.referral(leader, p),
            ),
        }
        says, takes_back = asks[how]
        self.tries(says)
        if late:
            self.town.jump(minutes=11)
        takes_back()

    def corrects_the_minutes(self, draw: Draw) -> None:
        """After the approval, as a new version (A7); and the note of it is ticked off."""
        with self.database.reading.connect() as connection:
            held = [
                row.id
                for row in connection.execute(select(t.meetings).where(t.meetings.c.state == "approved"))
            ]
        if not held:
            return
        meeting, who = sorted(held)[draw(anything) % len(held)], draw(st.sampled_from(("Lone Ager", *MANY)))
        with self.town.work() as work:
            now = work.meetings.get(meeting)
        if not now.record:
            return
        item = now.record[draw(anything) % len(now.record)]
        here = tuple(m for m in MEMBERS if draw(st.booleans()))
        change = Amendment(participation=draw(st.sampled_from((*PARTICIPATION, None))), attending=here)
        seen = now.minutes_version - (draw(st.integers(0, 5)) == 0)
        self.tries(
            lambda: self.office.amendments.amend(
                self.asked(who), meeting, item.presentation_id, change, seen=seen
            )
        )
        self.office.amendments.journaled(self.caseworker_of(item.case_id), meeting, item.presentation_id)

    def journals_notes(self, draw: Draw) -> None:
        asked = self.asked(draw(somebody))
        seqs = tuple(n.seq for n in self.office.notes.missing(asked) if draw(st.booleans()))
        self.office.notes.mark(asked, seqs)

    def registered_by_mistake(self, draw: Draw) -> None:
        """T02: until anybody has decided anything."""
        stage = draw(st.sampled_from(("registered", "registered", "in_referral", "active")))
        case, reason = (
            self.one("cases", draw(anything), stage=stage),
            draw(st.sampled_from((*KNOWN["cancel_case"], None))),
        )
        if case:
            self.office.cases.cancel(self.anybody_or_caseworker(draw, case), case, reason=reason)

    def mends_a_payer(self, draw: Draw) -> None:
        case, payer = self.one("alarms", draw(anything), column="case_id", gap="payer"), draw(area)
        if case:
            with self.town.work() as work:
                leader = LEADERS[work.cases.get(case).area]
            self.office.two_chairs.set_payer(self.asked(leader), case, payer)

    # --- helpers ---

    def case_of(self, presentation: str) -> str:
        with self.town.work() as work:
            return str(work.presentations.get(presentation).case_id)

    def leading(self, presentation: str) -> Asked:
        with self.town.work() as work:
            return self.asked(LEADERS[work.presentations.get(presentation).area])

    def proposed(self, presentation: str) -> Asked:
        with self.town.work() as work:
            asked_one = work.presentations.get(presentation).recommendation.caseworker
        return self.asked(self.town_name(asked_one or "nobody"))

    def stands_in(self, case: str) -> bool:
        with self.town.work() as work:
            return work.substitutes.now_on(case, self.town.today) is not None

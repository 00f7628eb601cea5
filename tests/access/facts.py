"""The table as data, the cases it speaks of, and the person it is about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml

from bot.demo import town as demo
from bot.domain.ballot import Ballot, BallotState
from bot.domain.case import Stage
from bot.domain.committee import Conflict, Seat, SeatKind
from bot.domain.contacts import Handover
from bot.domain.emergency import OPEN_FOR, Emergency
from bot.domain.gathering import AdviceRequest
from bot.domain.people import ROLES_OF_AN_AREA, Person, Post, Role
from bot.domain.presentation import Decision, Kind, State
from bot.domain.substitute import Substitute
from bot.domain.two_chairs import Alarm, Gap
from tests.support.rows import a_case, a_meeting, a_presentation, in_committee

AT = datetime(2026, 11, 24, 8, 10, tzinfo=UTC)
TODAY = date(2026, 11, 24)
DAY = timedelta(days=1)
KIM = "U0KIMPRV01"  # about whom the table is
OTHER, THIRD = "U0ALI00001", "U0PETER001"  # what is others' in it is theirs
TABLE: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "matrix.yaml").read_text("utf-8"))
STAGES = tuple(Stage)
COLUMNS = tuple(TABLE["columns"])
FACTS = tuple(TABLE["facts"])


@dataclass(frozen=True)
class Cell:
    """One combination: what somebody holds, what lies between them and a case, and the case's stage."""

    column: str
    fact: str
    stage: Stage

    @property
    def case(self) -> str:
        return case_id(self.fact, self.stage)

    @property
    def may(self) -> bool:
        said = TABLE["facts"][self.fact]
        named = [c for name in said["may"] for c in TABLE["groups"].get(name, [name])]
        stages = TABLE["open_stages"] if said.get("while") == "open" else TABLE["all_stages"]
        return self.column in named and self.stage.value in stages


def case_id(fact: str, stage: Stage) -> str:
    return f"case-{FACTS.index(fact) * len(STAGES) + STAGES.index(stage)}"


def cells(column: str) -> list[Cell]:
    return [Cell(column, fact, stage) for fact in FACTS for stage in STAGES]


def holder(column: str) -> Person:
    """Kim, as the column says."""
    said = TABLE["columns"][column]

    def posts(names: list[str]) -> frozenset[Post]:
        held = [Post(Role(n), "social" if Role(n) in ROLES_OF_AN_AREA else None) for n in names]
        return in_committee(held, demo.COMMITTEE)

    return Person(
        KIM,
        demo.TEAM,
        "Kim Prøve",
        posts(said["roles"]),
        active=said.get("active", True),
        lent=posts(said.get("lent", [])),
    )


def seat(column: str) -> Seat | None:
    """Kim's seat in the committee, with its period."""
    kind = TABLE["columns"][column].get("seat")
    if kind is None:
        return None
    whole = Seat(
        "seat-kim", demo.COMMITTEE, KIM, SeatKind.CASEWORKER, "social", alternate=kind == "alternate"
    )
    if kind == "over":
        return replace(whole, last=date(2026, 10, 31))
    return replace(whole, first=date(2027, 1, 1)) if kind == "later" else whole


def alias(fact: str, stage: Stage) -> str:
    """Of letters alone, and no part of another's: what is found on a page is this case and no other."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    number = int(case_id(fact, stage).removeprefix("case-"))
    return "Zq" + "".join(letters[number // 26**power % 26] for power in (2, 1, 0)) + "qz"


def lay_out(work: Any) -> None:
    """Kim, the meetings, and a case for each fact in each stage."""
    work.people.add(Person(KIM, demo.TEAM, "Kim Prøve"))
    for hour, (name, day, more) in enumerate(
        (
            ("this-week", TODAY + DAY, {}),
            ("this-week-as-stand-in", TODAY + DAY, {"stand_ins": {OTHER: KIM}}),
            ("next-week", TODAY + 8 * DAY, {}),
            ("fourteen-days-ago", TODAY - 14 * DAY, {}),
            ("fifteen-days-ago", TODAY - 15 * DAY, {}),
        )
    ):
        work.meetings.add(a_meeting(name, committee=demo.COMMITTEE, day=day, starts=time(13 + hour), **more))
    for index, (fact, stage) in enumerate((f, s) for f in FACTS for s in STAGES):
        _Layer(work, fact, stage, index).lay()


class _Layer:
    """One case, and the fact about it; each fact is a method of its name."""

    def __init__(self, work: Any, fact: str, stage: Stage, index: int) -> None:
        self.work, self.fact = work, fact
        self.index, self.id = index, case_id(fact, stage)
        self.case = a_case(
            self.id,
            committee=demo.COMMITTEE,
            key=f"26-{index + 4000:04d}",
            alias=alias(fact, stage),
            area="schools",
            payer="schools",
            stage=stage,
            caseworker=OTHER,
            registered_by=OTHER,
        )

    def lay(self) -> None:
        lay: Callable[[], None] = getattr(self, self.fact)
        lay()

    def _case(self, **changes: Any) -> None:
        self.work.cases.add(replace(self.case, **changes))

    def _item(self, state: State, **changes: Any) -> None:
        self._case()
        whole = a_presentation(
            f"p{self.index}",
            case_id=self.id,
            committee=demo.COMMITTEE,
            area="schools",
            requested_by=OTHER,
            state=state,
            collector=None,
            position=None,
        )
        self.work.presentations.add(replace(whole, **changes))

    def nothing_at_all(self) -> None:
        self._item(State.DECIDED)

    def registered_it_once(self) -> None:
        self._case(registered_by=KIM)

    def is_the_fixed_caseworker(self) -> None:
        self._case(caseworker=KIM)

    def is_in_the_own_area(self) -> None:
        self._case(area="social")

    def _stands_in(self, first: int, last: int, **changes: Any) -> None:
        self._case()
        whole = Substitute(f"s{self.index}", self.id, KIM, TODAY + first * DAY, TODAY + last * DAY, OTHER, AT)
        self.work.substitutes.add(replace(whole, batch="b", **changes))

    def stands_in_today(self) -> None:
        self._stands_in(-3, 3)

    def stands_in_on_the_first_day(self) -> None:
        self._stands_in(0, 3)

    def stands_in_on_the_last_day(self) -> None:
        self._stands_in(-3, 0)

    def somebody_else_stands_in_today(self) -> None:
        self._stands_in(-3, 3, person=THIRD)

    def stood_in_until_yesterday(self) -> None:
        self._stands_in(-3, -1)

    def stands_in_from_tomorrow(self) -> None:
        self._stands_in(1, 3)

    def stood_in_and_was_ended(self) -> None:
        self._stands_in(-3, 3, ended_at=AT - timedelta(minutes=1))

    def _takes_over(self, *, old: str, new: str, begins: int, done: bool = False) -> None:
        self._item(State.DECIDED)
        self.work.handovers.add(
            Handover(
                f"h{self.index}",
                self.id,
                f"p{self.index}",
                old,
                new,
                TODAY + 20 * DAY,
                done_at=AT if done else None,
                overlap_from=TODAY + begins * DAY,
            )
        )

    def takes_over_and_the_overlap_has_begun(self) -> None:
        self._takes_over(old=OTHER, new=KIM, begins=0)

    def takes_over_and_the_overlap_begins_tomorrow(self) -> None:
        self._takes_over(old=OTHER, new=KIM, begins=1)

    def took_over_and_it_is_carried_out(self) -> None:
        self._takes_over(old=OTHER, new=KIM, begins=-9, done=True)

    def hands_over(self) -> None:
        self._takes_over(old=KIM, new=THIRD, begins=0)

    def __getattr__(self, name: str) -> Callable[[], None]:
        if name.startswith("asked_for_it_"):
            state = State(name.removeprefix("asked_for_it_"))
            return lambda: self._item(state, requested_by=KIM)
        raise AttributeError(name)

    def is_taken_along_to_an_item_that_waits_for_a_leader(self) -> None:
        self._item(State.REQUESTED)
        self.work.presentations.take_along(f"p{self.index}", [KIM])

    def somebody_else_is_taken_along(self) -> None:
        self._item(State.REQUESTED)
        self.work.presentations.take_along(f"p{self.index}", [THIRD])

    def was_taken_along_to_an_item_that_is_decided(self) -> None:
        self._item(State.DECIDED)
        self.work.presentations.take_along(f"p{self.index}", [KIM])

    def others_ask_and_wait_for_a_leader(self) -> None:
        self._item(State.REQUESTED)

    def others_are_on_the_queue(self) -> None:
        self._item(State.READY)

    def was_postponed(self) -> None:
        self._item(State.POSTPONED)

    def is_brought_by_the_own_area(self) -> None:
        self._item(State.REQUESTED, area="social")

    def was_brought_by_the_own_area_and_declined(self) -> None:
        self._item(State.DECLINED, area="social")

    def _advice(self, area: str, **changes: Any) -> None:
        self._case()
        self.work.advice.add(
            AdviceRequest(f"a{self.index}", self.id, area, "what_help", OTHER, AT - DAY, **changes)
        )

    def the_own_area_is_asked_for_advice(self) -> None:
        self._advice("social")

    def the_own_area_has_answered(self) -> None:
        self._advice("social", answer="we_can_help", answered_by=KIM, answered_at=AT)

    def another_area_is_asked_for_advice(self) -> None:
        self._advice("youth")

    def _alarm(self, **changes: Any) -> None:
        self._case()
        self.work.alarms.add(Alarm(f"al{self.index}", self.id, Gap.PAYER, AT - DAY, batch="b", **changes))

    def an_alarm_stands(self) -> None:
        self._alarm()

    def an_alarm_was_mended(self) -> None:
        self._alarm(mended_at=AT - timedelta(hours=1))

    def _emergency(self, person: str, began: datetime) -> None:
        self._case()
        self.work.emergencies.add(
            Emergency(f"e{self.index}", self.id, person, began, began + OPEN_FOR, "Ringer fra skadestuen nu")
        )

    def came_by_the_emergency_door(self) -> None:
        self._emergency(KIM, AT - OPEN_FOR + timedelta(seconds=1))

    def the_hour_is_over(self) -> None:
        self._emergency(KIM, AT - OPEN_FOR)

    def somebody_else_came_by_the_emergency_door(self) -> None:
        self._emergency(THIRD, AT)

    def _on(self, meeting: str) -> None:
        self._item(State.DECIDED, meeting_id=meeting)

    def on_this_weeks_meeting(self) -> None:
        self._on("this-week")

    def on_this_weeks_meeting_as_stand_in(self) -> None:
        self._on("this-week-as-stand-in")

    def on_next_weeks_meeting(self) -> None:
        self._on("next-week")

    def on_a_meeting_fourteen_days_ago(self) -> None:
        self._on("fourteen-days-ago")

    def on_a_meeting_fifteen_days_ago(self) -> None:
        self._on("fifteen-days-ago")

    def on_this_weeks_meeting_with_a_conflict(self) -> None:
        self._on("this-week")
        self.work.presentations.put_conflict(Conflict(f"p{self.index}", KIM, AT - DAY))

    def _in_writing(self, voter: str, *, ended: int = -2, state: BallotState = BallotState.OPEN) -> None:
        self._item(State.DECIDED)
        self.work.ballots.add(
            Ballot(
                id=f"v{self.index}",
                presentation_id=f"p{self.index}",
                case_id=self.id,
                committee=demo.COMMITTEE,
                kind=Kind.NEW,
                deadline=AT - ended * DAY,
                asked_by=OTHER,
                asked_at=AT - 20 * DAY,
                decision=Decision("accepted"),
                voters=(voter,),
                state=state,
            )
        )

    def is_asked_in_writing(self) -> None:
        self._in_writing(KIM)

    def was_asked_in_writing_fifteen_days_ago(self) -> None:
        self._in_writing(KIM, ended=15, state=BallotState.APPROVED)

    def was_asked_in_writing_and_it_was_taken_back(self) -> None:
        self._in_writing(KIM, state=BallotState.WITHDRAWN)

    def others_are_asked_in_writing(self) -> None:
        self._in_writing(OTHER)

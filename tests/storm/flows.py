"""The things people and the clock do, each as one asking with its key, in a town where all of them lie ahead.

`lay_out` brings the town there once; every flow then begins from the same picture of it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.demo import town as demo
from bot.domain.calendar import instant
from bot.domain.case import AgeBand, Case, Stage
from bot.domain.contacts import Handover
from bot.domain.money import Kroner
from bot.domain.presentation import CRITERIA, Measure
from bot.usecases.closings import ClosingWish
from bot.usecases.follow_ups import Answers
from bot.usecases.frame_facts import Use
from bot.usecases.handovers import Change
from bot.usecases.ports import AlreadyAsked, Asked
from bot.usecases.referrals import Wish
from tests.storm.town import FileTown
from tests.support.frames import active_case
from tests.support.session import AS_RECOMMENDED, begun, next_meeting, ready, saved

LISE = "U0LISE0001"
MAJA, NANNA, JENS, LONE = "U0MAJA0001", "U0NANNA001", "U0JENS0001", "U0LONE0001"
SECOND_LEADERS = ("U0KAREN001", "U0LISE0001", "U0OLE00001")
MONDAY_AFTER = date(2026, 11, 23)
CLOSING = ClosingWish(
    closing="education", own_view="conversation", ticks=("frame_settled", "notes_journaled")
)

Held = dict[str, Any]
"""Ids of what the town holds for each flow."""


@dataclass(frozen=True)
class Flow:
    """`at`: when it happens, counted from the end of the laying out. `before`: what nobody dies in, and is as it is."""

    name: str
    act: Callable[[FileTown, Held], object]
    before: Callable[[FileTown, Held], object] = lambda _town, _held: None
    at: timedelta = timedelta(0)
    later: timedelta = timedelta(0)  # when what waits for its day is owed
    seldom: bool = False  # like another one in what it tells, and what it writes dies in a story; `make storm` has it too


def lay_out(town: FileTown) -> Held:
    """A week's work: requests that wait, cases that run, minutes to approve, an agenda to post."""
    office, held = town.office, {}
    for second in SECOND_LEADERS:  # who hears what the first one hears: more of the same
        office.people.deactivated(second, at=town.clock.at)
    wait = ("refer", "return", "decline", "withdraw", "undo")
    held |= {name: town.requested("Maja Holm").id for name in wait}
    returned = town.requested("Maja Holm").id
    held["answer"] = office.referrals.return_(town.asked("Jens Toft"), returned, missing=("consent",)).id
    held["referred"] = town.referred("Maja Holm").id
    held["retold"] = town.referred("Maja Holm").id
    _cases_that_run(town, held)
    meeting, held["later"] = next_meeting(town), town.next_meetings(2)[1].id
    ready(town, meeting, caseworker="U0ALI00001", measures=(Measure("mentor_support", "youth"),))
    office.closings.ask(town.asked("Maja Holm"), held["ended"], CLOSING)
    town.knock()
    page = begun(town, meeting)
    for _ in range(2):
        page = saved(town, page, AS_RECOMMENDED)
    office.sessions.close(town.asked("Lone Ager"), meeting.id)
    held["meeting"] = meeting.id
    town.jump(hours=2)
    held["alias"] = office.cases.alias_choices(town.asked("Maja Holm"))[0].word
    held["request"] = town.registered("Maja Holm").id
    booked = office.frames.use(town.asked("Maja Holm"), held["reversed"], _use(1_200))
    held["entry"] = booked.entry.id
    town.knock()
    town.jump(minutes=3)
    town.knock()
    held["at"] = town.clock.at
    return held


def _cases_that_run(town: FileTown, held: Held) -> None:
    runs = ("used", "reversed", "wished", "changed", "handed", "ended", "closing", "doubted")
    cases = {name: active_case(town, "Maja Holm") for name in runs}
    held |= {name: case.id for name, (case, _) in cases.items()}
    held["follow_up"] = cases["used"][1]
    held["new_date"] = cases["wished"][1]
    closed, _ = active_case(town, "Maja Holm")
    held["closed"] = _closed(town, closed).id
    with town.house.storage.open_work(at=town.clock.at) as work:
        due = date(2026, 11, 20)
        work.handovers.add(
            Handover("handover-1", held["handed"], cases["handed"][1], old=MAJA, new=NANNA, on=due)
        )


def _closed(town: FileTown, case: Case) -> Case:
    with town.house.storage.open_work(at=town.clock.at) as work:
        there = work.cases.get(case.id)
        frame = work.frames.open_of(case.id)
        assert frame is not None
        follow_up = work.presentations.get(f"follow-up-{case.id}")
        work.frames.save(replace(frame, state=type(frame.state).SETTLED))
        work.presentations.save(
            follow_up.settled(type(follow_up.state).WITHDRAWN, by=MAJA, at=town.clock.at, undo_until=None)
        )
        closed: Case = work.cases.save(
            replace(there, stage=Stage.CLOSED, closed_on=town.today, closed_for="education")
        )
        return closed


def _use(kroner: int) -> Use:
    return Use(Kroner.of(kroner), "transport", date(2026, 11, 18))


def _by(town: FileTown, name: str, key: str) -> Asked:
    """One press: whoever redelivers it, it has the same key."""
    return Asked(town.person(name), town.clock.at, "test", key=f"press:{key}")


def _register(town: FileTown, held: Held) -> object:
    asked = _by(town, "Maja Holm", "register")
    return town.office.cases.register(
        asked, reference="S2026-990001", band=AgeBand.YOUTH, alias=held["alias"], area="social"
    )


def _request(town: FileTown, held: Held) -> object:
    wish = Wish(criteria=CRITERIA)
    return town.office.referrals.request(_by(town, "Maja Holm", "request"), held["request"], wish)


def _refer(town: FileTown, held: Held) -> object:
    asked = _by(town, "Jens Toft", "refer")
    return town.office.referrals.refer(asked, held["refer"], collector=None, meeting_id=held["later"])


def _return(town: FileTown, held: Held) -> object:
    return town.office.referrals.return_(
        _by(town, "Jens Toft", "return"), held["return"], missing=("consent",)
    )


def _answer(town: FileTown, held: Held) -> object:
    return town.office.referrals.answer_missing(
        _by(town, "Maja Holm", "answer"), held["answer"], answered=("consent",)
    )


def _decline(town: FileTown, held: Held) -> object:
    asked = _by(town, "Jens Toft", "decline")
    return town.office.referrals.decline(
        asked, held["decline"], reason="not_complex", area="youth", contact="U0SOFIE001"
    )


def _withdraw(town: FileTown, held: Held) -> object:
    asked = _by(town, "Maja Holm", "withdraw")
    return town.office.referrals.withdraw(asked, held["withdraw"], reason="not_now")


def _put_on(town: FileTown, held: Held) -> object:
    return town.office.agendas.add(_by(town, "Lone Ager", "put_on"), held["referred"], held["later"])


def _post(town: FileTown, _held: Held) -> object:
    town.clock.at = instant(MONDAY_AFTER, time(8, 0))
    return town.office.posts.post_due(town.clock.at)


def _approve(town: FileTown, held: Held) -> object:
    return town.office.minutes.approve(_by(town, "Henrik Dahl", "approve"), held["meeting"])


def _book(town: FileTown, held: Held) -> object:
    return town.office.frames.use(_by(town, "Maja Holm", "use"), held["used"], _use(33_000))


def _reverse(town: FileTown, held: Held) -> object:
    asked = _by(town, "Maja Holm", "reverse")
    return town.office.frames.correct(asked, held["entry"], reason="wrong_amount")


def _prepare(town: FileTown, held: Held) -> object:
    asked = _by(town, "Maja Holm", "follow_up")
    opened = town.office.follow_ups.open(asked, held["follow_up"])
    answers = Answers(
        progress=dict.fromkeys(opened.goals, "on_track"),
        own_view="conversation",
        next_meeting=opened.proposed,
    )
    return town.office.follow_ups.prepare(asked, held["follow_up"], answers)


def _new_date(town: FileTown, held: Held) -> object:
    asked = _by(town, "Maja Holm", "new_date")
    return town.office.follow_ups.ask_new_date(
        asked, held["new_date"], meeting_id=held["later"], reason="holiday"
    )


def _change(town: FileTown, held: Held) -> object:
    change = Change("left_job", NANNA, date(2026, 12, 1), "conversation")
    return town.office.handovers.ask_change(_by(town, "Maja Holm", "change"), held["changed"], change)


def _hand_over(town: FileTown, _held: Held) -> object:
    return town.office.handovers.carry_out_due(town.clock.at)


def _ask_to_close(town: FileTown, held: Held) -> object:
    return town.office.closings.ask(_by(town, "Maja Holm", "close"), held["closing"], CLOSING)


def _reopen(town: FileTown, held: Held) -> object:
    asked = _by(town, "Jens Toft", "reopen")
    return town.office.reopening.reopen(
        asked, held["closed"], reason="new_need", presenter=None, wish=Wish(CRITERIA)
    )


def _doubt(town: FileTown, held: Held) -> object:
    return town.office.referrals.raise_doubt(_by(town, "Maja Holm", "doubt"), held["doubted"])


def _write(town: FileTown, _held: Held) -> object:
    return town.office.conversation.hear(_by(town, "Maja Holm", "event"), "hjælp")


def _is_ill(town: FileTown, _held: Held) -> object:
    asked, last = _by(town, "Jens Toft", "ill"), town.today + timedelta(days=10)
    return town.office.substitutes.sick(asked, MAJA, substitute=NANNA, last=last)


def _move(town: FileTown, held: Held) -> object:
    asked = _by(town, "Lone Ager", "move")
    return town.office.meetings.move(asked, held["later"], day=date(2026, 11, 27), starts=time(10, 0))


def _while_the_chair_is_away(town: FileTown, held: Held) -> object:
    """Lise leads for Henrik, and does not chair for him: what only a chair hears comes back to him, and waits."""
    town.office.people.reactivated(LISE, team=demo.TEAM, at=town.clock.at)
    with suppress(AlreadyAsked):
        asked = _by(town, "Henrik Dahl", "away")
        town.office.absences.away(asked, town.today, town.today, LISE)
    wish = Wish(criteria=CRITERIA, urgent=True, urgent_reason="housing")
    return town.office.referrals.request(_by(town, "Maja Holm", "urgent"), held["request"], wish)


def _mornings(town: FileTown, _held: Held) -> object:
    return town.office.overviews.send_due(town.clock.at)


NEXT_MORNING = timedelta(hours=21)

FLOWS = (
    Flow("open a case", _register),
    Flow("ask for a referral", _request),
    Flow("refer it, on a meeting's agenda", _refer),
    Flow("send it back", _return, seldom=True),
    Flow("answer what was missing", _answer, seldom=True),
    Flow("decline it", _decline, seldom=True),
    Flow("withdraw it, and make the leader's message neutral", _withdraw),
    Flow("put it on the agenda", _put_on, seldom=True),
    Flow("post the agenda", _post),
    Flow("approve the minutes: a frame is granted, a case is closed", _approve),
    Flow("log a use that passes a mark", _book),
    Flow("reverse a use", _reverse, seldom=True),
    Flow("prepare a follow-up", _prepare),
    Flow("ask for another date", _new_date, seldom=True),
    Flow("ask for another caseworker", _change, seldom=True),
    Flow("hand the case over on its day", _hand_over, at=timedelta(days=1)),
    Flow("ask for closing", _ask_to_close, seldom=True),
    Flow("open it again", _reopen, seldom=True),
    Flow("have doubts", _doubt, seldom=True),
    Flow("write to the bot", _write),
    Flow("somebody is ill, and a colleague takes over", _is_ill, seldom=True),
    Flow("move a meeting", _move, seldom=True),
    Flow(
        "what a deputy may not hear goes back to the chair, who is away",
        _while_the_chair_is_away,
        later=timedelta(days=1),
        seldom=True,
    ),
    Flow("tell everybody their morning", _mornings, at=NEXT_MORNING, seldom=True),
)


def begins(flow: Flow, held: Held) -> datetime:
    at: datetime = held["at"] + flow.at
    return at

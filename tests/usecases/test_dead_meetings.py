"""A meeting that is cancelled or over keeps nothing: what was meant for it stands somewhere people look (T12, D32)."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from bot.domain.decision import Recording
from bot.domain.money import Kroner
from bot.domain.presentation import Presentation, State
from tests.support.frames import active_case
from tests.support.office import OfficeTown
from tests.support.session import begun, ready, saved

MAJA, JENS, LONE, HENRIK = "Maja Holm", "Jens Toft", "Lone Ager", "Henrik Dahl"
CHAIRS = (("Henrik", "U0HENRIK01"), ("Grethe", "U0GRETHE01"))
ON_ONE_DATABASE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def item(town: OfficeTown, id: str) -> Presentation:  # noqa: A002
    with town.work() as work:
        found: Presentation = work.presentations.get(id)
        return found


def cancelled(town: OfficeTown, meeting: str) -> None:
    town.office.meetings.cancel(town.asked(LONE), meeting, reason="illness")
    town.jump(minutes=11)
    town.office.meetings.carry_out_due(town.clock.at)


def recorded(town: OfficeTown, recording: Recording) -> Presentation:
    meeting = town.next_meetings(1)[0]
    ready_for_it = recording.choice != "discussed"
    put = ready(town, meeting) if ready_for_it else town.referred(MAJA, meeting=meeting.id)
    saved(town, begun(town, meeting), recording)
    town.office.sessions.close(town.asked(LONE), meeting.id)
    return put


@pytest.mark.rule("T12")
def test_what_was_postponed_to_a_meeting_cancelled_since_stands_on_the_next_one(town: OfficeTown) -> None:
    held, off, then = town.next_meetings(3)
    put = recorded(town, Recording(choice="postponed", reason="mandate_missing", to_meeting=off.id))
    town.jump(days=1)
    cancelled(town, off.id)
    town.office.minutes.approve(town.asked(HENRIK), held.id)
    after = item(town, put.id)
    assert (after.state, after.meeting_id) == (State.POSTPONED, then.id)
    town.deliver()
    assert any("er udsat til torsdag 3. december" in said for said in town.heard("U0MAJA0001"))
    assert not any("26. november" in said for said in town.heard("U0MAJA0001"))


@pytest.mark.rule("T12", "D18")
@ON_ONE_DATABASE
@pytest.mark.parametrize("choice", ["postponed", "discussed"])
def test_minutes_approved_late_put_nothing_on_a_meeting_that_is_over(town: OfficeTown, choice: str) -> None:
    held, over, then = town.next_meetings(3)
    to = {"reason": "time", "to_meeting": over.id} if choice == "postponed" else {}
    put = recorded(town, Recording(choice=choice, **to))
    town.jump_to(over.day + timedelta(days=1), time(9, 0))
    town.office.minutes.approve(town.asked(HENRIK), held.id)
    assert item(town, put.id).meeting_id == then.id


@pytest.mark.rule("D32", "T10")
def test_an_urgent_item_whose_meeting_is_cancelled_stands_on_the_next_and_the_chair_chooses_again(
    town: OfficeTown,
) -> None:
    off, then = town.next_meetings(2)
    case, _ = active_case(town)
    asked = town.office.frames.ask_new(
        town.asked(MAJA), case.id, amount=Kroner.of(30_000), purposes=("transport",), reason="used_up"
    )
    waits = town.requested(MAJA, urgent=True, urgent_reason="housing")  # still with its leader
    town.office.urgent.ask(town.asked(MAJA), asked.id, reason="housing")
    for hurried in (asked, waits):
        town.office.urgent.extra_item(town.asked(HENRIK), hurried.id)
    assert item(town, asked.id).meeting_id == off.id
    cancelled(town, off.id)
    after = [item(town, p.id) for p in (asked, waits)]
    assert [(p.meeting_id, p.urgent_choice, p.urgent_meeting) for p in after] == [
        (then.id, None, None),
        (None, None, None),
    ]
    town.deliver()
    again = [
        s for s in town.heard("U0HENRIK01") if "*Vælg igen: mødet torsdag 19. november er aflyst*\n»" in s
    ]
    assert len(again) == 2 and all("Indkald nu" in said for said in again)
    town.office.urgent.extra_item(town.asked(HENRIK), asked.id)


@pytest.mark.rule("D32")
@ON_ONE_DATABASE
def test_the_leaders_meeting_counts_when_the_one_the_chair_chose_is_over(town: OfficeTown) -> None:
    over, then = town.next_meetings(2)
    waits = town.requested(MAJA, urgent=True, urgent_reason="housing")
    town.office.urgent.extra_item(town.asked(HENRIK), waits.id)
    town.jump_to(over.day + timedelta(days=1), time(9, 0))
    referred = town.office.referrals.refer(town.asked(JENS), waits.id, collector=None, meeting_id=then.id)
    assert referred.meeting_id == then.id


@pytest.mark.rule("D32", "D31")
@ON_ONE_DATABASE
def test_what_is_urgent_is_told_at_once_while_every_chair_is_away_and_nobody_stands_in(
    town: OfficeTown,
) -> None:
    town.office.absences.away(town.asked(HENRIK), town.today, town.today + timedelta(days=6), None)
    town.requested(MAJA, urgent=True, urgent_reason="housing")
    town.deliver()
    heard = {name: sum("haster" in said for said in town.heard(id_)) for name, id_ in CHAIRS}
    assert heard == {"Henrik": 0, "Grethe": 1}
    town.office.absences.away(town.asked("Grethe Munk"), town.today, town.today + timedelta(days=6), None)
    town.requested(MAJA, urgent=True, urgent_reason="housing")
    town.deliver()
    heard = {name: sum("haster" in said for said in town.heard(id_)) for name, id_ in CHAIRS}
    assert heard == {"Henrik": 1, "Grethe": 2}


@pytest.mark.rule("D32", "T25", "R060")
@ON_ONE_DATABASE
def test_whoever_stands_in_may_say_that_it_is_urgent(town: OfficeTown) -> None:
    case, _ = active_case(town)
    doubt = town.office.referrals.raise_doubt(town.asked(MAJA), case.id)
    town.office.substitutes.set(
        town.asked(JENS), case.id, person="U0NANNA001", first=town.today, last=town.today + timedelta(days=9)
    )
    assert town.office.cases.show(town.asked("Nanna Ilsø"), case.id).aside.to_hurry == doubt
    assert town.office.urgent.ask(town.asked("Nanna Ilsø"), doubt.id, reason="safety").urgent_reason

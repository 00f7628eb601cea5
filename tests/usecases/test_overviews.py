"""The morning overview: once a day at most, only what is missing, nothing on days off (A6, D10, D34)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from bot.domain.calendar import instant
from bot.domain.meeting import MeetingState
from bot.domain.task import Task
from bot.texts import texts
from bot.usecases.homes import PartAsked
from bot.usecases.left_out import Unreadable
from bot.usecases.ports import CertainlyNotSent
from bot.usecases.todays import long_overdue, my_area, my_today
from bot.views import overview as views
from bot.views.kit import Page, Surface
from schedules.marks import Marks
from storage.engine import Database
from storage.tables import cases
from tests.support.frames import active_case
from tests.support.office import OfficeTown, readable
from tests.usecases.test_follow_ups import prepared

MAJA, JENS, SOFIE = "U0MAJA0001", "U0JENS0001", "U0SOFIE001"


@pytest.fixture
def office(database: Database) -> OfficeTown:
    return OfficeTown(database)


def mornings(office: OfficeTown, first: date, last: date, clock: time = time(8, 0)) -> list[date]:
    """The days on which Maja got an overview."""
    got = []
    day = first
    while day <= last:
        before = len(overviews(office))
        office.jump_to(day, clock)
        office.knock()
        got += [day] if len(overviews(office)) > before else []
        day += timedelta(days=1)
    return got


def overviews(office: OfficeTown, to: str = MAJA) -> list[Any]:
    return [m for t, m in office.slack.posts if t == to and "I dag:" in readable(m["blocks"])]


def part(office: OfficeTown, name: str, find: Any) -> Any:
    with office.work() as work:
        return find(PartAsked(work, office.asked(name, once=False), office.house.rules.on(office.today)))


@pytest.mark.parametrize(
    "engine", ["sqlite"]
)  # weeks of mornings: what is asked of the store, the others ask on both
@pytest.mark.rule("T21")
def test_fourteen_seven_and_two_working_days_before_and_on_the_day(office: OfficeTown) -> None:
    case, _ = active_case(office, follow_up=office.next_meetings(5)[4])  # Thursday 17 December
    days = mornings(office, date(2026, 11, 17), date(2026, 12, 17))
    assert days == [date(2026, 11, 27), date(2026, 12, 8), date(2026, 12, 15), date(2026, 12, 17)]
    said = readable(overviews(office)[0]["blocks"])
    assert f"»{case.alias}« følges op torsdag 17. december" in said
    for verb in ("Gør klar", "Flyt dato", "Mind mig i morgen"):
        assert verb in said
    assert overviews(office)[0]["text"] == "Du har en ny opgave i Én Indgang"


@pytest.mark.parametrize(
    "engine", ["sqlite"]
)  # weeks of mornings: what is asked of the store, the others ask on both
def test_what_is_ready_reminds_nobody(office: OfficeTown) -> None:
    _, follow_up = active_case(office, follow_up=office.next_meetings(5)[4])
    prepared(office, follow_up)
    assert mornings(office, date(2026, 11, 17), date(2026, 12, 18)) == []


def test_a_handled_overview_says_when(office: OfficeTown) -> None:
    _, follow_up = active_case(office, follow_up=office.next_meetings(5)[4])
    mornings(office, date(2026, 11, 27), date(2026, 11, 27))
    office.jump_to(date(2026, 11, 27), time(9, 40))
    prepared(office, follow_up)
    office.knock()
    assert office.heard(MAJA)[0] == "I dag: 1 ting – klaret kl. 9.40."


def test_tomorrow_moves_one_reminder_and_not_the_date(office: OfficeTown) -> None:
    _, follow_up = active_case(office, follow_up=office.next_meetings(5)[4])
    mornings(office, date(2026, 11, 27), date(2026, 11, 27))
    office.office.follow_ups.snooze(office.asked("Maja Holm"), follow_up)
    assert mornings(office, date(2026, 11, 28), date(2026, 12, 1)) == [date(2026, 11, 30)]


def test_nothing_comes_while_one_is_away_and_it_is_one_message_after(office: OfficeTown) -> None:
    active_case(office, follow_up=office.next_meetings(5)[4])
    active_case(office, follow_up=office.next_meetings(5)[4])
    office.office.absences.away(office.asked("Maja Holm"), date(2026, 11, 27), date(2026, 12, 9), None)
    assert mornings(office, date(2026, 11, 27), date(2026, 12, 11)) == [date(2026, 12, 10)]
    said = readable(overviews(office)[0]["blocks"])
    assert "I dag: 2 ting" in said
    assert "Forsinket" not in said


def test_after_downtime_each_is_sent_once_and_marked_late(office: OfficeTown) -> None:
    active_case(office, follow_up=office.next_meetings(5)[4])
    assert mornings(office, date(2026, 12, 9), date(2026, 12, 11)) == [date(2026, 12, 9)]
    assert "Forsinket" in readable(overviews(office)[0]["blocks"])


def test_it_comes_at_the_hour_one_chose(office: OfficeTown) -> None:
    active_case(office, follow_up=office.next_meetings(5)[4])
    office.office.people.set_settings(office.asked("Maja Holm"), language="da", overview_at=time(9, 0))
    assert mornings(office, date(2026, 11, 27), date(2026, 11, 27), time(8, 59)) == []
    assert mornings(office, date(2026, 11, 27), date(2026, 11, 27), time(9, 0)) == [date(2026, 11, 27)]


@pytest.mark.rule("T21", "R009")
def test_an_overdue_one_reaches_the_leader_after_three_days_and_the_chairs_home_after_seven(
    office: OfficeTown,
) -> None:
    case, _ = active_case(office, follow_up=office.next_meetings(1)[0])  # Thursday 19 November
    office.jump_to(date(2026, 11, 23), time(8, 0))
    office.knock()
    assert (overviews(office, JENS), part(office, "Jens Toft", my_area).overdue) == ([], 1)
    assert part(office, "Henrik Dahl", long_overdue) == ()
    office.jump(minutes=60)
    assert "skulle være fulgt op torsdag 19. november" in today_words(office, "Maja Holm")
    office.jump_to(date(2026, 11, 24), time(8, 0))
    office.knock()
    assert f"»{case.alias}«: opfølgningen torsdag 19. november" in readable(
        overviews(office, JENS)[0]["blocks"]
    )
    office.jump_to(date(2026, 11, 30), time(8, 0))
    office.knock()
    assert [one.alias for one in part(office, "Henrik Dahl", long_overdue)] == [case.alias]
    with office.work() as work:
        acts = [e.act for e in work.journal.of_case(case.id)]
    assert acts.count("follow_up_overdue") == 1
    assert len(overviews(office, JENS)) == 1


def test_a_cancelled_meeting_is_never_the_caseworkers_delay(office: OfficeTown) -> None:
    meeting = office.next_meetings(1)[0]
    case, _ = active_case(office, follow_up=meeting)
    with office.house.storage.open_work(at=office.clock.at) as work:
        work.meetings.save(work.meetings.get(meeting.id).moved(MeetingState.CANCELLED))
    office.jump_to(date(2026, 12, 4), time(8, 0))
    office.knock()
    assert (part(office, "Jens Toft", my_area).overdue, part(office, "Henrik Dahl", long_overdue)) == (0, ())
    assert f"»{case.alias}«: opfølgningen" not in "".join(office.heard(JENS))


def test_a_case_on_the_agenda_that_misses_something_is_a_line_with_its_time(office: OfficeTown) -> None:
    office.referred(meeting=office.next_meetings(2)[1].id)
    office.jump_to(date(2026, 11, 24), time(8, 0))
    office.knock()
    said = readable(overviews(office)[0]["blocks"])
    assert "er på dagsordenen torsdag 26. november kl. 9.10 – mangler" in said


def test_a_late_task_opens_itself_and_the_next_reminder_is_where_somebody_hears_one(
    office: OfficeTown,
) -> None:
    case, _ = active_case(office, follow_up=office.next_meetings(9)[8])
    with office.house.storage.open_work(at=office.clock.at) as work:
        there = work.presentations.of_case(case.id)[0]
        due = date(2026, 11, 18)
        task = Task("task-1", case.id, there.id, there.meeting_id or "", "social", "mentor_support", due)
        work.tasks.add(task)
    stops = {s["name"]: datetime.fromisoformat(s["at"]) for s in Marks(office.office).at(office.clock.at)}
    assert stops["reminder"] == instant(date(2026, 11, 19), time(7, 30))
    office.clock.at = stops["reminder"] - timedelta(minutes=1)
    office.knock()
    assert overviews(office, JENS) == []
    office.clock.at = stops["reminder"]
    office.knock()
    blocks = overviews(office, JENS)[0]["blocks"]
    button = next(b["accessory"] for b in blocks if b.get("accessory"))
    assert (button["action_id"], button["value"]) == ("task.open", "task-1")
    assert office.office.tasks.show(office.asked("Jens Toft", once=False), "task-1").line.alias == case.alias


def test_messages_lose_what_they_told_after_thirty_days(office: OfficeTown) -> None:
    case, _ = active_case(office, follow_up=office.next_meetings(5)[4])
    mornings(office, date(2026, 11, 27), date(2026, 11, 27))
    office.jump(days=31)
    office.knock()
    assert case.alias not in office.heard(MAJA)[0]


def today_words(office: OfficeTown, name: str, language: str = "da") -> str:
    page = Page(Surface.HOME)
    rules = office.house.rules.on(office.today)
    views.today_part(page, texts(language), rules, part(office, name, my_today))
    return readable(page.as_message_blocks())


def test_home_counts_what_came_back_and_what_nobody_has_been_asked_about(office: OfficeTown) -> None:
    unsent = office.registered("Maja Holm")
    wish = office.requested("Maja Holm")
    office.office.referrals.return_(office.asked("Jens Toft"), wish.id, missing=("consent",))
    said = today_words(office, "Maja Holm")
    assert "I DAG (2)" in said
    assert f"»{unsent.alias}« er ikke sendt endnu" in said
    assert "mangler oplysninger – svar senest" in said
    home = office.house.draw_home(office.person("Maja Holm"), office.clock.at, texts("da"))
    assert readable(home["blocks"]).count("er ikke sendt endnu") == 1
    labels = [b["accessory"]["accessibility_label"] for b in home["blocks"] if b.get("accessory")]
    assert f"Send »{unsent.alias}« til din leder" in labels


def test_home_shows_zero_as_zero(office: OfficeTown) -> None:
    assert today_words(office, "Maja Holm") == "Der venter ikke noget på dig i dag."
    assert today_words(office, "Maja Holm", "en") == "Nothing is waiting for you today."
    active_case(office, follow_up=office.next_meetings(1)[0])
    assert "I DAG (1)" in today_words(office, "Maja Holm")
    assert "TODAY (1)" in today_words(office, "Maja Holm", "en")


def test_one_broken_case_keeps_nobody_elses_morning(office: OfficeTown) -> None:
    meeting = office.next_meetings(5)[4]
    broken, _ = active_case(office, "Maja Holm", follow_up=meeting)
    active_case(office, "Sofie Bech", follow_up=meeting)
    with office.house.storage.database.writing.begin() as connection:
        connection.execute(update(cases).where(cases.c.id == broken.id).values(more={"age_band": "?"}))
    office.jump_to(date(2026, 11, 27), time(8, 0))
    with pytest.raises(Unreadable):
        office.office.overviews.send_due(office.clock.at)
    office.deliver()
    assert len(overviews(office, SOFIE)) == 1
    assert overviews(office, MAJA) == []


def test_what_was_due_while_slack_was_away_comes_as_one_overview_and_says_that_it_is_late(
    office: OfficeTown,
) -> None:
    for which in (4, 5):  # two cases, whose marks fall on different mornings
        active_case(office, follow_up=office.next_meetings(6)[which])
    office.slack.failing = CertainlyNotSent("not_reached")
    assert mornings(office, date(2026, 11, 27), date(2026, 12, 8)) == []
    office.slack.failing = None
    office.jump_to(date(2026, 12, 9), time(13, 0))
    office.knock()
    (only,) = overviews(office)
    assert "»" in readable(only["blocks"])
    assert "Forsinket" in readable(only["blocks"])
    office.jump(hours=2)
    office.knock()
    assert len(overviews(office)) == 1


def test_a_reminder_that_waited_over_night_is_told_the_next_day(office: OfficeTown) -> None:
    active_case(office, follow_up=office.next_meetings(5)[4])
    office.slack.failing = CertainlyNotSent("not_reached")
    assert mornings(office, date(2026, 12, 8), date(2026, 12, 8)) == []
    office.slack.failing = None
    assert mornings(office, date(2026, 12, 9), date(2026, 12, 10)) == [date(2026, 12, 9)]

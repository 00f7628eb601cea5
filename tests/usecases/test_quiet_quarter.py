"""Criterion 8: a caseworker with eight cases lives through a quarter, and the bot stays quiet.

The clock knocks through every day; follow-ups are prepared when they are asked for (some at once, some late), the
committee meets on Thursdays, and the caseworker is away over Christmas, with a meeting about half of the cases in it and
nobody who takes over. Every new message is counted; an edit makes no sound and is not.

Something waits on nearly every day at work, so that a reminder renewed each morning is heard; one that was late is
postponed on a day that began with another's reminder, so that a second overview is; and the quarter was seen red for each.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.calendar import danish_closed_days, instant
from bot.domain.decision import Recording
from bot.domain.money import Kroner
from bot.domain.presentation import Kind, State
from bot.usecases.follow_ups import Answers
from bot.usecases.frame_facts import Use
from bot.usecases.session_facts import ItemView
from storage.engine import Database
from tests.support.databases import Databases
from tests.support.frames import active_case
from tests.support.office import OfficeTown, readable

MAJA = "U0MAJA0001"
HERE = ("U0HENRIK01", "U0GRETHE01", "U0ALI00001", "U0NANNA001", "U0SOFIE001", "U0TINE0001")
FIRST, LAST = date(2026, 11, 16), date(2027, 2, 14)  # thirteen weeks
AWAY = (date(2026, 12, 14), date(2027, 1, 3))
CLOCKS = (time(7, 0), time(7, 30), time(13, 0), time(18, 0))
CLOCKS_OFF = (time(7, 30), time(13, 0))
APPROVED_AT = time(10, 0)  # after the overview, and before another could be sent
MEETINGS = (3, 3, 3, 4, 4, 4, 10, 7)
"""The coming meeting each case is followed up on: the fourth has three, and what is said of them is one message; the
fifth is while she is away; the eighth is the day before the first reminder of the eleventh.
"""
DELAYS = (5, 5, 2, 8, 10, 8, 12, 20)
"""Days from the first reminder until she prepares it, case by case; the last is too late for its meeting."""


@dataclass
class Quarter:
    office: OfficeTown
    late: dict[str, int] = field(default_factory=dict)
    asked_for: dict[str, date] = field(default_factory=dict)
    heard: list[tuple[date, str]] = field(default_factory=list)
    ready: list[tuple[str, int, date]] = field(default_factory=list)
    """What was made ready: its alias, how much had been heard by then, and the day of its meeting."""
    unapproved: list[str] = field(default_factory=list)
    _counted: int = 0

    def live(self) -> None:
        meetings = self.office.next_meetings(12)
        for number, delay in enumerate(DELAYS):
            case, _ = active_case(self.office, follow_up=meetings[MEETINGS[number]])
            self.late[case.id] = delay
        self.office.office.absences.away(self.office.asked("Maja Holm"), *AWAY, None)
        for day in _days(FIRST, LAST):
            self._lives_through(day)

    def _lives_through(self, day: date) -> None:
        for clock in CLOCKS if self._works(day) else CLOCKS_OFF:
            if instant(day, clock) < self.office.clock.at:
                continue
            if clock > APPROVED_AT:
                self._approves(day)
            self.office.jump_to(day, clock)
            self.office.knock()
            self._count(day)
        if self._works(day):
            self._works_a_day(day)
        if day.weekday() == 3:
            self._committee_meets(day)

    def _count(self, day: date) -> None:
        new = self.office.slack.posts[self._counted :]
        self._counted = len(self.office.slack.posts)
        self.heard += [(day, readable(message["blocks"])) for to, message in new if to == MAJA]

    def _works(self, day: date) -> bool:
        return not _is_off(day) and not AWAY[0] <= day <= AWAY[1]

    def _works_a_day(self, day: date) -> None:
        for wanted in self.office.office.follow_ups.mine(self.office.asked("Maja Holm", once=False)):
            if wanted.presentation.state not in (State.REFERRED, State.POSTPONED):
                continue
            if not any(wanted.alias in words for _, words in self.heard):
                continue
            since = self.asked_for.setdefault(wanted.presentation.id, day)
            if (day - since).days >= self.late[wanted.case_id]:
                self._prepares(wanted.presentation.id)
        if day.weekday() in (1, 4):
            self._uses_a_frame(day)

    def _prepares(self, follow_up: str) -> None:
        opened = self.office.office.follow_ups.open(self.office.asked("Maja Holm", once=False), follow_up)
        answers = Answers(
            progress=dict.fromkeys(opened.goals, "on_track"),
            own_view="conversation",
            next_meeting=opened.proposed,
        )
        self.office.office.follow_ups.prepare(self.office.asked("Maja Holm"), follow_up, answers)
        with self.office.work() as work:
            meeting = work.meetings.get(work.presentations.get(follow_up).meeting_id)
        self.ready.append((opened.alias, len(self.heard), meeting.day))

    def _uses_a_frame(self, day: date) -> None:
        case = sorted(self.late)[day.toordinal() % len(self.late)]
        with self.office.work() as work:
            open_now = work.frames.open_of(case)
        if open_now is not None:
            use = Use(Kroner.of(450), "transport", day)
            self.office.office.frames.use(self.office.asked("Maja Holm"), case, use)

    def _committee_meets(self, day: date) -> None:
        with self.office.work() as work:
            found = work.meetings.between("committee-youth", day, day)
            items = [p for m in found for p in work.presentations.on_agenda(m.id)]
        if not found or not any(p.may_stand_on_an_agenda for p in items):
            return
        meeting = found[0]
        page: Any = self.office.office.sessions.start(
            self.office.asked("Lone Ager"), meeting.id, attending=HERE
        )
        while isinstance(page, ItemView):
            page = self.office.office.sessions.save(
                self.office.asked("Lone Ager"),
                meeting.id,
                page.presentation.id,
                _recording(page),
                seen=page.decision.revision,
            )
        self.office.office.sessions.close(self.office.asked("Lone Ager"), meeting.id)
        self.unapproved.append(meeting.id)

    def _approves(self, day: date) -> None:
        """The day after the meeting."""
        if self.unapproved:
            self.office.jump_to(day, APPROVED_AT)
            self.office.office.minutes.approve(self.office.asked("Henrik Dahl"), self.unapproved.pop())


def _recording(page: ItemView) -> Recording:
    if page.presentation.kind == Kind.FOLLOW_UP and page.presentation.for_discussion_only:
        coming = page.to_meetings[0][0] if page.to_meetings else None
        return Recording(choice="postponed", reason="info_missing", to_meeting=coming)
    return Recording(choice="as_recommended", participation="heard_in_conversation")


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _is_off(day: date) -> bool:
    return day.weekday() >= 5 or day in danish_closed_days(day.year)


@pytest.mark.rule("D10", "D31")
def test_a_quarter_is_quiet(databases: Databases, tmp_path: Path) -> None:
    """Lived once, and looked at four times."""
    database = Database(databases.fresh("sqlite", tmp_path))
    quarter = Quarter(OfficeTown(database))
    quarter.live()
    a_caseworker_with_eight_cases_has_a_quiet_quarter(quarter)
    what_was_decided_while_away_is_one_message_on_the_first_morning(quarter)
    nothing_is_heard_on_days_off_or_while_away(quarter)
    what_is_ready_is_never_asked_for_again(quarter)
    database.close()


def a_caseworker_with_eight_cases_has_a_quiet_quarter(quarter: Quarter) -> None:
    overviews = Counter(day for day, words in quarter.heard if "I dag:" in words)
    at_once = Counter(day for day, words in quarter.heard if "I dag:" not in words)
    weeks = ((LAST - FIRST).days - (AWAY[1] - AWAY[0]).days) // 7  # a week away is quiet by itself
    twice = [heard for heard, times in Counter(quarter.heard).items() if times > 1]
    figures = {
        "messages": len(quarter.heard),
        "a week on average": round(len(quarter.heard) / weeks, 2),
        "overviews on one day, most": max(overviews.values()),
        "immediate ones on one day, most": max(at_once.values(), default=0),
    }
    _leave(figures)
    assert figures["overviews on one day, most"] <= 1
    assert figures["immediate ones on one day, most"] <= 2
    assert figures["a week on average"] <= 4
    assert twice == []  # the same words on the same day
    of_three = [
        words for _, words in quarter.heard if "fremlægger 3 punkter" in words or "til 3 af dine" in words
    ]
    assert len(of_three) >= 2  # a day with three own items is among them: before the meeting, and after it
    assert len(overviews) >= 8  # it is not quiet because nothing happened: each follow-up was asked for


def what_was_decided_while_away_is_one_message_on_the_first_morning(quarter: Quarter) -> None:
    first = AWAY[1] + timedelta(days=1)
    at_once = [
        words.splitlines()[0] for day, words in quarter.heard if day == first and "I dag:" not in words
    ]
    assert at_once == ["Mens du var væk: 0 registreringer, 3 beslutninger."]


def nothing_is_heard_on_days_off_or_while_away(quarter: Quarter) -> None:
    assert [(day, words) for day, words in quarter.heard if _is_off(day)] == []
    assert [(day, words) for day, words in quarter.heard if AWAY[0] <= day <= AWAY[1]] == []


def what_is_ready_is_never_asked_for_again(quarter: Quarter) -> None:
    """Zero, from the moment it is ready until its meeting has been; and what is left waiting is asked for again."""
    nagged = [
        (alias, day)
        for alias, since, meeting in quarter.ready
        for day, words in quarter.heard[since:]
        if day <= meeting and f"»{alias}« følges op" in words
    ]
    assert nagged == []
    assert len(quarter.ready) >= len(DELAYS)
    with quarter.office.work() as work:
        last = work.cases.get(max(quarter.late, key=lambda case: quarter.late[case])).alias
    assert sum(f"»{last}« følges op" in words for _, words in quarter.heard) >= 2


def _leave(figures: dict[str, Any]) -> None:
    place = os.environ.get("INDGANG_FIGURES")
    if place:
        with Path(place).open("a", encoding="utf-8") as file:
            file.write(f"8 quiet quarter: {figures}\n")

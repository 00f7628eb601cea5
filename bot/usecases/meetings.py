"""Meetings come from the committee's weekly slot, twelve months ahead (D15); the secretary moves, cancels, adds."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot.domain.calendar import local_date
from bot.domain.committee import Committee
from bot.domain.meeting import Meeting
from bot.usecases.ports import Work
from bot.usecases.tools import UseCases

AHEAD = timedelta(days=366)


class Meetings(UseCases):
    def lay_out_due(self, at: datetime) -> int:
        """Lays the meetings of the next twelve months that are not there yet; closed days get none."""
        with self._open_work(at=at) as work:
            return sum(self._lay_out(work, c, local_date(at)) for c in work.committees.all())

    def _lay_out(self, work: Work, committee: Committee, today: date) -> int:
        there = {m.moved_from or m.day for m in work.meetings.between(committee.id, today, today + AHEAD)}
        rules = self._rules.on(today)
        count = 0
        for day in _weekdays(committee.weekday, today, today + AHEAD):
            if day in there or not rules.working_days.is_working(day):
                continue
            work.meetings.add(
                Meeting(
                    id=self._chance.id(),
                    committee=committee.id,
                    day=day,
                    starts=committee.starts,
                    minutes=committee.minutes,
                    room=committee.room,
                )
            )
            count += 1
        return count


def _weekdays(weekday: int, first: date, last: date) -> list[date]:
    day = first + timedelta(days=(weekday - first.weekday()) % 7)
    days = []
    while day <= last:
        days.append(day)
        day += timedelta(days=7)
    return days

"""The morning overview: what waits for a person today, in one message a day at most, quiet by design (D10).

A reminder is not a message of its own. Each has a key (`follow_up:<presentation>:<meeting>:<mark>`) that makes it
once; when one is due, and something is still missing from that person, the day's overview is sent with all that waits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.calendar import instant, local_date
from bot.domain.notices import Notice
from bot.domain.people import Person
from bot.domain.presentation import State
from bot.domain.rules import Rules
from bot.usecases.delivery import Teller, Telling, Told
from bot.usecases.head_lines import TO_THE_DEPUTIES, head_hears_after
from bot.usecases.markers import MARKER, put_marker
from bot.usecases.mornings import WAITING, gather
from bot.usecases.one_by_one import UNFIT
from bot.usecases.ports import Asked, RulesBook, Work
from bot.usecases.todays import Today, lines_of
from bot.usecases.tools import UseCases
from bot.usecases.waiting import Waiting

LATE_AFTER = timedelta(hours=1)
TOGETHER = 50
"""People whose overviews are written in one transaction: quick together, and nobody else waits long for the turn."""
LOOK_AHEAD_DAYS = 30
"""Working days within which the time machine looks for the next reminder."""


STAYS = frozenset({"journal_mark"})
"""Messages about nobody that are worth something only because they stay."""


class Overviews(UseCases):
    def today(self, asked: Asked) -> Today:
        with self._open_reading(at=asked.at) as work:
            lines = tuple(self._lines(work, asked.by, asked.today))
            return Today(lines, len(lines))

    def send_due(self, at: datetime) -> int:
        """Each person's overview at the hour they chose, on working days, not when away, not when empty, once.

        What is broken about one person's cases keeps nobody else's morning: it is raised when the others have theirs.
        """
        today = local_date(at)
        if not self._rules.on(today).working_days.is_working(today):
            return 0
        owed, broken = self._owed(at, today)
        sent = sum(self._send(at, today, owed[n : n + TOGETHER]) for n in range(0, len(owed), TOGETHER))
        self._show_what_is_done(at, today)
        if broken:
            raise broken[0]
        return sent

    def _owed(self, at: datetime, today: date) -> tuple[list[Owed], list[Exception]]:
        """Everybody whose hour has come, with what is new for them: one look at what is true now for all of them."""
        lines: dict[str, tuple[Waiting, ...]] = {}
        broken: list[Exception] = []
        with self._open_reading(at=at) as work:
            everybody = self._whose_hour_has_come(work, at, today)
            away = {a.person for a in work.people.absences_between(today, today)}
            here = [p for p in everybody if p.id not in away]
            gather(work, here, today)
            for person in here:
                try:
                    lines[person.id] = tuple(self._lines(work, person, today))
                except UNFIT as why:  # raised by send_due when the others have theirs
                    broken.append(why)
            known = work.notices.known(
                [key for found in lines.values() for line in found for key, _ in line.reminders]
            )
            owed = [
                self._owed_to(work, at, p, lines[p.id], known) if p.id in lines else Owed(p)
                for p in everybody
                if p.id in away or p.id in lines
            ]
        return owed, broken

    def _whose_hour_has_come(self, work: Work, at: datetime, today: date) -> list[Person]:
        looked_at = work.notices.by_key(_day_key(today))
        done = looked_at.facts.keys() if looked_at else ()
        return [
            p
            for p in work.people.all()
            if p.has_any_role and p.id not in done and at >= instant(today, p.overview_at)
        ]

    def _owed_to(
        self, work: Work, at: datetime, person: Person, lines: tuple[Waiting, ...], known: frozenset[str]
    ) -> Owed:
        reminders = dict(reminder for line in lines for reminder in line.reminders)
        new = tuple(key for key in reminders if key not in known)
        late = bool(new) and self._is_late(work, at, person, [reminders[key] for key in new])
        return Owed(person, len(lines), new, late)

    def _send(self, at: datetime, today: date, owed: list[Owed]) -> int:
        """Some people's overviews in one transaction; who has been looked at meanwhile is left out."""
        with self._open_work(at=at) as work:
            put_marker(work, _day_key(today))
            looked_at = work.notices.by_key(_day_key(today))
            still = [o for o in owed if looked_at is None or o.person.id not in looked_at.facts]
            put_marker(work, _day_key(today), **{o.person.id: "1" for o in still})
            told = [o for o in still if o.new]
            work.notices.put_aside([Notice(key, MARKER, "-") for o in told for key in o.new])
            self._put_away(work, {o.person.id for o in told})
            work.notices.tell_all([_overview(o, today) for o in told])
            return len(told)

    def _put_away(self, work: Work, of: set[str]) -> None:
        """Earlier days' overviews become one line when there is a new one; one that Slack never got is not sent."""
        earlier = [*work.notices.showing("overview"), *work.notices.unsent("overview")] if of else []
        for old in earlier:
            if old.to in of:
                work.notices.handle(old.key)

    def _is_late(self, work: Work, at: datetime, person: Person, days: Iterable[date]) -> bool:
        """The bot was down at the person's hour, today or on a reminder's own day when the person was there."""
        today = local_date(at)
        if at > instant(today, person.overview_at) + LATE_AFTER:
            return True
        return any(day < today and not work.people.away(person.id, day) for day in days)

    def _show_what_is_done(self, at: datetime, today: date) -> None:
        """What has been handled goes from today's message; when all has, it says when."""
        with self._open_reading(at=at) as work:
            standing = [
                n
                for n in work.notices.showing("overview")
                if n.facts["day"] == today.isoformat() and "done" not in n.facts
            ]
            changed = [n for n in standing if self._left(work, n, today) not in (None, n.facts["left"])]
        for notice in changed:
            with self._open_work(at=at) as work:
                left = self._left(work, notice, today)
                if left is not None:
                    done = {"done": at.isoformat()} if left == "0" else {}
                    work.notices.retell(notice.key, left=left, **done)

    def _left(self, work: Work, notice: Notice, today: date) -> str | None:
        """How much waits still for whoever got the overview; None for somebody who is gone."""
        person = work.people.find(notice.to)
        return str(sum(1 for _ in self._lines(work, person, today))) if person else None

    def clear_due(self, at: datetime) -> int:
        """Messages older than thirty days lose what they told (D34). Channel posts have a life of their own."""
        days = self._rules.on(local_date(at)).deadlines.dm_shows_days
        before = at - timedelta(days=days)
        with self._open_reading(at=at) as work:
            old = [
                n for n in work.notices.to_clear(before=before) if n.to[:1] in "UW" and n.kind not in STAYS
            ]
        if not old:
            return 0
        with self._open_work(at=at) as work:
            for notice in old:
                work.notices.handle(notice.key)
        return len(old)

    def next_at(self, at: datetime) -> datetime | None:
        """The next morning at which somebody has a reminder coming; None within thirty working days."""
        with self._open_reading(at=at) as work:
            people = sorted((p for p in work.people.all() if p.has_any_role), key=lambda p: p.overview_at)
            for day in days_to_look_at(work, local_date(at), self._rules.on(local_date(at))):
                for person in people:
                    moment = instant(day, person.overview_at)
                    if moment > at and self._has_new(work, person, day):
                        return moment
        return None

    def _has_new(self, work: Work, person: Person, day: date) -> bool:
        if not self._rules.on(day).working_days.is_working(day) or work.people.away(person.id, day):
            return False
        keys = {key for line in self._lines(work, person, day) for key, _ in line.reminders}
        return keys > work.notices.known(list(keys))

    def _lines(self, work: Work, person: Person, today: date) -> Iterator[Waiting]:
        return lines_of(work, person, today, self._rules.on(today))


def days_to_look_at(work: Work, today: date, rules: Rules) -> list[date]:
    """The working days of the next thirty on which a line can be new: where something is due, and the next two.

    What begins on other days (a passage, a check after closing) begins with a month.
    """
    days, last = rules.working_days, rules.working_days.after(today, LOOK_AHEAD_DAYS)
    marks = [*rules.deadlines.reminders, -rules.deadlines.leader_reminded_after]
    found = {today, days.after(today, 1), days.after(today, 2)}
    for presentation in work.presentations.in_states(*WAITING):
        if presentation.answer_by:
            found.add(presentation.answer_by)
        meeting = work.meetings.find(presentation.meeting_id) if presentation.meeting_id else None
        if meeting is not None:
            found |= {days.after(meeting.day, -m) for m in marks}
            found |= {meeting.day, *(meeting.day - timedelta(days=n) for n in (1, 2))}
    for request in work.presentations.in_states(State.REQUESTED):
        if request.answer_by:
            found.add(days.after(request.answer_by, TO_THE_DEPUTIES))
            found.add(days.after(request.answer_by, head_hears_after(work, request.area)))
    for area in rules.areas:
        found |= {days.after(task.due_on, 1) for task in work.tasks.of_area(area.code)}
        asked = (local_date(request.asked_at) for request in work.advice.waiting_in(area.code))
        found |= {days.after(day, rules.deadlines.leader_answers) for day in asked}
    found |= {date(d.year, d.month, 1) for d in (today + timedelta(days=n) for n in (31, 62))}
    return sorted({days.next_on_or_after(day) for day in found if today <= day <= last})


@dataclass(frozen=True)
class Owed:
    """What a person is owed this morning; nothing new is no message."""

    person: Person
    total: int = 0
    new: tuple[str, ...] = ()
    late: bool = False


def _overview(owed: Owed, day: date) -> Notice:
    facts = {"day": day.isoformat(), "total": str(owed.total), "left": str(owed.total)}
    facts |= {"late": "1"} if owed.late else {}
    return Notice(_key(owed.person, day), "overview", owed.person.id, facts)


def _day_key(day: date) -> str:
    return f"overviews:{day.isoformat()}"


def _key(person: Person, day: date) -> str:
    return f"overview:{person.id}:{day.isoformat()}"


# --- words ---


def tellers(rules: RulesBook) -> dict[str, Teller]:
    """The overview is worded from what waits when it is sent, so it needs the rules of that day."""

    def tell(telling: Telling) -> Told | None:
        person, facts = telling.recipient, telling.notice.facts
        if person is None:
            return None
        if "done" in facts:
            done = Today((), int(facts["total"]), datetime.fromisoformat(facts["done"]))
            return Told(done, person.language)
        day = local_date(telling.at)
        overdue = facts["day"] != day.isoformat()
        if overdue and telling.notice.ts is not None:
            return None
        lines = tuple(lines_of(telling.work, person, day, rules.on(day)))
        late = (
            overdue or "late" in facts
        )  # Slack was away since then: what waits today is told once, and as late
        return Told(Today(lines, len(lines), late=late), person.language) if lines else None

    return {"overview": tell}

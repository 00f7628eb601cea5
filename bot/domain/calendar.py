"""Days as the municipality counts them: local time, weeks, working days, holidays, and dates as people write them."""

from __future__ import annotations

import calendar as month_lengths
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.errors import Refusal

HOME = ZoneInfo("Europe/Copenhagen")


def local(instant: datetime) -> datetime:
    """The moment as the clock on the wall shows it. A moment without a zone is a mistake in the program."""
    if instant.tzinfo is None:
        raise ValueError("A moment must know its zone")
    return instant.astimezone(HOME)


def local_date(instant: datetime) -> date:
    return local(instant).date()


def instant(day: date, clock: time) -> datetime:
    """The moment, in UTC, when the wall clock shows `clock` on `day`.

    A time the clock jumps over in March is the moment just after the jump; one it shows twice in October is the first.
    """
    if clock.tzinfo is not None:
        raise ValueError("A clock time on a day has no zone of its own")
    wall = datetime.combine(day, clock.replace(fold=0), HOME)
    moment = wall.astimezone(UTC)
    if moment.astimezone(HOME).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return moment
    return _jump_between(wall.replace(fold=1).astimezone(UTC), moment)


def _jump_between(before: datetime, after: datetime) -> datetime:
    offset = before.astimezone(HOME).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if middle.astimezone(HOME).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)


@dataclass(frozen=True, order=True)
class Week:
    """A week by ISO 8601: it begins on Monday, and its year is that of its Thursday."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= weeks_in(self.year):
            raise NoSuchWeek(week=self.number, year=self.year, weeks_in_year=weeks_in(self.year))

    @classmethod
    def of(cls, day: date) -> Week:
        year, number, _ = day.isocalendar()
        return cls(year, number)

    @property
    def monday(self) -> date:
        return date.fromisocalendar(self.year, self.number, 1)

    def day(self, weekday: int) -> date:
        """A day of the week by its number, Monday being 0 as in `date.weekday`."""
        return self.monday + timedelta(days=weekday)

    def later(self, weeks: int) -> Week:
        return Week.of(self.monday + timedelta(weeks=weeks))


def weeks_in(year: int) -> int:
    return date(year, 12, 28).isocalendar().week


@dataclass(frozen=True)
class WorkingDays:
    """Which days people are at work: Monday to Friday, except those that are closed."""

    closed: Callable[[date], bool] | frozenset[date]

    def is_working(self, day: date) -> bool:
        return day.weekday() < 5 and not self._is_closed(day)

    def after(self, day: date, n: int) -> date:
        """The n-th working day after `day`; before it when n is negative; `day` itself, working or not, when n is 0."""
        step = timedelta(days=1 if n > 0 else -1)
        left = abs(n)
        while left:
            day += step
            left -= self.is_working(day)
        return day

    def on_or_before(self, day: date) -> date:
        return day if self.is_working(day) else self.after(day, -1)

    def next_on_or_after(self, day: date) -> date:
        return day if self.is_working(day) else self.after(day, 1)

    def between(self, first: date, last: date) -> int:
        """How many working days `last` lies after `first`: those after `first`, up to and including `last`.

        Negative when `last` lies before: then those before `first`, down to and including `last`.
        """
        if last < first:
            return -sum(self.is_working(last + timedelta(days=n)) for n in range((first - last).days))
        return sum(self.is_working(last - timedelta(days=n)) for n in range((last - first).days))

    def _is_closed(self, day: date) -> bool:
        return day in self.closed if isinstance(self.closed, frozenset) else self.closed(day)


def easter(year: int) -> date:
    """Easter Sunday (the Gregorian computus of Meeus, Jones and Butcher)."""
    golden = year % 19
    century, of_century = divmod(year, 100)
    leap_centuries, after_leap = divmod(century, 4)
    moon_shift = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap_centuries - moon_shift + 15) % 30
    leap_years, after_leap_year = divmod(of_century, 4)
    to_sunday = (32 + 2 * after_leap + 2 * leap_years - epact - after_leap_year) % 7
    late = (golden + 11 * epact + 22 * to_sunday) // 451
    month, day = divmod(epact + to_sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)


LAST_YEAR_WITH_STORE_BEDEDAG = 2023


def danish_public_holidays(year: int) -> dict[date, str]:
    """The church's and the state's days off, by their Danish names, in the order of the year."""
    sunday = easter(year)
    moving = {
        -3: "skærtorsdag",
        -2: "langfredag",
        0: "påskedag",
        1: "2. påskedag",
        39: "Kristi himmelfartsdag",
        49: "pinsedag",
        50: "2. pinsedag",
    }
    if year <= LAST_YEAR_WITH_STORE_BEDEDAG:
        moving[26] = "store bededag"
    fixed = {date(year, 1, 1): "nytårsdag", date(year, 12, 25): "juledag", date(year, 12, 26): "2. juledag"}
    return _by_day(fixed | {sunday + timedelta(days=days): name for days, name in moving.items()})


def danish_closed_days(
    year: int,
    *,
    day_after_ascension: bool = False,
    between_christmas_and_new_year: bool = False,
    extra: Mapping[date, str] | None = None,
) -> dict[date, str]:
    """Every day of the year a town hall is closed: the public holidays, 5 June, 24 and 31 December, and local ones.

    A day that is closed twice over keeps the holiday's name.
    """
    municipal = {
        date(year, 6, 5): "grundlovsdag",
        date(year, 12, 24): "juleaftensdag",
        date(year, 12, 31): "nytårsaftensdag",
    }
    if day_after_ascension:
        municipal[easter(year) + timedelta(days=40)] = "dagen efter Kristi himmelfartsdag"
    if between_christmas_and_new_year:
        municipal |= {date(year, 12, day): "mellem jul og nytår" for day in range(27, 31)}
    local_days = {day: name for day, name in (extra or {}).items() if day.year == year}
    return _by_day(local_days | municipal | danish_public_holidays(year))


def _by_day(days: dict[date, str]) -> dict[date, str]:
    return dict(sorted(days.items()))


def school_break(day: date) -> str | None:
    """The school holiday most of Denmark has in that week; None: school as usual."""
    return _SCHOOL_BREAKS.get(Week.of(day).number)


_SCHOOL_BREAKS = {
    7: "vinterferie",
    42: "efterårsferie",
    28: "sommerferie",
    29: "sommerferie",
    30: "sommerferie",
}


def age_on(birth_year: int, birth_month: int, day: date) -> int:
    """The age, counted from the first day of the birth month: up to a month early, never late."""
    return day.year - birth_year - (day.month < birth_month)


def add_months(day: date, months: int) -> date:
    """The same day of the month so many months on; the month's last day where that one does not exist."""
    years, month = divmod(day.month - 1 + months, 12)
    return _clamped(day.year + years, month + 1, day.day)


def _clamped(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, month_lengths.monthrange(year, month)[1]))


class DateRefused(Refusal):
    """What was written is no day that can be used."""

    default_field = "date"


class DateUnclear(DateRefused):
    """Not a date, or one that could be two. `example` is a day to show how one is written."""


class NoSuchDate(DateRefused):
    """The calendar has no `day`/`month` (in `year`, when one was written)."""


class NoSuchWeek(DateRefused):
    """`year` has only `weeks_in_year` weeks, and `week` is none of them."""


class DateInPast(DateRefused):
    """The `day` lies before today."""


class DateTooFarAhead(DateRefused):
    """The `day` lies after the `latest` one that may be chosen."""


class DateBeforeStart(DateRefused):
    """The `day` lies before the `start`."""


class DateAhead(DateRefused):
    """The `day` lies after `latest`, which is usually today."""


def expect_ahead(day: date, today: date, within_years: int = 5) -> date:
    """The day again, when it is today or later and no more than so many years on."""
    if day < today:
        raise DateInPast(day=day, today=today)
    latest = add_months(today, 12 * within_years)
    if day > latest:
        raise DateTooFarAhead(day=day, latest=latest)
    return day


def expect_between(day: date, first: date, last: date) -> date:
    """The day again, when it is neither before `first` nor after `last`."""
    if day < first:
        raise DateBeforeStart(day=day, start=first)
    if day > last:
        raise DateAhead(day=day, latest=last)
    return day


def read_date(text: str, *, today: date, forward: bool) -> date:
    """The day somebody wrote, in Danish or English: "i morgen", "om 3 uger", "mandag", "uge 48", "19/11", "3. december".

    Without a year it is the next such day (`forward`) or the last; today counts, except for a weekday's bare name:
    who means today writes "i dag". A week is its Monday; the current week, looking forward, is today.
    """
    plain = _plain(text)
    for pattern, read in _WAYS_TO_WRITE_A_DAY:
        if found := pattern.fullmatch(plain or ""):
            day = read(found, _Reading(today=today, forward=forward))
            if day is not None:
                return day
    raise DateUnclear(example=today + timedelta(days=14 if forward else -14))


@dataclass(frozen=True)
class _Reading:
    today: date
    forward: bool

    def other_years(self, year: int) -> range:
        """The years to look in, nearest first; eight, because a leap day can be that far away."""
        return range(year, year + 9) if self.forward else range(year, year - 9, -1)

    def is_right_way(self, day: date) -> bool:
        return day >= self.today if self.forward else day <= self.today


_LONGEST = 40


def _plain(text: str) -> str | None:
    """Small letters and single spaces, without the small words around a date; None when it cannot be one."""
    if len(text) > _LONGEST or any(sign.isnumeric() and not sign.isascii() for sign in text):
        return None
    return _SMALL_WORDS.sub("", " ".join(text.lower().split()).rstrip(",")).strip()


_SMALL_WORDS = re.compile(r"^(?:på|on|den|d\.|the)(?= ) ?|(?<=dag)(?:,| den| d\.)(?= )")

_WEEKDAYS = [
    ("mandag", "man", "monday", "mon"),
    ("tirsdag", "tirs", "tir", "tuesday", "tues", "tue"),
    ("onsdag", "ons", "wednesday", "wed"),
    ("torsdag", "tors", "tor", "thursday", "thurs", "thu"),
    ("fredag", "fre", "friday", "fri"),
    ("lørdag", "lordag", "loerdag", "lør", "saturday", "sat"),
    ("søndag", "sondag", "soendag", "søn", "sunday", "sun"),
]
_MONTHS = [
    ("januar", "january", "jan"),
    ("februar", "february", "feb"),
    ("marts", "march", "mar"),
    ("april", "apr"),
    ("maj", "may"),
    ("juni", "june", "jun"),
    ("juli", "july", "jul"),
    ("august", "aug"),
    ("september", "sept", "sep"),
    ("oktober", "october", "okt", "oct"),
    ("november", "nov"),
    ("december", "dec"),
]
_WEEKDAY_NUMBER = {name: number for number, names in enumerate(_WEEKDAYS) for name in names}
_MONTH_NUMBER = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
_DAYS_FROM_TODAY = {
    **dict.fromkeys(("i dag", "idag", "today"), 0),
    **dict.fromkeys(("i morgen", "imorgen", "tomorrow"), 1),
    **dict.fromkeys(("i overmorgen", "day after tomorrow"), 2),
    **dict.fromkeys(("i går", "igår", "i gaar", "yesterday"), -1),
    **dict.fromkeys(("i forgårs", "day before yesterday"), -2),
}
_COUNTS = {
    "en": 1,
    "et": 1,
    "én": 1,
    "ét": 1,
    "a": 1,
    "one": 1,
    "to": 2,
    "two": 2,
    "tre": 3,
    "three": 3,
    "fire": 4,
    "four": 4,
}

_COUNT = r"(?P<count>[0-9]{1,3}|" + "|".join(_COUNTS) + ")"
_UNIT = (
    r"(?:(?P<days>dage?|days?)|(?P<weeks>uger?|weeks?)|(?P<months>måned(?:er)?|months?)|(?P<years>år|years?))"
)
_NAMED_WEEKDAY = r"(?:(?P<weekday>" + "|".join(_WEEKDAY_NUMBER) + r")\.? )?"
_YEAR = r"(?P<year>[0-9]{4}|[0-9]{2})"


def _few_days_away(found: re.Match[str], reading: _Reading) -> date | None:
    days = _DAYS_FROM_TODAY.get(found[0])
    return None if days is None else reading.today + timedelta(days=days)


def _in_so_long(found: re.Match[str], reading: _Reading) -> date:
    return _moved(found, reading.today, 1)


def _so_long_ago(found: re.Match[str], reading: _Reading) -> date:
    return _moved(found, reading.today, -1)


def _moved(found: re.Match[str], day: date, sign: int) -> date:
    count = sign * (_COUNTS.get(found["count"]) or int(found["count"]))
    if found["days"] or found["weeks"]:
        return day + timedelta(days=count * (7 if found["weeks"] else 1))
    return add_months(day, count * (12 if found["years"] else 1))


def _next_weekday(found: re.Match[str], reading: _Reading) -> date | None:
    number = _WEEKDAY_NUMBER.get(found[0].rstrip("."))
    if number is None:
        return None
    if reading.forward:
        return reading.today + timedelta(days=(number - reading.today.weekday() - 1) % 7 + 1)
    return _weekday_before(reading.today, number)


def _last_weekday(found: re.Match[str], reading: _Reading) -> date:
    return _weekday_before(reading.today, _WEEKDAY_NUMBER[found["weekday"]])


def _weekday_before(today: date, number: int) -> date:
    return today - timedelta(days=(today.weekday() - number - 1) % 7 + 1)


def _week(found: re.Match[str], reading: _Reading) -> date | None:
    number = int(found["week"])
    current = Week.of(reading.today)
    if found["year"]:
        year = _full_year(found["year"])
        if year is None:
            return None
    elif reading.forward:
        year = current.year + (number < current.number)
    else:
        year = current.year - (number > current.number)
    week = Week(year, number)
    return reading.today if reading.forward and week == current else week.monday


def _numbers(found: re.Match[str], reading: _Reading) -> date:
    return _day(int(found["day"]), int(found["month"]), found["year"], reading)


def _words(found: re.Match[str], reading: _Reading) -> date | None:
    day = _day(int(found["day"]), _MONTH_NUMBER[found["month"]], found["year"], reading)
    promised = _WEEKDAY_NUMBER.get(found["weekday"] or "", day.weekday())
    return day if day.weekday() == promised else None


def _day(day: int, month: int, written_year: str | None, reading: _Reading) -> date:
    if written_year:
        year = _full_year(written_year)
        if year is None or not _exists(year, month, day):
            raise NoSuchDate(day=day, month=month, year=year or int(written_year))
        return date(year, month, day)
    for year in reading.other_years(reading.today.year):
        if _exists(year, month, day) and reading.is_right_way(date(year, month, day)):
            return date(year, month, day)
    raise NoSuchDate(day=day, month=month, year=None)


def _full_year(written: str) -> int | None:
    """Two digits are this century; None: no year anybody here has dealings with."""
    year = int(written) + (2000 if len(written) == 2 else 0)
    return year if 1900 <= year <= 2199 else None


def _exists(year: int, month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= month_lengths.monthrange(year, month)[1]


_WAYS_TO_WRITE_A_DAY: list[tuple[re.Pattern[str], Callable[[re.Match[str], _Reading], date | None]]] = [
    (re.compile(r"[a-zæøå ]+"), _few_days_away),
    (re.compile(rf"(?:om|in) {_COUNT} {_UNIT}"), _in_so_long),
    (re.compile(rf"(?:for )?{_COUNT} {_UNIT} (?:siden|ago)"), _so_long_ago),
    (re.compile(r"[a-zæø]+\.?"), _next_weekday),
    (re.compile(rf"(?:i|last) (?P<weekday>{'|'.join(_WEEKDAY_NUMBER)})s?"), _last_weekday),
    (
        re.compile(
            rf"(?:(?:i|in) )?(?:uge|week) ?(?P<week>[0-9]{{1,2}})(?:(?:, ?| i | in | ?/ ?| ){_YEAR})?"
        ),
        _week,
    ),
    (
        re.compile(
            rf"(?P<day>[0-9]{{1,2}})(?P<sep>[-/.])(?P<month>[0-9]{{1,2}})(?:(?:(?P=sep)|\.? (?=[0-9]{{4}})){_YEAR}|\.)?"
        ),
        _numbers,
    ),
    (re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"), _numbers),
    (
        re.compile(
            rf"{_NAMED_WEEKDAY}(?P<day>[0-9]{{1,2}})\.? (?P<month>{'|'.join(_MONTH_NUMBER)})\.?(?:,? {_YEAR})?"
        ),
        _words,
    ),
]

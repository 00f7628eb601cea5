"""Days as the municipality counts them: local time, weeks, working days, holidays, and dates as people write them."""

from datetime import UTC, date, datetime, time, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calendar import (
    DateAhead,
    DateBeforeStart,
    DateInPast,
    DateRefused,
    DateTooFarAhead,
    DateUnclear,
    NoSuchDate,
    NoSuchWeek,
    Week,
    WorkingDays,
    add_months,
    age_on,
    danish_closed_days,
    danish_public_holidays,
    easter,
    expect_ahead,
    expect_between,
    instant,
    local,
    local_date,
    read_date,
    school_break,
    weeks_in,
)

MONDAY = date(2026, 11, 16)  # the sandbox's first morning, week 47
days = st.dates(date(1990, 1, 1), date(2100, 12, 31))
town_hall = WorkingDays(frozenset(d for year in range(1989, 2103) for d in danish_closed_days(year)))


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


# --- Local time ---


def test_a_moment_is_shown_on_the_clock_in_denmark_summer_and_winter():
    assert local(utc(2026, 11, 26, 8, 10)).isoformat() == "2026-11-26T09:10:00+01:00"
    assert local(utc(2026, 7, 1, 8, 10)).isoformat() == "2026-07-01T10:10:00+02:00"
    assert local_date(utc(2026, 12, 31, 23, 30)) == date(2027, 1, 1)


def test_a_moment_without_a_zone_is_a_mistake():
    with pytest.raises(ValueError, match="zone"):
        local(datetime(2026, 11, 26, 8, 10))
    with pytest.raises(ValueError, match="zone"):
        instant(MONDAY, time(8, tzinfo=UTC))


def test_eight_oclock_is_eight_oclock_on_both_sides_of_the_change():
    assert [
        instant(d, time(8))
        for d in (date(2026, 3, 28), date(2026, 3, 29), date(2026, 10, 24), date(2026, 10, 25))
    ] == [
        utc(2026, 3, 28, 7),
        utc(2026, 3, 29, 6),
        utc(2026, 10, 24, 6),
        utc(2026, 10, 25, 7),
    ]


@pytest.mark.parametrize("clock", [time(2), time(2, 30), time(2, 59, 59)])
def test_a_time_the_clock_jumps_over_is_the_moment_just_after_the_jump(clock):
    assert instant(date(2027, 3, 28), clock) == utc(2027, 3, 28, 1)
    assert local(instant(date(2027, 3, 28), clock)).time() == time(3)


def test_a_time_the_clock_shows_twice_is_the_first():
    assert instant(date(2026, 10, 25), time(2, 30)) == utc(2026, 10, 25, 0, 30)
    assert instant(date(2026, 10, 25), time(2, 30, fold=1)) == utc(2026, 10, 25, 0, 30)


@given(days, st.times(timezones=st.none()))
def test_the_clock_on_the_wall_shows_what_was_asked_for(day, clock):
    shown = local(instant(day, clock))
    jumped_over = time(2) <= clock < time(3) and day.month == 3 and day.weekday() == 6 and day.day > 24
    assert shown.replace(tzinfo=None, fold=0) == datetime.combine(
        day, time(3) if jumped_over else clock.replace(fold=0)
    )
    assert instant(day, clock).tzinfo is UTC


# --- Weeks ---


def test_a_week_belongs_to_the_year_of_its_thursday():
    assert [Week.of(d) for d in (date(2026, 11, 16), date(2021, 1, 3), date(2024, 12, 30))] == [
        Week(2026, 47),
        Week(2020, 53),
        Week(2025, 1),
    ]


def test_2020_and_2026_have_53_weeks():
    assert [year for year in range(2020, 2032) if weeks_in(year) == 53] == [2020, 2026]


def test_week_53_of_a_year_with_52_does_not_exist():
    with pytest.raises(NoSuchWeek) as refused:
        Week(2027, 53)
    assert refused.value.facts == {"week": 53, "year": 2027, "weeks_in_year": 52}


def test_weeks_follow_each_other_across_the_year():
    assert (Week(2026, 53).later(1), Week(2027, 1).later(-1)) == (Week(2027, 1), Week(2026, 53))


@given(days)
def test_every_day_is_a_day_of_its_own_week(day):
    assert Week.of(day).day(day.weekday()) == day


# --- Working days ---


def test_two_working_days_before_the_thursday_meeting_is_tuesday():
    assert town_hall.after(date(2026, 11, 26), -2) == date(2026, 11, 24)


def test_easter_is_stepped_over():
    assert town_hall.after(date(2027, 3, 24), 1) == date(2027, 3, 30)  # Wednesday before, Tuesday after
    assert town_hall.on_or_before(date(2027, 3, 29)) == date(2027, 3, 24)
    assert town_hall.next_on_or_after(date(2027, 3, 25)) == date(2027, 3, 30)


def test_no_working_days_after_is_the_day_itself():
    assert town_hall.after(date(2026, 11, 22), 0) == date(2026, 11, 22)


def test_closed_days_can_be_a_set_or_a_question():
    asked = WorkingDays(lambda day: day == MONDAY)
    listed = WorkingDays(frozenset({MONDAY}))
    around = [MONDAY + timedelta(days=n) for n in range(-3, 4)]
    assert [asked.is_working(d) for d in around] == [listed.is_working(d) for d in around]
    assert [asked.is_working(d) for d in around] == [True, False, False, False, True, True, True]


@given(days, st.integers(-60, 60).filter(bool))
def test_so_many_working_days_on_is_counted_back_as_as_many(day, n):
    there = town_hall.after(day, n)
    assert town_hall.is_working(there)
    assert town_hall.between(day, there) == n


@given(days, days)
def test_working_days_between_add_up(first, last):
    last = first + (last - first) % timedelta(days=400)
    middle = first + (last - first) // 2
    assert town_hall.between(first, last) == town_hall.between(first, middle) + town_hall.between(
        middle, last
    )


# --- Holidays ---

OF_THE_PACKAGE = {
    "Nytårsdag": "nytårsdag",
    "Skærtorsdag": "skærtorsdag",
    "Langfredag": "langfredag",
    "Påskedag": "påskedag",
    "Anden påskedag": "2. påskedag",
    "Store bededag": "store bededag",
    "Kristi himmelfartsdag": "Kristi himmelfartsdag",
    "Pinsedag": "pinsedag",
    "Anden pinsedag": "2. pinsedag",
    "Juledag": "juledag",
    "Anden juledag": "2. juledag",
}


def test_the_holidays_of_seventy_years_are_those_the_holidays_package_knows():
    theirs = holidays.country_holidays("DK", years=range(1990, 2061), language="da")
    expected = {day: OF_THE_PACKAGE[name] for day, name in theirs.items()}
    assert {
        day: name for year in range(1990, 2061) for day, name in danish_public_holidays(year).items()
    } == expected


def test_store_bededag_is_gone_from_2024():
    assert ["store bededag" in danish_public_holidays(year).values() for year in (2023, 2024)] == [
        True,
        False,
    ]


def test_easter_sunday_can_be_as_early_as_22_march_and_as_late_as_25_april():
    assert (easter(2285), easter(2038), easter(2026)) == (
        date(2285, 3, 22),
        date(2038, 4, 25),
        date(2026, 4, 5),
    )


def test_the_town_hall_is_closed_on_three_days_more():
    assert danish_closed_days(2026).items() - danish_public_holidays(2026).items() == {
        (date(2026, 6, 5), "grundlovsdag"),
        (date(2026, 12, 24), "juleaftensdag"),
        (date(2026, 12, 31), "nytårsaftensdag"),
    }


def test_the_municipality_adds_its_own_closing_days():
    usual = danish_closed_days(2026).items()
    more = danish_closed_days(
        2026,
        day_after_ascension=True,
        between_christmas_and_new_year=True,
        extra={date(2026, 8, 14): "flytning", date(2027, 1, 4): "et andet år"},
    )
    assert more.items() - usual == {
        (date(2026, 5, 15), "dagen efter Kristi himmelfartsdag"),
        (date(2026, 8, 14), "flytning"),
        *((date(2026, 12, day), "mellem jul og nytår") for day in (27, 28, 29, 30)),
    }
    assert list(more) == sorted(more)


def test_a_day_closed_twice_over_keeps_the_holidays_name():
    assert danish_closed_days(2017)[date(2017, 6, 5)] == "2. pinsedag"


@pytest.mark.parametrize(
    ("day", "off"),
    [
        (date(2026, 2, 9), "vinterferie"),
        (date(2026, 7, 6), "sommerferie"),
        (date(2026, 7, 26), "sommerferie"),
        (date(2026, 10, 18), "efterårsferie"),
        (date(2026, 7, 27), None),
        (MONDAY, None),
    ],
)
def test_schools_are_closed_in_weeks_7_42_and_28_to_30(day, off):
    assert school_break(day) == off


# --- Ages and months ---


@pytest.mark.parametrize(
    ("day", "age"),
    [(date(2026, 10, 31), 17), (date(2026, 11, 1), 18), (date(2026, 11, 30), 18), (date(2027, 10, 31), 18)],
)
def test_an_age_turns_on_the_first_of_the_birth_month_early_and_never_late(day, age):
    assert age_on(2008, 11, day) == age


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 1, 31), -2, date(2025, 11, 30)),
        (date(2026, 12, 15), 12, date(2027, 12, 15)),
        (date(2026, 12, 15), 0, date(2026, 12, 15)),
    ],
)
def test_months_later_is_the_same_day_or_the_months_last(day, months, then):
    assert add_months(day, months) == then


# --- Dates as people write them, on Monday 16 November 2026 ---


@pytest.mark.parametrize(
    ("written", "ahead", "back"),
    [
        ("i dag", "2026-11-16", "2026-11-16"),
        ("I morgen", "2026-11-17", "2026-11-17"),
        ("i går", "2026-11-15", "2026-11-15"),
        ("i overmorgen", "2026-11-18", "2026-11-18"),
        ("om 3 uger", "2026-12-07", "2026-12-07"),
        ("om en uge", "2026-11-23", "2026-11-23"),
        ("om 2 dage", "2026-11-18", "2026-11-18"),
        ("om 3 måneder", "2027-02-16", "2027-02-16"),
        ("for 2 dage siden", "2026-11-14", "2026-11-14"),
        ("mandag", "2026-11-23", "2026-11-09"),
        ("tirsdag", "2026-11-17", "2026-11-10"),
        ("søn.", "2026-11-22", "2026-11-15"),
        ("på fredag", "2026-11-20", "2026-11-13"),
        ("i fredags", "2026-11-13", "2026-11-13"),
        ("uge 48", "2026-11-23", "2025-11-24"),
        ("uge 47", "2026-11-16", "2026-11-16"),
        ("uge 7", "2027-02-15", "2026-02-09"),
        ("uge 48 2026", "2026-11-23", "2026-11-23"),
        ("uge 7 2027", "2027-02-15", "2027-02-15"),
        ("uge 53", "2026-12-28", None),
        ("19/11", "2026-11-19", "2025-11-19"),
        ("19.11.", "2026-11-19", "2025-11-19"),
        ("16/11", "2026-11-16", "2026-11-16"),
        ("1/1", "2027-01-01", "2026-01-01"),
        ("19-11-2026", "2026-11-19", "2026-11-19"),
        ("19.11.2026", "2026-11-19", "2026-11-19"),
        ("19/11 2026", "2026-11-19", "2026-11-19"),
        ("19/11/26", "2026-11-19", "2026-11-19"),
        ("29/2", "2028-02-29", "2024-02-29"),
        ("3. december", "2026-12-03", "2025-12-03"),
        ("d. 3. december", "2026-12-03", "2025-12-03"),
        ("3. december 2026", "2026-12-03", "2026-12-03"),
        ("torsdag den 19. november 2026", "2026-11-19", "2026-11-19"),
        ("torsdag 26. november", "2026-11-26", None),
        ("2026-11-19", "2026-11-19", "2026-11-19"),
        ("today", "2026-11-16", "2026-11-16"),
        ("tomorrow", "2026-11-17", "2026-11-17"),
        ("yesterday", "2026-11-15", "2026-11-15"),
        ("in 3 weeks", "2026-12-07", "2026-12-07"),
        ("2 days ago", "2026-11-14", "2026-11-14"),
        ("Monday", "2026-11-23", "2026-11-09"),
        ("last Friday", "2026-11-13", "2026-11-13"),
        ("week 48", "2026-11-23", "2025-11-24"),
        ("3 december", "2026-12-03", "2025-12-03"),
        ("26 Nov 2026", "2026-11-26", "2026-11-26"),
        ("Thursday 26 November", "2026-11-26", None),
    ],
)
def test_dates_are_read_as_people_write_them(written, ahead, back):
    def reading(*, forward):
        try:
            return read_date(written, today=MONDAY, forward=forward).isoformat()
        except DateRefused:
            return None

    assert (reading(forward=True), reading(forward=False)) == (ahead, back)


def test_a_week_read_forward_in_its_own_middle_is_today():
    assert read_date("uge 47", today=date(2026, 11, 18), forward=True) == date(2026, 11, 18)


@pytest.mark.parametrize(
    "written",
    [
        *(
            "",
            " ",
            "snart",
            "næste mandag",
            "2026W477",
            "20261119",
            "2026-W47",
            "１９/11",
            "١٩/١١",
            "19//11",
            "19/11-2026",
            "1911",
        ),
        *(
            "onsdag 26. november",
            "3. decembar",
            "uge",
            "uge 123",
            "uge 48 1492",
            "om -3 uger",
            "om 1000 dage",
            "19/11/226",
            "i dag i dag",
        ),
        *("\x00", "19/11\n12", "050199-1234", "9" * 5000, "²/11"),
    ],
)
def test_what_is_no_date_is_refused_with_an_example(written):
    with pytest.raises(DateUnclear) as refused:
        read_date(written, today=MONDAY, forward=True)
    assert (refused.value.field, refused.value.facts) == ("date", {"example": date(2026, 11, 30)})


@pytest.mark.parametrize(
    ("written", "facts"),
    [
        ("31/2", {"day": 31, "month": 2, "year": None}),
        ("29/2 2027", {"day": 29, "month": 2, "year": 2027}),
        ("31. november", {"day": 31, "month": 11, "year": None}),
        ("11/19/2026", {"day": 11, "month": 19, "year": 2026}),
        ("0/1", {"day": 0, "month": 1, "year": None}),
        ("2026-02-30", {"day": 30, "month": 2, "year": 2026}),
        ("1/1/0026", {"day": 1, "month": 1, "year": 26}),
    ],
)
def test_a_day_the_calendar_has_not_is_refused(written, facts):
    with pytest.raises(NoSuchDate) as refused:
        read_date(written, today=MONDAY, forward=True)
    assert refused.value.facts == facts


@pytest.mark.parametrize(
    ("written", "facts"),
    [
        ("uge 0", {"week": 0, "year": 2027, "weeks_in_year": 52}),
        ("uge 54", {"week": 54, "year": 2026, "weeks_in_year": 53}),
        ("uge 53 2027", {"week": 53, "year": 2027, "weeks_in_year": 52}),
    ],
)
def test_a_week_the_year_has_not_is_refused(written, facts):
    with pytest.raises(NoSuchWeek) as refused:
        read_date(written, today=MONDAY, forward=True)
    assert refused.value.facts == facts


WRITTEN = [
    "{d.day}/{d.month}/{d.year}",
    "{d:%d-%m-%Y}",
    "{d.day}.{d.month}.{d.year}",
    "{d.day}.{d.month}. {d.year}",
    "{d:%Y-%m-%d}",
]


@given(days, days, st.sampled_from(WRITTEN), st.booleans())
def test_a_full_date_means_the_same_whenever_it_is_read(day, today, written, forward):
    assert read_date(written.format(d=day), today=today, forward=forward) == day


@given(days, days, st.booleans())
def test_a_date_without_a_year_is_the_nearest_that_way_and_today_counts(day, today, forward):
    read = read_date(f"{day.day}/{day.month}", today=today, forward=forward)
    assert (read.day, read.month) == (day.day, day.month)
    distance = (read - today if forward else today - read).days
    assert 0 <= distance < (366 if (day.day, day.month) != (29, 2) else 366 * 8)


@given(days, st.integers(0, 6), st.booleans())
def test_a_weekday_is_the_next_or_the_last_and_never_today(today, number, forward):
    name = ["mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"][number]
    read = read_date(name, today=today, forward=forward)
    assert read.weekday() == number
    assert 1 <= (read - today if forward else today - read).days <= 7


@given(st.text(max_size=45) | st.text("0123456789/-. uge", max_size=12), days, st.booleans())
def test_whatever_is_written_is_a_date_or_a_refusal_by_name(text, today, forward):
    try:
        assert type(read_date(text, today=today, forward=forward)) is date
    except DateRefused:
        pass


# --- Where a date may lie ---


def test_what_is_to_come_lies_today_or_later_and_within_five_years():
    assert expect_ahead(MONDAY, MONDAY) == MONDAY
    assert expect_ahead(date(2031, 11, 16), MONDAY) == date(2031, 11, 16)
    with pytest.raises(DateInPast) as past:
        expect_ahead(date(2026, 11, 15), MONDAY)
    with pytest.raises(DateTooFarAhead) as far:
        expect_ahead(date(2031, 11, 17), MONDAY)
    assert past.value.facts == {"day": date(2026, 11, 15), "today": MONDAY}
    assert far.value.facts == {"day": date(2031, 11, 17), "latest": date(2031, 11, 16)}


def test_an_expense_lies_between_the_frames_start_and_today():
    start = date(2026, 10, 1)
    assert [expect_between(d, start, MONDAY) for d in (start, MONDAY)] == [start, MONDAY]
    with pytest.raises(DateBeforeStart) as before:
        expect_between(date(2026, 9, 30), start, MONDAY)
    with pytest.raises(DateAhead) as ahead:
        expect_between(date(2026, 11, 17), start, MONDAY)
    assert before.value.facts == {"day": date(2026, 9, 30), "start": start}
    assert ahead.value.facts == {"day": date(2026, 11, 17), "latest": MONDAY}

"""How numbers, money, days and times are written: as Danes write them, and as English readers expect them."""

from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment

from bot.domain.calendar import Week, read_date
from bot.domain.case import AgeBand
from bot.domain.money import Kroner, read_amount
from bot.texts import formats, texts

THURSDAY = date(2026, 11, 26)
MORNING = datetime(2026, 11, 16, 8, 14, tzinfo=UTC)  # 9.14 in Denmark
amounts = st.integers(min_value=1, max_value=999_999_900).map(Kroner)


@pytest.mark.parametrize(
    ("ore", "danish", "english"),
    [
        (123_450, "1.234,50 kr.", "DKK 1,234.50"),
        (45_000, "450,00 kr.", "DKK 450.00"),
        (675_000, "6.750,00 kr.", "DKK 6,750.00"),
        (5, "0,05 kr.", "DKK 0.05"),
        (0, "0,00 kr.", "DKK 0.00"),
        (-123_450, "-1.234,50 kr.", "DKK -1,234.50"),
    ],
)
def test_money_is_written_with_two_decimals_and_ordinary_spaces(ore, danish, english):
    assert (formats.kroner(Kroner(ore), "da"), formats.kroner(Kroner(ore), "en")) == (danish, english)


def test_money_can_be_shown_as_one_would_type_it():
    typed = [formats.as_typed(a) for a in (Kroner.of(300), Kroner.of(25_000), Kroner(2_550))]
    assert typed == ["300", "25.000", "25,50"]
    assert formats.as_typed(Kroner.of(25), ore=True) == "25,00"
    assert formats.as_typed(Kroner(30_099), ore=False) == "300"


@given(amounts)
def test_an_amount_shown_can_be_typed_back(amount):
    assert [read_amount(t) for t in (formats.kroner(amount, "da"), formats.as_typed(amount))] == [
        amount,
        amount,
    ]


@pytest.mark.parametrize(
    ("written", "danish", "english"),
    [
        (formats.long_date, "torsdag 26. november", "Thursday 26 November"),
        (formats.long_date_year, "torsdag 26. november 2026", "Thursday 26 November 2026"),
        (formats.short_date, "26-11-2026", "26 Nov 2026"),
        (formats.day_month, "26. nov.", "26 Nov"),
        (formats.weekday, "torsdag", "Thursday"),
        (formats.week, "uge 48", "week 48"),
    ],
)
def test_days_are_written_as_each_language_writes_them(written, danish, english):
    assert (written(THURSDAY, "da"), written(THURSDAY, "en")) == (danish, english)


def test_a_week_can_be_written_from_the_week_itself():
    assert formats.week(Week(2026, 53), "da") == "uge 53"


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.sampled_from(["da", "en"]))
def test_a_day_shown_with_its_year_can_be_typed_back(day, language):
    shown = (formats.long_date_year(day, language), formats.short_date(day, language))
    assert [read_date(s, today=THURSDAY, forward=True) for s in shown] == [day, day]


@given(st.dates(THURSDAY, date(2027, 11, 25)), st.sampled_from(["da", "en"]))
def test_a_coming_day_shown_without_its_year_can_be_typed_back(day, language):
    shown = (formats.long_date(day, language), formats.day_month(day, language))
    assert [read_date(s, today=THURSDAY, forward=True) for s in shown] == [day, day]


@pytest.mark.parametrize(
    ("at", "danish", "english"),
    [(time(9, 10), "kl. 9.10", "9:10"), (time(0, 5), "kl. 0.05", "0:05"), (MORNING, "kl. 9.14", "9:14")],
)
def test_times_have_no_leading_zero_and_moments_are_local(at, danish, english):
    assert (formats.clock(at, "da"), formats.clock(at, "en")) == (danish, english)


def test_a_span_of_time_is_written_with_a_dash():
    assert [formats.clock_range(time(9), time(11), language) for language in ("da", "en")] == [
        "9.00–11.00",
        "9:00–11:00",
    ]


def test_a_moment_is_a_weekday_and_a_time_in_denmark():
    assert [formats.instant_local(MORNING, language) for language in ("da", "en")] == [
        "mandag kl. 9.14",
        "Monday at 9:14",
    ]
    assert formats.instant_local(datetime(2026, 11, 16, 23, 30, tzinfo=UTC), "da") == "tirsdag kl. 0.30"


@pytest.mark.parametrize("language", ["da", "en"])
def test_a_moment_of_another_week_has_its_date_since_its_weekday_would_mean_another_day(language):
    dated = {"da": "mandag 16. november kl. 9.14", "en": "Monday 16 November at 9:14"}[language]
    for days, is_dated in ((-30, True), (-7, True), (-6, False), (0, False), (6, False), (7, True)):
        today = MORNING.date() + timedelta(days=days)
        assert (formats.instant_local(MORNING, language, today=today) == dated) == is_dated


@pytest.mark.parametrize(
    ("share", "danish", "english", "bar"),
    [
        (0.82, "82 %", "82%", "▓▓▓▓▓▓▓▓░░"),
        (0.29, "29 %", "29%", "▓▓░░░░░░░░"),
        (Fraction(9_999, 10_000), "99 %", "99%", "▓▓▓▓▓▓▓▓▓░"),
        (1, "100 %", "100%", "▓▓▓▓▓▓▓▓▓▓"),
        (0, "0 %", "0%", "░░░░░░░░░░"),
        (1.25, "125 %", "125%", "▓▓▓▓▓▓▓▓▓▓"),
    ],
)
def test_a_share_is_rounded_down_in_number_and_in_bar(share, danish, english, bar):
    assert (formats.percent(share, "da"), formats.percent(share, "en"), formats.bar(share)) == (
        danish,
        english,
        bar,
    )


def test_several_things_are_listed_with_and_before_the_last():
    assert [formats.listed(["a", "b", "c"][:n], "da") for n in range(4)] == ["", "a", "a og b", "a, b og c"]
    assert formats.listed(["a", "b", "c"], "en") == "a, b and c"
    assert formats.listed(["25,00", "25.000"], "da", word="eller") == "25,00 eller 25.000"


def test_one_case_and_several_cases():
    assert [formats.counted(n, "sag", "sager", "da") for n in (0, 1, 6, 1250)] == [
        "0 sager",
        "1 sag",
        "6 sager",
        "1.250 sager",
    ]
    assert [formats.plural(n, "case", "cases") for n in (0, 1, 2)] == ["cases", "case", "cases"]


def test_reports_write_months_and_numbers_as_the_council_does():
    months = [formats.month_year(date(2019, m, 30), "da") for m in (3, 5, 6, 11)]
    assert months == ["mar. 2019", "maj 2019", "juni 2019", "nov. 2019"]
    assert formats.month_year(date(2020, 11, 19), "en") == "Nov 2020"
    assert [formats.share_of(Fraction(*f), "da") for f in ((265, 359), (250, 339), (1, 8), (1, 1))] == [
        "73,8 %",
        "73,7 %",
        "12,5 %",
        "100,0 %",
    ]
    assert (formats.one_decimal(Fraction(5, 4), "en"), formats.number(1250, "da")) == ("1.3", "1.250")


def test_templates_get_every_format_in_their_own_language():
    danish, english = formats.filters("da"), formats.filters("en")
    assert (danish["kroner"](Kroner.of(5)), english["kroner"](Kroner.of(5))) == ("5,00 kr.", "DKK 5.00")
    assert english["clock_range"](time(9), time(11)) == "9:00–11:00"
    assert english["listed"](["a", "b"], word="or") == "a or b"
    assert set(danish) == {
        *(
            "kroner",
            "as_typed",
            "month",
            "long_date",
            "long_date_year",
            "short_date",
            "day_month",
            "weekday",
            "week",
            "clock",
        ),
        *("month", "month_year", "number", "one_decimal", "share_of"),
        *("clock_range", "instant_local", "percent", "bar", "listed", "plural", "counted"),
    }


@pytest.mark.rule("D5")
@pytest.mark.parametrize(
    ("written", "danish", "english"),
    [
        ("{{ day|long_date }}", "torsdag 26. november 2026", "Thursday 26 November 2026"),
        ("{{ day|day_month }}", "26. nov. 2026", "26 Nov 2026"),
        ("{{ at|instant_local }}", "mandag 16. november 2026 kl. 9.14", "Monday 16 November 2026 at 9:14"),
    ],
)
def test_a_day_of_another_year_says_its_year_and_one_of_this_year_does_not(written, danish, english):
    for language, said in (("da", danish), ("en", english)):
        env = Environment(autoescape=False)
        env.filters |= formats.filters(language)
        facts = {"day": THURSDAY, "at": MORNING}
        template = env.from_string(written)
        assert template.render({**facts, formats.TODAY: date(2027, 1, 4)}) == said
        assert "2026" not in template.render({**facts, formats.TODAY: date(2026, 12, 31)})


@pytest.mark.rule("D5")
def test_every_text_knows_the_day_it_is_read():
    read = texts("da").on(date(2027, 1, 4))
    assert (
        read.about(AgeBand.ADULT)
        .say("case", "next_follow_up", day=THURSDAY)
        .endswith("26. november 2026 (uge 48)")
    )
    assert "2026" not in texts("da").on(THURSDAY).say("case", "next_follow_up", day=THURSDAY)

"""Money is whole øre, and amounts are read as Danes write them: by grammar, never by guessing (S20)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.money import ZERO, AmountNotPositive, AmountTooLarge, AmountUnclear, Kroner, read_amount

positive = st.integers(min_value=1, max_value=999_999_900).map(Kroner)


def with_points(whole: int) -> str:
    return f"{whole:,}".replace(",", ".")


# --- Kroner ---


def test_an_amount_of_money_adds_subtracts_and_multiplies_exactly():
    assert Kroner.of(450) + Kroner(5) - Kroner.of(50) * 2 == Kroner(35_005)
    assert sum([Kroner(10), Kroner(20)], ZERO) == Kroner(30) == 3 * Kroner(10)


def test_nothing_is_false_and_every_other_amount_is_true():
    assert [bool(k) for k in (ZERO, Kroner(1), -Kroner(1))] == [False, True, True]


def test_amounts_are_ordered_by_size():
    assert sorted([Kroner.of(2), -Kroner.of(3), ZERO]) == [Kroner(-300), Kroner(0), Kroner(200)]


@pytest.mark.parametrize("wrong", [1.0, True, "1", None])
def test_money_is_made_of_whole_numbers_only(wrong):
    with pytest.raises(TypeError):
        Kroner(wrong)
    with pytest.raises(TypeError):
        Kroner.of(wrong)


@pytest.mark.parametrize("wrong", [1.5, True, Kroner(2)])
def test_money_is_multiplied_by_whole_numbers_only(wrong):
    with pytest.raises(TypeError):
        Kroner(100) * wrong


def test_money_and_a_bare_number_are_not_added():
    with pytest.raises(TypeError):
        Kroner(100) + 5


# --- Reading ---


@pytest.mark.parametrize(
    ("written", "ore"),
    [
        ("450", 45_000),
        ("25.000", 2_500_000),
        ("25000", 2_500_000),
        ("25.000,00", 2_500_000),
        ("1.234,5", 123_450),
        ("1.234,56", 123_456),
        ("kr. 500", 50_000),
        ("kr 500", 50_000),
        ("500 kr", 50_000),
        ("500kr.", 50_000),
        ("500,-", 50_000),
        ("500,– kr.", 50_000),
        ("1.250,00 kr.", 125_000),
        ("KR. 1.250,-", 125_000),
        ("DKK 450", 45_000),
        ("450 kroner", 45_000),
        ("  0,50  ", 50),
        ("1.250,00\N{NO-BREAK SPACE}kr.", 125_000),
        ("9.999.999", 999_999_900),
        ("1 200,50", 120_050),
        ("25 000", 2_500_000),
        ("9 999 999,-", 999_999_900),
        ("kr. 1 200 kr.", 120_000),
        ("1\N{NO-BREAK SPACE}200,50", 120_050),
        ("1\N{NARROW NO-BREAK SPACE}200,50\N{NO-BREAK SPACE}kr.", 120_050),
        ("1\N{THIN SPACE}200,50", 120_050),
        (" kr.\N{NO-BREAK SPACE} 1.200,50 ", 120_050),
    ],
)
def test_danish_amounts_are_read(written, ore):
    assert read_amount(written) == Kroner(ore)


@pytest.mark.parametrize(
    "written",
    [
        *(
            "",
            " ",
            "kr.",
            "tolv",
            "NaN",
            "inf",
            "Infinity",
            "1e5",
            "1_000",
            "25.00",
            "25.0",
            "2.5000",
            "1.23.456",
            "1,234.50",
            "1,2,3",
        ),
        *(
            "１２",
            "٤٥٠",
            "²",
            "½",
            "Ⅻ",
            "൩൦",
            "0450",
            "0.500",
            "450 45",
            "450 4500",
            "1234 567",
            "1 234.567",
            "1.234 567",
            "0 500",
            "1 200.50",
            "050199 1234",
            "20 30 40 50",
            "--5",
            "+5",
            "0x10",
            "5,",
            ",5",
            ".5",
            "5.",
            "12,345,678",
        ),
        *("450\x00", "4\u200b50", "kr kr kr 5", "$5", "5 %", "5-6", "500-", "1" * 500),
    ],
)
def test_what_is_no_danish_amount_is_refused_and_never_guessed(written):
    with pytest.raises(AmountUnclear) as refused:
        read_amount(written)
    assert (refused.value.field, refused.value.facts) == ("amount", {})


@pytest.mark.parametrize(
    ("written", "facts"),
    [
        ("25,000", {"small": Kroner.of(25), "large": Kroner.of(25_000)}),
        ("1,250 kr.", {"small": Kroner(125), "large": Kroner.of(1_250)}),
        ("kr. 7,500", {"small": Kroner(750), "large": Kroner.of(7_500)}),
        ("25,125", {}),
        ("-25,000", {}),
    ],
)
def test_a_comma_before_three_digits_is_asked_about(written, facts):
    with pytest.raises(AmountUnclear) as refused:
        read_amount(written)
    assert refused.value.facts == facts


@pytest.mark.parametrize("written", ["0", "0,00", "00", "-500", "−500", "kr. -500", "- 500 kr.", "-0"])
def test_an_amount_is_more_than_nothing(written):
    with pytest.raises(AmountNotPositive):
        read_amount(written)


def test_an_amount_has_an_upper_limit():
    with pytest.raises(AmountTooLarge) as refused:
        read_amount("10.000.000")
    assert refused.value.facts == {"most": Kroner.of(9_999_999)}
    with pytest.raises(AmountTooLarge):
        read_amount("100,01", most=Kroner.of(100))
    assert read_amount("100,00", most=Kroner.of(100)) == Kroner.of(100)


def test_a_refusal_does_not_keep_what_was_written():
    with pytest.raises(AmountUnclear) as refused:
        read_amount("050199-1234 kr")
    assert "0501" not in repr(refused.value.args) + repr(refused.value.facts)


@given(
    positive,
    st.sampled_from(["{}", "{} kr.", "kr. {}", "{} kr", "kr {}", "DKK {}", "  {}\t"]),
    st.sampled_from([None, ".", " ", "\N{NO-BREAK SPACE}", "\N{THIN SPACE}"]),
)
def test_every_amount_comes_back_from_the_way_it_is_written(amount, frame, apart):
    whole, ore = divmod(amount.ore, 100)
    written = f"{with_points(whole).replace('.', apart) if apart is not None else whole},{ore:02}"
    assert read_amount(frame.format(written)) == amount


@given(st.text(max_size=45) | st.text("0123456789.,- krKRdDK", max_size=15))
def test_whatever_is_written_is_an_amount_in_range_or_a_refusal_by_name(text):
    try:
        amount = read_amount(text)
    except (AmountUnclear, AmountNotPositive, AmountTooLarge):
        return
    assert ZERO < amount <= Kroner.of(9_999_999)
    assert not any(sign.isnumeric() and not sign.isascii() for sign in text)

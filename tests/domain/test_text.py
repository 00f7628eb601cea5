"""Text is cleaned once at the edge: the same in SQLite and PostgreSQL, and nothing in it hides (S21)."""

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.text import TextTooLong, clean, is_blank, visible

any_text = st.text(st.characters(), max_size=60) | st.text(
    "a é\u0301\u200d\ufe0f❤👨👩🏽\u202e\n\t\r\x00\ud800", max_size=20
)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  støtte i hjemmet \n", "støtte i hjemmet"),
        ("stø\x00tte", "støtte"),
        ("a\x07b\x1bc\x7fd\x9fe", "abcde"),
        ("før\u202eretfe\u202c", "førretfe"),
        ("\u2066a\u2069\u200e\u200f\u061cb", "ab"),
        ("a\ud800b", "ab"),
        ("a\u200bb\u2060c\ufeffd\u00ade", "abcde"),
        ("e\u0301n", "én"),
        ("A\u030arhus", "Århus"),
        ("linje et\nlinje to", "linje et linje to"),
        ("et\ttabulatortegn", "et tabulatortegn"),
        ("a\u2028b\u2029c\x85d", "a b c d"),
        ("👨\u200d👩\u200d👧 familie", "👨\u200d👩\u200d👧 familie"),
        ("❤\ufe0f\u200d🔥", "❤\ufe0f\u200d🔥"),
        ("a\u200db", "ab"),
        ("ord\ufe0f", "ord"),
        ("\U000e0041skjult\U000e007f", "skjult"),
        ("1\ufe0f\u20e3", "1\ufe0f\u20e3"),
        ("مرحبا", "مرحبا"),
    ],
)
def test_what_can_be_read_is_kept_and_the_rest_is_not(typed, kept):
    assert clean(typed, most=100) == kept


def test_line_breaks_stay_where_a_text_may_have_several_lines():
    assert clean("et\r\nto\rtre\u2028fire\n", most=100, multiline=True) == "et\nto\ntre\nfire"


def test_a_tower_of_marks_is_cut_down():
    assert len(clean("z" + "\u0335" * 200 + "algo", most=100)) == len("zalgo") + 4


def test_a_text_of_exactly_the_most_is_kept_and_one_more_is_refused():
    assert clean("å" * 140, most=140) == "å" * 140
    with pytest.raises(TextTooLong) as refused:
        clean("å" * 141, most=140)
    assert refused.value.facts == {"most": 140, "length": 141}


def test_a_megabyte_is_refused_without_being_read():
    with pytest.raises(TextTooLong) as refused:
        clean("x" * 1_000_000, most=140)
    assert refused.value.facts == {"most": 140, "length": 1_000_000}


def test_unseen_characters_do_not_count():
    assert clean("a" + "\u200b" * 500, most=1) == "a"


@pytest.mark.parametrize(
    "nothing", ["", "  \n\t ", "\u200b\u200d", "\x00", "\ufe0f", "\u3164", "\u00a0\u2003", "\u2800"]
)
def test_a_text_with_nothing_to_read_is_blank(nothing):
    assert is_blank(nothing)


def test_a_text_with_one_letter_is_not_blank():
    assert not is_blank(" \u200bå ")


@given(any_text, st.booleans())
@example("\U0001d15e\u200d😀", False)
@example("❤\u200d\ufe0f❤", False)
@example("\u1100\u200b\u1161", True)
def test_cleaning_twice_changes_nothing_more(text, multiline):
    once = visible(text, multiline=multiline)
    assert visible(once, multiline=multiline) == once


@given(any_text, st.booleans())
def test_what_is_kept_can_be_stored_anywhere_and_hides_nothing(text, multiline):
    kept = visible(text, multiline=multiline)
    assert kept.encode("utf-8").decode("utf-8") == kept
    assert kept == unicodedata.normalize("NFC", kept).strip()
    hidden = "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u200c\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c\ufeff\ud800-\udfff]"
    assert re.findall(hidden if multiline else f"{hidden}|\n", kept) == []


@given(st.text("abcdefghijklmnopqrstuvwxyzæøåÆØÅ0123456789 .,:;!?»«–-()", max_size=80))
def test_ordinary_danish_is_only_trimmed(text):
    assert visible(text) == text.strip()

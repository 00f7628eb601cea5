"""Names are asked about where a list says so, and casework's own sentences are left in peace (D1)."""

from __future__ import annotations

import itertools
import re

import pytest

from bot.domain.names import NameList, UnfitName, read_names
from tests.domain.test_ordinary_sentences import sentences

FIRST = re.findall(
    r"\w+",
    """
    Peter Michael Jens Lars Thomas Henrik Søren Christian Martin Jan Morten Anders Hans Rasmus Mads
    Niels Kim Bo Per Jesper Emil Mikkel Noah Oliver Malthe Ask Mark Storm August Dag Anne Mette
    Kirsten Hanne Anna Maria Susanne Lene Marianne Camilla Pia Louise Charlotte Ida Emma Sofie Freja
    Liv Maj Rose Alma Ella Josefine Clara Fatima Aisha Mohamed Ali Omar Yusuf
    """,
)
LAST = re.findall(
    r"\w+",
    """
    Nielsen Jensen Hansen Andersen Pedersen Christensen Larsen Sørensen Rasmussen Jørgensen Petersen
    Madsen Kristensen Olsen Thomsen Christiansen Poulsen Johansen Møller Mortensen Knudsen Holm Lund
    Bach Dahl Vinter Sommer Bang Toft Skov
    """,
)
COMMON = NameList.of(*FIRST, *LAST)
"""Some of the commonest names in Denmark, with all of them that are words besides."""

BEGIN_WITH_A_NAME_THAT_IS_A_WORD = (
    "Bo i egen bolig er målet.",
    "Per telefon er aftalt status i uge 9.",
    "Mark og skov er gode rammer for praktikken.",
    "Dag 3 i forløbet gik godt.",
    "Ask om morgenen: mødte ikke.",
    "Liv og hverdag drøftes. Sommer og vinter er lavsæson.",
    "Status: August er slut, og praktikken begynder.",
    "- Maj måned bruges på afklaring",
)
TYPED = (
    "{} er mødt op hver dag",
    "Mentoren har talt med {} om praktik.",
    "Aftalt i går. {} møder kl. 9",
    "{}s mor ringer på torsdag",
    "Rammen til {}'s buskort er brugt",
    "STU for {}, opstart i uge 5",
)


def test_casework_s_own_sentences_are_not_asked_about() -> None:
    said = [*sentences(), *BEGIN_WITH_A_NAME_THAT_IS_A_WORD]
    asked = {s: COMMON.found_in(s) for s in said if COMMON.found_in(s)}
    print(f"{len(asked)} of {len(said)} ordinary sentences asked about")
    assert asked == {}


@pytest.mark.rule("D1")
def test_a_name_in_a_sentence_is_seen() -> None:
    """Made up of every name and every sentence; missed are only the words that begin one, where they mean something."""
    made = [
        (name, shape.format(name))
        for name, shape in itertools.product([*FIRST, *(f"{f} {LAST[0]}" for f in FIRST)], TYPED)
    ]
    missed = [(name, said) for name, said in made if not COMMON.found_in(said)]
    print(f"{len(made) - len(missed)} of {len(made)} names seen")
    assert {name for name, _ in missed} <= {
        "Ask",
        "August",
        "Bo",
        "Dag",
        "Liv",
        "Maj",
        "Mark",
        "Per",
        "Rose",
        "Storm",
    }
    assert all(said.startswith(name) or f". {name}" in said for name, said in missed)
    assert len(missed) <= len(made) // 20


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ida Madsen og Anne-Sofie", ("Ida", "Madsen", "Anne")),
        ("IDA kommer", ("IDA",)),
        ("Idas buskort", ("Idas",)),
        ("A\u030ase ringer", ("Åse",)),
        ("ida kommer", ()),
        ("Idasvej er lukket", ()),
        ("Bo Hansen møder", ("Bo", "Hansen")),
        ("Vi taler med Bo i morgen", ("Bo",)),
        ("", ()),
    ],
)
def test_a_word_is_a_name_with_a_capital_letter(text: str, found: tuple[str, ...]) -> None:
    assert NameList.of("Ida", "Madsen", "Anne Sofie", "Åse", "Bo", "Hansen").found_in(text) == found


def test_without_a_list_nothing_is_asked() -> None:
    assert NameList().found_in("Ida Madsen") == ()


def test_a_list_has_remarks_and_names_of_several_words() -> None:
    assert read_names("\ufeff# Byens egne\nIda\n\nAnne Marie  # et dobbeltnavn\nO'Neill\n").words == {
        *("ida", "anne", "marie", "neill")
    }


@pytest.mark.parametrize("line", ["1234567890", "Ida;Madsen", "x", "A" * 70, "ida@example.dk"])
def test_a_line_that_is_no_name_is_numbered_and_not_quoted(line: str) -> None:
    with pytest.raises(UnfitName) as unfit:
        read_names(f"Ida\n{line}\n")
    assert (unfit.value.line, str(unfit.value)) == (2, "line 2")

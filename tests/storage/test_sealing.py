"""What is sealed opens where it was put, by whoever holds a key of the ring, and nowhere else (D27)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from bot.domain.case import Reference
from bot.usecases.left_out import Unreadable
from storage.sealing import KeyRing, KeyUnfit, SealBroken, new_key
from tests.support.rows import AT, Rows

PLACE = {"table": "case_references", "column": "number", "row": "case/social"}
RING = KeyRing.read(new_key())


@given(st.text())
def test_whatever_is_sealed_opens_unchanged(words: str):
    if not _can_be_written(words):
        return
    assert RING.open(RING.seal(words, **PLACE), **PLACE) == words


def test_the_same_text_never_looks_the_same_twice():
    assert RING.seal("S2026-004711", **PLACE) != RING.seal("S2026-004711", **PLACE)


def test_a_short_number_does_not_show_by_its_size():
    assert len(RING.seal("1", **PLACE)) == len(RING.seal("S2026-0047112233", **PLACE))


@pytest.mark.parametrize(
    "elsewhere",
    [
        {**PLACE, "row": "case/youth"},
        {**PLACE, "row": "other/social"},
        {**PLACE, "column": "link"},
        {**PLACE, "table": "birth_months"},
    ],
)
def test_a_sealed_value_moved_elsewhere_does_not_open(elsewhere: dict[str, str]):
    with pytest.raises(SealBroken):
        RING.open(RING.seal("S2026-004711", **PLACE), **elsewhere)


def test_a_value_changed_in_any_byte_does_not_open():
    sealed = RING.seal("S2026-004711", **PLACE)
    for at in range(len(sealed)):
        changed = bytearray(sealed)
        changed[at] ^= 1
        with pytest.raises(SealBroken):
            RING.open(bytes(changed), **PLACE)


@pytest.mark.parametrize("length", [0, 1, 12, 13, 20, 40])
def test_a_value_cut_short_does_not_open(length: int):
    with pytest.raises(SealBroken):
        RING.open(RING.seal("S2026-004711", **PLACE)[:length], **PLACE)


def test_an_old_key_still_opens_and_a_strange_one_does_not():
    old, current = new_key(), new_key()
    sealed = KeyRing.read(old).seal("S2026-004711", **PLACE)
    assert KeyRing.read(f"{current}\n{old}\n").open(sealed, **PLACE) == "S2026-004711"
    with pytest.raises(SealBroken):
        KeyRing.read(current).open(sealed, **PLACE)


@pytest.mark.parametrize("key", ["", "  \n", "secret", "AAAA", "A" * 43 + "=", "YWJj" * 10 + "YWI=", "æøå"])
def test_a_missing_weak_or_strange_key_is_refused(key: str):
    with pytest.raises(KeyUnfit):
        KeyRing.read(key)


def test_a_ring_never_prints_its_keys():
    key = new_key()
    ring = KeyRing.read(f"{key},{new_key()}")
    assert repr(ring) == "KeyRing()"
    assert str(ring.current) not in f"{ring!r} {ring}"


def test_a_number_is_found_by_its_hash_only_for_the_same_purpose_and_key():
    assert RING.blind("4711", purpose="tail") == RING.blind("4711", purpose="tail")
    assert RING.blind("4711", purpose="tail") != RING.blind("4711", purpose="number:social")
    assert RING.blind("4711", purpose="tail") != KeyRing.read(new_key()).blind("4711", purpose="tail")


def test_nothing_sealed_stands_readable_in_the_database(town: Rows):
    case = town.case()
    with town.storage.open_work(at=AT) as work:
        work.cases.put_reference(Reference(case.id, "social", "S2026-004711", "https://fag.example/004711"))
        work.cases.put_birth_month(case.id, "2007-05")
        work.drafts.keep("UMAJA", "case_new", "", {"number": "S2026-009999"}, AT)
    with town.storage.database.reading.connect() as connection:
        for table, columns in {
            "case_references": ("number", "link", "blind", "blind_tail"),
            "birth_months": ("month",),
            "drafts": ("held",),
        }.items():
            rows = connection.execute(text(f"SELECT {', '.join(columns)} FROM {table}")).all()
            assert rows
            for value in (bytes(cell) for row in rows for cell in row):
                for readable in (b"4711", b"9999", b"2026", b"2007", b"fag.example", b"social"):
                    assert readable not in value


def test_a_sealed_row_swapped_with_anothers_does_not_open(town: Rows):
    one, two = town.case(), town.case()
    with town.storage.open_work(at=AT) as work:
        work.cases.put_reference(Reference(one.id, "social", "S2026-001111"))
        work.cases.put_reference(Reference(two.id, "social", "S2026-002222"))
    with town.storage.database.turn(), town.storage.database.writing.begin() as connection:
        connection.execute(
            text(
                "UPDATE case_references SET number = (SELECT o.number FROM case_references o WHERE o.case_id = :two) "
                "WHERE case_id = :one"
            ),
            {"one": one.id, "two": two.id},
        )
    with town.storage.open_reading(at=AT) as work, pytest.raises(Unreadable):
        work.cases.reference(one.id, "social")


def _can_be_written(words: str) -> bool:
    """A lone surrogate is no text, and is refused before it comes this far."""
    try:
        words.encode()
    except UnicodeEncodeError:
        return False
    return True

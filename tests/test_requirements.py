"""Every hard or configurable demand and every step has a story, a home, and a line whose removal turns it red."""

from __future__ import annotations

from tests.rules.book import ROOT, Book
from tests.rules.write import TARGET, requirements

BOOK = Book()
NEEDED = tuple(demand.number for demand in BOOK.demands if demand.needs_a_story)


def test_each_has_a_story() -> None:
    assert [number for number in NEEDED if number not in BOOK.stories] == []


def test_each_has_a_home_that_names_it() -> None:
    assert [n for n in NEEDED if n not in BOOK.lives and n not in BOOK.settings] == []


def test_each_says_in_our_own_words_what_it_asks_and_how_it_is_seen() -> None:
    assert [d.number for d in BOOK.demands if not d.asks] == []
    assert [d.number for d in BOOK.demands if d.needs_a_story and not d.seen] == []


def test_each_was_seen_red_without_a_line_that_still_stands() -> None:
    gone = [
        number
        for number, proof in BOOK.proofs.items()
        if not any(line.strip() == proof.line for line in (ROOT / proof.file).read_text("utf-8").splitlines())
    ]
    assert gone == [], "make prove finds another line for these"
    assert [number for number in NEEDED if number not in BOOK.proofs] == []


def test_the_page_of_requirements_is_as_make_rules_writes_it() -> None:
    assert TARGET.read_text("utf-8") == requirements(BOOK), "run make rules"


def test_every_mark_names_something_that_is_explained() -> None:
    explained = {demand.number for demand in BOOK.demands}
    unknown = {n for n in BOOK.stories if n[0] in "RT" and n not in explained}
    assert unknown == set()

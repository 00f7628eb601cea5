"""Every hard or configurable demand and every step has a story, a home, and a line whose removal turns it red."""

from __future__ import annotations

import ast
from dataclasses import replace

from tests.rules.book import Book, _marked
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


def test_each_was_seen_red_without_a_line_that_still_stands_by_a_story_that_still_bears_its_mark() -> None:
    doubts = {n: why for n, proof in BOOK.proofs.items() if (why := BOOK.doubt_about(n, proof))}
    assert doubts == {}, "make prove finds another line for these"
    assert [number for number in NEEDED if number not in BOOK.proofs] == []


def test_a_line_that_is_gone_stands_twice_or_has_lost_its_story_is_noticed() -> None:
    proof, often = BOOK.proofs["R003"], "raise NotForYou"
    assert BOOK.doubt_about("R003", proof) == ""
    for stale, why in (
        (replace(proof, line="nothing of that kind"), "the line stands 0 times"),
        (replace(proof, file="bot/domain/gone.py"), "the line stands 0 times"),
        (replace(proof, file="bot/usecases/referrals.py", line=often), "the line stands 4 times"),
        (replace(proof, story=f"{proof.story}_no_more"), "no story by that name bears the mark"),
    ):
        assert BOOK.doubt_about("R003", stale) == why


def test_a_story_counts_for_every_number_in_its_mark_however_the_mark_is_written() -> None:
    life = "tests/journeys/test_a_whole_life_journey.py::"
    assert [n for n in ("R036", "R140", "T01", "T30") if life not in "".join(BOOK.stories[n])] == []
    people = "tests/usecases/test_random_people.py::test_random_people_leave_everything_as_it_must_be"
    assert [n for n in ("R050", "R113", "T02", "D35") if people not in BOOK.stories[n]] == []
    read = dict(
        _marked(
            ast.parse(
                "X = ('R001', 'R002')\n@pytest.mark.rule('T01', *X, *('T02',))\ndef test_it() -> None: ..."
            )
        )
    )
    assert read == {"test_it": ("T01", "R001", "R002", "T02")}


def test_the_page_of_requirements_is_as_make_rules_writes_it() -> None:
    assert TARGET.read_text("utf-8") == requirements(BOOK), "run make rules"


def test_every_mark_names_something_that_is_explained() -> None:
    explained = {demand.number for demand in BOOK.demands}
    unknown = {n for n in BOOK.stories if n[0] in "RT" and n not in explained}
    assert unknown == set()

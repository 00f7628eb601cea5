"""The journal's oldest lines go when their time is over, at a mark, and the chain can still be checked (D12)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest
from sqlalchemy import delete, text, update

from bot.anchor_places import AnchorFile
from bot.commands.journal import trimmed
from bot.domain.chain import Anchor, Fault, Verdict
from bot.domain.people import NotForYou
from bot.usecases.trimming import JournalNotWhole, NothingToTrim
from storage.engine import Database
from storage.sealing import KeyRing, new_key
from storage.tables import cases, journal, journal_links
from tests.storage.test_the_journal_stands import by_hand
from tests.support.office import OfficeTown

DITTE, MAJA = "Ditte Lund", "Maja Holm"
ON_ONE = pytest.mark.parametrize("engine", ["sqlite"])
"""What the databases have no part in."""
NIGHT, LATER = date(2026, 11, 17), date(2031, 12, 1)


@pytest.fixture
def town(database: Database, tmp_path: Path) -> OfficeTown:
    """Two cases of long ago whose lines end at a night's mark, and a third that came after it."""
    town = OfficeTown(database, anchor_places=(AnchorFile(tmp_path / "marks"),))
    for _ in range(2):
        case = town.registered(MAJA)
        town.office.cases.show(town.asked(MAJA), case.id)
    night(town, NIGHT)
    town.registered(MAJA)
    town.jump_to(LATER, time(9))
    return town


def night(town: OfficeTown, day: date) -> None:
    town.jump_to(day, time(3, 1))
    assert town.office.journal_watch.look_due(town.clock.at)


def anonymise(town: OfficeTown, count: int) -> None:
    """The first so many; what anonymising does besides is told elsewhere."""
    with town.house.storage.database.turn(), town.house.storage.database.writing.begin() as connection:
        ids = connection.execute(cases.select().order_by(cases.c.key)).scalars().all()
        connection.execute(update(cases).where(cases.c.id.in_(ids[:count])).values(stage="anonymised"))


def verdict(town: OfficeTown, *anchors: Anchor) -> Verdict:
    return town.office.journal_watch.look_through(town.clock.at, anchors=anchors)


def acts(town: OfficeTown) -> list[str]:
    with town.work() as work:
        return [entry.act for _, entry in work.journal.chain() if entry]


def mark_of_the_night(town: OfficeTown) -> Anchor:
    with town.work() as work:
        (check,) = [c for c in work.journal.checks(most=9) if c.day == NIGHT]
    assert check.verdict.last is not None
    return check.verdict.last


@pytest.mark.rule("D12", "T31")
def test_what_is_old_and_of_nobody_goes_up_to_a_mark_and_a_line_says_so(town: OfficeTown):
    anonymise(town, 3)
    before, mark = len(acts(town)), mark_of_the_night(town)
    ditte = town.person(DITTE).id
    said = f"{mark.place} linjer (heraf 2 opslag) fra 2026-09-01 til 2026-11-16, frem til linje {mark.place}"
    assert (
        trimmed(town.house, ditte, yes=False) == f"Ville blive fjernet: {said}. Tilføj --yes for at gøre det."
    )
    seen = town.office.trimming.due(town.asked(DITTE, once=False))
    assert len(acts(town)) == before, "the dry run changes nothing"
    done = town.office.trimming.trim(town.asked(DITTE))
    assert done.cut.facts | {"signature": ""} == seen.cut.facts
    assert (done.cut.place, done.cut.entries, done.cut.looks) == (mark.place, mark.place, 2)
    assert len(acts(town)) == before - mark.place + 1
    assert acts(town)[-1] == "journal_trimmed"
    found = verdict(town, mark)
    assert (found.fault, found.places) == (None, before + 1), (
        "places go on where they were, and old marks still fit"
    )
    with pytest.raises(NothingToTrim):
        town.office.trimming.trim(town.asked(DITTE))


@ON_ONE
@pytest.mark.rule("T31")
def test_a_case_that_is_still_here_keeps_its_lines_and_what_came_after(town: OfficeTown):
    with pytest.raises(NothingToTrim):
        town.office.trimming.due(town.asked(DITTE, once=False))
    anonymise(town, 1)
    with pytest.raises(NothingToTrim):
        town.office.trimming.due(town.asked(DITTE, once=False))
    anonymise(town, 2)
    assert town.office.trimming.due(town.asked(DITTE, once=False)).cut.place == mark_of_the_night(town).place


@ON_ONE
def test_a_line_that_is_not_old_enough_stays(town: OfficeTown):
    anonymise(town, 3)
    town.jump_to(date(2031, 11, 15), time(9))
    with pytest.raises(NothingToTrim):
        town.office.trimming.due(town.asked(DITTE, once=False))


@ON_ONE
def test_nobody_else_decides_it(town: OfficeTown):
    for who in (MAJA, "Bo Winther", "Lone Ager"):
        with pytest.raises(NotForYou):
            town.office.trimming.trim(town.asked(who))


@ON_ONE
def test_nothing_is_taken_off_what_may_be_evidence(town: OfficeTown):
    anonymise(town, 3)
    by_hand(
        town.house.storage, lambda c: c.execute(update(journal).where(journal.c.seq == 2).values(act="x"))
    )
    with pytest.raises(JournalNotWhole):
        town.office.trimming.trim(town.asked(DITTE))


def test_afterwards_the_database_refuses_as_before_and_whoever_gets_around_it_is_found(town: OfficeTown):
    anonymise(town, 3)
    place = town.office.trimming.trim(town.asked(DITTE)).cut.place
    with (
        town.house.storage.database.turn(),
        pytest.raises(Exception, match="the journal stands"),
        town.house.storage.database.writing.begin() as connection,
    ):
        connection.execute(text("DELETE FROM journal"))
    by_hand(
        town.house.storage,
        lambda c: [
            c.execute(delete(journal).where(journal.c.seq == place + 1)),
            c.execute(delete(journal_links).where(journal_links.c.place == place + 1)),
        ],
    )
    assert verdict(town).fault == Fault.GAP


@ON_ONE
def test_a_cut_that_somebody_else_has_written_down_is_not_believed(town: OfficeTown):
    """Whoever owns the database takes the beginning off and writes the line for it, but has no key to sign it with."""
    mark = mark_of_the_night(town)
    with town.work() as work:
        forged = work.journal.beginning(mark.place)
    assert forged is not None
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.note("journal_trimmed", **replace(forged, signature="0" * 32).facts)
    by_hand(
        town.house.storage,
        lambda c: [
            c.execute(delete(journal).where(journal.c.seq <= mark.place)),
            c.execute(delete(journal_links).where(journal_links.c.place <= mark.place)),
        ],
    )
    town.house.office.journal_watch._places = ()
    with town.house.storage.database.turn(), town.house.storage.database.writing.begin() as connection:
        connection.execute(text("DELETE FROM journal_checks"))
    assert verdict(town).fault == Fault.GAP
    assert verdict(town, mark).whole, "a mark from outside would say that it was so"


@ON_ONE
def test_when_the_key_that_signed_has_left_the_ring_a_mark_from_outside_says_it(town: OfficeTown):
    anonymise(town, 3)
    mark = mark_of_the_night(town)
    town.office.trimming.trim(town.asked(DITTE))
    town.house.storage.keys = KeyRing.read(new_key())
    assert verdict(town).whole, "the night's mark is still in the file"
    town.house.office.journal_watch._places = ()
    assert verdict(town, mark).whole
    assert verdict(town, replace(mark, print="0" * 64)).fault in (Fault.GAP, Fault.MADE_ANEW)

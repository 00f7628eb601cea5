"""The journal is looked through every night, its mark goes outside, and whoever changed it is heard of (D12)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest
from sqlalchemy import text

from bot import metrics
from bot.anchor_places import AnchorFile
from bot.domain.chain import Anchor
from bot.domain.people import Post, Role
from storage.engine import Database
from tests.support.office import OfficeTown

LONE, ADMINISTRATOR = "Lone Ager", "Bo Winther"
TUESDAY, MONDAY = date(2026, 11, 17), date(2026, 11, 23)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "marks"


@pytest.fixture
def town(database: Database, file: Path) -> OfficeTown:
    return OfficeTown(database, anchor_places=(AnchorFile(file),))


def nightly(town: OfficeTown, day: date) -> bool:
    town.jump_to(day, time(3, 1))
    looked = town.office.journal_watch.look_due(town.clock.at)
    town.deliver()
    return looked


def heard(town: OfficeTown, who: str) -> list[str]:
    return [m for m in town.heard(town.person(who)) if "ournalen" in m]


def cut_short(town: OfficeTown) -> None:
    """The newest line is gone with its link, as whoever owns the database can do it."""
    database: Database = town.house.storage.database
    with database.turn(), database.writing.begin() as connection:
        for table in ("journal", "journal_links"):
            drops = (
                [f"DROP TRIGGER {table}_stands_update", f"DROP TRIGGER {table}_stands_delete"]
                if database.is_sqlite
                else [f"DROP TRIGGER {table}_stands ON {table}"]
            )
            for drop in drops:
                connection.execute(text(drop))
        for table in ("journal_links", "journal"):
            connection.execute(text(f"DELETE FROM {table} WHERE seq = (SELECT max(seq) FROM journal)"))


def test_a_place_that_is_away_takes_nothing_else_from_the_night(town: OfficeTown, file: Path):
    """The check is written down and told; whoever can mend the place hears of it once, and not at every knock."""
    file.mkdir()  # nothing can be read from it or written to it
    before = metrics.REGISTRY.get_sample_value("indgang_journal_mark_failures_total") or 0
    assert [nightly(town, TUESDAY), nightly(town, TUESDAY)] == [True, False]
    with town.work() as work:
        assert [c.day for c in work.journal.checks(most=9)] == [TUESDAY]
    assert metrics.REGISTRY.get_sample_value("indgang_journal_mark_failures_total") == before + 2
    told = "Journalens mærke tirsdag 17. november kunne ikke skrives i filen uden for databasen."
    assert [m.splitlines()[0] for m in heard(town, ADMINISTRATOR)] == [told]
    assert heard(town, LONE), "the secretary has the week's mark all the same"
    town.jump_to(date(2026, 11, 18), time(3, 1))
    assert town.office.journal_watch.look_due(town.clock.at)
    town.deliver()
    assert len(heard(town, ADMINISTRATOR)) == 1, "once a week"


def test_once_a_night_and_one_message_a_week_that_stays(town: OfficeTown):
    assert [nightly(town, TUESDAY), nightly(town, TUESDAY)] == [True, False]
    nightly(town, date(2026, 11, 18))
    (said,) = heard(town, LONE)
    assert said.startswith("Journalens mærke tirsdag 17. november: `")
    town.jump_to(date(2027, 2, 1), time(9))
    town.office.overviews.clear_due(town.clock.at)
    town.deliver()
    assert heard(town, LONE) == [said]


def test_a_journal_that_was_cut_short_is_told_to_those_who_answer_for_it(town: OfficeTown):
    town.registered("Maja Holm")
    nightly(town, TUESDAY)
    cut_short(town)
    nightly(town, MONDAY)
    (told,) = heard(town, ADMINISTRATOR)
    assert told.startswith("⚠️ Journalen er ikke, som den blev skrevet")
    assert "Slutningen er skåret af" in told
    assert len(heard(town, LONE)) == 1  # last week's mark, and no mark of a broken journal


def test_the_file_alone_gives_away_a_database_that_was_emptied(town: OfficeTown, file: Path):
    town.registered("Maja Holm")
    nightly(town, TUESDAY)
    cut_short(town)
    database = town.house.storage.database
    with database.turn(), database.writing.begin() as connection:
        for table in ("journal_links", "journal", "journal_checks"):
            connection.execute(text(f"DELETE FROM {table}"))
    assert town.office.journal_watch.look_through(town.clock.at).fault == "cut"
    file.unlink()
    assert town.office.journal_watch.look_through(town.clock.at).whole


def test_the_data_protection_officer_hears_the_mark(town: OfficeTown):
    maja = replace(town.person("Maja Holm"), posts=frozenset({Post(Role.DPO)}))
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.people.save(maja)
    nightly(town, TUESDAY)
    assert len(heard(town, "Maja Holm")) == 1


def test_a_mark_reads_as_it_is_shown_and_nothing_else_is_one():
    mark = Anchor(12345, "ab" * 32)
    assert mark == Anchor.read(f"12345:{'AB' * 32}")
    assert Anchor.read("12.345: ab12 cd34 ef56 ab12 cd34") == Anchor(12345, "ab12cd34ef56ab12cd34")
    for wrong in ("", "12345", "12345:ab", ":" + "a" * 20, f"x:{'a' * 20}", f"1:{'g' * 20}"):
        with pytest.raises(ValueError, match="an anchor is"):
            Anchor.read(wrong)

"""After a restore: what a lost database has sent is not sent again, and the clock waits for an operator's word (S16)."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from bot.after_restore import _examine
from bot.anchor_places import AnchorFile
from bot.domain.chain import Fault
from bot.texts import texts
from schedules.clock import AlarmClock
from schedules.timetable import timetable
from storage import recovery
from storage.backup import back_up
from storage.engine import Database
from storage.restore import brought_back, restore
from storage.sealing import KeyRing, new_key
from storage.tables import frames, notices, presentations
from tests.support.frames import active_case
from tests.support.office import OfficeTown


@pytest.fixture
def town(database: Database) -> OfficeTown:
    return OfficeTown(database)


class Vault:
    """A town's backup, taken now and brought back later, as if the machine had been lost meanwhile."""

    def __init__(self, town: OfficeTown, folder: Path) -> None:
        self.town, self.database, self.keys = town, town.house.storage.database, town.house.storage.keys
        self.file = folder / "backup.zip"
        back_up(self.database, self.file, keys=self.keys, program="1", now=lambda: town.clock.at)

    def comes_back(self) -> None:
        self.database.close()
        restore(self.database, self.file, keys=self.keys, replace=True, at=self.town.clock.at)
        self.database.close()  # connections remember statements for tables that are gone

    def doctor(
        self, *, confirm: bool = False, keys: KeyRing | None = None, marks: Path | None = None
    ) -> tuple[bool, list[str]]:
        said: list[str] = []
        well = _examine(
            said.append,
            self.database,
            keys or self.keys,
            texts("en"),
            confirm=confirm,
            now=lambda: self.town.clock.at,
            marks=marks,
        )
        return well, said


def told(town: OfficeTown) -> Counter[str]:
    """How often each message stands in Slack, by what it says first and to whom."""
    return Counter(f"{to}: {message['text']}" for to, message in town.slack.posts)


def test_what_was_owed_at_the_backup_and_sent_after_it_is_not_doubled(town: OfficeTown, tmp_path: Path):
    for _ in range(4):
        town.requested("Maja Holm")
    vault = Vault(town, tmp_path)
    town.deliver()
    heard = len(town.slack.posts)
    town.jump(hours=1)
    vault.comes_back()
    town.deliver()
    assert len(town.slack.posts) == heard >= 4
    with town.work() as work:
        assert work.notices.unreached() == ([], 0)
    owed = select(notices.c.state).where(notices.c.state != "sent")
    with vault.database.reading.connect() as connection:
        assert connection.execute(owed).all() == []


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_database_that_was_brought_back_by_other_means_looks_first_too(town: OfficeTown, tmp_path: Path):
    town.requested("Maja Holm")
    file, copy, taken_at = Path(town.house.storage.database.address[10:]), tmp_path / "copy", town.clock.at
    database = town.house.storage.database
    _copied(database, copy)
    town.deliver()
    heard = len(town.slack.posts)
    database.close()
    file.write_bytes(copy.read_bytes())
    for ending in ("-wal", "-shm"):
        Path(f"{file}{ending}").unlink(missing_ok=True)
    town.jump(hours=3)
    brought_back(database, taken_at=taken_at, at=town.clock.at)
    assert recovery.waits(database)
    town.deliver()
    assert len(town.slack.posts) == heard >= 1


def _copied(database: Database, copy: Path) -> None:
    import sqlite3

    into = sqlite3.connect(copy)
    with database.reading.connect() as connection:
        there: Any = connection.connection.driver_connection
        there.backup(into)
    into.close()


def test_what_was_owed_and_never_sent_is_sent_once(town: OfficeTown, tmp_path: Path):
    town.requested("Maja Holm")
    vault = Vault(town, tmp_path)
    vault.comes_back()
    for _ in range(2):
        town.deliver()
    assert len([to for to, _ in town.slack.posts if to == "U0JENS0001"]) == 1


def test_a_weeks_agenda_and_a_mornings_overviews_are_not_begun_a_second_time(
    town: OfficeTown, tmp_path: Path
):
    """They were begun after the backup, so the backup knows nothing of them."""
    active_case(town, follow_up=town.next_meetings(5)[4])
    town.jump_to(date(2026, 11, 27), time(6, 0))
    town.knock()
    vault = Vault(town, tmp_path)
    before = len(town.slack.posts)
    town.jump_to(date(2026, 11, 30), time(8, 30))  # a Monday: agenda and overviews
    town.knock()
    begun = town.slack.posts[before:]
    assert any(to.startswith("C") for to, _ in begun)
    assert any(to.startswith("U") for to, _ in begun)
    standing = len(town.slack.messages)
    town.jump(hours=2)
    vault.comes_back()
    vault.doctor(confirm=True)
    town.knock()
    assert len(town.slack.messages) == standing, town.slack.posts[before + len(begun) :]
    with town.work() as work:
        assert work.notices.unreached() == ([], 0)  # also what was only put aside


def test_what_is_called_off_before_it_was_looked_for_never_comes_late(town: OfficeTown, tmp_path: Path):
    """It may stand in Slack: it is not forgotten, it is made neutral where it stands, or dropped where it does not."""
    wish = town.requested("Maja Holm")
    vault = Vault(town, tmp_path)
    vault.comes_back()
    town.office.referrals.withdraw(town.asked("Maja Holm"), wish.id, reason="solved")
    town.deliver()
    assert [to for to, _ in town.slack.posts if to == "U0JENS0001"] == []


def test_nothing_is_begun_until_an_operator_says_so_and_what_is_owed_is_delivered(
    town: OfficeTown, tmp_path: Path
):
    town.requested("Maja Holm")
    vault = Vault(town, tmp_path)
    vault.comes_back()
    begun: list[str] = []
    clock = _clock(town, vault, begun)
    town.jump_to(date(2026, 11, 23), time(8, 30))
    clock.knock()
    assert begun == []
    assert len(town.heard("U0JENS0001")) == 1
    assert vault.doctor()[0]
    clock.knock()
    assert begun == []
    assert vault.doctor(confirm=True)[0]
    clock.knock()
    assert begun == [chore.code for chore in timetable(town.office)]


def _clock(town: OfficeTown, vault: Vault, begun: list[str]) -> AlarmClock:
    from dataclasses import replace

    def remembered(chore: Any) -> Any:
        def do(at: Any) -> None:
            begun.append(chore.code)
            chore.do(at)

        return replace(chore, do=do)

    return AlarmClock(
        tuple(remembered(c) for c in timetable(town.office)),
        town.clock,
        every_seconds=60,
        sign=town.office.stirring.sign,
        after=town.deliver,
        waits=lambda: recovery.waits(vault.database),
    )


# --- the doctor ---


def test_a_restore_that_went_well_is_said_to_be_so_and_confirmed_once(town: OfficeTown, tmp_path: Path):
    active_case(town)
    vault = Vault(town, tmp_path)
    assert vault.doctor() == (True, ["This database has not been restored; there is nothing to confirm."])
    town.jump(hours=3)
    vault.comes_back()
    well, said = vault.doctor()
    assert (well, [line[0] for line in said[:7]]) == (True, ["✅"] * 7)
    assert "`indgang doctor --after-restore --confirm`" in said[-1]
    assert recovery.waits(vault.database)
    assert vault.doctor(confirm=True)[1][-1] == "Agendas and reminders go on from now."
    assert vault.doctor(confirm=True)[1][-1].startswith("Agendas and reminders go on since ")
    assert not recovery.waits(vault.database)
    with town.work() as work:
        assert len(work.journal.of_acts("restore_confirmed")) == 1


@pytest.mark.rule("D12")
@pytest.mark.parametrize("engine", ["sqlite"])
def test_marks_of_what_a_restore_took_away_count_no_more_once_it_is_confirmed(
    database: Database, tmp_path: Path
) -> None:
    file = tmp_path / "marks.txt"
    marks = AnchorFile(file)
    town = OfficeTown(database, anchor_places=(marks,))
    town.jump(days=1)
    town.office.journal_watch.look_due(town.clock.at)
    vault = Vault(town, tmp_path)
    town.requested("Maja Holm")
    town.jump(days=1)
    town.office.journal_watch.look_due(town.clock.at)
    before, later = marks.kept()
    vault.comes_back()
    assert town.office.journal_watch.look_through(town.clock.at).fault == Fault.CUT
    _, said = vault.doctor(confirm=True, marks=file)
    assert said[-1] == "In marks.txt the marks of that time count no more."
    vault.doctor(confirm=True, marks=file)
    assert (list(marks.kept()), file.read_text().count("restored")) == ([before], 1)
    for _ in range(2):
        town.requested("Maja Holm")
        town.jump(days=1)
        town.office.journal_watch.look_due(town.clock.at)
        assert town.office.journal_watch.look_through(town.clock.at).whole
    assert later not in marks.kept()
    assert len(list(marks.kept())) == 3


@pytest.mark.parametrize("engine", ["sqlite"])
def test_marks_that_cannot_be_written_leave_a_line_for_the_operator(town: OfficeTown, tmp_path: Path) -> None:
    vault = Vault(town, tmp_path)
    vault.comes_back()
    well, said = vault.doctor(confirm=True, marks=tmp_path)  # a folder takes no line
    assert well
    line = re.fullmatch(rf"{tmp_path.name} cannot be written\. Add this line .*: (.*)", said[-1])
    assert line and re.fullmatch(r"\d{4}-\d\d-\d\d restored \d+", line[1])


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize("harm", ["rows", "ledger", "keys", "outbox", "journal"])
def test_whatever_is_not_well_is_found_and_cannot_be_confirmed(harm: str, town: OfficeTown, tmp_path: Path):
    active_case(town)
    town.requested("Maja Holm")
    vault = Vault(town, tmp_path)
    vault.comes_back()
    keys = KeyRing.read(new_key()) if harm == "keys" else None
    with vault.database.turn(), vault.database.writing.begin() as connection:
        if harm == "rows":
            lone = select(presentations.c.id).where(presentations.c.state == "requested")
            assert connection.execute(delete(presentations).where(presentations.c.id.in_(lone))).rowcount
        elif harm == "ledger":
            assert connection.execute(update(frames).values(used_ore=frames.c.used_ore + 1)).rowcount
        elif harm == "outbox":
            connection.execute(update(notices).values(look_since=None))
        elif harm == "journal":
            connection.exec_driver_sql("DROP TRIGGER journal_stands_update")
            connection.exec_driver_sql("UPDATE journal SET act = 'other' WHERE seq = 2")
    well, said = vault.doctor(confirm=True, keys=keys)
    assert not well
    assert len([line for line in said if line.startswith("❌")]) == 1
    assert said[-1].startswith("Agendas and reminders wait until all is well.")
    assert recovery.waits(vault.database)

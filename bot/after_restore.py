"""Looks at what a restore has brought back, says what to do, and lets the clock go on when an operator says so.

Until then nothing is begun by itself: no agenda, no reminder. What was owed when the backup was taken is sent all the
same, since each such message is looked for in Slack first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from bot.anchor_places import RESTORED, AnchorFile
from bot.doctor import SCHEMA, Finding, spoken
from bot.domain.calendar import local_date
from bot.settings import Settings
from bot.texts import Texts, texts
from storage import recovery
from storage.engine import Database
from storage.recovery import Restored
from storage.sealing import KeyRing, SealBroken
from storage.upgrade import standing


def examine(
    say: Callable[[str], object],
    settings: Settings,
    *,
    confirm: bool,
    language: str = "da",
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> bool:
    """True when all is well. Raises KeyUnfit, and what a database that does not answer raises."""
    keys = KeyRing.read(settings.keys.get_secret_value())
    database = Database(settings.database_url.get_secret_value())
    try:
        words, marks = texts(language), settings.anchor_file
        return _examine(say, database, keys, words, confirm=confirm, now=now, marks=marks)
    finally:
        database.close()


def _examine(
    say: Callable[[str], object],
    database: Database,
    keys: KeyRing,
    words: Texts,
    *,
    confirm: bool,
    now: Callable[[], datetime],
    marks: Path | None = None,
) -> bool:
    stands = standing(database)
    if not stands.fits:
        say(SCHEMA[stands].line(words))
        return False
    restored = recovery.last_restore(database)
    if restored is None:
        say(spoken(words, "not_restored"))
        return True
    all_well = True
    for finding in _findings(database, keys, restored):
        say(finding.line(words))
        all_well = all_well and finding.well
    for sentence in _what_next(database, restored, words, all_well=all_well, confirm=confirm, now=now):
        say(sentence)
    if confirm and all_well and marks and not restored.confirmed_at:
        say(_void(marks, local_date(now()), recovery.noted_at(database), words))
    return all_well


def _void(marks: Path, day: date, place: int, words: Texts) -> str:
    """The restore is confirmed already, so a line that cannot be written now is one for the operator to write."""
    try:
        AnchorFile(marks).restored(day, place)
    except OSError:
        return spoken(
            words, "restore_not_void", file=marks.name, line=f"{day.isoformat()} {RESTORED} {place}"
        )
    return spoken(words, "restore_void", file=marks.name)


def _findings(database: Database, keys: KeyRing, restored: Restored) -> Iterator[Finding]:
    yield Finding(True, "restored", at=_minute(restored.restored_at), taken=_minute(restored.taken_at))
    yield SCHEMA[standing(database)]
    yield _rows(database, restored)
    yield _ledger(database)
    yield _seals(database, keys)
    yield _outbox(database, restored)
    yield _journal(database, restored)


def _rows(database: Database, restored: Restored) -> Finding:
    missing = recovery.missing_rows(database, restored)
    if missing:
        short = ", ".join(f"{table} ({count})" for table, count in missing.items())
        return Finding(False, "rows_gone", short=short)
    return Finding(True, "rows_there")


def _ledger(database: Database) -> Finding:
    wrong = recovery.frames_out_of_step(database)
    if wrong:
        return Finding(False, "ledger_wrong", count=len(wrong), frames=", ".join(wrong[:5]))
    return Finding(True, "ledger_right")


def _seals(database: Database, keys: KeyRing) -> Finding:
    try:
        count = recovery.opens_everything(database, keys)
    except SealBroken as broken:
        return Finding(False, "seal_broken", where=str(broken))
    return Finding(True, "seals_open", count=count)


def _outbox(database: Database, restored: Restored) -> Finding:
    blind = recovery.sent_blindly(database, restored)
    if blind:
        return Finding(False, "outbox_blind", count=blind)
    left = recovery.to_look_for(database)
    return Finding(True, "outbox_looks", count=left)


def _journal(database: Database, restored: Restored) -> Finding:
    if recovery.journal_is_there(database, restored):
        return Finding(True, "journal_whole", line=restored.journal)
    return Finding(False, "journal_broken")


def _what_next(
    database: Database,
    restored: Restored,
    words: Texts,
    *,
    all_well: bool,
    confirm: bool,
    now: Callable[[], datetime],
) -> Iterator[str]:
    if restored.confirmed_at:
        yield spoken(words, "restore_once", at=_minute(restored.confirmed_at))
        return
    lost = {"since": _minute(restored.taken_at), "until": _minute(restored.restored_at)}
    yield spoken(words, "restore_lost", **lost)
    yield spoken(words, "restore_marks", backup=restored.backup)
    if confirm and all_well:
        recovery.confirm(database, at=now())
    yield spoken(words, f"restore_{'wrong' if not all_well else 'goes_on' if confirm else 'waits'}")


def _minute(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"

"""Looks at what a restore has brought back, says what to do, and lets the clock go on when an operator says so.

Until then nothing is begun by itself: no agenda, no reminder. What was owed when the backup was taken is sent all the
same, since each such message is looked for in Slack first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from bot.anchor_places import AnchorFile
from bot.doctor import SCHEMA, Finding
from bot.domain.calendar import local_date
from bot.settings import Settings
from storage import recovery
from storage.engine import Database
from storage.recovery import Restored
from storage.sealing import KeyRing, SealBroken
from storage.upgrade import standing

NOTHING = "This database has not been restored; there is nothing to confirm."
WAITS = "Agendas and reminders wait. When you have read this: `indgang doctor --after-restore --confirm`."
WRONG = "Agendas and reminders wait until all is well. Restore another backup, or mend what is marked."
GOES_ON = "Agendas and reminders go on from now."
ONCE = "Agendas and reminders go on since {at:%Y-%m-%d %H:%M} UTC."
LOST = (
    "What was done from {since:%Y-%m-%d %H:%M} to {until:%Y-%m-%d %H:%M} UTC is not here: tell everybody, so that they do "
    "it again. Messages of that time still stand in Slack; their buttons answer from what is known now."
)
MARKS = (
    "Marks of the journal from that time know lines that are gone: tell the data protection officer of the restore, "
    "with backup {backup}."
)
VOID = "In {file} the marks of that time count no more."


def examine(
    say: Callable[[str], object],
    settings: Settings,
    *,
    confirm: bool,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> bool:
    """True when all is well. Raises KeyUnfit, and what a database that does not answer raises."""
    keys = KeyRing.read(settings.keys.get_secret_value())
    database = Database(settings.database_url.get_secret_value())
    try:
        return _examine(say, database, keys, confirm=confirm, now=now, marks=settings.anchor_file)
    finally:
        database.close()


def _examine(
    say: Callable[[str], object],
    database: Database,
    keys: KeyRing,
    *,
    confirm: bool,
    now: Callable[[], datetime],
    marks: Path | None = None,
) -> bool:
    stands = standing(database)
    if not stands.fits:
        say(str(SCHEMA[stands]))
        return False
    restored = recovery.last_restore(database)
    if restored is None:
        say(NOTHING)
        return True
    all_well = True
    for finding in _findings(database, keys, restored):
        say(str(finding))
        all_well = all_well and finding.well
    _say_what_next(say, database, restored, all_well=all_well, confirm=confirm, now=now)
    if confirm and all_well and marks and not restored.confirmed_at:
        AnchorFile(marks).restored(local_date(now()), recovery.noted_at(database))
        say(VOID.format(file=marks.name))
    return all_well


def _findings(database: Database, keys: KeyRing, restored: Restored) -> Iterator[Finding]:
    yield Finding(
        True,
        f"Restored {restored.restored_at:%Y-%m-%d %H:%M} UTC from the backup of {restored.taken_at:%Y-%m-%d %H:%M} UTC.",
    )
    yield SCHEMA[standing(database)]
    yield _rows(database, restored)
    yield _ledger(database)
    yield _seals(database, keys)
    yield _outbox(database, restored)
    yield _journal(database, restored)


def _rows(database: Database, restored: Restored) -> Finding:
    missing = recovery.missing_rows(database, restored)
    if missing:
        short = ", ".join(f"{count:,} of {table}" for table, count in missing.items())
        return Finding(False, f"Rows of the backup are gone: {short}.", "Restore it again.")
    return Finding(
        True, "People, cases, presentations, frames and journal hold what the backup held, or more."
    )


def _ledger(database: Database) -> Finding:
    wrong = recovery.frames_out_of_step(database)
    if wrong:
        return Finding(
            False,
            f"{len(wrong)} frame(s) do not agree with their entries: {', '.join(wrong[:5])}.",
            "Call whoever runs the program; book nothing in them meanwhile.",
        )
    return Finding(True, "Every frame's use is the sum of its entries.")


def _seals(database: Database, keys: KeyRing) -> Finding:
    try:
        count = recovery.opens_everything(database, keys)
    except SealBroken as broken:
        return Finding(
            False,
            f"A sealed value in {broken} does not open.",
            "Put the keys of that time into INDGANG_KEYS.",
        )
    return Finding(True, f"All {count:,} sealed values open.")


def _outbox(database: Database, restored: Restored) -> Finding:
    blind = recovery.sent_blindly(database, restored)
    if blind:
        return Finding(
            False,
            f"{blind} message(s) would be sent without looking for them.",
            "Do not start the bot; restore again.",
        )
    left = recovery.to_look_for(database)
    return Finding(True, f"{left} message(s) wait; each is looked for in Slack before it is sent.")


def _journal(database: Database, restored: Restored) -> Finding:
    if recovery.journal_is_there(database, restored):
        return Finding(True, f"The journal is whole, and goes on after line {restored.journal:,}.")
    return Finding(False, "The journal is not whole.", "Look at it with `indgang journal verify`.")


def _say_what_next(
    say: Callable[[str], object],
    database: Database,
    restored: Restored,
    *,
    all_well: bool,
    confirm: bool,
    now: Callable[[], datetime],
) -> None:
    if restored.confirmed_at:
        say(ONCE.format(at=restored.confirmed_at))
        return
    say(LOST.format(since=restored.taken_at, until=restored.restored_at))
    say(MARKS.format(backup=restored.backup))
    if confirm and all_well:
        recovery.confirm(database, at=now())
    say(WRONG if not all_well else GOES_ON if confirm else WAITS)

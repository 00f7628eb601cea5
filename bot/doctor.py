"""Looks at an installation and says, one line a check, what is well and what to do about the rest."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import urlopen

from bot.domain.watch import CheckUp
from bot.rules import DEFAULT, RulesUnfit, read_rules
from bot.settings import Settings, SettingsUnfit, names_of
from bot.slack.hello import Hello, NoHello, say_hello
from bot.texts import Texts, as_is, texts
from storage.canary import WrongKeys, keys_known
from storage.engine import (
    Database,
    DatabaseAway,
    DatabaseFault,
    is_damaged,
    is_full,
    is_held,
    is_pooled,
    is_shut,
)
from storage.only_one import FILE, file_of
from storage.sealing import KeyRing, KeyUnfit
from storage.server import ServerUnfit, demand_server
from storage.upgrade import Standing, standing

APART = timedelta(seconds=60)
"""Clocks further apart than this put messages and reminders on the wrong minute."""


ANSWERS_WITHIN = 2.0
"""Seconds: Slack waits three for what a press opens."""


class Finding:
    """What a check found; its words, and what to do, stand in doctor.j2 under its name."""

    def __init__(self, well: bool, what: str, **facts: str | int) -> None:
        self.well, self.what, self.facts = well, what, facts

    def line(self, words: Texts) -> str:
        return f"{'✅' if self.well else '❌'} {spoken(words, self.what, **self.facts)}"


def spoken(words: Texts, what: str, **facts: str | int) -> str:
    """A sentence for a terminal, where nothing comes alive."""
    told = {name: as_is(fact) if isinstance(fact, str) else fact for name, fact in facts.items()}
    return str(words.say("doctor", what, **told))


def ask_slack(settings: Settings) -> Hello:
    """Raises NoHello."""
    return say_hello(
        settings.slack_bot_token.get_secret_value(),
        base_url=settings.slack_api_url,
        proxy=settings.proxy.get_secret_value() if settings.proxy else None,
        ca_file=str(settings.ca_file) if settings.ca_file else None,
    )


def examine(
    say: Callable[[str], object],
    *,
    language: str = "da",
    read: Callable[[], Settings] = Settings.read,
    ask: Callable[[Settings], Hello] = ask_slack,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> bool:
    """True when all is well. Says each finding as it comes, so that a slow check is seen to be the slow one."""
    all_well, words = True, texts(language)
    for finding in _findings(read, ask, now):
        say(finding.line(words))
        all_well = all_well and finding.well
    return all_well


def check_up(
    settings: Settings,
    *,
    within: float = ANSWERS_WITHIN,
    ask: Callable[[Settings], Hello] = ask_slack,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> tuple[CheckUp, ...]:
    """For whoever asks in Slack: each check by its code, in the time a press may take. The slow one is not waited for.

    What is wrong with it is said at the server: nothing of the settings is said here.
    """
    asked = [(code, _beside(check)) for code, check in _checks(settings, ask, now)]
    until = time.monotonic() + within
    return tuple(CheckUp(code, answer(max(0.0, until - time.monotonic()))) for code, answer in asked)


def _beside(check: Callable[[], Iterable[Finding]]) -> Callable[[float], bool | None]:
    """Looks in a thread of its own; the answer is whether all is well, False where it broke, None where it is too late."""
    said: list[bool] = []
    thread = threading.Thread(target=lambda: said.append(all(f.well for f in check())), daemon=True)
    thread.start()

    def answer(seconds: float) -> bool | None:
        thread.join(seconds)
        return said[0] if said else None if thread.is_alive() else False

    return answer


def _findings(
    read: Callable[[], Settings], ask: Callable[[Settings], Hello], now: Callable[[], datetime]
) -> Iterator[Finding]:
    try:
        settings = read()
    except SettingsUnfit as unfit:
        yield from (Finding(False, fault.what, **fault.facts) for fault in unfit.faults)
        if unfit.rest is not None:
            yield from _of_the_rest(unfit.rest, unfit.sound, ask, now)
        return
    hears = settings.slack_app_token or settings.slack_signing_secret
    yield Finding(True, "settings_complete" if hears else "settings_deaf")
    for _, check in (*_checks(settings, ask, now), _at_the_server(settings)):
        yield from check()


def _of_the_rest(
    settings: Settings,
    sound: frozenset[str],
    ask: Callable[[Settings], Hello],
    now: Callable[[], datetime],
) -> Iterator[Finding]:
    """What the settings that are well lead to is looked at beside those that are not: all that is to be mended, at once."""
    for code, check in (*_checks(settings, ask, now), _at_the_server(settings)):
        if sound >= NEEDS[code]:
            yield from check()


NEEDS = {
    "keys": {"INDGANG_KEYS"},
    "database": {"DATABASE_URL"},
    "rules": {"INDGANG_RULES"},
    "names": {"INDGANG_NAMES"},
    "slack": {"SLACK_BOT_TOKEN", "INDGANG_TEAM", "SLACK_API_URL", "INDGANG_PROXY", "INDGANG_CA_FILE"},
    "clock": {"INDGANG_CLOCK_URL", "SLACK_API_URL"},
    "marks": {"INDGANG_ANCHOR_FILE", "DATABASE_URL"},
}
"""What a check is about: where one of them is missing or at fault, that has been said, and there is nothing to look at."""


def _checks(
    settings: Settings, ask: Callable[[Settings], Hello], now: Callable[[], datetime]
) -> tuple[tuple[str, Callable[[], Iterable[Finding]]], ...]:
    return (
        ("keys", lambda: [_keys(settings)]),
        ("database", lambda: _database(settings, now)),
        ("rules", lambda: [_rules(settings)]),
        ("names", lambda: [_names(settings)]),
        ("slack", lambda: _slack(settings, ask, now)),
        ("clock", lambda: [_clock(settings)]),
    )


def _at_the_server(settings: Settings) -> tuple[str, Callable[[], Iterable[Finding]]]:
    """Only `clock` writes the marks: whoever is asked in Slack may well not see their folder."""
    return "marks", lambda: _marks(settings.anchor_file, settings.database_url.get_secret_value())


def _keys(settings: Settings) -> Finding:
    try:
        ring = KeyRing.read(settings.keys.get_secret_value())
    except KeyUnfit as unfit:
        return Finding(False, "keys_unfit", why=unfit.why)
    return Finding(True, "keys_held", count=1 + len(ring.old))


def _database(settings: Settings, now: Callable[[], datetime]) -> Iterator[Finding]:
    database = Database(settings.database_url.get_secret_value())
    kind = "SQLite" if database.is_sqlite else "PostgreSQL"
    try:
        demand_server(database)
        stands, its_time = standing(database), database.clock()
    except ServerUnfit as unfit:
        yield Finding(False, unfit.why, **unfit.facts)
        return
    except DatabaseAway as away:
        for look, what in KNOWN_FAULTS:
            if look(away):
                yield Finding(False, what)
                return
        yield Finding(False, "database_away", kind=kind, why=type(away.orig).__name__)
        return
    except DatabaseFault as strange:
        if is_damaged(strange):
            yield Finding(False, "database_damaged")
            return
        yield Finding(False, "database_strange", kind=kind, why=type(strange).__name__)
        return
    finally:
        database.close()
    yield Finding(True, "database_answers", kind=kind)
    yield SCHEMA[stands]
    if stands.fits:
        yield from _right_keys(settings, database)
    yield _apart("database", its_time, now())


KNOWN_FAULTS = (
    (is_full, "database_full"),
    (is_held, "database_held"),
    (is_shut, "database_shut"),
    (is_pooled, "server_pooled"),
)


def _right_keys(settings: Settings, database: Database) -> Iterator[Finding]:
    try:
        if keys_known(database, KeyRing.read(settings.keys.get_secret_value())):
            yield Finding(True, "keys_right")
    except KeyUnfit:
        return  # said already
    except WrongKeys:
        yield Finding(False, "keys_wrong")
    finally:
        database.close()


SCHEMA = {stands: Finding(stands.fits, f"schema_{stands.value}") for stands in Standing}


def _rules(settings: Settings) -> Finding:
    try:
        version = read_rules(settings.rules or DEFAULT).on(datetime.now(UTC).date()).version
    except RulesUnfit as unfit:
        return Finding(
            False, "rules_unfit", faults="; ".join(fault.removesuffix(".") for fault in unfit.faults)
        )
    return Finding(True, "rules_read", version=version)


def _names(settings: Settings) -> Finding:
    try:
        count = len(names_of(settings).words)
    except SettingsUnfit as unfit:
        return Finding(False, unfit.faults[0].what, **unfit.faults[0].facts)
    if not count:
        return Finding(True, "names_none")
    return Finding(True, "names_loaded", count=count)


def _marks(file: Path | None, database: str) -> Iterator[Finding]:
    """Nothing is written: what stands in the file counts against whoever changes the journal."""
    if file is None:
        return
    folder = file.absolute().parent
    if not folder.is_dir():
        yield Finding(False, "marks_no_folder", path=str(file))
    elif not _may_be_added_to(file, folder):
        yield Finding(False, "marks_shut", path=str(file))
    elif database.startswith(FILE) and folder.samefile(file_of(database).absolute().parent):
        yield Finding(False, "marks_beside", path=str(file))
    else:
        yield Finding(True, "marks_can_be_written")


def _may_be_added_to(file: Path, folder: Path) -> bool:
    if not file.exists():
        return os.access(folder, os.W_OK | os.X_OK)
    return file.is_file() and os.access(file, os.R_OK | os.W_OK)


def _slack(
    settings: Settings, ask: Callable[[Settings], Hello], now: Callable[[], datetime]
) -> Iterator[Finding]:
    try:
        hello = ask(settings)
    except NoHello as silence:
        yield Finding(False, WHAT_SLACK_MEANS.get(silence.code, "slack_away"), code=silence.code)
        return
    if hello.team != settings.team:
        yield Finding(False, "slack_elsewhere", theirs=hello.team, ours=settings.team)
    else:
        yield Finding(True, "slack_answers", us=hello.bot_user, workspace=hello.workspace)
    if hello.at is not None:
        yield _apart("slack", hello.at, now())


WHAT_SLACK_MEANS = {
    "invalid_auth": "slack_token",
    "not_authed": "slack_token",
    "account_inactive": "slack_removed",
    "token_revoked": "slack_revoked",
    "ratelimited": "slack_busy",
}


def _clock(settings: Settings) -> Finding:
    if settings.clock_url is None:
        return Finding(True, "clock_machine")
    try:
        with urlopen(settings.clock_url, timeout=5) as answer:  # noqa: S310 - an address of the operator's own
            now = datetime.fromisoformat(json.load(answer)["now"])
    except (OSError, ValueError, KeyError) as why:
        return Finding(False, "clock_away", why=type(why).__name__)
    return Finding(True, "clock_sandbox", now=f"{now:%d.%m.%Y %H:%M}")


def _apart(whose: str, theirs: datetime, ours: datetime) -> Finding:
    seconds = round(abs(theirs - ours).total_seconds())
    if timedelta(seconds=seconds) > APART:
        return Finding(False, "clocks_apart", whose=whose, seconds=seconds)
    return Finding(True, "clocks_agree", whose=whose)

"""Looks at an installation and says, one line a check, what is well and what to do about the rest."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.request import urlopen

from bot.domain.watch import CheckUp
from bot.rules import DEFAULT, RulesUnfit, read_rules
from bot.settings import Settings, SettingsUnfit, names_of
from bot.slack.hello import Hello, NoHello, say_hello
from storage.canary import WrongKeys, keys_known
from storage.engine import Database, DatabaseAway, DatabaseFault
from storage.sealing import KeyRing, KeyUnfit
from storage.upgrade import Standing, standing

APART = timedelta(seconds=60)
"""Clocks further apart than this put messages and reminders on the wrong minute."""


ANSWERS_WITHIN = 2.0
"""Seconds: Slack waits three for what a press opens."""


@dataclass(frozen=True)
class Finding:
    well: bool
    what: str
    do: str = ""  # empty: nothing needs doing

    def __str__(self) -> str:
        return f"{'✅' if self.well else '❌'} {self.what}" + (f" {self.do}" if self.do else "")


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
    read: Callable[[], Settings] = Settings.read,
    ask: Callable[[Settings], Hello] = ask_slack,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> bool:
    """True when all is well. Says each finding as it comes, so that a slow check is seen to be the slow one."""
    all_well = True
    for finding in _findings(read, ask, now):
        say(str(finding))
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
        yield from (Finding(well=False, what=fault) for fault in unfit.faults)
        return
    yield Finding(well=True, what="The settings are complete.")
    for _, check in _checks(settings, ask, now):
        yield from check()


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


def _keys(settings: Settings) -> Finding:
    try:
        ring = KeyRing.read(settings.keys.get_secret_value())
    except KeyUnfit as unfit:
        return Finding(False, f"INDGANG_KEYS cannot be used: {unfit}.", "Make a key with `indgang keys new`.")
    return Finding(True, f"The key ring holds {1 + len(ring.old)} key(s).")


def _database(settings: Settings, now: Callable[[], datetime]) -> Iterator[Finding]:
    database = Database(settings.database_url.get_secret_value())
    kind = "SQLite" if database.is_sqlite else "PostgreSQL"
    try:
        stands, its_time = standing(database), database.clock()
    except DatabaseAway as away:
        yield Finding(
            False,
            f"The database ({kind}) does not answer ({type(away.orig).__name__}).",
            "Check that it runs, and that DATABASE_URL names it, its user and its password.",
        )
        return
    except DatabaseFault as strange:
        yield Finding(
            False, f"The database ({kind}) cannot be used ({type(strange).__name__}).", "Check DATABASE_URL."
        )
        return
    finally:
        database.close()
    yield Finding(True, f"The database ({kind}) answers.")
    yield SCHEMA[stands]
    if stands.fits:
        yield from _right_keys(settings, database)
    yield _apart("The database's clock", its_time, now())


def _right_keys(settings: Settings, database: Database) -> Iterator[Finding]:
    try:
        if keys_known(database, KeyRing.read(settings.keys.get_secret_value())):
            yield Finding(True, "The keys are those of the database.")
    except KeyUnfit:
        return  # said already
    except WrongKeys:
        yield Finding(
            False,
            "The database is sealed with a key that INDGANG_KEYS does not hold.",
            "Put the right key back; a new one opens nothing.",
        )
    finally:
        database.close()


SCHEMA = {
    Standing.CURRENT: Finding(True, "The database is up to date."),
    Standing.AHEAD_AND_FITS: Finding(
        True, "The database belongs to a newer version, which has only added to it: this one may run on."
    ),
    Standing.BEHIND: Finding(False, "The database does not fit this version.", "Run `indgang migrate`."),
    Standing.FROM_THE_FUTURE: Finding(
        False, "The database belongs to a newer version, and this one cannot use it.", "Start that version."
    ),
}


def _rules(settings: Settings) -> Finding:
    try:
        version = read_rules(settings.rules or DEFAULT).on(datetime.now(UTC).date()).version
    except RulesUnfit as unfit:
        return Finding(
            False, "The rules cannot be used: " + "; ".join(unfit.faults) + ".", "Correct the file."
        )
    return Finding(True, f"The rules can be read (version {version}).")


def _names(settings: Settings) -> Finding:
    try:
        count = len(names_of(settings).words)
    except SettingsUnfit as unfit:
        return Finding(False, unfit.faults[0])
    if not count:
        return Finding(True, "Nobody is asked about names (INDGANG_NAMES is not set).")
    return Finding(True, f"The list of names is loaded ({count} words).")


def _slack(
    settings: Settings, ask: Callable[[Settings], Hello], now: Callable[[], datetime]
) -> Iterator[Finding]:
    try:
        hello = ask(settings)
    except NoHello as silence:
        todo = WHAT_SLACK_MEANS.get(silence.code, "Check the network, INDGANG_PROXY and INDGANG_CA_FILE.")
        yield Finding(False, f"Slack does not let us in ({silence.code}).", todo)
        return
    if hello.team != settings.team:
        yield Finding(
            False,
            f"The token belongs to the workspace {hello.team}, and INDGANG_TEAM says {settings.team}.",
            "Correct the one that is wrong.",
        )
    else:
        yield Finding(True, f"Slack answers: we are {hello.bot_user} in {hello.workspace}.")
    if hello.at is not None:
        yield _apart("Slack's clock", hello.at, now())


WHAT_SLACK_MEANS = {
    "invalid_auth": "SLACK_BOT_TOKEN is wrong: copy it again from »OAuth & Permissions«.",
    "not_authed": "SLACK_BOT_TOKEN is wrong: copy it again from »OAuth & Permissions«.",
    "account_inactive": "The app has been removed from the workspace: install it again.",
    "token_revoked": "The token has been withdrawn: install the app again and copy the new one.",
    "ratelimited": "Wait a minute and try again.",
}


def _clock(settings: Settings) -> Finding:
    if settings.clock_url is None:
        return Finding(True, "The clock is the machine's own.")
    try:
        with urlopen(settings.clock_url, timeout=5) as answer:  # noqa: S310 - an address of the operator's own
            now = datetime.fromisoformat(json.load(answer)["now"])
    except (OSError, ValueError, KeyError) as why:
        return Finding(
            False,
            f"The sandbox's clock does not answer ({type(why).__name__}).",
            "Start the sandbox, or remove INDGANG_CLOCK_URL.",
        )
    return Finding(True, f"The clock is the sandbox's: {now:%d.%m.%Y %H:%M} UTC.")


def _apart(whose: str, theirs: datetime, ours: datetime) -> Finding:
    seconds = round(abs(theirs - ours).total_seconds())
    if timedelta(seconds=seconds) > APART:
        return Finding(
            False, f"{whose} is {seconds} seconds from this machine's.", "Set both by a time server."
        )
    return Finding(True, f"{whose} agrees with this machine's.")

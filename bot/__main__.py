"""`indgang …`, or `python -m bot …`: reads the command line, nothing else.

Each command imports what it runs when it runs it, so that the others start quickly.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from bot.settings import Settings

app = typer.Typer(
    name="indgang",
    help="Én Indgang: a Slack assistant for a municipality's cross-area effort.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
keys = typer.Typer(help="The keys that seal what is stored.", no_args_is_help=True)
app.add_typer(keys, name="keys")

UNFIT = 2
"""The exit code when something must be set right before a start makes sense."""


def main() -> None:
    app()


@app.command()
def serve(
    with_clock: Annotated[
        bool, typer.Option("--with-clock", help="Also do what the clock does. The only way on SQLite.")
    ] = False,
) -> None:
    """Listen to Slack and answer, until SIGTERM or Ctrl-C; what is in hand is finished first."""
    with _in_plain_words():
        settings = _settings()
        address = settings.database_url.get_secret_value()
        if address.startswith("sqlite") and not with_clock:
            _stop(SQLITE_IS_SMALL)
        from bot.assembly import House
        from bot.serving import Serving
        from storage.only_one import only_one_on

        with only_one_on(address):
            house = House.build(settings)
            try:
                Serving(house).run(with_clock=with_clock)
            finally:
                house.close()


@app.command()
def clock() -> None:
    """Do what is due when nobody asks: agendas, reminders, deliveries. Beside `serve`, on PostgreSQL."""
    with _in_plain_words():
        settings = _settings()
        if settings.database_url.get_secret_value().startswith("sqlite"):
            _stop(SQLITE_IS_SMALL)
        from bot.assembly import House
        from bot.serving import Serving

        house = House.build(settings)
        try:
            Serving(house).run_clock_only()
        finally:
            house.close()


@app.command()
def sandbox(
    world: Annotated[Path, typer.Option(help="Who and what is in it (JSON).")],
    manifest: Annotated[Path, typer.Option(help="The app's manifest.")],
    state: Annotated[Path, typer.Option(help="The folder it remembers in.")],
    port: Annotated[int, typer.Option(help="0 means any free port.")] = 8420,
    host: Annotated[
        str, typer.Option(help="Who may reach it; this machine only, unless you say otherwise.")
    ] = "127.0.0.1",
) -> None:
    """Open a small, strict Slack of our own on this machine."""
    from bot.sandbox import PortTaken
    from bot.sandbox import serve as open_sandbox

    try:
        open_sandbox(world, manifest, state, host, port, lambda base: typer.echo(f"{base}/"))
    except PortTaken:
        _stop(f"Port {port} is taken. Choose another with --port, or 0 for any free one.")


@app.command()
def demo(
    folder: Annotated[Path, typer.Option(envvar="INDGANG_DEMO_DIR", help="Where the demo remembers.")] = Path(
        ".demo"
    ),
    port: Annotated[int, typer.Option(help="The first port to try.")] = 8420,
    fresh: Annotated[bool, typer.Option("--fresh", help="Forget the last demo and begin anew.")] = False,
) -> None:
    """The demo town, the sandbox Slack and the bot, at one address. Ctrl-C ends it; the next start goes on."""
    with _in_plain_words():
        from bot.demo.launch import demo as launch

        raise typer.Exit(launch(folder, port=port, fresh=fresh))


@app.command()
def migrate() -> None:
    """Bring the database to this version. Nothing happens the second time."""
    with _in_plain_words():
        from storage.engine import Database
        from storage.upgrade import upgrade

        database = Database(_settings().database_url.get_secret_value())
        upgrade(database)
        database.close()
        typer.echo("The database is up to date.")


@app.command()
def doctor() -> None:
    """Look at the installation: one line a check, and what to do."""
    from bot.doctor import examine

    with _in_plain_words():
        raise typer.Exit(0 if examine(typer.echo) else 1)


@keys.command("new")
def new() -> None:
    """Print a new key. Put it first in INDGANG_KEYS; old ones after it still open what they sealed."""
    from storage.sealing import new_key

    typer.echo(new_key())


SQLITE_IS_SMALL = (
    "On SQLite one process does everything: start `indgang serve --with-clock`. "
    "For separate `serve` and `clock` processes, let DATABASE_URL name a PostgreSQL database."
)


def _settings() -> Settings:
    from bot import log
    from bot.settings import Settings

    settings = Settings.read()
    log.set_up(settings.log)
    return settings


@contextmanager
def _in_plain_words() -> Iterator[None]:
    """What stands in the way of a start is told in sentences, without a traceback."""
    from bot.rules import RulesUnfit
    from bot.settings import SettingsUnfit
    from storage.engine import DatabaseAway
    from storage.only_one import AnotherIsRunning
    from storage.sealing import KeyUnfit
    from storage.upgrade import FromTheFuture

    try:
        yield
    except SettingsUnfit as unfit:
        _stop(*unfit.faults)
    except KeyUnfit as unfit:
        _stop(f"INDGANG_KEYS cannot be used: {unfit}. Make a key with `indgang keys new`.")
    except RulesUnfit as unfit:
        _stop("The rules file cannot be used.", *unfit.faults)
    except AnotherIsRunning as other:
        _stop(f"Another process ({other.note}) serves this database already. {SQLITE_IS_SMALL}")
    except FromTheFuture:
        _stop(
            "The database belongs to a newer version of this program. Start that version; nothing was changed here."
        )
    except DatabaseAway as away:
        _stop(f"The database does not answer ({type(away.orig).__name__}). Look at it with `indgang doctor`.")


def _stop(*sentences: str) -> NoReturn:
    for sentence in sentences:
        typer.echo(sentence, err=True)
    sys.exit(UNFIT)


if __name__ == "__main__":
    main()

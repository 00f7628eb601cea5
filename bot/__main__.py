"""`indgang …`, or `python -m bot …`: reads the command line, nothing else.

Each command imports what it runs when it runs it, so that the others start quickly.
"""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.commands import backups, journal, keys, manifest, outbox, outside, people, reports
from bot.commands.plain import UNFIT, Language, MaybeSpeaks, os_fault, without_its_words
from bot.commands.plain import in_plain_words as _in_plain_words
from bot.commands.plain import said as _said
from bot.commands.plain import settings as _settings
from bot.commands.plain import spoken_here as _spoken_here
from bot.commands.plain import stop as _stop
from bot.commands.usage import Commands

app = Commands()
app.add_typer(keys.keys, name="keys")
app.add_typer(journal.journal, name="journal")
rules = Commands()
app.add_typer(rules, name="rules")
app.add_typer(people.people, name="people")
app.add_typer(outbox.outbox, name="outbox")
app.add_typer(reports.imports, name="import")
app.add_typer(reports.report, name="report")
app.command("plan")(outside.plan)
app.command("calendar")(outside.calendar)
app.command("manifest")(manifest.manifest)
app.command("backup")(backups.backup)
app.command("restore")(backups.restore)
app.command("restored")(backups.restored)


def main() -> None:
    gc.set_threshold(SELDOM)
    with without_its_words():
        app()


SELDOM = 20_000
"""So many new things are made before Python looks which of them nobody needs. At its own 700 it does so 360 times while
the program is read, of which next to nothing can go: a tenth of every command's start.
"""


@app.command()
def serve(
    with_clock: Annotated[bool, typer.Option("--with-clock")] = False,
    http: Annotated[str | None, typer.Option(metavar="HOST:PORT")] = None,
    workers: Annotated[int, typer.Option(min=1, max=16)] = 1,
    status: Annotated[str | None, typer.Option(metavar="HOST:PORT")] = None,
) -> None:
    """Listen to Slack and answer, until SIGTERM or Ctrl-C; what is in hand is finished first."""
    with _in_plain_words():
        settings = _settings(INDGANG_HTTP=http, INDGANG_STATUS=status)
        address = settings.database_url.get_secret_value()
        if address.startswith("sqlite") and not with_clock:
            _stop(_said("sqlite_is_small"))
        if address.startswith("sqlite") and workers > 1:
            _stop(_said("workers_need_postgresql"))
        if workers > 1 and not settings.http:
            _stop(_said("workers_need_http"))
        if not settings.http and not settings.slack_app_token:
            _stop(_said("nothing_to_hear_by"))
        from storage.only_one import only_one_on

        with only_one_on(address):
            if settings.http:
                from bot.web import serve_http

                if not serve_http(settings, with_clock=with_clock, refuses=_in_plain_words, workers=workers):
                    sys.exit(UNFIT)
            else:
                from bot.serving import serve_socket

                serve_socket(settings, with_clock=with_clock)


@app.command()
def clock(
    status: Annotated[str | None, typer.Option(metavar="HOST:PORT")] = None,
) -> None:
    """Do what is due when nobody asks: agendas, reminders, deliveries. Beside `serve`, on PostgreSQL."""
    with _in_plain_words():
        settings = _settings(INDGANG_STATUS=status)
        if settings.database_url.get_secret_value().startswith("sqlite"):
            _stop(_said("sqlite_is_small"))
        from bot.serving import serve_clock

        serve_clock(settings)


@app.command()
def sandbox(
    *,
    world: Annotated[Path, typer.Option()],
    manifest: Annotated[Path, typer.Option()],
    state: Annotated[Path, typer.Option()],
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8420,
    host: str = "127.0.0.1",
    request_url: Annotated[str | None, typer.Option(metavar="URL")] = None,
) -> None:
    """Open a small, strict Slack of our own on this machine."""
    from bot.sandbox import FileUnfit, PortTaken
    from bot.sandbox import serve as open_sandbox

    with _in_plain_words(Language.EN):
        try:
            open_sandbox(
                world,
                manifest,
                state,
                host,
                port,
                lambda base: typer.echo(f"{base}/"),
                request_url=request_url,
            )
        except FileUnfit as unfit:
            _stop(_said("sandbox_file", file=str(unfit.path)))
        except PortTaken:
            _stop(_said("port_taken", port=port))
        except OSError as why:
            _stop(_of_the_sandbox(why, host, port))


def _of_the_sandbox(why: OSError, host: str, port: int) -> str:
    """Its folder has a name; its door has none."""
    if why.filename:
        return _said("not_written", file=str(why.filename), why=os_fault(why))
    return _said("place_taken", place=f"{host}:{port}")


@app.command()
def demo(
    folder: Annotated[Path, typer.Option(envvar="INDGANG_DEMO_DIR")] = Path(".demo"),
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8420,
    fresh: Annotated[bool, typer.Option("--fresh")] = False,
    database: Annotated[str | None, typer.Option(envvar="INDGANG_DEMO_DATABASE")] = None,
) -> None:
    """The demo town, the sandbox Slack and the bot, at one address. Ctrl-C ends it; the next start goes on."""
    with _in_plain_words(Language.EN):
        from bot.demo.launch import demo as launch

        raise typer.Exit(launch(folder, port=port, fresh=fresh, database=database))


@app.command()
def migrate() -> None:
    """Bring the database to this version. Nothing happens the second time."""
    with _in_plain_words():
        from storage.engine import Database
        from storage.upgrade import upgrade

        database = Database(_settings().database_url.get_secret_value())
        upgrade(database)
        database.close()
        typer.echo(_said("up_to_date"))


@app.command()
def doctor(
    *,
    after_restore: Annotated[bool, typer.Option("--after-restore")] = False,
    confirm: Annotated[bool, typer.Option("--confirm")] = False,
    language: MaybeSpeaks = None,
) -> None:
    """Look at the installation: one line a check, and what to do."""
    from bot.after_restore import examine as look_after
    from bot.doctor import examine

    with _in_plain_words(language):
        if confirm and not after_restore:
            _stop(_said("confirm_alone"))
        if after_restore:
            well = look_after(typer.echo, _settings(), confirm=confirm, language=_spoken_here())
        else:
            well = examine(typer.echo, language=_spoken_here())
        raise typer.Exit(0 if well else 1)


@rules.command("check")
def check(
    file: Path,
) -> None:
    """Read a rules file, and the other versions it names: every mistake with its line, in Danish, like the file."""
    from bot.rules import check as examine
    from bot.rules import read_rules

    faults = examine(file)
    for fault in faults:
        typer.echo(fault)
    if faults:
        typer.echo(f"{len(faults)} fejl. Ret dem, og prøv igen.")
        raise typer.Exit(1)
    known = ", ".join(f"{r.version} (fra {r.valid_from})" for r in read_rules(file).versions)
    typer.echo(f"Filen kan bruges. Udgaver: {known}.")


if __name__ == "__main__":
    main()

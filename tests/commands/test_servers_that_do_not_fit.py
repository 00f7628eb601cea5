"""A PostgreSQL we cannot work with is said in a sentence with what to do: to whoever upgrades, asks the doctor or starts."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import make_url

from bot.commands.plain import diagnosed
from storage import engine as engines
from storage.engine import Database
from storage.server import demand_server
from storage.upgrade import upgrade
from tests.commands.test_the_databases_state import told
from tests.support.databases import Databases
from tests.test_doctor import Visit

REFUSES = b"SFATAL\0C08P01\0Munsupported startup parameter: options\0\0"


@contextmanager
def pooler(server: str, *, refuses: bool) -> Iterator[str]:
    """As PgBouncer does with what a session says of itself: refuses it, or when told so overlooks it."""
    there = make_url(server)
    door = socket.create_server(("127.0.0.1", 0))

    def lets_in() -> None:
        while True:
            try:
                guest = door.accept()[0]
            except OSError:
                return
            if refuses:
                _asked(guest)
                guest.sendall(b"E" + struct.pack("!i", len(REFUSES) + 4) + REFUSES)
                guest.close()
                continue
            behind = socket.socket(socket.AF_UNIX)
            behind.connect(f"{there.query['host']}/.s.PGSQL.5432")
            said = _asked(guest).split(b"\0")
            kept = [
                w
                for n, v in zip(said[::2], said[1::2], strict=False)
                if n not in (b"", b"options")
                for w in (n, v)
            ]
            body = struct.pack("!i", 196608) + b"\0".join(kept) + b"\0\0"
            behind.sendall(struct.pack("!i", len(body) + 4) + body)
            for one, other in ((guest, behind), (behind, guest)):
                threading.Thread(target=_passes_on, args=(one, other), daemon=True).start()

    threading.Thread(target=lets_in, daemon=True).start()
    yield f"postgresql://postgres@127.0.0.1:{door.getsockname()[1]}/{there.database}"
    door.shutdown(socket.SHUT_RDWR)
    door.close()


def _asked(guest: socket.socket) -> bytes:
    """What a session begins with, past the question whether the line can be sealed."""
    while True:
        length, kind = struct.unpack("!ii", guest.recv(8, socket.MSG_WAITALL))
        if kind == 196608:
            return guest.recv(length - 8, socket.MSG_WAITALL)
        guest.sendall(b"N")


def _passes_on(one: socket.socket, other: socket.socket) -> None:
    try:
        while heard := one.recv(65536):
            other.sendall(heard)
        other.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def is_said(address: str, sentence: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By `migrate`, by a start, and by the doctor."""
    database = Database(address)
    commands: tuple[Callable[[], None], ...] = (lambda: upgrade(database), lambda: demand_server(database))
    for command in commands:
        assert told(command, capsys) == (2, sentence)
    database.close()
    visit = Visit(folder, address)
    visit.made()
    assert visit.complaints == [f"❌ {sentence}"]


@pytest.mark.parametrize("refuses", [True, False])
def test_a_pooler_that_lets_our_settings_not_through(
    databases: Databases, tmp_path: Path, capsys: pytest.CaptureFixture[str], refuses: bool
) -> None:
    address = databases.fresh("postgresql")
    with pooler(address, refuses=refuses) as between:
        is_said(between, diagnosed("server_pooled"), tmp_path, capsys)
    databases.take_back(address)


@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII"])
def test_a_database_that_cannot_write_every_name(
    databases: Databases, tmp_path: Path, capsys: pytest.CaptureFixture[str], encoding: str
) -> None:
    name = f"test_{encoding.lower()}"
    databases.postgres._ask(f"CREATE DATABASE {name} ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0")
    address = databases.postgres.address(name)
    is_said(address, diagnosed("server_encoding", encoding=encoding), tmp_path, capsys)
    databases.postgres.drop(address)


def test_a_copy_that_can_only_be_read(
    databases: Databases,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A standby says so of each transaction, whatever a session wishes."""
    monkeypatch.setitem(engines.AS_OURS, "default_transaction_read_only", "on")
    address = databases.fresh("postgresql")
    is_said(address, diagnosed("server_only_reads"), tmp_path, capsys)
    databases.take_back(address)

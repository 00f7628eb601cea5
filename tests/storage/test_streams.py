"""A process that is frozen between its claim and its call sends nothing twice when it wakes."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.domain.notices import Notice, NoticeState
from bot.usecases.delivery import NobodyElse
from bot.usecases.ports import Sent
from storage.engine import Database
from storage.only_one import AnotherIsRunning, only_one_on
from storage.streams import Streams
from tests.support.office import OfficeTown
from tests.support.wire import waits_until

MAJA = "U0MAJA0001"


class SlackInAFile:
    """Both processes post into one file; `before` is what happens right before a post."""

    def __init__(self, path: Path, before: Callable[[], None] = lambda: None) -> None:
        self._path, self._before = path, before

    def send(self, to: str, message: Any, *, key: str) -> Sent:
        self._before()
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"to": to, "key": key}) + "\n")
        return Sent("D1", f"1794811800.{len(self.posts):06d}")

    def look_for(self, to: str, *, key: str, since: datetime) -> Sent | None:
        return next((Sent("D1", "1794811800.000001") for post in self.posts if post["key"] == key), None)

    @property
    def posts(self) -> list[dict[str, str]]:
        if not self._path.exists():
            return []
        return [json.loads(line) for line in self._path.read_text("utf-8").splitlines()]


class AheadClock:
    """The machine's clock, for one who believes the other's lease has run out."""

    def __init__(self, ahead: timedelta) -> None:
        self._ahead = ahead

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    real = now


def freezes() -> None:
    os.kill(os.getpid(), signal.SIGSTOP)


def frozen_child(address: str, slack: SlackInAFile, *, locked: bool, done: Path) -> int:
    """A replica that stops itself in the worst place: its claim is committed, its post is the next thing it does."""
    pid = os.fork()
    if pid:
        waits_until(lambda: Path(f"/proc/{pid}/stat").read_text().split(") ")[1][0] == "T")
        return pid
    try:
        delivery = OfficeTown(Database(address), settle=lambda _house: None).house.delivery
        delivery._clock = delivery._consequences._clock = AheadClock(timedelta(0))
        delivery._messenger = slack
        delivery._streams = Streams(address) if locked else NobodyElse()
        delivery.deliver_due()
        done.write_text("done")
    finally:
        os._exit(0)


@pytest.fixture
def frozen(request: pytest.FixtureRequest, database_address: str, tmp_path: Path) -> Any:
    """A town with one message owed, a child frozen in the middle of sending it, and another replica."""
    database = Database(database_address)
    town = OfficeTown(database)
    with town.house.storage.open_work(at=datetime.now(UTC)) as work:
        work.notices.tell(Notice("welcome:1", "welcome", MAJA))
    database.close()
    path, locked = tmp_path / "slack.jsonl", getattr(request, "param", True)
    child = frozen_child(database_address, SlackInAFile(path, freezes), locked=locked, done=tmp_path / "done")
    other = OfficeTown(Database(database_address), settle=lambda _house: None).house
    other.delivery._clock = other.delivery._consequences._clock = AheadClock(timedelta(seconds=90))
    other.delivery._messenger = SlackInAFile(path)
    if not locked:
        other.delivery._streams = NobodyElse()
    yield child, other, SlackInAFile(path), tmp_path / "done"
    for number in (signal.SIGCONT, signal.SIGKILL):
        try:
            os.kill(child, number)
        except ProcessLookupError:
            break
    try:
        os.waitpid(child, 0)
    except ChildProcessError:
        pass
    other.close()


def wakes(child: int, done: Path) -> None:
    os.kill(child, signal.SIGCONT)
    waits_until(done.exists)


@pytest.mark.parametrize("engine", ["postgresql"])
def test_a_frozen_replica_that_wakes_sends_nothing_twice(frozen: Any) -> None:
    child, other, slack, done = frozen
    assert other.delivery.deliver_due() == 0, "the lease has run out, and the stream is held still"
    wakes(child, done)
    assert other.delivery.deliver_due() == 0
    assert len(slack.posts) == 1
    with other.storage.open_reading(at=datetime.now(UTC)) as work:
        assert work.notices.by_key("welcome:1").state == NoticeState.SENT


@pytest.mark.parametrize("engine", ["postgresql"])
@pytest.mark.parametrize("frozen", [False], indirect=True)
def test_without_the_hold_the_same_story_doubles_it(frozen: Any) -> None:
    """Or the story above would prove nothing."""
    child, other, slack, done = frozen
    assert other.delivery.deliver_due() == 1
    wakes(child, done)
    assert len(slack.posts) == 2


@pytest.mark.parametrize("engine", ["postgresql"])
def test_the_stream_of_a_dead_replica_is_free_at_once(frozen: Any) -> None:
    child, other, slack, _done = frozen
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    waits_until(lambda: other.delivery.deliver_due() == 1)
    assert len(slack.posts) == 1


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_frozen_process_on_sqlite_lets_no_second_one_in(database_address: str) -> None:
    pid = os.fork()
    if not pid:
        with only_one_on(database_address):
            freezes()
            time.sleep(30)
        os._exit(0)
    try:
        waits_until(lambda: Path(f"/proc/{pid}/stat").read_text().split(") ")[1][0] == "T")
        with pytest.raises(AnotherIsRunning), only_one_on(database_address):
            pass
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_another_name_for_the_same_file_lets_no_second_one_in(database_address: str, tmp_path: Path) -> None:
    """By a link, and by an address that writes its blank as addresses do."""
    other = tmp_path / "en anden.db"
    other.symlink_to(database_address.removeprefix("sqlite:///"))
    for written in (str(other), str(other).replace(" ", "%20")):
        with (
            only_one_on(database_address),
            pytest.raises(AnotherIsRunning),
            only_one_on(f"sqlite:///{written}"),
        ):
            pass


def test_a_line_that_was_cut_is_laid_anew(database_address: str, engine: str) -> None:
    streams, other = Streams(database_address), Streams(database_address)
    with streams.hold("U1") as mine, other.hold("U1") as theirs:
        assert (mine, theirs) == (True, engine == "sqlite")
        if engine == "postgresql":
            pid = streams._asked(text("SELECT pg_backend_pid()"), "")
            assert other._asked(text(f"SELECT pg_terminate_backend({pid})"), "")
    with other.hold("U1") as theirs:
        assert theirs
    streams.close()
    other.close()


def test_in_a_process_too_one_thread_at_a_time_speaks_in_a_stream(database_address: str) -> None:
    """Its session would give each of them PostgreSQL's lock."""
    streams, held = Streams(database_address), []
    with streams.hold("U1"):
        for stream in ("U1", "U2"):
            other = threading.Thread(target=lambda: held.append(_is_held(streams, stream)))  # noqa: B023
            other.start()
            other.join()
    assert held == [False, True]
    assert _is_held(streams, "U1")
    streams.close()


def _is_held(streams: Streams, stream: str) -> bool:
    with streams.hold(stream) as mine:
        return mine

"""One command opens the town; Ctrl-C ends all of it; the next start finds everything as it was."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from bot.demo.town import world

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 90.0


class Demo:
    """`python -m bot demo` as a process, and what it has said so far."""

    def __init__(self, folder: Path, port: int, *more: str) -> None:
        self.folder, self._said = folder, folder.parent / f"said-{time.monotonic_ns()}.txt"
        with self._said.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", "demo", "--folder", str(folder), "--port", str(port), *more],
                cwd=ROOT,
                env={**os.environ, "SLACK_BOT_TOKEN": "xoxb-a-real-one", "DATABASE_URL": "postgresql://real"},
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        return self._said.read_text("utf-8")

    def open(self) -> str:
        """Waits for the one address."""
        given_up = time.monotonic() + PATIENCE
        while "Open  " not in self.said:
            assert self.process.poll() is None, self.said
            assert time.monotonic() < given_up, self.said
            time.sleep(0.1)
        return self.said.split("Open  ")[1].split()[0]

    def children(self) -> dict[str, int]:
        """Process ids by what they run: only this demo's own."""
        listed = subprocess.run(
            ["ps", "-o", "pid=,args=", "--ppid", str(self.process.pid)],
            capture_output=True,
            text=True,
            check=False,
        ).stdout
        found = [line.split(maxsplit=1) for line in listed.splitlines()]
        ours = " -m bot.demo.child "
        return {args.split(ours)[1].split()[0]: int(pid) for pid, args in found if ours in args}

    def ends(self, number: int = signal.SIGINT) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(60)


def clock(address: str) -> str:
    with urlopen(f"{address}clock", timeout=5) as answer:
        return str(json.load(answer)["now"])


def a_free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def started() -> Iterator[list[Demo]]:
    demos: list[Demo] = []
    yield demos
    for demo in demos:
        demo.ends(signal.SIGTERM)


def test_a_demo_opens_ends_cleanly_and_goes_on_where_it_stopped(tmp_path: Path, started: list[Demo]):
    folder, port = tmp_path / "demo", a_free_port()
    first = Demo(folder, port)
    started.append(first)
    address = first.open()
    assert address == f"http://127.0.0.1:{port}/"
    with urlopen(address, timeout=5) as page:
        assert page.status == 200
    assert [
        line.split("✓ ")[1].split("  ")[0] for line in first.said.splitlines() if line.startswith("✓")
    ] == [
        "key and folder",
        "database",
        "sandbox Slack",
        "demo town",
        "bot and clock",
    ]
    key = folder / "key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    secret, before = key.read_text("utf-8"), clock(address)
    children = first.children()
    assert set(children) == {"sandbox", "serve"}

    second = Demo(folder, a_free_port())
    assert second.process.wait(60) == 1
    assert "runs already, at " + address in second.said

    assert first.ends() == 0
    assert first.said.splitlines()[-1] == "Ended. Everything is kept; the next start goes on from here."
    assert not any(alive(pid) for pid in children.values())

    with socket.socket() as somebody_else:
        somebody_else.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        somebody_else.bind(("127.0.0.1", port))
        somebody_else.listen()
        third = Demo(folder, port)
        started.append(third)
        moved = third.open()
        assert moved != address
        assert f"Port {port} is taken" in third.said
        assert "demo town" not in third.said, "it is there already"
        assert key.read_text("utf-8") == secret
        assert clock(moved) >= before
        killed = third.children()["serve"]
        os.kill(killed, signal.SIGKILL)
        again = another_bot(third, killed)
        assert "The bot stopped by itself (exit code -9), and has been started again." in third.said
        os.kill(again, signal.SIGKILL)
        assert third.process.wait(60) == 1, "twice within a minute is no accident"
        assert "The bot stopped by itself (exit code -9). The last lines of" in third.said
        assert third.said.splitlines()[-1] == "Everything is kept; the next start goes on from here."
        assert "Traceback" not in third.said


def test_a_part_of_the_demo_ends_when_the_demo_is_killed(tmp_path: Path) -> None:
    (tmp_path / "world.json").write_text(json.dumps(world()), "utf-8")
    words = [
        "--world",
        "world.json",
        "--manifest",
        str(ROOT / "manifest.yml"),
        "--state",
        "state",
        "--port",
        "0",
    ]
    part = subprocess.Popen(
        [sys.executable, "-m", "bot.demo.child", "sandbox", *words],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with part:
        assert part.stdin is not None
        assert part.stdout is not None
        assert part.stdout.readline().startswith(b"http://127.0.0.1:"), "it listens"
        part.stdin.close()  # as the system does for whoever is killed
        try:
            assert part.wait(10) == 1
        finally:
            part.kill()


def another_bot(demo: Demo, killed: int) -> int:
    given_up = time.monotonic() + PATIENCE
    while True:
        pid = demo.children().get("serve", killed)
        if pid != killed and "started again" in demo.said:
            return pid
        assert time.monotonic() < given_up, demo.said
        time.sleep(0.1)

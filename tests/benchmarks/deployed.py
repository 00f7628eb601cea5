"""The bot and the echo as they are deployed: gunicorn, one worker of 32 threads, and a Slack that answers at once.

python -m tests.benchmarks.deployed echo|polling|slack PORT
"""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

ROOT = Path(__file__).resolve().parents[2]
SECRET = "0123456789abcdef"
PATIENCE = 60.0
HOST = "127.0.0.1"
ENVIRONMENT = {
    "SLACK_BOT_TOKEN": "xoxb-bench",
    "SLACK_SIGNING_SECRET": SECRET,
    "INDGANG_TEAM": "T0NORDRE01",
    "INDGANG_FIRST_ADMINISTRATOR": "U0BO000001",
    "INDGANG_LOG": "json",
}


# --- processes ---


class Process:
    """A process that listens on a port; gone at the end of the block."""

    def __init__(self, command: list[str], port: int, environment: dict[str, str]) -> None:
        self.port, self._began = port, time.perf_counter()
        self._process = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env={**_inherited(), **environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE if os.environ.get("BENCH_TALKS") else subprocess.DEVNULL,
            start_new_session=True,
        )

    def until(self, answers: Any) -> float:
        """Seconds from the start until it answers."""
        while not answers():
            if self._process.poll() is not None or time.perf_counter() - self._began > PATIENCE:
                raise RuntimeError(f"it did not come up: exit code {self._process.poll()}")
            time.sleep(0.002)
        return time.perf_counter() - self._began

    @property
    def memory(self) -> int:
        """Bytes that are its own and its children's (proportional set size)."""
        return sum(_pss(pid) for pid in (self._process.pid, *_children(self._process.pid)))

    def end(self) -> None:
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGTERM)
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


@contextmanager
def slack() -> Iterator[Process]:
    with _running(["tests.benchmarks.deployed", "slack"], {}) as process:
        process.until(lambda: _open(process.port))
        yield process


@contextmanager
def echo(kind: str = "echo") -> Iterator[Process]:
    with _running(["tests.benchmarks.deployed", kind], {}) as process:
        yield process


@contextmanager
def bot(database: str, keys: str, slack_port: int, *, program: str = "bot") -> Iterator[Process]:
    """`indgang serve --http`, as in production, but for where Slack is."""
    port, status = free_port(), free_port()
    command = [program, "serve", "--with-clock", "--http", f"{HOST}:{port}", "--status", f"{HOST}:{status}"]
    environment = {
        **ENVIRONMENT,
        "DATABASE_URL": database,
        "INDGANG_KEYS": keys,
        "SLACK_API_URL": f"http://{HOST}:{slack_port}/api/",
        "INDGANG_CLOCK_URL": f"http://{HOST}:{slack_port}/clock",
    }
    process = Process(command, port, environment)
    try:
        yield process
    finally:
        process.end()


@contextmanager
def _running(command: list[str], environment: dict[str, str]) -> Iterator[Process]:
    port = free_port()
    process = Process([*command, str(port)], port, environment)
    try:
        yield process
    finally:
        process.end()


def free_port() -> int:
    with socket.socket() as door:
        door.bind((HOST, 0))
        return int(door.getsockname()[1])


def _open(port: int) -> bool:
    with socket.socket() as door:
        return door.connect_ex((HOST, port)) == 0


def _inherited() -> dict[str, str]:
    ours = ("SLACK_", "INDGANG_", "DATABASE_URL")
    return {n: v for n, v in os.environ.items() if not n.startswith(ours)}


def _children(pid: int) -> list[int]:
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    )
    found = [int(line) for line in listed.stdout.split()]
    return found + [grandchild for child in found for grandchild in _children(child)]


def _pss(pid: int) -> int:
    try:
        rolled = Path(f"/proc/{pid}/smaps_rollup").read_text("utf-8")
    except OSError:
        return 0
    return 1024 * sum(int(n) for n in re.findall(r"^Pss:\s+(\d+) kB", rolled, re.MULTILINE))


# --- who asks ---


class Line:
    """A connection kept open, as Slack's is; one thread's own."""

    def __init__(self, port: int) -> None:
        self._http = http.client.HTTPConnection(HOST, port, timeout=30)

    def ask(self, request: Any) -> str:
        """A request as `house` signs it; its answer. Anything but 200 is a fault of the run."""
        headers = {name: value[0] for name, value in request.headers.items()}
        self._http.request("POST", "/slack/events", request.raw_body.encode(), headers)
        answer = self._http.getresponse()
        body = answer.read().decode()
        assert answer.status == 200, (answer.status, body)
        return body


class Homes:
    """How often Slack has been given a person's Home."""

    def __init__(self, slack: int) -> None:
        self._http = http.client.HTTPConnection(HOST, slack, timeout=30)

    def shown(self, who: str) -> int:
        self._http.request("GET", f"/published/{who}")
        return int(json.loads(self._http.getresponse().read())["times"])

    def until_shown(self, who: str, before: int) -> None:
        given_up = time.perf_counter() + PATIENCE
        while self.shown(who) == before:
            assert time.perf_counter() < given_up, "no Home came"
            time.sleep(0.002)


def acks(port: int, request: Any) -> bool:
    try:
        Line(port).ask(request)
    except (OSError, AssertionError, http.client.HTTPException):
        return False
    return True


# --- what runs apart ---


class _StillSlack(BaseHTTPRequestHandler):
    """Every method is answered at once; everybody is a full member."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    published: ClassVar[Counter[str]] = Counter()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode("utf-8", "replace")
        found = re.search(r"user(?:_id)?=([A-Z0-9]+)|\"user(?:_id)?\": ?\"([A-Z0-9]+)\"", body)
        user = next((g for g in (found.groups() if found else ()) if g), "UBOT")
        if self.path.endswith("/views.publish"):
            self.published[user] += 1
        self._say(
            {
                "ok": True,
                "user_id": "UBOT",
                "bot_id": "BBOT",
                "team_id": "T0NORDRE01",
                "channel": "D1",
                "ts": "1.0",
                "user": {"id": user, "team_id": "T0NORDRE01", "profile": {"real_name": _name_of(user)}},
            }
        )

    def do_GET(self) -> None:
        if self.path.startswith("/clock"):
            self._say({"now": "2026-11-16T07:50:00+01:00"})
        elif self.path.startswith("/published/"):
            self._say({"times": self.published[self.path.rsplit("/", 1)[1]]})
        else:
            self.do_POST()

    def _say(self, said: dict[str, Any]) -> None:
        raw = json.dumps(said).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_: object) -> None:
        return


def _name_of(user: str) -> str:
    from tests.benchmarks.house import NAMES

    return NAMES.get(user) or (f"Kollega {int(user[-4:])}" if user.startswith("UMASS") else "?")


def _serve_slack(port: int) -> None:
    server = ThreadingHTTPServer((HOST, port), _StillSlack)
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    server.serve_forever()


def _serve_echo(port: int, *, polling: bool) -> None:
    from gunicorn.app.base import BaseApplication
    from slack_bolt.adapter.wsgi import SlackRequestHandler

    class Echo(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            chosen = {"bind": f"{HOST}:{port}", "workers": 1, "threads": 32, "worker_class": "gthread",
                      "keepalive": 65, "control_socket_disable": True, "loglevel": "critical"}  # fmt: skip
            for name, value in chosen.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            from tests.benchmarks.bare import echo as bare

            return SlackRequestHandler(bare(polling=polling))

    Echo().run()


if __name__ == "__main__":
    what, where = sys.argv[1], int(sys.argv[2])
    if what == "slack":
        _serve_slack(where)
    else:
        _serve_echo(where, polling=what == "polling")

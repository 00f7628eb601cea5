"""What a proxy answers in Slack's place loses nothing: the message is looked for, and sent again (D42)."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from bot.slack import client
from bot.slack.messenger import SlackMessenger
from bot.usecases.ports import CertainlyNotSent, PerhapsSent, Sent

PAGE = "<html>Tjenesten er ikke tilgængelig</html>"
MESSAGE = {"text": "Hej", "blocks": []}


@contextmanager
def answering(status: int, body: bytes, kind: str) -> Iterator[SlackMessenger]:
    class Proxy(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"] or 0))
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Proxy)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield SlackMessenger(client("xoxb-1", base_url=f"http://127.0.0.1:{server.server_port}/api/"))
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("status", [200, 403, 502])
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (PAGE.encode("latin-1"), "text/html; charset=utf-8"),
        (PAGE.encode("latin-1"), "text/html; charset=klingon"),
        (b"", "text/html"),
        (b"[1]", "application/json"),
        (b"1", "application/json"),
        (b"[" * 100_000, "application/json"),
        (b'{"message": "blocked"}', "application/json"),
    ],
)
def test_another_answer_than_slacks_is_slack_away_and_perhaps_sent(
    status: int, body: bytes, kind: str
) -> None:
    with answering(status, body, kind) as messenger, pytest.raises(PerhapsSent) as said:
        messenger.send("C1", MESSAGE, key="k")
    assert said.value.away


@pytest.mark.parametrize("where", [b"X-Slow: ", b"\r\n"], ids=["in its head", "in its body"])
def test_an_answer_that_trickles_is_waited_for_no_longer_than_one_that_is_silent(where: bytes) -> None:
    """A byte now and then is never a silence: without a limit for the whole it would hold delivery for ever."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as proxy:

        def trickle() -> None:
            line, _ = proxy.accept()
            with line:
                line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n" + where)
                for _ in range(40):
                    if over.wait(0.05):
                        return
                    line.sendall(b" ")

        threading.Thread(target=trickle, daemon=True).start()
        address = f"http://127.0.0.1:{proxy.getsockname()[1]}/api/"
        messenger, began = SlackMessenger(client("xoxb-1", base_url=address, timeout=0.2)), time.monotonic()
        with pytest.raises(PerhapsSent) as said:
            messenger.send("C1", MESSAGE, key="k")
        over.set()
    assert said.value.away
    assert time.monotonic() - began < 1.5


def test_a_page_that_asks_us_to_wait_is_waited_for() -> None:
    with answering(429, PAGE.encode("latin-1"), "text/html") as messenger, pytest.raises(CertainlyNotSent):
        messenger.send("C1", MESSAGE, key="k")


def test_what_stands_in_a_conversation_is_ours_only_if_it_says_so() -> None:
    page = b"""{"ok": true, "messages": [null, {"ts": "1.1", "metadata":
        {"event_type": "another", "event_payload": {"key": "k"}}}, {"ts": "1.2", "metadata":
        {"event_type": "indgang_notice", "event_payload": {"key": "k"}}}]}"""
    with answering(200, page, "application/json") as messenger:
        found = messenger.look_for("C1", key="k", since=datetime(2026, 11, 16, tzinfo=UTC))
    assert found == Sent("C1", "1.2")

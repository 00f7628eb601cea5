"""The same town over HTTP: Slack calls a real gunicorn, and nobody notices the difference."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.test_frame_journey import Inside
from tests.support.databases import Databases
from tests.support.frames import active_case
from tests.support.over_http import PATH, Bot, HttpTown
from tests.support.wire import waits_until


@pytest.fixture
def town(databases: Databases, tmp_path: Path) -> Iterator[HttpTown]:
    with HttpTown(databases.fresh("sqlite", tmp_path), tmp_path) as running:
        yield running


def test_a_frame_is_used_over_http_and_the_process_ends_in_order(town: HttpTown) -> None:
    case, _ = active_case(Inside(town), kroner=2_000)
    maja = town.person("Maja Holm")
    maja.home()
    maja.sees("Registrér forbrug", in_="home")
    maja.presses("Registrér forbrug", in_="home")
    maja.fills("amount", "25,000", in_="modal")
    assert "25.000,00 kr." in maja.submits().complaints["amount"]
    maja.fills("amount", "450", in_="modal")
    maja.submits()
    maja.sees(f"✅ 450,00 kr. til befordring på »{case.alias}«. 1.550,00 kr. tilbage", in_="modal")
    maja.closes()
    maja.types(f"/ramme {case.alias[:4].lower()} 300 bus")
    maja.sees("✅ 300,00 kr. til befordring")
    assert not maja.trouble

    (bot,) = town.serving
    _counted_without_anybody(bot.asks("/metrics")[1], case.key, case.alias, town.stage.person_id("Maja Holm"))
    _said_to_strangers(town.ports[0])

    _finishes_what_is_in_hand(town, bot)


def test_over_a_socket_what_is_in_hand_is_finished_too(databases: Databases, tmp_path: Path) -> None:
    with HttpTown(databases.fresh("sqlite", tmp_path), tmp_path, over_sockets=True) as town:
        (bot,) = town.serving
        waits_until(lambda: "indgang_socket_connections 1.0" in bot.asks("/metrics")[1])
        assert 'indgang_build_info{mode="socket"' in bot.asks("/metrics")[1]
        _finishes_what_is_in_hand(town, bot)


def _finishes_what_is_in_hand(town: HttpTown, bot: Bot) -> None:
    """SIGTERM while Slack is slow to open a form: not ready at once, the form opens all the same, then it leaves."""
    maja = town.person("Maja Holm")
    town.stage.fault(
        "slow", method="views.publish", seconds=2.5
    )  # its Home is in hand for longer than its form
    maja.home()
    town.stage.fault("slow", method="views.open", seconds=0.8)
    heard = len(town.stage.journaled("push"))
    asking = threading.Thread(target=maja.types, args=("/sag ny",))
    asking.start()
    waits_until(lambda: len(town.stage.journaled("push")) > heard)
    time.sleep(0.05)
    began = time.monotonic()
    bot.is_told_to_stop()
    waits_until(lambda: bot.asks("/readyz")[0] == 503, within=2)
    asking.join()
    assert maja.modal is not None
    assert not maja.trouble
    assert bot.ends(within=15) == 0
    assert time.monotonic() - began < 12
    assert bot.log[-1]["event"] == "left"
    assert "Traceback" not in bot.words


def _counted_without_anybody(page: str, *who: str) -> None:
    assert 'indgang_http_answers_total{status="200"}' in page
    assert 'indgang_build_info{mode="http"' in page
    assert re.search(r'indgang_slack_requests_total\{method="views.open",outcome="ok"\} [1-9]', page)
    assert not any(name in page for name in who)
    assert not re.search(r"[UCDTW]0[A-Z0-9]{6,}", page)
    assert sum(1 for line in page.splitlines() if not line.startswith("#")) < 500


STRANGE = [
    b"GET / HTTP/1.1\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"POST " + b"/" * 9_000 + b" HTTP/1.1\r\n\r\n",
    b"POST /slack/events HTTP/9.9\r\n\r\n",
    b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcde",
    b"POST /slack/events HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"POST /slack/events HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: who-knows\r\n\r\n",
    b"POST /slack/events HTTP/1.1\r\n" + b"".join(b"X-%d: 1\r\n" % n for n in range(200)) + b"\r\n",
    b"POST /slack/events HTTP/1.1\r\nX: " + b"a" * 20_000 + b"\r\n\r\n",
    b"POST /slack/events HTTP/1.1\r\nHost: x\r\nX-Slack-Signature: \xe5\xff\r\nContent-Length: 2\r\n\r\n{}",
    b"POST /slack/events HTTP/1.1\r\nHost: x\r\nExpect: a-miracle\r\nContent-Length: 2\r\n\r\n{}",
    b"B\xc3\xb8h / HTTP/1.1\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
]


def _said_to_strangers(port: int) -> None:
    """T31 below the guard: what is hardly HTTP gets the same four answers, with nothing in them."""
    for sent in STRANGE:
        with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
            line.sendall(sent)
            line.shutdown(socket.SHUT_WR)
            said = b""
            while piece := line.recv(65536):
                said += piece
        answers = re.findall(rb"HTTP/1\.1 ([0-9]+)", said)
        assert set(answers) <= {b"401", b"404", b"413"}, (sent, said)
        assert said.count(b"Content-Length: 0\r\n") == len(answers), (sent, said)
        assert b"<" not in said, (sent, said)


assert PATH == "/slack/events"  # what STRANGE is sent to

"""An answer that points elsewhere is not followed, so that the token goes nowhere but to Slack (ASVS 15.3.2)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from bot.slack import NotSlack, client
from bot.slack.outcomes import explain
from bot.usecases.ports import PerhapsSent


class Elsewhere:
    """Two servers: the first points to the second, which writes down what it hears."""

    def __init__(self, code: int) -> None:
        heard: list[str] = []
        self.heard = heard

        class Second(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                heard.append(self.headers.get("Authorization", ""))
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b'{"ok": true}')

            do_GET = do_POST

            def log_message(self, *_: object) -> None: ...

        self.second = HTTPServer(("127.0.0.1", 0), Second)
        there = f"http://127.0.0.1:{self.second.server_port}/api/auth.test"

        class First(Second):
            def do_POST(self) -> None:
                self.send_response(code)
                self.send_header("Location", there)
                self.end_headers()

            do_GET = do_POST

        self.first = HTTPServer(("127.0.0.1", 0), First)
        for server in (self.first, self.second):
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def close(self) -> None:
        for server in (self.first, self.second):
            server.shutdown()
            server.server_close()


@pytest.fixture(params=[301, 302, 303, 307, 308])
def elsewhere(request: pytest.FixtureRequest) -> Iterator[Elsewhere]:
    found = Elsewhere(request.param)
    yield found
    found.close()


def test_nobody_else_hears_the_token(elsewhere: Elsewhere) -> None:
    web = client("xoxb-hemmelig", base_url=f"http://127.0.0.1:{elsewhere.first.server_port}/api/")
    with pytest.raises(NotSlack) as answered:
        web.auth_test()
    assert elsewhere.heard == []
    with pytest.raises(PerhapsSent):
        explain(answered.value, "auth.test")

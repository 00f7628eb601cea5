"""The sandbox as a process: it opens, says where, lets pages look on, and closes when it is told."""

import asyncio
import json
import signal
import socket
import subprocess
import sys
import urllib.request

import aiohttp
import pytest
import yaml

from bot.sandbox import PortTaken, serve
from tests.sandbox.tiny_town import MAJA, OPEN, manifest, world

OPENING = """
import sys
from pathlib import Path
from bot.sandbox import serve
folder = Path(sys.argv[1])
serve(folder / "world.json", folder / "manifest.yml", folder / "state", "127.0.0.1", 0, lambda base: print(base, flush=True))
print("closed", flush=True)
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "world.json").write_text(json.dumps(world()), encoding="utf-8")
    (tmp_path / "manifest.yml").write_text(yaml.safe_dump(manifest()), encoding="utf-8")
    return tmp_path


def test_it_opens_says_where_and_closes_on_sigterm(folder):
    process = subprocess.Popen(
        [sys.executable, "-c", OPENING, str(folder)], stdout=subprocess.PIPE, text=True
    )
    base = process.stdout.readline().strip()
    with urllib.request.urlopen(f"{base}/clock") as answer:
        assert json.load(answer)["now"].startswith("2026-11-16T06:50:0")
    process.send_signal(signal.SIGTERM)
    assert process.communicate(timeout=5)[0] == "closed\n"
    assert process.returncode == 0


def test_a_taken_port_is_said_to_be_taken(folder):
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", 0))
        somebody.listen()
        port = somebody.getsockname()[1]
        with pytest.raises(PortTaken) as caught:
            serve(folder / "world.json", folder / "manifest.yml", folder / "state", "127.0.0.1", port, print)
        assert caught.value.port == port


def test_a_page_that_looks_on_is_told_once_about_a_burst(stage):
    async def look_on():
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(f"{stage.base}/page/live?as={MAJA}") as line,
        ):
            for text in ("en", "to"):
                body = {"as": MAJA, "channel": OPEN, "text": text}
                await session.post(f"{stage.base}/page/api/say", json=body)
            return await line.receive_json(timeout=2)

    assert asyncio.run(look_on()) == {"type": "changed"}


def test_the_page_gets_its_files_and_nothing_else(stage):
    with urllib.request.urlopen(f"{stage.base}/") as answer:
        assert answer.headers["Content-Type"].startswith("text/html")
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{stage.base}/page/..%2Fserver.py")

"""Whoever says one byte at a time is not listened to for ever, and what is said to them still goes out."""

from __future__ import annotations

import socket
import threading
import time

from bot.patience import Patience


def test_a_request_that_trickles_ends_and_its_answer_still_goes_out() -> None:
    ours, theirs = socket.socketpair()
    over = threading.Event()

    def trickle() -> None:
        while not over.wait(0.02):
            theirs.sendall(b"a")

    threading.Thread(target=trickle, daemon=True).start()
    began = time.monotonic()
    with Patience(0.2).listening(ours):
        while ours.recv(1):
            assert time.monotonic() - began < 5, "still listening"
    ours.sendall(b"404")
    over.set()
    assert theirs.recv(3) == b"404"


def test_whoever_was_done_in_time_is_left_alone() -> None:
    ours, theirs = socket.socketpair()
    patience = Patience(0.05)
    with patience.listening(ours):
        theirs.sendall(b"a")
        assert ours.recv(1) == b"a"
    time.sleep(0.15)
    theirs.sendall(b"b")
    assert ours.recv(1) == b"b"

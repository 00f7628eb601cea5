"""A whole answer is heard within the time that is given, however it trickles.

The library's own limit is for each piece: a proxy that sends a byte now and then would hold whoever waits for ever.
"""

from __future__ import annotations

import io
import time
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from typing import Any
from urllib.request import HTTPHandler, HTTPSHandler, Request


class _InTime(io.RawIOBase):
    """Reads until a moment of the monotonic clock. Raises TimeoutError after that."""

    def __init__(self, line: io.RawIOBase, sock: Any, until: float) -> None:
        self._line, self._sock, self._until = line, sock, until

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int | None:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._sock.settimeout(left)
        return self._line.readinto(into)

    def close(self) -> None:
        self._line.close()
        super().close()


class _Answer(HTTPResponse):
    def __init__(self, sock: Any, *how: Any, **more: Any) -> None:
        super().__init__(sock, *how, **more)
        limit = sock.gettimeout()
        if limit is not None:
            line: Any = self.fp.detach()  # it is a buffered reader
            self.fp = io.BufferedReader(_InTime(line, sock, time.monotonic() + limit))


class _Line(HTTPConnection):
    response_class = _Answer


class _SecureLine(HTTPSConnection):
    response_class = _Answer


class SaidInTime(HTTPHandler):
    def http_open(self, req: Request) -> Any:
        return self.do_open(_Line, req)


class SaidInTimeSecurely(HTTPSHandler):
    def https_open(self, req: Request) -> Any:
        return self.do_open(_SecureLine, req, context=self._context)  # type: ignore[attr-defined]

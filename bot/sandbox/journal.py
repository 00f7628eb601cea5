"""The journal: every call, push and ack, one JSON event a line, in the shape the judge of traffic reads."""

import json
import time
from pathlib import Path
from typing import Any


class Journal:
    """Append only, and flushed at once: what stands here survives the process."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("a", encoding="utf-8")

    def api(
        self,
        *,
        t: float,
        method: str,
        auth: str,
        ctype: str,
        body: Any,
        status: int | None,
        response: dict[str, Any],
        headers: dict[str, str],
        fault: str | None,
    ) -> None:
        """A Web API call; `status` is null when the caller never got the answer that stands here."""
        event = {
            "t": t,
            "dir": "api",
            "method": method,
            "auth": auth,
            "ctype": ctype,
            "body": body,
            "status": status,
            "response": response,
            "headers": headers,
        }
        self._write(event | ({"fault": fault} if fault else {}))

    def push(self, kind: str, envelope: dict[str, Any]) -> None:
        event = {
            "t": time.time(),
            "dir": "push",
            "kind": kind,
            "envelope_id": envelope["envelope_id"],
            "payload": envelope["payload"],
        }
        attempt = envelope.get("retry_attempt")
        self._write(event | ({"retry_attempt": attempt} if attempt else {}))

    def ack(self, envelope_id: str, payload: Any) -> None:
        self._write({"t": time.time(), "dir": "ack", "envelope_id": envelope_id, "payload": payload})

    def response_url(self, url: str, body: Any, status: int) -> None:
        self._write({"t": time.time(), "dir": "response_url", "url": url, "body": body, "status": status})

    def note(self, what: str, **facts: Any) -> None:
        """What the judge does not judge but a reader of the journal wants to know (`dir` is `note`)."""
        self._write({"t": time.time(), "dir": "note", "what": what, **facts})

    def close(self) -> None:
        self._file.close()

    def _write(self, event: dict[str, Any]) -> None:
        self._file.write(json.dumps(event, ensure_ascii=False) + "\n")
        self._file.flush()

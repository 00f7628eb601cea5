"""What Slack holds, kept in one file of lines, so that it outlives whoever is killed while speaking with it.

Stands where the real `WebClient` stands: the bot's own messenger, guard and directory speak with it, and meet its
faults. Knows nothing of the bot. Several processes may write at once; a line is whole or not there.
"""

from __future__ import annotations

import fcntl
import http.client
import json
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from slack_sdk.errors import SlackApiError

OK, LOST, STORED_ERROR, LIMITED, REFUSED = (
    "ok",
    "lost_reply",
    "stored_internal_error",
    "429",
    "500_not_stored",
)
BEHAVIOURS = (OK, LOST, STORED_ERROR, LIMITED, REFUSED)
AWAY = "away"
"""Nobody answers the door; not one of the behaviours above, for it passes for everybody at once."""
RETRY_AFTER = "5"
FAULTY = ("chat_postMessage", "chat_update", "chat_delete", "conversations_history")
"""The calls that speak, and the one that looks for what was said."""

Line = dict[str, Any]
Faults = Callable[[str, str], str]
"""Given the method and what the call is about, which behaviour it meets."""


class Answer(dict[str, Any]):
    """What the client gives back: a mapping that also knows its status and headers."""

    def __init__(self, status: int = 200, headers: dict[str, str] | None = None, **said: Any) -> None:
        super().__init__(said)
        self.status_code, self.headers, self.data = status, headers or {}, said


@dataclass
class SlackFile:
    """Everything that was said, in order, and what stands now."""

    path: Path
    lines: list[Line] = field(default_factory=list)
    _read: int = 0

    def catch_up(self) -> None:
        """Takes in what others have written; begins anew where the file has been put back."""
        size = self.path.stat().st_size if self.path.exists() else 0
        if size < self._read:
            self.lines, self._read = [], 0
        if size > self._read:
            with self.path.open("rb") as file:
                file.seek(self._read)
                self.lines += [json.loads(line) for line in file.read(size - self._read).splitlines()]
            self._read = size

    @contextmanager
    def turn(self) -> Iterator[None]:
        """One speaker at a time, as one workspace has one order."""
        with self.path.open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            self.catch_up()
            yield

    def write(self, line: Line) -> None:
        with self.path.open("ab", buffering=0) as file:
            file.write(json.dumps(line).encode() + b"\n")

    def standing(self) -> dict[tuple[str, str], Line]:
        """By channel and time stamp, each message as it reads now."""
        found: dict[tuple[str, str], Line] = {}
        for line in self.lines:
            place = (line.get("channel", ""), line.get("ts", ""))
            if line["did"] == "post":
                found[place] = line
            elif line["did"] == "edit" and place in found:
                found[place] = {**found[place], "text": line["text"], "blocks": line["blocks"]}
            elif line["did"] == "delete":
                found.pop(place, None)
        return found


def first_time(behaviour: str, slack: SlackFile) -> Faults:
    """The first of each call meets the behaviour, and the same call again goes well."""

    def fault(method: str, about: str) -> str:
        if method not in FAULTY:
            return OK
        met = any(line.get("method") == method and line.get("about") == about for line in slack.lines)
        return OK if met else behaviour

    return fault


def by_chance(seed: int, share: float = 0.12) -> Faults:
    """Half of the faults lose the reply, a quarter store and err, a sixth refuse, the rest are limits."""
    chance = random.Random(seed)

    def fault(method: str, _about: str) -> str:
        if method not in FAULTY or chance.random() >= share:
            return OK
        return chance.choice((LOST,) * 6 + (STORED_ERROR,) * 3 + (REFUSED,) * 2 + (LIMITED,))

    return fault


class FileClient:
    """The Web API as far as the bot uses it. `step` is told before and after every call."""

    def __init__(
        self,
        slack: SlackFile,
        *,
        now: Callable[[], datetime],
        faults: Faults,
        members: tuple[str, ...] = (),
        step: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._slack, self._now, self._faults, self._members = slack, now, faults, members
        self._step = step

    def chat_postMessage(self, *, channel: str, text: str, blocks: Any, metadata: Any, **_: Any) -> Answer:
        key = metadata["event_payload"]["key"]
        place = self._place(channel)

        def post() -> Answer:
            line = {"did": "post", "to": channel, "channel": place, "key": key, "text": text}
            ts = self._next_ts()
            self._say(line | {"ts": ts, "blocks": blocks}, "chat_postMessage", key)
            return Answer(channel=place, ts=ts)

        return self._call("chat_postMessage", key, post)

    def chat_update(self, *, channel: str, ts: str, text: str, blocks: Any, **_: Any) -> Answer:
        def edit() -> Answer:
            if (channel, ts) not in self._slack.standing():
                raise SlackApiError("edit", Answer(error="message_not_found"))
            line = {"did": "edit", "channel": channel, "ts": ts, "text": text, "blocks": blocks}
            self._say(line, "chat_update", ts)
            return Answer(channel=channel, ts=ts)

        return self._call("chat_update", ts, edit)

    def chat_delete(self, *, channel: str, ts: str, **_: Any) -> Answer:
        def delete() -> Answer:
            if (channel, ts) not in self._slack.standing():
                raise SlackApiError("delete", Answer(error="message_not_found"))
            self._say({"did": "delete", "channel": channel, "ts": ts}, "chat_delete", ts)
            return Answer()

        return self._call("chat_delete", ts, delete)

    def conversations_history(self, *, channel: str, oldest: str = "0", **_: Any) -> Answer:
        def history() -> Answer:
            found = [
                {"ts": ts, "text": line["text"], "metadata": {"event_payload": {"key": line["key"]}}}
                for (where, ts), line in self._slack.standing().items()
                if where == channel and ts >= oldest
            ]
            return Answer(messages=found[::-1])

        return self._call("conversations_history", channel, history)

    def conversations_open(self, *, users: str, **_: Any) -> Answer:
        return self._call("conversations_open", users, lambda: Answer(channel={"id": self._place(users)}))

    def conversations_info(self, *, channel: str, **_: Any) -> Answer:
        there = {"id": channel, "is_private": True, "is_member": True}
        return self._call("conversations_info", channel, lambda: Answer(channel=there))

    def conversations_members(self, *, channel: str, **_: Any) -> Answer:
        return self._call("conversations_members", channel, lambda: Answer(members=list(self._members)))

    def users_info(self, *, user: str, **_: Any) -> Answer:
        return Answer(user={"id": user, "team_id": "T0NORDRE01", "name": user})

    def auth_test(self, **_: Any) -> Answer:
        return Answer(user_id="U0INDGANG1", team_id="T0NORDRE01")

    def _call(self, method: str, about: str, effect: Callable[[], Answer]) -> Answer:
        self._step(f"before {method}")
        with self._slack.turn():
            meets = self._faults(method, about)
            if meets == AWAY:
                raise ConnectionRefusedError("nobody answers")
            stored = meets in (OK, LOST, STORED_ERROR)
            answer = effect() if stored else Answer()
            if meets != OK and method in FAULTY and (not stored or method == "conversations_history"):
                self._say({"did": "nothing"}, method, about)
        self._step(f"after {method}")
        _raise(meets)
        return answer

    def _say(self, line: Line, method: str, about: str) -> None:
        self._slack.write(line | {"method": method, "about": about, "at": self._now().isoformat()})

    def _next_ts(self) -> str:
        """Later than every other, and at the instant it is said."""
        last = max((line["ts"] for line in self._slack.lines if line["did"] == "post"), default="")
        now = f"{self._now().timestamp():.6f}"
        return now if now > last else f"{float(last) + 0.000001:.6f}"

    def _place(self, to: str) -> str:
        return f"D{to[1:]}" if to[:1] in "UW" else to


def _raise(behaviour: str) -> None:
    if behaviour == LOST:
        raise http.client.RemoteDisconnected("the line dropped before the answer came")
    if behaviour == STORED_ERROR:
        raise SlackApiError("stored, and an error", Answer(error="internal_error"))
    if behaviour == LIMITED:
        raise SlackApiError("slower", Answer(429, {"Retry-After": RETRY_AFTER}, error="ratelimited"))
    if behaviour == REFUSED:
        raise SlackApiError("a fault of theirs", Answer(500))

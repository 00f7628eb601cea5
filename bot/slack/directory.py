"""Who a Slack user is right now: a full member of our workspace, or not. Unknown is refused (fail closed)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from slack_sdk import WebClient

from bot.slack.outcomes import explain, read
from bot.usecases.ports import CertainlyNotSent, PlaceBroken

REMEMBERED_SECONDS = 300


@dataclass(frozen=True)
class SlackUser:
    id: str
    team: str
    name: str
    full_member: bool
    deleted: bool


class News(Protocol):
    """How one process lets the others know that Slack has told of a change: a number that only grows."""

    def tell(self) -> None: ...
    def number(self) -> int: ...


class NoOthers:
    """News where one process does everything."""

    def tell(self) -> None:
        return

    def number(self) -> int:
        return 0


class Directory:
    """Asks Slack at most once in five minutes per user; a change told by Slack clears the memory.

    Slack tells it to one process of several, so that one tells the others. Whoever must not go by an old answer
    catches up first.
    """

    def __init__(self, client: WebClient, *, team: str | None, news: News | None = None) -> None:
        self._client, self._team = client, team
        self._news, self._heard = news or NoOthers(), -1
        self._known: dict[str, tuple[float, SlackUser]] = {}
        self._lock = threading.Lock()
        self._rests_until, self._rest = 0.0, CertainlyNotSent("")
        self.heard: Callable[[Exception | None], object] = lambda _: None
        """Told what each asking met; None: Slack answered."""

    def find(self, user: str) -> SlackUser | None:
        """None for nobody. Raises CertainlyNotSent or PerhapsSent when Slack cannot be asked."""
        with self._lock:
            at, known = self._known.get(user, (0.0, None))
        if known and time.monotonic() - at < REMEMBERED_SECONDS:
            return known
        found = self._ask(user)
        if found:
            with self._lock:
                self._known[user] = (time.monotonic(), found)
        return found

    def asked_anew(self, user: str) -> SlackUser | None:
        """As `find`, and never by what we remember."""
        self.ask_anew(user)
        return self.find(user)

    def known(self, user: str) -> SlackUser | None:
        """What we last heard, however old: for when Slack is away."""
        with self._lock:
            return self._known.get(user, (0.0, None))[1]

    def forget(self, user: str) -> None:
        """Here, and in every other process that catches up."""
        self.ask_anew(user)
        self._news.tell()

    def ask_anew(self, user: str) -> None:
        """Here only."""
        with self._lock:
            self._known.pop(user, None)

    def catch_up(self) -> None:
        """Forgets everything when another process has heard of a change since."""
        number = self._news.number()
        with self._lock:
            if number != self._heard:
                self._known.clear()
            self._heard = number

    def _ask(self, user: str) -> SlackUser | None:
        if time.monotonic() < self._rests_until:
            raise self._rest
        try:
            answer = self._call(user)
        except PlaceBroken:
            return None
        except CertainlyNotSent as why:
            if why.retry_after:
                self._rests_until, self._rest = time.monotonic() + why.retry_after, why
            self.heard(why)
            raise
        self.heard(None)
        return self._user(read(answer, "user"))

    def _call(self, user: str) -> Any:
        try:
            return self._client.users_info(user=user)
        except Exception as why:  # noqa: BLE001 - `explain` raises what each kind means
            explain(why, "users.info")

    def _user(self, raw: dict[str, Any]) -> SlackUser:
        strange = any(
            raw.get(k) for k in ("deleted", "is_bot", "is_restricted", "is_ultra_restricted", "is_stranger")
        )
        team = str(raw.get("team_id", ""))
        ours = self._team in (None, team)
        name = str(
            (raw.get("profile") or {}).get("real_name") or raw.get("real_name") or raw.get("name") or ""
        )
        return SlackUser(
            str(read(raw, "id")),
            team,
            name,
            full_member=ours and not strange,
            deleted=bool(raw.get("deleted")),
        )

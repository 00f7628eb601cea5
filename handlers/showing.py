"""What is shown at once: forms, Homes, a line beside a message. One try each; what Slack made of it is listened to.

It may fail, and be asked for again. What somebody waits for is shown by a client that gives up early, so that the
answer leaves within Slack's three seconds; a Home is drawn when the answer has left, and may take its time.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Protocol

from slack_sdk import WebClient

from bot import metrics
from bot.log import get_log
from bot.slack.codes import slacks_word
from bot.slack.outcomes import meant
from bot.usecases.ports import CertainlyNotSent, NeverSendable, PerhapsSent, PlaceBroken, TeamBroken

Json = dict[str, Any]

log = get_log()

PERHAPS_NOT = -1.0
"""In place of seconds."""
LATELY = 1800.0
"""Seconds in which a refused Home counts among those that tell whether anybody can be shown theirs."""


class Listener(Protocol):
    """Keeps what Slack says about itself while people work: how long to wait, and whether it lets us in."""

    def hear(self, why: Exception | None) -> object: ...
    def home_rests(self) -> float:
        """Seconds until a Home may be shown again; 0: now."""
        ...

    @property
    def is_shut_out(self) -> bool:
        """Whether Slack refuses whatever is shown, as far as is known here."""
        ...


class NobodyListens:
    def hear(self, why: Exception | None) -> None:
        del why

    def home_rests(self) -> float:
        return 0.0

    @property
    def is_shut_out(self) -> bool:
        return False


class RefusedHomes:
    """How many different people Slack has refused their Home lately: one who presses again and again is one."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """`now` in seconds."""
        self._now = now
        self._last: dict[str, float] = {}

    def note(self, person: str) -> None:
        self._last[person] = self._now()

    def people(self) -> int:
        since = self._now() - LATELY
        for person, at in list(self._last.items()):
            if at < since:
                self._last.pop(person, None)
        return len(self._last)


class Showing:
    def __init__(
        self, client: WebClient, *, quick: WebClient | None = None, listener: Listener | None = None
    ) -> None:
        """`quick`: the client for what somebody waits for; None: the same."""
        self._client, self._quick_client = client, quick or client
        self._listener = listener or NobodyListens()
        self._refused_homes = RefusedHomes()
        metrics.looked_at("homes", lambda: metrics.homes_refused(self._refused_homes.people()))

    def open(self, trigger: str, view: Json) -> bool:
        """False: perhaps it is not there, and the person must be told so."""
        why = self._try("views.open", lambda: self._quick_client.views_open(trigger_id=trigger, view=view))
        return why is None

    def push(self, trigger: str, view: Json, *, shown: Json) -> bool:
        """On top; in place of the form that was pressed in where three stand already, as Slack shows no fourth."""
        why = self._try("views.push", lambda: self._quick_client.views_push(trigger_id=trigger, view=view))
        if getattr(why, "code", "") == "push_limit_reached":
            return self.update(str(shown["id"]), view)
        return why is None

    def update(self, view_id: str, view: Json) -> bool:
        """One that was closed meanwhile, or drawn anew by somebody else, misses nothing."""
        why = self._try("views.update", lambda: self._quick_client.views_update(view_id=view_id, view=view))
        return not isinstance(why, CertainlyNotSent | PerhapsSent)

    def aside(self, channel: str, user: str, message: Json) -> bool:
        """False: perhaps it is not there."""
        why = self._try(
            "chat.postEphemeral",
            lambda: self._quick_client.chat_postEphemeral(channel=channel, user=user, **message),
        )
        return why is None

    def home(self, user: str, view: Json) -> float:
        """Seconds until it must be drawn again, since Slack asks us to wait; 0: it is shown, or nothing would help;
        PERHAPS_NOT: it met a fault that passes.
        """
        why = self._try("views.publish", lambda: self._client.views_publish(user_id=user, view=view))
        if isinstance(why, TeamBroken | NeverSendable | PlaceBroken):
            self._refused_homes.note(user)
        if isinstance(why, TeamBroken) or not isinstance(why, CertainlyNotSent | PerhapsSent):
            return 0.0
        return getattr(why, "retry_after", None) or PERHAPS_NOT

    def home_rests(self) -> float:
        return self._listener.home_rests()

    @property
    def is_shut_out(self) -> bool:
        return self._listener.is_shut_out

    def _try(self, method: str, call: Callable[[], Any]) -> Exception | None:
        """What Slack's refusal means; None: it went well. What was decided stands all the same."""
        try:
            call()
        except Exception as why:  # noqa: BLE001 - Slack away, a form closed meanwhile, a trigger too old
            log.warning("not_shown", key=method, error=code_of(why))
            said: Exception | None = meant(why, method)
        else:
            said = None
        try:
            self._listener.hear(said)
        except Exception as why:  # the database is away: the next one who asks is told the same
            log.error("not_heard", exc_info=why)
        return said


def code_of(why: Exception) -> str:
    answer = getattr(why, "response", None)
    if answer is None or not hasattr(answer, "get"):
        return type(why).__name__
    return slacks_word(answer.get("error"))

"""Bolt's door: the app that hears, over Socket Mode."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot.log import get_log
from bot.settings import Settings
from handlers.dispatch import Dispatch

log = get_log()
HEARERS = 32
"""People who may be answered at once; at Bolt's default of ten, 15 of 25 presses were late."""
RETRY_SECONDS = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0)


class Ear:
    """Bolt with `process_before_response`, so that an acknowledgement leaves when the desk has decided."""

    def __init__(self, settings: Settings, dispatch: Dispatch, client: WebClient) -> None:
        self._client = client
        self._identity: AuthorizeResult | None = None
        self._app_token = settings.slack_app_token.get_secret_value()
        self._proxy = settings.proxy.get_secret_value() if settings.proxy else None

        def authorized(**_: Any) -> AuthorizeResult:  # a plain function: Bolt reads its arguments' names
            assert self._identity is not None, "nothing is heard before we know who we are"
            return self._identity

        self.app = App(
            client=client,
            signing_secret=settings.slack_signing_secret.get_secret_value()
            if settings.slack_signing_secret
            else None,
            process_before_response=True,
            token_verification_enabled=False,
            request_verification_enabled=settings.slack_signing_secret is not None,
            ignoring_self_events_enabled=True,
            authorize=authorized,
        )
        dispatch.listen(self.app)
        self._handler: SocketModeHandler | None = None

    def open(self, *, until: threading.Event) -> None:
        """Connects; while Slack is away it tries again, so that no start depends on Slack."""
        attempt = 0
        while not until.is_set():
            try:
                self._identity = self._who_am_i()
                self._handler = SocketModeHandler(
                    self.app,
                    self._app_token,
                    concurrency=HEARERS,
                    web_client=self._client,
                    proxy=self._proxy,
                )
                self._handler.connect()  # type: ignore[no-untyped-call]  # slack_bolt leaves it untyped
                return
            except Exception as why:  # noqa: BLE001 - Slack is away; we wait for it and say so
                log.warning("slack_away", error=type(why).__name__)
                until.wait(RETRY_SECONDS[min(attempt, len(RETRY_SECONDS) - 1)])
                attempt += 1

    def close(self) -> None:
        """Stops taking, waits for what is in hand, then hangs up."""
        if self._handler is None:
            return
        client: Any = self._handler.client
        client.message_processor.terminate() if hasattr(client.message_processor, "terminate") else None
        client.message_workers.shutdown(wait=True)
        _hang_up(client)
        self._handler.close()  # type: ignore[no-untyped-call]

    def _who_am_i(self) -> AuthorizeResult:
        answer = self._client.auth_test()
        return AuthorizeResult(
            enterprise_id=answer.get("enterprise_id"),
            team_id=answer.get("team_id"),
            bot_user_id=answer.get("user_id"),
            bot_id=answer.get("bot_id"),
            bot_token=self._client.token,
        )


def _hang_up(client: Any) -> None:
    """Wakes those the client's own closing would wait for: its reader, up to three seconds in `recv` with the lock that
    closing needs, and whoever looks in the queue once a second.
    """
    client.closed, client.auto_reconnect_enabled = True, False
    client.current_session_state.terminated = True
    client.message_queue.put(None)
    socket_in_use = getattr(client.current_session, "sock", None)
    if socket_in_use is not None:
        with suppress(OSError):
            socket_in_use.shutdown(socket.SHUT_RDWR)

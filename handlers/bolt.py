"""Bolt's door: the app that hears, over Socket Mode or over HTTP."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import metrics
from bot.log import about_request, get_log
from bot.patience import HEARERS
from bot.settings import Settings
from bot.slack.codes import Means, meaning, slacks_word
from handlers.dispatch import Dispatch
from handlers.guard import Calendar, Environ, Guard, StartResponse

log = get_log()
LOOKS_AT_ITS_LINE_EVERY = 3
"""Seconds; a line that broke without a word is missed so late. At Bolt's default of ten, one of two is deaf that long."""
RETRY_SECONDS = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
KNOWN_WITHIN = 2.0
"""Seconds a request over HTTP waits until we know who we are; Slack waits three."""


class Hearing:
    """Bolt with `process_before_response`, so that an acknowledgement leaves when the desk has decided."""

    def __init__(
        self, dispatch: Dispatch, client: WebClient, *, renew: Callable[[], object] = lambda: None
    ) -> None:
        """`renew` looks for new tokens; it is asked while we are not let in."""
        self._client, self._renew = client, renew
        self._identity: AuthorizeResult | None = None
        self._known = threading.Event()

        def authorized(**_: Any) -> AuthorizeResult:  # a plain function: Bolt reads its arguments' names
            return self._who_we_are()

        self.app = App(
            name="indgang",  # unnamed, it reads the sources of whoever calls it to find one
            client=client,
            process_before_response=True,
            token_verification_enabled=False,
            request_verification_enabled=False,  # a socket is Slack's own; over HTTP the guard has looked before
            ignoring_self_events_enabled=True,
            authorize=authorized,
        )
        self.app.use(_that_events_are_held_back)
        dispatch.listen(self.app)

    def _who_we_are(self) -> AuthorizeResult:
        self._known.wait(KNOWN_WITHIN)
        if self._identity is None:
            raise NotYetKnown
        return self._identity

    def _ask_who_we_are(self) -> None:
        answer = self._client.auth_test()
        self._identity = AuthorizeResult(
            enterprise_id=answer.get("enterprise_id"),
            team_id=answer.get("team_id"),
            bot_user_id=answer.get("user_id"),
            bot_id=answer.get("bot_id"),
            bot_token=self._client.token,
        )
        self._known.set()

    def _until_it_works(self, step: Callable[[], None], *, until: threading.Event) -> None:
        """While Slack is away it is tried again, so that no start depends on Slack."""
        attempt = 0
        while not until.is_set():
            try:
                step()
                return
            except Exception as why:  # noqa: BLE001 - Slack is away; we wait for it and say so
                log.warning("slack_away", error=type(why).__name__)
                self._renew()
                until.wait(RETRY_SECONDS[min(attempt, len(RETRY_SECONDS) - 1)])
                attempt += 1


def _that_events_are_held_back(body: dict[str, Any], next: Callable[[], Any]) -> Any:  # noqa: A002 - Bolt's name
    """More happens than Slack will tell of in an hour; what it leaves out is lost. That it says so needs no answer but
    that it was heard, and somebody must know.
    """
    if body.get("type") != "app_rate_limited":
        return next()
    log.error("events_held_back")
    metrics.events_held_back()
    return BoltResponse(status=HTTPStatus.OK)


class NotYetKnown(Exception):
    """Slack has not told us who we are; whatever is asked meanwhile must be asked again."""


class Ear(Hearing):
    """Over Socket Mode: we call Slack, and it tells."""

    def __init__(
        self,
        settings: Settings,
        dispatch: Dispatch,
        client: WebClient,
        *,
        renew: Callable[[], object] = lambda: None,
        app_token: Callable[[], str | None] = lambda: None,
    ) -> None:
        """`app_token`: the app-level token as it stands now, looked for when Slack refuses the one we have."""
        super().__init__(dispatch, client, renew=renew)
        assert settings.slack_app_token is not None, "Socket Mode needs an app-level token"
        self._app_token_now = app_token
        self._app_token = settings.slack_app_token.get_secret_value()
        self._proxy = settings.proxy.get_secret_value() if settings.proxy else None
        self._line: Line | None = None
        self._opened, self._closing = threading.Event(), threading.Event()

    def open(self, *, until: threading.Event) -> None:
        """Connects beside, once Slack is there: nothing else waits for it."""

        def listen() -> None:
            self._until_it_works(self._connect, until=until)
            self._opened.set()

        threading.Thread(target=listen, name="ear", daemon=True).start()

    def waits(self, seconds: float) -> bool:
        """Whether it is open by then. In time nearly always: who exchanges replicas asks whether the new one hears."""
        return self._opened.wait(seconds) and self.connections > 0

    def _connect(self) -> None:
        self._ask_who_we_are()
        if self._line is None:
            self._line = Line(
                self.app,
                self._app_token,
                now=self._app_token_now,
                concurrency=HEARERS,
                web_client=self._client,
                proxy=self._proxy,
                ping_interval=LOOKS_AT_ITS_LINE_EVERY,
            )
        self._line.client.wss_uri = None  # an address serves one attempt
        metrics.looked_at("sockets", lambda: metrics.sockets(self.connections))
        self._line.connect()  # type: ignore[no-untyped-call]  # slack_bolt leaves it untyped
        if self._closing.is_set():
            self.close()

    @property
    def refused(self) -> bool:
        """Slack does not take our app-level token: we hear nobody until it is replaced."""
        return self._line is not None and self._line.refused

    @property
    def connections(self) -> int:
        return int(self._line is not None and self._line.client.is_connected())

    def close(self) -> None:
        """Stops taking, waits for what is in hand, then hangs up."""
        self._closing.set()
        if self._line is None:
            return
        client: Any = self._line.client
        client.message_processor.terminate() if hasattr(client.message_processor, "terminate") else None
        client.message_workers.shutdown(wait=True)
        _hang_up(client)
        self._line.close()  # type: ignore[no-untyped-call]


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


class Line(SocketModeHandler):
    """One connection; whatever is logged about a request, by whomever, carries its number.

    A new line has an address of its own, which Slack gives for the app-level token; refused, it is looked for anew.
    """

    def __init__(self, app: App, token: str, *, now: Callable[[], str | None], **about: Any) -> None:
        super().__init__(app, token, **about)
        self.refused = False
        self._token_now, self._ask = now, self.client.issue_new_wss_url
        self.client.issue_new_wss_url = self.new_address  # type: ignore[method-assign]

    def new_address(self) -> str:
        """Raises SlackApiError, and what a call that does not arrive raises."""
        try:
            address = self._ask()
        except SlackApiError as why:
            code = slacks_word(why.response.get("error"))
            if meaning("apps.connections.open", code) is not Means.TEAM:
                raise
            if not self.refused:
                log.error("app_token_refused", code=code)
            self.refused = True
            token = self._token_now()
            if token in (None, self.client.app_token):
                raise
            self.client.app_token = token
            address = self._ask()
            log.info("token_renewed")
        self.refused = False
        return address

    def handle(self, client: Any, req: Any) -> None:
        with about_request():
            super().handle(client, req)


class Front(Hearing):
    """Over HTTP: Slack calls us, at one path. A WSGI application, with the guard before it."""

    def __init__(
        self,
        settings: Settings,
        dispatch: Dispatch,
        client: WebClient,
        *,
        calendar: Calendar = lambda _: None,
        renew: Callable[[], object] = lambda: None,
    ) -> None:
        super().__init__(dispatch, client, renew=renew)
        assert settings.slack_signing_secret is not None, "HTTP needs the signing secret"
        self.guarded = Guard(
            self._answer,
            secret=settings.slack_signing_secret.get_secret_value(),
            now=time.time,
            calendar=calendar,
        )

    def open(self, *, until: threading.Event) -> None:
        """Requests are taken at once; who we are is learned beside."""
        learning = threading.Thread(
            target=self._until_it_works, args=(self._ask_who_we_are,), kwargs={"until": until}, daemon=True
        )
        learning.start()

    def _answer(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        try:
            request = BoltRequest(
                body=environ["wsgi.input"].read().decode("utf-8"), headers=_headers(environ)
            )
        except Exception as why:  # noqa: BLE001 - Bolt reads while it is made, and falls over what it does not know
            log.warning("unreadable", error=type(why).__name__)
            response = BoltResponse(status=HTTPStatus.NOT_FOUND)
        else:
            response = self.app.dispatch(request)
        kind = response.headers.get("content-type", ["text/plain"])[0]
        start_response(f"{response.status} -", [("Content-Type", kind)])
        return [(response.body or "").encode()]


def _headers(environ: Environ) -> dict[str, str | Sequence[str]]:
    """Those Bolt reads: what the body is, and that it comes again."""
    names = {
        "content-type": "CONTENT_TYPE",
        "x-slack-retry-num": "HTTP_X_SLACK_RETRY_NUM",
        "x-slack-retry-reason": "HTTP_X_SLACK_RETRY_REASON",
    }
    return {name: str(environ[key]) for name, key in names.items() if key in environ}

"""The door of the Web API: who is calling, what they sent, what goes wrong on the way, and a line in the journal."""

import asyncio
import json
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from bot.sandbox.faults import Fault, Faults
from bot.sandbox.journal import Journal
from bot.sandbox.methods import Methods, missing_scope
from bot.sandbox.passes import ResponseUrls
from bot.sandbox.refusals import Refused, invalid_arguments
from bot.sandbox.strict import check_message
from bot.sandbox.workspace import Workspace
from bot.sandbox.world import Manifest

Record = dict[str, Any]
WRITTEN_AS_JSON = ("blocks", "view", "attachments", "metadata", "message")


@dataclass
class Call:
    """One call as it came in, kept for the journal."""

    t: float
    method: str
    auth: str
    ctype: str
    body: Any
    args: Record


@dataclass
class Answer:
    status: int
    response: Record
    headers: dict[str, str]


class WebApi:
    def __init__(
        self,
        *,
        methods: Methods,
        manifest: Manifest,
        tokens: tuple[str, str],
        faults: Faults,
        journal: Journal,
    ) -> None:
        self._methods = methods
        self._manifest = manifest
        self._bot_token, self._app_token = tokens
        self._faults = faults
        self._journal = journal

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Runs the call, unless a fault was ordered for it, and journals it before it is answered."""
        if self._faults.outage:
            return web.Response(status=503, text="Service Unavailable")
        call = await _read(request)
        fault = self._faults.meet(call.method)
        if fault and fault.kind == "drop_before":
            self._write(call, None, fault)
            return _hang_up(request)
        answer = self._broken(fault, call) or self._run(call, request)
        answer = _misreported(fault, answer)
        if fault and fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        if fault and fault.kind == "drop_after":
            self._write(call, answer, fault, heard=False)
            return _hang_up(request)
        self._write(call, answer, fault)
        return web.json_response(answer.response, status=answer.status, headers=answer.headers)

    def _broken(self, fault: Fault | None, call: Call) -> Answer | None:
        """What a fault answers instead of Slack; None when the call is to be run."""
        if self._faults.shut_out and call.auth == self._bot_token:
            return Answer(200, {"ok": False, "error": self._faults.shut_out}, {})
        if call.method == "chat.postMessage" and self._faults.too_soon(
            str(call.args.get("channel")), time.monotonic()
        ):
            return Answer(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "1"})
        if fault is None:
            return None
        if fault.kind == "500":
            return Answer(500, {"ok": False, "error": "internal_error"}, {})
        if fault.kind == "429":
            return Answer(
                429, {"ok": False, "error": "ratelimited"}, {"Retry-After": f"{max(1, round(fault.seconds))}"}
            )
        if fault.kind.startswith("error:"):
            return Answer(200, {"ok": False, "error": fault.kind.removeprefix("error:")}, {})
        return None

    def _run(self, call: Call, request: web.Request) -> Answer:
        headers = {"X-OAuth-Scopes": ",".join(sorted(self._manifest.scopes))}
        try:
            answer = {"ok": True, **self._let_in(call)}
        except Refused as refusal:
            answer = refusal.answer()
        if call.method == "apps.connections.open" and answer["ok"]:
            # Behind something that ends TLS for us the app has come by a name without a port, and goes on by it.
            scheme = "ws" if ":" in request.host else "wss"
            answer["url"] = f"{scheme}://{request.host}{answer['url']}"
        return Answer(200, answer, headers)

    def _let_in(self, call: Call) -> Record:
        method = self._methods.named(call.method)
        self._check_token(call.auth, app_token=method.app_token, open_to_all=call.method == "api.test")
        if method.scopes and not set(method.scopes) & self._manifest.scopes:
            raise missing_scope(self._manifest, method.scopes)
        for name in method.required:
            if call.args.get(name) in (None, ""):
                raise invalid_arguments(f"missing required field: {name}")
        return method.run(call.args)

    def _check_token(self, token: str, *, app_token: bool, open_to_all: bool) -> None:
        if open_to_all:
            return
        if not token:
            raise Refused("not_authed")
        if token not in (self._bot_token, self._app_token):
            raise Refused("invalid_auth")
        if token != (self._app_token if app_token else self._bot_token):
            raise Refused("not_allowed_token_type")

    def _write(self, call: Call, answer: Answer | None, fault: Fault | None, *, heard: bool = True) -> None:
        self._journal.api(
            t=call.t,
            method=call.method,
            auth=call.auth,
            ctype=call.ctype,
            body=call.body,
            status=answer.status if answer and heard else None,
            response=answer.response if answer else {},
            headers=answer.headers if answer else {},
            fault=fault.kind if fault else None,
        )


def _misreported(fault: Fault | None, answer: Answer) -> Answer:
    """It was done, and the app is told otherwise."""
    if fault and fault.kind == "500_after":
        return Answer(500, {"ok": False, "error": "internal_error"}, {})
    if fault and fault.kind.startswith("error_after:"):
        return Answer(200, {"ok": False, "error": fault.kind.removeprefix("error_after:")}, {})
    return answer


class ResponseDoor:
    """Where an app answers an interaction later: POST /response/<key>, no token, five times in half an hour."""

    def __init__(
        self, *, workspace: Workspace, urls: ResponseUrls, faults: Faults, journal: Journal, base: Any
    ) -> None:
        self._workspace = workspace
        self._urls = urls
        self._faults = faults
        self._journal = journal
        self._base = base

    async def answer(self, request: web.Request) -> web.Response:
        if self._faults.outage:
            return web.Response(status=503, text="Service Unavailable")
        body = _decoded(await request.text(), request.content_type)
        status, error = 200, ""
        try:
            self._do(request.match_info["key"], body)
        except Refused as refusal:
            gone = refusal.error in ("expired_url", "used_url", "message_not_found", "channel_not_found")
            status, error = 404 if gone else 400, refusal.error
        url = f"{self._base()}/response/{request.match_info['key']}"
        self._journal.response_url(url, body, status)
        return (
            web.json_response({"ok": False, "error": error}, status=status)
            if error
            else web.Response(text="ok")
        )

    def _do(self, key: str, body: Record) -> None:
        if not body.get("delete_original"):
            check_message(body)
        if body.get("response_type") not in (None, "ephemeral", "in_channel"):
            raise Refused("invalid_response_type")
        place = self._urls.spend(key)
        channel = self._workspace.channel(place["channel"])
        if body.get("delete_original") or body.get("replace_original"):
            self._change_original(place, body)
        elif body.get("response_type") == "in_channel":
            self._workspace.post(channel, self._workspace.bot, body)
        else:
            self._workspace.whisper(channel, place["user"], body)

    def _change_original(self, place: Record, body: Record) -> None:
        message = self._workspace.message(place["channel"], place["ts"], seen_by=place["user"])
        if body.get("delete_original"):
            self._workspace.erase(message)
        else:
            self._workspace.rewrite(message, {"blocks": [], **body})


async def _read(request: web.Request) -> Call:
    text = await request.text() or request.query_string
    is_json = request.content_type == "application/json"
    args = _decoded(text, request.content_type)
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    auth = token.strip() if scheme == "Bearer" else str(args.get("token", ""))
    return Call(
        t=time.time(),
        method=request.match_info["method"],
        auth=auth,
        ctype=request.content_type,
        body=args if is_json else text,
        args={k: v for k, v in args.items() if k not in ("token", "team_id")},
    )


def _decoded(text: str, content_type: str) -> Record:
    """JSON or a form; what stands as JSON inside a form is unfolded, as Slack does it."""
    if content_type == "application/json":
        try:
            args = json.loads(text or "{}")
        except ValueError:
            return {}
        args = args if isinstance(args, dict) else {}
    else:
        args = dict(parse_qsl(text, keep_blank_values=True))
    return {k: _unfolded(v) if k in WRITTEN_AS_JSON else v for k, v in args.items()}


def _unfolded(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _hang_up(request: web.Request) -> web.Response:
    """The connection closes and the caller never learns what happened."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()

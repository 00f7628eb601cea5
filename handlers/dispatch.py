"""The one border to Slack: reads a request, asks the desk that knows it, answers, and acknowledges last.

Decide first, then ack: a refusal lands on its field, a fault gets a sentence with a number, and a form keeps its text.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from slack_bolt import App
from slack_bolt.response import BoltResponse
from slack_sdk import WebClient

from bot import metrics
from bot.domain.calendar import local_date
from bot.domain.case import CaseNotFound
from bot.domain.choices import OwnWord
from bot.domain.errors import Refusal
from bot.domain.people import NoRole, NotForYou, Person, SlackUnasked
from bot.domain.personal_data import PersonalDataRefused
from bot.domain.text import visible
from bot.log import about_request, get_log
from bot.texts import Texts, texts
from bot.usecases.drafts import Drafts
from bot.usecases.left_out import Unreadable
from bot.usecases.ports import AlreadyAsked, Asked, NotHere
from bot.views import common
from bot.views import home as home_views
from handlers import refusals
from handlers.afterwards import Afterwards
from handlers.answers import Answer, CloseAll, Errors, Nothing, Open, Push, Say, Show
from handlers.doorkeeper import SLACK, Doorkeeper, Stranger
from handlers.in_order import InOrder
from handlers.kept import Kept
from handlers.not_shown import NotShown, told
from handlers.remembered import Remembered
from handlers.requests import Form, Json, Request, form_key
from handlers.showing import PERHAPS_NOT, Listener, Showing

log = get_log()
ANY = re.compile(".*", re.DOTALL)
Desk = Callable[[Request], Answer]
Table = Mapping[str, Desk]
"""`"command:/sag"`, `"submit:case.new"`, `"action:case.open"`, ... -> the method that answers."""

TOLD_BY_SLACK = frozenset(
    {
        "user_change",
        "member_joined_channel",
        "member_left_channel",
        "channel_shared",
        "channel_unshared",
    }
)
"""News about people and channels: the person in it is whom it is about (a guest, a closed account), not who asks."""

OPEN_TO_ALL = frozenset(
    {
        "action:access.wish",
        "event:app_home_opened",
        *(f"event:{name}" for name in TOLD_BY_SLACK),
    }
)
"""What a person without a role may ask for: to be let in, and to be told whom to ask."""


class Shapeless(Exception):
    """In no shape of Slack's: nobody can be answered."""


class Apart(Protocol):
    """`do`, and how many cases it had to do without, since they cannot be read."""

    def __call__(self, do: Callable[[], Answer], *, at: datetime) -> tuple[Answer, int]: ...


class Untold(Exception):
    """Slack refuses all that is shown: its own sign that the app did not answer is the only one a person can see."""


class Unheard(Exception):
    """An event that met a fault of ours, and must come again."""


class Dispatch:
    def __init__(
        self,
        table: Table,
        *,
        door: Doorkeeper,
        client: WebClient,
        now: Callable[[], datetime],
        draw_home: Callable[[Person, datetime, Texts], Json],
        note_refused: Callable[[Asked], object] = lambda _: None,
        ask_names: Callable[[Asked, str, Mapping[str, str]], object] = lambda *_: None,
        look_in_vain: Callable[[Asked], object] = lambda _: None,
        apart: Apart = lambda do, *, at: (do(), 0),  # noqa: ARG005 - nothing is left out
        own_words: tuple[OwnWord, ...] = (),
        drafts: Drafts | None = None,
        hands: int = 0,
        quick: WebClient | None = None,
        listener: Listener | None = None,
    ) -> None:
        """`hands`: threads that draw Homes after the answer has left; 0: before it. `quick`: a client that gives up early,
        for what somebody waits for; None: the same.

        `look_in_vain` takes as long as asking whether a case is theirs. `drafts`: where forms keep what is begun; None:
        nothing is kept.
        """
        self._kept = Kept(table, drafts) if drafts else None
        self.afterwards = Afterwards(self._show_home, hands=hands)
        self._drawing = threading.Lock()  # one Home at a time, between those who wait for an answer
        self._given, self._in_order = Remembered(), InOrder()
        self._table, self._door, self._apart = table, door, apart
        self._showing = Showing(client, quick=quick, listener=listener)
        self._late = NotShown()
        self._now, self._draw_home, self._look_in_vain = now, draw_home, look_in_vain
        self._note_refused, self._ask_names = note_refused, ask_names
        self._own_words = own_words

    def listen(self, app: App) -> None:
        """One listener per kind of request; the table is the table of contents."""
        app.command(ANY)(lambda ack, body: self._hear("command", body, ack))
        app.view({"type": "view_submission", "callback_id": ANY})(
            lambda ack, body: self._hear("submit", body, ack)
        )
        app.view({"type": "view_closed", "callback_id": ANY})(
            lambda ack, body: self._hear("close", body, ack)
        )
        app.action(ANY)(lambda ack, body: self._hear("action", body, ack))
        app.options(ANY)(lambda ack, body: self._hear("options", body, ack))
        app.shortcut(ANY)(lambda ack, body: self._hear("shortcut", body, ack))
        app.event(ANY)(lambda body: self._hear("event", body, lambda *_, **__: None))
        app.error(self._last_resort)

    def _hear(self, kind: str, body: Json, ack: Callable[..., Any]) -> None:
        """Raises Shapeless, and Unheard for an event that must come again; everything else has its answer."""
        started = time.monotonic()
        with about_request():
            form, requests = _read(kind, body, self._now())
            with self._in_order.turn(form), self.afterwards.after():
                self._hear_now(kind, requests, ack, started)
        metrics.acked(kind, time.monotonic() - started)

    def _hear_now(self, kind: str, requests: list[Request], ack: Callable[..., Any], started: float) -> None:
        for asked in requests:
            request, answer = self._decide(asked)
            try:
                self._perform(request, answer, ack)
            except Untold:
                log.warning("untold", kind=kind, key=request.name)
                return
            log.info("heard", kind=kind, key=request.name, ms=int((time.monotonic() - started) * 1000))
        if kind in ("action", "close", "shortcut"):
            ack()

    def _decide(self, request: Request) -> tuple[Request, Answer]:
        """The answer to give; a fault becomes a sentence with a number, and stays visible in the log."""
        try:
            person = self._door.let_in(request.person.id, _team(request.payload), at=request.at)
            request = replace(request, person=person, texts=self._texts(person, request.at))
            return request, self._ask_or_refuse(request)
        except Stranger:
            metrics.denied("Stranger")
            return request, self._turned_away(request, NoRole())
        except SlackUnasked:
            with about_request() as number:
                log.warning("slack_unasked", kind=request.kind, key=request.name)
            return request, self._turned_away(request, SlackUnasked(number=common.public(number)))
        except Exception as why:  # noqa: BLE001 - the border: the person gets a number, the log the fault's name
            return request, self._trouble(request, why)

    def _ask_or_refuse(self, request: Request) -> Answer:
        try:
            answer, unread = self._apart(lambda: self._ask(request), at=request.at)
            return _saying_so(answer, request.texts, unread)
        except Refusal as refusal:
            log.info("refused", key=request.name, outcome=type(refusal).__name__)
            if isinstance(refusal, PersonalDataRefused):
                self._note_refused(request.asked(once=False))
            if isinstance(refusal, NoRole | NotForYou | CaseNotFound):
                metrics.denied(type(refusal).__name__)
            return refusals.place(refusal, request)
        except NotHere:
            log.warning("not_here", kind=request.kind, key=request.name)
            metrics.denied("NotHere")
            self._look_in_vain(
                request.asked(once=False)
            )  # else the wait tells that it is not somebody else's (D11)
            return refusals.place(CaseNotFound(), request)
        except AlreadyAsked:
            metrics.asked_again(request.kind)
            return self._once_more(request)

    def _ask(self, request: Request) -> Answer:
        key = f"{request.kind}:{request.name}"
        desk = self._table.get(key) or (self._kept.desk(request) if self._kept else None)
        if desk is None:
            log.warning("nobody_answers", kind=request.kind, key=request.name)
            return Nothing()
        told_by_slack = request.kind == "event" and request.person.id == SLACK
        if not told_by_slack and not request.person.has_any_role and key not in OPEN_TO_ALL:
            raise NoRole
        if request.kind == "submit":
            self._ask_names(request.asked(once=False), str(request.view.get("id")), request.typed)
        if self._kept:
            form = _form(request.kind, request.payload)
            self._kept.hear(request, more_comes=self._in_order.more_comes(form))
        answer = desk(request)
        if self._kept:
            answer = self._kept.dress(request, answer)
        if request.kind == "submit" and not isinstance(answer, Errors):
            self._given.keep(request.once, answer)
        return answer

    def _texts(self, person: Person, at: datetime) -> Texts:
        return texts(person.language, self._own_words).on(local_date(at))

    def _turned_away(self, request: Request, why: Refusal) -> Answer:
        """The one sentence, and no hint of anything else; a guest who opens Home finds it there."""
        if request.kind != "event":
            return refusals.place(why, request)
        if request.name == "message":
            return Say(common.sentence(refusals.words(why, request.texts)))
        if request.name == "app_home_opened":
            home = home_views.turned_away(refusals.words(why, request.texts))
            self._showing.home(request.person.id, home)
        return Nothing()

    def _once_more(self, request: Request) -> Answer:
        """The same press or form again: nothing happens twice, and the same receipt is shown."""
        if request.kind != "submit":
            return Nothing(home=True)
        given = self._given.again(request.once)
        return given or Show(
            common.told(request.texts.say("common", "already_done"), request.texts), home=True
        )

    def _trouble(self, request: Request, why: Exception) -> Answer:
        """Raises Unheard for an event: nobody waits for its answer, and Slack brings it again."""
        metrics.failed(request.kind)
        with about_request() as number:
            log.error("trouble", kind=request.kind, key=request.name, exc_info=why)
        if request.kind == "event":
            raise Unheard from why
        block = "not_readable" if isinstance(why, Unreadable) else "trouble"
        said = request.texts.say("common", block, number=common.public(number))
        if request.kind == "submit":
            field = refusals._field(request.view, None)  # noqa: SLF001 - one house, one rule for fields
            return Errors({field: str(said)}) if field else Show(common.told(said, request.texts))
        if request.kind in ("close", "options"):
            return Nothing()
        return refusals.aside(said, request)

    def _perform(self, request: Request, answer: Answer, ack: Callable[..., Any]) -> None:
        self._speak(request, answer, ack)
        for view_id, view in answer.redraw.items():
            self._showing.update(view_id, view)
        if answer.home and request.person.id != SLACK:
            looks_at_it = request.in_home or request.kind == "event"
            self.afterwards.ask(request.person, beneath=not looks_at_it)

    def _speak(self, request: Request, answer: Answer, ack: Callable[..., Any]) -> None:
        match answer:
            case Open(view=view):
                self._open(request, view, ack)
            case Push(view=view):
                self._push(request, view, ack)
            case Show(view=view) if request.kind == "submit":
                ack(response_action="update", view=view)
            case Show(view=view):
                self._say_whether(request, shown=self._showing.update(str(request.view["id"]), view))
            case Errors(by_field=by_field):
                ack(response_action="errors", errors=by_field)
            case CloseAll() if request.kind == "submit":
                ack(response_action="clear")
            case Say(message=message) if request.kind == "command":
                ack(**message)
            case Say(message=message):
                shown = self._aside(request, message)
                if not shown and request.kind == "action" and self._showing.is_shut_out:
                    raise Untold
            case _:
                _ack_quietly(request, ack)

    def _open(self, request: Request, view: Json, ack: Callable[..., Any]) -> None:
        if request.kind == "submit":
            ack(response_action="push", view=view)
            return
        trigger = str(request.payload.get("trigger_id"))
        shown = self._showing.open(trigger, view)
        if request.kind == "command" and not shown:
            ack(**common.sentence(told(request.texts, request.at)))
            return
        self._say_whether(request, shown=shown)
        _ack_quietly(request, ack)

    def _push(self, request: Request, view: Json, ack: Callable[..., Any]) -> None:
        shown = self._showing.push(str(request.payload.get("trigger_id")), view, shown=request.view)
        self._say_whether(request, shown=shown)
        _ack_quietly(request, ack)

    def _say_whether(self, request: Request, *, shown: bool) -> None:
        """Where the person pressed they look for it; in a form or on their Home the Home says it, when it is drawn."""
        if shown:
            if self._late.came_after_all(request.person.id):
                self.afterwards.ask(request.person, beneath=True)
            return
        if self._showing.is_shut_out:
            raise Untold
        said = told(request.texts, request.at)
        if request.channel:
            self.afterwards.do(lambda: self._aside(request, common.sentence(said)))
            return
        self._late.keep(request.person.id, said)
        self.afterwards.ask(request.person)

    def _aside(self, request: Request, message: Json) -> bool:
        """Beside what was pressed, where there is a place for it. False: perhaps it is not there."""
        return not request.channel or self._showing.aside(request.channel, request.person.id, message)

    def _show_home(self, person: Person) -> None:
        """As the person is now: a role, a language or a welcome may just have changed. Later, if Slack asks us to wait."""
        try:
            rests = self._showing.home_rests()
            if not rests:
                at = self._now()
                person = self._door.again(person, at=at)
                with self._drawing:
                    view = self._home_of(person, at)
        except Exception as why:  # the answer has been given, and the Home that stands stays
            log.error("home_not_drawn", exc_info=why)
            metrics.failed(metrics.HOME)
            return
        if not rests:
            shown = self._showing.home(person.id, view)
            rests = shown if shown != PERHAPS_NOT else self._late.again(person.id)
        if rests:
            self.afterwards.later(person, rests)
        else:
            self._late.home_stands(person.id)

    def _home_of(self, person: Person, at: datetime) -> Json:
        words = texts(person.language).on(local_date(at))
        view = self._draw_home(person, at, words)
        self._late.put_in(person.id, view)
        return view

    def _last_resort(self, error: Exception) -> BoltResponse:
        """Nothing is acknowledged: on a socket by silence, over HTTP by a status, so that Slack tries again."""
        if isinstance(error, Shapeless):
            log.warning("unreadable")
            return BoltResponse(status=404, body="")
        if not isinstance(error, Unheard):  # that one has told its reason already
            log.error("unanswered", exc_info=error)
        return BoltResponse(status=503, body="")


def _saying_so(answer: Answer, words: Texts, unread: int) -> Answer:
    """What is shown says below that not all of it could be read."""
    shown = list(answer.redraw.values())
    match answer:
        case Open(view=view) | Push(view=view) | Show(view=view):
            shown.append(view)
        case Say(message=message):
            shown.append(message)
    for one in shown if unread else ():
        most = 50 if one is getattr(answer, "message", None) else 100
        one["blocks"] = common.saying_so(one.get("blocks", []), words, unread, most=most)
    return answer


def _ack_quietly(request: Request, ack: Callable[..., Any]) -> None:
    if request.kind in ("command", "submit", "options"):
        ack()


def _form(kind: str, body: Json) -> str | None:
    """The modal it happened in, if it happened in one."""
    view = body.get("view") or {}
    return str(view["id"]) if kind in ("action", "submit", "close") and view.get("type") == "modal" else None


def _parts(kind: str, body: Json) -> list[tuple[str, str | None, Json]]:
    """(name, key that makes it once, the part that was pressed)."""
    match kind:
        case "command":
            return [(body["command"], f"sc:{body['trigger_id']}", body)]
        case "submit":
            view = body["view"]
            return [(view["callback_id"], form_key(view), body)]
        case "close":
            return [(body["view"]["callback_id"], None, body)]
        case "action":
            user = body["user"]["id"]
            return [
                (_action_name(a), f"ba:{user}:{a.get('action_ts', '')}:{a['action_id']}", a)
                for a in body["actions"]
            ]
        case "options":
            return [(body["action_id"], None, body)]
        case "shortcut":
            return [(body["callback_id"], f"sh:{body['trigger_id']}", body)]
        case _:
            return [(body["event"]["type"], f"ev:{body.get('event_id', '')}", body["event"])]


def _action_name(action: Json) -> str:
    """A field of a form that tells at each choice is named after its block."""
    return str(action["block_id"]).split("~")[0] if action["action_id"] == "v" else str(action["action_id"])


def _read(kind: str, body: Json, at: datetime) -> tuple[str | None, list[Request]]:
    """The form it happened in, and what was asked there: by nobody, when a program said it. Raises Shapeless."""
    try:
        user = _user(kind, body)
        if user is None:
            return None, []
        return _form(kind, body), [
            _request(kind, name, once, body=body, raw=raw, person=Person(user, "", ""), at=at)
            for name, once, raw in _parts(kind, body)
        ]
    except (LookupError, TypeError, ValueError, AttributeError) as why:
        raise Shapeless from why


def _request(
    kind: str, name: str, once: str | None, *, body: Json, raw: Json, person: Person, at: datetime
) -> Request:
    form = Form.read(body.get("view") or {})
    value = str(raw.get("value") or (raw.get("selected_option") or {}).get("value") or "")
    text = visible(str(raw.get("text") or ""), multiline=True) if kind in ("command", "event") else ""
    if kind == "action" and raw["action_id"] == "v":
        name = f"{(body.get('view') or {}).get('callback_id', '')}#{name}"
    return Request(
        kind, name, person, at, texts("da").on(local_date(at)), body, once, text=text, value=value, form=form
    )


def _user(kind: str, body: Json) -> str | None:
    if kind == "command":
        return str(body["user_id"])
    if kind != "event":
        return str(body["user"]["id"])
    event = body["event"]
    if event.get("type") in TOLD_BY_SLACK:
        return SLACK
    if event.get("bot_id") or event.get("subtype"):
        return None
    user = event.get("user")
    return str(user.get("id")) if isinstance(user, dict) else (str(user) if user else SLACK)


def _team(body: Json) -> str:
    user_team = (body.get("user") or {}).get("team_id") if isinstance(body.get("user"), dict) else None
    team = body.get("team_id") or (body.get("team") or {}).get("id")
    return str(user_team or team or "")

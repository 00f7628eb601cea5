"""A tiny town and a tiny real Bolt app in it, which knows nothing of sandboxes but a base URL and two tokens."""

import logging
import threading
import time

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

MAJA, OLE, GUEST, GONE, STRANGER = "U0MAJA0001", "U0OLE00001", "U0GAEST001", "U0VAEK0001", "U0FREMMED1"
BOT = "U0BOT00001"
OPEN, CLOSED = "C0UDVALG01", "C0LEDER001"


def world():
    return {
        "team": {"id": "T0NORD0001", "name": "Norddjurs", "domain": "norddjurs"},
        "bot": {"user_id": BOT, "bot_id": "B0BOT00001", "app_id": "A0INDGANG1", "name": "Én Indgang"},
        "tokens": {"bot": "xoxb-tiny", "app": "xapp-tiny"},
        "clock_start": "2026-11-16T07:50:00+01:00",
        "people": [
            {"id": MAJA, "name": "Maja Holm", "title": "Sagsbehandler"},
            {"id": OLE, "name": "Ole Lund", "title": "Leder", "admin": True},
            {"id": GUEST, "name": "Gitte Gæst", "guest": True},
            {"id": GONE, "name": "Vagn Væk", "deactivated": True},
            {"id": STRANGER, "name": "Frede Fremmed", "stranger_team": "T0SYDD0001"},
        ],
        "channels": [
            {"id": OPEN, "name": "udvalg-uge", "members": [MAJA, OLE, GUEST, STRANGER, BOT]},
            {"id": CLOSED, "name": "ledere", "private": True, "members": [OLE]},
            {"id": "C0ALLE0001", "name": "alle", "members": [MAJA, OLE]},
            {"id": "C0GAMMEL01", "name": "gammel", "archived": True, "members": [MAJA, BOT]},
        ],
    }


def manifest():
    return {
        "display_information": {"name": "Én Indgang"},
        "features": {
            "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
            "bot_user": {"display_name": "Én Indgang"},
            "slash_commands": [
                {"command": c, "description": "x"}
                for c in ("/sag", "/hej", "/tavs", "/langsom", "/rod", "/stak", "/post")
            ],
            "shortcuts": [
                {"name": "Ny sag", "type": "global", "callback_id": "new_case", "description": "x"}
            ],
        },
        "oauth_config": {
            "scopes": {
                "bot": [
                    "channels:history",
                    "channels:join",
                    "channels:read",
                    "chat:write",
                    "commands",
                    "groups:history",
                    "groups:read",
                    "im:history",
                    "im:read",
                    "im:write",
                    "users:read",
                ],
            },
        },
        "settings": {
            "event_subscriptions": {
                "bot_events": [
                    "app_home_opened",
                    "message.im",
                    "member_joined_channel",
                    "member_left_channel",
                    "channel_shared",
                    "user_change",
                ],
            },
            "interactivity": {"is_enabled": True},
            "socket_mode_enabled": True,
        },
    }


def plain(text):
    return {"type": "plain_text", "text": text}


def words(text):
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def button(text, action_id, **more):
    return {"type": "button", "text": plain(text), "action_id": action_id, **more}


def field(name, label, element, **more):
    return {
        "type": "input",
        "block_id": name,
        "label": plain(label),
        "element": {"action_id": name, **element},
        **more,
    }


def option(text, value):
    return {"text": plain(text), "value": value}


def form(extra=()):
    return {
        "type": "modal",
        "callback_id": "case_form",
        "title": plain("Ny sag"),
        "submit": plain("Opret"),
        "close": plain("Fortryd"),
        "notify_on_close": True,
        "private_metadata": "from-command",
        "blocks": [
            field("title", "Overskrift", {"type": "plain_text_input", "max_length": 40}),
            field(
                "area",
                "Område",
                {"type": "static_select", "options": [option("Bolig", "home"), option("Arbejde", "work")]},
                dispatch_action=True,
            ),
            field("unit", "Enhed", {"type": "external_select", "min_query_length": 1}, optional=True),
            *extra,
        ],
    }


def done(text):
    return {"type": "modal", "callback_id": "done", "title": plain("Oprettet"), "blocks": [words(text)]}


class TinyBot:
    """Keeps what it heard, and answers each thing in the one way its name says."""

    def __init__(self, stage):
        self._stage = stage
        self.heard = []
        self.ignore_events = 0
        self.client = WebClient(token=stage.bot_token, base_url=stage.base_url, retry_handlers=[], timeout=5)
        logger = logging.getLogger("tiny-bot")
        logger.setLevel(logging.CRITICAL)
        app = App(
            client=self.client,
            process_before_response=True,
            token_verification_enabled=False,
            authorize=lambda: AuthorizeResult(
                enterprise_id=None,
                team_id="T0NORD0001",
                bot_user_id=BOT,
                bot_id="B0BOT00001",
                bot_token=stage.bot_token,
            ),
            logger=logger,
        )
        self._listen(app)
        app_client = WebClient(base_url=stage.base_url, retry_handlers=[], timeout=5)
        self.handler = SocketModeHandler(
            app, stage.app_token, web_client=app_client, logger=logger, concurrency=8, ping_interval=1
        )
        self.handler.connect()

    def close(self):
        # A Socket Mode client takes seconds to let go of its line and its threads, and no story is about that.
        self.handler.client.auto_reconnect_enabled = False
        self._stage.fault("sockets_drop")
        in_background(self.handler.close)

    def kinds(self, kind):
        return [payload for what, payload in self.heard if what == kind]

    def _listen(self, app):
        app.command("/sag")(self.open_form)
        app.shortcut("new_case")(self.open_form)
        app.command("/hej")(lambda ack: ack("Hej selv"))
        app.command("/post")(self.post_choice)
        app.command("/tavs")(lambda: None)
        app.command("/langsom")(self.open_too_late)
        app.command("/rod")(self.open_twice)
        app.command("/stak")(self.stack)
        app.view("case_form")(self.submitted)
        app.view_closed("case_form")(self.remember("view_closed"))
        app.options("unit")(
            lambda ack, payload: ack(options=[option(f"Enhed {payload['value']}", payload["value"])])
        )
        app.action("area")(self.area_chosen)
        app.action("refer")(self.refer)
        app.action("whisper")(self.whisper)
        app.action("gone")(lambda ack, respond: (ack(), respond(delete_original=True)))
        app.action("more")(self.more)
        app.action("from_home")(self.remember("block_actions"))
        app.event("app_home_opened")(self.home)
        for name in (
            "message",
            "member_joined_channel",
            "member_left_channel",
            "channel_shared",
            "user_change",
        ):
            app.event(name)(self.event)

    def remember(self, kind):
        def listener(ack, body):
            self.heard.append((kind, body))
            ack()

        return listener

    def open_form(self, ack, body, client):
        self.heard.append(("command", body))
        opened = client.views_open(trigger_id=body["trigger_id"], view=form())
        self.heard.append(("opened", opened["view"]))
        ack()

    def open_too_late(self, ack, body, client):
        def later():
            time.sleep(3.05)
            self.answer_of(client.views_open, trigger_id=body["trigger_id"], view=form())

        in_background(later)
        ack()

    def open_twice(self, ack, body, client):
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=form())
        self.answer_of(client.views_open, trigger_id=body["trigger_id"], view=form())

    def stack(self, ack, body, client):
        view = form() | {
            "callback_id": "stacked",
            "blocks": [words("Lag"), {"type": "actions", "elements": [button("Mere", "more")]}],
        }
        client.views_open(trigger_id=body["trigger_id"], view=view)
        ack()

    def more(self, ack, body, client):
        view = {
            k: v for k, v in body["view"].items() if k in ("type", "title", "blocks", "submit", "callback_id")
        }
        self.answer_of(client.views_push, trigger_id=body["trigger_id"], view=view)
        ack()

    def area_chosen(self, ack, body, client):
        self.heard.append(("block_actions", body))
        view = body["view"]
        extra = field("why", "Hvorfor", {"type": "plain_text_input"})
        client.views_update(view_id=view["id"], hash=view["hash"], view=form([extra]))
        ack()

    def submitted(self, ack, view, body, client):
        self.heard.append(("view_submission", body))
        title = view["state"]["values"]["title"]["title"]["value"]
        if title == "dum":
            return ack(response_action="errors", errors={"title": "Skriv noget bedre."})
        if title == "forkert":
            return ack(response_action="errors", errors={"no_such_block": "x"})
        if title == "luk":
            return ack()
        return ack(response_action="update", view=done(f"Sagen {title} er oprettet"))

    def post_choice(self, ack, body, client):
        ack()
        choices = {
            "type": "actions",
            "block_id": "choice",
            "elements": [
                button("Henvis", "refer", value="S-1", style="primary"),
                button("Hvisk", "whisper", value="S-1"),
            ],
        }
        client.chat_postMessage(
            channel=body["user_id"],
            text="Ny sag",
            blocks=[words("*S-1*"), choices],
            metadata={"event_type": "notice", "event_payload": {"key": "k1"}},
        )

    def refer(self, ack, body, respond):
        self.heard.append(("block_actions", body))
        ack()
        respond(replace_original=True, text="Henvist", blocks=[words("Sagen er henvist")])

    def whisper(self, ack, body, client):
        ack()
        gone = {"type": "actions", "elements": [button("Væk", "gone")]}
        client.chat_postEphemeral(
            channel=body["channel"]["id"],
            user=body["user"]["id"],
            text="Kun dig",
            blocks=[words("Kun dig ser det"), gone],
        )

    def home(self, event, client):
        self.heard.append(("app_home_opened", event))
        blocks = [
            words("Dine sager"),
            {"type": "actions", "block_id": "home", "elements": [button("Åbn", "from_home", value="1")]},
        ]
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    def event(self, event, body):
        self.heard.append((event["type"], body))
        if self.ignore_events:
            self.ignore_events -= 1
            raise RuntimeError("the bot fell over before it acknowledged")

    def answer_of(self, call, **args):
        try:
            call(**args)
            self.heard.append(("answer", "ok"))
        except Exception as fault:
            self.heard.append(("answer", fault.response["error"]))


def wait_for(bot, kind, count=1, within=5.0):
    until = time.monotonic() + within
    while len(bot.kinds(kind)) < count:
        assert time.monotonic() < until, f"{kind} was not heard; heard {[k for k, _ in bot.heard]}"
        time.sleep(0.01)
    return bot.kinds(kind)[-1]


def in_background(act):
    thread = threading.Thread(target=act, daemon=True)
    thread.start()
    return thread

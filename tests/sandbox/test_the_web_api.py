"""The Web API as a client meets it: who may, what is refused in whose words, and what goes wrong on the way."""

import json
import time
import urllib.request

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.sandbox.tiny_town import (
    BOT,
    CLOSED,
    GONE,
    MAJA,
    OLE,
    OPEN,
    STRANGER,
    form,
    manifest,
    plain,
    words,
    world,
)
from tests.support.stage import Hindered, Stage


@pytest.fixture
def client(stage):
    return WebClient(token=stage.bot_token, base_url=stage.base_url, retry_handlers=[], timeout=5)


def refusal(call, *args, **kwargs):
    with pytest.raises(SlackApiError) as caught:
        call(*args, **kwargs)
    return caught.value.response["error"]


def test_tokens_open_their_own_doors_only(stage, client):
    assert client.auth_test()["user_id"] == BOT
    assert refusal(WebClient(token="xoxb-wrong", base_url=stage.base_url).auth_test) == "invalid_auth"
    assert refusal(WebClient(base_url=stage.base_url).auth_test) == "not_authed"
    assert refusal(client.apps_connections_open, app_token=stage.bot_token) == "not_allowed_token_type"
    assert refusal(client.api_call, "chat.postMesage") == "unknown_method"


def test_scopes_are_those_of_the_manifest(tmp_path):
    small = manifest()
    small["oauth_config"]["scopes"]["bot"] = ["chat:write", "commands"]
    with Stage(world(), small, state=tmp_path) as stage:
        client = WebClient(token=stage.bot_token, base_url=stage.base_url)
        with pytest.raises(SlackApiError) as caught:
            client.users_info(user=MAJA)
        answer = caught.value.response
        assert (answer["error"], answer["needed"], answer["provided"]) == (
            "missing_scope",
            "users:read",
            "chat:write,commands",
        )


def test_a_message_to_a_person_opens_their_direct_messages(client):
    first = client.chat_postMessage(channel=MAJA, text="hej")
    assert first["channel"].startswith("D")
    assert client.conversations_open(users=MAJA)["channel"]["id"] == first["channel"]
    info = client.conversations_info(channel=first["channel"])["channel"]
    assert (info["is_im"], info["user"], info["is_member"]) == (True, MAJA, True)
    assert refusal(client.conversations_open, users=GONE) == "user_disabled"
    assert refusal(client.chat_postMessage, channel="U0NOBODY01", text="x") == "channel_not_found"


def test_the_bot_writes_only_where_it_is(client):
    assert refusal(client.chat_postMessage, channel="C0ALLE0001", text="x") == "not_in_channel"
    assert refusal(client.chat_postMessage, channel=CLOSED, text="x") == "channel_not_found"
    assert refusal(client.chat_postMessage, channel="C0GAMMEL01", text="x") == "is_archived"
    assert refusal(client.conversations_history, channel="C0ALLE0001") == "not_in_channel"
    client.conversations_join(channel="C0ALLE0001")
    assert client.chat_postMessage(channel="C0ALLE0001", text="x")["ok"]


def test_stamps_grow_and_history_pages_newest_first(client):
    stamps = [client.chat_postMessage(channel=OPEN, text=str(n))["ts"] for n in range(5)]
    assert stamps == sorted(set(stamps))
    page = client.conversations_history(channel=OPEN, limit=2)
    assert ([m["text"] for m in page["messages"]], page["has_more"]) == (["4", "3"], True)
    rest = client.conversations_history(
        channel=OPEN, limit=3, cursor=page["response_metadata"]["next_cursor"]
    )
    assert ([m["text"] for m in rest["messages"]], rest["has_more"]) == (["2", "1", "0"], False)
    between = {"channel": OPEN, "oldest": stamps[1], "latest": stamps[3]}
    assert [m["text"] for m in client.conversations_history(**between)["messages"]] == ["2"]
    assert [m["text"] for m in client.conversations_history(**between, inclusive=True)["messages"]] == [
        "3",
        "2",
        "1",
    ]


def test_metadata_is_shown_only_to_who_asks(client):
    metadata = {"event_type": "notice", "event_payload": {"key": "k", "rows": [{"n": 1}]}}
    client.chat_postMessage(channel=OPEN, text="x", metadata=metadata)
    assert "metadata" not in client.conversations_history(channel=OPEN)["messages"][0]
    shown = client.conversations_history(channel=OPEN, include_all_metadata=True)["messages"][0]
    assert shown["metadata"] == metadata
    nested = {"event_type": "notice", "event_payload": {"a": {"b": {"c": 1}}}}
    assert (
        refusal(client.chat_postMessage, channel=OPEN, text="x", metadata=nested) == "invalid_metadata_schema"
    )


def test_threads_answer_their_parent(client):
    parent = client.chat_postMessage(channel=OPEN, text="sag")["ts"]
    client.chat_postMessage(channel=OPEN, text="svar", thread_ts=parent)
    assert [m["text"] for m in client.conversations_replies(channel=OPEN, ts=parent)["messages"]] == [
        "sag",
        "svar",
    ]
    assert [m["text"] for m in client.conversations_history(channel=OPEN)["messages"]] == ["sag"]
    assert (
        refusal(client.chat_postMessage, channel=OPEN, text="x", thread_ts="1700000000.000000")
        == "thread_not_found"
    )


def test_a_message_is_changed_and_removed_by_its_author_only(stage, client):
    posted = client.chat_postMessage(channel=OPEN, text="a", blocks=[words("a")])
    client.chat_update(channel=OPEN, ts=posted["ts"], text="b")
    kept = client.conversations_history(channel=OPEN)["messages"][0]
    assert (kept["text"], kept["blocks"][0]["text"]["text"]) == ("b", "a")
    assert refusal(client.chat_update, channel=OPEN, ts=posted["ts"], text="x" * 4001) == "msg_too_long"
    assert refusal(client.chat_update, channel=OPEN, ts="1700000000.000000", text="x") == "message_not_found"
    stage.person(MAJA).says("mit", channel="udvalg-uge")
    mine = client.conversations_history(channel=OPEN)["messages"][0]["ts"]
    assert refusal(client.chat_update, channel=OPEN, ts=mine, text="x") == "cant_update_message"
    client.chat_delete(channel=OPEN, ts=posted["ts"])
    assert refusal(client.chat_delete, channel=OPEN, ts=posted["ts"]) == "message_not_found"


def test_an_ephemeral_message_needs_a_member(client):
    assert client.chat_postEphemeral(channel=OPEN, user=MAJA, text="x")["message_ts"]
    assert refusal(client.chat_postEphemeral, channel=OPEN, user=GONE, text="x") == "user_not_in_channel"


def test_people_as_slack_describes_them(client):
    ole = client.users_info(user=OLE, include_locale=True)["user"]
    assert (ole["real_name"], ole["profile"]["title"], ole["is_admin"], ole["locale"]) == (
        "Ole Lund",
        "Leder",
        True,
        "da-DK",
    )
    stranger = client.users_info(user=STRANGER)["user"]
    assert (stranger["is_stranger"], stranger["team_id"]) == (True, "T0SYDD0001")
    assert refusal(client.users_info, user="U0NOBODY01") == "user_not_found"
    first = client.users_list(limit=2)
    rest = client.users_list(limit=1000, cursor=first["response_metadata"]["next_cursor"])
    ids = [u["id"] for u in [*first["members"], *rest["members"]]]
    assert len(ids) == len(set(ids)) == 5
    assert STRANGER not in ids


def test_members_come_in_pages(client):
    first = client.conversations_members(channel=OPEN, limit=3)
    rest = client.conversations_members(channel=OPEN, cursor=first["response_metadata"]["next_cursor"])
    assert (len(first["members"]), len(rest["members"]), rest["response_metadata"]["next_cursor"]) == (
        3,
        2,
        "",
    )
    names = [c["name"] for c in client.conversations_list(types="public_channel,private_channel")["channels"]]
    assert sorted(names) == ["alle", "gammel", "udvalg-uge"]
    assert [c["name"] for c in client.users_conversations(exclude_archived=True)["channels"]] == [
        "udvalg-uge"
    ]


def test_a_home_is_published_and_guarded_by_its_hash(client):
    view = {"type": "home", "blocks": [words("x")]}
    first = client.views_publish(user_id=MAJA, view=view)["view"]
    second = client.views_publish(user_id=MAJA, view=view, hash=first["hash"])["view"]
    assert (second["id"], second["hash"] != first["hash"]) == (first["id"], True)
    assert refusal(client.views_publish, user_id=MAJA, view=view, hash=first["hash"]) == "hash_conflict"
    assert refusal(client.views_publish, user_id=MAJA, view=form()) == "invalid_arguments"
    assert refusal(client.views_update, view_id="V0NOTHING1", view=form()) == "not_found"
    assert refusal(client.views_open, trigger_id="1.2.abc", view=form()) == "invalid_trigger_id"


def test_a_fault_may_hide_that_the_message_was_posted(stage, client):
    stage.fault("drop_after", method="chat.postMessage")
    with pytest.raises(Exception, match=r"closed|reset|aborted"):
        client.chat_postMessage(channel=OPEN, text="tabt svar")
    stage.fault("drop_before", method="chat.postMessage")
    with pytest.raises(Exception, match=r"closed|reset|aborted"):
        client.chat_postMessage(channel=OPEN, text="tabt kald")
    assert [m["text"] for m in client.conversations_history(channel=OPEN)["messages"]] == ["tabt svar"]
    assert [e["status"] for e in stage.journaled("api", "chat.postMessage")] == [None, None]


@pytest.mark.parametrize(
    ("kind", "code"), [("500_after", "internal_error"), ("error_after:fatal_error", "fatal_error")]
)
def test_a_fault_may_deny_what_was_done(stage, client, kind, code):
    stage.fault(kind, method="chat.postMessage")
    assert refusal(client.chat_postMessage, channel=OPEN, text=f"gjort {kind}") == code
    assert client.conversations_history(channel=OPEN)["messages"][0]["text"] == f"gjort {kind}"


def test_an_app_that_is_shut_out_is_refused_everything_until_it_is_let_in(stage, client):
    stage.fault("shut_out:account_inactive")
    assert refusal(client.auth_test) == refusal(client.users_info, user=MAJA) == "account_inactive"
    stage.fault("let_in")
    assert client.auth_test()["ok"]


def test_a_slack_that_keeps_the_pace_takes_one_message_a_second_in_a_channel(stage, client):
    stage.fault("pace_on")
    assert client.chat_postMessage(channel=OPEN, text="først")["ok"]
    assert refusal(client.chat_postMessage, channel=OPEN, text="for tidligt") == "ratelimited"
    assert client.chat_postMessage(channel=MAJA, text="en anden kanal")["ok"]
    stage.fault("pace_off")
    assert client.chat_postMessage(channel=OPEN, text="igen")["ok"]


def test_faults_that_answer(stage, client):
    stage.fault("429", method="chat.postMessage")
    stage.fault("500", method="users.info")
    stage.fault("error:fatal_error", method="auth.test")
    with pytest.raises(SlackApiError) as limited:
        client.chat_postMessage(channel=OPEN, text="x")
    assert (limited.value.response.status_code, limited.value.response.headers["Retry-After"]) == (429, "1")
    with pytest.raises(SlackApiError) as broken:
        client.users_info(user=MAJA)
    assert broken.value.response.status_code == 500
    assert refusal(client.auth_test) == "fatal_error"
    assert client.auth_test()["ok"]
    stage.fault("slow", seconds=0.3)
    before = time.monotonic()
    client.auth_test()
    assert time.monotonic() - before >= 0.3


def test_an_outage_takes_everything_but_the_page(stage, client):
    stage.fault("outage_on")
    with pytest.raises(SlackApiError) as down:
        client.auth_test()
    assert down.value.response.status_code == 503
    stage.person(MAJA).says("hej", channel="udvalg-uge")
    stage.fault("outage_off")
    assert client.auth_test()["ok"]


def test_the_clock_only_runs_forward_and_stamps_the_messages(stage, client):
    stage.jump("2026-11-19T08:05")
    client.chat_postMessage(channel=OPEN, text="x")
    (message,) = stage.person(MAJA).messages("udvalg-uge")
    assert (message.time, message.day) == ("8.05", "torsdag 19. november")
    with pytest.raises(Hindered, match="clock_runs_forward"):
        stage.jump("2026-11-16T08:00")
    marks = {"marks": [{"name": "agenda", "label": "Næste dagsorden", "at": "2026-11-20T08:00:00+01:00"}]}
    request = urllib.request.Request(
        f"{stage.clock_url}/marks", json.dumps(marks).encode(), {"Content-Type": "application/json"}
    )
    urllib.request.urlopen(request).close()
    stage.jump_to_mark("agenda")
    assert stage.clock.isoformat().startswith("2026-11-20T07:00:0")
    stage.jump_to_tomorrow()
    assert stage.clock.isoformat().startswith("2026-11-21T06:50:0")


def test_forms_and_json_are_read_alike(stage):
    def call(data, ctype):
        headers = {"Content-Type": ctype, "Authorization": f"Bearer {stage.bot_token}"}
        request = urllib.request.Request(stage.base_url + "chat.postMessage", data.encode(), headers)
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    blocks = json.dumps([words("a")])
    as_form = call(
        f"channel={OPEN}&text=a&team_id=T1&blocks={urllib.request.quote(blocks)}",
        "application/x-www-form-urlencoded",
    )
    as_json = call(
        json.dumps({"channel": OPEN, "text": "a", "blocks": [words("a")]}), "application/json; charset=utf-8"
    )
    assert as_form["message"]["blocks"][0]["text"] == as_json["message"]["blocks"][0]["text"]


def test_a_modal_title_is_plain_and_short(client):
    with pytest.raises(SlackApiError) as caught:
        client.views_publish(user_id=MAJA, view={"type": "home", "blocks": [words("x" * 3001)]})
    answer = caught.value.response
    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] must be less than 3001 characters [json-pointer:/view/blocks/0/text/text]",
    ]
    too_long = form() | {"title": plain("x" * 25)}
    assert refusal(client.api_call, "blocks.validate", json={"view": too_long}) == "invalid_view"

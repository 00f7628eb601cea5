"""A real Bolt app comes by base URL and tokens, and people use it."""

import pytest

from tests.sandbox.tiny_town import BOT, GUEST, MAJA, OPEN, STRANGER, TinyBot, wait_for
from tests.support.stage import Hindered, NotThere, waits_until


def test_a_command_opens_a_form_that_complains_is_answered_and_closed(bot, maja):
    form = maja.types("/sag ny")
    assert (form.title, form.submit, form.labels) == ("Ny sag", "Opret", ["Overskrift", "Område", "Enhed"])
    maja.fills("Overskrift", "dum")
    maja.chooses("Område", "Bolig")
    assert maja.submits(why="fordi").complaints == {"title": "Skriv noget bedre."}
    maja.fills("Overskrift", "S-1")
    assert maja.submits().text == "Sagen S-1 er oprettet"
    assert maja.closes() is None
    assert maja.interactions == 8


def test_an_empty_required_field_never_reaches_the_app(bot, maja):
    maja.types("/sag")
    assert maja.submits().complaints == {"title": "Udfyld feltet.", "area": "Vælg et svar."}
    assert bot.kinds("view_submission") == []


def test_what_was_typed_stays_when_the_form_is_rebuilt(bot, maja):
    maja.types("/sag")
    maja.fills("Overskrift", "En bolig")
    rebuilt = maja.chooses("Område", "Arbejde")
    assert rebuilt.labels[-1] == "Hvorfor"
    assert (rebuilt.value("Overskrift"), rebuilt.value("Område")) == ("En bolig", "Arbejde")
    body = wait_for(bot, "block_actions")
    assert body["container"] == {"type": "view", "view_id": rebuilt.view_id}
    assert body["view"]["state"]["values"]["title"]["title"] == {
        "type": "plain_text_input",
        "value": "En bolig",
    }
    assert body["actions"][0]["selected_option"]["value"] == "work"
    assert body["view"]["private_metadata"] == "from-command"


def test_an_external_menu_asks_the_app(bot, maja):
    maja.types("/sag")
    assert maja.is_offered("Enhed", "nord") == ["Enhed nord"]
    maja.chooses("Enhed", "nord")
    assert maja.modal.value("Enhed") == "Enhed nord"


def test_closing_is_told_when_the_view_asked_for_it(bot, maja):
    form = maja.types("/sag")
    maja.closes()
    body = wait_for(bot, "view_closed")
    assert (body["view"]["id"], body["is_cleared"]) == (form.view_id, False)


def test_an_empty_acknowledgement_closes_the_form(bot, maja):
    maja.types("/sag")
    maja.fills("title", "luk")
    maja.chooses("area", "Bolig")
    assert maja.submits(why="x") is None


def test_a_shortcut_opens_the_same_form(bot, maja):
    assert maja.uses("Ny sag").title == "Ny sag"


def test_a_command_may_answer_in_its_acknowledgement(bot, maja):
    maja.types("/hej", channel="udvalg-uge")
    (message,) = maja.messages("udvalg-uge")
    assert (message.text, message.ephemeral) == ("Hej selv", True)


def test_a_button_in_a_message_carries_the_message_and_a_way_to_answer(bot, maja):
    maja.types("/post")
    assert maja.sees("S-1", in_="dm").buttons == ["Henvis", "Hvisk"]
    assert maja.unread() == 1
    maja.presses("Henvis")
    changed = maja.sees("Sagen er henvist", in_="dm")
    assert (changed.edited, changed.buttons) == (True, [])
    body = wait_for(bot, "block_actions")
    assert body["actions"][0].items() >= {"action_id": "refer", "value": "S-1", "block_id": "choice"}.items()
    assert body["message"]["metadata"]["event_payload"] == {"key": "k1"}
    maja.reads()
    assert maja.unread() == 0


def test_an_ephemeral_message_is_seen_by_one_and_answered_by_its_url(stage, bot, maja):
    maja.types("/post")
    maja.sees("S-1", in_="dm")
    maja.presses("Hvisk")
    assert maja.sees("Kun dig ser det", in_="dm").ephemeral
    history = bot.client.conversations_history(channel=maja.messages()[0].channel)["messages"]
    assert [m["text"] for m in history] == ["Ny sag"]
    maja.presses("Væk")
    waits_until(lambda: maja.sees_no("Kun dig"))


def test_the_home_tab_is_published_when_somebody_opens_it(bot, maja):
    assert maja.home() is None
    maja.sees("Dine sager", in_="home")
    assert wait_for(bot, "app_home_opened")["tab"] == "home"
    maja.presses("Åbn", in_="home")
    assert wait_for(bot, "block_actions")["view"]["type"] == "home"


def test_a_message_to_the_bot_is_heard_once(bot, maja):
    maja.says("hej <du> & jeg")
    body = wait_for(bot, "message")
    assert (
        body["event"].items()
        >= {"channel_type": "im", "user": MAJA, "text": "hej &lt;du&gt; &amp; jeg"}.items()
    )


def test_an_event_is_pushed_again_until_it_is_acknowledged(stage, maja, bot):
    bot.ignore_events = 1
    maja.says("hej")
    waits_until(lambda: len(bot.kinds("message")) == 2)
    ids = {body["event_id"] for body in bot.kinds("message")}
    attempts = [e.get("retry_attempt", 0) for e in stage.journaled("push")]
    assert (len(ids), attempts) == (1, [0, 1])


def test_a_missed_acknowledgement_is_shown_to_the_person_and_not_pushed_again(stage, bot, maja):
    with pytest.raises(Hindered, match="no_answer"):
        maja.types("/tavs")
    assert maja.trouble == ["Appen svarede ikke inden for 3 sekunder."]
    assert len(stage.journaled("push")) == 1
    maja.types("/hej")
    assert maja.trouble == []


def test_an_acknowledgement_slack_would_not_take_is_trouble(bot, maja):
    maja.types("/sag")
    maja.fills("title", "forkert")
    maja.chooses("area", "Bolig")
    with pytest.raises(Hindered, match="bad_answer"):
        maja.submits(why="x")
    assert maja.trouble == ["We had some trouble connecting. Try again?"]
    assert maja.modal.title == "Ny sag"


def test_nobody_connected_is_said_so(maja):
    with pytest.raises(Hindered, match="not_connected"):
        maja.types("/sag")


def test_a_trigger_lives_three_seconds(bot, maja):
    maja.types("/langsom")
    assert wait_for(bot, "answer") == "expired_trigger_id"
    assert maja.modal is None


def test_a_trigger_opens_one_view(bot, maja):
    maja.types("/rod")
    assert wait_for(bot, "answer") == "exchanged_trigger_id"


def test_three_modals_are_all(bot, maja):
    maja.types("/stak")
    maja.presses("Mere")
    assert maja.presses("Mere").depth == 3
    maja.presses("Mere")
    assert bot.kinds("answer") == ["ok", "ok", "push_limit_reached"]
    assert maja.closes().depth == 2


def test_a_guest_and_a_stranger_press_and_type_too(stage, bot):
    guest, stranger = stage.person(GUEST), stage.person(STRANGER)
    assert guest.types("/sag").title == "Ny sag"
    bot.client.chat_postMessage(
        channel=OPEN,
        text="Vælg",
        blocks=[
            {
                "type": "actions",
                "elements": [
                    {"type": "button", "text": {"type": "plain_text", "text": "Henvis"}, "action_id": "refer"}
                ],
            },
        ],
    )
    stranger.presses("Henvis", in_="udvalg-uge")
    assert wait_for(bot, "block_actions")["user"]["team_id"] == "T0SYDD0001"
    with pytest.raises(NotThere):
        guest.messages("alle")


def test_the_deactivated_do_nothing(stage, bot, maja):
    stage.deactivates("Maja Holm")
    assert wait_for(bot, "user_change")["event"]["user"]["deleted"] is True
    with pytest.raises(Hindered, match="deactivated"):
        maja.types("/sag")


def test_comings_and_goings_are_heard_where_the_bot_is(stage, bot):
    stage.invites("Vagn Væk", "udvalg-uge")
    assert wait_for(bot, "member_joined_channel")["event"]["channel"] == OPEN
    stage.removes("Vagn Væk", "udvalg-uge")
    wait_for(bot, "member_left_channel")
    stage.invites("bot", "ledere")
    assert wait_for(bot, "member_joined_channel", 2)["event"]["user"] == BOT
    stage.shares("udvalg-uge")
    assert wait_for(bot, "channel_shared")["event"]["connected_team_id"] == "T0SYDD0001"
    assert bot.client.conversations_info(channel=OPEN)["channel"]["is_ext_shared"] is True


def test_the_app_comes_back_when_the_line_breaks(stage, bot, maja):
    stage.fault("sockets_drop")
    waits_until(lambda: stage.sandbox.sockets.connected == 0)
    stage.waits_for_the_bot()
    assert maja.types("/sag").title == "Ny sag"


def test_the_app_comes_back_when_slack_asks_it_to(stage, bot, maja):
    stage.fault("sockets_refresh")
    stage.waits_for_the_bot()
    assert maja.types("/sag").title == "Ny sag"


def test_everything_is_found_again_after_a_restart(stage, bot, maja):
    maja.types("/sag")
    maja.fills("Overskrift", "Halv")
    maja.chooses("Område", "Bolig")
    maja.says("hej")
    wait_for(bot, "message")
    stage.jump("2026-11-19T08:00")
    bot.close()
    stage.restart()
    again = stage.person("Maja Holm")
    assert again.modal.value("Overskrift") == "Halv"
    assert [m.text for m in again.messages()] == ["hej"]
    assert stage.clock.isoformat()[:15] == "2026-11-19T07:0"
    second = TinyBot(stage)
    stage.waits_for_the_bot()
    assert again.submits(title="S-1", why="x").text == "Sagen S-1 er oprettet"
    second.close()

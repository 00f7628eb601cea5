"""What an administrator or a secretary does from Home about what could not be sent, and never sees what is in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest

from bot.texts import texts
from bot.usecases.ports import NeverSendable, PlaceBroken, TeamBroken
from bot.views import outbox as views
from tests.support.office import OfficeTown, readable
from tests.usecases.test_agendas import desk_of
from tests.usecases.test_slack_away import BO, CHANNEL, JENS, MAJA, drained, owe, posts_to, stands, stuck


def test_what_is_stuck_is_seen_tried_again_and_given_up_from_home(town: OfficeTown) -> None:
    owe(town, "a", "b")
    town.slack.failing_at[JENS] = NeverSendable("invalid_blocks")
    town.slack.failing_at[MAJA] = PlaceBroken("messages_tab_disabled")
    owe(town, "c", "d", to=MAJA)
    town.deliver()
    bo = town.person(BO)
    seen = town.office.outbox.seen(town.asked(BO))
    assert [(line.person, line.state, line.code) for line in seen.lines] == [
        *[("Jens Toft", "dead", "invalid_blocks")] * 2,
        ("Maja Holm", "parked", "messages_tab_disabled"),
    ]
    shown = readable(views.stuck(texts("da").on(town.today), seen)["blocks"])
    assert "Slack svarede invalid_blocks. Den prøves ikke mere af sig selv." in shown
    assert "Slack svarede messages_tab_disabled. Den venter, til modtageren kan nås." in shown
    town.slack.failing_at.clear()
    first, second, third = (line.id for line in seen.lines)
    assert town.office.outbox.take_up(town.asked(BO), first).count == 2
    assert town.office.outbox.give_up(town.asked(BO), second).count == 1
    assert town.office.outbox.take_up(town.asked(BO), third).count == 0
    assert town.office.outbox.give_up(town.asked(BO), third).count == 0, "it is on its way already"
    town.deliver()
    assert (posts_to(town, JENS), posts_to(town, MAJA), stuck(town)) == (1, 2, (0, 0))
    with town.work() as work:
        acts = [(e.act, e.by) for e in work.journal.of_acts("outbox_retried", "outbox_cancelled")]
    assert acts == [("outbox_retried", bo.id), ("outbox_cancelled", bo.id), ("outbox_retried", bo.id)]
    assert "Alt er sendt" in readable(
        views.stuck(texts("da").on(town.today), town.office.outbox.seen(town.asked("Lone Ager")))["blocks"]
    )


def test_the_post_of_a_meeting_that_is_over_tells_what_it_is_about_and_has_a_button_that_helps(
    town: OfficeTown,
) -> None:
    town.referred("Maja Holm")
    town.jump_to(date(2026, 11, 16), time(8, 0))
    town.knock()
    well = town.slack.look(CHANNEL)
    town.slack.seen[CHANNEL] = replace(well, archived=True)
    town.jump_to(date(2026, 11, 20), time(8, 0))
    town.knock()
    said = town.heard(town.person("Lone Ager"))[-1]
    assert "Opslaget om mødet torsdag 19. november kan ikke rettes" in said
    assert "Kanalen er arkiveret" in said
    assert stuck(town) == (0, 1)
    town.slack.seen[CHANNEL] = well
    town.office.outbox.place_again(town.asked("Lone Ager"), CHANNEL)
    town.knock()
    assert stuck(town) == (0, 0)


def test_the_news_that_slack_lets_us_in_counts_what_waits_and_not_itself(town: OfficeTown) -> None:
    town.slack.failing = TeamBroken("token_revoked")
    owe(town, "a")
    town.deliver()
    town.slack.failing = None
    town.jump(seconds=61)
    drained(town, within_minutes=1)
    (told,) = [said for said in town.heard(town.person(BO)) if "Slack lukker mig ind igen" in said]
    assert "sendes nu" not in told


def test_the_secretarys_desk_says_that_the_agenda_is_not_in_the_channel_yet(town: OfficeTown) -> None:
    town.referred("Maja Holm")
    well = town.slack.look(CHANNEL)
    town.slack.seen[CHANNEL] = replace(well, archived=True)
    town.jump_to(date(2026, 11, 16), time(8, 0))
    town.knock()
    assert "dagsordenen er ikke i kanalen endnu" in desk_of(town)
    town.slack.seen[CHANNEL] = well
    town.jump(minutes=2)
    town.knock()
    assert "dagsorden er sendt" in desk_of(town)


@pytest.mark.parametrize(
    ("language", "said"), [("da", "nu er det for sent at sende den"), ("en", "now it is too late to send it")]
)
def test_what_has_become_too_late_is_said_to_be_so_and_only_let_be(
    town: OfficeTown, language: Any, said: str
) -> None:
    owe(town, "a")
    with town.house.storage.open_work(at=town.clock.at) as work:
        notice = stands(town, "a")
        work.notices.record(replace(notice, expires_at=town.clock.at))
    town.slack.failing_at[JENS] = NeverSendable("invalid_blocks")
    town.deliver()
    town.jump(minutes=1)
    form = views.stuck(texts(language).on(town.today), town.office.outbox.seen(town.asked(BO)))
    assert said in readable(form["blocks"])
    acts = [e["action_id"] for b in form["blocks"] for e in b.get("elements", ()) if "action_id" in e]
    assert acts == ["stuck.never"]

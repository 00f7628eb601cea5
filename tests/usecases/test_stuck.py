"""What an administrator or a secretary does from Home about what could not be sent, and never sees what is in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest

from bot.domain.notices import NoticeState
from bot.domain.people import Absence, Post, Role
from bot.texts import texts
from bot.usecases.homes import PartAsked
from bot.usecases.outbox import unsent
from bot.usecases.ports import NeverSendable, PerhapsSent, PlaceBroken, TeamBroken
from bot.usecases.setup import admin_desk
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


def test_a_person_who_cannot_be_reached_is_not_spoken_of_as_a_channel(town: OfficeTown) -> None:
    town.slack.failing_at[MAJA] = PlaceBroken("channel_not_found")
    owe(town, "a", to=MAJA)
    town.deliver()
    shown = readable(
        views.stuck(texts("da").on(town.today), town.office.outbox.seen(town.asked(BO)))["blocks"]
    )
    assert "Slack svarede channel_not_found. Den venter, til modtageren kan nås." in shown
    assert "Invitér" not in shown


def the_news_that_slack_lets_us_in(town: OfficeTown) -> str:
    """One message is owed as Slack shuts us out; what the administrator hears once it lets us in."""
    town.slack.failing = TeamBroken("token_revoked")
    owe(town, "a")
    town.deliver()
    town.slack.failing = None
    town.jump(seconds=61)
    drained(town, within_minutes=1)
    (told,) = [said for said in town.heard(town.person(BO)) if "Slack lukker mig ind igen" in said]
    return told


def test_the_news_that_slack_lets_us_in_counts_what_waits_and_not_itself(town: OfficeTown) -> None:
    assert "sendes nu" not in the_news_that_slack_lets_us_in(town)


@pytest.mark.parametrize(("language", "said"), [("da", "Den sendes ikke."), ("en", "It is not sent.")])
def test_one_that_is_only_looked_for_once_more_is_said_to_be_so(
    town: OfficeTown, language: Any, said: str
) -> None:
    owe(town, "a")
    town.slack.failing_at[JENS] = PerhapsSent("internal_error")
    town.deliver()
    left = town.office.outbox.give_up(town.asked(BO), stands(town, "a").id)
    form = views.stuck(texts(language).on(town.today), left)
    assert said in readable(form["blocks"])
    acts = [e["action_id"] for b in form["blocks"] for e in b.get("elements", ()) if "action_id" in e]
    assert acts == ["stuck.again"]
    (line,) = left.lines
    late = views.stuck(texts(language).on(town.today), replace(left, lines=(replace(line, too_late=True),)))
    assert [b["type"] for b in late["blocks"]] == ["section", "section"], "nothing is left to decide"


def test_home_counts_as_many_as_the_form_lists(town: OfficeTown) -> None:
    owe(town, "a")
    owe(town, "b", "c", "d", to=MAJA)
    town.slack.failing_at[JENS] = PerhapsSent("internal_error")
    town.slack.failing_at[MAJA] = PlaceBroken("messages_tab_disabled")
    town.deliver()
    count = town.office.outbox.seen(town.asked(BO)).count
    with town.house.storage.open_reading(at=town.clock.at) as work:
        about = PartAsked(work, town.asked(BO), town.house.rules.on(town.today))
        desk = admin_desk(about)
        assert desk is not None
        assert (count, desk.unreached, desk.waiting) == (2, 2, 3)
        assert unsent(replace(about, asked=town.asked("Lone Ager"))) == 2


@pytest.mark.parametrize("why", ["on leave", "cannot be reached"])
def test_nor_an_administrator_who_does_not_hear_that_news_now(town: OfficeTown, why: str) -> None:
    with town.house.storage.open_work(at=town.clock.at) as work:
        maja = work.people.get(MAJA)
        work.people.save(maja.given(maja.posts | {Post(Role.ADMINISTRATOR)}))
        if why == "on leave":
            until = town.today + timedelta(days=5)
            work.people.add_absence(Absence(MAJA, town.today, until, None, id="leave"))
        else:
            work.lanes.break_off(MAJA, "messages_tab_disabled", at=town.clock.at)
    assert "sendes nu" not in the_news_that_slack_lets_us_in(town)


@pytest.mark.parametrize("act", ["take_up", "give_up"])
def test_one_that_was_to_be_let_go_at_a_place_that_broke_meanwhile_is_decided_anew(
    town: OfficeTown, act: str
) -> None:
    owe(town, "a")
    town.slack.failing_at[JENS] = PerhapsSent("internal_error")
    town.deliver()
    notice, look = stands(town, "a"), town.slack.look_for
    assert town.office.outbox.cancel(notice.id, at=town.clock.at)

    def broken(*_: object, **__: object) -> None:
        raise PlaceBroken("messages_tab_disabled")

    town.slack.look_for = broken  # type: ignore[method-assign, assignment]
    town.jump(minutes=6)
    town.deliver()
    assert stands(town, "a").state == NoticeState.PARKED
    town.slack.failing_at.clear()
    town.slack.look_for = look  # type: ignore[method-assign]
    assert getattr(town.office.outbox, act)(town.asked(BO), notice.id).count == 0
    town.deliver()
    assert posts_to(town, JENS) == (act == "take_up")


def test_an_agenda_asked_for_after_it_was_to_be_let_go_is_posted(town: OfficeTown) -> None:
    town.referred("Maja Holm")
    town.slack.failing_at[CHANNEL] = PerhapsSent("internal_error")
    town.jump_to(date(2026, 11, 16), time(8, 1))
    town.knock()
    (line,) = [line for line in town.office.outbox.listed(town.clock.at) if line.to == CHANNEL]
    assert town.office.outbox.cancel(line.id, at=town.clock.at)
    town.slack.failing_at.clear()
    with town.work() as work:
        (meeting,) = {n.facts["meeting"] for n in work.notices.unsent("agenda")}
    town.office.posts.again(town.asked("Lone Ager"), meeting)
    for _ in range(2):
        town.jump(minutes=6)
        town.deliver()
    assert (posts_to(town, CHANNEL), stuck(town)) == (1, (0, 0))


@pytest.mark.rule("D6")
def test_a_post_asked_for_while_it_is_taken_away_is_over_and_done_with(town: OfficeTown) -> None:
    town.referred("Maja Holm")
    town.jump_to(date(2026, 11, 16), time(8, 0))
    town.knock()
    with town.work() as work:
        (meeting,) = {n.facts["meeting"] for n in work.notices.showing("agenda")}
    well, delete = town.slack.look(CHANNEL), town.slack.delete

    def pressed_meanwhile(channel: str, ts: str) -> None:
        delete(channel, ts)
        town.office.posts.again(town.asked("Lone Ager"), meeting)

    town.slack.seen[CHANNEL] = replace(well, guests=("U0GAEST001",))
    town.slack.delete = pressed_meanwhile  # type: ignore[method-assign]
    town.office.posts.look_again(CHANNEL, town.clock.at)
    town.deliver()
    town.jump_to(date(2026, 11, 20), time(8, 0))
    with town.work() as work:
        assert work.notices.showing("agenda") == []
    assert town.office.posts.post_due(town.clock.at) == 0


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

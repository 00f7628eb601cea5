"""What those who answer for the installation see of it: the guard's channels, the connection, the clock, the checks (A12)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from sqlalchemy import insert

from bot.demo import town as demo
from bot.domain.lanes import TEAM
from bot.domain.meeting import Blocked, Face
from bot.domain.people import NotForYou
from bot.domain.watch import ChannelLook, CheckUp
from bot.texts import texts
from bot.usecases.ports import CertainlyNotSent, ChannelSeen
from bot.usecases.posts import Posts
from bot.usecases.watchkeeping import GuardSeen
from bot.views import watch as views
from storage import recovery
from storage.engine import Database
from storage.tables import restores
from tests.support.office import OfficeTown, readable

DPO, ADMINISTRATOR = "Ditte Lund", "Bo Winther"
NAME = "Koordinations- og visitationsudvalget"
ROSTER = ("U0ALI00001", "U0SOFIE001", "U0TINE0001", "U0HENRIK01", "U0GRETHE01", "U0NANNA001", "U0LONE0001")
CLOSED = ChannelSeen(exists=True, private=True, members=ROSTER)


def begins(town: OfficeTown) -> Posts:
    """A process that was down for a quarter of an hour, and remembers nothing."""
    town.jump(minutes=15)
    return Posts(town.house.tools, guard=town.slack)


@pytest.mark.rule("D6")
def test_a_guest_who_came_while_no_process_was_up_reads_no_agenda_on(town: OfficeTown) -> None:
    """Slack repeats its news for some minutes; the first look of whoever comes up is at what is there now."""
    look(town, CLOSED)
    town.jump_to(date(2026, 11, 16), time(8, 1))
    town.knock()
    assert [begins(town).watch_due(town.clock.at) for _ in range(2)] == [0, 0], "nothing new is nothing to do"
    town.slack.seen[demo.OPEN_CHANNEL] = replace(CLOSED, guests=("U0GAEST001",))
    assert begins(town).watch_due(town.clock.at) == 1
    town.deliver()
    assert town.heard(demo.OPEN_CHANNEL) == []


@pytest.mark.rule("D6")
def test_nor_does_he_where_the_first_look_of_whoever_came_up_was_in_vain(town: OfficeTown) -> None:
    look(town, CLOSED)
    town.jump_to(date(2026, 11, 16), time(8, 1))
    town.knock()
    posts, guard = begins(town), town.slack.look
    town.slack.look = in_vain  # type: ignore[method-assign]
    assert posts.watch_due(town.clock.at) == 0
    town.slack.look = guard  # type: ignore[method-assign]
    assert look(town, replace(CLOSED, guests=("U0GAEST001",))) == 1
    town.deliver()
    assert town.heard(demo.OPEN_CHANNEL) == []


def in_vain(_channel: str) -> ChannelSeen:
    raise CertainlyNotSent("not_reached")


@pytest.mark.rule("D6")
def test_nor_does_somebody_from_outside_the_committee_read_nicknames_on(town: OfficeTown) -> None:
    look(town, CLOSED)
    town.jump_to(date(2026, 11, 16), time(8, 1))
    town.knock()
    (closed,) = town.heard(demo.OPEN_CHANNEL)
    town.slack.seen[demo.OPEN_CHANNEL] = replace(CLOSED, members=(*ROSTER, "U0KIM00001"))
    assert begins(town).watch_due(town.clock.at) == 1
    town.deliver()
    (open_,) = town.heard(demo.OPEN_CHANNEL)
    assert open_ != closed


def home(town: OfficeTown, who: str, language: str = "da") -> str:
    return readable(town.house.draw_home(town.person(who), town.clock.at, texts(language)))


def look(town: OfficeTown, seen: ChannelSeen | None = None) -> int:
    if seen:
        town.slack.seen[demo.OPEN_CHANNEL] = seen
    return town.office.watchkeeping.keep_due(town.clock.at)


@pytest.mark.rule("D6", "R139")
def test_the_data_protection_officer_sees_what_the_guard_sees_and_when(town: OfficeTown) -> None:
    assert f"Kanalvagt, {NAME}: kanalen ses om lidt." in home(town, DPO)
    two = replace(CLOSED, members=(*ROSTER, "U0MAJA0001", "U0KIM00001"))
    told = {
        CLOSED: "lukket form: alle i kanalen hører til udvalget",
        two: "åben form, uden kaldenavne: 2 personer uden for udvalget",
        replace(CLOSED, guests=("U0GAEST001",)): "intet opslag: der er en gæst i kanalen",
        replace(CLOSED, shared_outside=True): "intet opslag: kanalen deles uden for huset",
        replace(CLOSED, archived=True): "intet opslag: kanalen er arkiveret",
        ChannelSeen(exists=False): "intet opslag: Én Indgang er ikke med i kanalen",
    }
    for seen, words in told.items():
        assert look(town, seen) == 1
        assert f"Kanalvagt, {NAME}: {words} (set mandag kl. " in home(town, DPO)
        town.jump(minutes=10)
    assert f"Channel guard, {NAME}: no post: Én Indgang is not in the channel" in home(town, DPO, "en")
    for who in ("Maja Holm", ADMINISTRATOR, "Lone Ager"):
        assert "Kanalvagt" not in home(town, who)
    with town.work() as work:
        faces = [e.facts["face"] for e in reversed(work.journal.of_acts("channel_seen"))]
    assert sorted(faces) == sorted(["closed", "open", "none", "none", "none", "none"])


def test_a_channel_is_looked_at_every_ten_minutes_and_news_alone_is_journaled(town: OfficeTown) -> None:
    first = town.clock.at
    assert [look(town, CLOSED), look(town, replace(CLOSED, archived=True))] == [1, 0]
    town.jump(minutes=10)
    town.slack.seen[demo.OPEN_CHANNEL] = CLOSED
    assert look(town) == 0
    part = town.office.homes.of(town.asked(DPO, once=False)).parts["guard"]
    now = ChannelLook(demo.OPEN_CHANNEL, first + timedelta(minutes=10), Face.CLOSED, 0)
    assert part == GuardSeen(((NAME, now),))
    assert now.differs_from(replace(now, why=Blocked.ARCHIVED))

    def away(_channel: str) -> ChannelSeen:
        raise CertainlyNotSent("away")

    town.jump(minutes=10)
    town.slack.look = away  # type: ignore[method-assign]
    assert look(town) == 0, "Slack being away changes nothing"


@pytest.mark.rule("D11")
def test_the_administrator_sees_the_connection_the_clock_and_no_case(town: OfficeTown) -> None:
    case = town.registered()
    assert "❌ Ur: er ikke begyndt." in home(town, ADMINISTRATOR)
    look(town)
    seen = home(town, ADMINISTRATOR)
    assert (
        "✅ Forbindelse: Slack svarer\n✅ Database: svarer\n✅ Ur: går. Næste dagsorden mandag kl. 8.00\nRegler: version 3 fra "
        in seen
    )
    assert "✅ Clock: runs. Next agenda" in home(town, ADMINISTRATOR, "en")
    assert case.alias not in seen and case.key not in seen
    assert "✅ Ur" not in home(town, DPO)
    town.jump(minutes=6)
    assert "❌ Ur: har stået stille siden mandag kl. 7.50." in home(town, ADMINISTRATOR)
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.lanes.failed(TEAM)
    assert "❌ Forbindelse: Slack svarer ikke lige nu." in home(town, ADMINISTRATOR)
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.lanes.break_off(TEAM, "token_revoked", at=town.clock.at)
    assert "❌ Forbindelse: Slack lukker os ikke ind (token_revoked)." in home(town, ADMINISTRATOR)
    town.jump_to(date(2026, 11, 16), time(9, 0))
    assert look(town) == 0  # the same channel as an hour ago; the round is written
    assert "✅ Ur: går" in home(town, ADMINISTRATOR)


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_checks_are_run_and_answered_where_they_were_asked_for(database: Database, language: str) -> None:
    well = tuple(CheckUp(code, True) for code in ("keys", "database", "rules", "names"))
    found = (*well, CheckUp("slack", False), CheckUp("clock", None))
    town = OfficeTown(database, doctor=lambda: found)
    with pytest.raises(NotForYou):
        town.office.watchkeeping.checks(town.asked("Jens Toft"))
    assert town.office.watchkeeping.checks(town.asked(ADMINISTRATOR)) == found
    with town.work() as work:
        assert [e.facts["unwell"] for e in work.journal.of_acts("checked")] == ["slack,clock"]
    said = readable(views.checks(texts(language), found, town.clock.at))
    good, bad, silent = (
        (
            "✅ Database: i orden",
            "❌ Forbindelse til Slack: Slack lukker os ikke ind",
            "❔ Ur: svarede ikke i tide",
        )
        if language == "da"
        else (
            "✅ Database: in order",
            "❌ Connection to Slack: Slack does not let us in",
            "❔ Clock: did not answer",
        )
    )
    assert good in said and bad in said and silent in said


@pytest.mark.parametrize("language", ["da", "en"])
def test_a_restore_that_nobody_has_confirmed_is_said_to_everybody_and_what_to_run_to_the_administrator(
    town: OfficeTown, language: str
) -> None:
    paused = {
        "da": "Dagsordener og påmindelser er sat på pause efter gendannelse.",
        "en": "Agendas and reminders are paused after a restore.",
    }[language]
    assert paused not in home(town, "Maja Holm", language)
    at, database = town.clock.at, town.house.storage.database
    facts = {
        "id": "r1",
        "backup_id": "b1",
        "taken_at": at,
        "restored_at": at,
        "facts": {"rows": {}, "journal": 0},
    }
    with database.writing.begin() as connection:
        connection.execute(insert(restores).values(facts))
    assert paused in home(town, "Maja Holm", language)
    told = home(town, ADMINISTRATOR, language)
    assert ["indgang doctor --after-restore" in told, paused in told] == [True, False]
    recovery.confirm(database, at=at)
    for who in ("Maja Holm", ADMINISTRATOR):
        assert "⏸️" not in home(town, who, language)


@pytest.mark.rule("D6", "D34")
@pytest.mark.parametrize(
    "strangers", [replace(CLOSED, guests=("U0GAEST001",)), replace(CLOSED, shared_outside=True)]
)
def test_of_a_post_taken_away_from_strangers_after_the_meeting_nobody_is_asked_to_do_anything(
    town: OfficeTown, strangers: ChannelSeen
) -> None:
    town.slack.seen[demo.OPEN_CHANNEL] = CLOSED
    town.jump_to(date(2026, 11, 16), time(8, 1))
    town.knock()
    town.slack.seen[demo.OPEN_CHANNEL] = strangers
    town.jump_to(date(2026, 11, 20), time(8, 0))
    town.knock()
    town.knock()
    assert town.heard(demo.OPEN_CHANNEL) == []
    assert not [
        said for said in town.heard(town.person("Lone Ager")) if "i kanalen" in said or "delt" in said
    ]


@pytest.mark.rule("D6")
def test_a_channel_that_is_opened_puts_away_nothing_that_was_told_of_a_guest(town: OfficeTown) -> None:
    """The post does not come by itself then: whoever was told would be left without it, and without the button."""
    town.slack.seen[demo.OPEN_CHANNEL] = replace(CLOSED, guests=("U0GAEST001",))
    town.jump_to(date(2026, 11, 16), time(8, 1))
    town.knock()
    town.office.outbox.place_again(town.asked("Lone Ager"), demo.OPEN_CHANNEL)
    town.deliver()
    (told,) = [said for said in town.heard(town.person("Lone Ager")) if "ikke i kanalen" in said]
    assert "Prøv igen" in told

"""Setting the house up in Slack: the committee, its slot, its channel, its roster, and what is still missing."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest

from bot.demo import town as demo
from bot.domain.committee import ChannelUnreachable, CommitteeMissing, SeatHeldNow, SeatKind
from bot.domain.meeting import Face
from bot.domain.people import NotForYou, Post, Role
from bot.domain.personal_data import PersonalDataRefused
from bot.texts import texts
from bot.usecases.homes import PartAsked
from bot.usecases.ports import ChannelSeen
from bot.usecases.setup import AdminDesk, ChannelChosen, Gap, Slot, admin_desk
from bot.views import setup as views
from bot.views.kit import Page, Surface
from storage.engine import Database
from tests.support.office import OfficeTown, readable

BO = "Bo Winther"
THURSDAYS = Slot("Udvalget", 3, time(9, 0), 120, "Mødelokale 2", "da")


def with_only_an_administrator(house: Any) -> None:
    house.office.people.at_the_door(demo.FIRST_ADMINISTRATOR, team=demo.TEAM, name=BO, at=demo.SETTLED_AT)


@pytest.fixture
def settle() -> None:
    """Nobody is here yet."""


@pytest.fixture
def bare(database: Database) -> OfficeTown:
    return OfficeTown(database, settle=with_only_an_administrator)


def desk_of(town: OfficeTown, who: str = BO) -> AdminDesk | None:
    asked = town.asked(who, once=False)
    with town.work() as work:
        return admin_desk(PartAsked(work, asked, town.house.rules.on(asked.today)))


def gaps_of(town: OfficeTown) -> list[Gap]:
    desk = desk_of(town)
    assert desk
    return list(desk.gaps)


@pytest.mark.rule("D15")
def test_the_guide_leads_from_nothing_to_a_house_that_runs(bare: OfficeTown) -> None:
    assert gaps_of(bare) == [Gap("committee")]
    bare.office.setup.save_committee(bare.asked(BO), THURSDAYS)
    assert [g.code for g in gaps_of(bare)] == [
        "channel",
        "roster",
        "secretary",
        "chair",
        "leaders",
        "leaders",
        "leaders",
        "caseworker",
    ]
    bare.office.setup.choose_channel(bare.asked(BO), demo.CLOSED_CHANNEL)
    for c in demo.CAST:
        if c.posts:
            bare.office.people.give_posts(bare.asked(BO), (c.id,), c.posts, {c.id: c.name})
        if c.seat:
            kind, area = c.seat
            bare.office.setup.seat(bare.asked(BO), c.id, c.name, kind=kind, area=area, alternate=c.alternate)
    assert gaps_of(bare) == []


def test_a_town_that_is_set_up_has_no_gaps_and_only_administrators_see_the_desk(town: OfficeTown) -> None:
    assert desk_of(town) == AdminDesk((), (), 0, 0, 0)
    assert desk_of(town, "Maja Holm") is None


@pytest.mark.rule("D15")
def test_a_new_committee_has_its_meetings_a_year_ahead(bare: OfficeTown) -> None:
    saved = bare.office.setup.save_committee(bare.asked(BO), THURSDAYS)
    with bare.work() as work:
        coming = work.meetings.next_after(saved.id, bare.today, count=100)
    assert len(coming) > 40
    assert {m.day.weekday() for m in coming} == {3}


@pytest.mark.rule("D15")
def test_another_weekday_lays_empty_meetings_anew_and_leaves_those_with_items(town: OfficeTown) -> None:
    placed = town.next_meetings(1)[0]
    town.referred("Maja Holm", "Jens Toft", meeting=placed.id)
    town.office.setup.save_committee(
        town.asked(BO), Slot("Udvalget", 1, time(13, 0), 90, "Mødelokale 2", "da")
    )
    with town.work() as work:
        coming = work.meetings.next_after(demo.COMMITTEE, town.today, count=100)
        assert [c.id for c in work.committees.all()] == [demo.COMMITTEE], "changed, never a second one"
    kept = next(m for m in coming if m.id == placed.id)
    assert (kept.day, kept.starts) == (placed.day, placed.starts)
    others = [m for m in coming if m.id != placed.id]
    assert {(m.day.weekday(), m.starts, m.minutes) for m in others} == {(1, time(13, 0), 90)}
    weeks = [m.day.isocalendar()[:2] for m in coming]
    assert len(set(weeks)) == len(weeks), "one week never gets two"


def test_another_room_reaches_the_meetings_that_stand(town: OfficeTown) -> None:
    before = town.next_meetings(3)
    town.office.setup.save_committee(town.asked(BO), Slot("Udvalget", 3, time(9, 0), 120, "Rådssalen", "da"))
    after = town.next_meetings(3)
    assert [m.id for m in after] == [m.id for m in before]
    assert {m.room for m in after} == {"Rådssalen"}


def test_a_phone_number_as_a_room_is_refused_on_the_field(town: OfficeTown) -> None:
    with pytest.raises(PersonalDataRefused) as refused:
        town.office.setup.save_committee(
            town.asked(BO), Slot("Udvalget", 3, time(9, 0), 120, "ring 20 30 40 50", "da")
        )
    assert refused.value.field == "room"


@pytest.mark.rule("D6")
@pytest.mark.parametrize(
    ("seen", "chosen"),
    [
        (
            ChannelSeen(exists=True, private=True, members=("U0LONE0001", "U0ALI00001")),
            ChannelChosen(Face.CLOSED, 0),
        ),
        (
            ChannelSeen(exists=True, private=True, members=("U0LONE0001", "U0MAJA0001")),
            ChannelChosen(Face.OPEN, 1),
        ),
        (ChannelSeen(exists=True, private=False, members=("U0LONE0001",)), ChannelChosen(Face.OPEN, 0)),
        (
            ChannelSeen(exists=True, private=True, guests=("U0GAEST001",), members=("U0GAEST001",)),
            ChannelChosen(Face.NONE, 1),
        ),
        (ChannelSeen(exists=True, private=True, shared_outside=True), ChannelChosen(Face.NONE, 0)),
    ],
)
def test_a_chosen_channel_tells_which_face_the_post_will_have(
    town: OfficeTown, seen: ChannelSeen, chosen: ChannelChosen
) -> None:
    town.slack.seen["C0NY"] = seen
    assert town.office.setup.choose_channel(town.asked(BO), "C0NY") == chosen
    saved = town.office.setup.committee(town.asked(BO))
    assert saved and saved.channel == "C0NY"


@pytest.mark.parametrize(
    "seen",
    [
        ChannelSeen(exists=False),
        ChannelSeen(exists=True, archived=True),
        ChannelSeen(exists=True, bot_inside=False),
    ],
)
def test_a_channel_the_bot_is_not_in_is_not_chosen(town: OfficeTown, seen: ChannelSeen) -> None:
    town.slack.seen["C0NY"] = seen
    with pytest.raises(ChannelUnreachable):
        town.office.setup.choose_channel(town.asked(BO), "C0NY")
    saved = town.office.setup.committee(town.asked(BO))
    assert saved and saved.channel == demo.OPEN_CHANNEL


def test_nothing_is_seated_before_there_is_a_committee(bare: OfficeTown) -> None:
    with pytest.raises(CommitteeMissing):
        bare.office.setup.roster(bare.asked(BO))


@pytest.mark.rule("R003", "R004", "R005", "R006")
def test_a_seat_makes_a_member_and_taking_it_ends_that(town: OfficeTown) -> None:
    roster = town.office.setup.seat(
        town.asked(BO), "U0MAJA0001", "Maja Holm", kind=SeatKind.SCHOOLS, area="schools", alternate=False
    )
    assert roster.faults == ("schools",)
    assert town.person("Maja Holm").has(Role.COMMITTEE_MEMBER)
    seat = next(s for s in roster.seats if s.name == "Maja Holm")
    assert town.office.setup.unseat(town.asked(BO), seat.id).faults == ()
    assert town.person("Maja Holm").posts == frozenset({Post(Role.CASEWORKER, "social")})
    assert town.office.setup.unseat(town.asked(BO), seat.id).faults == ()


@pytest.mark.rule("R003", "R005")
def test_a_later_period_in_the_same_seat_takes_nobody_out_of_it_today(town: OfficeTown) -> None:
    def seat(kind: SeatKind, area: str, first: date) -> Any:
        last, who = date(2027, 12, 31), ("U0SOFIE001", "Sofie Bech")
        period = {"first": first, "last": last}
        return town.office.setup.seat(town.asked(BO), *who, kind=kind, area=area, alternate=False, **period)

    longer = seat(SeatKind.CASEWORKER, "youth", date(2027, 1, 1))
    assert longer.faults == ()
    assert [(s.first, s.last) for s in longer.seats if s.name == "Sofie Bech"] == [(None, date(2027, 12, 31))]
    with pytest.raises(SeatHeldNow):
        seat(SeatKind.CASEWORKER, "social", date(2027, 1, 1))


def test_only_an_administrator_sets_up(town: OfficeTown) -> None:
    lone = town.asked("Lone Ager")
    for ask in (
        lambda: town.office.setup.committee(lone),
        lambda: town.office.setup.save_committee(lone, THURSDAYS),
        lambda: town.office.setup.choose_channel(lone, "C0NY"),
        lambda: town.office.setup.roster(lone),
        lambda: town.office.setup.unseat(lone, "seat-U0ALI00001"),
        lambda: town.office.people.posts_of(lone, "U0ALI00001"),
    ):
        with pytest.raises(NotForYou):
            ask()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("da", ("ting mangler", "Opret udvalget", "Roller", "Personer uden rolle: 2")),
        ("en", ("Create the committee", "Roles")),
    ],
)
def test_the_guide_is_drawn_with_its_next_step(
    language: str, words: tuple[str, ...], town: OfficeTown
) -> None:
    desk = AdminDesk((Gap("committee"), Gap("leaders", "social")), (("U1", "Kim Nyholm"),), 2, 2, 1)
    page = Page(Surface.HOME)
    views.admin_part(page, texts(language), town.house.rules.on(town.today), desk)
    shown = readable(page.home()["blocks"])
    for word in (*words, "Kim Nyholm", "(2)"):
        assert word in shown


def test_every_gap_and_fault_has_words_and_a_next_step(town: OfficeTown) -> None:
    for language in ("da", "en"):
        for code in ("committee", "channel", "roster", "secretary", "chair", "leaders", "caseworker"):
            assert texts(language).has("setup", f"gap_{code}") and texts(language).has("setup", f"do_{code}")
        for code in ("size", "management", "caseworkers", "schools", "twice"):
            assert texts(language).has("setup", f"fault_{code}")

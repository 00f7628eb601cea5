"""Whoever left while nobody could hear of it is found within a day; nobody is taken for gone who is not."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import select

from bot.demo import town as demo
from bot.slack.directory import SlackUser
from bot.usecases.ports import PerhapsSent, PlaceBroken
from bot.usecases.reconciling import AT_ONCE, TURN, Reconciling
from storage.tables import lanes
from tests.support.office import OfficeTown

MAJA, JENS, BO = "U0MAJA0001", "U0JENS0001", "U0BO000001"


@dataclass
class Workspace:
    gone: set[str] = field(default_factory=set)
    shut: set[str] = field(default_factory=set)
    bad: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)
    elsewhere: set[str] = field(default_factory=set)
    away: bool = False
    asked: list[str] = field(default_factory=list)

    def ask(self, user: str) -> SlackUser | None:
        if self.away:
            raise PerhapsSent("timeouterror", away=True)
        self.asked.append(user)
        if user in self.bad:
            raise PerhapsSent("internal_error")
        if user in self.shut:
            raise PlaceBroken("ekm_access_denied")
        if user in self.unknown:
            return None
        team = "T1" if user in self.elsewhere else demo.TEAM
        there = user not in self.gone
        return SlackUser(user, team, "", full_member=there and team == demo.TEAM, deleted=not there)


def reconciling(town: OfficeTown, workspace: Workspace) -> Reconciling:
    def leave(person: str, at: object) -> None:
        town.office.people.deactivated(person, at=town.clock.at)

    return Reconciling(town.house.tools, clock=town.clock, ask=workspace.ask, leave=leave)


def active(town: OfficeTown) -> set[str]:
    with town.work() as work:
        return {person.id for person in work.people.all() if person.active}


def all_day(town: OfficeTown, *rounds: Reconciling) -> None:
    for _ in range(40):
        for one in rounds:
            one.ask_due(town.clock.at)
        town.jump(seconds=20)


def test_who_left_unheard_is_found_and_everybody_is_asked_about_once_a_day(town: OfficeTown) -> None:
    workspace = Workspace(gone={MAJA}, unknown={JENS}, elsewhere={BO})
    first, second = reconciling(town, workspace), reconciling(town, workspace)
    before = active(town)
    assert first.ask_due(town.clock.at) <= AT_ONCE == len(workspace.asked)
    all_day(town, first, second)
    assert active(town) == before - {MAJA}
    assert sorted(workspace.asked) == sorted(before)
    town.jump(hours=24)
    all_day(town, second)
    assert len(workspace.asked) == 2 * len(before) - 1


def test_of_whoever_has_left_no_turn_is_kept(town: OfficeTown) -> None:
    workspace = Workspace(gone={MAJA})
    one = reconciling(town, workspace)
    all_day(town, one)
    town.office.people.deactivated(JENS, at=town.clock.at)
    for _ in range(3):
        town.jump(hours=25)
        all_day(town, one)
    with town.house.storage.database.reading.connect() as connection:
        kept = set(connection.execute(select(lanes.c.name).where(lanes.c.name.startswith(TURN))).scalars())
    assert kept == {TURN} | {f"{TURN}:{person}" for person in active(town)}


def test_a_process_that_ends_leaves_the_rest_of_the_day_to_the_next(town: OfficeTown) -> None:
    workspace = Workspace(gone={MAJA})
    before = active(town)
    reconciling(town, workspace).ask_due(town.clock.at)
    assert len(workspace.asked) == AT_ONCE < len(before)
    all_day(town, reconciling(town, workspace))
    assert sorted(workspace.asked) == sorted(before)
    assert active(town) == before - {MAJA}
    all_day(town, reconciling(town, workspace))
    assert len(workspace.asked) == len(before), "the day is done, whoever asks"


def test_one_whom_slack_will_not_tell_of_holds_up_nobody(town: OfficeTown) -> None:
    workspace, before = Workspace(shut={BO}, gone={MAJA}), active(town)
    all_day(town, reconciling(town, workspace))
    assert active(town) == before - {MAJA}
    assert sorted(workspace.asked) == sorted(before)


def test_one_of_whom_slack_s_answer_is_always_bad_holds_up_nobody(town: OfficeTown) -> None:
    workspace, before = Workspace(bad={MAJA, JENS, BO}, gone={"U0NANNA001"}), active(town)
    all_day(town, reconciling(town, workspace))
    assert active(town) == before - {"U0NANNA001"}


def test_while_slack_is_away_nobody_is_taken_for_gone_and_the_rest_wait(town: OfficeTown) -> None:
    workspace = Workspace(gone={MAJA}, away=True)
    one, before = reconciling(town, workspace), active(town)
    all_day(town, one)
    assert (active(town), workspace.asked) == (before, [])
    workspace.away = False
    all_day(town, one)
    assert active(town) == before - {MAJA}

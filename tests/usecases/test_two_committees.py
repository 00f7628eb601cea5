"""A second committee beside the one of the interface: its chair and secretary run their own meetings, and no other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.demo import town as demo
from bot.domain.people import Person, Post, Role
from bot.usecases.agenda_facts import desk_part
from bot.usecases.homes import PartAsked
from bot.usecases.ports import NotHere
from bot.usecases.two_chairs import Alarms, my_alarms
from tests.support.office import OfficeTown
from tests.support.rows import a_committee, a_meeting

OTHER = "second"
INGA, SVEND, HENRIK, MAJA, BO = "Inga Lund", "Svend Rask", "Henrik Dahl", "Maja Holm", "Bo Winther"


pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
"""What is asked of the database is asked of both in tests/storage/test_committees_apart.py."""


@pytest.fixture
def two(town: OfficeTown) -> OfficeTown:
    """Inga chairs the second one, and Svend is its secretary; it meets once in the week."""
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.committees.add(a_committee(id=OTHER, channel=None))
        work.meetings.add(a_meeting("theirs", committee=OTHER, day=town.today + timedelta(days=3)))
        for name, role in ((INGA, Role.CHAIR), (SVEND, Role.SECRETARY)):
            post = frozenset({Post(role, committee=OTHER)})
            work.people.add(Person(f"U{name[:4].upper()}", demo.TEAM, name, post))
    return town


def part(town: OfficeTown, work: Any, who: str) -> PartAsked:
    asked = town.asked(who, once=False)
    return PartAsked(work, asked, town.house.rules.on(asked.today))


@pytest.mark.rule("R002", "T32")
def test_a_gap_is_told_to_the_chair_of_its_own_committee(two: OfficeTown) -> None:
    case = two.registered(MAJA)
    with two.house.storage.open_work(at=two.clock.at) as work:
        work.cases.save(replace(case, committee=OTHER))
    two.office.people.deactivated(two.person(MAJA).id, at=two.clock.at)
    two.deliver()
    told = {who: len(two.heard(two.person(who))) for who in (INGA, SVEND, HENRIK, "Lone Ager", "Jens Toft")}
    assert told == {INGA: 1, SVEND: 0, HENRIK: 0, "Lone Ager": 0, "Jens Toft": 1}
    with two.work() as work:
        theirs, ours = (my_alarms(part(two, work, who)) for who in (INGA, HENRIK))
    assert theirs is not None
    assert [line.case_id for line in theirs.lines] == [case.id]
    assert ours == Alarms(0)


@pytest.mark.rule("R002")
def test_the_desk_is_that_of_ones_own_committee(two: OfficeTown) -> None:
    item = two.referred(MAJA, "Jens Toft")
    with two.work() as work:
        desks = {who: desk_part(part(two, work, who)) for who in (SVEND, "Lone Ager")}
    waiting = {who: [w.id for w in desk.waiting] for who, desk in desks.items() if desk}
    assert waiting == {SVEND: [], "Lone Ager": [item.id]}
    views = {who: desk.view.meeting.committee for who, desk in desks.items() if desk and desk.view}
    assert views == {SVEND: OTHER, "Lone Ager": demo.COMMITTEE}


OF_A_MEETING: dict[str, Callable[[Any, Any, str], object]] = {
    "desk": lambda o, a, m: o.agendas.desk(a, m),
    "get": lambda o, a, m: o.meetings.get(a, m),
    "cancel": lambda o, a, m: o.meetings.cancel(a, m, reason="other"),
    "undo": lambda o, a, m: o.meetings.undo_extra(a, m),
    "preview": lambda o, a, m: o.posts.preview(a, m),
    "again": lambda o, a, m: o.posts.again(a, m),
    "begin": lambda o, a, m: o.sessions.beginning(a, m),
    "resume": lambda o, a, m: o.sessions.resume(a, m),
    "reopen": lambda o, a, m: o.sessions.reopen(a, m),
    "amend": lambda o, a, m: o.amendments.form(a, m, "item"),
}


@pytest.mark.rule("R002", "D11")
def test_a_meeting_of_the_other_committee_is_as_one_that_is_not_there(two: OfficeTown) -> None:
    ours = two.next_meetings(1)[0].id
    for name, ask in OF_A_MEETING.items():
        for who, meeting in ((SVEND, ours), ("Lone Ager", "theirs"), (SVEND, "never")):
            with pytest.raises(NotHere) as refused:
                ask(two.office, two.asked(who), meeting)
            assert str(refused.value) == "meetings", name


@pytest.mark.rule("R002", "D35")
def test_a_form_that_names_no_committee_leaves_a_role_where_it_is_held_and_so_does_undoing(
    two: OfficeTown,
) -> None:
    inga, bo = two.person(INGA), two.asked(BO)
    wanted = frozenset({Post(Role.CHAIR), Post(Role.SECRETARY)})
    two.office.people.give_posts(bo, (inga.id,), wanted, {inga.id: INGA})
    held = {Post(Role.CHAIR, committee=OTHER), Post(Role.SECRETARY, committee=demo.COMMITTEE)}
    assert two.person(INGA).posts == held
    two.jump(minutes=1)
    taken = two.asked(BO)
    two.office.people.give_posts(taken, (inga.id,), frozenset({Post(Role.EVALUATOR)}), {inga.id: INGA})
    two.office.people.undo_posts(two.asked(BO), taken.at)
    assert two.person(INGA).posts == held


@pytest.mark.rule("R002", "D31")
def test_what_is_lent_is_lent_in_its_own_committee(two: OfficeTown) -> None:
    svend, lise = two.person(SVEND), two.person("Lise Vang")
    two.office.absences.allow_deputies(two.asked(BO), svend.id, (lise.id,))
    two.office.absences.away(two.asked(SVEND), two.today, two.today + timedelta(days=4), lise.id)
    now = two.person("Lise Vang")
    assert now.has(Role.SECRETARY, committee=OTHER)
    assert not now.has(Role.SECRETARY, committee=demo.COMMITTEE)
    assert now.runs(OTHER)

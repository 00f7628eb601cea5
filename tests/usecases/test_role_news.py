"""Nobody opens cases for themselves in silence: who hears that roles were given, and what (D11)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.committee import SeatKind
from bot.domain.people import Post, Role
from tests.support.office import OfficeTown

BO, DITTE, LISE, JENS = "Bo Winther", "Ditte Lund", "Lise Vang", "Jens Toft"
OWN = "🔑 Bo Winther har givet sig selv en rolle: "
NEXT = "Er det ikke aftalt, så tal med administratoren eller din leder. Det står i journalen."
LEADS_SOCIAL = (JENS,)


def gives(town: OfficeTown, to: list[str], *posts: Post, keep: bool = True) -> None:
    people = [town.person(name) for name in to]
    names = {p.id: p.name for p in people}
    town.office.people.give_posts(town.asked(BO), tuple(names), frozenset(posts), names, keep=keep)
    town.deliver()


def told(town: OfficeTown, who: str) -> list[str]:
    return [said.splitlines()[0] for said in town.heard(town.person(who)) if "🔑" in said]


@pytest.mark.rule("D11")
def test_an_administrator_who_opens_cases_for_themselves_is_heard_of_at_once(town: OfficeTown) -> None:
    gives(town, [BO], Post(Role.CASEWORKER, "social"))
    said = [f"{OWN}Sagsbehandler (Socialområdet)."]
    assert (told(town, DITTE), told(town, JENS), told(town, LISE), told(town, BO)) == (said, said, [], [])
    assert town.heard(town.person(DITTE)) == [f"{said[0]}\n{NEXT}"]
    gives(town, [BO], Post(Role.CHAIR))
    assert told(town, LISE) == [f"{OWN}Formand."], "a role for the whole effort is every leader's business"
    with town.work() as work:
        given = [e.facts["roles"] for e in work.journal.of_acts("roles_given")]
    assert given == ["administrator/-,caseworker/social", "administrator/-,caseworker/social,chair/-"]


@pytest.mark.rule("D11")
def test_the_data_protection_officer_hears_of_roles_for_others_once_however_many(town: OfficeTown) -> None:
    some = ["Anne Bruun", "Palle Rask"]
    gives(town, some, Post(Role.CASEWORKER, "youth"))
    gives(town, ["Anne Bruun"], Post(Role.EVALUATOR))
    gives(town, ["Anne Bruun"], Post(Role.CASEWORKER, "youth"))
    assert told(town, DITTE) == [
        "🔑 Bo Winther har givet Anne Bruun, Palle Rask en rolle: Sagsbehandler (Ungeindsatsen og UU)."
    ], "figures open no case, and what somebody holds already is no news"
    assert told(town, LISE) == []


@pytest.mark.rule("D11")
def test_whoever_watches_hears_that_the_watch_was_taken_from_them(town: OfficeTown) -> None:
    """Else this would be the first step of somebody who wants to look in peace."""
    gives(town, [DITTE], keep=False)
    gives(town, [BO], Post(Role.CASEWORKER, "social"))
    taken = "🔑 Bo Winther har taget en rolle fra Ditte Lund: Databeskyttelsesrådgiver."
    assert told(town, DITTE) == [taken]
    assert told(town, JENS) == [taken, f"{OWN}Sagsbehandler (Socialområdet)."]


@pytest.mark.rule("D11")
def test_a_seat_is_a_role_and_the_person_reads_it_in_their_own_language(town: OfficeTown) -> None:
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.people.save(replace(work.people.get(town.person(DITTE).id), language="en"))
    bo = town.person(BO)
    for _ in range(2):
        town.office.setup.seat(
            town.asked(BO), bo.id, bo.name, kind=SeatKind.CASEWORKER, area="social", alternate=False
        )
    town.deliver()
    assert told(town, DITTE) == ["🔑 Bo Winther has given themselves a role: Committee member."]

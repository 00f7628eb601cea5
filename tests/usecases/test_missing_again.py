"""What was »velbelyst« turns out to lack something: the mark goes, and those who can mend it hear what (T09)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.people import NotForYou
from bot.domain.presentation import AlreadySettled, ItemsUnanswered, Presentation, State, Tick
from bot.texts import texts
from bot.views import missing_again as views
from tests.support.office import OfficeTown, readable
from tests.support.session import next_meeting, put, ready

MAJA, JENS, LONE = "Maja Holm", "Jens Toft", "Lone Ager"


def now(town: OfficeTown, item: Presentation) -> Presentation:
    with town.work() as work:
        found: Presentation = work.presentations.get(item.id)
        return found


@pytest.mark.rule("T09", "R020")
@pytest.mark.parametrize(("by", "hears"), [(LONE, (MAJA, JENS)), (JENS, (MAJA,))])
def test_secretary_or_leader_takes_the_mark_away_with_what_is_missing(
    town: OfficeTown, by: str, hears: tuple[str, ...]
) -> None:
    item = ready(town, next_meeting(town))
    consent = {"consent": Tick("U0MAJA0001", town.clock.at)}
    item = put(town, replace(now(town, item), ticks={**item.ticks, **consent}))
    desk = town.office.missing_again
    with pytest.raises(NotForYou):
        desk.take(town.asked(MAJA), item.id, missing=("consent",))
    with pytest.raises(ItemsUnanswered):
        desk.take(town.asked(by), item.id, missing=())
    for language in ("da", "en"):
        form = views.form(
            desk.form(town.asked(by), item.id), texts(language), town.house.rules.on(town.today), meta="{}"
        )
        assert "velbelyst" in readable(form["blocks"]) or language == "en"
    if by == LONE:
        assert town.office.agendas.open_item(town.asked(by), item.id).may_take_mark
    case = town.office.cases.show(town.asked(by), item.case_id)
    assert case.aside.marked is not None and case.aside.marked.id == item.id
    desk.take(town.asked(by), item.id, missing=("consent", "other"))
    after = now(town, item)
    assert (after.state, after.ready_by, after.meeting_id) == (State.REFERRED, None, item.meeting_id)
    assert "consent" in town.office.readiness.show(town.asked(MAJA), item.id).missing
    town.deliver()
    for person in hears:
        (said,) = [h for h in town.heard(town.person(person)) if "ikke velbelyst længere" in h]
        assert f"siger {by}" in said and "samtykke" in said.lower()
    with pytest.raises(AlreadySettled):
        desk.take(town.asked(by), item.id, missing=("consent",))

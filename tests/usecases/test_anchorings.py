"""Where a case belongs: proposed by a rule set, assessed by a person, kept as rows, moved by nobody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from bot.domain.anchoring import AnchorReasonMissing, What
from bot.domain.case import AgeBand, CaseNotFound
from bot.domain.people import NotForYou
from bot.domain.presentation import State
from bot.texts import texts
from bot.views import anchoring as views
from bot.views import case as case_views
from tests.support.frames import active_case
from tests.support.office import OfficeTown, readable
from tests.support.session import AS_RECOMMENDED, approved, next_meeting, put, ready


def rows(town: OfficeTown, case: str) -> list[tuple[str, str, str]]:
    with town.work() as work:
        return [(b.what.value, b.area, b.reason) for b in work.belongings.of_case(case)]


@pytest.mark.rule("R083", "R084", "R044", "D8")
def test_an_assessment_is_stored_with_who_when_what_was_proposed_and_why(town: OfficeTown) -> None:
    case = town.registered("Maja Holm", band=AgeBand.YOUTH)
    form = town.office.anchorings.form(town.asked("Maja Holm", once=False), case.id)
    assert (form.rule_set.code, form.proposal.area) == ("tillempet", "youth")
    form = town.office.anchorings.form(
        town.asked("Maja Holm", once=False), case.id, chosen=("most_vulnerable",)
    )
    assert form.proposal.area == "social"

    with pytest.raises(AnchorReasonMissing) as refused:
        town.office.anchorings.assess(
            town.asked("Maja Holm"), case.id, chosen=("most_vulnerable",), area="youth", reason=None
        )
    assert "Socialområdet" in texts("da").say("refusal", "anchor_reason_missing", **refused.value.facts)
    moved = town.office.anchorings.assess(
        town.asked("Maja Holm"), case.id, chosen=("most_vulnerable",), area="youth", reason="own_wish"
    )
    assert moved.area == "youth"
    with town.work() as work:
        row = work.belongings.now(case.id, What.ANCHOR)
        assert row and (row.by, row.at, row.since) == ("U0MAJA0001", town.clock.at, town.today)
        assert (row.rule_set, row.proposed, row.reason) == ("tillempet@v2021-02", "social", "own_wish")
        facts = [e.facts for e in work.journal.of_case(case.id) if e.act == "anchor_assessed"]
        assert facts == [{"area": "youth", "reason": "own_wish", "proposed": "social"}]
    assert rows(town, case.id) == [("anchor", "social", "registered"), ("anchor", "youth", "own_wish")]
    town.deliver()
    assert any(
        "er nu forankret i Ungeindsatsen og UU" in said for said in town.heard(town.person("Lise Vang"))
    )


def to_youth(town: OfficeTown, case: str) -> None:
    town.office.anchorings.assess(
        town.asked("Maja Holm"), case, chosen=("most_vulnerable",), area="youth", reason="own_wish"
    )


@pytest.mark.rule("R009", "T07", "T03")
def test_a_request_goes_along_to_the_leaders_of_the_new_area(town: OfficeTown) -> None:
    request = town.requested("Maja Holm")
    town.deliver()
    town.jump(days=7)
    town.knock()  # nobody answered in time
    to_youth(town, request.case_id)
    town.knock()
    heard = town.heard(town.person("Jens Toft"))
    assert [said.partition("–")[0] for said in heard] == [
        "Klaret. Du finder resten på startsiden i Én Indgang.",
        "I dag: 1 ting ",
    ]
    assert town.office.referrals.waiting_for(town.asked("Jens Toft", once=False)) == []
    assert any("venter på dig" in said for said in town.heard(town.person("Lise Vang")))
    waits = town.office.referrals.waiting_for(town.asked("Lise Vang", once=False))
    assert [(w.presentation.id, w.presentation.answer_by) for w in waits] == [
        (request.id, date(2026, 11, 26))
    ]
    with pytest.raises(CaseNotFound):
        town.office.referrals.refer(town.asked("Jens Toft"), request.id, collector=None, meeting_id=None)
    town.office.referrals.refer(town.asked("Lise Vang"), request.id, collector=None, meeting_id=None)


@pytest.mark.rule("R009", "T08", "T21")
def test_a_mark_and_an_overdue_follow_up_wait_for_the_leader_of_the_new_area(town: OfficeTown) -> None:
    first = town.next_meetings(1)[0]
    case, _ = active_case(town, follow_up=first)
    item = ready(town, first)
    unmarked = put(town, replace(item, state=State.REFERRED, ready_by=None, ready_at=None))
    for moved in (case.id, item.case_id):
        to_youth(town, moved)
    marks = [
        town.office.readiness.show(town.asked(who, once=False), unmarked.id).may_mark
        for who in ("Maja Holm", "Lise Vang")
    ]
    assert marks == [False, True]
    town.jump_to(date(2026, 11, 27), time(8, 0))
    kinds = {
        who: [line.kind for line in town.office.overviews.today(town.asked(who, once=False)).lines]
        for who in ("Jens Toft", "Lise Vang")
    }
    assert ("overdue" in kinds["Jens Toft"], "overdue" in kinds["Lise Vang"]) == (False, True), kinds


@pytest.mark.rule("R079", "R080", "R081", "R082", "R032")
@pytest.mark.parametrize(
    ("chosen", "says", "one_by_one"),
    [
        (
            "forslag_1",
            ["Modtager førtidspension: Socialområdet", "under 30 år: Ungeindsatsen og UU", "Alle andre: Arbejdsmarkedsafdelingen"],
            [],
        ),
        (
            "forslag_2",
            ["Har det aktuelt meget vanskeligt: Socialområdet", "Alle andre: Arbejdsmarkedsafdelingen"],
            ["er hjemløs", "har misbrugsproblemer", "har en alvorlig psykisk sygdom", "har et vidtgående handicap"],
        ),
        (
            "tillempet",
            ["under 18 år, medmindre: 15-17 år, har kun brug for rådgivning: Socialområdet"],
            [
                "har alvorlige og behandlingskrævende psykiske vanskeligheder",
                "har vidtgående fysiske handicap og kroniske lidelser",
                "er hjemløs og har ophold på forsorgshjem",
                "har omfattende misbrugsproblemer",
            ],
        ),
    ],
)  # fmt: skip
def test_the_form_shows_the_set_in_force_and_who_it_means_one_by_one_and_asks_for_none_of_them(
    town: OfficeTown, chosen: str, says: list[str], one_by_one: list[str]
) -> None:
    case = town.registered("Maja Holm")
    rules = town.house.rules.on(town.today)
    found = town.office.anchorings.form(town.asked("Maja Holm", once=False), case.id)
    view = views.form(texts("da"), rules, replace(found, rule_set=rules.anchoring.set(chosen)), meta="{}")
    shown = next(b["text"]["text"] for b in view["blocks"] if b.get("block_id") == "criteria").splitlines()
    assert [line for line in says if f"• {line}" not in shown] == []
    assert [line.removeprefix("– ") for line in shown if line.startswith("– ")] == one_by_one
    asked = next(b for b in view["blocks"] if b.get("block_id") == "facts")
    assert len(asked["element"]["options"]) == 4  # that one of them holds, never which (R032)


@pytest.mark.rule("R083", "D11")
def test_only_who_answers_for_the_case_assesses_it(town: OfficeTown) -> None:
    case = town.registered("Maja Holm")
    leader = town.office.anchorings.assess(
        town.asked("Jens Toft"), case.id, chosen=("most_vulnerable",), area="social", reason=None
    )
    assert leader.area == "social"
    meeting = next_meeting(town)
    presentation = ready(town, meeting)
    with pytest.raises(NotForYou):
        town.office.anchorings.assess(
            town.asked("Lone Ager"), presentation.case_id, chosen=(), area="youth", reason="other"
        )
    with pytest.raises(CaseNotFound):
        town.office.anchorings.assess(
            town.asked("Peter Krogh"), case.id, chosen=(), area="youth", reason="other"
        )


@pytest.mark.rule("R108", "T26", "T17", "D8", "R114")
def test_payer_and_anchor_are_two_histories_and_no_birthday_moves_either(town: OfficeTown) -> None:
    meeting = next_meeting(town)
    presentation = ready(town, meeting)
    case = presentation.case_id
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.cases.put_birth_month(case, "1996-12")  # turns 30 next month
    approved(town, meeting, AS_RECOMMENDED)
    assert rows(town, case) == [("anchor", "social", "registered"), ("payer", "social", "decided")]
    town.office.anchorings.assess(town.asked("Maja Holm"), case, chosen=(), area="youth", reason=None)
    with town.work() as work:
        known = work.cases.get(case)
    assert (known.area, known.payer, known.rules_version) == ("youth", "social", "3")

    town.clock.at = datetime(2027, 1, 4, 6, 0, tzinfo=UTC)
    town.knock()
    with town.work() as work:
        after = work.cases.get(case)
    assert (after.area, after.payer, after.caseworker) == ("youth", "social", known.caseworker)
    assert len(rows(town, case)) == 3


@pytest.mark.rule("R042", "R044", "R016", "R109")
@pytest.mark.parametrize("language", ["da", "en"])
def test_the_form_and_the_case_say_where_it_belongs(town: OfficeTown, language: str) -> None:
    words, rules = texts(language), town.house.rules.on(town.today)
    case = town.registered("Maja Holm", band=AgeBand.ADULT)
    town.office.anchorings.assess(town.asked("Maja Holm"), case.id, chosen=(), area="employment", reason=None)
    asked = town.asked("Maja Holm", once=False)
    shown = readable(
        views.form(words, rules, town.office.anchorings.form(asked, case.id), meta="{}")["blocks"]
    )
    page = readable(
        case_views.page(words, rules, town.office.cases.show(asked, case.id), meta="{}")["blocks"]
    )
    if language == "da":
        assert "Tillempet model (v2021-02) foreslår: *Arbejdsmarkedsafdelingen* – sagen flytter" in shown
        assert "Forankret i Arbejdsmarkedsafdelingen · Som foreslået · Maja Holm" in shown
        assert "Forankret i Arbejdsmarkedsafdelingen · Indsatsplan" in page
        assert "Forankring vurderet: Arbejdsmarkedsafdelingen" in page
        assert "Sundhed og Omsorg mangler" in page
        assert "Trivsel og Læring" not in page
    else:
        assert "Adapted model (v2021-02) proposes: *Employment services*" in shown
        assert "Action plan" in page

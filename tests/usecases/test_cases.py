"""Registering a case, finding it again, and who may see it."""

from __future__ import annotations

import pytest

from bot.domain.case import (
    AgeBand,
    AliasTaken,
    CancelReasonMissing,
    CaseIsYours,
    CaseNotFound,
    ReferenceTaken,
    Stage,
)
from bot.domain.people import NotForYou
from bot.domain.personal_data import CaseReferenceUnclear, PersonalDataRefused
from bot.usecases.case_status import Status
from bot.usecases.ports import AlreadyAsked
from tests.support.office import OfficeTown


@pytest.mark.rule("T01", "D28", "D29")
def test_a_registered_case_has_a_key_an_alias_and_the_last_four_of_its_number(town: OfficeTown) -> None:
    case = town.registered("Maja Holm", number="S2026-114711")
    line = town.office.cases.get(town.asked("Maja Holm"), case.id)
    assert (line.key, line.tail, line.stage, line.status) == (
        "26-0001",
        "4711",
        Stage.REGISTERED,
        Status("registered"),
    )


@pytest.mark.rule("D23", "T01")
def test_a_number_that_is_registered_is_refused_and_the_leaders_are_told(town: OfficeTown) -> None:
    town.registered("Maja Holm", number="S2026-114711")
    with pytest.raises(ReferenceTaken):
        town.registered("Ali Demir", number="s2026-114711")
    town.deliver()
    told = [text for text in town.heard(town.person("Jens Toft")) if "Ali Demir" in text]
    assert len(told) == 1


@pytest.mark.rule("D23", "T01")
def test_whoever_registers_their_own_case_again_hears_which_it_is_and_nobody_else_hears_of_it(
    town: OfficeTown,
) -> None:
    case = town.registered("Maja Holm", number="S2026-114711")
    with pytest.raises(CaseIsYours) as refused:
        town.registered("Maja Holm", number="S2026-114711")
    assert refused.value.facts == {"alias": case.alias, "key": case.key}
    town.deliver()
    assert town.heard(town.person("Jens Toft")) == []


@pytest.mark.rule("D36", "T01")
@pytest.mark.parametrize("typed", ["311299-9999", "3112999999", "https://x.dk/sag?cpr=311299-9999"])
def test_a_cpr_number_is_refused_before_anything_is_stored(town: OfficeTown, typed: str) -> None:
    with pytest.raises((PersonalDataRefused, CaseReferenceUnclear, Exception)) as refused:
        town.registered("Tine Lauridsen", number=typed)
    assert "311299" not in repr(refused.value.__dict__)
    assert town.office.cases.mine(town.asked("Tine Lauridsen")) == []


def test_an_alias_is_never_given_twice(town: OfficeTown) -> None:
    case = town.registered("Maja Holm")
    with pytest.raises(AliasTaken):
        town.office.cases.register(
            town.asked("Ali Demir"), reference="S2026-900001", band=AgeBand.YOUTH, alias=case.alias, area=None
        )


def test_a_secretary_does_not_register_cases(town: OfficeTown) -> None:
    with pytest.raises(NotForYou):
        town.office.cases.register(
            town.asked("Lone Ager"),
            reference="S2026-900001",
            band=AgeBand.YOUTH,
            alias="Bogfinke",
            area="social",
        )


def test_the_same_form_sent_twice_makes_one_case(town: OfficeTown) -> None:
    asked = town.asked("Maja Holm")
    alias = town.office.cases.alias_choices(asked)[0].word
    facts = {"reference": "S2026-114711", "band": AgeBand.YOUTH, "alias": alias, "area": None}
    case = town.office.cases.register(asked, **facts)
    with pytest.raises(AlreadyAsked) as again:
        town.office.cases.register(asked, **{**facts, "reference": "S2026-114712"})
    assert again.value.result == case.id
    assert [c.key for c in town.office.cases.mine(asked)] == ["26-0001"]


@pytest.mark.rule("D11")
def test_a_case_of_others_reads_exactly_as_one_that_does_not_exist(town: OfficeTown) -> None:
    case = town.registered("Maja Holm")
    for id in (case.id, "no-such-case"):  # noqa: A001
        with pytest.raises(CaseNotFound) as refused:
            town.office.cases.show(town.asked("Peter Krogh"), id)
        assert refused.value.facts == {}


@pytest.mark.rule("D29")
def test_a_case_is_found_by_prefix_key_number_and_last_digits_by_its_own_people_only(
    town: OfficeTown,
) -> None:
    case = town.registered("Maja Holm", number="S2026-114711")
    for text in (case.alias[:3].lower(), case.alias, "26-0001", "1", "4711", "S2026-114711"):
        found = town.office.cases.find(town.asked("Maja Holm"), text if text != "1" else "0001")
        assert [c.id for c in found] == [case.id], text
        assert town.office.cases.find(town.asked("Peter Krogh"), text) == []


@pytest.mark.rule("D12", "D21")
def test_every_look_at_a_case_and_at_its_number_is_journaled(town: OfficeTown) -> None:
    case = town.registered("Maja Holm")
    town.office.cases.show(town.asked("Jens Toft"), case.id)
    town.office.cases.show_number(town.asked("Maja Holm"), case.id)
    with town.work() as work:
        looks = [(e.act, e.by) for e in work.journal.of_case(case.id, looks=True) if e.look]
    assert looks == [("case_opened", "U0JENS0001"), ("number_shown", "U0MAJA0001")]


@pytest.mark.rule("T02")
def test_a_wrong_registration_is_undone_and_its_number_is_free_again(town: OfficeTown) -> None:
    wish = town.requested("Maja Holm")
    number = "S2026-000002"
    with pytest.raises(CancelReasonMissing):
        town.office.cases.cancel(town.asked("Maja Holm"), wish.case_id, reason=None)
    undone = town.office.cases.cancel(town.asked("Maja Holm"), wish.case_id, reason="registered_twice")
    assert (undone.stage, undone.cancelled_for) == (Stage.CANCELLED, "registered_twice")
    with town.work() as work:
        said = [e.facts for e in work.journal.of_case(wish.case_id) if e.act == "case_cancelled"]
    assert said == [{"reason": "registered_twice"}]
    town.deliver()
    assert [t for t in town.heard(town.person("Jens Toft")) if "venter på dig" in t] == []
    assert town.registered("Ali Demir", number=number).stage == Stage.REGISTERED


@pytest.mark.rule("T02")
def test_a_leader_cancels_too_and_the_caseworker_is_told_why(town: OfficeTown) -> None:
    case = town.registered("Maja Holm")
    town.office.cases.cancel(town.asked("Jens Toft"), case.id, reason="wrong_area")
    town.deliver()
    told = town.heard(town.person("Maja Holm"))[-1]
    assert f"Jens Toft har annulleret oprettelsen af »{case.alias}« {case.key}: hører til i et andet" in told


def test_another_area_adds_its_own_number_and_sees_only_its_own(town: OfficeTown) -> None:
    presentation = town.referred("Maja Holm", meeting=town.next_meetings()[0].id)
    sofie = town.asked("Sofie Bech")
    town.office.cases.add_reference(sofie, presentation.case_id, area="youth", text="U-55123")
    shown = town.office.cases.show_number(sofie, presentation.case_id)
    assert [(r.area, r.number) for r in shown.references] == [("youth", "U-55123")]

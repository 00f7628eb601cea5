"""Whom the committee is for: the exclusion, the adults' own choice, the plan that is the rule, and its exceptions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.domain.case import AgeBand, IllegalMove, Stage
from bot.domain.choices import KNOWN
from bot.domain.presentation import CRITERIA, AssessmentMissing, ConsentDateMissing, ConsentMissing, State
from bot.domain.target_group import (
    AnchoredElsewhere,
    ChoiceAhead,
    ConsentNotGiven,
    ConsentThere,
    ExemptionForNothing,
    NoPlanReasonMissing,
    ObviouslyExcluded,
    PlanRefused,
    check_exclusion,
    without_plan,
)
from bot.texts import texts
from bot.usecases.referrals import Wish
from bot.usecases.session_facts import Overview
from bot.views import case as case_views
from bot.views import referral as referral_views
from bot.views import session as session_views
from bot.views import target_group as views
from handlers import table
from handlers.requests import Form, Request, meta
from tests.support.office import OfficeTown, readable
from tests.support.rows import a_case
from tests.support.session import (
    AS_RECOMMENDED,
    approved,
    begun,
    next_meeting,
    put,
    ready,
    recommended,
    saved,
)

TODAY = date(2026, 11, 16)

EXEMPTIONS = KNOWN["exemption"]


def acts(town: OfficeTown, case: str) -> list[str]:
    with town.work() as work:
        return [e.act for e in work.journal.of_case(case)]


@pytest.mark.rule("R035")
def test_an_exemption_needs_an_exclusion_and_an_exclusion_a_reason() -> None:
    assert check_exclusion(False, None, reasons=EXEMPTIONS) is None
    assert check_exclusion(True, "near_goal", reasons=EXEMPTIONS) == "near_goal"
    for nothing in (None, "", "because"):
        with pytest.raises(ObviouslyExcluded):
            check_exclusion(True, nothing, reasons=EXEMPTIONS)
    with pytest.raises(ExemptionForNothing):
        check_exclusion(False, EXEMPTIONS[0], reasons=EXEMPTIONS)


@pytest.mark.rule("R036", "R037")
@pytest.mark.parametrize("band", AgeBand)
def test_no_plan_has_the_reason_that_fits_the_age(band: AgeBand) -> None:
    case = a_case(age_band=band, stage=Stage.REGISTERED)
    fits = ("own_choice",) if band == AgeBand.ADULT else KNOWN["no_plan"]
    for reason in (None, "own_choice", *KNOWN["no_plan"]):
        if reason in fits:
            ended = without_plan(case, reason=reason, on=TODAY, today=TODAY, reasons=KNOWN["no_plan"])
            assert (ended.stage, ended.plan_choice, ended.plan_choice_on) == (Stage.NOT_REFERRED, "no", TODAY)
            assert (ended.area, ended.caseworker) == (case.area, case.caseworker)  # the help goes on
        else:
            with pytest.raises(NoPlanReasonMissing):
                without_plan(case, reason=reason, on=TODAY, today=TODAY, reasons=KNOWN["no_plan"])
    with pytest.raises(ChoiceAhead):
        without_plan(case, reason=fits[0], on=date(2026, 11, 17), today=TODAY, reasons=KNOWN["no_plan"])
    with pytest.raises(IllegalMove):
        without_plan(
            a_case(stage=Stage.ACTIVE, age_band=band),
            reason=fits[0],
            on=TODAY,
            today=TODAY,
            reasons=KNOWN["no_plan"],
        )


@pytest.mark.rule("T03", "R029", "R030", "R031", "R038", "R039", "R036")
@pytest.mark.parametrize(
    ("band", "said", "refused"),
    [
        (AgeBand.TEENS, {}, AssessmentMissing),
        (AgeBand.TEENS, {"assessed_by": "psychologist"}, None),
        (AgeBand.YOUTH, {}, None),
        (AgeBand.ADULT, {}, ConsentMissing),
        (AgeBand.ADULT, {"consent": "not_yet"}, None),
        (AgeBand.ADULT, {"consent": "yes"}, ConsentDateMissing),
        (AgeBand.ADULT, {"consent": "yes", "consent_on": TODAY}, None),
        (AgeBand.ADULT, {"consent": "no", "consent_on": TODAY}, PlanRefused),
    ],
)
def test_what_a_request_needs_by_age(band: AgeBand, said: dict[str, Any], refused: Any) -> None:
    wish = Wish(criteria=CRITERIA, **said)
    if refused is None:
        wish.check(band)
    else:
        with pytest.raises(refused):
            wish.check(band)


@pytest.mark.rule("R035", "R043", "T07")
def test_the_obviously_excluded_are_not_referred_but_the_committee_may_make_an_exemption(
    town: OfficeTown,
) -> None:
    wish = town.requested("Maja Holm")
    with pytest.raises(ObviouslyExcluded) as refused:
        town.office.referrals.refer(
            town.asked("Jens Toft"), wish.id, collector=None, meeting_id=None, excluded=True
        )
    assert refused.value.field == "exemption"
    meeting = next_meeting(town)
    referred = town.office.referrals.refer(
        town.asked("Jens Toft"),
        wish.id,
        collector=None,
        meeting_id=meeting.id,
        excluded=True,
        exemption="near_goal",
    )
    assert (referred.state, referred.exemption) == (State.REFERRED, "near_goal")
    assert "exemption_asked" in acts(town, referred.case_id)
    assert "exemption_granted" not in acts(town, referred.case_id)


@pytest.mark.rule("R035", "T15")
@pytest.mark.parametrize("language", ["da", "en"])
def test_only_the_committees_decision_makes_the_exemption(town: OfficeTown, language: str) -> None:
    from dataclasses import replace

    from tests.support.session import begun, put

    meeting = next_meeting(town)
    item = put(town, replace(ready(town, meeting), exemption="near_goal"))
    page = begun(town, meeting)
    shown = readable(
        session_views.item_form(texts(language), town.house.rules.on(town.today), page, meta="{}", fresh="x")[
            "blocks"
        ]
    )
    assert ("er det en undtagelse: Der er et mål tæt på" in shown) or language == "en"
    assert ("it is an exemption: A goal is close" in shown) or language == "da"
    approved(town, meeting, AS_RECOMMENDED)
    assert "exemption_granted" in acts(town, item.case_id)


@pytest.mark.rule("R036", "R042", "R043")
def test_an_adult_says_no_and_the_help_goes_on(town: OfficeTown) -> None:
    case = town.registered("Maja Holm", band=AgeBand.ADULT)
    ended = town.office.target_group.no_plan(
        town.asked("Maja Holm"), case.id, reason="own_choice", on=town.today
    )
    assert (ended.stage, ended.area, ended.caseworker) == (Stage.NOT_REFERRED, "social", case.caseworker)
    town.deliver()
    assert any("får ingen samlet plan" in said for said in town.heard(town.person("Jens Toft")))

    other = town.registered("Maja Holm", band=AgeBand.ADULT)
    town.office.referrals.request(
        town.asked("Maja Holm"), other.id, Wish(CRITERIA, consent="yes", consent_on=town.today)
    )
    with town.work() as work:
        assert (work.cases.get(other.id).plan_choice, work.cases.get(other.id).plan_choice_on) == (
            "yes",
            town.today,
        )
    elsewhere = town.registered("Peter Krogh", band=AgeBand.ADULT)
    with pytest.raises(AnchoredElsewhere):
        town.office.referrals.request(
            town.asked("Peter Krogh"), elsewhere.id, Wish(CRITERIA, consent="yes", consent_on=town.today)
        )


@pytest.mark.rule("R036", "T03", "T15", "X11")
def test_an_adult_who_has_not_answered_is_asked_before_the_plan_is_decided_or_shared(
    town: OfficeTown,
) -> None:
    meeting = next_meeting(town)
    case = town.registered("Maja Holm", band=AgeBand.ADULT)
    with pytest.raises(ConsentMissing):
        town.office.referrals.request(town.asked("Maja Holm"), case.id, Wish(CRITERIA))
    wish = town.office.referrals.request(town.asked("Maja Holm"), case.id, Wish(CRITERIA, consent="not_yet"))
    with pytest.raises(ConsentNotGiven):
        town.office.gatherings.ask_advice(
            town.asked("Maja Holm"), case.id, where="employment", question="what_help"
        )
    referred = town.office.referrals.refer(
        town.asked("Jens Toft"), wish.id, collector=None, meeting_id=meeting.id
    )
    facts = {"state": State.READY, "ready_at": town.clock.at, "recommendation": recommended(town)}
    put(town, replace(referred, **facts))
    item = begun(town, meeting)
    for language, line in (("da", "ikke sagt ja til en samlet plan"), ("en", "not said yes to a joint plan")):
        words, rules = texts(language), town.house.rules.on(town.today)
        page = town.office.cases.show(town.asked("Maja Holm"), case.id)
        shown = case_views.page(words, rules, page, meta="{}", actions=case_views.actions(words, page))
        form = session_views.item_form(words, rules, item, meta="{}", fresh="x")
        assert line in readable(shown["blocks"]) and line in readable(form["blocks"])
    with pytest.raises(ConsentNotGiven) as refused:
        saved(town, item)
    assert refused.value.field == "choice"
    secretary = town.asked("Lone Ager")
    with pytest.raises(ChoiceAhead):
        town.office.target_group.consent(secretary, case.id, on=town.today + timedelta(days=1))
    agreed = town.office.target_group.consent(secretary, case.id, on=town.today)
    assert (agreed.plan_choice, agreed.plan_choice_on, agreed.consent_missing) == ("yes", town.today, False)
    with pytest.raises(ConsentThere):
        town.office.target_group.consent(town.asked("Maja Holm"), case.id, on=town.today)
    assert isinstance(saved(town, item), Overview) and "consent_recorded" in acts(town, case.id)


@pytest.mark.rule("R036")
@pytest.mark.parametrize("on", ["ready.page", "case.page"])
def test_the_page_under_the_consent_form_says_at_once_that_it_is_there(town: OfficeTown, on: str) -> None:
    case = town.registered("Maja Holm", band=AgeBand.ADULT)
    wish = town.office.referrals.request(town.asked("Maja Holm"), case.id, Wish(CRITERIA, consent="not_yet"))
    desks = table(town.office, town.house.rules, None)  # type: ignore[arg-type]

    def press(kind: str, name: str, view: Any, value: str = "") -> Any:
        at, by = town.clock.at, town.person("Maja Holm")
        request = Request(kind, name, by, at, texts("da"), {"view": view}, f"{name}:{value}", value=value)
        return desks[f"{kind}:{name}"](replace(request, form=Form({"on": town.today.isoformat()})))

    ids = {"ready.page": meta("n", p=wish.id), "case.page": meta("n", c=case.id)}[on]
    page = {"id": "V1", "type": "modal", "callback_id": on, "private_metadata": ids}
    form = press("action", "consent.open", page, case.id).view
    answer = press("submit", "consent.record", {**form, "id": "V2"})
    (beneath,) = (readable(view["blocks"]) for view in answer.redraw.values())
    assert list(answer.redraw) == ["V1"]
    assert case.alias in beneath
    assert "ikke sagt ja til en samlet plan" not in beneath


@pytest.mark.rule("R037", "R040", "R036")
@pytest.mark.parametrize("language", ["da", "en"])
def test_the_forms_ask_what_the_age_asks(town: OfficeTown, language: str) -> None:
    words = texts(language)
    young, old, teen = (
        town.office.cases.get(town.asked("Maja Holm", once=False), town.registered("Maja Holm", band=band).id)
        for band in (AgeBand.YOUTH, AgeBand.ADULT, AgeBand.TEENS)
    )
    forms = [
        readable(
            views.form(words, town.house.rules.on(town.today), line, today="2026-11-16", meta="{}")["blocks"]
        )
        for line in (young, old)
    ]
    assert ("hvor det giver mening" in forms[0]) or ("where it makes sense" in forms[0])
    assert ("Voksne vælger selv" in forms[1]) or ("Adults choose for themselves" in forms[1])
    asked = readable(
        referral_views.request_form(words, town.house.rules.on(town.today), teen, meta="{}")["blocks"]
    )
    assert ("flyttet hjemmefra" in asked) or ("left home" in asked)

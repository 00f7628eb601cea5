"""What a municipality may want otherwise stands in its rules file, with a default, and is read from there (D8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.domain.case import AgeBand
from bot.domain.choices import KNOWN
from bot.domain.decision import AS_RECOMMENDED, ParticipationMissing, completed, draft_of
from bot.domain.follow_up import ClosingMissing, proposed_next
from bot.domain.frame import PeriodMissing
from bot.domain.gathering import AdviceWhereMissing, GatheringDayMissing
from bot.domain.money import Kroner
from bot.domain.people import Role
from bot.domain.presentation import CRITERIA, State
from bot.domain.target_group import ConsentNotGiven, TeensLeftOut
from bot.rules import DEFAULT, read_rules
from bot.texts import texts
from bot.usecases.closings import CLOSE, ClosingWish
from bot.usecases.frame_facts import Use
from bot.usecases.gatherings import GatheringWish
from bot.usecases.referrals import Wish
from bot.views import closing as closing_views
from bot.views import frame as frame_views
from bot.views import gathering as gathering_views
from bot.views import ready as ready_views
from bot.views.ready import born_between
from handlers.refusals import words
from storage.engine import Database
from tests.support.frames import active_case
from tests.support.office import OfficeTown


def written(folder: Path, *changes: tuple[str, str], newer: tuple[tuple[str, str], ...] = ()) -> Path:
    """The default file with some settings changed; `newer` is a second version, from the story's first day."""
    text = DEFAULT.read_text(encoding="utf-8")
    if newer:
        later = text.replace('version: "3"', 'version: "4"').replace("2026-10-01", "2026-11-16", 1)
        for before, after in newer:
            assert before in later, before
            later = later.replace(before, after, 1)
        (folder / "ny.yaml").write_text(later, encoding="utf-8")
        text = text.replace("other_versions: []", "other_versions: [ny.yaml]")
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after, 1)
    path = folder / "regler.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.rule("D8", "R062")
def test_a_period_is_asked_for_as_it_was_when_the_plan_was_decided(
    database: Database, tmp_path: Path
) -> None:
    transport = "    words: [befordring,"
    rules = written(tmp_path, newer=((transport, f"    needs_period: true\n{transport}"),))
    town = OfficeTown(database, rules_path=rules)
    case, _ = active_case(town)
    maja, bus = town.asked("Maja Holm", once=False), Use(Kroner.of(450), "transport", town.today)

    def asks_for_a_period() -> bool:
        form = town.office.frames.form(maja, case.id)
        shown = frame_views.use_form(texts("da"), town.house.rules.on(town.today), form, meta="{}")
        return any(b.get("block_id") == "period_until" for b in shown["blocks"])

    assert asks_for_a_period()
    with pytest.raises(PeriodMissing):
        town.office.frames.use(maja, case.id, bus)
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.cases.save(replace(work.cases.get(case.id), rules_version="3"))
    assert not asks_for_a_period()
    assert town.office.frames.use(maja, case.id, bus).left == Kroner.of(39_550)


@pytest.mark.rule("D8", "R026", "R042")
def test_the_years_of_birth_to_choose_among_follow_the_ages_in_force(
    database: Database, tmp_path: Path
) -> None:
    town = OfficeTown(
        database, rules_path=written(tmp_path, ("adult: 30}", "adult: 27}"), ("{age: 30,", "{age: 27,"))
    )
    rules = town.house.rules.on(town.today)
    assert [born_between(rules, band, 2026) for band in AgeBand] == [
        (2008, 2012),
        (1999, 2009),
        (1950, 2000),
    ]


@pytest.mark.rule("D8", "D3")
def test_how_many_leaders_an_area_needs_is_a_setting(database: Database, tmp_path: Path) -> None:
    town = OfficeTown(database, rules_path=written(tmp_path, ("leaders_per_area: 2", "leaders_per_area: 4")))
    with town.work() as work:
        leads = sum(p.leads("social") for p in work.people.all())
    home = str(town.house.draw_home(town.person("Bo Winther"), town.clock.at, texts("da")))
    assert (leads, "Socialområdet: mangler ledere; mindst 4 skal kunne svare" in home) == (3, True)


@pytest.mark.rule("D8", "D6")
def test_how_long_a_member_sees_the_cases_of_a_meeting_is_a_setting(
    database: Database, tmp_path: Path
) -> None:
    town = OfficeTown(database, rules_path=written(tmp_path, ("member_sees_days: 14", "member_sees_days: 3")))
    meeting = town.next_meetings(1)[0]
    item = town.referred(meeting=meeting.id)
    sofie = town.person("Sofie Bech")
    assert sofie.has(Role.COMMITTEE_MEMBER)

    def sees(days_after: int) -> bool:
        at = town.clock.at + (meeting.day - town.today) + timedelta(days=days_after)
        with town.work() as work:
            return work.cases.seen_by(item.case_id, sofie, at) is not None

    assert [sees(days) for days in (0, 3, 4, 14)] == [True, True, False, False]


@pytest.mark.rule("D8", "D18")
def test_how_long_a_status_from_an_area_lasts_is_a_setting(database: Database, tmp_path: Path) -> None:
    town = OfficeTown(
        database, rules_path=written(tmp_path, ("status_lasts_days: 92", "status_lasts_days: 10"))
    )
    item = town.referred()
    asked = town.asked("Maja Holm", once=False)
    missing = []
    for days in (10, 11):
        status = dict.fromkeys(("social", "youth", "schools"), town.today - timedelta(days=days))
        town.office.readiness.save_areas(asked, item.id, status=status, ticks=())
        missing.append("area_status" in town.office.readiness.show(asked, item.id).missing)
    assert missing == [False, True]


@pytest.mark.rule("D8", "R037", "R067", "R071", "R104", "R118", "R128", "R129", "R064", "D31")
def test_what_can_be_chosen_is_what_the_rules_file_of_the_day_names(tmp_path: Path) -> None:
    """A newer version leaves codes out: from its day nobody is offered them, and the days follow it too."""
    fewer = (
        ("no_plan: [one_area_enough, other_plan_enough, disturbs, moving, other]", "no_plan: [moving]"),
        ("youth_guidance, employment_counsellor, benefits_officer, school_psychology,", "youth_guidance,"),
        ("contact_roles: [youth_guidance, employment_caseworker,", "contact_roles: [employment_caseworker,"),
        ("gatherings: [three_way, advisory]", "gatherings: [advisory]"),
        ("gathering_outcomes: [agreed, more_needed,", "gathering_outcomes: [agreed,"),
        ("advice_questions: [what_help, target_group,", "advice_questions: [target_group,"),
        ("advice_answers: [we_can_help, not_ours,", "advice_answers: [we_can_help,"),
        ("closing: [education, employment, income_basis, moved,", "closing: [employment, moved,"),
        ("  months: 12", "  months: 24"),
        ("  after: forslag_2 ", "  after: tillempet "),
        ("  weeks_to_next: 12", "  weeks_to_next: 8"),
        ("  sick_days: 7", "  sick_days: 3"),
    )
    book = read_rules(written(tmp_path, newer=fewer))
    before, now = book.on(date(2026, 11, 15)), book.on(date(2026, 11, 16))
    gone = {name: set(getattr(before.choices, name)) - set(getattr(now.choices, name)) for name in KNOWN}
    assert {name: codes for name, codes in gone.items() if codes} == {
        "no_plan": {"one_area_enough", "other_plan_enough", "disturbs", "other"},
        "group_roles": {"employment_counsellor", "benefits_officer", "school_psychology"},
        "contact_roles": {"youth_guidance"},
        "gatherings": {"three_way"},
        "gathering_outcomes": {"more_needed"},
        "advice_questions": {"what_help"},
        "advice_answers": {"not_ours"},
        "closing": {"education", "income_basis"},
    }
    assert now.choices.criteria == ("employment",)
    assert (now.reports.months, now.reports.after, now.substitutes.sick_days) == (24, "tillempet", 3)
    days = tuple(date(2027, 1, 7) + timedelta(weeks=n) for n in range(6))
    after = date(2026, 11, 26)
    assert [proposed_next(days, after=after, weeks=r.deadlines.weeks_to_next) for r in (before, now)] == [
        days[5],
        days[2],
    ]


@pytest.mark.rule("R037", "R104", "R118", "R071")
def test_what_is_left_out_is_neither_offered_nor_taken(database: Database, tmp_path: Path) -> None:
    town = OfficeTown(
        database,
        rules_path=written(
            tmp_path,
            ("gatherings: [three_way, advisory]", "gatherings: [advisory]"),
            ("advice_questions: [what_help, target_group,", "advice_questions: [target_group,"),
            ("closing: [education, employment, income_basis, moved,", "closing: [employment, moved,"),
        ),
    )
    case, _ = active_case(town)
    maja, rules = town.asked("Maja Holm"), town.house.rules.on(town.today)
    with pytest.raises(GatheringDayMissing):
        town.office.gatherings.plan(maja, case.id, GatheringWish("three_way", town.today))
    with pytest.raises(AdviceWhereMissing):
        town.office.gatherings.ask_advice(
            town.asked("Maja Holm"), case.id, where="social", question="what_help"
        )
    with pytest.raises(ClosingMissing):
        town.office.closings.ask(town.asked("Maja Holm"), case.id, ClosingWish(CLOSE, "education"))
    form = str(
        gathering_views.plan_form(
            texts("da"), rules, town.office.gatherings.case(maja, case.id), today=town.today, meta="{}"
        )
    )
    assert ("three_way" in form, "advisory" in form) == (False, True)
    closing = str(closing_views.form(texts("da"), rules, town.office.closings.open(maja, case.id), meta="{}"))
    assert ("'education'" in closing, "'employment'" in closing) == (False, True)


@pytest.mark.rule("T07", "D3", "D8")
def test_where_an_area_has_one_leader_the_rule_of_two_persons_can_be_taken_away(
    database: Database, tmp_path: Path
) -> None:
    """With it, which is the default, the same press is refused: tests/usecases/test_referrals.py."""
    town = OfficeTown(database, rules_path=written(tmp_path, ("two_persons: true", "two_persons: false")))
    own = town.requested("Jens Toft")
    done = town.office.referrals.refer(town.asked("Jens Toft"), own.id, collector=None, meeting_id=None)
    assert done.state == State.REFERRED


@pytest.mark.rule("R036", "D8")
@pytest.mark.parametrize(
    ("setting", "lacks"),
    [("consent_first: true", ConsentNotGiven), ("consent_first: false", ParticipationMissing)],
)
def test_whether_an_adults_yes_is_waited_for_is_the_municipalitys_to_say(
    database: Database, tmp_path: Path, setting: str, lacks: type[Exception]
) -> None:
    town = OfficeTown(database, rules_path=written(tmp_path, ("consent_first: true", setting)))
    case = town.registered("Maja Holm", band=AgeBand.ADULT)
    wish = town.office.referrals.request(town.asked("Maja Holm"), case.id, Wish(CRITERIA, consent="not_yet"))
    with town.work() as work:
        asked = work.cases.get(case.id)
    draft = replace(draft_of(wish, conflicted=()), choice=AS_RECOMMENDED)
    with pytest.raises(lacks):
        completed(wish, draft, rules=town.house.rules.on(town.today), on=town.today, case=asked)


@pytest.mark.rule("R108", "D8", "X5")
@pytest.mark.parametrize(("setting", "payer"), [("false", "social"), ("true", "youth")])
def test_who_is_proposed_to_pay_next_is_the_municipalitys_to_say_and_nobodys_payment_moves_by_it(
    database: Database, tmp_path: Path, setting: str, payer: str
) -> None:
    follows = ("payer_follows_anchor: false", f"payer_follows_anchor: {setting}")
    town = OfficeTown(database, rules_path=written(tmp_path, follows))
    case, _ = active_case(town)
    moved = town.office.anchorings.assess(
        town.asked("Maja Holm"), case.id, chosen=(), area="youth", reason="continuity"
    )
    wish = town.office.frames.ask_new(
        town.asked("Maja Holm"), case.id, amount=Kroner.of(45_000), purposes=("transport",), reason="longer"
    )
    ready = town.office.readiness.show(town.asked("Maja Holm"), wish.id)
    rules = town.house.rules.on(town.today)
    form = ready_views.agreement_form(texts("da"), rules, ready, meta="{}")["blocks"]
    chosen = next(b["element"]["initial_option"]["value"] for b in form if b.get("block_id") == "payer")
    assert wish.recommendation.frame is not None
    with town.work() as work:
        frame = work.frames.open_of(case.id)
    assert (wish.recommendation.frame.payer, chosen, moved.area) == (payer, payer, "youth")
    assert (moved.payer, frame.payer) == ("social", "social"), "only a decision moves it"


@pytest.mark.rule("R038", "D8")
def test_whether_those_of_15_to_17_are_included_is_the_municipalitys_to_say(
    database: Database, tmp_path: Path
) -> None:
    town = OfficeTown(database, rules_path=written(tmp_path, ("  teens: true", "  teens: false")))
    case = town.registered("Maja Holm", band=AgeBand.TEENS)
    with pytest.raises(TeensLeftOut) as refused:
        town.office.referrals.request(town.asked("Maja Holm"), case.id, Wish(CRITERIA, assessed_by="school"))
    assert "fra 18 år" in str(words(refused.value, texts("da")))
    assert "the age of 18" in str(words(refused.value, texts("en")))
    young = town.registered("Maja Holm")
    assert town.office.referrals.request(town.asked("Maja Holm"), young.id, Wish(CRITERIA)).is_open

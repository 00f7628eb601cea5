"""Illness and holidays: who takes over, what they see and for how long, and what reaches nobody (T25, D31, X8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest
from sqlalchemy import text

from bot.domain.case import CaseNotFound
from bot.domain.contacts import OnlyCommitteeReassigns
from bot.domain.frame import OnlyFixedCaseworker
from bot.domain.gathering import Gathering
from bot.domain.money import Kroner
from bot.domain.notices import NoticeState
from bot.domain.people import Absence, DeputyNotAllowed, NotForYou, Person, WishAnswered
from bot.domain.presentation import TooLateToUndo
from bot.domain.substitute import (
    SubstituteAlready,
    SubstituteTooLong,
    SubstituteUnfit,
)
from bot.domain.transitions import Transition
from bot.texts import texts
from bot.usecases.frame_facts import Use
from bot.usecases.one_by_one import UNFIT
from bot.views import settings
from bot.views import substitute as views
from tests.support.frames import active_case
from tests.support.office import OfficeTown, readable

ALI, MAJA, NANNA, HENRIK, LISE = "U0ALI00001", "U0MAJA0001", "U0NANNA001", "U0HENRIK01", "U0LISE0001"
MONDAY = date(2026, 11, 16)


def use(town: OfficeTown, who: str, case_id: str, kroner: int = 450) -> None:
    spent = Use(Kroner.of(kroner), "transport", town.today)
    town.office.frames.use(town.asked(who), case_id, spent)


def parts(town: OfficeTown, who: str) -> dict:
    return town.office.homes.of(town.asked(who)).parts


@pytest.mark.rule("T25", "R060", "R057", "X8")
def test_a_substitute_sees_the_case_and_uses_the_frame_only_on_their_days(town: OfficeTown) -> None:
    case, _ = active_case(town)
    with pytest.raises(CaseNotFound):
        town.office.cases.show(town.asked("Nanna Ilsø"), case.id)
    with pytest.raises(NotForYou):
        town.office.substitutes.set(town.asked("Maja Holm"), case.id, person=NANNA, first=MONDAY, last=MONDAY)
    told = town.office.substitutes.set(
        town.asked("Jens Toft"), case.id, person=NANNA, first=MONDAY, last=date(2026, 11, 20)
    )
    assert (told.name, told.absent, told.count) == ("Nanna Ilsø", "Maja Holm", 1)
    town.deliver()
    assert f"»{case.alias}«" in town.heard("U0NANNA001")[0]
    assert town.heard("U0MAJA0001") == [
        "Nanna Ilsø er din stedfortræder i 1 sag til og med fredag 20. november."
    ]

    use(town, "Nanna Ilsø", case.id)
    use(town, "Maja Holm", case.id, 300)  # the fixed caseworker stays the fixed caseworker
    assert [s.alias for s in parts(town, "Nanna Ilsø")["standing"]] == [case.alias]
    with town.work() as work:
        assert work.cases.get(case.id).caseworker == MAJA
        assert work.handovers.count() == 0
    with pytest.raises(SubstituteAlready):
        town.office.substitutes.set(town.asked("Jens Toft"), case.id, person=ALI, first=MONDAY, last=MONDAY)

    town.jump(days=5)
    with pytest.raises(CaseNotFound):
        use(town, "Nanna Ilsø", case.id)
    assert "standing" not in parts(town, "Nanna Ilsø")


@pytest.mark.rule("T25", "R060")
def test_the_button_ends_it_at_once_and_a_leader_cannot_use_the_frame(town: OfficeTown) -> None:
    case, _ = active_case(town)
    town.office.substitutes.set(
        town.asked("Jens Toft"), case.id, person=NANNA, first=MONDAY, last=date(2026, 11, 20)
    )
    town.office.substitutes.end(town.asked("Maja Holm"), case.id)
    with pytest.raises(CaseNotFound):
        use(town, "Nanna Ilsø", case.id)
    with pytest.raises(OnlyFixedCaseworker):
        use(town, "Jens Toft", case.id)


@pytest.mark.rule("T25")
def test_nobody_stands_in_for_another_on_a_day_they_are_away_themselves(town: OfficeTown) -> None:
    case, _ = active_case(town)
    with town.house.storage.open_work(town.asked("Nanna Ilsø")) as work:
        work.people.add_absence(Absence(NANNA, MONDAY, MONDAY, None, "away"))
    jens = town.asked("Jens Toft")
    with pytest.raises(SubstituteUnfit):
        town.office.substitutes.set(jens, case.id, person=NANNA, first=MONDAY, last=date(2026, 11, 20))
    tomorrow = date(2026, 11, 17)
    town.office.substitutes.set(jens, case.id, person=NANNA, first=tomorrow, last=date(2026, 11, 20))


@pytest.mark.rule("T25", "R057", "X8")
def test_longer_than_thirty_days_is_refused_and_day_25_reminds_the_leader(town: OfficeTown) -> None:
    case, _ = active_case(town)
    jens = town.asked("Jens Toft")
    with pytest.raises(SubstituteTooLong):
        town.office.substitutes.set(jens, case.id, person=NANNA, first=MONDAY, last=date(2026, 12, 16))
    town.office.substitutes.set(jens, case.id, person=NANNA, first=MONDAY, last=date(2026, 12, 15))
    town.jump_to(date(2026, 12, 9), time(8, 0))
    town.office.substitutes.remind_due(town.clock.at)
    town.deliver()
    assert not [t for t in town.heard("U0JENS0001") if "25 dage" in t]
    town.jump(days=1)
    for _ in range(2):
        town.office.substitutes.remind_due(town.clock.at)
    town.deliver()
    told = [t for t in town.heard("U0JENS0001") if "25 dage" in t]
    assert len(told) == 1
    assert "Bed om sagsbehandlerskifte" in told[0]
    with pytest.raises(SubstituteTooLong):  # renewed without a pause
        town.office.substitutes.set(
            town.asked("Jens Toft"), case.id, person=ALI, first=date(2026, 12, 16), last=date(2026, 12, 18)
        )


@pytest.mark.rule("D31", "T25")
def test_a_sick_colleagues_cases_go_to_one_in_one_form_and_nothing_reaches_the_sick(town: OfficeTown) -> None:
    first, follow_up = active_case(town, follow_up=town.next_meetings(2)[1])
    second, _ = active_case(town)
    form = town.office.substitutes.sick_form(town.asked("Jens Toft"), MAJA)
    assert form.count == 2
    told = town.office.substitutes.sick(
        town.asked("Jens Toft"), MAJA, substitute=NANNA, last=date(2026, 11, 30)
    )
    assert told.count == 2
    town.deliver()
    assert town.heard("U0MAJA0001") == []

    town.jump_to(date(2026, 11, 17), time(8, 0))
    town.office.overviews.send_due(town.clock.at)
    town.deliver()
    assert any(f"»{first.alias}« følges op" in t for t in town.heard("U0NANNA001"))
    assert town.heard("U0MAJA0001") == []
    use(town, "Nanna Ilsø", second.id)
    assert follow_up

    town.jump_to(date(2026, 12, 1), time(8, 0))
    for _ in range(2):
        town.office.absences.back_due(town.clock.at)
    town.deliver()
    assert [t.splitlines()[0] for t in town.heard("U0MAJA0001")] == [
        "Mens du var væk: 1 registrering, 0 beslutninger."
    ]


@pytest.mark.rule("D31")
def test_a_case_that_cannot_be_read_keeps_no_other_from_hearing_what_happened(town: OfficeTown) -> None:
    broken, _ = active_case(town)
    whole, _ = active_case(town, by="Ali Demir")
    for person in (MAJA, ALI):
        town.office.substitutes.sick(
            town.asked("Jens Toft"), person, substitute=NANNA, last=date(2026, 11, 30)
        )
    use(town, "Nanna Ilsø", whole.id)
    with town.house.storage.database.writing.begin() as connection:
        connection.execute(text("UPDATE cases SET more = '[1]' WHERE id = :id"), {"id": broken.id})
    town.jump_to(date(2026, 12, 1), time(8, 0))
    with pytest.raises(UNFIT):
        town.office.absences.back_due(town.clock.at)
    town.deliver()
    assert [t.splitlines()[0] for t in town.heard(ALI)] == [
        "Mens du var væk: 1 registrering, 0 beslutninger."
    ]


@pytest.mark.rule("D31", "D35")
def test_the_sick_form_can_be_undone_for_ten_minutes(town: OfficeTown) -> None:
    case, _ = active_case(town, by="Ali Demir")
    jens = town.asked("Jens Toft")
    with pytest.raises(SubstituteUnfit):
        town.office.substitutes.sick(jens, ALI, substitute=ALI, last=MONDAY)
    told = town.office.substitutes.sick(jens, ALI, substitute=NANNA, last=date(2026, 11, 20))
    with town.work() as work:
        meeting = town.next_meetings(1)[0]
        assert [r.person for r in work.meetings.regrets(meeting.id)] == [ALI]  # a member: the meeting is told
    town.jump(minutes=9)
    assert town.office.substitutes.undo(town.asked("Jens Toft"), told.batch) == 1
    town.deliver()
    with town.work() as work:
        assert work.people.away(ALI, town.today) is None
        assert work.substitutes.now_on(case.id, town.today) is None
        assert work.meetings.regrets(meeting.id) == []
    again = town.office.substitutes.sick(
        town.asked("Jens Toft"), ALI, substitute=NANNA, last=date(2026, 11, 20)
    )
    town.jump(minutes=11)
    with pytest.raises(TooLateToUndo):
        town.office.substitutes.undo(town.asked("Jens Toft"), again.batch)


@pytest.mark.rule("D31", "T25")
def test_a_caseworker_proposes_a_substitute_and_the_leader_approves_with_one_press(town: OfficeTown) -> None:
    case, _ = active_case(town)
    first, last = date(2026, 11, 23), date(2026, 11, 27)
    with pytest.raises(SubstituteTooLong):
        town.office.absences.away(town.asked("Maja Holm"), first, date(2026, 12, 31), NANNA)
    absence = town.office.absences.away(town.asked("Maja Holm"), first, last, NANNA)
    assert (absence.proposed, absence.deputy) == (NANNA, None)
    town.deliver()
    assert "foreslår Nanna Ilsø som stedfortræder i 1 sag" in town.heard("U0JENS0001")[0]
    assert [w.name for w in parts(town, "Jens Toft")["away_wishes"]] == ["Maja Holm"]
    with town.work() as work:
        assert work.substitutes.of_case(case.id) == []

    town.office.absences.approve(town.asked("Jens Toft"), absence.id)
    with pytest.raises(WishAnswered):
        town.office.absences.approve(town.asked("Karen Friis"), absence.id)
    town.deliver()
    assert "Nanna Ilsø er stedfortræder for Maja Holm." in town.heard("U0KAREN001")
    town.jump_to(first, time(8, 0))
    use(town, "Nanna Ilsø", case.id)
    town.jump(days=1)
    town.office.absences.back(town.asked("Maja Holm"), absence.id)  # back early: the substitute ends too
    with pytest.raises(CaseNotFound):
        use(town, "Nanna Ilsø", case.id)


@pytest.mark.rule("D31", "D3")
def test_a_deputy_acts_for_a_leader_only_while_away_and_hears_instead(town: OfficeTown) -> None:
    """The administrator lets Peter stand in for Lise and Henrik's area; before and after he sees nothing of it."""
    week = (MONDAY, date(2026, 11, 20))
    with pytest.raises(DeputyNotAllowed):
        town.office.absences.away(town.asked("Henrik Dahl"), *week, "U0MAJA0001")
    town.office.absences.allow_deputies(town.asked("Bo Winther"), HENRIK, ("U0MAJA0001", "U0PETER001"))
    town.office.absences.away(town.asked("Henrik Dahl"), *week, "U0MAJA0001")
    wish = town.requested("Sofie Bech")
    town.deliver()
    assert not [t for t in town.heard(HENRIK) if "ønske" in t]
    with town.work() as work:
        to = {n.to for n in [work.notices.by_key(f"referral:{wish.id}:{HENRIK}")] if n}
    assert to == {MAJA}
    assert any("henvis" in t.lower() for t in town.heard(MAJA))
    assert town.person("Maja Holm").leads("youth")
    town.office.referrals.refer(town.asked("Maja Holm"), wish.id, collector=None, meeting_id=None)

    town.jump(days=5)
    assert not town.person("Maja Holm").leads("youth")
    with pytest.raises(CaseNotFound):
        town.office.cases.show(town.asked("Maja Holm"), wish.case_id)


@pytest.mark.rule("D31", "D3")
def test_a_colleague_with_the_same_role_needs_no_permission_and_hears_once(town: OfficeTown) -> None:
    town.office.absences.away(town.asked("Henrik Dahl"), MONDAY, date(2026, 11, 20), LISE)
    town.requested("Sofie Bech")
    town.deliver()
    heard = [t for t in town.heard(LISE) if "Sofie Bech" in t]
    assert len(heard) == 1
    assert not town.person(
        "Lise Vang"
    ).runs_meetings  # the chair is not lent to a colleague without permission


@pytest.mark.rule("D31")
def test_nobody_takes_over_so_messages_wait_for_the_first_morning_back(town: OfficeTown) -> None:
    wish = town.requested()
    town.office.absences.away(town.asked("Maja Holm"), MONDAY, date(2026, 11, 18), None)
    town.office.referrals.return_(town.asked("Jens Toft"), wish.id, missing=("own_view",))
    town.deliver()
    assert town.heard(MAJA) == []
    town.jump_to(date(2026, 11, 19), time(8, 0))
    town.knock()
    assert [t.splitlines()[0] for t in town.heard(MAJA) if "I dag:" not in t] == [
        "Mens du var væk: 0 registreringer, 0 beslutninger, 1 anden nyhed."
    ]


@pytest.mark.rule("R057", "T32", "D31")
def test_a_closed_account_leaves_its_cases_with_both_buttons_at_the_leader_the_same_minute(
    town: OfficeTown,
) -> None:
    case, _ = active_case(town)
    town.office.people.deactivated(MAJA, at=town.clock.at)
    town.deliver()
    told = next(t for t in town.heard("U0JENS0001") if case.alias in t)
    assert "Sæt stedfortræder" in told
    assert "Bed om sagsbehandlerskifte" in told
    form = town.office.substitutes.sick_form(town.asked("Jens Toft"), MAJA)
    assert (form.person, form.count) == (MAJA, 1)
    town.office.substitutes.sick(town.asked("Jens Toft"), MAJA, substitute=NANNA, last=date(2026, 11, 30))
    use(town, "Nanna Ilsø", case.id)


@pytest.mark.rule("R050", "R057", "R054")
def test_the_store_refuses_to_exchange_a_fixed_caseworker_without_a_decision(town: OfficeTown) -> None:
    case, _ = active_case(town)
    with pytest.raises(OnlyCommitteeReassigns), town.house.storage.open_work(at=town.clock.at) as work:
        work.cases.save(replace(work.cases.get(case.id), caseworker=ALI))
    with town.work() as work:
        assert work.cases.get(case.id).caseworker == MAJA


@pytest.mark.rule("D41", "D31")
@pytest.mark.parametrize("language", ["da", "en"])
def test_forms_home_and_messages_in_both_languages(town: OfficeTown, language: str) -> None:
    case, _ = active_case(town)
    active_case(town, by="Ali Demir")
    words, jens = texts(language), town.asked("Jens Toft", once=False)
    desk = town.office.substitutes
    absence = town.office.absences.away(town.asked("Ali Demir"), MONDAY, date(2026, 11, 18), NANNA)
    wish = town.office.absences.wish(jens, absence.id)
    forms = [
        views.form(words, desk.form(jens, case.id), meta="{}"),
        views.sick_form(words, desk.sick_form(jens, None), meta="{}"),
        views.sick_form(words, desk.sick_form(jens, MAJA), meta="{}"),
        views.other_form(words, wish, meta="{}"),
        views.deputies_form(words, person=HENRIK, allowed=(LISE,), meta="{}"),
    ]
    told = desk.sick(town.asked("Jens Toft"), MAJA, substitute=NANNA, last=date(2026, 11, 20))
    forms.append(views.taken_over(words, told))
    assert all(readable(form) for form in forms)
    for who in ("Jens Toft", "Nanna Ilsø", "Bo Winther"):
        assert readable(town.house.draw_home(town.person(who), town.clock.at, words))
    assert ("Colleague is ill" if language == "en" else "Medarbejder er syg") in readable(
        town.house.draw_home(town.person("Jens Toft"), town.clock.at, words)
    )


def _seats(town: OfficeTown) -> tuple[str, str, str]:
    """An alternate, a member of the same area, and one of another."""
    meeting = town.next_meetings(1)[0]
    with town.work() as work:
        seats = work.committees.seats(meeting.committee, on=meeting.day)
    alternate = next(s for s in seats if s.alternate)
    members = [s for s in seats if not s.alternate and s.person != HENRIK]
    same = next(s.person for s in members if s.area == alternate.area)
    other = next(s.person for s in members if s.area != alternate.area)
    return alternate.person, same, other


def _person(town: OfficeTown, id: str) -> Person:  # noqa: A002
    with town.work() as work:
        found: Person = work.people.get(id)
        return found


@pytest.mark.rule("D31", "D6", "R003")
def test_a_member_who_is_away_lends_the_seat_to_the_alternate_they_name(town: OfficeTown) -> None:
    alternate, member, _ = _seats(town)
    meeting = town.next_meetings(1)[0]
    who = town.asked(_person(town, member))
    town.office.absences.away(who, MONDAY, meeting.day, alternate)
    with town.work() as work:
        assert work.meetings.get(meeting.id).stand_ins == {member: alternate}
    town.deliver()
    assert any("Du stiller op for" in said for said in town.heard(_person(town, alternate)))
    assert not any("kan ikke tage pladsen" in said for said in town.heard(_person(town, HENRIK)))
    town.office.agendas.stand_in(town.asked(_person(town, alternate)), meeting.id, member, yes=False)
    with town.work() as work:
        assert work.meetings.get(meeting.id).stand_ins == {}, "they may still say no"


@pytest.mark.rule("D31", "D6", "R003")
@pytest.mark.parametrize("language", ["da", "en"])
def test_the_chair_is_told_plainly_when_the_one_named_may_not_sit(town: OfficeTown, language: str) -> None:
    _, member, other = _seats(town)
    meeting = town.next_meetings(1)[0]
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.people.save(replace(work.people.get(HENRIK), language=language))
    town.office.absences.away(town.asked(_person(town, member)), MONDAY, meeting.day, other)
    with town.work() as work:
        assert work.meetings.get(meeting.id).stand_ins == {}
    town.deliver()
    plain = "som ikke kan tage pladsen" if language == "da" else "who cannot take the seat"
    assert any(plain in said for said in town.heard(_person(town, HENRIK)))


@pytest.mark.rule("T25", "T26", "R104", "R060")
def test_passages_and_meetings_of_a_case_are_the_substitutes_lines_in_the_days(town: OfficeTown) -> None:
    case, _ = active_case(town)
    last = date(2026, 11, 20)
    town.office.substitutes.set(town.asked("Jens Toft"), case.id, person=NANNA, first=MONDAY, last=last)
    friday = date(2026, 11, 13)
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.gatherings.add(Gathering("g1", case.id, "three_way", friday, MAJA))
        work.transitions.add(Transition("t1", case.id, "age_18", points=("dialogue",), told=1))

    def lines(who: str) -> set[str]:
        return {w.kind for w in town.office.overviews.today(town.asked(who, once=False)).lines}

    assert {"gathering", "transition"} <= lines("Nanna Ilsø")
    assert not {"gathering", "transition"} & lines("Maja Holm")
    nanna = "Nanna Ilsø"
    town.office.gatherings.record(town.asked(nanna), "g1", day=friday, outcome="agreed", citizen_present=True)
    assert town.office.passages.tick(town.asked(nanna), "t1", ("dialogue",)).transition.ticks
    town.jump(days=7)
    with pytest.raises(CaseNotFound):
        town.office.passages.open(town.asked(nanna), "t1")


@pytest.mark.rule("D31")
@pytest.mark.parametrize(
    ("who", "role", "sees"),
    [
        ("Eva Storm", "controller", {"frames", "reports"}),
        ("Palle Rask", "evaluator", {"reports"}),
        ("Anne Bruun", "chef", {"head", "alarms", "reports"}),
        ("Ditte Lund", "databeskyttelsesrådgiver", set()),
        ("Bo Winther", "administrator", set()),
    ],
)
def test_every_role_names_somebody_and_both_see_plainly_what_that_one_can_do(
    town: OfficeTown, who: str, role: str, sees: set[str]
) -> None:
    """Figures are read by whoever the administrator allows; of the log and the roles nothing is ever lent."""
    week, desk = (MONDAY, date(2026, 11, 20)), town.office.absences
    before = parts(town, "Peter Krogh")

    def named() -> list[str]:
        asked = town.asked(who)
        absence = desk.away(asked, *week, "U0PETER001")
        return str(settings.away_saved(texts("da"), absence, desk.handed(asked, absence))).splitlines()[1:]

    nothing = [
        f"Som {role} låner du intet ud: Peter Krogh får besked, ser intet nyt, og dine beskeder venter."
    ]
    if not sees:
        nothing.append(f"Ingen anden er {role}. Kan noget ikke vente, skal en kollega have rollen.")
    assert named() == nothing
    now = parts(town, "Peter Krogh")
    assert now.keys() - before.keys() == {"named"}
    desk.allow_deputies(town.asked("Bo Winther"), town.person(who).id, ("U0PETER001",))
    assert named() == ([f"Peter Krogh kan læse dine tal som {role}."] if sees else nothing)
    town.deliver()
    told = "Du kan læse tallene som" if sees else f"Som {role} kan du spørges, men du ser intet nyt."
    assert told in town.heard("U0PETER001")[-1]
    now = parts(town, "Peter Krogh")
    assert now.keys() - before.keys() == {"named"} | sees
    assert told in readable(town.house.draw_home(town.person("Peter Krogh"), town.clock.at, texts("da")))
    town.jump(days=5)
    assert parts(town, "Peter Krogh").keys() == before.keys()


@pytest.mark.rule("D31")
def test_what_a_deputy_may_not_hear_waits_for_whoever_it_was_meant_for(town: OfficeTown) -> None:
    """Lise leads for Henrik, and does not chair for him: what only a chair hears is not lost between them."""
    town.office.absences.away(town.asked("Henrik Dahl"), MONDAY, date(2026, 11, 20), LISE)
    wish = town.requested(urgent=True, urgent_reason="housing")
    key = wish.urgent_key(HENRIK)
    for _ in range(2):
        town.deliver()
        with town.work() as work:
            kept = work.notices.by_key(key)
        assert kept and (kept.to, kept.state, kept.handled) == (HENRIK, NoticeState.PENDING, False)
        town.jump(days=1)
    assert not any("haster" in said for said in (*town.heard(LISE), *town.heard(HENRIK)))
    town.jump_to(
        date(2026, 11, 22), time(18, 0)
    )  # a Sunday: nothing is heard before the first working morning
    town.deliver()
    assert not any("haster" in said for said in town.heard(HENRIK))
    town.jump_to(date(2026, 11, 23), time(8, 0))
    town.deliver()
    assert sum("haster" in said for said in town.heard(HENRIK)) == 1

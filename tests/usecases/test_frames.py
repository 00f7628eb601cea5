"""Using a frame: booked at once, never over, never deleted (A8, T18, T19, D9, D33, D35)."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.case import CaseNotFound
from bot.domain.errors import Refusal
from bot.domain.frame import (
    AlreadyReversed,
    FrameExceeded,
    NothingToSettle,
    OnlyFixedCaseworker,
    PeriodMissing,
    SameAlready,
    open_commitments,
    sum_of,
)
from bot.domain.money import Kroner
from bot.domain.presentation import Kind, PresentationOpen, State, TooLateToUndo
from bot.texts import texts
from bot.usecases.frame_facts import Receipt, Use
from bot.views import frame as views
from bot.views.kit import Page, Surface
from storage.engine import Database
from tests.support.frames import active_case
from tests.support.office import OfficeTown, readable


@pytest.fixture
def office(database: Database) -> OfficeTown:
    return OfficeTown(database)


def bus(office: OfficeTown, kroner: int = 450, **change: Any) -> Use:
    return Use(**{"amount": Kroner.of(kroner), "purpose": "transport", "spent_on": office.today, **change})


def used(
    office: OfficeTown, case_id: str, by: str = "Maja Holm", kroner: int = 450, **change: Any
) -> Receipt:
    return office.office.frames.use(office.asked(by), case_id, bus(office, kroner, **change))


def ledger(office: OfficeTown, case_id: str) -> tuple[Kroner, Kroner]:
    """The frame's use, and the sum of its entries: always the same."""
    with office.work() as work:
        frame = work.frames.of_case(case_id)[0]
        return frame.used, sum_of(tuple(work.frames.entries(frame.id)))


@pytest.mark.rule("T18", "R059")
def test_a_use_is_booked_at_once_and_echoed(office: OfficeTown) -> None:
    case, _ = active_case(office)
    used(office, case.id, kroner=32_800)
    receipt = used(office, case.id)
    assert (receipt.left, ledger(office, case.id)) == (
        Kroner.of(6_750),
        (Kroner.of(33_250), Kroner.of(33_250)),
    )
    said = readable(views.receipt(texts("da"), office.house.rules.on(office.today), receipt)["blocks"])
    assert f"✅ 450,00 kr. til befordring på »{case.alias}«. 6.750,00 kr. tilbage (83 % brugt)." in said
    assert "Fortryd" in said and "Vis journalnotat" in said
    english = readable(views.receipt(texts("en"), office.house.rules.on(office.today), receipt)["blocks"])
    assert f'✅ DKK 450.00 for transport on "{case.alias}". DKK 6,750.00 left (83% used).' in english


def test_another_day_is_echoed_with_weekday_and_week(office: OfficeTown) -> None:
    case, _ = active_case(office)
    receipt = used(office, case.id, spent_on=date(2026, 11, 12))
    said = readable(views.receipt(texts("da"), office.house.rules.on(office.today), receipt)["blocks"])
    assert "Dato: torsdag 12. november (uge 46)" in said


@pytest.mark.rule("R060", "T18")
def test_only_the_fixed_caseworker_books_and_strangers_hear_of_no_case(office: OfficeTown) -> None:
    case, _ = active_case(office)
    with pytest.raises(OnlyFixedCaseworker):
        used(office, case.id, by="Jens Toft")
    with pytest.raises(CaseNotFound):
        used(office, case.id, by="Peter Krogh")


@pytest.mark.rule("T18")
def test_overspending_is_refused_and_changes_nothing(office: OfficeTown) -> None:
    case, _ = active_case(office, kroner=1_000)
    used(office, case.id, kroner=700)
    with pytest.raises(FrameExceeded) as said:
        used(office, case.id, kroner=1_400)
    assert said.value.facts["short"] == Kroner.of(1_100)
    assert ledger(office, case.id) == (Kroner.of(700), Kroner.of(700))
    shown = readable(views.exceeded(texts("da"), case.id, said.value).as_message_blocks())
    for words in ("Der er 300,00 kr. tilbage. Du mangler 1.100,00 kr.", "Brug 300 kr. nu", "Bed om ny ramme"):
        assert words in shown


def test_two_people_at_the_last_thousand_kroner_never_both_succeed(office: OfficeTown) -> None:
    case, _ = active_case(office, kroner=1_000)
    came_of: list[str] = []
    gate = threading.Barrier(8)
    askings = [office.asked("Maja Holm") for _ in range(8)]

    def spend(number: int) -> None:
        gate.wait()
        try:
            office.office.frames.use(askings[number], case.id, bus(office, 1_000), again=True)
            came_of.append("booked")
        except FrameExceeded:
            came_of.append("refused")

    threads = [threading.Thread(target=spend, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(came_of) == ["booked", *["refused"] * 7]
    assert ledger(office, case.id) == (Kroner.of(1_000), Kroner.of(1_000))


def test_the_same_amount_purpose_and_day_is_asked_about_once(office: OfficeTown) -> None:
    case, _ = active_case(office)
    used(office, case.id)
    with pytest.raises(SameAlready) as same:
        used(office, case.id)
    office.office.frames.use(office.asked("Maja Holm"), case.id, bus(office), again=True)
    assert ledger(office, case.id)[0] == Kroner.of(900)
    page = views.twice(
        texts("da"),
        office.house.rules.on(office.today),
        case=case.id,
        facts=same.value.facts,
        today=office.today,
        page=Page(Surface.EPHEMERAL),
    )
    assert "Der er allerede 450,00 kr. til befordring i dag." in readable(page.as_message_blocks())


@pytest.mark.rule("T19")
def test_the_controller_hears_of_a_correction_of_what_was_written_more_than_seven_days_ago(
    office: OfficeTown,
) -> None:
    case, _ = active_case(office)
    young, old = used(office, case.id), used(office, case.id, kroner=300)
    office.jump(days=7)
    office.office.frames.correct(office.asked("Maja Holm"), young.entry.id, reason="wrong_amount")
    office.deliver()
    assert office.heard("U0EVA00001") == []
    office.jump(days=1)
    office.office.frames.correct(office.asked("Maja Holm"), old.entry.id, reason="wrong_case")
    office.deliver()
    (told,) = office.heard("U0EVA00001")
    assert told.startswith(
        f"{case.key} (Socialområdet betaler): 300,00 kr. til befordring, registreret 16-11-2026, "
        "er tilbageført 24-11-2026: forkert sag."
    )
    assert case.alias not in told


@pytest.mark.rule("T19")
def test_a_use_is_undone_for_ten_minutes_and_then_corrected_with_a_reason(office: OfficeTown) -> None:
    case, _ = active_case(office)
    first, second = used(office, case.id), used(office, case.id, kroner=300)
    office.office.frames.undo(office.asked("Maja Holm"), first.entry.id)
    with pytest.raises(AlreadyReversed):
        office.office.frames.undo(office.asked("Maja Holm"), first.entry.id)
    office.jump(minutes=10, seconds=1)
    with pytest.raises(TooLateToUndo):
        office.office.frames.undo(office.asked("Maja Holm"), second.entry.id)
    office.office.frames.correct(office.asked("Maja Holm"), second.entry.id, reason="wrong_case")
    assert ledger(office, case.id) == (Kroner(0), Kroner(0))


@pytest.mark.rule("R062")
def test_support_in_a_period_needs_its_end(office: OfficeTown) -> None:
    case, _ = active_case(office)
    with pytest.raises(PeriodMissing):
        used(office, case.id, purpose="mentor_support")
    used(office, case.id, purpose="mentor_support", period_until=office.today + timedelta(days=30))


@pytest.mark.parametrize(("keep_rest", "left"), [(False, 32_000), (True, 31_600)])
def test_a_commitment_is_settled_and_the_rest_freed_or_kept(
    office: OfficeTown, keep_rest: bool, left: int
) -> None:
    case, _ = active_case(office)
    set_aside = used(office, case.id, kroner=8_400, commitment=True)
    done = office.office.frames.settle(
        office.asked("Maja Holm"),
        set_aside.entry.id,
        actual=Kroner.of(8_000),
        spent_on=office.today,
        keep_rest=keep_rest,
    )
    assert done.left == Kroner.of(left)
    view = office.office.frames.show(office.asked("Maja Holm"), case.id)
    assert [held for _, held in view.set_aside] == ([Kroner.of(400)] if keep_rest else [])
    if not keep_rest:
        with pytest.raises(NothingToSettle):
            office.office.frames.to_settle(office.asked("Maja Holm"), set_aside.entry.id)
    office.office.frames.undo(office.asked("Maja Holm"), done.entry.id)
    assert ledger(office, case.id) == (Kroner.of(8_400), Kroner.of(8_400))


def test_an_overdue_follow_up_marks_the_use_and_takes_no_money_away(office: OfficeTown) -> None:
    case, _ = active_case(office, follow_up=office.next_meetings(1)[0])
    office.jump(days=7)
    receipt = used(office, case.id)
    said = readable(views.receipt(texts("da"), office.house.rules.on(office.today), receipt)["blocks"])
    assert "Opfølgningen skulle have været torsdag 19. november. Rammen gælder, til den er holdt." in said


@pytest.mark.rule("T18")
def test_eighty_per_cent_is_told_the_caseworker_and_all_of_it_the_leaders_too(office: OfficeTown) -> None:
    case, _ = active_case(office, kroner=1_000)
    used(office, case.id, kroner=800)
    last = used(office, case.id, kroner=200)
    office.deliver()
    assert len(office.heard("U0MAJA0001")) == 2
    assert office.heard("U0JENS0001") == []
    office.office.frames.undo(office.asked("Maja Holm"), last.entry.id)
    office.jump(minutes=11)
    office.deliver()
    assert office.heard("U0JENS0001") == []
    used(office, case.id, kroner=200)
    office.jump(minutes=11)
    office.deliver()
    assert f"»{case.alias}« {case.key}: rammen på 1.000,00 kr. er brugt" in office.heard("U0JENS0001")[0]


def test_a_new_frame_is_asked_for_and_the_leader_told(office: OfficeTown) -> None:
    case, _ = active_case(office)

    def ask() -> Any:
        return office.office.frames.ask_new(
            office.asked("Maja Holm"),
            case.id,
            amount=Kroner.of(60_000),
            purposes=("transport",),
            reason="new_need",
        )

    asked = ask()
    assert (asked.kind, asked.state, asked.recommendation.frame.outside_reason) == (
        Kind.FRAME_CHANGE,
        State.REFERRED,
        "special_need",
    )
    with pytest.raises(PresentationOpen):
        ask()
    office.deliver()
    assert "60.000,00 kr. Grund: et nyt behov" in office.heard("U0JENS0001")[0]
    assert "Markér velbelyst" in office.heard("U0JENS0001")[0]
    assert "Markér velbelyst" not in office.heard("U0LONE0001")[0]
    office.office.readiness.mark_ready(office.asked("Jens Toft"), asked.id)
    office.deliver()
    assert "Markér velbelyst" not in office.heard("U0JENS0001")[0]


def test_the_forms_are_drawn_in_both_languages(office: OfficeTown) -> None:
    case, _ = active_case(office)
    set_aside = used(office, case.id, commitment=True)
    rules = office.house.rules.on(office.today)
    form = office.office.frames.form(office.asked("Maja Holm"), case.id)
    view = office.office.frames.show(office.asked("Maja Holm"), case.id)
    entry, held, line = office.office.frames.to_settle(office.asked("Maja Holm"), set_aside.entry.id)
    one, _ = office.office.frames.entry(office.asked("Maja Holm"), set_aside.entry.id)
    for language in ("da", "en"):
        words = texts(language)
        drawn = [
            views.use_form(words, rules, form, meta="{}"),
            views.use_form(words, rules, form, meta="{}", held={"purpose": "mentor_support"}),
            views.new_form(words, rules, form, meta="{}"),
            views.overview(words, rules, view),
            views.settle_form(words, rules, entry, held, line, today=office.today, meta="{}"),
            views.correct_form(words, rules, one, meta="{}"),
            views.pick_form(words, [line], meta="{}"),
        ]
        assert all(len(str(v["title"]["text"])) <= 24 for v in drawn)
        assert all(sum(b["type"] == "input" for b in v["blocks"]) <= 6 for v in drawn)
        assert views.mine(words, [line]).as_message_blocks()


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["use", "set aside", "settle", "settle in part", "undo", "correct"]),
        st.integers(1, 12_000),
        st.integers(0, 30),
    ),
    max_size=25,
)


@pytest.mark.rule("T18", "T19")
def test_whatever_is_done_the_sum_is_the_use_and_never_over(office: OfficeTown) -> None:
    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(moves=MOVES)
    def walk(moves: list[tuple[str, int, int]]) -> None:
        case, _ = active_case(office)
        for move, kroner, which in moves:
            _do(office, case.id, move, kroner, which)
            use, total = ledger(office, case.id)
            assert use == total
            assert Kroner(0) <= use <= Kroner.of(40_000)

    walk()


def _do(office: OfficeTown, case_id: str, move: str, kroner: int, which: int) -> None:
    frames, asked = office.office.frames, office.asked("Maja Holm")
    with office.work() as work:
        entries = tuple(work.frames.entries(f"frame-{case_id}"))
    waiting = open_commitments(entries)
    try:
        match move:
            case "use" | "set aside":
                use = bus(office, kroner, commitment=move == "set aside")
                frames.use(asked, case_id, use, again=True)
            case "settle" | "settle in part" if waiting:
                frames.settle(
                    asked,
                    waiting[which % len(waiting)].id,
                    actual=Kroner.of(kroner),
                    spent_on=office.today,
                    keep_rest=move == "settle in part",
                )
            case "undo" if entries:
                frames.undo(asked, entries[which % len(entries)].id)
            case "correct" if entries:
                frames.correct(asked, entries[which % len(entries)].id, reason="other")
    except Refusal:
        pass

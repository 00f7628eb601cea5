"""What must happen once happens once, and two at the same time never both win."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from threading import Barrier, Thread

import pytest
from sqlalchemy.exc import IntegrityError

from bot.domain.frame import FrameExceeded, FrameState
from bot.domain.meeting import ChangedMeanwhile
from bot.domain.money import Kroner
from bot.domain.presentation import Kind, State
from bot.usecases.ports import AlreadyAsked, Asked
from storage.unit_of_work import Storage
from tests.support.rows import AT, TODAY, Rows, a_person, an_entry


def at_once(*doings: Callable[[], object]) -> list[BaseException]:
    """Runs them together; gives what they raised."""
    start, faults = Barrier(len(doings)), []

    def do(doing: Callable[[], object]) -> None:
        start.wait()
        try:
            doing()
        except BaseException as fault:
            faults.append(fault)

    threads = [Thread(target=do, args=(doing,)) for doing in doings]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return faults


def test_a_press_that_comes_twice_is_told_what_came_of_it(town: Rows):
    press = Asked(a_person(), AT, "message", key="press:1")
    with town.storage.open_work(press) as work:
        work.result("case-17")
    with pytest.raises(AlreadyAsked) as again, town.storage.open_work(press):
        pytest.fail("nothing happens the second time")
    assert again.value.result == "case-17"


def test_a_press_that_failed_may_be_pressed_again(town: Rows):
    press = Asked(a_person(), AT, "message", key="press:1")
    with pytest.raises(FrameExceeded), town.storage.open_work(press):
        raise FrameExceeded
    with town.storage.open_work(press) as work:
        work.result("done")


def test_two_presses_at_once_are_one(town: Rows):
    press = Asked(a_person(), AT, "message", key="press:1")
    done: list[str] = []

    def handle() -> None:
        with town.storage.open_work(press) as work:
            done.append("done")
            work.result("case-17")

    faults = at_once(handle, handle)
    assert done == ["done"]
    assert [type(f) for f in faults] == [AlreadyAsked]
    assert faults[0].result == "case-17"  # type: ignore[attr-defined]


def test_two_at_the_last_money_never_both_get_it(town: Rows):
    frame = town.frame(town.case(), amount=Kroner.of(1000), used=Kroner(0))

    def spend() -> None:
        with town.storage.open_work(at=AT) as work:
            found = work.frames.get(frame.id, lock=True)
            found.allow(amount=Kroner.of(800), purpose="transport", spent_on=TODAY, today=TODAY)
            work.frames.save(replace(found, used=found.used + Kroner.of(800)))

    faults = at_once(spend, spend)
    assert [type(f) for f in faults] == [FrameExceeded]
    with town.storage.open_reading(at=AT) as work:
        assert work.frames.get(frame.id).used == Kroner.of(800)


@pytest.mark.parametrize("used", [Kroner(1000_01), Kroner(-1)])
def test_the_database_itself_refuses_a_frame_used_beyond_its_amount(town: Rows, used: Kroner):
    frame = town.frame(town.case(), amount=Kroner.of(1000), used=Kroner(0))
    with pytest.raises(IntegrityError), town.storage.open_work(at=AT) as work:
        work.frames.save(replace(frame, used=used))


def test_the_database_itself_refuses_a_second_open_frame(town: Rows):
    case = town.case()
    town.frame(case)
    town.frame(case, state=FrameState.SETTLED)
    with pytest.raises(IntegrityError):
        town.frame(case)


def test_the_database_itself_refuses_a_second_open_presentation_of_a_kind(town: Rows):
    case = town.case()
    town.presentation(case, state=State.REQUESTED)
    town.presentation(case, state=State.REQUESTED, kind=Kind.DOUBT)
    town.presentation(case, state=State.DECIDED)
    with pytest.raises(IntegrityError):
        town.presentation(case, state=State.READY)


def test_the_database_itself_refuses_to_undo_an_entry_twice(town: Rows):
    frame = town.frame(town.case())
    with town.storage.open_work(at=AT) as work:
        work.frames.add_entry(an_entry("e1", frame_id=frame.id))
        work.frames.add_entry(an_entry("e2", frame_id=frame.id, kind="reversal", reverses="e1"))
    with pytest.raises(IntegrityError), town.storage.open_work(at=AT) as work:
        work.frames.add_entry(an_entry("e3", frame_id=frame.id, kind="reversal", reverses="e1"))


def test_an_entry_of_nothing_is_refused(town: Rows):
    frame = town.frame(town.case())
    with pytest.raises(IntegrityError), town.storage.open_work(at=AT) as work:
        work.frames.add_entry(an_entry(frame_id=frame.id, amount=Kroner(0)))


def test_an_alias_is_never_given_twice_by_one_committee(town: Rows):
    town.case(alias="Bogfinke")
    with pytest.raises(IntegrityError):
        town.case(alias="Bogfinke")


def test_of_two_who_save_the_same_version_one_is_told(town: Rows):
    case = town.case()

    def move(area: str) -> Callable[[], None]:
        def save() -> None:
            with town.storage.open_work(at=AT) as work:
                work.cases.save(replace(case, area=area))

        return save

    assert [type(f) for f in at_once(move("youth"), move("schools"))] == [ChangedMeanwhile]


def test_no_number_is_given_twice(town: Rows):
    given: list[str] = []

    def take() -> None:
        for _ in range(10):
            with town.storage.open_work(at=AT) as work:
                key = work.cases.next_key(2026)
            given.append(key)

    assert at_once(take, take, take, take) == []
    assert sorted(given) == [f"26-{number:04d}" for number in range(1, 41)]


def test_what_fails_leaves_nothing_behind(storage: Storage, town: Rows):
    case = town.case()
    woken: list[str] = []
    storage.wake = lambda: woken.append("woken")
    with pytest.raises(FrameExceeded), storage.open_work(Asked(a_person(), AT, "home")) as work:
        work.note("case_closed", case=case.id)
        work.cases.save(replace(case, area="youth"))
        raise FrameExceeded
    with storage.open_reading(at=AT) as work:
        assert work.cases.get(case.id) == case
        assert work.journal.of_case(case.id, looks=True) == []
    assert woken == []


def test_a_reader_never_waits_for_a_writer(town: Rows):
    case = town.case()
    with town.storage.open_work(at=AT) as writing:
        writing.cases.save(replace(case, area="youth"))
        with town.storage.open_reading(at=AT) as reading:
            assert reading.cases.get(case.id).area == "social"


def test_writes_in_a_reading_are_undone(town: Rows):
    case = town.case()
    with town.storage.open_reading(at=AT) as reading:
        reading.cases.remove_references(case.id)
        reading.cases.save(replace(case, area="youth"))
    with town.storage.open_reading(at=AT) as reading:
        assert reading.cases.get(case.id).area == "social"

"""The outbox: told once, claimed by one, in order, and shown anew when what it tells has changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest

from bot.domain.notices import Notice, NoticeState
from storage.unit_of_work import Storage
from tests.support.rows import AT

MINUTE = timedelta(minutes=1)
LEASE = 60.0


def a_notice(key: str = "request:1", to: str = "UMAJA", **changes: object) -> Notice:
    return Notice(key=key, kind="request", to=to, facts={"case": "case-1"}, **changes)  # type: ignore[arg-type]


def tell(storage: Storage, *notices: Notice) -> None:
    with storage.open_work(at=AT) as work:
        for notice in notices:
            work.notices.tell(notice)


def claim(storage: Storage, at: datetime = AT, owner: str = "one") -> Notice | None:
    with storage.open_work(at=at) as work:
        due = work.notices.due_streams(at=at, real=at, most=20)
        tried = (
            work.notices.claim(stream, at=at, real=at, owner=owner, lease_seconds=LEASE)
            for stream in (*due.new, *due.changes)
        )
        return next((found for found in tried if found), None)


def record(storage: Storage, notice: Notice) -> None:
    with storage.open_work(at=AT) as work:
        work.notices.record(notice)


def sent(notice: Notice) -> Notice:
    return replace(
        notice,
        state=NoticeState.SENT,
        channel="D1",
        ts="1795500000.000100",
        sent_at=AT,
        shown_revision=notice.revision,
        attempts=0,
        lease_until=None,
    )


def stored(storage: Storage, key: str = "request:1") -> Notice:
    with storage.open_reading(at=AT) as work:
        found = work.notices.by_key(key)
    assert found is not None
    return found


def test_a_notice_comes_back_whole(storage: Storage):
    tell(storage, a_notice(not_before=AT, expires_at=AT + MINUTE, case_id="case-1"))
    written = replace(sent(stored(storage)), error="code", owner="one", first_try=AT, handled=True)
    record(storage, written)
    assert stored(storage) == written


def test_the_same_key_is_told_once(storage: Storage):
    tell(storage, a_notice(), a_notice(), a_notice(to="UPETER"))
    tell(storage, a_notice())
    assert claim(storage) is not None
    assert claim(storage) is None


def test_telling_wakes_the_delivery_after_the_commit_and_only_then(storage: Storage):
    woken: list[str] = []
    storage.wake = lambda: woken.append("woken")
    with storage.open_work(at=AT) as work:
        work.notices.tell(a_notice())
        assert woken == []
    assert woken == ["woken"]
    tell(storage, a_notice())
    assert woken == ["woken"]


def test_a_stream_gives_out_its_messages_in_order_one_at_a_time(storage: Storage):
    tell(storage, a_notice("a"), a_notice("b"), a_notice("c", to="UPETER"))
    first, other = claim(storage), claim(storage)
    assert first is not None
    assert other is not None
    assert (first.key, other.key) == ("a", "c")
    assert claim(storage) is None, "b waits while a is being sent"
    record(storage, sent(first))
    second = claim(storage)
    assert second is not None
    assert second.key == "b"


def test_nothing_overtakes_what_waits_to_be_tried_again(storage: Storage):
    tell(storage, a_notice("a"), a_notice("b"))
    first = claim(storage)
    assert first is not None
    record(storage, replace(first, state=NoticeState.PENDING, not_before=AT + 5 * MINUTE))
    assert claim(storage, AT + MINUTE) is None
    again = claim(storage, AT + 5 * MINUTE)
    assert again is not None
    assert again.key == "a"


def test_a_message_for_later_holds_nobody_back(storage: Storage):
    tell(storage, a_notice("tomorrow", not_before=AT + 60 * MINUTE), a_notice("now"))
    found = claim(storage)
    assert found is not None
    assert found.key == "now"


def test_a_broken_place_holds_back_its_own_message_until_it_is_mended(storage: Storage):
    tell(storage, a_notice("a"), a_notice("b"))
    first = claim(storage)
    assert first is not None
    record(storage, replace(first, state=NoticeState.PARKED))
    with storage.open_work(at=AT) as work:
        assert [n.key for n in work.notices.parked()] == ["a"]
        assert work.notices.unpark("UMAJA") == 2, "and what waits behind it"
    again = claim(storage)
    assert again is not None
    assert again.key == "a"


def test_a_lease_that_has_run_out_goes_to_the_next_and_the_attempt_is_remembered(storage: Storage):
    tell(storage, a_notice())
    assert claim(storage) is not None
    assert claim(storage, AT + timedelta(seconds=LEASE), owner="two") is None
    taken = claim(storage, AT + timedelta(seconds=LEASE + 1), owner="two")
    assert taken is not None
    assert (taken.owner, taken.attempts, taken.first_try) == ("two", 2, AT)


def test_two_who_claim_at_once_never_get_the_same(storage: Storage):
    tell(storage, *(a_notice(f"n{i}", to=f"U{i}") for i in range(20)))
    claimed: list[str] = []
    start = Barrier(2)

    def deliver(owner: str) -> None:
        start.wait()
        while found := claim(storage, owner=owner):
            claimed.append(found.key)
            record(storage, sent(found))

    both = [Thread(target=deliver, args=(name,)) for name in ("one", "two")]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    while found := claim(storage):  # SKIP LOCKED may leave one that was held for a moment
        claimed.append(found.key)
        record(storage, sent(found))
    assert sorted(claimed) == sorted(f"n{i}" for i in range(20))


def test_what_is_in_hand_is_brought_to_its_end_before_what_was_told_earlier_for_later(storage: Storage):
    """Each kept the other waiting: one is in hand already, and the other is the earlier."""
    tell(storage, a_notice("for later", not_before=AT + MINUTE), a_notice("now"))
    in_hand = claim(storage)
    assert in_hand is not None
    assert in_hand.key == "now"
    for key in ("now", "for later"):  # whoever had it died, and meanwhile the other's time has come
        found = claim(storage, AT + 2 * MINUTE)
        assert found is not None
        assert found.key == key
        record(storage, sent(found))


def test_two_who_tell_the_same_at_once_tell_it_once_and_neither_fails(storage: Storage):
    start, faults = Barrier(2), []

    def report() -> None:
        start.wait()
        try:
            tell(storage, a_notice())
        except Exception as fault:
            faults.append(fault)

    both = [Thread(target=report) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert faults == []
    assert claim(storage) is not None
    assert claim(storage) is None


def test_a_message_is_shown_anew_with_what_is_true_now(storage: Storage):
    tell(storage, a_notice())
    first = claim(storage)
    assert first is not None
    record(storage, sent(first))
    with storage.open_work(at=AT) as work:
        assert work.notices.retell("request:1", state="referred")
        assert not work.notices.retell("never told")
    again = claim(storage)
    assert again is not None
    assert (again.facts, again.revision, again.shown_revision) == (
        {"case": "case-1", "state": "referred"},
        2,
        1,
    )
    assert again.ts == "1795500000.000100", "the same message in Slack"


def test_a_change_before_its_time_does_not_bring_a_message_forward(storage: Storage):
    tell(storage, a_notice(not_before=AT + 60 * MINUTE))
    with storage.open_work(at=AT) as work:
        work.notices.retell("request:1", state="referred")
    assert claim(storage) is None
    assert claim(storage, AT + 60 * MINUTE) is not None


def test_what_is_handled_before_it_was_sent_is_never_sent(storage: Storage):
    tell(storage, a_notice("request:1:leader"), a_notice("request:1:deputy"), a_notice("request:10"))
    with storage.open_work(at=AT) as work:
        work.notices.handle("request:1:")
    found = claim(storage)
    assert found is not None
    assert found.key == "request:10"
    assert claim(storage) is None
    assert stored(storage, "request:1:leader").state == NoticeState.CANCELLED


def test_what_is_handled_after_it_was_sent_is_shown_once_more_and_then_left_alone(storage: Storage):
    tell(storage, a_notice())
    first = claim(storage)
    assert first is not None
    record(storage, sent(first))
    with storage.open_work(at=AT) as work:
        work.notices.handle("request:1")
    neutral = claim(storage)
    assert neutral is not None
    assert neutral.handled
    record(storage, sent(neutral))
    with storage.open_work(at=AT) as work:
        work.notices.handle("request:1")
        assert work.notices.retell("request:1", state="late")
        assert work.notices.to_clear(before=AT + MINUTE) == []
        assert work.notices.showing("request") == []
    assert claim(storage) is None


def test_only_what_was_never_tried_can_be_cancelled(storage: Storage):
    tell(storage, a_notice("a"), a_notice("b", to="UPETER"))
    first = claim(storage)
    assert first is not None
    assert first.key == "a"
    with storage.open_work(at=AT) as work:
        assert not work.notices.cancel("a")
        assert work.notices.cancel("b")
        assert not work.notices.cancel("nobody told this")
    record(storage, sent(first))
    assert claim(storage) is None


@pytest.mark.parametrize("engine", ["postgresql"])
def test_two_who_tell_the_same_people_in_opposite_order_both_get_through(storage: Storage):
    """Numbers are taken at the end, in the order of the streams; taken as told, one of the two would be thrown out."""
    both_have_told, faults = Barrier(2), []

    def report(name: str, *people: str) -> None:
        try:
            with storage.open_work(at=AT) as work:
                work.notices.tell(a_notice(f"{name}:{people[0]}", to=people[0]))
                both_have_told.wait(timeout=5)
                work.notices.tell(a_notice(f"{name}:{people[1]}", to=people[1]))
        except Exception as fault:
            faults.append(fault)

    both = [
        Thread(target=report, args=("one", "UA", "UB")),
        Thread(target=report, args=("two", "UB", "UA")),
    ]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert faults == []
    with storage.open_reading(at=AT) as work:
        assert work.notices.waiting_at("UA") == work.notices.waiting_at("UB") == 2


def test_what_is_told_in_a_transaction_can_be_changed_and_taken_back_in_it(storage: Storage):
    with storage.open_work(at=AT) as work:
        work.notices.tell(a_notice("a"))
        assert work.notices.retell("a", state="late")
        work.notices.tell(a_notice("b"))
        assert work.notices.cancel("b")
        work.notices.tell(a_notice("c:1"))
        work.notices.handle("c:")
        assert work.notices.known(["a", "d"]) == {"a"}
    found = claim(storage)
    assert found is not None
    assert (found.key, found.seq, found.facts) == ("a", 1, {"case": "case-1", "state": "late"})
    record(storage, sent(found))
    assert claim(storage) is None
    assert {stored(storage, key).state for key in ("b", "c:1")} == {NoticeState.CANCELLED}

"""»Mens du var væk«: one overview on the first morning back, whatever piled up meanwhile (D31, A9, D10).

News about one's own cases that nobody took over is counted in it, and never sent on its own: what it tells stands on the
case and in Home. What asks for an answer is a message still.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.domain.calendar import instant, local_date
from bot.domain.journal import Entry
from bot.domain.notices import FOLDED, WITH, Notice, NoticeState
from bot.domain.people import Absence, PersonId, Post, Role
from bot.domain.presentation import State
from bot.usecases.delivery import Teller, Telling, Told
from bot.usecases.markers import put_marker
from bot.usecases.ports import Asked, Work

UNDO = timedelta(minutes=10)
ANSWERS = frozenset({"presentation_referred", "presentation_returned", "presentation_declined"})
LED = frozenset(
    {
        "advice_followed",
        "advice_set_aside",
        "anchor_assessed",
        "case_cancelled",
        "case_closed",
        "case_reopened",
        "made_ready",
        "marked_ready",
        "measure_started",
        "no_joint_plan",
        "transition_ticked",
        "task_ticked",
        "payer_set",
        "next_date_set",
        "advice_answered",
        "substitute_set",
        "substitute_ended",
        "referral_taken_back",
        "missing_again",
    }
)
MEETINGS = frozenset(
    {
        "meeting_started",
        "meeting_moved",
        "meeting_cancelled",
        "extra_meeting",
        "agenda_minutes",
        "agenda_posted_again",
        "called",
        "put_on_agenda",
        "taken_off_agenda",
        "moved_to_meeting",
        "agenda_order",
        "follow_up_moved",
        "urgent_chosen",
        "ballot_begun",
        "ballot_approved",
        "minutes_sent",
        "minutes_reopened",
        "minutes_approved",
        "minutes_amended",
    }
)
"""What a leader, and what a secretary or a chair, does for others: a deputy's acts of these are counted."""
LEADERS, HOSTS = (Role.AREA_LEADER, Role.DEPUTY_LEADER), (Role.SECRETARY, Role.CHAIR)


@dataclass(frozen=True)
class WhileAway:
    """How often and how many; `other` news waited, and the deputy acted so often for each role."""

    uses: int = 0
    decisions: int = 0
    postponed: int = 0
    other: int = 0
    deputies: tuple[str, ...] = ()  # names; none: nobody was lent a role, or did anything in it
    answers: int = 0
    led: int = 0
    meetings: int = 0


def back_key(absence: Absence) -> str:
    return f"back:{absence.id}:{absence.person}"


def tell_of_absences(work: Work, absences: Sequence[Absence], at: datetime) -> int:
    """One person's, all over this morning: one message whatever they are called, holiday or illness.

    Nothing happened: it is written down that nothing is to be said.
    """
    other = sum(_fold(work, absence, at) for absence in absences)
    last, *earlier = sorted(absences, key=lambda a: a.last, reverse=True)
    told = _happened(work, absences, other) != WhileAway()
    for absence in earlier if told else absences:
        put_marker(work, back_key(absence))
    if told:
        facts = {"absence": last.id, "other": str(other)}
        facts |= {WITH: ",".join(a.id for a in earlier)} if earlier else {}
        work.notices.tell(Notice(back_key(last), "back", last.person, facts))
    return int(told)


def let_out(work: Work, asked: Asked, absence: Absence) -> None:
    """Back early: what came today waits no longer, but for as long as it can be undone. The overview takes the rest."""
    for notice in _waiting(work, absence):
        if notice.kind in FOLDED and notice.created_at and local_date(notice.created_at) < asked.today:
            continue
        work.notices.record(notice.moved(NoticeState.PENDING, not_before=asked.at + UNDO))


def _fold(work: Work, absence: Absence, at: datetime) -> int:
    """Gives how much news waited beside decisions, which the journal counts."""
    other = 0
    for notice in _waiting(work, absence):
        if notice.kind not in FOLDED:
            continue
        if not _is_only_news(work, notice, absence):
            work.notices.record(notice.moved(NoticeState.PENDING, not_before=at))
            continue
        work.notices.cancel(notice.key)
        other += notice.kind != "decided"
    return other


def _waiting(work: Work, absence: Absence) -> Iterator[Notice]:
    for notice in work.notices.owed_to(absence.person):
        created = notice.created_at
        if created and absence.covers(local_date(created)) and notice.untried and notice.not_before:
            yield notice


def _is_only_news(work: Work, notice: Notice, absence: Absence) -> bool:
    """Of one's own cases, and it asks for nothing that does not stand in Home or on the case."""
    if "presentation" in notice.facts:
        cases = [work.presentations.get(item).case_id for item in notice.presentations]
    else:
        cases = [notice.case_id] if notice.case_id else []
    return bool(cases) and all(_is_news_of(work, notice, absence, case) for case in cases)


def _is_news_of(work: Work, notice: Notice, absence: Absence, case_id: str) -> bool:
    case = work.cases.find(case_id)
    if case is None or case.caseworker != notice.to:
        return False
    if notice.kind == "decided":
        given = case.fixed_since is not None and absence.covers(local_date(case.fixed_since))
        return not (given and case.waits_to_be_taken)  # »Jeg tager sagen« is asked for (T17)
    if notice.kind == "answered":
        return work.presentations.get(notice.facts["presentation"]).state != State.DECLINED
    return True


def _happened(work: Work, absences: Sequence[Absence], other: int) -> WhileAway:
    """On the person's cases, and what the deputies did in the roles that were lent and are the person's still."""
    person = absences[0].person
    acts: Counter[str] = Counter()
    for case in work.cases.of_caseworker(person):
        for entry in work.journal.of_case(case.id):
            if any(absence.covers(local_date(entry.at)) for absence in absences):
                acts[entry.act] += entry.act != "frame_used" or entry.by != person
    done = {seq: (what, by) for absence in absences for seq, what, by in _by_deputy(work, absence)}
    counts = Counter(what for what, _ in done.values())
    deputies = sorted({work.people.get(by).name for _, by in done.values()})
    return WhileAway(
        uses=acts["frame_used"],
        decisions=acts["item_decided"],
        postponed=acts["item_postponed"],
        other=other,
        deputies=tuple(deputies),
        answers=counts["answers"],
        led=counts["led"],
        meetings=counts["meetings"],
    )


def _by_deputy(work: Work, absence: Absence) -> Iterator[tuple[int, str, PersonId]]:
    """Which entry, what it was, and whose act."""
    lent = absence.lent_of(work.people.get(absence.person).posts)
    if not lent or absence.deputy is None:
        return
    acts = (*ANSWERS, *LED, *MEETINGS)
    for entry in work.journal.of_acts(*acts, since=instant(absence.first, time())):
        if entry.by != absence.deputy or not absence.covers(local_date(entry.at)):
            continue
        if entry.act in MEETINGS:
            if any(post.role in HOSTS for post in lent):
                yield entry.seq, "meetings", absence.deputy
        elif _in_lent_area(work, entry, lent):
            yield entry.seq, "answers" if entry.act in ANSWERS else "led", absence.deputy


def _in_lent_area(work: Work, entry: Entry, lent: frozenset[Post]) -> bool:
    """A leader's act on somebody else's case: the deputy's own case is no leader's work."""
    areas = {post.area for post in lent if post.role in LEADERS}
    case = work.cases.find(entry.case_id) if entry.case_id else None
    if case is None or case.caseworker == entry.by:
        return False
    return bool(areas & {case.area, entry.facts.get("area")})


def _tell_back(telling: Telling) -> Told | None:
    facts = telling.notice.facts
    ids = [facts["absence"], *facts.get(WITH, "").split(",")]
    absences = [a for a in (telling.work.people.absence(id) for id in ids if id) if a]  # noqa: A001
    if not absences or telling.recipient is None:
        return None
    other = int(facts.get("other", "0"))
    return Told(_happened(telling.work, absences, other), telling.recipient.language)


TELLERS: dict[str, Teller] = {"back": _tell_back}

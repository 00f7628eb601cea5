"""»Mens du var væk«: one overview on the first morning back, whatever piled up meanwhile (D31, A9, D10).

News about one's own cases that nobody took over is counted in it, and never sent on its own: what it tells stands on the
case and in Home. What asks for an answer is a message still.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.domain.calendar import instant, local_date
from bot.domain.journal import Entry
from bot.domain.notices import FOLDED, Notice, NoticeState
from bot.domain.people import Absence, Post, Role
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
    deputy: str | None = None  # a name; None: nobody was lent a role, or did anything in it
    answers: int = 0
    led: int = 0
    meetings: int = 0


def back_key(absence: Absence) -> str:
    return f"back:{absence.id}:{absence.person}"


def tell_of_absence(work: Work, absence: Absence, at: datetime) -> int:
    """Nothing happened: it is written down that nothing is to be said."""
    other = _fold(work, absence, at)
    if _happened(work, absence, other) == WhileAway():
        put_marker(work, back_key(absence))
        return 0
    facts = {"absence": absence.id, "other": str(other)}
    work.notices.tell(Notice(back_key(absence), "back", absence.person, facts))
    return 1


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


def _happened(work: Work, absence: Absence, other: int) -> WhileAway:
    """On the person's cases, and what the deputy did in the roles that were lent and are the person's still."""
    acts: Counter[str] = Counter()
    for case in work.cases.of_caseworker(absence.person):
        for entry in work.journal.of_case(case.id):
            if absence.covers(local_date(entry.at)):
                acts[entry.act] += entry.act != "frame_used" or entry.by != absence.person
    done = Counter(_by_deputy(work, absence))
    return WhileAway(
        uses=acts["frame_used"],
        decisions=acts["item_decided"],
        postponed=acts["item_postponed"],
        other=other,
        deputy=work.people.get(absence.deputy).name if absence.deputy and done else None,
        answers=done["answers"],
        led=done["led"],
        meetings=done["meetings"],
    )


def _by_deputy(work: Work, absence: Absence) -> Iterator[str]:
    lent = absence.lent_of(work.people.get(absence.person).posts)
    if not lent or absence.deputy is None:
        return
    acts = (*ANSWERS, *LED, *MEETINGS)
    for entry in work.journal.of_acts(*acts, since=instant(absence.first, time())):
        if entry.by != absence.deputy or not absence.covers(local_date(entry.at)):
            continue
        if entry.act in MEETINGS:
            if any(post.role in HOSTS for post in lent):
                yield "meetings"
        elif _in_lent_area(work, entry, lent):
            yield "answers" if entry.act in ANSWERS else "led"


def _in_lent_area(work: Work, entry: Entry, lent: frozenset[Post]) -> bool:
    """A leader's act on somebody else's case: the deputy's own case is no leader's work."""
    areas = {post.area for post in lent if post.role in LEADERS}
    case = work.cases.find(entry.case_id) if entry.case_id else None
    if case is None or case.caseworker == entry.by:
        return False
    return bool(areas & {case.area, entry.facts.get("area")})


def _tell_back(telling: Telling) -> Told | None:
    absence = telling.work.people.absence(telling.notice.facts["absence"])
    if absence is None or telling.recipient is None:
        return None
    other = int(telling.notice.facts.get("other", "0"))
    return Told(_happened(telling.work, absence, other), telling.recipient.language)


TELLERS: dict[str, Teller] = {"back": _tell_back}

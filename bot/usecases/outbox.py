"""What could not be sent: who hears of it, and what happens when the place, the person or the workspace is back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.lanes import TEAM
from bot.domain.meeting import Blocked
from bot.domain.notices import UNWANTED, Notice, NoticeState
from bot.domain.people import PersonId, Role, require
from bot.usecases.consequences import REFUSED, places_of, told_of_places
from bot.usecases.delivery import Teller, Telling, Told
from bot.usecases.homes import PartAsked
from bot.usecases.ports import Asked, Work
from bot.usecases.tools import UseCases
from bot.usecases.two_chairs import leaders_of
from bot.usecases.while_away import UNDO

PERSONAL = frozenset({"overview", "welcome", "reply", "access_wish", "away_answer", "back", "marker"})
"""What says nothing to anybody else: a leader's own overview tells what the cases wait for."""


@dataclass(frozen=True)
class PlaceBrokenTold:
    place: str  # a channel's id in Slack
    person: str | None  # a name; None: it is a channel
    code: str
    waiting: int
    refused: str | None = None  # what we may not do, there or anywhere


@dataclass(frozen=True)
class SlackBackTold:
    code: str
    since: datetime
    waiting: int


@dataclass(frozen=True)
class StuckLine:
    """A message that could not be sent, without a word of what is in it."""

    id: str
    state: NoticeState
    kind: str
    to: str
    code: str | None
    attempts: int
    owed_since: datetime


@dataclass(frozen=True)
class StuckSeen:
    """The same in a form: whom it is for, and Slack's word for why."""

    id: str
    person: str | None  # a name; None: `to` is a channel's id in Slack
    to: str
    state: NoticeState
    code: str | None
    since: datetime
    too_late: bool  # nobody has use for it any more
    let_go: bool = False  # it is not sent, only looked for once more


@dataclass(frozen=True)
class StuckList:
    lines: tuple[StuckSeen, ...]  # the oldest
    count: int  # of them all


SHOWN = 5


class Outbox(UseCases):
    """What the operator and the secretary do about messages that could not be sent."""

    def listed(self, at: datetime) -> list[StuckLine]:
        """Dead, parked, and those Slack keeps answering badly; the oldest first."""
        return self.first_of(at, most=None)[0]

    def first_of(self, at: datetime, *, most: int | None) -> tuple[list[StuckLine], int]:
        """The oldest of them, so many at most, and how many there are in all."""
        with self._open_reading(at=at) as work:
            found, count = work.notices.unreached(most)
            lines = [
                StuckLine(n.id, n.state, n.kind, n.to, n.error, n.attempts + n.failures, n.created_at or at)
                for n in found
            ]
            return lines, count

    def seen(self, asked: Asked) -> StuckList:
        """The oldest of them in a form: never what is in one."""
        require(asked.by, Role.ADMINISTRATOR, Role.SECRETARY)
        with self._open_reading(at=asked.at) as work:
            return _seen(work, asked.at)

    def take_up(self, asked: Asked, id: str) -> StuckList:  # noqa: A002
        """*Prøv igen* on one; what waits with it at a place that could not be reached goes out too. Gives what is left."""
        require(asked.by, Role.ADMINISTRATOR, Role.SECRETARY)
        with self._open_work(asked) as work:
            notice = work.notices.find(id)
            if _tried_again(work, id) and notice is not None and notice.state == NoticeState.PARKED:
                open_again(work, notice.to)
            return _seen(work, asked.at)

    def give_up(self, asked: Asked, id: str) -> StuckList:  # noqa: A002
        """*Send ikke* on one; somebody who was quicker changes nothing. Gives what is left."""
        require(asked.by, Role.ADMINISTRATOR, Role.SECRETARY)
        with self._open_work(asked) as work:
            _stopped(work, id)
            return _seen(work, asked.at)

    def retry(self, id: str, *, at: datetime) -> bool:  # noqa: A002
        """It is tried again. One that may stand in Slack is looked for first; one that fails is taken up when it has
        settled, within five minutes, and has its three days anew. False: it is not stuck.
        """
        with self._open_work(at=at) as work:
            return _tried_again(work, id)

    def cancel(self, id: str, *, at: datetime) -> bool:  # noqa: A002
        """It is never sent. One that fails may stand in Slack: it is looked for once more, and stays if it is there.
        False: it is not stuck.
        """
        with self._open_work(at=at) as work:
            return _stopped(work, id)

    def place_again(self, asked: Asked, place: str) -> int:
        """*Prøv igen* on one place that somebody has mended; gives how many go out."""
        require(asked.by, Role.ADMINISTRATOR, Role.SECRETARY)
        with self._open_work(asked) as work:
            count = sum(open_again(work, one) for one in sorted(_together_with(work, place)))
            work.note("sent_again", count=str(count), place=place)
            return count

    def place_open(self, place: str, at: datetime) -> int:
        """Slack says that a channel is back, or that we are in it: what waited there goes out in order."""
        with self._open_reading(at=at) as work:
            if place not in broken_places(work):
                return 0
        with self._open_work(at=at) as work:
            count = open_again(work, place)
            work.note("place_open", place=place, count=str(count))
            return count


STUCK = (NoticeState.DEAD, NoticeState.PARKED)


def stop_sending(work: Work, notice: Notice) -> None:
    """It is never sent; one that is on its way, and may stand in Slack, is looked for once more.

    A change to one that stands is not made, and the row says so; it becomes neutral when it is old (D34).
    """
    on_its_way = notice.state in (NoticeState.PENDING, NoticeState.SENDING)
    if notice.state in STUCK or (on_its_way and notice.untried):
        work.notices.record(
            notice.moved(NoticeState.CANCELLED)
            if notice.ts is None
            else notice.moved(NoticeState.SENT, handled=False)
        )
    elif on_its_way:
        # a new revision: whoever speaks of it now does not write over it
        facts = {**notice.facts, UNWANTED: "yes"}
        work.notices.record(replace(notice, facts=facts, revision=notice.revision + 1))


def wanted_again(notice: Notice) -> Notice:
    """Whoever is about to let it go does not write over that."""
    facts = {name: fact for name, fact in notice.facts.items() if name != UNWANTED}
    return replace(notice, facts=facts, revision=notice.revision + 1)


def _tried_again(work: Work, id: str) -> bool:  # noqa: A002
    notice = work.notices.find(id)
    if notice is None or not _is_stuck(notice):
        return False
    again = replace(wanted_again(notice), failures=0, failing_since=None)
    if notice.state in STUCK:
        work.lanes.mend(notice.to)
        again = again.moved(NoticeState.PENDING, not_before=None)
    work.notices.record(again)
    work.note("outbox_retried", notice=id, kind=notice.kind)
    return True


def _stopped(work: Work, id: str) -> bool:  # noqa: A002
    """False also where the look that was asked for is still to come; one that met a broken place is let go at once."""
    notice = work.notices.find(id)
    if notice is None or not _is_stuck(notice):
        return False
    if UNWANTED in notice.facts and notice.state not in STUCK:
        return False
    stop_sending(work, notice)
    work.note("outbox_cancelled", notice=id, kind=notice.kind)
    return True


def _seen(work: Work, at: datetime) -> StuckList:
    found, count = work.notices.unreached(SHOWN)
    lines = []
    for n in found:
        person = work.people.find(n.to)
        name, since = person.name if person else None, n.created_at or at
        too_late = n.ts is None and n.expires_at is not None and at > n.expires_at
        let_go = UNWANTED in n.facts and n.state not in STUCK
        lines.append(StuckSeen(n.id, name, n.to, n.state, n.error, since, too_late, let_go))
    return StuckList(tuple(lines), count)


def _is_stuck(notice: Notice) -> bool:
    fails = notice.state in (NoticeState.PENDING, NoticeState.SENDING) and notice.failures > 0
    return notice.state in STUCK or fails


def unsent(part: PartAsked) -> int | None:
    """The secretary's Home: how many could not be sent. The administrator's own part says it too."""
    if not part.asked.by.has(Role.SECRETARY) or part.asked.by.has(Role.ADMINISTRATOR):
        return None
    return part.work.notices.unreached(0)[1] or None


def broken_places(work: Work) -> list[str]:
    """Where something waits for somebody to mend the place."""
    lanes = [lane.name for lane in work.lanes.broken() if lane.name != TEAM]
    return sorted({*lanes, *(notice.to for notice in work.notices.parked())})


TRIED_AGAIN = timedelta(minutes=15)
"""How long a place that Slack refuses rests before one message tries it again: nobody tells us that it was mended."""


def places_to_try(work: Work, at: datetime) -> set[str]:
    """Those that have rested long enough, and those where a message waits though nothing is known against them.

    One that broke a quarter of an hour from now was a wrong clock's to say.
    """
    broken = {lane.name: lane for lane in work.lanes.broken()}
    rested = {n for n, lane in broken.items() if lane.since is None or abs(at - lane.since) >= TRIED_AGAIN}
    left = {notice.to for notice in work.notices.parked()} - broken.keys()
    return (rested | left) - {TEAM}


def let_rest(work: Work) -> list[str]:
    """Keys of what was told of places where all has gone out: it is over."""
    told = told_of_places(work)
    return [one.key for one in told if not any(_holds_up(work, place) for place in places_of(work, one))]


def _holds_up(work: Work, place: str) -> bool:
    return bool(work.lanes.of(place).broken or work.notices.waiting_at(place))


def _together_with(work: Work, place: str) -> set[str]:
    """With the others that cannot be reached for the same reason, where that was told of all of them at once."""
    told = (places_of(work, one) for one in told_of_places(work) if one.facts["place"] == place)
    return {place}.union(*told)


def open_again(work: Work, place: str, *, for_certain: bool = True) -> int:
    """The place may be reached again: what waited there goes out in order. Gives how many.

    Unless it is certain, what was told of the place stands until all has gone out (`let_rest`).
    """
    count = work.notices.unpark(place)
    if for_certain:
        work.notices.handle(f"place_broken:{place}:")
    for told in work.notices.showing("post_blocked"):
        meeting = work.meetings.get(told.facts["meeting"])
        here = work.committees.get(meeting.committee).channel == place
        if here and told.facts.get("why") in (Blocked.ARCHIVED, Blocked.GONE):
            work.notices.handle(told.key)
    return count


def pass_on(work: Work, person: PersonId, at: datetime) -> None:
    """What somebody who has left was still to hear of a case goes to the area's leader, once; the rest to nobody.

    It waits for as long as it can be undone, and for nobody to be back. Under the key it would have had if it had been
    theirs from the beginning: then it may have been told already. One that was taken back for them alone is no telling.
    """
    work.notices.unpark(person)
    everybody = [p for p in work.people.all() if p.active and p.id != person]
    for notice in work.notices.owed_to(person):
        work.notices.record(notice.moved(NoticeState.CANCELLED))
        case = work.cases.find(notice.case_id) if notice.case_id else None
        if case is None or notice.kind in PERSONAL:
            continue
        for leader in leaders_of(everybody, case.area)[:1]:
            before, named, after = notice.key.rpartition(person)
            theirs = f"{before}{leader.id}{after}"
            key = (
                theirs if named and not _taken_back(work, theirs, leader.id) else f"{notice.key}:{leader.id}"
            )
            moved = Notice(key, notice.kind, leader.id, notice.facts)
            due = notice.not_before and min(notice.not_before, at + UNDO)
            work.notices.tell(replace(moved, case_id=case.id, expires_at=notice.expires_at, not_before=due))


def _taken_back(work: Work, key: str, person: PersonId) -> bool:
    """It was to be told to that person, and never was."""
    told = work.notices.by_key(key)
    if told is None or told.to != person:
        return False
    return told.ts is None and told.state == NoticeState.CANCELLED


def _tell_broken(telling: Telling) -> Told | None:
    """Nothing, when it was mended before it could be told."""
    work, hearer, facts = telling.work, telling.recipient, telling.notice.facts
    broken = [lane for p in sorted(places_of(work, telling.notice)) if (lane := work.lanes.of(p)).broken]
    if hearer is None or not broken or not (hearer.has(Role.ADMINISTRATOR) or hearer.runs_meetings):
        return None
    place, code = facts["place"], broken[0].broken or ""
    person = work.people.find(place)
    waiting = sum(work.notices.waiting_at(lane.name) for lane in broken)
    name, refused = person.name if person else None, facts.get(REFUSED)
    return Told(PlaceBrokenTold(place, name, code, waiting, refused), hearer.language)


def _tell_back(telling: Telling) -> Told | None:
    hearer, facts = telling.recipient, telling.notice.facts
    if hearer is None or not hearer.has(Role.ADMINISTRATOR):
        return None
    notices = telling.work.notices
    waiting = notices.stuck(at=telling.at).owed - sum(
        _may_go(telling, news) for news in notices.unsent("slack_back")
    )
    return Told(
        SlackBackTold(facts["code"], datetime.fromisoformat(facts["since"]), waiting), hearer.language
    )


def _may_go(telling: Telling, notice: Notice) -> bool:
    """As `Notices.stuck` counts what is owed: due, and for somebody who can be reached."""
    is_due = notice.not_before is None or notice.not_before <= telling.at
    return is_due and not telling.work.lanes.of(notice.to).broken


TELLERS: dict[str, Teller] = {"place_broken": _tell_broken, "slack_back": _tell_back}

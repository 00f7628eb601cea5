"""The weekly post: one message per meeting in the committee's channel, in the face the channel allows (D6, D7)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.domain.calendar import local_date
from bot.domain.committee import Committee, roster_faults
from bot.domain.lanes import TEAM
from bot.domain.meeting import (
    Blocked,
    Meeting,
    MeetingOver,
    MeetingState,
    Stage,
    posting_time,
    stage_of,
)
from bot.domain.notices import ANEW, UNWANTED, Notice, NoticeState
from bot.domain.people import PersonId, Role, require
from bot.domain.rules import Rules
from bot.usecases.agenda_facts import AgendaView, view_of
from bot.usecases.cases import the_committee
from bot.usecases.faces import face_for, look_of, outsiders, what_blocks
from bot.usecases.one_by_one import OneByOne
from bot.usecases.outbox import let_rest, open_again, places_to_try, stop_sending, wanted_again
from bot.usecases.ports import (
    Asked,
    CertainlyNotSent,
    ChannelGuard,
    ChannelSeen,
    NeverSendable,
    PerhapsSent,
    Work,
)
from bot.usecases.post_words import LATE_AFTER, UNREACHABLE, Post, trouble
from bot.usecases.presenters import changes_due
from bot.usecases.tools import Tools, UseCases, meeting_run_by

LOOKED_EVERY = timedelta(minutes=1)
_NEVER = datetime.min.replace(tzinfo=UTC)
MISSED_IS_NEWS_FOR = timedelta(days=3)
WATCHED_BACK = timedelta(days=30)
WATCHED_AHEAD = timedelta(days=9)
NOT_OVER = (Stage.PRELIMINARY, Stage.LOCKED, Stage.HELD)


@dataclass(frozen=True)
class Preview:
    """*Vis opslaget*: the post, and why it has that face."""

    post: Post
    private: bool
    outside: tuple[PersonId, ...]
    blocked: Blocked | None
    posting_at: datetime
    posted: bool


@dataclass(frozen=True)
class _Due:
    meeting: str
    act: str  # post | missed | retell
    key: str
    facts: dict[str, str]


class Posts(UseCases):
    def __init__(self, tools: Tools, *, guard: ChannelGuard) -> None:
        super().__init__(tools)
        self._guard = guard
        self._looked: dict[str, tuple[datetime, ChannelSeen | None]] = {}

    def post_due(self, at: datetime) -> int:
        """Puts the posts that are due in the outbox, each once however often it is asked, and shows anew what changed."""
        each = OneByOne()
        with self._open_reading(at=at) as work:
            due = [d for c in work.committees.all() if c.channel for d in self._due(work, c, at, each)]
        for one in due:
            with each.alone(), self._open_work(at=at) as work:
                self._carry_out(work, one, at)
        each.over()
        return len(due)

    def next_post(self, at: datetime) -> datetime | None:
        """When the next agenda is posted: a stop for the sandbox's time machine."""
        with self._open_reading(at=at) as work:
            if not work.committees.all():
                return None
            return next_posting(work, self._rules.on(local_date(at)), at)

    def look_again(self, channel: str, at: datetime) -> int:
        """Somebody came, left, or the channel changed: each post standing there chooses its face anew, at once."""
        with self._open_work(at=at) as work:
            return show_posts_again(work, channel)

    def watch_due(self, at: datetime) -> int:
        """Once a minute at each channel where a post stands: news of who came may be lost, and a guest must not read on.
        And at each that cannot be reached: that it is brought back is no news Slack tells an app, and that we are
        invited may be lost. What only a try can show is tried again now and then, by one message.

        Gives how many channels have changed. What was seen last is remembered by the process; one that begins goes by
        what was written down (`Watchkeeping`).
        """
        with self._open_reading(at=at) as work:
            standing = {n.to for n in work.notices.showing("agenda") if n.facts.get("stage") != Stage.CLEARED}
            broken = {lane.name: lane.broken for lane in work.lanes.broken() if lane.name != TEAM}
            tried, over = places_to_try(work, at), let_rest(work)
        channels = {place for place in broken.keys() | tried if place[:1] not in "UW"}
        watched = sorted(standing | channels)
        due = [c for c in watched if at - self._looked.get(c, (_NEVER, None))[0] >= LOOKED_EVERY]
        changed = sum(self._has_changed(channel, at) for channel in due)
        for place in due:
            if broken.get(place) in UNREACHABLE.values() and self._is_well(place):
                self._brought_back(place, at)
            elif place in tried and self._is_well(place):
                self._try_again(place, at)
        for person in sorted(tried - channels):
            self._try_again(person, at)
        for told in over:
            with self._open_work(at=at) as work:
                work.notices.handle(told)
        return changed

    def _is_well(self, channel: str) -> bool:
        seen = self._looked[channel][1]
        return seen is not None and what_blocks(seen) not in UNREACHABLE

    def _has_changed(self, channel: str, at: datetime) -> bool:
        """Slack being away changes nothing: the next minute asks again."""
        before = self._looked.get(channel, (_NEVER, None))[1]
        begins = before is None
        seen: ChannelSeen | None
        try:
            seen = self._guard.look(channel)
        except (CertainlyNotSent, PerhapsSent, NeverSendable):
            seen = before
        self._looked[channel] = (at, seen)
        if seen is None or seen == before or (begins and self._was_so(channel, seen, at)):
            return False
        self.look_again(channel, at)
        return True

    def _was_so(self, channel: str, seen: ChannelSeen, at: datetime) -> bool:
        """As it was written down last: who came while no process was up is news that nobody else will bring."""
        with self._open_reading(at=at) as work:
            last = next((look for look in work.lookouts.looks() if look.channel == channel), None)
            committee = next((c for c in work.committees.all() if c.channel == channel), None)
            if last is None or committee is None:
                return what_blocks(seen) is None
            return not look_of(work, committee, seen, at).differs_from(last)

    def _brought_back(self, channel: str, at: datetime) -> None:
        with self._open_work(at=at) as work:
            work.note("place_open", place=channel, count=str(open_again(work, channel, for_certain=False)))

    def _try_again(self, place: str, at: datetime) -> None:
        """Whoever was told of it hears nothing more of a try that fails."""
        with self._open_work(at=at) as work:
            work.notices.unpark(place)

    def look_everywhere(self, at: datetime) -> int:
        """Somebody's account changed: who may be in any committee's channel is no longer what it was."""
        with self._open_reading(at=at) as work:
            channels = {c.channel for c in work.committees.all() if c.channel}
        return sum(self.look_again(channel, at) for channel in channels)

    def preview(self, asked: Asked, meeting_id: str) -> Preview:
        """Looks at the channel first, and reads afterwards. Raises CertainlyNotSent when Slack is away."""
        require(asked.by, Role.SECRETARY, Role.CHAIR)
        channel = self._channel(asked, meeting_id)
        seen = self._guard.look(channel) if channel else ChannelSeen(exists=False)
        with self._open_reading(at=asked.at) as work:
            rules = self._rules.on(asked.today)
            meeting = meeting_run_by(work, asked, meeting_id)
            committee = work.committees.get(meeting.committee)
            outside = outsiders(work, committee, seen, asked.today)
            post = Post(
                view_of(work, rules, meeting, asked.at),
                face_for(work, committee, seen, asked.today),
                stage_of(meeting, rules, asked.at),
                asked.at,
                None,
                None,
            )
            at = posting_time(meeting, rules)
            return Preview(post, seen.private, outside, what_blocks(seen), at, meeting.posted_at is not None)

    def again(self, asked: Asked, meeting_id: str) -> Meeting:
        """*Prøv igen*: the channel has been put right, and gets its post; pressed again, the same one. Raises MeetingOver."""
        require(asked.by, Role.SECRETARY, Role.CHAIR)
        with self._open_work(asked) as work:
            meeting = meeting_run_by(work, asked, meeting_id, lock=True)
            if asked.at >= meeting.begins:
                raise MeetingOver(state=meeting.state, day=meeting.day)
            committee = work.committees.get(meeting.committee)
            work.notices.handle(f"post_blocked:{meeting.id}:")
            waiting = work.notices.by_key(meeting.post_key)
            if waiting is not None and _comes_through(work, waiting, committee.channel):
                work.note("agenda_posted_again", meeting=meeting.id)
                return meeting
            if waiting is not None and waiting.ts is None:
                stop_sending(work, waiting)
            saved = work.meetings.save(replace(meeting, post_round=meeting.post_round + 1))
            rules = self._rules.on(asked.today)
            if committee.channel:
                facts = self._facts(work, rules, saved, asked.at)
                work.notices.tell(Notice(saved.post_key, "agenda", committee.channel, facts))
            work.note("agenda_posted_again", meeting=meeting.id)
            return saved

    def present_due(self, at: datetime) -> int:
        """Presenters hear their times the working day before, each in one message (D10)."""
        each, today = OneByOne(), local_date(at)
        with self._open_reading(at=at) as work:
            rules = self._rules.on(today)
            due = [c for one in work.committees.all() for c in changes_due(work, one, rules, at, each)]
        if due:
            with self._open_work(at=at) as work:
                for change in due:
                    change.carry_out(work)
        each.over()
        return sum(change.new is not None for change in due)

    # --- below ---

    def _channel(self, asked: Asked, meeting_id: str) -> str | None:
        with self._open_reading(at=asked.at) as work:
            return work.committees.get(work.meetings.get(meeting_id).committee).channel

    def _due(self, work: Work, committee: Committee, at: datetime, each: OneByOne) -> list[_Due]:
        today = local_date(at)
        rules = self._rules.on(today)
        standing = {n.key: n for n in work.notices.showing("agenda")}
        near = work.meetings.between(committee.id, today - WATCHED_BACK, today + WATCHED_AHEAD)
        found = []
        for meeting in (*_left_behind(work, standing.values(), near), *near):
            with each.alone():
                if meeting.posted_at is None:
                    due = self._first(work, rules, meeting, at)
                else:
                    due = self._anew(work, rules, meeting, standing.get(meeting.post_key), at)
                if due:
                    found.append(due)
        return found

    def _first(self, work: Work, rules: Rules, meeting: Meeting, at: datetime) -> _Due | None:
        if at < posting_time(meeting, rules) or meeting.may_be_undone(at) or meeting.post_missed:
            return None
        cancelled = meeting.state == MeetingState.CANCELLED
        if (cancelled and meeting.extra) or not (cancelled or meeting.state == MeetingState.PLANNED):
            return None
        if at < meeting.begins:
            if not cancelled and _held_back(work, rules, meeting):
                return None
            facts = self._facts(work, rules, meeting, at)
            return _Due(meeting.id, "post", meeting.post_key, facts)
        if cancelled or at - meeting.begins > MISSED_IS_NEWS_FOR:
            return None
        return _Due(meeting.id, "missed", f"post_missed:{meeting.id}", {"meeting": meeting.id})

    def _anew(
        self, work: Work, rules: Rules, meeting: Meeting, shown: Notice | None, at: datetime
    ) -> _Due | None:
        """What the post says and what is true now are compared by their prints."""
        if shown is None or meeting.may_be_undone(at):
            return None
        stage = stage_of(meeting, rules, at)
        if shown.facts.get("stage") == stage and stage in (Stage.HELD, Stage.CLEARED, Stage.CANCELLED):
            return None
        now = self._facts(work, rules, meeting, at)
        if all(shown.facts.get(k) == now[k] for k in ("stage", "print")):
            return None
        if shown.facts.get("print") != now["print"] and shown.facts.get("stage") == stage:
            before = int(shown.facts.get("count", now["count"]))
            count = int(now["count"])
            now["change"] = "added" if count > before else "removed" if count < before else "other"
            now["changed"] = at.isoformat()
        return _Due(meeting.id, "retell", shown.key, now)

    def _facts(self, work: Work, rules: Rules, meeting: Meeting, at: datetime) -> dict[str, str]:
        view = view_of(work, rules, meeting, at)
        return {
            "meeting": meeting.id,
            "stage": view.stage.value,
            "print": _print_of(view),
            "count": str(len(view.lines)),
        }

    def _carry_out(self, work: Work, due: _Due, at: datetime) -> None:
        if due.act == "retell":
            work.notices.retell(due.key, **due.facts)
            return
        meeting = work.meetings.get(due.meeting, lock=True)
        if due.act == "missed":
            work.meetings.save(replace(meeting, post_missed=True))
            for secretary in work.people.holding(Role.SECRETARY, committee=meeting.committee):
                work.notices.tell(trouble(meeting, "post_missed", secretary.id))
            return
        channel = work.committees.get(meeting.committee).channel
        if channel is None or meeting.posted_at is not None:
            return
        late = at - posting_time(meeting, self._rules.on(local_date(at))) > LATE_AFTER
        work.meetings.save(replace(meeting, posted_at=at, posted_late=late))
        work.note("agenda_posted", meeting=meeting.id)
        work.notices.tell(Notice(due.key, "agenda", channel, due.facts))


def _comes_through(work: Work, post: Notice, channel: str | None) -> bool:
    """Whether it is on its way there or stands, and is sent on; else another is to take its place."""
    if post.ts is None and (post.to != channel or post.state == NoticeState.DEAD):
        return False
    if post.handled or post.state == NoticeState.CANCELLED:
        return False
    if UNWANTED in post.facts:
        work.notices.record(wanted_again(post))
    if post.state == NoticeState.PARKED:
        open_again(work, post.to)
    elif post.ts:
        work.notices.retell(post.key, **{ANEW: "yes"})  # somebody may have deleted it: then it is posted anew
    return True


def _print_of(view: AgendaView) -> str:
    """A short sign of everything a post shows, so that a change is seen however it came about."""
    meeting = view.meeting
    shown = (
        (meeting.day, meeting.starts, meeting.minutes, meeting.room),
        [(i.id, i.item.starts, i.ready, i.missing, bool(i.conflicts)) for i in view.lines],
        view.open_tasks,
        view.answered,
        view.written,
        view.next_meeting and (view.next_meeting.day, view.next_meeting.starts),
    )
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:12]


def _held_back(work: Work, rules: Rules, meeting: Meeting) -> bool:
    """Where the municipality wants it so, a committee that is put together wrong gets no agenda (R003)."""
    seats = tuple(work.committees.seats(meeting.committee))
    return rules.roster.holds_the_agenda_back and bool(roster_faults(seats, rules.roster, meeting.day))


def _left_behind(work: Work, standing: Iterable[Notice], near: list[Meeting]) -> list[Meeting]:
    """Meetings of long ago whose post still says more than it may: nobody was up to clear it in its time."""
    seen = {m.id for m in near}
    uncleared = (n.facts["meeting"] for n in standing if n.facts.get("stage") in NOT_OVER)
    return [work.meetings.get(id) for id in uncleared if id not in seen]  # noqa: A001 - every thing has an id


def show_posts_again(work: Work, channel: str) -> int:
    """Each post that stands there; gives how many."""
    on_its_way = work.notices.unsent("agenda")  # Slack may have it, and we have not written that down
    standing = [n for n in (*work.notices.showing("agenda"), *on_its_way) if n.to == channel]
    shown = [n for n in standing if n.facts.get("stage") != Stage.CLEARED]
    for notice in shown:
        work.notices.retell(notice.key)
    return len(shown)


def next_posting(work: Work, rules: Rules, at: datetime) -> datetime | None:
    """When the next agenda is posted; None when no meeting lies ahead. There is a committee."""
    coming = work.meetings.next_after(the_committee(work), local_date(at), count=4)
    times = [posting_time(m, rules) for m in coming if m.posted_at is None]
    return min((t for t in times if t > at), default=None)

"""What is told of the weekly post: the post itself, and why there is none."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.calendar import local_date
from bot.domain.meeting import Blocked, Face, Meeting, MeetingState, Stage, posting_time, stage_of
from bot.domain.notices import Notice
from bot.domain.people import PersonId, Role
from bot.domain.rules import Rules
from bot.usecases import presenters
from bot.usecases.agenda_facts import AgendaView, view_of
from bot.usecases.delivery import Park, Remove, Teller, Telling, Told
from bot.usecases.faces import face_for, what_blocks
from bot.usecases.ports import ChannelGuard, ChannelSeen, RulesBook, Work
from bot.usecases.slips import standing_or_next

LATE_AFTER = timedelta(minutes=10)
UNREACHABLE = {Blocked.GONE: "not_in_channel", Blocked.ARCHIVED: "is_archived"}
"""What keeps a post waiting in place of being given up: somebody brings the channel back, or us into it."""


@dataclass(frozen=True)
class Post:
    """What the channel gets: the face it allows, and everything either face needs."""

    view: AgendaView
    face: Face
    stage: Stage
    shown_at: datetime  # for »Opdateret …«
    change: str | None  # added | removed; None: something else, or nothing yet
    late_at: datetime | None  # None: in time


@dataclass(frozen=True)
class PostTrouble:
    """The secretary hears why the channel got nothing."""

    meeting: Meeting
    blocked: Blocked | None  # None: it had begun before anything could be posted
    over_in: str | None = None  # the channel where the post of a meeting that is over stays as it was


class PostTeller:
    """Tells the agenda to its channel: looks who is there, before each post and each edit."""

    def __init__(self, guard: ChannelGuard, rules: RulesBook) -> None:
        self._guard, self._rules = guard, rules

    def look(self, notice: Notice) -> ChannelSeen:
        return self._guard.look(notice.to)

    def __call__(self, telling: Telling) -> Told | Remove | Park | None:
        work, notice, seen = telling.work, telling.notice, telling.seen
        assert seen is not None, "a post is never worded without a look at its channel"
        meeting = work.meetings.get(notice.facts["meeting"])
        rules = self._rules.on(local_date(telling.at))
        committee = work.committees.get(meeting.committee)
        if notice.ts is None and telling.at >= meeting.begins:
            return Remove(troubles(work, meeting, "post_missed"))
        why = what_blocks(seen)
        if why in UNREACHABLE:
            return Park(UNREACHABLE[why], troubles(work, meeting, "post_blocked", why))
        if why is not None:
            return Remove(troubles(work, meeting, "post_blocked", why))
        stage = stage_of(meeting, rules, telling.at)
        post = Post(
            view=view_of(work, rules, meeting, telling.at),
            face=Face.OPEN
            if stage == Stage.CLEARED
            else face_for(work, committee, seen, local_date(telling.at)),
            stage=stage,
            shown_at=_instant(notice.facts.get("changed")) or notice.sent_at or telling.at,
            change=notice.facts.get("change"),
            late_at=self._late(notice, meeting, rules, telling.at),
        )
        stands = meeting.state == MeetingState.PLANNED and telling.at < meeting.begins
        gone = troubles(work, meeting, "post_blocked", Blocked.DELETED) if stands else ()
        return Told(post, committee.language, if_deleted=gone)

    def _late(self, notice: Notice, meeting: Meeting, rules: Rules, at: datetime) -> datetime | None:
        sent = notice.sent_at or at
        return sent if sent - posting_time(meeting, rules) > LATE_AFTER and not meeting.moved_from else None


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def troubles(work: Work, meeting: Meeting, kind: str, why: Blocked | None = None) -> tuple[Notice, ...]:
    """What was told of an earlier time, and is over, is told anew."""
    told = [
        trouble(meeting, kind, p.id, why)
        for p in work.people.holding(Role.SECRETARY, committee=meeting.committee)
    ]
    return tuple(replace(one, key=standing_or_next(work, one.key)) if why else one for one in told)


def trouble(meeting: Meeting, kind: str, to: PersonId, why: Blocked | None = None) -> Notice:
    """Once per change: the key holds the reason and the round."""
    facts = {"meeting": meeting.id, **({"why": why.value} if why else {})}
    key = ":".join((kind, meeting.id, *((why.value,) if why else ()), str(meeting.post_round), to))
    return Notice(key, kind, to, facts)


def _tell_trouble(telling: Telling) -> Told | None:
    facts = telling.notice.facts
    meeting = telling.work.meetings.get(facts["meeting"])
    if telling.recipient is None or not telling.recipient.runs(meeting.committee):
        return None
    why = Blocked(facts["why"]) if "why" in facts else None
    is_over = telling.at >= meeting.begins
    if is_over and why not in (None, *UNREACHABLE):
        return None  # the post is away, and nobody needs another
    over_in = telling.work.committees.get(meeting.committee).channel if is_over else None
    return Told(PostTrouble(meeting, why, over_in), telling.recipient.language)


def tellers(guard: ChannelGuard, rules: RulesBook) -> dict[str, Teller]:
    return {
        "agenda": PostTeller(guard, rules),
        "post_blocked": _tell_trouble,
        "post_missed": _tell_trouble,
        **presenters.tellers(rules),
    }

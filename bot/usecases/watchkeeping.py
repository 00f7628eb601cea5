"""The guard's looks at the committees' channels and the clock's rounds are written down, and shown to whoever answers for them.

The data protection officer sees what the guard sees (D6); the administrator how the installation is, and no case (A12).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.lanes import TEAM
from bot.domain.people import Role, require
from bot.domain.watch import STANDS_STILL_AFTER, ChannelLook, CheckUp
from bot.usecases.faces import look_of
from bot.usecases.homes import PartAsked
from bot.usecases.ports import Asked, CertainlyNotSent, ChannelGuard, PerhapsSent, Work
from bot.usecases.posts import next_posting, show_posts_again
from bot.usecases.tools import Tools, UseCases

ROUND_WRITTEN_EVERY = timedelta(minutes=1)
LOOKED_AT_EVERY = timedelta(minutes=10)

Doctor = Callable[[], tuple[CheckUp, ...]]
"""Runs its checks now, and answers within the time Slack gives a press."""


@dataclass(frozen=True)
class GuardSeen:
    """Each committee by its name, since its channel may be private; None: the guard has not been there yet."""

    looks: tuple[tuple[str, ChannelLook | None], ...]


@dataclass(frozen=True)
class Pulse:
    """How the installation is, in what the database knows of it. No case is in it (privacy matrix)."""

    shut_out: str | None  # Slack's word for why it does not take our token
    slack_away: bool
    round_at: datetime | None  # None: the clock has never made one
    clock_runs: bool
    next_post: datetime | None


class Watchkeeping(UseCases):
    def __init__(self, tools: Tools, *, guard: ChannelGuard, doctor: Doctor) -> None:
        super().__init__(tools)
        self._guard, self._doctor = guard, doctor

    def keep_due(self, at: datetime) -> int:
        """A round a minute, and a look at each committee's channel every ten; gives how many channels have changed."""
        with self._open_reading(at=at) as work:
            last = work.lookouts.last_round()
            channels = [c.channel for c in work.committees.all() if c.channel]
            looks = {look.channel: look for look in work.lookouts.looks()}
        if last is None or not timedelta(0) <= at - last < ROUND_WRITTEN_EVERY:
            with self._open_work(at=at) as work:
                work.lookouts.put_round(at)
        due = [c for c in channels if c not in looks or not _is_fresh(looks[c], at)]
        return sum(self._look(channel, at) for channel in due)

    def checks(self, asked: Asked) -> tuple[CheckUp, ...]:
        """*Kør tjek*: the doctor's checks, now (A14). It is journaled that they were run, and which were not well."""
        require(asked.by, Role.ADMINISTRATOR)
        found = self._doctor()
        with self._open_work(asked) as work:
            work.note("checked", unwell=",".join(check.code for check in found if not check.well))
        return found

    def _look(self, channel: str, at: datetime) -> bool:
        """Slack being away changes nothing: the next round asks again."""
        try:
            seen = self._guard.look(channel)
        except (CertainlyNotSent, PerhapsSent):
            return False
        with self._open_work(at=at) as work:
            committee = next((c for c in work.committees.all() if c.channel == channel), None)
            if committee is None:
                return False
            before = next((look for look in work.lookouts.looks() if look.channel == channel), None)
            now = look_of(work, committee, seen, at)
            work.lookouts.put_look(now)
            if not now.differs_from(before):
                return False
            if before:  # a process that has just begun may have seen nothing else there
                show_posts_again(work, channel)
            work.note("channel_seen", channel=channel, face=now.face.value, outside=str(now.outside))
            return True


def _is_fresh(look: ChannelLook, at: datetime) -> bool:
    return timedelta(0) <= at - look.at < LOOKED_AT_EVERY


def guard_part(part: PartAsked) -> GuardSeen | None:
    """For the data protection officer: which face each committee's channel gets, and why."""
    if not part.asked.by.has(Role.DPO):
        return None
    return guard_seen(part.work)


def guard_seen(work: Work) -> GuardSeen:
    looks = {look.channel: look for look in work.lookouts.looks()}
    guarded = [c for c in work.committees.all() if c.channel]
    return GuardSeen(tuple((c.name, looks.get(c.channel or "")) for c in guarded))


def pulse_part(part: PartAsked) -> Pulse | None:
    """For the administrator: the connection, the clock, and what it does next."""
    if not part.asked.by.has(Role.ADMINISTRATOR):
        return None
    work, at = part.work, part.asked.at
    team, last = work.lanes.of(TEAM), work.lookouts.last_round()
    return Pulse(
        shut_out=team.broken,
        slack_away=team.failures > 0,
        round_at=last,
        clock_runs=last is not None and at - last < STANDS_STILL_AFTER,
        next_post=_next(work, part),
    )


def _next(work: Work, part: PartAsked) -> datetime | None:
    return next_posting(work, part.rules, part.asked.at) if work.committees.all() else None

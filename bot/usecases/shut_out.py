"""Slack does not take a token: whose matter that is, when it is asked again, and who hears that it lets us in.

Each process holds its token itself, and while one is replaced some have the new and some the old. So a token has a lane
of its own, heeded by those who hold it: they ask one at a time, once a minute. The workspace as a whole is shut out when
a token is refused that was not known to be; somebody who is let in with another opens it again, for good: the old one
is known from then on, and whoever still holds it holds back only itself. When nobody comes with another, and what is owed
is not taken from anybody, the workspace is shut out like the first time.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.lanes import LET_IN, OF_A_TOKEN, TEAM, Lane
from bot.domain.notices import Notice
from bot.domain.people import Role
from bot.log import get_log
from bot.usecases.ports import TeamBroken, Work

log = get_log()
SHUT_OUT = timedelta(seconds=60)
"""How long those who hold a refused token wait before one of them asks again."""
REMEMBERED = timedelta(days=1)
"""How long a refused token is known to be: a process of before has ended by then, or has asked again."""


NOBODY_GETS_IN = timedelta(minutes=10)
"""So long something is owed, and nobody is let in: then those who hold a token that Slack takes are gone."""


class Token(Protocol):
    """What this process speaks to Slack with."""

    @property
    def mark(self) -> str:
        """Tells one from another, and gives nothing of either away: a few letters of a keyed hash."""
        ...

    def renew(self) -> bool:
        """Takes up one that has been put in its place meanwhile. True when there was."""
        ...


class SameToken:
    """Where there is only one."""

    mark = ""

    def renew(self) -> bool:
        return False


def lane_of(token: Token) -> str:
    return OF_A_TOKEN + token.mark


def shut_out(work: Work, why: TeamBroken, at: datetime, real: datetime, *, lane: str) -> None:
    """`lane`: of the token that was refused."""
    token = work.lanes.of(lane)
    known = token.failures > 0 and token.set_at is not None and real - token.set_at < REMEMBERED
    known = known and _others_get_in(work, at, real)
    work.lanes.failed(lane)
    work.lanes.pause(lane, real + SHUT_OUT, real=real)
    if known:
        log.warning("token_refused", code=why.code)
    elif work.lanes.break_off(TEAM, why.code, at=at):
        log.error("slack_shuts_us_out", code=why.code, state="degraded")


def _others_get_in(work: Work, at: datetime, real: datetime) -> bool:
    """Or nothing is owed, so that nobody has tried."""
    last, oldest = work.lanes.of(LET_IN).set_at, work.notices.stuck(at=at).oldest
    lately = last is not None and abs(real - last) < NOBODY_GETS_IN
    return lately or oldest is None or at - oldest < NOBODY_GETS_IN


def may_ask(work: Work, team: Lane, token: Lane, real: datetime) -> bool:
    """Slack, for anything: it may have said since the look that it is away. One at a time with a token it refused."""
    if token.failures:
        return work.lanes.take_turn(token.name, real=real, until=real + SHUT_OUT)
    return not team.rests(real)


def let_in(work: Work, team: Lane, at: datetime, *, lane: str) -> None:
    """Slack knows us again. `team`: as it was before; `lane`: of the token that it takes."""
    work.lanes.answered(lane)
    if not work.lanes.mend(TEAM):
        work.lanes.answered(TEAM)
        return
    log.info("slack_lets_us_in", code=team.broken, state="ready")
    since = (team.since or at).isoformat()
    facts = {"code": team.broken or "", "since": since}
    for person in work.people.holding(Role.ADMINISTRATOR):
        work.notices.tell(Notice(f"slack_back:{since}:{person.id}", "slack_back", person.id, facts))

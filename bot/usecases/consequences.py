"""What follows from an attempt: for the message, for its lane, and for those who must hear of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot import metrics
from bot.domain.lanes import EDIT, LET_IN, POST, TEAM
from bot.domain.notices import ANEW, Notice, NoticeState
from bot.domain.people import PersonId, Role
from bot.log import get_log
from bot.usecases.attempts import DELETED, Attempt
from bot.usecases.ports import CertainlyNotSent, Clock, PerhapsSent, PlaceBroken, TeamBroken, Work
from bot.usecases.shut_out import let_in, shut_out

log = get_log()
REFUSED = "refused"
"""The fact that names what we may not do, whoever it is for."""
Leave = Callable[[Work, PersonId, datetime], None]
"""What happens when Slack says that somebody is not here any more."""

AWAY_SECONDS = (1.0, 5.0, 15.0, 30.0, 60.0)
"""How long everything waits while Slack is away: the more often in a row, the longer; a minute at most."""
DOUBTS_BEFORE_A_PAUSE = 2
"""So many doubtful answers in a row may be one message's own; one more, and Slack is away."""
EDIT_EVERY, EDITS_AT_ONCE = timedelta(seconds=1.5), 10
"""Slack takes about fifty changes a minute from all of us together: never more than that in any minute."""
FAILS_AT_MOST, TURNS_AT_MOST = (8, timedelta(seconds=60)), (10, timedelta(seconds=1))
"""So often one message may fail, or be taken up at all, in so long a time. Whatever makes it due the moment it is done is
a fault of ours that must not keep the others waiting; what people change themselves, they change no faster.
"""
NOTED_EVERY = timedelta(minutes=4)
ITS_REST = timedelta(seconds=60)
"""How long its stream rests then."""


class Consequences:
    """Lanes first, the message after: everybody who locks both does it in that order."""

    def __init__(self, *, clock: Clock, pace: timedelta, leave: Leave | None) -> None:
        self._clock, self._pace, self._leave = clock, pace, leave
        self._fails, self._turns = Turns(*FAILS_AT_MOST), Turns(*TURNS_AT_MOST)
        self._noted: datetime | None = None  # when it was last written down that Slack lets us in

    def follow(self, work: Work, attempt: Attempt, at: datetime) -> None:
        real, why, to = self._clock.real(), attempt.why, attempt.claimed.to
        team, token = attempt.team, attempt.token
        if attempt.let_in and (team.broken or team.failures or token.failures):
            let_in(work, team, at, lane=token.name)
        if attempt.let_in:
            self._note_let_in(work, real)
        if isinstance(why, TeamBroken):
            if not attempt.renewed:
                shut_out(work, why, at, real, lane=token.name)
        elif isinstance(why, CertainlyNotSent) and why.retry_after is not None:
            pause(work, why, real, to=to)
        elif isinstance(why, CertainlyNotSent) or (isinstance(why, PerhapsSent) and why.away):
            self._away(work, why, real)
        gone = isinstance(why, PlaceBroken) and why.gone
        broke = isinstance(why, PlaceBroken) and not gone and self._broke(work, why, to, at)
        if attempt.posted and attempt.posted_at and self._pace:
            work.lanes.pause(to, attempt.posted_at + self._pace, real=real)
        if attempt.edited and self._pace:
            work.lanes.spend(EDIT, real=real, each=EDIT_EVERY, at_once=EDITS_AT_ONCE)
        self._write_down(work, attempt, at)
        for other in attempt.also:
            work.notices.tell(other)
        if broke and not attempt.also:
            tell_of_broken(work, to, at, refused=why.refused if isinstance(why, PlaceBroken) else None)
        left = attempt.left and attempt.notice.state == NoticeState.PARKED
        if (gone or left) and self._leave:
            self._leave(work, to, at)
        id = attempt.claimed.id  # noqa: A001 - every thing has an id
        fails = why is not None and self._fails.too_many(id, real)
        if self._turns.too_many(id, real) or fails:
            log.error("again_and_again", notice=id, kind=attempt.claimed.kind)
            work.lanes.pause(to, real + ITS_REST, real=real)

    def _note_let_in(self, work: Work, real: datetime) -> None:
        """Each process by itself, and seldom: others who are refused go by it."""
        if self._noted is None or abs(real - self._noted) >= NOTED_EVERY:
            work.lanes.pause(LET_IN, real, real=real)
            self._noted = real

    def _write_down(self, work: Work, attempt: Attempt, at: datetime) -> None:
        claimed, outcome = attempt.claimed, attempt.notice
        now = work.notices.by_key(claimed.key)
        if now is None or (now.owner, now.lease_until) != (claimed.owner, claimed.lease_until):
            log.error("taken_over", notice=claimed.id, kind=claimed.kind)
            return  # it is somebody else's by now; what they found out stands
        if now.revision != outcome.revision:  # somebody asked for another showing while we spoke
            removed = outcome.state == NoticeState.CANCELLED  # it stands no more, whoever asked for it
            outcome = replace(
                outcome,
                revision=now.revision,
                facts=now.facts,
                handled=now.handled or (outcome.handled and (removed or ANEW not in now.facts)),
                state=NoticeState.PENDING if _goes_on(outcome, now) else outcome.state,
            )
        if attempt.returns:
            work.notices.give_back(outcome)
        else:
            work.notices.record(outcome)
        if attempt.posted:
            owed = max(claimed.created_at or at, claimed.not_before or at)
            metrics.delivered(max(0.0, (self._clock.now() - owed).total_seconds()))
        if outcome.state == NoticeState.SENT and outcome.error == DELETED:
            work.notices.tell_all(attempt.if_deleted)
        if outcome.state == NoticeState.DEAD:
            log.error("notice_dead", notice=outcome.id, kind=outcome.kind, code=outcome.error)

    def _away(self, work: Work, why: CertainlyNotSent | PerhapsSent, real: datetime) -> None:
        """Slack does not answer: one message a while asks whether it is back, and the others wait."""
        times = work.lanes.failed(TEAM) - (DOUBTS_BEFORE_A_PAUSE if isinstance(why, PerhapsSent) else 0)
        log.warning("slack_away", code=why.code, attempts=times)
        if times > 0:
            seconds = AWAY_SECONDS[min(times, len(AWAY_SECONDS)) - 1]
            work.lanes.pause(TEAM, real + timedelta(seconds=seconds), real=real)

    def _broke(self, work: Work, why: PlaceBroken, to: str, at: datetime) -> bool:
        broke = work.lanes.break_off(to, why.code, at=at)
        if broke:
            log.error("place_broken", channel=to, code=why.code)
        return broke


def _goes_on(outcome: Notice, now: Notice) -> bool:
    """It was told anew while we spoke: what was said then is not the last of it, nor that there was nothing to say."""
    over = outcome.state == NoticeState.CANCELLED and (outcome.handled or now.handled)
    return outcome.state in (NoticeState.SENT, NoticeState.DEAD, NoticeState.CANCELLED) and not over


class Turns:
    """How often each message has had its turn lately."""

    def __init__(self, most: int, within: timedelta) -> None:
        self._most, self._within = most, within
        self._since, self._taken = datetime.min.replace(tzinfo=UTC), Counter[str]()

    def too_many(self, id: str, real: datetime) -> bool:  # noqa: A002 - every thing has an id
        if not self._since <= real < self._since + self._within:
            self._since, self._taken = real, Counter()
        self._taken[id] += 1
        return self._taken[id] >= self._most


def pause(work: Work, why: CertainlyNotSent, real: datetime, *, to: str | None = None) -> None:
    """As long as Slack has asked for. `to`: whom a message was for."""
    until = real + timedelta(seconds=why.retry_after or 0)
    log.warning("paused", kind=why.act, code=why.code, seconds=why.retry_after)
    work.lanes.pause(why.act or TEAM, until, real=real)
    if why.act == POST and to:
        work.lanes.pause(to, until, real=real)


def told_of_places(work: Work) -> list[Notice]:
    """What somebody has heard, or is about to hear, of places that cannot be reached."""
    return [*work.notices.showing("place_broken"), *work.notices.unsent("place_broken")]


def places_of(work: Work, told: Notice) -> set[str]:
    """Those that it is told of: where we may not do something at all, each that cannot be reached because of it."""
    if REFUSED not in told.facts:
        return {told.facts["place"]}
    same = {lane.name for lane in work.lanes.broken() if lane.broken == told.facts["code"]} - {TEAM}
    return {told.facts["place"], *same}


def _about(facts: dict[str, str]) -> tuple[str | None, str]:
    refused = facts.get(REFUSED)
    return refused, facts["code" if refused else "place"]


def tell_of_broken(work: Work, to: str, at: datetime, *, refused: str | None = None) -> None:
    """Whoever can mend it hears it, once until it is mended: secretaries of a channel, administrators of a person.

    Administrators too, once for all places, of what we may not do (`refused`) whoever it is for.
    """
    facts = {"place": to, "code": work.lanes.of(to).broken or "", **({REFUSED: refused} if refused else {})}
    if any(_about(told.facts) == _about(facts) for told in told_of_places(work)):
        return  # it was only tried again meanwhile
    person = refused or to[:1] in "UW"
    whose = next((c.id for c in work.committees.all() if c.channel == to), None)
    hearers = [] if person else work.people.holding(Role.SECRETARY, committee=whose)
    hearers = hearers or work.people.holding(Role.ADMINISTRATOR)
    for hearer in hearers:
        if hearer.id != to or refused:
            key = f"place_broken:{to}:{at.isoformat()}:{hearer.id}"
            work.notices.tell(Notice(key, "place_broken", hearer.id, facts))

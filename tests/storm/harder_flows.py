"""What comes to delivery otherwise than by a press: a restore, a channel brought back, a token replaced, a late double."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.demo import town as demo
from bot.domain.calendar import instant
from bot.domain.case import Stage
from bot.domain.lanes import TEAM
from bot.domain.notices import Notice, NoticeState
from bot.domain.people import Post, Role
from bot.domain.people_file import Row
from bot.usecases.ports import Asked, TeamBroken
from bot.usecases.shut_out import SameToken, lane_of, shut_out
from tests.storm.flows import MAJA, MONDAY_AFTER, Flow, Held
from tests.storm.town import FileTown
from tests.support.frames import active_case

JENS, LONE, KIM = "U0JENS0001", "U0LONE0001", "U0KIM00001"
CHANNEL = demo.OPEN_CHANNEL
ENDED, LATER = date(2026, 11, 20), date(2031, 12, 1)


def nothing(_town: FileTown, _held: Held) -> None:
    """Nobody presses: what is owed is delivered."""


def _owed(town: FileTown, *to: str) -> None:
    with town.house.storage.open_work(at=town.clock.at) as work:
        for person in to:
            work.notices.tell(Notice(f"welcome:{person}", "welcome", person))


# --- a backup is brought back ---


def _restored(town: FileTown, _held: Held) -> None:
    """Of two that were owed when the backup was taken, one has been sent since; the rows know of neither."""
    _owed(town, JENS)
    taken_at = town.clock.at
    town.deliver()
    _owed(town, LONE)
    with town.house.storage.open_work(at=town.clock.at) as work:
        for person in (JENS, LONE):
            notice = work.notices.by_key(f"welcome:{person}")
            assert notice is not None
            then = notice.moved(
                NoticeState.PENDING,
                channel=None,
                ts=None,
                sent_at=None,
                lease_until=None,
                look_since=taken_at,
            )
            work.notices.record(replace(then, attempts=0, first_try=None, shown_revision=0))


# --- a channel that was archived is there again ---


def _parked(town: FileTown, _held: Held) -> None:
    town.clock.at = instant(MONDAY_AFTER, time(8, 0))
    town.office.posts.post_due(town.clock.at)
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.lanes.break_off(CHANNEL, "is_archived", at=town.clock.at)
        for notice in work.notices.showing("agenda"):
            work.notices.record(notice.moved(NoticeState.PARKED, error="is_archived"))


def _brought_back(town: FileTown, _held: Held) -> object:
    town.clock.at = instant(MONDAY_AFTER, time(8, 5))
    return town.office.outbox.place_open(CHANNEL, town.clock.at)


# --- the token was revoked, and there is a new one ---


def _shut_out(town: FileTown, _held: Held) -> None:
    _owed(town, JENS, LONE)
    at = town.clock.at
    with town.house.storage.open_work(at=at) as work:
        shut_out(work, TeamBroken("token_revoked"), at, at, lane=lane_of(SameToken()))
        assert work.lanes.of(TEAM).broken


# --- Slack took a post long after its line was given up ---


@dataclass
class _HoursAhead:
    """The machine's own time at a later look; what is written down has the same moment."""

    clock: Any
    hours: int

    def now(self) -> datetime:
        found: datetime = self.clock.now()
        return found

    def real(self) -> datetime:
        return self.now() + timedelta(hours=self.hours)


def _late_double(town: FileTown, _held: Held) -> None:
    """And the row knows the later of the two."""
    _owed(town, JENS)
    town.deliver()
    slack = town.messenger._client._slack
    slack.catch_up()
    known = next(line for line in slack.lines[::-1] if line["did"] == "post" and line["to"] == JENS)
    late = {**known, "ts": f"{float(known['ts']) + 1:.6f}", "late": True}
    slack.write(late)
    slack.catch_up()
    with town.house.storage.open_work(at=town.clock.at) as work:
        notice = work.notices.by_key(f"welcome:{JENS}")
        assert notice is not None
        work.notices.record(replace(notice, ts=late["ts"], doubtful_at=town.clock.at))


def _sweep(town: FileTown, _held: Held) -> object:
    """Again and again: whoever takes the turn and dies, or is told to wait at one call or the other, has done nothing in
    it, and the next turn is another's.
    """
    sweeping, clock, swept = town.house.sweeping, town.clock, 0
    for hours in range(4):
        sweeping._clock = _HoursAhead(clock, hours)
        swept += sweeping.sweep_due(clock.at)
    sweeping._clock = clock
    return swept


# --- what lies outside the week ---


def _long_over(town: FileTown, held: Held) -> None:
    case, _ = active_case(town, "Maja Holm")
    held["over"] = case.id
    with town.house.storage.open_work(at=town.clock.at) as work:
        closed = replace(work.cases.get(case.id).moved(Stage.CLOSED), closed_on=ENDED, closed_for="education")
        work.cases.save(closed)
        seqs = [entry.seq for entry in work.journal.of_case(case.id)]
        work.journal.mark_journaled(seqs, by=MAJA, at=town.clock.at)


def _anonymise(town: FileTown, held: Held) -> object:
    town.clock.at = instant(LATER, time(9, 0))
    asked = Asked(town.person("Ditte Lund"), town.clock.at, "test", key="press:anonymise")
    return town.office.retention.anonymise(asked, (held["over"],))


def _import_people(town: FileTown, _held: Held) -> object:
    rows = (Row(2, KIM, Post(Role.CASEWORKER, "social")), Row(3, KIM, Post(Role.CHAIR)))
    names = {KIM: "Kim Nyholm"}
    return town.office.people_import.carry_out(rows, names, exactly=False, at=town.clock.at, team=demo.TEAM)


HARDER_FLOWS = (
    Flow("a backup is brought back: what it owed is looked for first", nothing, before=_restored),
    Flow("a channel that was archived is brought back", _brought_back, before=_parked),
    Flow("the token is replaced", nothing, before=_shut_out),
    Flow("a double that came late is taken away", _sweep, before=_late_double),
    Flow("anonymise a case", _anonymise, before=_long_over),
    Flow("import people", _import_people, seldom=True),
)

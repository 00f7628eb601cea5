"""What must always hold in the house, whoever did what: read from the rows themselves, not through the use cases."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from storage import tables as t

UNFINISHED = ("requested", "returned", "referred", "ready", "postponed")
OVER = ("closed", "not_referred", "out_of_scope", "cancelled", "anonymised")
TAKES = {"expense": 1, "commitment": 1, "reversal": -1, "release": -1}
OF_A_CASE = (
    *(t.cases, t.presentations, t.frames, t.entries, t.tasks, t.substitutes, t.handovers, t.gatherings),
    *(
        t.advice_requests,
        t.transitions,
        t.after_closings,
        t.belongings,
        t.adjustments,
        t.documents,
        t.ballots,
        t.emergencies,
    ),
)
LONGEST_STINT = 30
LONG_PAST = timedelta(days=30)
"""A day so long ago that nobody can take it for a next date, whatever the rules' days are."""


@dataclass
class Watch:
    """Looks after each step; remembers what it saw before."""

    closed: set[str] = field(default_factory=set)
    fixed: dict[str, str] = field(default_factory=dict)
    reopened: set[str] = field(default_factory=set)
    _prints: Any = None
    _latest: int = 0

    def look(self, connection: Connection) -> None:
        _no_frame_is_overspent(connection)
        _one_open_presentation_of_a_kind(connection)
        _every_active_case_has_its_caseworker(connection)
        _nobody_stands_in_for_too_long(connection)
        _one_handover_waits(connection)
        _nothing_is_under_way_on_a_closed_case(connection)
        self._closed_stays_closed(connection)
        self._only_the_committee_changes_the_caseworker(connection)
        self._every_change_is_journaled(connection)

    def belongings(self, connection: Connection) -> dict[str, tuple[Any, ...]]:
        """Where each case is, who pays, and how far it has come: what only somebody's asking may change (R108)."""
        columns = (t.cases.c.id, t.cases.c.area, t.cases.c.stage, t.cases.c.more)
        rows = connection.execute(select(*columns))
        return {
            row.id: (row.area, row.stage, row.more.get("age_band"), row.more.get("payer")) for row in rows
        }

    def last_check(self, connection: Connection) -> str | None:
        """The newest morning check that has been made (T32)."""
        key = t.notices.c.key
        return connection.execute(select(func.max(key)).where(key.like("two_chairs:%"))).scalar()

    def nobody_between_two_chairs(self, connection: Connection, today: date) -> None:
        """Just after the check: what an open case lacks, an alarm stands for (R113, T32)."""
        standing = {
            (row.case_id, row.gap)
            for row in connection.execute(select(t.alarms).where(t.alarms.c.mended_at.is_(None)))
        }
        lacking = set(_lacking(connection, today))
        assert lacking <= standing, f"between two chairs, and nobody was told: {lacking - standing}"

    def _closed_stays_closed(self, connection: Connection) -> None:
        stages = {row.id: row.stage for row in connection.execute(select(t.cases.c.id, t.cases.c.stage))}
        reopened = connection.execute(select(t.journal.c.case_id).where(t.journal.c.act.like("%reopen%")))
        self.reopened |= {row.case_id for row in reopened}
        awake = {c for c in self.closed if stages[c] not in ("closed", "anonymised")} - self.reopened
        assert not awake, f"opened again without anybody reopening: {awake}"
        self.closed |= {c for c, stage in stages.items() if stage == "closed"}

    def _only_the_committee_changes_the_caseworker(self, connection: Connection) -> None:
        """One fixed caseworker, who is another one only when the journal says that one was appointed (R050, R057)."""
        active = select(t.cases.c.id, t.cases.c.caseworker).where(t.cases.c.stage == "active")
        now = {row.id: row.caseworker for row in connection.execute(active)}
        appointed = select(t.journal.c.case_id).where(
            t.journal.c.seq > self._latest, t.journal.c.act == "caseworker_appointed"
        )
        said = {row.case_id for row in connection.execute(appointed)}
        changed = {case for case, who in now.items() if self.fixed.get(case, who) != who}
        assert changed <= said, f"another caseworker, and nobody appointed one: {changed - said}"
        self.fixed = now

    def _every_change_is_journaled(self, connection: Connection) -> None:
        """A case whose rows changed has a line of its own in the journal since (R053, R058)."""
        prints = {table.name: _prints(connection, table) for table in OF_A_CASE}
        query = select(t.journal.c.case_id).where(t.journal.c.seq > self._latest)
        said = {row.case_id for row in connection.execute(query)}
        for table, now in prints.items() if self._prints is not None else ():
            before = self._prints[table]
            changed = {case for case in now | before if now.get(case) != before.get(case)}
            assert changed <= said, f"{table} of {changed - said} changed, and the journal says nothing"
        self._latest = connection.execute(select(func.max(t.journal.c.seq))).scalar() or 0
        self._prints = prints


def _prints(connection: Connection, table: Any) -> dict[str, Any]:
    """By case: how many rows, and the sum of their versions where they have one."""
    version = func.sum(table.c.version) if "version" in table.c else func.count()
    if table is t.substitutes:
        version = func.count(table.c.ended_at)
    if table is t.entries:
        query = select(t.frames.c.case_id, func.count()).join_from(
            table, t.frames, t.frames.c.id == table.c.frame_id
        )
        rows = connection.execute(query.group_by(t.frames.c.case_id))
        return {row[0]: row[1] for row in rows}
    case = table.c.id if table is t.cases else table.c.case_id
    rows = connection.execute(select(case, func.count(), version).group_by(case))
    return {row[0]: (row[1], row[2]) for row in rows}


def _no_frame_is_overspent(connection: Connection) -> None:
    """The figure on the frame is what its entries say, and never more than was granted (R061, T18, D9)."""
    sums: Counter[str] = Counter()
    for entry in connection.execute(select(t.entries)):
        sums[entry.frame_id] += TAKES[entry.kind] * entry.amount_ore
    for frame in connection.execute(select(t.frames)):
        assert 0 <= sums[frame.id] <= frame.amount_ore, frame
        assert frame.used_ore == sums[frame.id], frame


def _one_open_presentation_of_a_kind(connection: Connection) -> None:
    rows = connection.execute(
        select(t.presentations.c.case_id, t.presentations.c.kind).where(
            t.presentations.c.state.in_(UNFINISHED)
        )
    )
    doubled = {key: n for key, n in Counter(tuple(row) for row in rows).items() if n > 1}
    assert not doubled, doubled


def _every_active_case_has_its_caseworker(connection: Connection) -> None:
    for row in connection.execute(select(t.cases).where(t.cases.c.stage == "active")):
        assert row.caseworker, row
        assert row.more.get("fixed_since"), row
        assert row.more.get("goals"), row


def _nobody_stands_in_for_too_long(connection: Connection) -> None:
    """Thirty days in a row on a case, whoever stands in; more is a change of caseworker (T25, R057)."""
    stints = defaultdict(list)
    for row in connection.execute(select(t.substitutes).order_by(t.substitutes.c.first)):
        if not (row.ended_at and row.last <= row.first):
            stints[row.case_id].append((row.first, row.last))
    for case, rows in stints.items():
        begins, ends = rows[0]
        for first, last in rows[1:]:
            begins = begins if first <= ends + timedelta(days=1) else first
            ends = max(ends, last)
            assert (ends - begins).days < LONGEST_STINT, (case, begins, ends)
        assert all((last - first).days < LONGEST_STINT for first, last in rows), (case, rows)


def _one_handover_waits(connection: Connection) -> None:
    """The committee's last word on who follows a case is the only one that waits for its day (T24)."""
    rows = connection.execute(select(t.handovers.c.case_id).where(t.handovers.c.done_at.is_(None)))
    doubled = {case for case, n in Counter(row.case_id for row in rows).items() if n > 1}
    assert not doubled, doubled


def _nothing_is_under_way_on_a_closed_case(connection: Connection) -> None:
    """But doubt, which is never closed away (R068). Nor does money stand open on it."""
    over = select(t.cases.c.id).where(t.cases.c.stage.in_(OVER))
    query = select(t.presentations).where(
        t.presentations.c.state.in_(UNFINISHED),
        t.presentations.c.case_id.in_(over),
        t.presentations.c.kind != "doubt",
    )
    assert not (left := connection.execute(query).all()), left
    frames = select(t.frames).where(t.frames.c.case_id.in_(over), t.frames.c.state == "open")
    assert not (left := connection.execute(frames).all()), left


def _lacking(connection: Connection, today: date) -> Iterator[tuple[str, str]]:
    """The gaps of the open cases, as plainly as they can be read; only days long past are judged here."""
    here = {row.id for row in connection.execute(select(t.people.c.id).where(t.people.c.active))}
    posts = connection.execute(select(t.posts)).all()
    able = here & {p.person for p in posts if p.role in ("caseworker", "area_leader", "deputy_leader")}
    led = {p.area for p in posts if p.role in ("area_leader", "deputy_leader") and p.person in here}
    standing = {
        row.case_id: row.person
        for row in connection.execute(select(t.substitutes))
        if row.ended_at is None and row.first <= today <= row.last
    }
    days = _next_days(connection)
    for case in connection.execute(select(t.cases).where(t.cases.c.stage.not_in(OVER))):
        if case.more.get("practice"):
            continue
        if case.caseworker not in able and standing.get(case.id) not in able:
            yield case.id, "coordinator"
        if case.area not in led:
            yield case.id, "anchor"
        if case.stage in ("decided", "active") and not case.more.get("payer"):
            yield case.id, "payer"
        if case.stage == "active" and days.get(case.id, date.min) < today - LONG_PAST:
            yield case.id, "next_date"


def _next_days(connection: Connection) -> dict[str, date]:
    """The latest day anything open on a case points to; one on no agenda points to when it was last moved."""
    meetings = {row.id: row for row in connection.execute(select(t.meetings))}
    found: dict[str, date] = {}
    for row in connection.execute(select(t.presentations).where(t.presentations.c.state.in_(UNFINISHED))):
        meeting = meetings.get(row.meeting_id)
        stands = meeting is not None and meeting.state != "cancelled"
        moved = max(row.more.get("ready_at") or "", row.more.get("settled_at") or "", str(row.requested_at))
        day = meeting.day if stands else date.fromisoformat(moved[:10]) + LONG_PAST
        found[row.case_id] = max(day, found.get(row.case_id, date.min))
    return found

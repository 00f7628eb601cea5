"""Cases, and what is sealed about them: their numbers in the areas' systems, and the month of birth."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Row,
    and_,
    case,
    delete,
    exists,
    insert,
    or_,
    select,
    union,
)
from sqlalchemy.exc import IntegrityError

from bot.domain.calendar import instant
from bot.domain.case import OPEN_STAGES, Case, Reference, ReferenceTaken, Stage
from bot.domain.committee import MemberWindow
from bot.domain.contacts import OnlyCommitteeReassigns
from bot.domain.people import AreaCode, Person, PersonId
from bot.domain.retention import A_DAY, anonymised
from bot.usecases.left_out import left_out
from storage.access import OWN, answers_for, few, may_have_own, stands_in, visible
from storage.forgetting import NOBODY, forget, keep_alias_taken
from storage.holdings import held
from storage.memory import among
from storage.numbers import take_number
from storage.opening import opened
from storage.sealing import KeyRing
from storage.shelf import Mapper, Shelf
from storage.tables import (
    birth_months,
    cases,
    handovers,
    journal,
    references,
    spent_aliases,
    substitutes,
)

CASE = Mapper(cases, Case)
_OWN = CASE.finding.where(OWN)
_OWN_HELD = _OWN.with_for_update()


def _ended_by(day: date) -> ColumnElement[bool]:
    closed_on = cases.c.more["closed_on"].as_string()
    later = exists().where(
        journal.c.case_id == cases.c.id,
        journal.c.look.is_(False),
        journal.c.at >= instant(day + A_DAY, time()),
    )
    return case((closed_on.is_not(None), closed_on <= day.isoformat()), else_=~later)


_OPEN = [s.value for s in OPEN_STAGES]
_IS_OPEN = among(cases.c.stage, *OPEN_STAGES)


def normal(number: str) -> str:
    """A number as it is compared: without spaces, in one case."""
    return "".join(number.split()).casefold()


def blinded(keys: KeyRing, reference: Reference) -> dict[str, bytes]:
    """What a number is found again by: whole within its area, and its last digits."""
    return {
        "blind": keys.blind(normal(reference.number), purpose=f"number:{reference.area}"),
        "blind_tail": keys.blind(normal(reference.tail), purpose="tail"),
    }


class StoredCases(Shelf[Case]):
    def __init__(self, connection: Connection, *, locking: bool, keys: KeyRing, window: MemberWindow) -> None:
        super().__init__(connection, CASE, locking=locking)
        self._keys, self._window = keys, window

    def next_key(self, year: int) -> str:
        """»26-0042«: the year and the next number in it; a gap never comes back."""
        return f"{year % 100:02d}-{take_number(self._connection, f'case:{year}'):04d}"

    def visible(self, viewer: Person, at: datetime) -> list[Case]:
        closed_last = case((cases.c.stage.in_(_OPEN), 0), else_=1)
        return self._select(visible(viewer, at, self._window), order=(closed_last, cases.c.key))

    def seen_by(self, id: str, viewer: Person, at: datetime, *, lock: bool = False) -> Case | None:  # noqa: A002
        """Nothing of a case is read before it is known to be theirs: what is not there costs what is not theirs (D11).

        Most of what is opened is one's own, and needs no other reason.
        """
        if self._found is not None and id in self._found:
            known = self._found[id]
            mine = known is not None and answers_for(viewer, known.caseworker)
            return known if mine or self.seen_among([id], viewer, at) else None
        found = self._own(id, viewer, lock=lock) if may_have_own(viewer) else []
        found = found or self._select(cases.c.id == id, visible(viewer, at, self._window), lock=lock)
        self.expect_kept(id)  # theirs, and not to be read: not the same as not there
        return found[0] if found else None

    def _own(self, id: str, viewer: Person, *, lock: bool) -> list[Case]:  # noqa: A002
        query = _OWN_HELD if lock and self._locking else _OWN
        found = self._ask(query, the_id=id, viewer=viewer.id)
        self.expect_kept(id)
        return found

    def found_by(self, text: str, viewer: Person, at: datetime) -> list[Case]:
        wanted = normal(text.strip().strip("»«\"'"))
        if len(wanted) < 2:
            return []
        named = (cases.c.key == wanted, cases.c.alias.in_([wanted, wanted.capitalize(), text.strip()]))
        exact = self._select(visible(viewer, at, self._window), or_(*named), order=cases.c.key)
        if exact:
            return exact
        return self._select(
            visible(viewer, at, self._window),
            cases.c.id.in_(self._candidates(wanted, viewer, at)),
            order=cases.c.key,
        )

    def _candidates(self, wanted: str, viewer: Person, at: datetime) -> CompoundSelect[Any]:
        """Whatever begins or ends so, each found by an index of its own; among the viewer's own where those are few."""
        theirs = few(viewer, at)
        ids = select(cases.c.id)
        some = ids.where(cases.c.id.in_(theirs)) if theirs is not None else ids
        ways = [some.where(_begins_with(wanted, in_postgres=self._locking))]
        if wanted.isdecimal() and len(wanted) <= 4:
            ways.append(some.where(cases.c.key.in_(_keys_ending(wanted))))
        if numbered := self._with_number(wanted, viewer):
            ways.append(ids.where(cases.c.id.in_(numbered)))
        return union(*ways)

    def _with_number(self, wanted: str, viewer: Person) -> list[str]:
        """Numbers are found only in the areas the person works in."""
        areas = {p.area for p in viewer.posts if p.area}
        hits = or_(
            references.c.blind_tail.in_(self._keys.blinds(wanted, purpose="tail")),
            references.c.blind.in_([b for area in areas for b in self._blinds(area, wanted)]),
        )
        query = select(references.c.case_id).where(references.c.area.in_(areas), hits)
        return list(self._connection.execute(query).scalars())

    def save(self, thing: Case) -> Case:
        """Raises OnlyCommitteeReassigns when a fixed caseworker would be exchanged without a decision (R057), by a birthday or an area too (R054)."""
        query = select(cases.c.caseworker, cases.c.stage, cases.c.more).where(cases.c.id == thing.id)
        before = self._connection.execute(query).first()
        if before and before.caseworker != thing.caseworker and before.stage in _OPEN:
            decided = select(handovers.c.id).where(
                handovers.c.case_id == thing.id,
                handovers.c.old == before.caseworker,
                handovers.c.new == thing.caseworker,
            )
            fixed = before.more.get("fixed_since") is not None
            if fixed and self._connection.execute(decided).first() is None:  # R054
                raise OnlyCommitteeReassigns
        return super().save(thing)

    def looked_after_by(self, person: PersonId, day: date) -> list[Case]:
        """Open cases whose reminders are the person's today: own ones but those somebody stands in on, and theirs."""
        return self._memory.ask("looked_after_by", (person, day), lambda: self._looked_after_by(person, day))

    def _looked_after_by(self, person: PersonId, day: date) -> list[Case]:
        taken = exists(select(1).where(substitutes.c.case_id == cases.c.id, stands_in(day)))
        own = select(cases.c.id).where(cases.c.caseworker == person, _IS_OPEN, ~taken)
        theirs = select(substitutes.c.case_id).where(stands_in(day), substitutes.c.person == person)
        return self._select(cases.c.id.in_(union(own, theirs)), _IS_OPEN, order=cases.c.key)

    def gather_looked_after(self, people: Iterable[PersonId], day: date) -> None:
        """Those of many people at once, for `looked_after_by`."""

        def find(new: list[tuple[PersonId, date]]) -> list[tuple[tuple[PersonId, date], Case]]:
            who = [person for person, _ in new]
            taken = exists(select(1).where(substitutes.c.case_id == cases.c.id, stands_in(day)))
            own = self._select(cases.c.caseworker.in_(who), _IS_OPEN, ~taken)
            standing = select(substitutes.c.person, substitutes.c.case_id).where(
                stands_in(day), substitutes.c.person.in_(who)
            )
            others = [(row.person, row.case_id) for row in self._connection.execute(standing)]
            theirs = (
                {c.id: c for c in self._select(cases.c.id.in_([c for _, c in others]), _IS_OPEN)}
                if others
                else {}
            )
            pairs = {(c.caseworker, c.id): c for c in own}
            pairs |= {(person, case): theirs[case] for person, case in others if case in theirs}
            return sorted(
                (((person, day), found) for (person, _), found in pairs.items()), key=lambda one: one[1].key
            )

        self._memory.gather("looked_after_by", [(person, day) for person in people], find)

    def of_caseworker(self, person: PersonId) -> list[Case]:
        mine = cases.c.caseworker == person
        return self._memory.ask(
            "of_caseworker", person, lambda: self._select(mine, _IS_OPEN, order=cases.c.key)
        )

    def in_area(self, area: AreaCode) -> list[Case]:
        here = cases.c.area == area
        return self._memory.ask("in_area", area, lambda: self._select(here, _IS_OPEN, order=cases.c.key))

    def open(self) -> list[Case]:
        return self._memory.ask("open", None, lambda: self._select(_IS_OPEN, order=cases.c.key))

    def seen_among(self, ids: Iterable[str], viewer: Person, at: datetime) -> set[str]:
        """Those of the cases that the person may see now, and that can be read."""
        query = select(cases.c.id).where(cases.c.id.in_(list(ids)), visible(viewer, at, self._window))
        return set(self._connection.execute(query).scalars()) - left_out()

    def aliases_taken(self, committee: str, words: Iterable[str]) -> list[str]:
        """Which of the words are, or have been, somebody's alias."""
        wanted = list(words)
        now = select(cases.c.alias).where(cases.c.committee == committee, cases.c.alias.in_(wanted))
        once = select(spent_aliases.c.alias).where(
            spent_aliases.c.committee == committee, spent_aliases.c.alias.in_(wanted)
        )
        return list(self._connection.execute(now.union(once)).scalars())

    def newest_open_aliases(self, committee: str, *, most: int) -> list[str]:
        query = (
            select(cases.c.alias)
            .where(cases.c.committee == committee, _IS_OPEN)
            .order_by(cases.c.key.desc())
            .limit(most)
        )
        return list(self._connection.execute(query).scalars())

    def over(self, by: Mapping[Stage, date]) -> list[Case]:
        """Those of each stage that had ended by that day and can still be named, by key.

        One that was never closed on a day ended with its last change.
        """
        ended = or_(*[and_(cases.c.stage == stage.value, _ended_by(day)) for stage, day in by.items()])
        return [c for c in self._select(ended, order=cases.c.key) if not c.practice]

    def by_key(self, key: str, *, lock: bool = False) -> Case | None:
        """Without asking who may see it: for whoever answers for keeping and deleting, who sees the key only."""
        found = self._select(cases.c.key == key, lock=lock)
        return found[0] if found else None

    def held(self, case: str, areas: tuple[AreaCode, ...]) -> dict[str, list[dict[str, Any]]]:
        """Every row about the case; numbers are opened for `areas`."""
        return held(self._connection, self._keys, case, areas)

    def forget(self, case: Case) -> None:
        """Leaves of the case what is counted (T31)."""
        keep_alias_taken(self._connection, case.committee, case.alias)
        forget(self._connection, case.id)
        self.save(anonymised(case, nobody=NOBODY))

    def put_reference(self, reference: Reference) -> None:
        known = references.c.blind.in_(self._blinds(reference.area, reference.number))
        others = references.c.case_id != reference.case_id
        if self._connection.execute(select(references.c.case_id).where(known, others)).first():
            raise ReferenceTaken
        self._remove(reference.case_id, reference.area)
        row = f"{reference.case_id}/{reference.area}"
        values = {
            "case_id": reference.case_id,
            "area": reference.area,
            "number": self._keys.seal(reference.number, table="case_references", column="number", row=row),
            "link": self._seal_link(reference, row),
            **blinded(self._keys, reference),
        }
        try:
            with self._connection.begin_nested():
                self._connection.execute(insert(references).values(values))
        except IntegrityError as taken_meanwhile:
            raise ReferenceTaken from taken_meanwhile

    def case_with_number(self, area: AreaCode, number: str) -> Case | None:
        query = select(references.c.case_id).where(references.c.blind.in_(self._blinds(area, number)))
        id = self._connection.execute(query).scalar_one_or_none()  # noqa: A001
        return self.find(id) if id else None

    def reference(self, case: str, area: AreaCode) -> Reference | None:
        return next(iter(self.references(case, (area,))), None)

    def references(self, case: str, areas: tuple[AreaCode, ...]) -> list[Reference]:
        rows = self._memory.ask("references", case, lambda: [row for _, row in self._references([case])])
        return [self._opened(row) for row in rows if row.area in areas]

    def gather_references(self, cases: Iterable[str]) -> None:
        """Those of many cases at once, for `references`; each stays sealed until it is shown."""
        self._memory.gather("references", cases, self._references)

    def _references(self, cases: list[str]) -> list[tuple[str, Any]]:
        query = select(references).where(references.c.case_id.in_(cases)).order_by(references.c.area)
        return [(row.case_id, row) for row in self._connection.execute(query)]

    def areas_with_reference(self, case: str) -> list[AreaCode]:
        query = select(references.c.area).where(references.c.case_id == case).order_by(references.c.area)
        return list(self._connection.execute(query).scalars())

    def remove_references(self, case: str) -> None:
        self._connection.execute(delete(references).where(references.c.case_id == case))

    def put_birth_month(self, case: str, month: str) -> None:
        """`month` as "2007-05". Sealed, and never shown (D25)."""
        sealed = self._keys.seal(month, table="birth_months", column="month", row=case)
        self._connection.execute(delete(birth_months).where(birth_months.c.case_id == case))
        self._connection.execute(insert(birth_months).values(case_id=case, month=sealed))

    def birth_month(self, case: str) -> str | None:
        query = select(birth_months.c.month).where(birth_months.c.case_id == case)
        sealed = self._connection.execute(query).scalar_one_or_none()
        return self._month(case, sealed) if sealed else None

    def has_birth_month(self, case: str) -> bool:
        query = select(birth_months.c.case_id).where(birth_months.c.case_id == case)
        return self._connection.execute(query).first() is not None

    def birth_months(self, cases: list[str]) -> dict[str, str]:
        """What is sealed, opened for the clock that counts to a birthday; never shown (D25)."""
        known = [case for case in cases if case not in left_out()]
        query = select(birth_months).where(birth_months.c.case_id.in_(known))
        return {row.case_id: self._month(row.case_id, row.month) for row in self._connection.execute(query)}

    def _month(self, case: str, sealed: bytes) -> str:
        return opened(self._keys, sealed, case, table="birth_months", column="month", row=case)

    def _blinds(self, area: AreaCode | None, number: str) -> tuple[bytes, ...]:
        return self._keys.blinds(normal(number), purpose=f"number:{area}")

    def _remove(self, case: str, area: AreaCode) -> None:
        self._connection.execute(
            delete(references).where(references.c.case_id == case, references.c.area == area)
        )

    def _seal_link(self, reference: Reference, row: str) -> bytes | None:
        if reference.link is None:
            return None
        return self._keys.seal(reference.link, table="case_references", column="link", row=row)

    def _opened(self, row: Row[Any]) -> Reference:
        place = f"{row.case_id}/{row.area}"

        def unsealed(column: str) -> str | None:
            sealed, where = getattr(row, column), {"table": "case_references", "column": column, "row": place}
            return None if sealed is None else opened(self._keys, sealed, row.case_id, **where)

        return Reference(row.case_id, row.area, unsealed("number") or "", unsealed("link"))


def _keys_ending(number: str) -> list[str]:
    """Whatever year it is from: a hundred keys to look for are found sooner than an ending."""
    return [f"{year:02d}-{number.zfill(4)}" for year in range(100)]


def _begins_with(wanted: str, *, in_postgres: bool) -> ColumnElement[bool]:
    """Aliases are written with a capital: »ørn« finds »Ørn«, whatever the database knows of æ, ø and å.

    PostgreSQL finds a pattern's beginning in its index, SQLite a range.
    """
    begins = wanted.capitalize()
    if in_postgres:
        return cases.c.alias.like(_prefix(begins), escape="\\")
    return cases.c.alias.between(begins, begins + chr(sys.maxunicode))


def _prefix(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"

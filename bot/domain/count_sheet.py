"""The numbers of one case count report, and which of them may be printed together.

Each number is a sum over groups of people who are of one age band on a day and are moved by the same rule sets, so two
tables that are safe one by one can tell together what both keep back: two sets that part by an age alone tell of a
whole band. So the numbers are taken one by one, what the reader came for first, and one is printed when a small number
still cannot be computed from it and those before it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import combinations, pairwise, product
from typing import NamedTuple

from bot.domain.anchoring import Facts, Moves, RuleSet, propose_at
from bot.domain.birth import Born
from bot.domain.count import Counted
from bot.domain.report import rescaled
from bot.domain.suppression import SMALLEST, Kept, Sum, Told
from bot.domain.tracks import Ages

YOUTH, ADULTS = "youth", "adults"
ALL, MOVES, STAYS = "all", "moves", "stays"


@dataclass(frozen=True)
class Ask:
    """Count on this day, under this rule set."""

    rule_set: RuleSet
    day: date


class Group(NamedTuple):
    """People no report tells apart. `moved_by` are the codes of the rule sets that move them."""

    day: date
    band: str
    moved_by: frozenset[str]


Who = frozenset[Group]


def bands(ages: Ages) -> tuple[tuple[int, int], ...]:
    """The young in three: before they are of age, until the act's 25 years, and until they are adults here (R025, R026)."""
    firsts = (ages.teens, ages.youth, ages.middle, ages.adult)
    return tuple((low, high - 1) for low, high in pairwise(firsts))


def band_of(age: int, ages: Ages) -> str | None:
    """None below the target group. Exactly thirty is an adult (X1)."""
    if age >= ages.adult:
        return ADULTS
    return next((f"{low}-{high}" for low, high in bands(ages) if low <= age <= high), None)


@dataclass(frozen=True)
class Sheet:
    """Counted people, and the questions they are counted for.

    `after` is the report's own question, `before` the one it is compared with; `every` are the rule sets side by side,
    and where there are any, the young are told by age too.
    """

    after: Ask
    before: Ask | None = None
    every: tuple[Ask, ...] = ()
    ages: Ages = Ages()
    people: Counter[Group] = field(default_factory=Counter)

    def counting(self, rows: Iterable[Counted]) -> Sheet:
        """With the people of these rows: one pass, and nothing of a row is kept."""
        people: Counter[Group] = Counter()
        for row in rows:
            facts = Facts(
                row.born,
                disability_pension=row.disability_pension,
                no_prospect=row.no_prospect,
                most_vulnerable=row.most_vulnerable,
            )
            for day, sets in self._sets.items():
                if not row.is_open_on(day):  # R129
                    continue
                age = row.born.age_on(day)
                band = band_of(age, self.ages)
                if band:
                    people[Group(day, band, _moved_by(sets, facts, age))] += 1
        return replace(self, people=people)

    def number(self, ask: Ask, part: str, of: str) -> int:
        """As it was counted. `of` is a band, the young or the adults."""
        return self._size(self._who(ask, part, of))

    def shown(self, ask: Ask, part: str, of: str) -> int | Kept:
        """As it may be printed."""
        who = self._who(ask, part, of)
        return self._size(who) if who in self._printed else Kept.BACK

    @cached_property
    def _printed(self) -> frozenset[Who]:
        """All that may be read of this report. A number nobody can be in under these rules is no secret."""
        wanted = list(self._by_importance())
        small = {who for who in wanted if self._is_small(who)}
        secrets = [*(self._sum((who,)) for who in small), *self._near()]
        told = Told(tuple(not self.people[g] for g in self._groups))
        printed = {frozenset[Group]()}
        for who in wanted:
            if who in printed or who in small or self._too_near_before(who):
                continue
            then = told.adding(self._sum((who,)))
            if not any(map(then.tells, secrets)):
                told, printed = then, {*printed, who}
        return frozenset(printed)

    def _by_importance(self) -> Iterator[Who]:
        """The totals, the report's own question, the one before it; then the other rule sets, and the young by age."""
        asks = [self.after, *([self.before] if self.before else [])]
        yield from (self._who(ask, ALL, of) for ask in asks for of in (YOUTH, ADULTS))
        yield from (
            self._who(ask, part, of) for ask in asks for of in (YOUTH, ADULTS) for part in (MOVES, STAYS)
        )
        if self.every:
            names = [f"{low}-{high}" for low, high in bands(self.ages)]
            yield from self._largest_first(self._who(self.after, ALL, name) for name in names)
            yield from (self._who(ask, part, YOUTH) for ask in self.every for part in (MOVES, STAYS))
            yield from self._largest_first(
                self._who(self.after, part, name) for name in names for part in (MOVES, STAYS)
            )

    def _near(self) -> Iterator[Sum]:
        """Two rule sets that part by one to four people on a day would tell about just those (R144)."""
        asks = [self.after, *([self.before] if self.before else []), *self.every]
        for one, other in combinations(asks, 2):
            for of in (YOUTH, ADULTS):
                these, those = self._who(one, MOVES, of), self._who(other, MOVES, of)
                if one.day == other.day and 0 < abs(self._size(these) - self._size(those)) < SMALLEST:
                    yield self._sum((these,), (those,))

    def _too_near_before(self, who: Who) -> bool:
        """The first day in proportion to the second would part from it by one to four people: it is kept back."""
        if self.before is None or self.before.day == self.after.day:
            return False
        if self.before.rule_set.code == self.after.rule_set.code:
            return False
        parts = {part: self._who(self.before, part, YOUTH) for part in (MOVES, STAYS)}
        if who not in parts.values():
            return False
        then = [self._size(parts[part]) for part in (MOVES, STAYS)]
        whole = self.number(self.after, ALL, YOUTH)
        moves = self.number(self.after, MOVES, YOUTH)
        return sum(then) > 0 and 0 < abs(rescaled(then, whole)[0] - moves) < SMALLEST

    def _who(self, ask: Ask, part: str, of: str) -> Who:
        code = ask.rule_set.code
        return frozenset(
            g
            for g in self._groups
            if g.day == ask.day
            and (g.band != ADULTS if of == YOUTH else g.band == of)
            and (part == ALL or (code in g.moved_by) == (part == MOVES))
        )

    def _size(self, who: Who) -> int:
        return sum(self.people[g] for g in who)

    def _is_small(self, who: Who) -> bool:
        return bool(who) and self._size(who) < SMALLEST

    def _largest_first(self, numbers: Iterable[Who]) -> list[Who]:
        return sorted(numbers, key=self._size, reverse=True)

    def _sum(self, more: Sequence[Who], less: Sequence[Who] = ()) -> Sum:
        return tuple(sum(g in who for who in more) - sum(g in who for who in less) for g in self._groups)

    @cached_property
    def _sets(self) -> dict[date, list[RuleSet]]:
        asks = [self.after, *([self.before] if self.before else []), *self.every]
        found: dict[date, dict[str, RuleSet]] = defaultdict(dict)
        for ask in asks:
            found[ask.day][ask.rule_set.code] = ask.rule_set
        return {day: list(sets.values()) for day, sets in found.items()}

    @cached_property
    def _groups(self) -> tuple[Group, ...]:
        """Every group there can be under these rules, whether anybody is in it or not: what a reader can know."""
        found: dict[Group, None] = {}
        for day, sets in self._sets.items():
            for age, flags in product(self._turning_ages(sets), product((False, True), repeat=3)):
                band = band_of(age, self.ages)
                assert band
                found[Group(day, band, _moved_by(sets, Facts(_NOBODY, *flags), age))] = None
        return tuple(found)

    def _turning_ages(self, sets: Sequence[RuleSet]) -> list[int]:
        """The ages from which something may be otherwise than the year before."""
        ages = self.ages
        turning = {ages.teens, ages.youth, ages.middle, ages.adult}
        for clause in (clause for rule_set in sets for clause in rule_set.clauses):
            turning |= {clause.from_age, *([clause.under] if clause.under is not None else [])}
        return sorted(age for age in turning if age >= ages.teens)


_NOBODY = Born(2000, 1)
"""Whose birth is not asked about, because an age is given."""


def _moved_by(sets: Sequence[RuleSet], facts: Facts, age: int) -> frozenset[str]:
    return frozenset(s.code for s in sets if propose_at(s, facts, age).kind == Moves.MOVES)

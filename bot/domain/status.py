"""The status note on the start: who moved, which staff went along, and where the cases are anchored now (R127).

Figures age: the note says the day and the rules they hold under (R098).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from bot.domain.case import OPEN_STAGES, Case, Stage
from bot.domain.report import Label, Row, Table, Value, counts_table, few, unless_few
from bot.domain.rules import Rules
from bot.domain.suppression import Kept
from bot.domain.tracks import Track, track_of

ENDED = (Stage.CLOSED, Stage.NOT_REFERRED, Stage.OUT_OF_SCOPE)
TRACKS = (Track.YOUTH, Track.ADULT)


def staff_table(rules: Rules, moved: dict[str, Value]) -> Table:
    """`moved` is how many cases move, by group; cases for each post is arithmetic and says nothing of their weight."""
    rows = tuple(
        Row(Label("staff", {"move": m}), (m.fte, _each(moved.get(m.cases or ""), m.fte)))
        for m in rules.staff_moves
    )
    return Table("staff", (Label("fte"), Label("cases_each")), rows, (Label("each"), Label("neutral")))


def anchors_table(cases: Sequence[Case], rules: Rules) -> Table:
    """Where every case is: open ones by their anchor, as assessed and not as proposed (R083), the others by how they ended.

    One table, so that no other of the note tells what is kept back here; a place without cases is left out of it.
    """
    anchored = Counter((c.area, track_of(c.band_now)) for c in cases if c.stage in OPEN_STAGES)
    ended = Counter((c.stage, track_of(c.band_now)) for c in cases)
    rows = [(Label("area", {"area": a}), [anchored[a.code, t] for t in TRACKS]) for a in rules.areas]
    rows += [(Label("stage", {"stage": s.value}), [ended[s, t] for t in TRACKS]) for s in ENDED]
    here = [(label, numbers) for label, numbers in rows if any(numbers)]
    columns = tuple(map(Label, TRACKS))
    if not here:
        return few(Table("anchors", (), ()))  # as with one to four: a place that is shown has somebody
    taken = [True] * len(here)
    return unless_few(counts_table("anchors", columns, here, charted=(0, 1), taken=taken))


def _each(cases: Value, fte: int) -> Value:
    if isinstance(cases, Kept):
        return Kept.BACK
    return Fraction(cases, fte) if isinstance(cases, int) else None

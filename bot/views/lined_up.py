"""A report's table in a form: Slack takes no table there, so its columns line up in letters of one width."""

from __future__ import annotations

import textwrap
from itertools import zip_longest

from bot.documents.printed import label, plain, written
from bot.domain.report import Row, Table
from bot.texts import Said, Texts, joined

WIDEST = 60
"""Letters of a line that a form has room for on a screen; on a phone it breaks, and is read all the same."""

LONGEST_WORD, NARROWEST_NAME, TWO = 11, 16, 2
GAP = "  "


def lined_up(texts: Texts, table: Table, rows: tuple[Row, ...]) -> Said | None:
    """None of one column, which is better as lines, and of more than there is room for."""
    heads = [_wrapped(plain(label(texts, c, "column")), LONGEST_WORD) for c in table.columns]
    cells = [[plain(written(value, texts)) for value in row.cells] for row in rows]
    widths = [max(map(len, [*head, *(row[n] for row in cells)]), default=0) for n, head in enumerate(heads)]
    room = WIDEST - sum(len(GAP) + width for width in widths)
    if len(heads) < TWO or not rows or room < NARROWEST_NAME:
        return None
    names = [_wrapped(plain(label(texts, row.label, "row")), room) for row in rows]
    name = max(len(part) for parts in names for part in parts)
    if name > room:
        return None

    def line(first: str, others: list[str]) -> Said:
        cells = [o.rjust(w) for o, w in zip(others, widths, strict=True)]
        drawn = GAP.join([first.ljust(name), *cells]).rstrip()
        said = texts.say("report", "lined_up", line=drawn.lstrip())
        return joined("", [" " * (len(drawn) - len(drawn.lstrip())), said])

    lines = [line("", list(part)) for part in zip_longest(*heads, fillvalue="")]
    for parts, row in zip(names, cells, strict=True):
        lines += [line(part, [""] * len(widths)) for part in parts[:-1]] + [line(parts[-1], row)]
    return joined("\n", ["```", *lines, "```"])


def _wrapped(said: str, width: int) -> list[str]:
    return textwrap.wrap(said, width, break_long_words=False) or [""]

"""What people type arrives as letters: through every template, in both languages, nothing in it comes alive."""

from __future__ import annotations

import csv
import io
import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import docx
import pytest
from jinja2 import nodes
from openpyxl import load_workbook

from bot.documents.csv_file import as_csv
from bot.documents.docx_file import as_docx
from bot.documents.printed import Printed, PrintedRow, PrintedTable
from bot.documents.xlsx_file import as_xlsx
from bot.domain.money import Kroner
from bot.domain.rules import Named
from bot.domain.text import visible
from bot.texts import FOLDER, LANGUAGES, Privacy, Said, colleague, harmless, texts
from bot.views.kit import Button, Choice, Page, Surface, plain, radio, text_field
from tests.support.mrkdwn import alive

STORM = bool(os.environ.get("INDGANG_STORM"))
COUNT = 1_000_000 if STORM else 20_000

PIECES = (
    *(
        "<!channel>",
        "<!here>",
        "<!everyone>",
        "<@U0MAJA0001>",
        "<#C0OPEN0001|kanal>",
        "<!subteam^S1|x>",
        "@here",
    ),
    *(
        "<https://ond.example/x|Åbn>",
        "https://ond.example/?a=b&c=d",
        "<mailto:x@example.dk|x>",
        "<!date^1^{date}|x>",
    ),
    *(
        "*",
        "_",
        "~",
        "`",
        "```",
        ">",
        ">>>",
        "&",
        "&lt;",
        "&lt;!channel&gt;",
        "&amp;lt;",
        "&#60;",
        "<",
        ">",
        "|",
        "\\",
    ),
    *(
        "{{ 7*7 }}",
        "{% for x in y %}",
        "{{ ''.__class__ }}",
        "{#",
        "${x}",
        "%s",
        "%(x)s",
        "{0}",
        "\\u003c!here>",
    ),
    *('=HYPERLINK("http://ond.example")', "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0"),
    *(
        "Søren",
        "æøå",
        "😀",
        "e\u0301",
        "\u202eabc",
        "\u2066x\u2069",
        "\u200b",
        "\x00",
        "\x07",
        "\ud800",
        "\ufeff",
    ),
    *(
        "\n",
        "\r\n",
        "\u2028",
        " ",
        "  ",
        "•",
        "1.",
        "- ",
        "# ",
        ":smile:",
        "»",
        "«",
        '"',
        "'",
        ";",
        ",",
        "x" * 60,
    ),
)


def random_texts(count: int, seed: int = 5) -> Iterator[str]:
    """As a field takes them in: cleaned of what cannot be seen, as `bot.domain.text` does at the edge."""
    chance = random.Random(seed)
    for _ in range(count):
        pieces = chance.choices(PIECES, k=chance.randint(1, 6))
        if chance.random() < 0.2:
            pieces.append("".join(chr(chance.randint(1, 0x2FFF)) for _ in range(chance.randint(1, 12))))
        if typed := visible("".join(pieces), multiline=chance.random() < 0.5):
            yield typed  # nothing typed is another sentence, not another text


# --- every block of every template, with what it needs ---


class Fact(str):
    """A text that answers to whatever a template asks of it, each answer a text as hostile."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name == "privacy":
            raise AttributeError(name)
        return Fact(str(self))

    def name(self, _language: str) -> str:
        return str(self)


DAY, MOMENT = date(2026, 11, 26), datetime(2026, 11, 26, 8, 10, tzinfo=UTC)
Kind = Callable[[str], Any]
TEXT: Kind = Fact
A_DAY: Kind = lambda _: DAY  # noqa: E731 - a table of kinds
COUNT_OF: Kind = lambda _: 3  # noqa: E731
SEVERAL: Kind = lambda t: [Fact(t)]  # noqa: E731
BY_FILTER: dict[str, Kind] = {
    **dict.fromkeys(
        ("long_date", "short_date", "day_month", "month_year", "weekday", "long_date_year", "week"), A_DAY
    ),
    **dict.fromkeys(("clock", "clock_range"), lambda _: time(9, 10)),
    **dict.fromkeys(("kroner", "as_typed"), lambda _: Kroner.of(25_000)),
    **dict.fromkeys(("counted", "number", "plural"), COUNT_OF),
    **dict.fromkeys(("percent", "bar"), lambda _: 0.5),
    **dict.fromkeys(("one_decimal", "share_of"), lambda _: Fraction(1, 3)),
    **dict.fromkeys(("listed", "join", "length", "first"), SEVERAL),
    "instant_local": lambda _: MOMENT,
    "named": lambda t: Named("x", {"da": t, "en": t}),
    "names": lambda t: [Named("x", {"da": t, "en": t})],
}
"""What a fact is, by the first thing a template does with it."""
OTHERWISE: tuple[Kind, ...] = (
    *(TEXT, A_DAY, COUNT_OF, SEVERAL, lambda _: MOMENT, lambda _: Kroner.of(25_000), lambda _: None),
    *(lambda t: Named("x", {"da": t, "en": t}), lambda t: {"a": Fact(t)}, lambda _: True, lambda _: 0.5),
)
TRIES = 150


@dataclass(frozen=True)
class Block:
    language: str
    view: str
    name: str
    kinds: tuple[tuple[str, Kind], ...]

    def said(self, text: str) -> Said:
        return texts(self.language).say(
            self.view, self.name, **{fact: kind(text) for fact, kind in self.kinds}
        )


@cache
def blocks() -> tuple[list[Block], list[str]]:
    """Every block that takes a fact, and the names of those for which no facts were found."""
    found, lost = [], []
    for language in LANGUAGES:
        env = texts(language)._env
        for path in sorted(Path(FOLDER, language).glob("*.j2")):
            for block in env.parse(path.read_text("utf-8")).find_all(nodes.Block):
                if not any(n.ctx == "load" for n in block.find_all(nodes.Name)):
                    continue
                fits = _fitting(language, path.stem, block)
                if fits is None:
                    lost.append(f"{language}/{path.stem}.{block.name}")
                else:
                    found.append(fits)
    return found, lost


def _fitting(language: str, view: str, block: nodes.Block) -> Block | None:
    """As the template says; else some of the facts are something else, until the block can be rendered."""
    read, chance = _read(block), random.Random(f"{view}.{block.name}")
    kinds = dict(read)
    for _ in range(TRIES):
        tried = Block(language, view, block.name, tuple(kinds.items()))
        try:
            tried.said("x")
        except Exception:
            kinds = {f: k if chance.random() < 0.5 else chance.choice(OTHERWISE) for f, k in read.items()}
        else:
            return tried
    return None


def _read(block: nodes.Block) -> dict[str, Kind]:
    own = {n.name for n in block.find_all(nodes.Name) if n.ctx == "store"}
    kinds: dict[str, Kind] = {n.name: TEXT for n in block.find_all(nodes.Name)}
    for compared in block.find_all(nodes.Compare):
        if isinstance(compared.expr, nodes.Name) and compared.ops[0].op in ("gt", "lt", "gteq", "lteq"):
            kinds[compared.expr.name] = COUNT_OF
    for done in block.find_all(nodes.Filter):
        if isinstance(done.node, nodes.Name) and done.name in BY_FILTER:
            kinds[done.node.name] = BY_FILTER[done.name]
        if (
            isinstance(done.node, nodes.Name)
            and done.name == "term"
            and isinstance(done.args[0], nodes.Const)
        ):
            kinds[done.node.name] = _code(done.args[0].value)
    for loop in block.find_all(nodes.For):
        if isinstance(loop.iter, nodes.Name) and isinstance(loop.target, nodes.Name):
            inner = kinds[loop.target.name]
            kinds[loop.iter.name] = lambda t, inner=inner: [inner(t)]  # type: ignore[misc]
    kinds |= (
        {"link": lambda _: "https://fag.example.dk/sag/1"} if "link" in kinds else {}
    )  # made by the rules
    return {name: kind for name, kind in kinds.items() if name not in own}


def _code(group: str) -> Kind:
    known = sorted(n for n in texts("da")._template("terms").blocks if n.startswith(f"{group}_"))
    code = known[0].removeprefix(f"{group}_") if known else "x"
    return lambda _: code


def test_facts_are_found_for_nearly_every_template() -> None:
    found, lost = blocks()
    takes_text = [b for b in found if "§" in b.said("§")]
    print(f"{len(found)} blocks rendered, {len(takes_text)} with a text in them; not rendered: {lost}")
    assert len(lost) <= 0.02 * len(found)
    assert len(takes_text) > 300


@pytest.mark.rule("R139")
def test_no_text_comes_alive_in_any_template() -> None:
    """What comes alive in a block is what its author wrote: the same whatever was typed."""
    found, _ = blocks()
    written = {block: alive(block.said("x")) for block in found}
    wrong = []
    for number, typed in enumerate(random_texts(COUNT)):
        block = found[number % len(found)]
        if alive(block.said(typed)) - written[block]:
            wrong.append((block, typed))
    assert [(b.language, b.view, b.name, t) for b, t in wrong[:9]] == []


@pytest.mark.parametrize(
    "sign", ["*", "_", "~", "`", "<", ">", "&", "<!channel>", "<@U1>", "<https://x.dk|x>"]
)
def test_the_reader_sees_what_comes_alive(sign: str) -> None:
    """It must be able to find something, or it proves nothing."""
    assert alive(f"før {sign} efter") == Counter([sign])
    assert alive(harmless(f"før {sign} efter")) == Counter()


def test_a_colleagues_name_in_a_menu_or_a_list_is_letters() -> None:
    for typed in random_texts(2_000, seed=6):
        assert alive(colleague(typed)) == Counter()


# --- within Slack's limits ---


@pytest.mark.parametrize("typed", ["x" * 5_000, "&" * 3_500, "<" * 3_001, "😀" * 3_000, "ø\n" * 2_000])
def test_a_long_text_is_cut_within_slacks_limits_and_never_inside_a_letter(typed: str) -> None:
    said = Said(harmless(typed), Privacy.P0)
    page = Page(Surface.MODAL).header(said).section(said, button=Button(said, "x", label=said)).context(said)
    page.input("a", said, radio([Choice(said, "a", said)]), hint=said)
    page.input("b", said, text_field(most=10, example=said))
    view = page.modal(title=said, callback="x", submit=said, close=said)
    most = {"header": 150, "section": 3000, "context": 2000, "input": 2000}
    for block in view["blocks"]:
        shown = block.get("text") or block.get("label") or block["elements"][0]
        assert len(shown["text"]) <= most[block["type"]]
        if shown["type"] == "mrkdwn":
            assert alive(shown["text"]) == Counter()
    assert max(len(view[part]["text"]) for part in ("title", "submit", "close")) <= 24
    assert plain("&amp;lt;") == "&lt;"


# --- in files ---


def hostile(language: str, words: tuple[str, ...]) -> Printed:
    rows = tuple(PrintedRow(word, (1,), total=False, in_chart=True) for word in words)
    table = PrintedTable(words[0], (words[-1],), rows, words, (0,))
    return Printed(words[0], words, words, words[0], (table,), texts(language))


FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
IN_FILES = tuple(t for t in random_texts(400, seed=7) if t) + tuple(
    p for p in PIECES if p.startswith(FORMULA)
)


@pytest.mark.rule("R129")
def test_no_cell_of_a_csv_file_is_a_formula() -> None:
    for language, between in (("da", ";"), ("en", ",")):
        lines = csv.reader(
            io.StringIO(as_csv(hostile(language, IN_FILES)).decode("utf-8-sig", "replace"), newline=""),
            delimiter=between,
        )
        cells = [cell for line in lines for cell in line]
        assert len(cells) > len(IN_FILES)
        assert [c for c in cells if c.startswith(FORMULA) and not c.lstrip("-").isdecimal()] == []


@pytest.mark.rule("R129")
def test_no_cell_of_a_sheet_is_a_formula() -> None:
    book = load_workbook(io.BytesIO(as_xlsx(hostile("da", tuple(IN_FILES)))))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert len(cells) > len(IN_FILES)
    assert [c.value for c in cells if c.data_type == "f" or c.hyperlink] == []


def test_a_note_holds_letters_and_no_field_or_link() -> None:
    note = docx.Document(io.BytesIO(as_docx(hostile("da", tuple(IN_FILES)))))
    body = note.element.xml
    assert [part for part in ("w:fldSimple", "w:instrText", "w:hyperlink") if part in body] == []
    assert len(note.paragraphs) > len(IN_FILES)
    sheets = [part.blob for part in note.part.package.iter_parts() if part.partname.endswith(".xlsx")]
    cells = [
        c for sheet in sheets for row in load_workbook(io.BytesIO(sheet)).active.iter_rows() for c in row
    ]
    assert len(cells) > len(IN_FILES), "the numbers behind the chart"
    assert [c.value for c in cells if c.data_type == "f" or c.hyperlink] == []

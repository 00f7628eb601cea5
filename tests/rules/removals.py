"""What can be taken out of the definition a demand lives in: guards first, then what is done, then single parts."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.rules.book import symbol

NOT_TAKEN = (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom, ast.Pass)
LEAST = 11  # a line shorter than this says nothing to a reader: `return`, `else:`, `)`


@dataclass(frozen=True)
class Removal:
    file: str
    first: int
    last: int
    line: str  # the first line that goes, as a reader sees it
    without: str  # the file without it
    worth: int  # the less, the sooner it is tried
    reached_by: tuple[int, ...]  # lines of which a story reaches one; none for what is read at import

    taken: str = ""  # everything that goes

    @property
    def guards(self) -> bool:
        return self.worth % 10 == 0

    @property
    def stands(self) -> bool:
        """The file can still be read without it."""
        try:
            ast.parse(self.without)
        except SyntaxError:
            return False
        return True


def removals(house: Path, place: str, *, at_import: bool) -> Iterator[Removal]:
    """What can be taken out of a `path::name`, or of a whole file, the most telling first.

    Either what is read at import, or what is within a function and waits for a story to reach it.
    """
    path = place.partition("::")[0]
    whole = (house / path).read_text("utf-8")
    scope = symbol(house, place) if "::" in place else ast.parse(whole)
    if scope is None:
        return
    lines = whole.splitlines(keepends=True)
    inside = _bodies(ast.parse(whole))
    for worth, first, last in sorted(set(_spans(scope, lines, whole_file="::" not in place))):
        if (first in inside) == at_import:
            continue
        for filler in ("", " " * _indent(lines[first - 1]) + "pass\n"):
            without = "".join([*lines[: first - 1], filler, *lines[last:]])
            near = () if at_import else tuple(range(first, last + 1))
            taken = "".join(lines[first - 1 : last])
            line = lines[first - 1].strip()
            yield Removal(path, first, last, line, without, worth, near, taken)


def _spans(scope: ast.AST, lines: list[str], *, whole_file: bool) -> Iterator[tuple[int, int, int]]:
    """(how telling, first line, last line) of everything that can go: statements, and lines within them."""
    later = 10 * whole_file
    starts = set()
    for node in ast.walk(scope):
        if not isinstance(node, ast.stmt) or node is scope:
            continue
        starts.add(node.lineno)
        last = node.end_lineno or node.lineno
        if isinstance(node, NOT_TAKEN) or _is_docstring(node) or not _tells(lines, node.lineno, last):
            continue
        yield _worth(node) + later, node.lineno, last
    first, last = _extent(scope, len(lines))
    for line in range(first + 1, last + 1):
        if line not in starts and _tells(lines, line, line):
            yield 3 + later, line, line


def _worth(node: ast.stmt) -> int:
    guard = isinstance(node, ast.If) and isinstance(node.body[-1], ast.Raise | ast.Continue)
    if guard or isinstance(node, ast.Raise):
        return 0
    if isinstance(node, ast.If) or (isinstance(node, ast.Expr) and ".note(" not in ast.unparse(node)):
        return 1
    return 5 if isinstance(node, ast.Return | ast.For | ast.With) else 4


def _extent(scope: ast.AST, last: int) -> tuple[int, int]:
    return getattr(scope, "lineno", 0), getattr(scope, "end_lineno", last)


def _tells(lines: list[str], first: int, last: int) -> bool:
    text = lines[first - 1].strip()
    return (
        len(text) >= LEAST and last - first < 60 and not text.startswith(("#", "@", "def ", "class ", '"""'))
    )


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _bodies(tree: ast.Module) -> set[int]:
    """Every line within a function: only a story that reaches it can miss it."""
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    return {line for f in functions for line in range(f.body[0].lineno, (f.end_lineno or f.lineno) + 1)}

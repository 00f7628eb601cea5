"""Reads what is known of each demand: its quotation and place (demands.yaml), its stories, and its proof."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
ROOMS = ("bot", "handlers", "storage", "schedules")
NUMBER = re.compile(r"^\| ([RTDX]\d+) \| (.*) \|$", re.MULTILINE)
NAMED = re.compile(r"(?<![A-Za-z0-9_])([RT])(\d{2,3})(?:-\1?(\d{2,3}))?(?![A-Za-z0-9_])")


@dataclass(frozen=True)
class Demand:
    """One demand (R) or step (T). `kind` is H hard, C configurable, P practice, F fact, or T a step."""

    number: str
    kind: str
    asks: str  # in our own words, from docs/rules.md
    source: str = ""  # N the note, R the council case; "" for a step we completed ourselves
    quote: str = ""
    seen: str = ""  # how a person sees it

    @property
    def needs_a_story(self) -> bool:
        return self.kind in {"H", "C", "T"}


@dataclass(frozen=True)
class Proof:
    """The line whose removal was seen to turn a story of the demand red."""

    file: str
    line: str
    story: str


@dataclass(frozen=True)
class Book:
    root: Path = ROOT

    @cached_property
    def demands(self) -> tuple[Demand, ...]:
        asks = dict(NUMBER.findall((self.root / "docs/rules.md").read_text("utf-8")))
        raw = yaml.safe_load((HERE / "demands.yaml").read_text("utf-8"))
        return tuple(
            Demand(
                number,
                str(entry["kind"]),
                asks.get(number, ""),
                str(entry.get("source", "")),
                str(entry.get("quote", "")),
                str(entry.get("seen", "")),
            )
            for number, entry in raw.items()
        )

    @cached_property
    def stories(self) -> dict[str, tuple[str, ...]]:
        """Per number, the stories marked with it, as `path::name`."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for file in sorted((self.root / "tests").rglob("test_*.py")):
            path = str(file.relative_to(self.root))
            for story, numbers in _marked(ast.parse(file.read_text("utf-8"))):
                for number in numbers:
                    found[number].append(f"{path}::{story}")
        return {number: tuple(stories) for number, stories in found.items()}

    @cached_property
    def lives(self) -> dict[str, tuple[str, ...]]:
        """Per number, the definitions that name it as their source, as `path::name`; the narrowest come first."""
        found: defaultdict[str, dict[str, int]] = defaultdict(dict)
        for room in ROOMS:
            for file in sorted((self.root / room).rglob("*.py")):
                path = str(file.relative_to(self.root))
                for number, name, length in _named_in(file.read_text("utf-8")):
                    found[number].setdefault(f"{path}::{name}" if name else path, length)
        return {n: tuple(sorted(places, key=lambda p: (places[p], p))) for n, places in found.items()}

    @cached_property
    def _sources(self) -> dict[str, str]:
        files = sorted(file for room in ROOMS for file in (self.root / room).rglob("*.py"))
        return {str(file.relative_to(self.root)): file.read_text("utf-8") for file in files}

    def files_raising(self, refusals: tuple[str, ...]) -> list[str]:
        """Where one of these is raised."""
        return [
            file for file, text in self._sources.items() if any(f"raise {name}" in text for name in refusals)
        ]

    @cached_property
    def settings(self) -> dict[str, tuple[str, ...]]:
        """Per number, the lines of the rules file that name it."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for line in (self.root / "bot/rules/default.yaml").read_text("utf-8").splitlines():
            for number in _numbers_in(line):
                found[number].append(line.split("#")[0].strip().split(":")[0].strip("- ") or "(comment)")
        return {number: tuple(dict.fromkeys(keys)) for number, keys in found.items()}

    @cached_property
    def proofs(self) -> dict[str, Proof]:
        raw = yaml.safe_load((HERE / "proofs.yaml").read_text("utf-8")) or {}
        return {number: Proof(**entry) for number, entry in raw.items()}

    def doubt_about(self, number: str, proof: Proof) -> str:
        """Why the proof says nothing any more; empty while its line stands there once and its story bears the mark."""
        times = self.times_there(proof.file, proof.line)
        if times != 1:
            return f"the line stands {times} times"
        marked = proof.story.partition("[")[0] in self.stories.get(number, ())
        return "" if marked else "no story by that name bears the mark"

    def times_there(self, file: str, line: str) -> int:
        """How often a line, as a reader sees it, stands in a file."""
        return _lines(self.root / file).count(line)


@cache
def _lines(file: Path) -> list[str]:
    return [line.strip() for line in file.read_text("utf-8").splitlines()] if file.exists() else []


def _marked(tree: ast.Module) -> Iterator[tuple[str, tuple[str, ...]]]:
    lists = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    everywhere = tuple(
        number
        for node in tree.body
        if isinstance(node, ast.Assign)
        and any(isinstance(t, ast.Name) and t.id == "pytestmark" for t in node.targets)
        for number in _numbers(node.value, lists)
    )
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef) and inner.name.startswith("test_"):
                    yield f"{node.name}::{inner.name}", everywhere + _of(node, lists) + _of(inner, lists)
            machine = everywhere + _of(node, lists)
            if machine and node.name.endswith("Machine"):
                yield f"{node.name}.TestCase", machine
        elif isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield node.name, everywhere + _of(node, lists)


def _of(node: ast.FunctionDef | ast.ClassDef, lists: dict[str, ast.expr]) -> tuple[str, ...]:
    return tuple(number for decorator in node.decorator_list for number in _numbers(decorator, lists))


def _numbers(node: ast.expr, lists: dict[str, ast.expr]) -> tuple[str, ...]:
    """The numbers in every `pytest.mark.rule(...)` below; a starred list stands there, or is one of the module's."""
    return tuple(
        str(value)
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "rule"
        for argument in call.args
        for value in _values(argument, lists)
    )


def _values(argument: ast.expr, lists: dict[str, ast.expr]) -> list[object]:
    """What one argument hands over. Raises ValueError for what cannot be read without running it."""
    if isinstance(argument, ast.Starred):
        named = argument.value
        given = lists[named.id] if isinstance(named, ast.Name) else named
        return list(ast.literal_eval(given))
    return [ast.literal_eval(argument)]


def _numbers_in(text: str) -> Iterator[str]:
    """Every number named in a line; `R003-R006` names four."""
    for letter, first, last in NAMED.findall(text):
        for number in range(int(first), int(last or first) + 1):
            yield f"{letter}{number:0{len(first)}}"


def _named_in(source: str) -> Iterator[tuple[str, str, int]]:
    """(number, the definition around it or "", its lines) for every number named in a Python file."""
    spans = sorted(_spans(ast.parse(source), ""), key=lambda span: span[1] - span[0])
    whole = source.count("\n")
    for at, line in enumerate(source.splitlines(), start=1):
        for number in _numbers_in(line):
            around = next((s for s in spans if s[0] <= at <= s[1]), (0, whole, ""))
            yield number, around[2], around[1] - around[0]


def _spans(scope: ast.Module | ast.ClassDef, prefix: str) -> Iterator[tuple[int, int, str]]:
    """Every definition with its first and last line; a text below a constant belongs to it."""
    for node, after in zip(scope.body, [*scope.body[1:], None], strict=False):
        name = _called(node)
        if name is None:
            continue
        last = after if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) else node
        first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])
        yield first, last.end_lineno or first, prefix + name
        if isinstance(node, ast.ClassDef):
            yield from _spans(node, f"{prefix}{name}.")


def symbol(root: Path, place: str) -> ast.AST | None:
    """The named definition of a `path::name` in a Python file; None if there is none by that name."""
    path, _, name = place.partition("::")
    scope: ast.AST = ast.parse((root / path).read_text("utf-8"))
    for part in name.split("."):
        found = next((node for node in ast.iter_child_nodes(scope) if _called(node) == part), None)
        if found is None:
            return None
        scope = found
    return scope


def _called(node: ast.AST) -> str | None:
    if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
        return node.name
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return node.target.id
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id
    return None

"""Where the house asks who may, found in its code: each place has a name, and can be taken out alone.

`cases.Cases.cancel/NotForYou` is the refusal in that method, `cases.Cases.cancel/case_for` the case asked for through the
access rule; a second one of a kind in the same function is `...#2`.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = "bot/usecases"
ALWAYS = ("NotForYou", "NoRole", "NotAMember", "NotAsked", "Disqualified", "RecorderDisqualified")
"""Refusals that are about who asks, whatever is looked at; the others where whoever asks is looked at."""
ROLE = re.compile(
    r"\.(has|leads|is_leader|runs|runs_meetings|has_any_role)\b|works_with_cases|_answers_for\(|_still_theirs|HEAR_"
)
SHORTCUTS = {
    "absences.wishes_of_mine/home",  # whose cases are led is asked of each
    "tasks.my_tasks/home",  # the areas that are led are asked for
    "emergencies.emergencies_part/home",  # who answers for it is asked of each
    "follow_ups.wishes_for_me/home",  # whose committee it is is asked of each
    "todays.my_today/home",  # each kind of line asks whose it is
}
"""Spares whoever is not meant a question; taken out, the same is refused behind it."""
NO_CHECK = {
    "cases.Cases._register/CaseIsYours",  # helps whoever has the case already
    "cases.Cases.look_in_vain/seen_by",  # asks for what nobody has
    "frames.Frames._take_back/TooLateToUndo",  # is about the minutes, for everybody who may book
    "second_thoughts.SecondThoughts._in_time/TooLateToUndo",  # is about the minutes, for everybody
}
Without = Callable[[ast.Call], str]


def _of(call: ast.Call) -> str:
    """What the question is asked of: `work.cases` in `work.cases.seen_by(...)`."""
    assert isinstance(call.func, ast.Attribute)
    return ast.unparse(call.func.value)


def _argument(call: ast.Call, place: int) -> str:
    return ast.unparse(call.args[place])


CALLS: dict[str, Without] = {
    "require": lambda _: "None",
    "was_asked": lambda _: "None",
    "case_for": lambda c: f"{_argument(c, 0)}.cases.get({_argument(c, 2)})",
    "case_of": lambda c: f"{_argument(c, 0)}.work.cases.find({_argument(c, 0)}.notice.case_id)",
    "seen_by": lambda c: f"{_of(c)}.find({_argument(c, 0)})",
    "seen_among": lambda c: f"set({_argument(c, 0)})",
    "visible": lambda c: f"{_of(c)}.open()",
    "found_by": lambda c: f"[c for c in {_of(c)}.open() if {_argument(c, 0)}.strip() in (c.key, c.alias)]",
}
"""What asks, and what stands there when nobody is asked."""


@dataclass(frozen=True)
class Site:
    file: str
    function: str  # with its class
    kind: str
    line: int
    without: str  # the file as it is when the check is gone

    @property
    def name(self) -> str:
        return f"{Path(self.file).stem}.{self.function}/{self.kind}"


def sites(house: Path = ROOT) -> list[Site]:
    """Every one of them in the use cases; what the storage, the desks and Slack's doors ask is listed by hand."""
    return [site for site in placed(house) if site.name not in NO_CHECK | SHORTCUTS]


def placed(house: Path = ROOT) -> list[Site]:
    """The same, with those that need no story."""
    paths = sorted((house / FOLDER).glob("*.py"))
    return [site for path in paths for site in _in(path, str(path.relative_to(house)))]


def _in(path: Path, file: str) -> Iterator[Site]:
    whole = path.read_bytes()
    counted: Counter[tuple[str, str]] = Counter()
    for function, kind, node, instead in _checks(ast.parse(whole), ""):
        counted[function, kind] += 1
        count = counted[function, kind]
        named = kind if count == 1 else f"{kind}#{count}"
        yield Site(file, function, named, node.lineno, _replaced(whole, node, instead))


def _checks(node: ast.AST, within: str, given: str = "") -> Iterator[tuple[str, str, ast.expr, str]]:
    for child in ast.iter_child_nodes(node):
        name = within
        if isinstance(child, ast.FunctionDef | ast.ClassDef):
            name = f"{within}.{child.name}" if within else child.name
        if isinstance(child, ast.Call) and within and (kind := _called(child)) in CALLS:
            yield within, kind, child, CALLS[kind](child)
        if isinstance(child, ast.If) and (refusal := _refusal(child) or _silence(child, given)):
            yield within, refusal, child.test, "False"
        yield from _checks(child, name, _given(child) if isinstance(child, ast.FunctionDef) else given)


def _called(call: ast.Call) -> str:
    """The name; nothing where others have it as well."""
    if ast.unparse(call).startswith("case_of(") and ast.unparse(call) != "case_of(telling)":
        return ""
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def _refusal(asks: ast.If) -> str | None:
    """The refusal said right below an `if` that looks at whoever asks."""
    last = asks.body[-1]
    if not isinstance(last, ast.Raise) or last.exc is None:
        return None
    said = last.exc.func if isinstance(last.exc, ast.Call) else last.exc
    name = said.id if isinstance(said, ast.Name) else ""
    return name if name in ALWAYS or _looks_at_the_asker(asks.test) else None


def _given(function: ast.FunctionDef) -> str:
    """`told` and `home` for what words a message or a part of Home: there a refusal is to say nothing."""
    kinds = {ast.unparse(a.annotation) for a in function.args.args if a.annotation}
    return "told" if "Telling" in kinds else "home" if "PartAsked" in kinds else ""


def _silence(asks: ast.If, given: str) -> str | None:
    says_nothing = ast.unparse(asks.body[-1]) == "return None"
    return given if given and says_nothing and ROLE.search(ast.unparse(asks.test)) else None


def _looks_at_the_asker(test: ast.expr) -> bool:
    """`asked.by...`, or `asked` handed on whole; `asked.at` and `asked.today` are about the moment."""
    parts = {id(n.value): n.attr for n in ast.walk(test) if isinstance(n, ast.Attribute)}
    names = [n for n in ast.walk(test) if isinstance(n, ast.Name) and n.id == "asked"]
    return any(parts.get(id(n), "by") == "by" for n in names)


def _replaced(whole: bytes, node: ast.expr, instead: str) -> str:
    lines = whole.splitlines(keepends=True)
    before = b"".join(lines[: node.lineno - 1]) + lines[node.lineno - 1][: node.col_offset]
    last = (node.end_lineno or 0) - 1
    after = lines[last][node.end_col_offset :] + b"".join(lines[last + 1 :])
    return (before + instead.encode() + after).decode()

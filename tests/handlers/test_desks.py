"""Every button that is drawn, and every form that can be sent, has a desk that answers it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import Mock

from handlers import table

VIEWS = Path(__file__).parents[2] / "bot" / "views"
TABLE = table(Mock(), Mock(), Mock())  # only its keys are read


def calls() -> Iterator[tuple[str, ast.Call]]:
    for path in sorted(VIEWS.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield f"{path.name}:{node.lineno}", node


def constants(node: ast.expr | None) -> Iterator[str]:
    """The texts an expression can be; of an f-string its beginning, with a star."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=one, orelse=other):
            yield from constants(one)
            yield from constants(other)
        case ast.JoinedStr(values=[ast.Constant(value=str(begins)), *_]):
            yield f"{begins}*"
        case _:
            pass


def is_answered(kind: str, name: str) -> bool:
    key = f"{kind}:{name}"
    return any(k.startswith(key[:-1]) for k in TABLE) if name.endswith("*") else key in TABLE


def test_every_button_has_a_desk() -> None:
    drawn = [
        (where, name)
        for where, call in calls()
        if isinstance(call.func, ast.Name) and call.func.id == "Button" and len(call.args) > 1
        for name in constants(call.args[1])
    ]
    assert len(drawn) > 100
    assert [(w, n) for w, n in drawn if not is_answered("action", n)] == []


def test_every_form_that_can_be_sent_has_a_desk() -> None:
    sent = [
        (where, name)
        for where, call in calls()
        if (given := {k.arg: k.value for k in call.keywords}).get("callback")
        and not isinstance(given.get("submit"), ast.Constant | None)
        for name in constants(given["callback"])
    ]
    assert len(sent) > 40
    assert [(w, n) for w, n in sent if not is_answered("submit", n)] == []

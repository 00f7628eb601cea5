"""Where in a YAML file something stands: the line of each key and item, and keys written twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

Path = tuple[Any, ...]


class _DatesAsText(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # libyaml where it is there
    """Leaves dates to the check, which can say on which line there is no such day."""


_DatesAsText.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_yaml(text: str) -> tuple[Lines, Any]:
    """What stands in the text, and on which lines; read once. Raises yaml.YAMLError."""
    loader = _DatesAsText(text)
    try:
        root = loader.get_single_node()
        return Lines(root), None if root is None else loader.construct_document(root)
    finally:
        loader.dispose()


@dataclass(frozen=True)
class Fault:
    """A mistake, where it stands: a sentence in Danish, as the file is (D8)."""

    line: int
    sentence: str


class Lines:
    """The lines of one file's keys and items, by their path from the top."""

    def __init__(self, root: yaml.Node | None) -> None:
        self._lines: dict[Path, int] = {(): 1}
        self.twice: list[Path] = []
        if root:
            self._walk(root, ())

    def of(self, path: Path) -> int:
        """The line of the deepest part of the path that stands in the file."""
        known = [path[:n] for n in range(len(path), -1, -1) if path[:n] in self._lines]
        return self._lines[known[0]]

    def reaches(self, path: Path) -> Path:
        """As much of the path as stands in the file."""
        return next(path[:n] for n in range(len(path), -1, -1) if path[:n] in self._lines)

    def _walk(self, node: yaml.Node, path: Path) -> None:
        for key, where, child in _children(node):
            there = (*path, key)
            if there in self._lines:
                self.twice.append(there)
            self._lines[there] = where.start_mark.line + 1
            self._walk(child, there)


def _children(node: yaml.Node) -> Iterator[tuple[Any, yaml.Node, yaml.Node]]:
    """Key or number, the node it is written at, the node it names."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield key.value, key, value
    elif isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            yield number, item, item


def place(path: Path) -> str:
    """»areas › 2 › code«: as people count."""
    return " › ".join(str(part + 1) if isinstance(part, int) else str(part) for part in path)

"""A file of people and their roles, as somebody saved it from a spreadsheet (A14): read whole, or not at all."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.people import ROLES_OF_AN_AREA, AreaCode, PersonId, Post, Role

NEEDED = ("slack_id", "role", "area")
IGNORED = frozenset({"name", "navn"})
"""A name helps whoever writes the file; ours come from Slack."""

_ID = re.compile(r"[UW][A-Z0-9]{5,38}")


@dataclass(frozen=True)
class Row:
    line: int
    person: PersonId
    post: Post


@dataclass(frozen=True)
class Fault:
    """What is wrong in which line; `reason` is a code with words, `value` what stands there."""

    line: int
    reason: str
    value: str = ""


@dataclass(frozen=True)
class PeopleFile:
    rows: tuple[Row, ...]
    faults: tuple[Fault, ...]


def read_people(raw: bytes, *, roles: Mapping[str, Role], areas: Mapping[str, AreaCode]) -> PeopleFile:
    """UTF-8 with or without a BOM, commas or semicolons; the first line names the columns, in any order.

    `roles` and `areas` are the words that may be written, in small letters. Empty lines mean nothing.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as bad:
        return PeopleFile((), (Fault(raw[: bad.start].count(b"\n") + 1, "encoding"),))
    first = text.partition("\n")[0]
    lines = csv.reader(io.StringIO(text), delimiter=";" if ";" in first else ",")
    header = [name.strip().casefold() for name in next(lines, [])]
    faults = [Fault(1, "column_missing", name) for name in NEEDED if name not in header]
    faults += [Fault(1, "column_unknown", n) for n in header if n not in NEEDED and n not in IGNORED]
    if faults:
        return PeopleFile((), tuple(faults))
    rows: list[Row] = []
    for cells in lines:
        if any(cell.strip() for cell in cells):
            found = _read(lines.line_num, cells, header, roles, areas)
            (faults if isinstance(found, Fault) else rows).append(found)  # type: ignore[arg-type]
    if not rows and not faults:
        faults.append(Fault(1, "empty"))
    return PeopleFile(tuple(rows), tuple(faults))


def _read(
    line: int, cells: list[str], header: list[str], roles: Mapping[str, Role], areas: Mapping[str, AreaCode]
) -> Row | Fault:
    if len(cells) != len(header):
        return Fault(line, "cells", str(len(cells)))
    said = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
    if not _ID.fullmatch(said["slack_id"]):
        return Fault(line, "slack_id", said["slack_id"])
    role = roles.get(said["role"].casefold())
    if role is None:
        return Fault(line, "role", said["role"])
    if role not in ROLES_OF_AN_AREA:
        return Fault(line, "area_extra", said["area"]) if said["area"] else _row(line, said, role, None)
    if not said["area"]:
        return Fault(line, "area_missing", said["role"])
    area = areas.get(said["area"].casefold())
    return Fault(line, "area", said["area"]) if area is None else _row(line, said, role, area)


def _row(line: int, said: Mapping[str, str], role: Role, area: AreaCode | None) -> Row:
    return Row(line, said["slack_id"], Post(role, area))

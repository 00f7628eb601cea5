"""A file of people as a spreadsheet saves it: good rows, or every bad one with its line."""

from __future__ import annotations

import pytest

from bot.domain.people import Post, Role
from bot.domain.people_file import Fault, read_people

ROLES = {"caseworker": Role.CASEWORKER, "sagsbehandler": Role.CASEWORKER, "chair": Role.CHAIR}
AREAS = {"social": "social", "socialområdet": "social"}


def read(text: str | bytes):  # type: ignore[no-untyped-def]
    raw = text if isinstance(text, bytes) else text.encode("utf-8")
    return read_people(raw, roles=ROLES, areas=AREAS)


@pytest.mark.rule("D11")
@pytest.mark.parametrize(
    "text",
    [
        "slack_id,role,area\nU0KIM00001,caseworker,social\nU0KIM00001,chair,\n",
        "\ufeffslack_id;role;area\r\nU0KIM00001;Sagsbehandler;Socialområdet\r\n\r\nU0KIM00001;chair;\r\n",
        'area,name,slack_id,role\nsocial,"Nyholm, Kim",U0KIM00001,caseworker\n,Kim,U0KIM00001,chair',
    ],
)
def test_commas_or_semicolons_a_bom_and_any_order_of_columns(text: str) -> None:
    found = read(text)
    assert found.faults == ()
    assert [row.post for row in found.rows] == [Post(Role.CASEWORKER, "social"), Post(Role.CHAIR)]
    assert {row.person for row in found.rows} == {"U0KIM00001"}


@pytest.mark.rule("D11")
def test_every_bad_row_is_named_with_its_line_and_reason() -> None:
    found = read(
        "slack_id,role,area\n"
        "kim,caseworker,social\n"
        "U0KIM00001,boss,social\n"
        "U0KIM00001,caseworker,\n"
        "U0KIM00001,caseworker,moon\n"
        "U0KIM00001,chair,social\n"
        "U0KIM00001,chair\n"
        "U0KIM00001,chair,\n"
    )
    assert list(found.faults) == [
        Fault(2, "slack_id", "kim"),
        Fault(3, "role", "boss"),
        Fault(4, "area_missing", "caseworker"),
        Fault(5, "area", "moon"),
        Fault(6, "area_extra", "social"),
        Fault(7, "cells", "2"),
    ]
    assert len(found.rows) == 1


@pytest.mark.parametrize(
    ("raw", "reasons"),
    [
        (b"", ["column_missing"] * 3),
        (b"slack_id,role\nU0KIM00001,chair\n", ["column_missing"]),
        (b"slack_id,role,area,cpr\n", ["column_unknown"]),
        (b"slack_id,role,area\n", ["empty"]),
        ("slack_id,role,area\nU0KIM00001,sagsbehandler,socialområdet".encode("latin-1"), ["encoding"]),
    ],
)
def test_a_file_of_another_kind_is_refused_whole(raw: bytes, reasons: list[str]) -> None:
    found = read(raw)
    assert [fault.reason for fault in found.faults] == reasons
    assert found.rows == ()

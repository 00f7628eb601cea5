"""Where a refusal lands, and what the border does with text nobody can read."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.domain.case import CaseNotFound, ReferenceTaken
from bot.domain.people import NotForYou, Person
from bot.texts import texts
from handlers import refusals
from handlers.answers import Errors, Open, Push, Say, Show
from handlers.requests import Form, Request

AT = datetime(2026, 11, 16, 7, 0, tzinfo=UTC)


def asking(kind: str, name: str = "x", *, text: str = "", **payload: Any) -> Request:
    return Request(kind, name, Person("U1", "T1", "Maja Holm"), AT, texts("da"), payload, None, text=text)


def form(*fields: str) -> dict[str, Any]:
    return {"type": "modal", "blocks": [{"type": "input", "block_id": field} for field in fields]}


@pytest.mark.rule("D22")
def test_a_refusal_lands_on_the_field_at_fault_however_fresh_it_is() -> None:
    placed = refusals.place(ReferenceTaken(), asking("submit", view=form("area", "reference~ab12")))
    assert placed == Errors(
        {"reference~ab12": "Sagen er allerede oprettet. Spørg din leder, hvem der har den."}
    )


def test_a_refusal_of_the_whole_form_lands_on_its_first_field() -> None:
    placed = refusals.place(NotForYou(), asking("submit", view=form("area", "reference")))
    assert isinstance(placed, Errors) and list(placed.by_field) == ["area"]


@pytest.mark.parametrize(
    ("request_", "kind"),
    [
        (asking("submit", view=form()), Show),
        (asking("action", view=form("a")), Push),
        (asking("action", view={"type": "home"}), Open),
        (asking("shortcut"), Open),
        (asking("action", channel={"id": "C1"}), Say),
        (asking("command", "/ramme", text="x"), Say),
    ],
)
def test_a_refusal_comes_where_the_question_was_asked(request_: Request, kind: type) -> None:
    assert isinstance(refusals.place(NotForYou(), request_), kind)


def test_a_subcommand_typed_wrong_is_offered_as_it_should_be() -> None:
    placed = refusals.place(CaseNotFound(), asking("command", "/sag", text="nu"))
    assert isinstance(placed, Say)
    assert "Mente du `/sag ny`?" in str(placed.message)
    assert "Mente du" not in str(refusals.place(CaseNotFound(), asking("command", "/sag", text="bogfinke")))


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Møde\x00lokale", "Mødelokale"),
        ("a\ud800b", "ab"),
        ("\u202eevil", "evil"),
        ("  ja  ", "ja"),
        ("\u200b\u2800", ""),
        ("x" * 3000, "x" * 3000),
    ],
)
def test_a_form_reads_only_what_a_person_can_see(typed: str, read: str) -> None:
    element = {"type": "plain_text_input", "value": typed}
    assert Form.read({"state": {"values": {"room~1": {"v": element}}}}).text("room") == read

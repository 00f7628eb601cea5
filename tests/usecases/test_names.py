"""A word on the list is asked about once on its field; sent again as it stands it comes in, and no word is kept (D1)."""

from __future__ import annotations

import random
from typing import Any

import pytest
from sqlalchemy import text as sql

from bot.demo.town import COMMITTEE
from bot.domain.names import NameAsked, NameList
from storage.engine import Database
from tests.support.canary import Fingers
from tests.support.office import OfficeTown

GRETHE = "U0GRETHE01"
ON_ONE = pytest.mark.parametrize("engine", ["sqlite"])
LIST = NameList.of("Ida", "Madsen", "Lokale")


@pytest.fixture
def town(database: Database) -> OfficeTown:
    return OfficeTown(database, names=LIST)


class Form:
    """The form of common practice, as the secretary or the chair has it before them."""

    def __init__(self, town: OfficeTown) -> None:
        self._fingers = Fingers(town, random.Random(1))

    def sent(self, text: str, *, before: str | None = None, view: str = "V1") -> dict[str, Any]:
        """The answer Slack gets."""
        block = {
            "type": "input",
            "block_id": "text~1",
            "element": {"type": "plain_text_input", "action_id": "v"},
        }
        if before:
            block["element"] |= {"initial_value": before}  # type: ignore[operator]
        topic = {"v": {"type": "static_select", "selected_option": {"value": "measures"}}}
        values = {"text~1": {"v": {"type": "plain_text_input", "value": text}}, "topic": topic}
        shown = {"id": view, "type": "modal", "callback_id": "praxis.write", "blocks": [block]}
        shown |= {"private_metadata": "{}", "hash": text, "state": {"values": values}}
        who = {"user": {"id": GRETHE, "team_id": "T0NORDRE01"}, "team": {"id": "T0NORDRE01"}}
        self._fingers.hears("submit", {"view": shown, **who})
        return self._fingers.answers[-1]


def written(town: OfficeTown) -> list[str]:
    with town.work() as work:
        return [n.text for n in work.practice_notes.of(COMMITTEE)]


def acts(town: OfficeTown) -> list[tuple[str, dict[str, str]]]:
    with town.work() as work:
        return [(e.act, e.facts) for e in work.journal.of_acts("name_denied", "practice_written")]


@pytest.mark.rule("D1", "D22")
def test_a_name_is_asked_about_on_its_field_and_nothing_is_stored(town: OfficeTown) -> None:
    answer = Form(town).sent("Ida Madsen skal have en mentor")
    assert answer == {
        "response_action": "errors",
        "errors": {
            "text~1": "Er »Ida«, »Madsen« navne? Skriv kaldenavnet i stedet. Er det ikke, så send igen, som det står."
        },
    }
    assert acts(town) == []
    assert everything(town).count("Madsen") == 0


@pytest.mark.rule("D1", "D12")
def test_sent_again_as_it_stands_it_comes_in_and_the_journal_has_no_word_of_it(town: OfficeTown) -> None:
    form = Form(town)
    assert form.sent("Lokale Ida er til møder")["response_action"] == "errors"
    assert form.sent("Lokale Ida er til møder")["response_action"] == "update"
    assert [act for act, _ in acts(town)] == ["name_denied", "practice_written"]
    assert "Ida" not in str(acts(town))


@ON_ONE
def test_another_text_another_form_and_another_person_are_asked_anew(town: OfficeTown) -> None:
    form = Form(town)
    asked = [form.sent("Ida"), form.sent("Ida og Madsen"), form.sent("Ida", view="V2")]
    assert [a["response_action"] for a in asked] == ["errors"] * 3
    with pytest.raises(NameAsked):
        town.office.names.ask(town.asked("Maja Holm"), "V1", {"text": "Ida"})


@ON_ONE
def test_what_stood_there_before_is_not_asked_about(town: OfficeTown) -> None:
    assert Form(town).sent("Ida", before="Ida")["response_action"] == "update"


@ON_ONE
def test_what_is_refused_anyway_is_refused_at_once(town: OfficeTown) -> None:
    (said,) = Form(town).sent("Ida, 311299-9999")["errors"].values()
    assert said.startswith("Det ligner et CPR-nummer")


@ON_ONE
def test_what_was_asked_is_forgotten_with_the_askings(town: OfficeTown) -> None:
    form = Form(town)
    form.sent("Ida")
    town.jump(days=15)
    town.office.retention.clear_due(town.clock.at)
    assert form.sent("Ida")["response_action"] == "errors"


@ON_ONE
@pytest.mark.parametrize("command", ["/sag", "/henvis", "/opfolgning"])
def test_a_search_for_a_name_is_told_how_cases_are_found(town: OfficeTown, command: str) -> None:
    fingers = Fingers(town, random.Random(1))
    for typed, told in (("ida madsen", True), ("vinterfest", False)):
        fingers.types("U0MAJA0001", command, typed)
        assert ("Sager findes ikke på navn." in str(fingers.answers[-1])) == told
    assert "madsen" not in everything(town)


def everything(town: OfficeTown) -> str:
    """Every row that a question leaves behind."""
    with town.house.storage.database.reading.connect() as connection:
        rows = [connection.execute(sql(f"SELECT * FROM {t}")).all() for t in ("intake", "journal", "drafts")]
    return str(rows)

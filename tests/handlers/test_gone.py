"""What is gone, or was never there, reads like what is not yours; and a form that ends one's own access gets a receipt."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.rules import DEFAULT
from storage.engine import Database
from storage.tables import metadata
from tests.support.border import border
from tests.support.frames import active_case
from tests.support.office import OfficeTown, readable

GONE = "Sagen findes ikke, eller den hører til hos andre."


class Shown:
    """Slack's client: remembers the views and the words it was given."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def __getattr__(self, method: str) -> Any:
        def call(**given: Any) -> None:
            self.said.append(
                str(given.get("text") or "") + readable((given.get("view") or {}).get("blocks", []))
            )

        return call


@pytest.fixture
def town(tmp_path: Path) -> OfficeTown:
    database = Database(f"sqlite:///{tmp_path}/gone.db")
    metadata.create_all(database.writing)
    path = tmp_path / "regler.yaml"
    rules = DEFAULT.read_text(encoding="utf-8")
    path.write_text(
        rules.replace(
            "{code: area_or_payer, kind: change}", "{code: area_or_payer, kind: caseworker_change}"
        ),
        encoding="utf-8",
    )
    return OfficeTown(database, rules_path=path)


def pressed(town: OfficeTown, who: str, action: str, value: str) -> str:
    shown = Shown()
    body = {
        "user": {"id": who, "team_id": "T0NORDRE01"},
        "team": {"id": "T0NORDRE01"},
        "trigger_id": "t1",
        "view": {"id": "V1", "type": "modal", "private_metadata": "{}"},
        "actions": [{"action_id": action, "block_id": "b", "value": value, "action_ts": "1"}],
    }
    border(town, shown)._hear("action", body, lambda **_: None)
    return shown.said[0]


def sent(town: OfficeTown, who: str, callback: str, meta: str, **values: dict[str, Any]) -> dict[str, Any]:
    acks: list[dict[str, Any]] = []
    view = {
        "id": "V1",
        "type": "modal",
        "callback_id": callback,
        "private_metadata": meta,
        "state": {"values": {name: {"v": value} for name, value in values.items()}},
        "blocks": [],
    }
    body = {"user": {"id": who, "team_id": "T0NORDRE01"}, "team": {"id": "T0NORDRE01"}, "view": view}
    border(town, Shown())._hear("submit", body, lambda **answer: acks.append(answer))
    return acks[0]


@pytest.mark.rule("D11", "D22")
@pytest.mark.parametrize(
    "action",
    [
        "ready.open",
        "follow_up.open",
        "ballot.open",
        "agenda.item",
        "advisory.follow",
        "closing.take_back",
        "passage.open",
        "advice.answer",
        "case.open",
    ],
)
def test_an_id_that_is_nobodys_reads_like_a_case_that_is_not_yours(town: OfficeTown, action: str) -> None:
    assert GONE in pressed(town, "U0HENRIK01", action, "never-was")


@pytest.mark.rule("R083", "D37")
def test_a_leader_who_gives_a_case_away_gets_the_receipt(town: OfficeTown) -> None:
    case = town.registered("Maja Holm")
    answer = sent(
        town,
        "U0JENS0001",
        "anchor.assess",
        f'{{"n":"1","c":"{case.id}"}}',
        area={"selected_option": {"value": "youth"}},
        reason={"selected_option": {"value": "other"}},
    )
    assert "Ungeindsatsen og UU" in readable(answer["view"]["blocks"])


@pytest.mark.rule("R068", "R057", "D8")
def test_a_question_may_lead_to_another_caseworker_and_opens_that_form(town: OfficeTown) -> None:
    case, _ = active_case(town)
    answer = sent(
        town,
        "U0MAJA0001",
        "adjust.raise",
        f'{{"n":"1","c":"{case.id}"}}',
        said={"selected_options": [{"value": "area_or_payer"}]},
    )
    assert answer["view"]["callback_id"] == "change.save"

"""Who acts for me: a leader's, the secretary's and the chair's own line in Home, with one press to choose (D31)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.texts import texts
from tests.support.office import OfficeTown, readable

ON_ONE_DATABASE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
JENS, KAREN = "Jens Toft", "Karen Friis"


def shown(town: OfficeTown, name: str, language: str = "da") -> tuple[str, str]:
    """The line, and what its button does."""
    view = town.house.draw_home(town.person(name), town.clock.at, texts(language))
    mine = [b for b in view["blocks"] if "tedfortræder for mig" in str(b) or "Deputy for me" in str(b)]
    if not mine:
        return "", ""
    (block,) = mine
    return readable([block]), str(block["accessory"]["action_id"])


@pytest.mark.rule("D31")
@ON_ONE_DATABASE
def test_a_leader_sees_who_acts_for_them_and_when_and_chooses_with_one_press(town: OfficeTown) -> None:
    said, press = shown(town, JENS)
    assert "ingen valgt. Svarer ingen leder i tide, går ønsket om henvisning videre til Bente Juhl." in said
    assert press.startswith("away.open")
    assert "nobody chosen" in shown(town, JENS, "en")[0]
    first, last = town.today + timedelta(days=7), town.today + timedelta(days=11)
    town.office.absences.away(town.asked(JENS), first, last, None)
    said, press = shown(town, JENS)
    assert "du er væk mandag 23. november til fredag 27. november, og ingen er valgt." in said
    assert press.startswith("away.open")
    town.office.absences.away(town.asked(JENS), first, last, town.person(KAREN).id)
    said, press = shown(town, JENS)
    assert "*: Karen Friis, mandag 23. november til fredag 27. november." in said
    assert press.startswith("away.end")
    assert shown(town, "Lone Ager")[0] and shown(town, "Henrik Dahl")[0]
    assert shown(town, "Maja Holm") == ("", "")

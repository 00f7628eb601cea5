"""Roles for many at once from a file: looked at first, all or nothing, and nothing the second time."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.commands.people import _bring_in
from bot.demo import town as demo
from bot.domain.people import LastAdministrator, Post, Role
from bot.domain.people_file import Fault, PeopleFile, Row
from bot.slack.directory import SlackUser
from bot.texts import texts
from tests.support.office import OfficeTown

KIM, MAJA, BO = "U0KIM00001", "U0MAJA0001", "U0BO000001"
NAMES = {KIM: "Kim Nyholm", MAJA: "Maja Holm", BO: "Bo Winther"}
CASEWORKER, CHAIR = Post(Role.CASEWORKER, "social"), Post(Role.CHAIR)
HELD = {CASEWORKER, Post(Role.CHAIR, committee=demo.COMMITTEE)}
ROWS = (Row(2, KIM, CASEWORKER), Row(3, KIM, CHAIR), Row(4, MAJA, CASEWORKER))


@pytest.mark.rule("D11")
def test_it_is_said_first_then_done_once_and_journaled(town: OfficeTown) -> None:
    office, at = town.office.people_import, town.clock.at
    planned = office.planned(ROWS, NAMES, exactly=False, at=at)
    assert [(c.name, c.added, c.removed) for c in planned] == [("Kim Nyholm", frozenset(HELD), frozenset())]
    with town.work() as work:
        assert work.people.find(KIM) is None
    for expected in (planned, ()):
        assert office.carry_out(ROWS, NAMES, exactly=False, at=at, team="T1") == expected
    town.deliver()
    assert len(town.heard(KIM)) == 1
    assert town.person("Kim Nyholm").posts == HELD
    assert town.person("Maja Holm").has(Role.CASEWORKER, "social")


@pytest.mark.rule("D11")
def test_exactly_takes_the_other_roles_away_but_never_the_last_administrator(town: OfficeTown) -> None:
    office, at = town.office.people_import, town.clock.at
    rows = (Row(2, BO, CASEWORKER), Row(3, KIM, CHAIR))
    for ask in (office.planned, lambda *a, **k: office.carry_out(*a, team="T1", **k)):
        with pytest.raises(LastAdministrator):
            ask(rows, NAMES, exactly=True, at=at)
    with town.work() as work:
        assert work.people.find(KIM) is None  # nothing of it was kept
    both = (*rows, Row(4, KIM, Post(Role.ADMINISTRATOR)))
    changes = office.carry_out(both, NAMES, exactly=True, at=at, team="T1")
    assert {c.name: c.removed for c in changes}["Bo Winther"] == {Post(Role.ADMINISTRATOR)}


def test_somebody_who_is_no_employee_is_a_fault_with_words(town: OfficeTown) -> None:
    file = PeopleFile((Row(7, "U0GAEST001", CASEWORKER),), ())
    assert town.office.people_import.strangers(file, NAMES) == (Fault(7, "not_employee", "U0GAEST001"),)
    for language in ("da", "en"):
        said = texts(language).say("people_file", "fault_not_employee", line=7, value="U0GAEST001")
        assert " 7: U0GAEST001" in said


class Slack:
    """Slack at the outermost edge: who is an employee."""

    def find(self, id: str) -> SlackUser | None:  # noqa: A002
        return SlackUser(id, "T1", NAMES[id], full_member=True, deleted=False) if id in NAMES else None


@pytest.mark.rule("D11")
def test_the_command_says_what_would_change_then_changes_it_or_names_each_bad_row(
    town: OfficeTown, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    town.house.directory = Slack()  # type: ignore[assignment]
    file = tmp_path / "people.csv"

    def run(text: str, *, dry_run: bool = False) -> list[str]:
        file.write_text(text, encoding="utf-8-sig")
        _bring_in(town.house, file, texts("da"), dry_run=dry_run, exactly=False)
        return capsys.readouterr().out.splitlines()

    good = f"slack_id;role;area\n{KIM};Sagsbehandler;Socialområdet\n{KIM};Formand;\n"
    added = ["+ Kim Nyholm: Sagsbehandler (Socialområdet)", "+ Kim Nyholm: Formand"]
    assert run(good, dry_run=True) == [*added, "1 person ville få ændret roller. Intet er ændret."]
    assert run(good) == [*added, "1 person fik ændret roller."]
    assert run(good) == ["0 personer fik ændret roller."]
    with pytest.raises(SystemExit):
        run(good + "U0GAEST001;Formand;\nkim;Formand;\n")
    assert capsys.readouterr().err.splitlines() == [
        "Linje 4: U0GAEST001 er ikke medarbejder i arbejdsområdet. Gæster og lukkede konti får ingen rolle.",
        "Linje 5: »kim« er ikke et Slack-id. Kopiér medlems-id fra profilen; det begynder med U eller W.",
        "2 linjer skal rettes. Intet er ændret.",
    ]

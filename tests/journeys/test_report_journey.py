"""An evaluator's and a controller's day: the count from the command line, the reports in Slack (stories 15 to 17)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.documents.count_file import CountFile
from bot.domain.people import Person, Post, Role
from storage.sealing import new_key
from tests.journeys.test_frame_journey import Inside
from tests.support import caseload
from tests.support.frames import active_case
from tests.support.town import RunningTown


@pytest.fixture
def town(tmp_path: Path) -> Iterator[RunningTown]:
    with RunningTown(f"sqlite:///{tmp_path}/town.db", key=new_key()) as running:
        yield running


def kim_is(town: RunningTown, *posts: Post) -> None:
    with town.house.storage.open_work(at=town.house.clock.now()) as work:
        kim = work.people.find("U0KIM00001")
        held = frozenset(posts)
        work.people.save(kim.given(held)) if kim else work.people.add(
            Person("U0KIM00001", "T0NORDRE01", "Kim Nyholm", held, welcomed=True)
        )


@pytest.mark.rule("R129", "R128", "R127", "R015")
def test_reports_by_command_and_from_home(town: RunningTown, tmp_path: Path) -> None:
    case, _ = active_case(Inside(town))
    house = town.house
    rows = CountFile(caseload.write(tmp_path / "c.csv"), Inside(town).today).survey().rows()
    house.office.counts.bring_in(rows, name="nord", at=house.clock.now())

    kim_is(town, Post(Role.EVALUATOR))
    kim = town.person("Kim Nyholm")
    kim.home()
    kim.sees("*RAPPORTER*", in_="home")
    kim.presses("Vis", in_="home", near="Sagstælling")
    shown = kim.sees("Grundlag: sagstællingen »nord«", in_="modal")
    assert "Tabel 1. Unge 15-29 år" in shown.text
    assert "forslag 2" in shown.text
    kim.closes()

    chosen = kim.types("/indgang rapport")
    assert chosen and chosen.title == "Rapporter"
    kim.presses("Vis", in_="modal", near="Statusnotat")
    kim.sees("Årsværk", in_="modal")
    kim.closes()

    evaluation = kim.types("/indgang rapport evaluering")
    assert evaluation and evaluation.title == "Evaluering"
    assert "For få til, at tallene kan vises" in evaluation.text
    assert case.key not in evaluation.text
    kim.closes()
    kim.types("/indgang rapport rammer")
    kim.sees("rolle")

    kim_is(town, Post(Role.CONTROLLER))
    kim.home()
    kim.sees("1 ramme", in_="home")
    kim.presses("Vis", in_="home", near="Rammeoverblik")
    assert case.key in kim.sees("Afstemt: 0 posteringer", in_="modal").text
    kim.closes()
    maja = town.person("Maja Holm")
    maja.types("/indgang rapport")
    maja.sees("rolle")

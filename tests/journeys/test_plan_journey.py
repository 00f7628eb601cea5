"""Maja adjusts, doubts, and has a change decided; the area says that a measure has started: through the sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import time

import pytest

from bot.domain.calendar import instant
from bot.domain.case import Case
from bot.domain.presentation import Kind, Measure, Presentation, State, Stop, Tick
from bot.domain.task import Task
from tests.support.frames import active_case
from tests.support.office import OfficeTown
from tests.support.town import RunningTown


@pytest.fixture
def engine() -> str:
    """On SQLite; the use cases behind it run on both databases."""
    return "sqlite"


@pytest.fixture
def town(database_address: str) -> Iterator[RunningTown]:
    with RunningTown(database_address) as running:
        yield running


class Inside(OfficeTown):
    """Arranges in the running town's own house what an earlier meeting would have left there."""

    def __init__(self, town: RunningTown) -> None:
        self.house, self.office, self._askings = town.house, town.house.office, 0

    @property
    def clock(self):  # type: ignore[no-untyped-def,override]
        class Now:
            at = self.house.clock.now()

        return Now


def with_a_measure(office: Inside) -> Case:
    """An active case with one measure that was to start today."""
    case, follow_up = active_case(office, kroner=2_000)
    with office.house.storage.open_work(at=office.clock.at) as work:
        meeting = work.presentations.get(follow_up).meeting_id
        work.tasks.add(Task("measure", case.id, follow_up, meeting, "social", "mentor_support", office.today))
    return case


def ready_for(office: Inside, p: Presentation, task: str) -> None:
    """What the days between would have filled in; the list itself has its own stories."""
    meeting = office.next_meetings(1)[0]
    r = replace(
        p.recommendation,
        goals=("employment",),
        measures=(Measure("work_practice", "youth"),),
        stops=(Stop(task, "mentor_support", "social"),),
    )
    with office.house.storage.open_work(at=office.clock.at) as work:
        there = work.presentations.get(p.id, lock=True)
        tick = Tick(p.requested_by, office.clock.at, "conversation")
        work.presentations.save(
            replace(
                there,
                state=State.READY,
                ready_at=office.clock.at,
                meeting_id=meeting.id,
                recommendation=r,
                ticks={"own_view": tick},
            )
        )


@pytest.mark.rule("T20", "T22", "R053", "R068", "R069", "R046", "R014", "D38")
def test_adjusts_doubts_and_has_a_change_decided(town: RunningTown) -> None:
    office = Inside(town)
    case = with_a_measure(office)
    short = case.alias[:4].lower()
    maja, lone, henrik = (town.person(n) for n in ("Maja Holm", "Lone Ager", "Henrik Dahl"))

    maja.says("skal det i udvalget")
    maja.sees("Et ja, eller tvivl, er nok.", in_="dm")
    maja.presses("Skal det i udvalget?", in_="dm")
    maja.submits()
    maja.sees("Den faste sagsbehandler kan selv justere", in_="modal")
    maja.chooses("case", f"{case.alias} · {case.key}", in_="modal")
    maja.submits()
    maja.chooses("matter", "Mentorstøtte (Socialområdet)", in_="modal")
    maja.chooses("how", "Periode", in_="modal")
    maja.submits()
    shown = maja.sees(f"✅ Justeret på »{case.alias}«: periode · Mentorstøtte", in_="modal")
    assert "Vis journalnotat" in shown.buttons
    maja.closes()

    maja.types(f"/sag juster {short}")
    maja.chooses("matter", "Mentorstøtte (Socialområdet)", in_="modal")
    maja.chooses("how", "Periode", in_="modal")
    maja.chooses("said", "Jeg er i tvivl, eller ved ikke", in_="modal")
    maja.submits()
    maja.sees("Tvivl er nok.", in_="modal")
    maja.submits()
    maja.sees(f"»{case.alias}« er sat på som drøftelse torsdag 19. november", in_="modal")
    maja.closes()

    maja.types(f"/sag juster {short}")
    maja.chooses("matter", "Mentorstøtte (Socialområdet)", in_="modal")
    maja.chooses("how", "Periode", in_="modal")
    assert "Sagen er på vej i udvalget: tvivl" in maja.submits().complaints["matter"]
    maja.chooses("said", "Nogens sikkerhed er i fare", in_="modal")
    maja.submits()
    maja.sees("Husk underretningspligten.", in_="modal")
    maja.submits()
    maja.sees(f"»{case.alias}« er henvist som væsentlig ændring", in_="modal")
    maja.closes()
    lone.sees(f"ny behandling af »{case.alias}« {case.key}: væsentlig ændring", in_="dm")

    maja.types(f"/sag {short}")
    maja.sees(
        "*Ungeplan* besluttet 1. okt.: uddannelse og beskæftigelse · 0 af 1 indsats i gang", in_="modal"
    )
    maja.presses("Vis planen", in_="modal")
    maja.sees("Hvem har lovet hvad", in_="modal")
    maja.presses("Markér i gang", in_="modal")
    maja.submits()
    maja.sees("I gang siden 16. nov.", in_="modal")
    maja.closes()

    maja.types(f"/sag juster {short}")
    maja.chooses("matter", "Andet i planen", in_="modal")
    maja.chooses("how", "Beløb inden for rammen", in_="modal")
    maja.chooses("said", "Beløbet er større end det, der er tilbage", in_="modal")
    maja.submits()
    maja.sees("Det kræver en ny ramme.", in_="modal")
    maja.submits()
    maja.fills("amount", "30.000", in_="modal")
    maja.submits()
    maja.sees("Udvalget er spurgt om en ny ramme", in_="modal")
    maja.closes()

    with office.work() as work:
        frame_change = work.presentations.open_of(case.id, Kind.FRAME_CHANGE)
        assert frame_change is not None and frame_change.reasons == ("over_frame",)
        change = work.presentations.open_of(case.id, Kind.CHANGE)
    assert change is not None and change.reasons == ("safety",) and change.matters == ("measure",)
    ready_for(office, change, "measure")
    town.stage.jump(instant(office.next_meetings(1)[0].day, time(9, 0)).isoformat())
    lone.home()
    lone.sees("Start mødet", in_="home")
    lone.presses("Start mødet", in_="home")
    lone.submits()
    for _ in range(2):
        form = lone.sees(f"»{case.alias}«", in_="modal")
        if "væsentlig ændring" in form.text.lower():
            assert "Stopper: Mentorstøtte" in form.text
            lone.chooses("Beslutning", "Som indstillet", in_="modal")
            lone.chooses("Den unges medvirken", "Deltog", in_="modal")
        else:
            lone.chooses("Beslutning", "Drøftet", in_="modal")
        lone.submits()
    lone.sees("Alle punkter har en beslutning", in_="modal")
    lone.submits()
    henrik.sees("Referat af mødet", in_="dm")
    henrik.presses("Godkend referat", in_="dm")
    henrik.sees("er godkendt", in_="dm")
    maja.types(f"/sag {short}")
    maja.presses("Vis planen", in_="modal")
    page = maja.sees("Mål: beskæftigelse", in_="modal")
    assert "Stoppet 19. nov." in page.text and "Praktik" in page.text

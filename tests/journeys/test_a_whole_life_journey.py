"""One case from fifteen to thirty-one: every kind the committee knows, sixteen years in the time machine, nobody mocked.

Whatever a person would press is pressed; only the years between are jumped over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.calendar import instant
from bot.domain.case import AgeBand, Case, Stage
from bot.domain.meeting import Meeting
from bot.domain.presentation import Kind, Presentation, State
from bot.usecases import consequences
from tests.journeys.test_frame_journey import Inside
from tests.support.by_hand import (
    Given,
    asks_for_a_group,
    asks_for_another,
    closes_all,
    decides,
    finds_at_home,
    follows_up,
    gets_ready,
    is_placed,
    marks_ready,
    meets_and_asks_for_advice,
    opens_the_case,
)
from tests.support.stage import waits_until
from tests.support.town import RunningTown

BORN = {"birth_month": ("september",), "birth_year": ("2011",)}
AREAS = ("social", "youth", "schools", "employment", "health")
EIGHTEEN, TWENTY_FIVE, THIRTY = date(2029, 9, 3), date(2036, 9, 1), date(2041, 9, 2)
KINDS = {
    Kind.NEW: "Ny sag",
    Kind.FOLLOW_UP: "Opfølgning",
    Kind.CHANGE: "Væsentlig ændring",
    Kind.DOUBT: "Tvivl",
    Kind.CASEWORKER_CHANGE: "Sagsbehandlerskifte",
    Kind.FRAME_CHANGE: "Ny ramme",
    Kind.BACKGROUND_GROUP: "Baggrundsgruppe",
    Kind.CLOSURE: "Afslutning",
    Kind.CONTINUED_SUPPORT: "Fortsat støtte",
    Kind.ADVISORY: "Rådgivende møde",
    Kind.BRIEFING: "Orientering",
}


class Life:
    """The town, the one case in it, and those around it."""

    def __init__(self, town: RunningTown) -> None:
        self.town, self.inside = town, Inside(town)
        self.office = self.inside.office
        self.maja, self.ali, self.jens, self.lone, self.henrik = (
            town.person(n) for n in ("Maja Holm", "Ali Demir", "Jens Toft", "Lone Ager", "Henrik Dahl")
        )

    def asked(self, who: str) -> Any:
        return self.inside.asked(who, once=False)

    @property
    def case(self) -> Case:
        with self.inside.work() as work:
            found: Case = work.cases.get(self.id)
            return found

    def item(self, kind: Kind) -> Presentation:
        with self.inside.work() as work:
            found: Presentation | None = work.presentations.open_of(self.id, kind)
            assert found is not None, kind
            return found

    def stands_where_it_stood(self) -> None:
        """Nobody has asked for anything, so nothing has moved (T26, R108)."""
        case = self.case
        assert (case.area, case.payer, case.stage) == ("social", "social", Stage.ACTIVE)

    def jumps(self, day: date, clock: time = time(8, 0)) -> None:
        to = instant(day, clock)
        self.town.stage.jump(to.isoformat())
        waits_until(lambda: self.town.house.clock.now() >= to)
        waits_until(lambda: len(self.inside.next_meetings(2)) == 2)  # the knock has laid out the next year

    def is_made_ready(
        self, kind: Kind, given: Mapping[str, Given], *measure: str, every: bool = False
    ) -> None:
        """Its lists are filled in by hand, and the leader attests."""
        actor = self.town.person(self.caseworker)
        today = self.inside.today.isoformat()
        fresh = dict.fromkeys((f"status_{area}" for area in AREAS), today)
        said: dict[str, Given] = {"own_view": ("Ja, samtale",), **fresh, **given}
        gets_ready(actor, self.alias, KINDS[kind], said, *measure, every=every)
        marks_ready(self.jens, self.alias, KINDS[kind])

    def follow_up_in_twelve_meetings(self) -> str:
        day: date = self.inside.next_meetings(12)[-1].day
        return day.isoformat()

    def meeting_of(self, *kinds: Kind) -> Meeting:
        """The one they all stand on."""
        (where,) = {self.item(kind).meeting_id for kind in kinds}
        with self.inside.work() as work:
            found: Meeting = work.meetings.get(where or "")
            return found

    def committee_meets(self, *kinds: Kind) -> date:
        """The secretary holds their meeting as the page shows it, and the chair approves: all of it is decided."""
        for kind in kinds:
            if self.item(kind).meeting_id is None:
                is_placed(self.lone, self.alias, KINDS[kind])
        day = self.meeting_of(*kinds).day
        self.jumps(day, time(9, 0))
        lone, said = self.lone, f"Referat af mødet torsdag {day.day}."
        finds_at_home(lone, f"Uge {day.isocalendar().week} · torsdag {day.day}.")
        lone.presses("Start mødet", in_="home")
        lone.waits_for_modal("Start mødet")
        lone.submits()
        for _ in kinds:
            decides(lone)
        lone.waits_for_modal("Slut")
        lone.submits()
        lone.sees("Beslutningerne gælder, når det er godkendt", in_="modal")
        closes_all(lone)
        self.henrik.sees(said, within=25)
        self.henrik.presses("Godkend referat", near=said)
        self.henrik.waits_for_modal()
        closes_all(self.henrik)
        with self.inside.work() as work:
            decided = {p.kind for p in work.presentations.of_case(self.id) if p.state == State.DECIDED}
        assert set(kinds) <= decided, set(kinds) - decided
        return day

    @property
    def caseworker(self) -> str:
        with self.inside.work() as work:
            return str(work.people.get(self.case.caseworker).name)


@pytest.fixture
def life(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Life]:
    """Years go by in seconds, and so does what is cleared away in them: its pace is one of real minutes."""
    monkeypatch.setattr(consequences, "EDIT_EVERY", timedelta(0))
    with RunningTown(f"sqlite:///{tmp_path}/town.db") as running:
        yield Life(running)


def registered_at_fifteen(life: Life) -> None:
    """By an individual assessment (R038), from the form; the leader refers it from her message."""
    maja, jens = life.maja, life.jens
    maja.types("/sag ny")
    maja.fills("Sagsnummer i fagsystemet", "S2026-004711")
    maja.chooses("Aldersgruppe", "15–17 år")
    maja.submits()
    form = maja.waits_for_modal("Bed om henvisning")
    maja.chooses("Er sagen i målgruppen?", *form.options("Er sagen i målgruppen?"))
    assert "assessed_by" in maja.submits().complaints  # type: ignore[union-attr]
    who = form.options("Hvem har lavet den individuelle vurdering?")[0]
    maja.chooses("Hvem har lavet den individuelle vurdering?", who)
    maja.submits()
    maja.sees("er sendt til din leder", in_="modal")
    closes_all(maja)
    with life.inside.work() as work:
        (case,) = work.cases.open()
    life.id, life.alias = case.id, case.alias
    assert case.age_band == AgeBand.TEENS
    jens.sees("venter på dig", within=25)
    jens.presses("Henvis", near="venter på dig")
    jens.chooses("judged", "Jeg har vurderet, at sagen hører til i udvalget", in_="modal")
    jens.submits()
    jens.sees("er henvist", in_="modal")
    closes_all(jens)


def decided_and_active(life: Life) -> None:
    given: dict[str, Given] = {
        **BORN,
        "goals": ("Uddannelse", "Beskæftigelse"),
        "amount": "40.000",
        "purposes": ("Mentorstøtte", "Befordring"),
        "follow_up_on": (life.follow_up_in_twelve_meetings(),),
    }
    life.is_made_ready(Kind.NEW, given, "Mentorstøtte", "Socialområdet")
    life.committee_meets(Kind.NEW)
    life.maja.sees("Du er fast sagsbehandler.", within=25)
    shown = life.maja.types(f"/sag {life.alias}")
    assert shown is not None and "Ungeplan" in shown
    closes_all(life.maja)
    life.stands_where_it_stood()


def followed_up_adjusted_and_doubted(life: Life) -> None:
    """A follow-up unchanged; a minor adjustment alone; doubt, talked about (R053, R068)."""
    with life.inside.work() as work:
        meeting = work.meetings.get(life.item(Kind.FOLLOW_UP).meeting_id or "")
    life.jumps(date.fromordinal(meeting.day.toordinal() - 6))
    maja = life.maja
    follows_up(maja, life.alias)
    maja.types(f"/sag juster {life.alias[:4].lower()}")
    maja.chooses("matter", "Andet i planen", in_="modal")
    maja.chooses("how", "Tid eller sted", in_="modal")
    maja.submits()
    maja.sees(f"✅ Justeret på »{life.alias}«", in_="modal")
    closes_all(maja)
    maja.types(f"/sag {life.alias}")
    maja.presses("Jeg er i tvivl", in_="modal")
    maja.sees("Du behøver ikke begrunde tvivlen.", within=25)
    closes_all(maja)
    life.committee_meets(Kind.FOLLOW_UP, Kind.DOUBT)


def changed_and_grouped(life: Life) -> None:
    """A significant change with a new frame, and a background group for what has become complicated (R065)."""
    maja = life.maja
    maja.types(f"/sag {life.alias}")
    maja.presses("Vis planen", in_="modal")
    maja.waits_for_modal("Planen")
    maja.presses("Væsentlig ændring", in_="modal")
    maja.sees("er henvist som væsentlig ændring. Din leder har fået besked.", in_="modal")
    closes_all(maja)
    asks_for_a_group(maja, life.alias)
    life.is_made_ready(Kind.BACKGROUND_GROUP, {})
    given: dict[str, Given] = {
        "goals": ("Beskæftigelse",),
        "frame": ("new",),
        "amount": "8.000",
        "purposes": ("Mentorstøtte", "Befordring"),
        "frame_reason": ("Lille behov",),
        "follow_up_on": (life.follow_up_in_twelve_meetings(),),
    }
    life.is_made_ready(Kind.CHANGE, given, "Praktik", "Ungeindsatsen og UU", every=True)
    life.committee_meets(Kind.CHANGE, Kind.BACKGROUND_GROUP)
    assert len(life.case.group) == 2
    maja.sees("er besluttet* · Væsentlig ændring", within=25)
    maja.types(f"/sag {life.alias}")
    maja.presses("Vis planen", in_="modal")
    plan = maja.waits_for_modal("Planen").text
    assert "Mål: beskæftigelse" in plan
    assert "Praktik" in plan
    closes_all(maja)


def used_up_and_asked_for_more(life: Life) -> None:
    maja = life.maja
    maja.types(f"/ramme {life.alias} 7500 bus")
    maja.sees("✅ 7.500,00 kr. til befordring", within=25)
    maja.types(f"/ramme {life.alias} 600 bus")
    maja.sees("Du mangler 100,00 kr.", within=25)
    maja.presses("Bed om ny ramme")
    maja.fills("amount", "30.000", in_="modal")
    maja.submits()
    maja.sees("Udvalget er spurgt om en ny ramme", in_="modal")
    closes_all(maja)
    marks_ready(life.jens, life.alias, KINDS[Kind.FRAME_CHANGE])
    life.committee_meets(Kind.FRAME_CHANGE)
    maja.types(f"/ramme {life.alias} 600 bus")
    maja.sees("29.400,00 kr. tilbage", within=25)
    closes_all(maja)


def eighteen(life: Life) -> None:
    """The radar has the list; nothing moves by itself (T26, R041)."""
    maja = life.maja
    life.jumps(date(2028, 9, 4))
    life.jumps(EIGHTEEN)
    finds_at_home(maja, f"»{life.alias}« har en overgang")
    maja.types(f"/sag {life.alias}")
    maja.presses("Se overgang", in_="modal")
    form = maja.sees("Overgangen flytter ikke sagsbehandler, område eller betaler.", in_="modal")
    assert "i denne måned" in form.text
    maja.chooses("Hvad er klaret?", "Talt med borgeren", "Talt med forældrene", "Hvem der betaler")
    maja.submits()
    maja.sees(f"Listen til »{life.alias}« er gemt.", in_="modal")
    closes_all(maja)
    life.stands_where_it_stood()
    assert life.case.caseworker == "U0MAJA0001"


def assessed_ill_and_handed_over(life: Life) -> None:
    """Where it belongs is assessed and stays; a substitute is not a change, and the committee alone changes (R057)."""
    maja = life.maja
    opens_the_case(maja, life.alias, "Vurdér forankring")
    maja.chooses("Din vurdering: sagen hører til i", "Socialområdet", in_="modal")
    maja.chooses("reason", "Støtten er mest social", in_="modal")
    maja.submits()
    maja.sees("er forankret i Socialområdet", in_="modal")
    closes_all(maja)
    jens, ali = life.jens, life.ali
    jens.home()
    jens.presses("Medarbejder er syg", in_="home")
    jens.chooses("person", "Maja Holm", in_="modal")
    jens.chooses("Stedfortræder for alle sagerne", "Peter Krogh", in_="modal")
    jens.submits()
    jens.sees("Peter Krogh er stedfortræder for Maja Holm i 1 sag", in_="modal")
    closes_all(jens)
    assert life.case.caseworker == "U0MAJA0001"

    life.jumps(date(2029, 10, 15))
    finds_at_home(jens, f"»{life.alias}« {life.case.key} mangler en næste dato")
    jens.presses("Ret", in_="home", near="mangler en næste dato")
    jens.chooses("meeting", jens.waits_for_modal("Næste dato").options("meeting")[0], in_="modal")
    jens.submits()
    closes_all(jens)
    follows_up(maja, life.alias)
    meets_and_asks_for_advice(maja, life.town.person("Lise Vang"), life.alias)
    opens_the_case(maja, life.alias, "Vis planen")
    maja.waits_for_modal("Planen")
    maja.presses("Orientér udvalget", in_="modal")
    closes_all(maja)
    asks_for_another(maja, life.alias, "Ali Demir", life.inside.today.isoformat())
    ali.sees("Vil du være fast sagsbehandler", within=25)
    ali.presses("Ja, det vil jeg gerne", near="Vil du være fast sagsbehandler")
    ali.sees(f"✅ Du har sagt ja til »{life.alias}«", within=25)
    marks_ready(jens, life.alias, KINDS[Kind.CASEWORKER_CHANGE])
    life.committee_meets(Kind.FOLLOW_UP, Kind.ADVISORY, Kind.BRIEFING, Kind.CASEWORKER_CHANGE)
    ali.sees(f"Du er nu fast sagsbehandler på »{life.alias}« efter Maja Holm.", within=25)
    ali.types(f"/sag {life.alias}")
    ali.presses("Kontakter", in_="modal")
    ali.sees("Skift af sagsbehandler: 1 · før Maja Holm", in_="modal")
    closes_all(ali)
    life.maja.types(f"/sag {life.alias}")
    life.maja.sees("Sagen findes ikke", within=25)


def twenty_five_and_thirty(life: Life) -> None:
    """Birthdays are seen, and move neither who pays nor where it belongs (R108)."""
    for day in (TWENTY_FIVE, THIRTY):
        life.jumps(day)
        finds_at_home(life.ali, f"»{life.alias}« har en overgang")
        life.stands_where_it_stood()
        assert life.caseworker == "Ali Demir"


def goes_on_and_closes(life: Life) -> None:
    """Support goes on though the criterion is met; a year later it is closed by it (R071, R072)."""
    ali = life.ali
    ali.types(f"/sag {life.alias}")
    ali.presses("Bed om afslutning", in_="modal")
    ali.chooses("Hvad indstiller du?", "Fortsat støtte")
    form = ali.waits_for_modal()
    ali.chooses("Hvilket kriterium er nået?", "Forankret i uddannelse")
    form = ali.waits_for_modal()
    ali.chooses("Hvorfor fortsætter støtten?", form.options("Hvorfor fortsætter støtten?")[0])
    ali.chooses("own_view", "Ja, samtale")
    ali.chooses("Hvad er på plads?", "Rammen er gjort op", "Notater er journaliseret")
    ali.submits()
    ali.sees(f"Fortsat støtte til »{life.alias}« er klar", in_="modal")
    closes_all(ali)
    life.committee_meets(Kind.CONTINUED_SUPPORT)

    life.jumps(date(2042, 10, 6))
    ali.types(f"/sag {life.alias}")
    ali.presses("Bed om afslutning", in_="modal")
    ali.chooses("Hvad er nået, eller hvad er sket?", "Forankret i uddannelse")
    ali.chooses("own_view", "Ja, samtale")
    ali.chooses("Hvad er på plads?", "Rammen er gjort op", "Notater er journaliseret")
    ali.submits()
    ali.sees(f"»{life.alias}« er klar til afslutning", in_="modal")
    closes_all(ali)
    life.committee_meets(Kind.CLOSURE)
    ali.sees("er afsluttet. Rammen er gjort op.", within=25)
    assert life.case.stage == Stage.CLOSED
    assert life.case.group == ()


def looked_at_again_and_reopened(life: Life) -> None:
    ali, jens = life.ali, life.jens
    three = f"»{life.alias}« blev afsluttet for 3 måneder siden. Holder det?"
    six = three.replace("3 måneder", "6 måneder")
    life.jumps(date(2043, 1, 12))
    finds_at_home(ali, three)
    ali.presses("Ja, det holder", in_="home")
    life.jumps(date(2043, 4, 13))
    finds_at_home(ali, six)
    ali.presses("Nej, genåbn", in_="home")
    ali.sees("Din leder er spurgt om at genåbne", in_="modal")
    closes_all(ali)
    jens.sees("holder ikke, siger Ali Demir.", within=25)
    jens.presses("Genåbn", near="holder ikke")
    form = jens.waits_for_modal("Genåbn")
    jens.chooses("Hvorfor?", "Det holdt ikke")
    jens.chooses("Er sagen i målgruppen?", *form.options("Er sagen i målgruppen?"))
    jens.chooses("Har borgeren sagt ja til en samlet plan?", "Ikke endnu")
    jens.submits()
    jens.sees("er genåbnet", in_="modal")
    closes_all(jens)
    case = life.case
    assert (case.stage, case.caseworker, case.age_band) == (Stage.IN_REFERRAL, "U0ALI00001", AgeBand.ADULT)


def decided_again(life: Life) -> None:
    """From reopened to a plan in force: asked, made ready, attested, decided (T30, T15, T17)."""
    ali = life.ali
    ali.sees("Vil du være fast sagsbehandler igen?", within=25)
    ali.presses("Ja, det vil jeg gerne", near="Vil du være fast sagsbehandler igen?")
    ali.sees(f"✅ Du har sagt ja til »{life.alias}«", within=25)
    opens_the_case(ali, life.alias, "Gør klar")
    ali.sees("Borgeren har ikke sagt ja til en samlet plan endnu.", in_="modal")
    ali.presses("Registrér samtykke", in_="modal")
    ali.submits()
    ali.sees("samtykke til en samlet plan er registreret", in_="modal")
    closes_all(ali)
    given: dict[str, Given] = {
        "goals": ("Uddannelse",),
        "amount": "30.000",
        "purposes": ("Mentorstøtte",),
        "follow_up_on": (life.follow_up_in_twelve_meetings(),),
    }
    life.is_made_ready(Kind.NEW, given, "Mentorstøtte", "Socialområdet")
    life.committee_meets(Kind.NEW)
    ali.sees("Ramme: 30.000,00 kr.", within=25)
    case = life.case
    assert (case.stage, case.caseworker) == (Stage.ACTIVE, "U0ALI00001")


def the_page_tells_it_all(life: Life) -> None:
    """The whole way, as its caseworker reads it; and the plan's name is the grown-up's from now on (R042)."""
    page = life.ali.types(f"/sag {life.alias}")
    assert page is not None and "Indsatsplan" in page and "30 år" in page
    life.ali.presses("Hele forløbet", in_="modal")
    told = life.ali.waits_for_modal("Forløb").text
    for kind, words in KINDS.items():  # where nothing was decided, it does not say so
        talked = kind in (Kind.DOUBT, Kind.ADVISORY, Kind.BRIEFING)
        assert f"{'Drøftet' if talked else 'Besluttet'}: {words}" in told, (kind, told)
    for words in ("Mindre justering", "Overgang forberedt", "Forankring vurderet", "Stedfortræder sat"):
        assert words in told
    for words in ("Trekantmøde registreret", "Råd givet", "Afslutningen holder ikke", "Genåbnet"):
        assert words in told


def nothing_came_too_late(life: Life) -> None:
    """Whatever the clock jumped over: no agenda was posted after its meeting had begun."""

    def meetings(first: date) -> list[Meeting]:
        with life.inside.work() as work:
            return list(work.meetings.between("committee-youth", first, date(2044, 12, 31)))

    assert all(m.posted_at < m.begins for m in meetings(date(2026, 11, 1)) if m.posted_at)
    waits_until(
        lambda: len(meetings(life.inside.today)) > 40
    )  # a year of them, wherever the clock has come to


@pytest.mark.rule(
    *("R036", "R038", "R041", "R042", "R053", "R054", "R055", "R057", "R061", "R064", "R065", "R068", "R069"),
    *("R071", "R072", "R104", "R107", "R108", "R113", "R140"),
    *(
        "T01",
        "T15",
        "T17",
        "T18",
        "T20",
        "T21",
        "T22",
        "T24",
        "T25",
        "T26",
        "T27",
        "T28",
        "T29",
        "T30",
        "D25",
    ),
)
def test_from_fifteen_to_thirty_one(life: Life) -> None:
    registered_at_fifteen(life)
    decided_and_active(life)
    followed_up_adjusted_and_doubted(life)
    changed_and_grouped(life)
    used_up_and_asked_for_more(life)
    eighteen(life)
    assessed_ill_and_handed_over(life)
    twenty_five_and_thirty(life)
    goes_on_and_closes(life)
    looked_at_again_and_reopened(life)
    decided_again(life)
    the_page_tells_it_all(life)
    nothing_came_too_late(life)

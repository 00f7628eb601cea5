"""One case from fifteen to thirty-one: every kind the committee knows, sixteen years in the time machine, nobody mocked.

What the days between would have filled in is arranged in the running house; the lists have stories of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from bot.domain.calendar import instant
from bot.domain.case import AgeBand, Case, Stage
from bot.domain.contacts import Contact
from bot.domain.meeting import Meeting
from bot.domain.money import Kroner
from bot.domain.presentation import FrameTerms, Kind, Measure, Presentation, State, Tick
from bot.usecases import consequences
from bot.usecases.follow_ups import Answers
from bot.usecases.gatherings import GatheringWish
from bot.usecases.handovers import Change, GroupWish
from tests.journeys.test_frame_journey import Inside
from tests.support.stage import Actor, NotThere, waits_until
from tests.support.town import RunningTown

BORN = ("2011", "09")
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

    def is_made_ready(self, kind: Kind, **recommended: Any) -> None:
        """What the days between would have filled in, and a place on the next agenda."""
        item, at = self.item(kind), self.inside.clock.at
        ready = replace(
            item,
            state=State.READY,
            ready_at=at,
            ready_by="U0JENS0001",
            meeting_id=self.next_meeting().id,
            recommendation=replace(item.recommendation, **recommended),
            ticks={**item.ticks, "own_view": Tick(item.requested_by, at, "conversation")},
        )
        with self.inside.house.storage.open_work(at=at) as work:
            work.presentations.save(ready)

    def next_meeting(self) -> Any:
        coming = self.inside.next_meetings(2)
        return coming[0] if coming[0].is_ahead(self.inside.clock.at) else coming[1]

    def committee_meets(self, *kinds: Kind) -> date:
        """The secretary holds the next meeting as the page shows it, and the chair approves: all of it is decided."""
        day: date = self.next_meeting().day
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

    def follows_up(self) -> None:
        """The caseworker's four questions, answered in the running house."""
        asked = self.asked(self.caseworker)
        opened = self.office.follow_ups.open(asked, self.item(Kind.FOLLOW_UP).id)
        going = dict.fromkeys(opened.goals, "on_track")
        answers = Answers(progress=going, own_view="conversation", next_meeting=opened.proposed)
        self.office.follow_ups.prepare(asked, opened.presentation.id, answers)

    @property
    def caseworker(self) -> str:
        with self.inside.work() as work:
            return str(work.people.get(self.case.caseworker).name)


def decides(lone: Actor) -> None:
    form = lone.waits_for_modal()
    assert form.title.startswith("Punkt"), form.text
    decided = "Som indstillet" in form.options("Beslutning")
    lone.chooses("Beslutning", "Som indstillet" if decided else "Drøftet")
    labels = lone.waits_for_modal(form.title).labels if decided else ()
    for part in (label for label in labels if "medvirken" in label):  # the young person's, or the citizen's
        lone.chooses(part, "Deltog")
    after = lone.submits()
    assert after is not None and not after.complaints, after


def finds_at_home(actor: Actor, words: str) -> None:
    """The Home tab is opened until the morning's round has been there: nobody stares at a page that stands still."""
    until = monotonic() + 25
    while True:
        actor.home()
        try:
            actor.sees(words, in_="home", within=1)
        except NotThere:
            if monotonic() > until:
                raise
        else:
            return


def closes_all(actor: Actor) -> None:
    while actor.modal:
        actor.closes()


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
    life.office.passages.save_birth_month(life.asked("Maja Holm"), case.id, year=BORN[0], month=BORN[1])


def decided_and_active(life: Life) -> None:
    at = life.inside.clock.at
    life.is_made_ready(
        Kind.NEW,
        goals=("education", "employment"),
        measures=(Measure("mentor_support", "social"),),
        caseworker="U0MAJA0001",
        caseworker_said_yes_at=at,
        frame=FrameTerms(Kroner.of(40_000), ("mentor_support", "transport"), "social"),
        follow_up_on=life.inside.next_meetings(12)[-1].day,
    )
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
    life.follows_up()
    maja = life.maja
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
    office, asked, maja = life.office, life.asked("Maja Holm"), life.maja
    maja.types(f"/sag {life.alias}")
    maja.presses("Vis planen", in_="modal")
    maja.waits_for_modal("Planen")
    maja.presses("Væsentlig ændring", in_="modal")
    maja.sees("er henvist som væsentlig ændring. Din leder har fået besked.", in_="modal")
    closes_all(maja)
    group = GroupWish(True, (Contact("mentor", "social"), Contact("teacher", "schools")))
    office.handovers.ask_group(asked, life.id, group)
    life.is_made_ready(
        Kind.CHANGE,
        goals=("employment",),
        measures=(Measure("work_practice", "youth"),),
        frame=FrameTerms(Kroner.of(8_000), ("mentor_support", "transport"), "social", "small_need"),
        keep_frame=False,
        follow_up_on=life.inside.next_meetings(12)[-1].day,
    )
    life.is_made_ready(Kind.BACKGROUND_GROUP)
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
    maja.sees("500,00 kr. tilbage", within=25)
    closes_all(maja)
    life.office.frames.ask_new(
        life.asked("Maja Holm"),
        life.id,
        amount=Kroner.of(30_000),
        purposes=("transport", "mentor_support"),
        reason="used_up",
    )
    life.is_made_ready(Kind.FRAME_CHANGE)
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
    office, inside = life.office, life.inside
    office.anchorings.assess(
        life.asked("Maja Holm"), life.id, chosen=(), area="social", reason="social_support"
    )
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
    maja = life.asked("Maja Holm")
    office.two_chairs.set_next_date(life.asked("Jens Toft"), life.id, life.next_meeting().id)
    life.follows_up()
    office.gatherings.plan(maja, life.id, GatheringWish("three_way", inside.today, outcome="agreed"))
    advice = office.gatherings.ask_advice(maja, life.id, where="youth", question="how_together")
    office.gatherings.answer_advice(life.asked("Lise Vang"), advice, "we_can_help")
    office.gatherings.ask_advice(maja, life.id, where="committee", question="what_help")
    office.adjustments.bring_back(maja, life.id, Kind.BRIEFING)
    change = Change("workload", "U0ALI00001", inside.today, "conversation")
    office.handovers.ask_change(maja, life.id, change)
    ali.sees("Vil du være fast sagsbehandler", within=25)
    ali.presses("Ja, det vil jeg gerne", near="Vil du være fast sagsbehandler")
    ali.sees(f"✅ Du har sagt ja til »{life.alias}«", within=25)
    life.is_made_ready(Kind.CASEWORKER_CHANGE)
    life.is_made_ready(Kind.ADVISORY)
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
    the_page_tells_it_all(life)
    nothing_came_too_late(life)

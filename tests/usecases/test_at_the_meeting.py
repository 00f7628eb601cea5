"""What the committee has in hand at the meeting: mandates, its memory, the citizen's part, and what goes out on paper."""

from __future__ import annotations

from datetime import time, timedelta
from io import BytesIO
from typing import Any

import docx
import pytest
from icalendar import Calendar

from bot.commands.outside import plan_file
from bot.documents.ics_file import as_ics
from bot.domain.decision import ParticipationReasonMissing, Recording
from bot.domain.people import Role
from bot.domain.presentation import Kind
from bot.texts import texts
from bot.usecases.session_facts import ItemView
from bot.views import agenda as agenda_views
from bot.views import calendar as calendar_views
from bot.views import minutes as minutes_views
from bot.views import session as session_views
from tests.support.office import OfficeTown, readable
from tests.support.session import (
    approved,
    begun,
    kept,
    next_meeting,
    presentations_of,
    readied,
    ready,
    saved,
)

LONE, HENRIK = "Lone Ager", "Henrik Dahl"


def home(town: OfficeTown, name: str, language: str = "da") -> str:
    return readable(town.house.draw_home(town.person(name), town.clock.at, texts(language)))


@pytest.mark.rule("R013")
def test_mandates_shine_two_days_before_and_the_member_gets_one_line(town: OfficeTown) -> None:
    meeting = next_meeting(town)
    first, second = ready(town, meeting), ready(town, meeting)
    assert "kompetence:" not in home(town, LONE)
    town.jump_to(meeting.day, time(7, 35))
    town.jump(days=-2)
    town.office.agendas.confirm_mandate(town.asked("Ali Demir"), first.id)
    town.knock()
    desk = home(town, LONE)
    assert "🟡 kompetence: 1 ja" in desk and "mangler:" in desk
    assert "🟡 mandates: 1 yes" in home(town, LONE, "en")
    (alis,) = [m for m in town.heard(town.person("Ali Demir")) if "kompetence" in m]
    assert "Din kompetence mangler på 1 punkt til mødet torsdag 19. november" in alis
    town.office.agendas.confirm_mandate(town.asked("Ali Demir"), second.id)
    page = begun(town, meeting)
    assert isinstance(page, ItemView) and page.lamp and page.lamp.missing
    rules = town.house.rules.on(town.today)
    assert "🟡 kompetence: 1 ja" in readable(
        session_views.item_form(texts("da"), rules, page, meta="{}", fresh="1")
    )
    page = saved(town, page)
    assert isinstance(page, ItemView)
    later = town.next_meetings(2)[1]
    saved(town, page, Recording(choice="postponed", reason="mandate_missing", to_meeting=later.id,
                                also=("mandate",), without_mandate=("U0TINE0001",)))  # fmt: skip
    town.office.sessions.close(town.asked(LONE), meeting.id)
    town.office.minutes.approve(town.asked(HENRIK), meeting.id)
    found = town.office.minutes.of_case(town.asked(HENRIK), meeting.id, first.id)
    words = "\n".join(minutes_views.case_minutes(texts("da"), rules, found))
    assert "Kompetence ikke bekræftet før mødet" in words and "Tine" not in words


@pytest.mark.rule("X10", "R013")
def test_the_leader_of_the_area_without_mandate_is_told_and_no_case_is_named(town: OfficeTown) -> None:
    meeting = next_meeting(town)
    item = ready(town, meeting)
    later = town.next_meetings(2)[1]
    lacks = {"also": ("mandate",), "without_mandate": ("U0TINE0001",)}
    recording = Recording(choice="postponed", reason="mandate_missing", to_meeting=later.id, **lacks)
    approved(town, meeting, recording)
    town.deliver()
    with town.work() as work:
        alias = work.cases.get(item.case_id).alias
        leaders = work.people.holding(Role.AREA_LEADER, "schools")
    assert leaders
    for leader in leaders:
        (heard,) = [m for m in town.heard(leader) if "Manglende kompetence fra Trivsel og Læring" in m]
        assert "udsat på mødet torsdag 19. november" in heard and alias not in heard


def followed(town: OfficeTown) -> tuple[Any, Any]:
    first = next_meeting(town)
    item = ready(town, first)
    approved(town, first)
    (follow_up,) = presentations_of(town, item.case_id, Kind.FOLLOW_UP)
    readied(town, follow_up, progress={"education": "on_track"}, goals=("education",), outcome="unchanged")
    with town.work() as work:
        return follow_up, work.meetings.get(follow_up.meeting_id)


@pytest.mark.rule("R017", "D16")
def test_the_committee_remembers_in_three_short_lines_from_codes_alone(town: OfficeTown) -> None:
    follow_up, meeting = followed(town)
    page = begun(town, meeting)
    assert isinstance(page, ItemView) and page.memory
    rules = town.house.rules.on(meeting.day)
    for language in ("da", "en"):
        form = session_views.item_form(texts(language), rules, page, meta="{}", fresh="1")
        said = next(b["text"]["text"] for b in form["blocks"] if b["block_id"] == "memory")
        lines = said.split("\n")
        assert len(lines) == 3 and all(len(line) <= 140 for line in lines)
    assert "*Last:* 19" in said and "0 of 1" in said
    da = readable(session_views.item_form(texts("da"), rules, page, meta="{}", fresh="1"))
    for words in (
        "*Sidst:* 19. nov",
        "plan",
        "Socialområdet 0 af 1",
        "Uddannelse: På vej",
        "0,00 kr. brugt af 40.000,00",
    ):
        assert words in da
    opened = town.office.agendas.open_item(town.asked(LONE), follow_up.id)
    assert "*Sidst:*" in readable(agenda_views.item(opened, texts("da"), rules, meta="{}"))


@pytest.mark.rule("R017")
def test_there_is_nothing_to_remember_at_a_first_presentation(town: OfficeTown) -> None:
    meeting = next_meeting(town)
    ready(town, meeting)
    page = begun(town, meeting)
    assert isinstance(page, ItemView) and page.memory is None


@pytest.mark.rule("R047")
def test_no_part_in_the_decision_is_an_exception_with_a_reason(town: OfficeTown) -> None:
    meeting = next_meeting(town)
    item = ready(town, meeting)
    page = begun(town, meeting)
    none = Recording(choice="as_recommended", participation="other")
    rules = town.house.rules.on(meeting.day)
    view = kept(town, page, none)
    for language, label in (("da", "Hvorfor har borgeren ikke været med?"), ("en", "Why did the citizen")):
        assert label in readable(session_views.item_form(texts(language), rules, view, meta="{}", fresh="1"))
    with pytest.raises(ParticipationReasonMissing):
        saved(town, view, none)
    saved(
        town,
        view,
        Recording(choice="as_recommended", participation="other", participation_reason="not_reached"),
    )
    found = town.office.minutes.of_case(town.asked(HENRIK), meeting.id, item.id)
    assert "(Kunne ikke nås)" in "\n".join(minutes_views.case_minutes(texts("da"), rules, found))


@pytest.mark.rule("D40", "R046", "D1")
def test_the_plan_is_one_page_to_the_citizen_without_a_name(town: OfficeTown) -> None:
    follow_up, meeting = followed(town)
    with town.work() as work:
        case = work.cases.get(follow_up.case_id)
    html = plan_file(town.house, case.key, "U0MAJA0001", ".html", texts("da")).decode()
    for words in ("Din plan", "Uddannelse", "Mentorstøtte", "Ungeindsatsen og UU", "Dit navn: <span>"):
        assert words in html
    assert not [w for w in (case.alias, case.key, "Maja") if w in html]
    assert "Der er sat penge af til: mentorstøtte" in html
    assert "Vi ser på din plan igen" in html
    town.jump_to(meeting.day + timedelta(days=1), time(9, 0))
    late = plan_file(town.house, case.key, "U0MAJA0001", ".html", texts("da")).decode()
    assert (
        "Din sagsbehandler fortæller dig, hvornår" in late
    )  # the citizen is promised no day that has passed
    whole = docx.Document(BytesIO(plan_file(town.house, case.key, "U0MAJA0001", ".docx", texts("en"))))
    assert "Your plan" in "\n".join(p.text for p in whole.paragraphs)
    with town.work() as work:
        made = [e for e in work.journal.of_case(case.id) if e.act == "plan_exported"]
    assert [e.by for e in made] == ["U0MAJA0001"] * 3
    with pytest.raises(SystemExit):
        plan_file(town.house, case.key, "U0OLE00001", ".html", texts("da"))


@pytest.mark.rule("R135", "D6")
def test_the_calendar_shows_time_and_room_only_and_keeps_its_ids(town: OfficeTown) -> None:
    meeting = next_meeting(town)
    item = ready(town, meeting)

    def events(**whose: Any) -> dict[str, Any]:
        made = as_ics(town.office.calendars.events(town.clock.at, **whose), texts("da"), at=town.clock.at)
        assert b"TZID=Europe/Copenhagen" in made and b"BEGIN:VTIMEZONE" in made
        with town.work() as work:
            case = work.cases.get(item.case_id)
        assert case.alias.encode() not in made and case.key.encode() not in made
        return {str(e["uid"]): e for e in Calendar.from_ical(made).walk("VEVENT")}

    uid = f"meeting-{meeting.id}@indgang"
    before = events()[uid]
    assert (str(before["summary"]), str(before["status"])) == ("Udvalgsmøde", "CONFIRMED")
    assert before["dtstart"].dt.strftime("%H:%M %Z") == "09:00 CET"
    own = events(person="U0MAJA0001")
    slot = own[f"slot-{item.id}@indgang"]
    assert str(slot["summary"]) == "Fremlæggelse på udvalgsmøde"
    assert slot["dtstart"].dt.strftime("%H:%M") == "09:10"
    town.office.meetings.cancel(town.asked(LONE), meeting.id, reason="illness")
    assert str(events()[uid]["status"]) == "CONFIRMED"  # nobody has been told yet
    town.jump(minutes=11)
    town.knock()
    after = events()[uid]
    assert (str(after["status"]), int(after["sequence"]) > int(before["sequence"])) == ("CANCELLED", True)
    coming = town.office.calendars.coming(town.asked("Maja Holm"))
    for language, word in (("da", "Outlook"), ("en", "time and room only")):
        assert word in readable(calendar_views.form(coming, texts(language)))
    assert len(coming.meetings) == 6


@pytest.mark.rule("R130", "R131", "R132", "R133", "R134")
def test_reservations_are_minuted_by_point_and_dissent_by_member(town: OfficeTown) -> None:
    meeting = next_meeting(town)
    item = ready(town, meeting)
    page = begun(town, meeting)
    said = Recording(
        choice="as_recommended",
        participation="took_part",
        also=("reservation", "dissent"),
        reservations=("U0GRETHE01",),
        reservation_points=("frame",),
        dissent=("U0TINE0001",),
    )
    rules = town.house.rules.on(meeting.day)
    view = kept(town, page, said)
    for language, label in (("da", "Hvilke punkter gælder forbeholdet?"), ("en", "Which points does")):
        assert label in readable(session_views.item_form(texts(language), rules, view, meta="{}", fresh="1"))
    saved(town, view, said)
    found = town.office.minutes.of_case(town.asked(HENRIK), meeting.id, item.id)
    words = "\n".join(minutes_views.case_minutes(texts("da"), rules, found))
    assert "*Forbehold:* Ledelsesrepræsentant (Trivsel og Læring) for så vidt angår punkt 4." in words
    assert "Ad 4. Ramme fastsat" in words
    assert "*Besluttet af et flertal. Imod:* Medlem fra Trivsel og Læring" in words
    assert not [n for n in ("Grethe", "Tine") if n in words]

"""The agenda builds itself; the post shows what its channel may see, once per meeting (D6, D7, D32, D34)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest
from sqlalchemy import text

from bot.demo import town as demo
from bot.domain.case import CaseNotFound
from bot.domain.meeting import AgendaLocked, Disqualified, Face, Meeting, MeetingFull, NotAMember
from bot.domain.people import NotForYou
from bot.domain.presentation import CRITERIA, Kind, Presentation
from bot.texts import texts
from bot.usecases.one_by_one import UNFIT
from bot.usecases.ports import Asked, ChannelSeen
from bot.usecases.referrals import Wish
from bot.views import agenda as views
from bot.views import meeting as desk_views
from bot.views.kit import Page, Surface
from tests.support.office import OfficeTown, readable

MONDAY, TUESDAY, THURSDAY = date(2026, 11, 16), date(2026, 11, 17), date(2026, 11, 19)
ROSTER = (*(c.id for c in demo.CAST if c.seat), "U0LONE0001")
CLOSED = ChannelSeen(exists=True, private=True, members=ROSTER)
WITH_A_GUEST = replace(CLOSED, guests=("U0GAEST001",), members=(*ROSTER, "U0GAEST001"))


def meeting_of(town: OfficeTown, which: int = 0) -> Meeting:
    found: Meeting = town.next_meetings(which + 1)[which]
    return found


def on_agenda(town: OfficeTown, count: int = 1, *, which: int = 0) -> list[Presentation]:
    meeting = meeting_of(town, which)
    return [town.referred(meeting=meeting.id) for _ in range(count)]


def the_post(town: OfficeTown) -> str:
    standing = town.heard(demo.OPEN_CHANNEL)
    assert len(standing) == 1, "one message per meeting"
    return standing[0]


def as_kind(town: OfficeTown, presentation: Presentation, kind: Kind) -> None:
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.presentations.save(replace(work.presentations.get(presentation.id), kind=kind))


def ids_on(town: OfficeTown, meeting: Meeting) -> list[str]:
    found = town.office.agendas.mine(Asked(town.person("Lone Ager"), town.clock.at, "test"), meeting.id)
    return [line.id for line in found.lines]


@pytest.mark.rule("D7")
def test_the_agenda_is_posted_once_on_monday_at_eight_and_says_when_it_is_empty(town: OfficeTown) -> None:
    town.knock()
    assert town.heard(demo.OPEN_CHANNEL) == []
    town.jump_to(MONDAY, time(8, 0))
    for _ in range(3):
        town.knock()
    assert "Ingen sager i denne uge. Mødet holdes, 20 minutter." in the_post(town)
    assert "Forsinket" not in the_post(town)


@pytest.mark.rule("D7")
def test_a_late_post_says_so_and_one_after_the_meeting_has_begun_is_never_sent(town: OfficeTown) -> None:
    town.jump_to(MONDAY, time(10, 20))
    town.knock()
    assert "Forsinket: sendt mandag kl. 10.20" in the_post(town)


def test_after_the_meeting_has_begun_the_secretary_is_told_instead(town: OfficeTown) -> None:
    town.jump_to(THURSDAY, time(9, 5))
    town.knock()
    town.knock()
    assert town.heard(demo.OPEN_CHANNEL) == []
    told = [m for m in town.heard(town.person("Lone Ager")) if "blev ikke sendt" in m]
    assert len(told) == 1


@pytest.mark.rule("D6", "R139")
def test_the_open_face_shows_no_case_no_alias_and_no_small_group(town: OfficeTown) -> None:
    items = on_agenda(town, 4)
    as_kind(town, items[0], Kind.FRAME_CHANGE)
    town.jump_to(MONDAY, time(8, 0))
    town.knock()
    post = the_post(town)
    assert "*4 sager*" in post
    assert "nye" not in post and "øvrige" not in post
    assert "*3–6*  kl. 9.10  Sager – vises kun for dem, de vedrører" in post
    assert "*7*  Gængs praksis" in post
    assert "»" not in post
    assert "*0 af 4 er klar.*" in post
    assert "tirsdag 17. november kl. 12.00" in post


@pytest.mark.rule("D6")
@pytest.mark.parametrize("count", [1, 2])
def test_one_or_two_cases_are_few_without_count_span_or_readiness(town: OfficeTown, count: int) -> None:
    on_agenda(town, count)
    town.jump_to(MONDAY, time(8, 0))
    town.knock()
    post = the_post(town)
    assert "*Få sager.*" in post
    assert "klar" not in post
    assert "•*  Gængs praksis" in post and "*4*" not in post and "*5*" not in post


@pytest.mark.rule("D6")
def test_a_channel_with_only_the_committee_gets_the_agenda_item_by_item(town: OfficeTown) -> None:
    (item,) = on_agenda(town)
    town.slack.seen[demo.OPEN_CHANNEL] = CLOSED
    town.jump_to(MONDAY, time(8, 0))
    town.knock()
    post = the_post(town)
    alias = town.office.cases.get(town.asked("Maja Holm"), item.case_id).alias
    assert f"*3*  kl. 9.10  »{alias}«\nSocialområdet fremlægger · ⏳ mangler 11 ting" in post
    assert "Ryddes torsdag 3. december" in post
    assert all(alias not in m["text"] for m in town.slack.messages_at(demo.OPEN_CHANNEL))


@pytest.mark.rule("D6", "D34")
def test_the_face_is_chosen_anew_when_somebody_comes_in(town: OfficeTown) -> None:
    on_agenda(town)
    town.slack.seen[demo.OPEN_CHANNEL] = CLOSED
    town.jump_to(MONDAY, time(8, 0))
    town.knock()
    assert "»" in the_post(town)
    town.slack.seen[demo.OPEN_CHANNEL] = replace(CLOSED, members=(*ROSTER, "U0PETER001"))
    town.office.posts.look_again(demo.OPEN_CHANNEL, town.clock.at)
    town.deliver()
    assert "»" not in the_post(town)


@pytest.mark.rule("D6", "D34")
def test_a_guest_takes_the_post_away_and_the_secretary_is_told_and_can_send_it_again(
    town: OfficeTown,
) -> None:
    on_agenda(town)
    meeting = meeting_of(town)
    town.slack.seen[demo.OPEN_CHANNEL] = CLOSED
    town.jump_to(MONDAY, time(8, 0))
    town.knock()
    town.slack.seen[demo.OPEN_CHANNEL] = WITH_A_GUEST
    town.office.posts.look_again(demo.OPEN_CHANNEL, town.clock.at)
    town.knock()
    town.knock()
    assert town.heard(demo.OPEN_CHANNEL) == []
    lone = town.person("Lone Ager")
    assert sum("Der er en gæst i kanalen" in m for m in town.heard(lone)) == 1
    town.slack.seen[demo.OPEN_CHANNEL] = CLOSED
    town.office.posts.again(town.asked(lone), meeting.id)
    town.knock()
    assert "»" in the_post(town)


@pytest.mark.rule("D6")
def test_no_post_at_all_where_a_guest_is_from_the_start(town: OfficeTown) -> None:
    town.slack.seen[demo.OPEN_CHANNEL] = WITH_A_GUEST
    town.jump_to(MONDAY, time(8, 0))
    town.knock()
    told = {to for to, _ in town.slack.posts}
    assert "U0LONE0001" in told
    assert demo.OPEN_CHANNEL not in told
    assert town.heard(demo.OPEN_CHANNEL) == []


@pytest.mark.rule("D7", "D34")
def test_the_post_follows_the_meeting_changed_locked_held_and_cleared(town: OfficeTown) -> None:
    town.slack.seen[demo.OPEN_CHANNEL] = CLOSED
    on_agenda(town)
    town.jump_to(MONDAY, time(8, 0))
    town.knock()
    assert "Foreløbig · opdateret mandag kl. 8.00" in the_post(town)
    town.jump_to(TUESDAY, time(10, 10))
    on_agenda(town)
    town.knock()
    assert "Opdateret tirsdag kl. 10.10: ét punkt er kommet til" in the_post(town)
    town.jump_to(TUESDAY, time(12, 0))
    town.knock()
    assert "Lukket for ændringer" in the_post(town)
    town.jump_to(THURSDAY, time(11, 1))
    town.knock()
    assert "Mødet er holdt" in the_post(town)
    town.jump_to(date(2026, 12, 3), time(7, 0))
    town.knock()
    assert "Mødet er holdt. Dagsordenen er ryddet." in town.heard(demo.OPEN_CHANNEL)[0]
    assert "»" not in town.heard(demo.OPEN_CHANNEL)[0]


@pytest.mark.rule("A4", "T11")
def test_the_secretary_moves_items_gives_them_minutes_and_takes_them_off(town: OfficeTown) -> None:
    a, b, c = on_agenda(town, 3)
    meeting, agendas = meeting_of(town), town.office.agendas
    agendas.shift(town.asked("Lone Ager"), c.id, by=-1)
    assert ids_on(town, meeting) == [a.id, c.id, b.id]
    agendas.move_to(town.asked("Lone Ager"), b.id, number=3)
    assert ids_on(town, meeting) == [b.id, a.id, c.id]
    agendas.set_minutes(town.asked("Lone Ager"), b.id, minutes=40)
    agendas.take_off(town.asked("Lone Ager"), a.id, reason="time")
    desk = agendas.desk(town.asked("Lone Ager"))
    assert desk.view is not None
    assert [(i.id, i.item.minutes, i.item.starts) for i in desk.view.lines] == [
        (b.id, 40, time(9, 10)),
        (c.id, 25, time(9, 50)),
    ]
    assert [w.id for w in desk.waiting] == [a.id]
    with pytest.raises(NotForYou):
        agendas.shift(town.asked("Maja Holm"), b.id, by=1)


@pytest.mark.rule("A4", "T10")
def test_what_does_not_fit_waits_and_is_refused_with_what_is_left(town: OfficeTown) -> None:
    items = on_agenda(town, 5)  # 4 times 25 minutes fit in what 120 leave
    desk = town.office.agendas.desk(town.asked("Lone Ager"))
    assert desk.view is not None and len(desk.view.lines) == 4
    assert [w.id for w in desk.waiting] == [items[4].id]
    with pytest.raises(MeetingFull) as refused:
        town.office.agendas.add(town.asked("Lone Ager"), items[4].id, meeting_of(town).id)
    assert refused.value.facts == {"minutes": 25, "left": 0}
    town.office.agendas.add(town.asked("Lone Ager"), items[4].id, meeting_of(town, 1).id)
    assert ids_on(town, meeting_of(town, 1)) == [items[4].id]


@pytest.mark.rule("D15", "T10", "T11")
def test_after_the_material_deadline_the_agenda_is_locked(town: OfficeTown) -> None:
    (item,) = on_agenda(town)
    town.jump_to(TUESDAY, time(12, 0))
    with pytest.raises(AgendaLocked) as refused:
        town.office.agendas.take_off(town.asked("Lone Ager"), item.id, reason="time")
    assert set(refused.value.facts) == {"since"}
    late = town.referred(meeting=meeting_of(town).id)
    assert late.meeting_id is None


def urgent(town: OfficeTown, *, refer: bool = True) -> Presentation:
    case = town.registered()
    wish = Wish(criteria=CRITERIA, urgent=True, urgent_reason="housing")
    presentation = town.office.referrals.request(town.asked("Maja Holm"), case.id, wish)
    if refer:
        return town.office.referrals.refer(
            town.asked("Jens Toft"), presentation.id, collector=None, meeting_id=None
        )
    return presentation


@pytest.mark.rule("D32")
def test_the_chair_lets_an_urgent_item_in_after_the_lock(town: OfficeTown) -> None:
    town.slack.seen[demo.OPEN_CHANNEL] = CLOSED
    town.jump_to(TUESDAY, time(13, 20))
    town.knock()
    item = urgent(town)
    town.deliver()
    assert "Ekstra punkt torsdag" in town.heard(town.person("Henrik Dahl"))[-1]
    town.office.urgent.extra_item(town.asked("Henrik Dahl"), item.id)
    town.knock()
    assert "sent tilføjet kl. 13.20" in the_post(town)
    assert (
        "ekstra punkt torsdag 19. november. Valgt af Henrik Dahl"
        in town.heard(town.person("Grethe Munk"))[-1]
    )
    town.jump(minutes=11)
    town.knock()
    assert "Du fremlægger torsdag kl. 9.10" in town.heard(town.person("Maja Holm"))[-1]


@pytest.mark.rule("D32", "D35")
def test_the_choice_can_be_undone_before_the_presenter_is_told(town: OfficeTown) -> None:
    town.jump_to(TUESDAY, time(13, 20))
    item = urgent(town)
    town.office.urgent.extra_item(town.asked("Henrik Dahl"), item.id)
    town.office.urgent.undo(town.asked("Henrik Dahl"), item.id)
    assert ids_on(town, meeting_of(town)) == []
    town.jump(minutes=11)
    town.knock()
    assert not any("Du fremlægger" in m for m in town.heard(town.person("Maja Holm")))


@pytest.mark.rule("D32")
def test_an_extra_item_still_with_its_leader_comes_on_when_it_is_referred(town: OfficeTown) -> None:
    town.jump_to(TUESDAY, time(13, 20))
    item = urgent(town, refer=False)
    town.office.urgent.extra_item(town.asked("Henrik Dahl"), item.id)
    town.office.referrals.refer(town.asked("Jens Toft"), item.id, collector=None, meeting_id=None)
    assert ids_on(town, meeting_of(town)) == [item.id]


@pytest.mark.rule("D32")
def test_it_can_wait_is_told_with_the_sentence_about_the_areas_own_duty(town: OfficeTown) -> None:
    item = urgent(town)
    town.office.urgent.can_wait(town.asked("Henrik Dahl"), item.id, reason="meeting_soon")
    town.jump(minutes=11)
    town.knock()
    assert "Akut hjælp venter ikke på udvalget." in town.heard(town.person("Maja Holm"))[-1]


@pytest.mark.rule("D32")
def test_an_extraordinary_meeting_has_its_own_agenda_and_its_own_post(town: OfficeTown) -> None:
    item = urgent(town)
    town.office.urgent.extra_meeting(town.asked("Henrik Dahl"), item.id, day=TUESDAY, starts=time(8, 15))
    assert ids_on(town, meeting_of(town)) == [item.id]
    town.jump(minutes=11)
    town.knock()
    post = next(m for m in town.heard(demo.OPEN_CHANNEL) if "Ekstraordinært" in m)
    assert "Ekstraordinært møde tirsdag 17. november kl. 8.15" in post
    assert "*Få sager.*" in post


# --- each their own truth ---


@pytest.mark.rule("D6", "D11", "R007")
def test_each_is_shown_their_own_agenda(town: OfficeTown) -> None:
    (item,) = on_agenda(town)
    alias = town.office.cases.get(town.asked("Maja Holm"), item.case_id).alias

    def seen_by(name: str) -> str:
        return readable(views.mine(town.office.agendas.mine(town.asked(name), None), texts("da")))

    assert f"Du fremlægger kl. 9.10 med »{alias}«. Kom 5 minutter før." in seen_by("Maja Holm")
    assert alias in seen_by("Sofie Bech") and "Bekræft kompetence" in seen_by("Sofie Bech")
    assert alias in seen_by("Jens Toft")
    for name in ("Peter Krogh", "Bo Winther", "Ole Skov"):
        assert "Du har ingen punkter på dette møde." in seen_by(name)
        assert alias not in seen_by(name)


def test_opening_an_item_is_a_look_and_refused_to_whom_it_does_not_concern(town: OfficeTown) -> None:
    (item,) = on_agenda(town)
    town.office.agendas.open_item(town.asked("Sofie Bech"), item.id)
    with town.work() as work:
        looks = work.journal.of_case(item.case_id, looks=True)
    assert any(e.act == "agenda_item_opened" and e.by == "U0SOFIE001" and e.look for e in looks)
    with pytest.raises(CaseNotFound):
        town.office.agendas.open_item(town.asked("Peter Krogh"), item.id)


@pytest.mark.rule("R013")
def test_a_member_confirms_the_mandate_for_all_items_at_once(town: OfficeTown) -> None:
    on_agenda(town, 3)
    town.slack.seen[demo.OPEN_CHANNEL] = CLOSED
    town.jump_to(MONDAY, time(8, 0))
    town.knock()
    assert "*0 af 6 medlemmer* har svaret" in the_post(town)
    assert town.office.agendas.confirm_all(town.asked("Sofie Bech"), meeting_of(town).id) == 3
    town.knock()
    assert "*1 af 6 medlemmer* har svaret" in the_post(town)
    with pytest.raises(NotAMember):
        town.office.agendas.confirm_all(town.asked("Maja Holm"), meeting_of(town).id)


@pytest.mark.rule("D34")
def test_a_declared_conflict_hides_the_line_from_the_channel_and_from_the_member(town: OfficeTown) -> None:
    (item,) = on_agenda(town)
    town.slack.seen[demo.OPEN_CHANNEL] = CLOSED
    town.jump_to(MONDAY, time(8, 0))
    town.knock()
    town.office.agendas.declare_conflict(town.asked("Tine Lauridsen"), item.id)
    town.deliver()
    assert "*3*  kl. 9.10  Vises kun for deltagerne" in the_post(town)
    assert "»" not in the_post(town)
    with pytest.raises(Disqualified):
        town.office.agendas.open_item(town.asked("Tine Lauridsen"), item.id)
    town.office.agendas.undo_conflict(town.asked("Tine Lauridsen"), item.id)
    town.deliver()
    assert "»" in the_post(town)


@pytest.mark.rule("D31")
def test_regrets_ask_the_alternate_and_tell_the_secretary_once(town: OfficeTown) -> None:
    on_agenda(town)
    meeting = meeting_of(town)
    for _ in range(2):
        town.office.agendas.send_regrets(town.asked("Sofie Bech"), meeting.id)
    town.deliver()
    lone, yusuf = town.person("Lone Ager"), town.person("Yusuf Kaya")
    assert sum("Sofie Bech har meldt afbud" in m for m in town.heard(lone)) == 1
    assert "Kan du stille op torsdag 19. november kl. 9.00?" in town.heard(yusuf)[-1]
    town.office.agendas.stand_in(town.asked(yusuf), meeting.id, "U0SOFIE001", yes=True)
    town.deliver()
    assert "Yusuf Kaya stiller op i stedet." in town.heard(lone)[-1]
    town.office.agendas.undo_regrets(town.asked("Sofie Bech"), meeting.id)
    town.deliver()
    assert "deltager alligevel" in town.heard(lone)[-1]


@pytest.mark.rule("D10")
def test_a_presenter_hears_the_time_the_working_day_before_once(town: OfficeTown) -> None:
    on_agenda(town)
    town.jump_to(date(2026, 11, 18), time(7, 59))
    town.knock()
    maja = town.person("Maja Holm")
    assert not any("Du fremlægger" in m for m in town.heard(maja))
    town.jump(minutes=1)
    for _ in range(3):
        town.knock()
    assert sum("Du fremlægger torsdag kl. 9.10" in m for m in town.heard(maja)) == 1


# --- what people read ---


def desk_of(town: OfficeTown, language: str = "da") -> str:
    page = Page(Surface.HOME)
    desk_views.desk(
        page,
        texts(language),
        town.house.rules.on(town.today),
        town.office.agendas.desk(town.asked("Lone Ager")),
    )
    return readable(page.home()["blocks"])


@pytest.mark.rule("A12")
def test_the_desk_shows_each_item_with_its_menu_and_what_waits(town: OfficeTown) -> None:
    (item,) = on_agenda(town)
    waits = town.referred()
    alias = {p.id: town.office.cases.get(town.asked("Maja Holm"), p.case_id).alias for p in (item, waits)}
    shown = desk_of(town)
    assert "*Uge 47 · torsdag 19. november kl. 9.00* · foreløbig" in shown
    assert f"3 · kl. 9.10 · »{alias[item.id]}« ny sag · 25 min. · ⏳ mangler 11 ting" in shown
    assert "Flyt op\nFlyt ned\nFlyt til…\nSkift tid\nTag af" in shown
    assert f"Slut kl. 11.00 · 75 min. tilovers · 1 sag venter: »{alias[waits.id]}«" in shown
    assert "Start mødet\nVis opslaget\nAflys\nFlyt\nEkstra møde" in shown
    assert "Move up" in desk_of(town, "en")


@pytest.mark.rule("D18")
def test_a_member_prepares_from_thursday_of_the_week_before(town: OfficeTown) -> None:
    on_agenda(town, which=1)
    town.jump_to(THURSDAY, time(11, 30))
    sofie = town.person("Sofie Bech")
    home = readable(town.house.draw_home(sofie, town.clock.at, texts("da")))
    assert "din forberedelse" in home and "Jeg har kompetence" in home
    assert "your preparation" in readable(town.house.draw_home(sofie, town.clock.at, texts("en")))


@pytest.mark.rule("A4", "D6")
def test_the_preview_shows_exactly_what_the_channel_gets_and_why(town: OfficeTown) -> None:
    on_agenda(town)
    lone = town.person("Lone Ager")

    def preview() -> str:
        found = town.office.posts.preview(town.asked(lone), meeting_of(town).id)
        rules = town.house.rules.on(town.today)
        return readable(desk_views.preview(found, texts("da"), rules, meeting=meeting_of(town).id))

    town.slack.seen[demo.OPEN_CHANNEL] = replace(
        CLOSED, members=(*ROSTER, "U0MAJA0001", "U0PETER001", "U0JENS0001")
    )
    assert "Kanalen har 3 personer uden for udvalget, så opslaget bliver uden kaldenavne." in preview()
    town.slack.seen[demo.OPEN_CHANNEL] = CLOSED
    assert "Kanalen er kun for udvalget" in preview() and "»" in preview()
    town.slack.seen[demo.OPEN_CHANNEL] = WITH_A_GUEST
    assert "Fjern gæsten" in preview() and "»" not in preview()


def words_in(message: dict[str, Any]) -> int:
    return sum(any(c.isalnum() for c in w) for w in readable(message["blocks"]).split())


@pytest.mark.rule("A11")
@pytest.mark.parametrize("language", ["da", "en"])
def test_the_faces_keep_to_their_measure(town: OfficeTown, language: str) -> None:
    kinds = [Kind.FRAME_CHANGE, Kind.DOUBT, Kind.CASEWORKER_CHANGE, *[Kind.FOLLOW_UP] * 3, Kind.CLOSURE]
    waiting = [town.referred() for _ in kinds]
    for presentation, kind in zip(waiting, kinds, strict=True):
        as_kind(town, presentation, kind)
        town.office.agendas.add(town.asked("Lone Ager"), presentation.id, meeting_of(town).id)
    rules = town.house.rules.on(town.today)
    found = town.office.posts.preview(town.asked("Lone Ager"), meeting_of(town).id).post
    open_face = views.post(replace(found, face=Face.OPEN), texts(language), rules)
    closed_face = views.post(replace(found, face=Face.CLOSED), texts(language), rules)
    assert words_in(open_face) <= 100 and len(open_face["blocks"]) <= 6
    assert words_in(closed_face) <= 180


def test_one_broken_meeting_keeps_no_other_from_its_post(town: OfficeTown) -> None:
    """The first meeting's item points to a case that is not there; the extra one a day later is as it should be."""
    (item,) = on_agenda(town)
    broken, other = town.next_meetings(2)
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.meetings.save(replace(other, day=TUESDAY, starts=time(12, 0)))
    with town.house.storage.database.writing.begin() as connection:
        connection.execute(text("UPDATE presentations SET more = '[1]' WHERE id = :id"), {"id": item.id})
    town.jump_to(MONDAY, time(13, 0))
    with pytest.raises(Exception) as raised:
        town.office.posts.post_due(town.clock.at)
    assert isinstance(raised.value, UNFIT)
    town.deliver()
    with town.work() as work:
        assert work.meetings.get(other.id).posted_at is not None
        assert work.meetings.get(broken.id).posted_at is None

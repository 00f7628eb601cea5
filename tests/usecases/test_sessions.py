"""The live meeting: confirm what was proposed, item by item; nothing is lost, nobody overwrites another (A7, D30)."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest

from bot.domain.committee import Conflict, Regret
from bot.domain.decision import (
    ContactMissing,
    DecisionGaps,
    DecisionMissing,
    ParticipationMissing,
    PointsMissing,
    PurposesMissing,
    ReasonMissing,
    Recording,
)
from bot.domain.errors import Refusal
from bot.domain.follow_up import FollowUpTooEarly
from bot.domain.frame import FrameOutsideRange
from bot.domain.meeting import ItemsUndecided, MeetingNotYet, MeetingOver, MeetingState, RecorderDisqualified
from bot.domain.money import Kroner
from bot.domain.people import NotForYou
from bot.domain.presentation import Kind, Recommendation, State
from bot.texts import texts
from bot.usecases.session_facts import ItemView, Overview
from bot.views import minutes as minutes_views
from bot.views import session as views
from handlers.refusals import words
from tests.support.office import OfficeTown, readable
from tests.support.session import AS_RECOMMENDED, MEMBERS, begun, kept, next_meeting, put, ready, saved


def shown(town: OfficeTown, view: ItemView, language: str = "da") -> str:
    rules = town.house.rules.on(view.meeting.day)
    return readable(views.item_form(texts(language), rules, view, meta="{}", fresh="1"))


def fields(town: OfficeTown, view: ItemView) -> list[str]:
    rules = town.house.rules.on(view.meeting.day)
    form = views.item_form(texts("da"), rules, view, meta="{}", fresh="1")
    return [b["block_id"].split("~")[0] for b in form["blocks"] if b["type"] == "input"]


@pytest.mark.rule("D30")
def test_a_meeting_starts_on_its_day_by_secretary_or_chair_with_regrets_known(town: OfficeTown) -> None:
    meeting = next_meeting(town)
    ready(town, meeting)
    with pytest.raises(MeetingNotYet):
        town.office.sessions.beginning(town.asked("Lone Ager"), meeting.id)
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.meetings.put_regret(Regret(meeting.id, "U0TINE0001", town.clock.at))
    town.jump_to(meeting.day, time(8, 55))
    with pytest.raises(NotForYou):
        town.office.sessions.beginning(town.asked("Maja Holm"), meeting.id)
    view = town.office.sessions.beginning(town.asked("Lone Ager"), meeting.id)
    assert set(view.here) == set(MEMBERS) - {"U0TINE0001"}
    for language in ("da", "en"):
        assert readable(views.start_form(texts(language), view, meta="{}"))
    first = town.office.sessions.start(town.asked("Lone Ager"), meeting.id, attending=view.here)
    assert isinstance(first, ItemView)
    assert (first.item.number, first.last_number, first.meeting.state) == (3, 5, MeetingState.IN_SESSION)
    again = town.office.sessions.beginning(town.asked("Lone Ager"), meeting.id)  # somebody has come later
    titles = [views.start_form(texts("da"), one, meta="{}")["title"]["text"] for one in (view, again)]
    assert titles == ["Start mødet", "Fortsæt mødet"]


@pytest.mark.rule("D30", "D16")
def test_an_item_shows_its_recommendation_and_asks_three_things(town: OfficeTown) -> None:
    meeting = next_meeting(town)
    ready(town, meeting)
    page = begun(town, meeting)
    assert isinstance(page, ItemView)
    words = shown(town, page)
    assert "1  Ungeplanen besluttes (mål: uddannelse og afklaring af forsørgelse)" in words
    assert "3  Fast sagsbehandler: Maja Holm – har sagt ja" in words
    assert "4  Ramme 40.000,00 kr. til mentorstøtte og befordring. Betaler: Socialområdet" in words
    assert "5  Opfølgning torsdag 11. februar (uge 6)" in words
    assert "kl. 9.10–9.35 · nu 9.00" in words
    assert fields(town, page) == ["choice", "participation", "also"]
    assert page.decision.participation == "heard_in_conversation"
    assert "recommends" in shown(town, page, "en")


@pytest.mark.rule("D30")
def test_ten_items_with_two_changed_and_one_postponed(town: OfficeTown) -> None:
    meeting = next_meeting(town)
    for _ in range(10):
        ready(town, meeting)
    page = begun(town, meeting)
    changed = Recording(
        choice="changed",
        participation="took_part",
        points=("frame",),
        amount=Kroner.of(30_000),
        purposes=("transport",),
    )
    later = town.next_meetings(3)[-1]
    postponed = Recording(choice="postponed", reason="time", to_meeting=later.id)
    for recording in (
        AS_RECOMMENDED,
        changed,
        *[AS_RECOMMENDED] * 3,
        changed,
        postponed,
        *[AS_RECOMMENDED] * 3,
    ):
        page = saved(town, page, recording)
    assert isinstance(page, Overview)
    choices = [line.decision.choice for line in page.lines if line.decision]
    assert (choices.count("as_recommended"), choices.count("changed"), choices.count("postponed")) == (
        7,
        2,
        1,
    )
    assert page.undecided == ()
    assert "Referatet sendes til" in readable(views.overview(texts("da"), page, meta="{}"))


@pytest.mark.rule("D30", "D37")
def test_esc_at_every_step_loses_nothing(town: OfficeTown) -> None:
    meeting = next_meeting(town)
    ready(town, meeting)
    page = begun(town, meeting)
    steps: list[dict[str, Any]] = [
        {"choice": "changed"},
        {"participation": "took_part"},
        {"points": ("frame", "follow_up")},
        {"purposes": ("transport",)},
        {"frame_reason": "other"},
        {"amount": Kroner.of(20_000)},
        {"also": ("reservation",)},
        {"reservations": ("U0SOFIE001",)},
    ]
    so_far: dict[str, Any] = {}
    for step in steps:
        so_far |= step
        kept(town, page, Recording(**so_far))
        page = town.office.sessions.resume(town.asked("Lone Ager"), meeting.id)  # Esc, and again
        assert isinstance(page, ItemView)
    d = page.decision
    assert d.final and d.final.frame
    assert (d.choice, d.participation, d.changed_points) == ("changed", "took_part", ("frame", "follow_up"))
    assert d.final.frame.amount == Kroner.of(20_000)
    assert (d.final.frame.purposes, d.final.frame.outside_reason) == (("transport",), "other")
    assert (d.also, d.reservations, d.complete) == (("reservation",), ("U0SOFIE001",), False)
    assert "Ramme og formål" in shown(town, page)


@pytest.mark.rule("A7")
def test_two_at_once_the_later_one_sees_what_stands(town: OfficeTown) -> None:
    meeting = next_meeting(town)
    ready(town, meeting)
    lones = begun(town, meeting)
    henriks = town.office.sessions.resume(town.asked("Henrik Dahl"), meeting.id)
    town.jump(minutes=31)
    postponed = Recording(choice="postponed", reason="time", to_meeting=town.next_meetings(2)[1].id)
    saved(town, henriks, postponed, by="Henrik Dahl")
    page = saved(town, lones)
    assert isinstance(page, ItemView)
    assert page.overtaken
    assert page.overtaken.by == "Henrik Dahl"
    assert page.decision.choice == "postponed"
    assert "Punktet blev ændret af Henrik Dahl kl. 9.31." in shown(town, page)
    again = saved(town, page)  # seen, and decided anew
    assert isinstance(again, Overview)
    assert again.lines[0].decision
    assert again.lines[0].decision.choice == "as_recommended"


@pytest.mark.rule("A7")
def test_my_own_quick_presses_are_not_somebody_else(town: OfficeTown) -> None:
    meeting = next_meeting(town)
    ready(town, meeting)
    page = begun(town, meeting)
    kept(town, page, Recording(choice="as_recommended"))
    second = kept(town, page, AS_RECOMMENDED)  # pressed before the form was drawn anew
    assert second.overtaken is None
    assert second.decision.participation == "took_part"


@pytest.mark.rule("D18", "R021")
def test_an_item_that_is_not_ready_is_discussed_or_postponed(town: OfficeTown) -> None:
    meeting = next_meeting(town)
    town.referred("Maja Holm", meeting=meeting.id)
    page = begun(town, meeting)
    assert isinstance(page, ItemView)
    assert (page.choices, page.discussion) == (("discussed", "postponed"), True)
    assert "Til drøftelse" in shown(town, page)
    assert isinstance(saved(town, page, Recording(choice="discussed")), Overview)


@pytest.mark.rule("R047", "R061", "T12", "T15", "T16", "R045")
@pytest.mark.parametrize(
    ("recording", "refusal", "field"),
    [
        (Recording(), DecisionMissing, "choice"),
        (Recording(choice="as_recommended"), ParticipationMissing, "participation"),
        (Recording(choice="changed", participation="took_part"), PointsMissing, "points"),
        (Recording(choice="changed", participation="took_part", points=("plan",)), DecisionGaps, "choice"),
        (
            Recording(
                choice="changed", participation="took_part", points=("frame",), amount=Kroner.of(30_000)
            ),
            PurposesMissing,
            "purposes",
        ),
        (
            Recording(
                choice="changed",
                participation="took_part",
                points=("frame",),
                amount=Kroner.of(60_000),
                purposes=("transport",),
            ),
            FrameOutsideRange,
            "frame_reason",
        ),
        (Recording(choice="postponed"), ReasonMissing, "reason"),
        (Recording(choice="out_of_scope", reason="not_complex"), ContactMissing, "contact"),
    ],
)
def test_what_is_missing_is_refused_on_its_field(
    town: OfficeTown, recording: Recording, refusal: type[Refusal], field: str
) -> None:
    meeting = next_meeting(town)
    put(town, replace(ready(town, meeting), ticks={}))
    page = begun(town, meeting)
    with pytest.raises(refusal) as refused:
        saved(town, page, recording)
    assert refused.value.field == field
    for language in ("da", "en"):
        said = texts(language).say("refusal", refusal.text_key(), **refused.value.facts)
        assert len(said.split()) <= 25


@pytest.mark.rule("A7")
def test_closing_never_implies_a_decision(town: OfficeTown) -> None:
    meeting = next_meeting(town)
    for _ in range(2):
        ready(town, meeting)
    page = begun(town, meeting)
    assert isinstance(page, ItemView)
    second = page.jumps[1].presentation_id
    page = town.office.sessions.open_item(town.asked("Lone Ager"), meeting.id, second)
    page = saved(town, page)
    assert isinstance(page, ItemView)
    assert page.item.number == 3  # the one that was jumped over
    overview = town.office.sessions.overview(town.asked("Lone Ager"), meeting.id)
    assert overview.undecided == (3,)
    words = readable(views.overview(texts("da"), overview, meta="{}"))
    assert "Punkt 3 mangler en beslutning. Vælg én, eller udsæt punktet." in words
    with pytest.raises(ItemsUndecided):
        town.office.sessions.close(town.asked("Lone Ager"), meeting.id)
    saved(town, page)
    town.office.sessions.close(town.asked("Lone Ager"), meeting.id)
    with pytest.raises(MeetingOver):
        town.office.sessions.resume(town.asked("Lone Ager"), meeting.id)


@pytest.mark.rule("A7")
def test_looking_back_at_a_decided_item_leaves_it_decided(town: OfficeTown) -> None:
    meeting = next_meeting(town)
    for _ in range(2):
        ready(town, meeting)
    page = begun(town, meeting)
    assert isinstance(page, ItemView)
    first = page.presentation.id
    second = saved(town, page)
    assert isinstance(second, ItemView)
    back = town.office.sessions.open_item(town.asked("Lone Ager"), meeting.id, first)
    assert isinstance(back, ItemView)
    town.office.sessions.go_to(
        town.asked("Lone Ager"),
        meeting.id,
        first,
        AS_RECOMMENDED,
        seen=back.decision.revision,
        to=second.presentation.id,
    )
    assert town.office.sessions.overview(town.asked("Lone Ager"), meeting.id).undecided == (4,)


@pytest.mark.rule("A7")
def test_the_time_over_is_told(town: OfficeTown) -> None:
    meeting = next_meeting(town)
    for _ in range(3):
        ready(town, meeting)
    begun(town, meeting)
    town.jump(minutes=47)
    page = town.office.sessions.resume(town.asked("Lone Ager"), meeting.id)
    assert isinstance(page, ItemView)
    assert (page.late_minutes, page.out_of_reach) == (12, 1)
    assert "12 min. over. 1 punkt når ikke med." in shown(town, page)


@pytest.mark.rule("D30")
def test_no_more_than_six_fields_stand_at_once(town: OfficeTown) -> None:
    meeting = next_meeting(town)
    for _ in range(2):
        ready(town, meeting)
    page = begun(town, meeting)
    for recording in (
        Recording(choice="as_recommended"),
        Recording(choice="changed", points=("frame",)),
        Recording(choice="changed", points=("caseworker", "follow_up")),
        Recording(choice="postponed"),
        Recording(choice="out_of_scope"),
    ):
        page = kept(town, page, recording)
        assert len(fields(town, page)) <= 6, fields(town, page)
        assert shown(town, page, "en")


@pytest.mark.rule("T23")
def test_a_follow_up_never_offers_out_of_scope(town: OfficeTown) -> None:
    meeting = next_meeting(town)
    there = ready(town, meeting, outcome="unchanged", progress={"education": "on_track"})
    put(town, replace(there, kind=Kind.FOLLOW_UP, state=State.READY))
    page = begun(town, meeting)
    assert isinstance(page, ItemView)
    assert page.choices == ("as_recommended", "changed", "postponed")
    words = shown(town, page)
    assert "Det går sådan: Uddannelse: På vej" in words
    assert "Indstilles: Uændret" in words
    assert timedelta(minutes=page.item.minutes) == timedelta(minutes=15)


def declared(town: OfficeTown, who: str, presentation: str) -> None:
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.presentations.put_conflict(Conflict(presentation, who, town.clock.at))


def test_who_is_disqualified_is_named_and_filled_in_also_who_is_not_here(town: OfficeTown) -> None:
    meeting = next_meeting(town)
    item = ready(town, meeting)
    declared(town, "U0YUSUF001", item.id)
    page = begun(town, meeting)
    assert isinstance(page, ItemView)
    assert page.decision.conflicted == ("U0YUSUF001",)
    assert "Inhabil: Yusuf Kaya." in shown(town, page)
    assert "Conflict of interest: Yusuf Kaya." in shown(town, page, "en")
    assert fields(town, page) == ["choice", "participation", "also", "conflicted"]


def test_a_disqualified_chair_leaves_the_item_to_somebody_who_can(town: OfficeTown) -> None:
    meeting = next_meeting(town)
    items = [ready(town, meeting), ready(town, meeting)]
    declared(town, "U0HENRIK01", items[0].id)
    page = begun(town, meeting, by="Henrik Dahl")
    assert isinstance(page, ItemView)
    assert page.presentation.id == items[1].id
    assert page.jumps == (page.jumps[0],)
    with pytest.raises(RecorderDisqualified) as said:
        town.office.sessions.open_item(town.asked("Henrik Dahl"), meeting.id, items[0].id)
    assert str(words(said.value, texts("da"))) == (
        "Du er inhabil på punktet. Bed Lone Ager om at skrive beslutningen."
    )
    theirs = town.office.sessions.open_item(town.asked("Lone Ager"), meeting.id, items[0].id)
    with pytest.raises(RecorderDisqualified):
        saved(town, theirs, by="Henrik Dahl")
    assert saved(town, page, by="Henrik Dahl") == town.office.sessions.overview(
        town.asked("Henrik Dahl"), meeting.id
    )
    assert isinstance(saved(town, theirs), Overview)


def test_where_everybody_who_records_is_disqualified_somebody_does_it_all_the_same(town: OfficeTown) -> None:
    meeting = next_meeting(town)
    item = ready(town, meeting)
    for who in ("U0LONE0001", "U0HENRIK01", "U0GRETHE01"):
        declared(town, who, item.id)
    assert isinstance(saved(town, begun(town, meeting)), Overview)


@pytest.mark.rule("A7")
def test_what_will_not_be_reached_is_put_off_in_one_press_and_that_undone(town: OfficeTown) -> None:
    """Only in draft, only what nobody has begun, never the item that is being talked about."""
    meeting, later = town.next_meetings(2)
    for _ in range(4):
        ready(town, meeting)
    first = begun(town, meeting)
    assert isinstance(first, ItemView)
    last = first.jumps[-1].presentation_id
    town.jump(minutes=80)
    lone, sessions = town.asked("Lone Ager"), town.office.sessions
    before = sessions.resume(lone, meeting.id)
    assert isinstance(before, ItemView)
    assert (before.out_of_reach, before.may_put_off, before.put_off) == (3, True, ())

    def pressed(press: Any, *, on: ItemView = before, recording: Recording = AS_RECOMMENDED) -> ItemView:
        view = press(lone, meeting.id, on.presentation.id, recording, seen=on.decision.revision)
        assert isinstance(view, ItemView)
        return view

    after = pressed(sessions.put_off)
    assert (after.decision.choice, after.put_off, after.out_of_reach) == (
        "as_recommended",
        (later.day,) * 3,
        0,
    )
    assert "3 punkter foreslås udsat til torsdag 26. november." in shown(town, after)
    assert "3 items proposed for" in shown(town, after, "en")
    assert sessions.overview(lone, meeting.id).undecided == (3, 4, 5, 6)

    back = pressed(sessions.undo_put_off, on=after)
    assert (back.decision.choice, back.put_off, back.out_of_reach) == ("as_recommended", (), 3)

    again = pressed(sessions.put_off, on=back)
    proposed = sessions.open_item(lone, meeting.id, last)
    assert isinstance(proposed, ItemView)
    assert (proposed.decision.choice, proposed.decision.reason) == ("postponed", "time")
    saved(town, proposed, Recording(choice="postponed", reason="time", to_meeting=later.id))
    kept_one = pressed(sessions.undo_put_off, on=again)
    assert kept_one.put_off == ()
    assert [j.done for j in kept_one.jumps] == [False, False, False, True], "what is saved stays put off"


@pytest.mark.rule("A7")
def test_undone_on_an_item_that_was_proposed_it_is_undecided_again(town: OfficeTown) -> None:
    meeting = next_meeting(town)
    for _ in range(4):
        ready(town, meeting)
    page = begun(town, meeting)
    assert isinstance(page, ItemView)
    last = page.jumps[-1].presentation_id
    town.jump(minutes=80)
    lone, sessions = town.asked("Lone Ager"), town.office.sessions
    sessions.put_off(lone, meeting.id, page.presentation.id, AS_RECOMMENDED, seen=0)
    there = sessions.open_item(lone, meeting.id, last)
    assert isinstance(there, ItemView)
    as_shown = Recording(choice="postponed", reason="time")
    back = sessions.undo_put_off(lone, meeting.id, last, as_shown, seen=there.decision.revision)
    assert (back.decision.choice, back.put_off) == ("", ())


@pytest.mark.rule("R143", "R130")
def test_another_bodys_recommendation_is_adopted_as_the_decision_and_stands_in_the_minutes(
    town: OfficeTown,
) -> None:
    meeting = next_meeting(town)
    item = ready(town, meeting)
    page = begun(town, meeting)
    adopted = replace(AS_RECOMMENDED, also=("adopted",), adopted_from="three_way")
    with pytest.raises(ReasonMissing) as said:
        saved(town, page, replace(adopted, adopted_from=None))
    assert said.value.field == "adopted_from"
    page = kept(town, page, replace(adopted, adopted_from=None))
    assert fields(town, page) == ["choice", "participation", "also", "adopted_from"]
    saved(town, page, adopted)
    town.office.sessions.close(town.asked("Lone Ager"), meeting.id)
    town.office.minutes.approve(town.asked("Henrik Dahl"), meeting.id)
    found = town.office.minutes.of_case(town.asked("Maja Holm"), meeting.id, item.id)
    rules = town.house.rules.on(meeting.day)
    for language, words_ in (
        ("da", "Indstillingen fra trekantmødet er godkendt."),
        ("en", "The recommendation of the three-way meeting is approved."),
    ):
        assert words_ in readable(minutes_views.case_page(texts(language), texts(language), rules, found))


@pytest.mark.rule("D26", "R064")
def test_a_follow_up_on_the_day_of_the_meeting_itself_is_not_decided(town: OfficeTown) -> None:
    meeting = next_meeting(town)
    ready(town, meeting, follow_up_on=meeting.day)
    page = begun(town, meeting)
    with pytest.raises(FollowUpTooEarly) as refused:
        saved(town, page)
    assert (refused.value.field, refused.value.facts) == ("choice", {"day": meeting.day})
    assert isinstance(page, ItemView)
    later = Recording(
        choice="changed",
        points=("follow_up",),
        follow_up_on=page.follow_ups[0],
        participation="took_part",
    )
    assert isinstance(saved(town, page, later), Overview)


@pytest.mark.rule("R107", "D18")
def test_where_nobody_recommends_anything_the_item_says_what_was_asked(town: OfficeTown) -> None:
    meeting = next_meeting(town)
    item = ready(town, meeting)
    put(town, replace(item, kind=Kind.ADVISORY, questions=("what_help",), recommendation=Recommendation()))
    page = begun(town, meeting)
    assert isinstance(page, ItemView)
    assert "Hvilken hjælp kan I give?" in shown(town, page)
    assert "Området har ikke lagt en ind" not in shown(town, page)

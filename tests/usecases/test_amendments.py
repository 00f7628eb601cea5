"""Approved minutes: corrected only in a new, dated version, and only where nothing has been carried out (A7, D19)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.amendment import Amendment, NothingAmended, VersionGone
from bot.domain.case import CaseNotFound
from bot.domain.decision import ParticipationMissing, ParticipationReasonMissing
from bot.domain.meeting import MeetingOver
from bot.domain.people import NotForYou
from bot.texts import texts
from bot.usecases.minutes import CaseMinutes
from bot.views import amendment as views
from bot.views import minutes as minutes_views
from tests.support.office import OfficeTown, readable
from tests.support.session import AS_RECOMMENDED, MEMBERS, approved, begun, next_meeting, ready, saved

HERE = Amendment(participation="took_part", attending=MEMBERS)
ALI = "U0ALI00001"


def held(town: OfficeTown) -> tuple[Any, Any]:
    meeting = next_meeting(town)
    item = ready(town, meeting)
    approved(town, meeting)
    town.deliver()
    return meeting, item


def page(town: OfficeTown, found: CaseMinutes, language: str = "da") -> str:
    rules = town.house.rules.on(found.meeting.day)
    return readable(minutes_views.case_page(texts(language), texts(language), rules, found))


@pytest.mark.rule("A7", "R047", "R132", "D21")
def test_a_correction_is_a_new_version_told_to_the_caseworker_and_the_approved_one_is_kept(
    town: OfficeTown,
) -> None:
    meeting, item = held(town)
    lone, desk = town.asked("Lone Ager"), town.office.amendments
    change = replace(HERE, participation="declined", reservations=(ALI,), attending=MEMBERS[:-1])
    with town.work() as work:
        frame = work.frames.open_of(item.case_id)
    town.jump(hours=20)
    desk.amend(town.asked("Lone Ager"), meeting.id, item.id, change, seen=1)

    now = town.office.minutes.of_case(lone, meeting.id, item.id)
    assert (now.version, now.superseded, now.decision.participation) == (2, False, "declined")
    assert (now.decision.reservations, "U0NANNA001" in now.absent) == ((ALI,), True)
    shown = page(town, now)
    for said in (
        "Version 2, rettet den 20-11-2026 af Sekretær",
        "Vis journalnotat",
        "Ret",
        "Vis version 1",
    ):
        assert said in shown
    then = town.office.minutes.of_case(lone, meeting.id, item.id, version=1)
    assert (then.version, then.superseded, then.decision.participation) == (1, True, "took_part")
    assert (then.decision.reservations, then.absent) == ((), ())
    assert "Version 1 er erstattet af version 2." in page(town, then)
    assert "superseded by version 2" in page(town, then, "en")
    assert "Vis journalnotat" not in page(town, then), "what is superseded is not journaled"

    with town.work() as work:
        assert work.frames.open_of(item.case_id) == frame, "nothing that was carried out moves"
        assert work.presentations.get(item.id).decision == now.decision
    town.deliver()
    heard = town.heard(town.person("Maja Holm"))[-1]
    assert "er rettet. Det er nu version 2." in heard


@pytest.mark.rule("A7", "D19", "R047")
def test_who_may_correct_and_what_is_refused(town: OfficeTown) -> None:
    meeting = next_meeting(town)
    item = ready(town, meeting)
    desk, lone = town.office.amendments, town.asked("Lone Ager")
    begun(town, meeting)
    with pytest.raises(MeetingOver):  # before the approval *Ret* opens the item itself
        desk.form(town.asked("Lone Ager"), meeting.id, item.id)
    saved(town, town.office.sessions.resume(town.asked("Lone Ager"), meeting.id), AS_RECOMMENDED)
    town.office.sessions.close(town.asked("Lone Ager"), meeting.id)
    town.office.minutes.approve(town.asked("Henrik Dahl"), meeting.id)
    for somebody in ("Maja Holm", "Jens Toft", "Ali Demir"):
        with pytest.raises((NotForYou, CaseNotFound)):
            desk.form(town.asked(somebody), meeting.id, item.id)
        assert not town.office.minutes.of_case(town.asked("Maja Holm"), meeting.id, item.id).may_amend
    for change, refusal in (
        (HERE, NothingAmended),
        (replace(HERE, participation=None), ParticipationMissing),
        (replace(HERE, participation="other"), ParticipationReasonMissing),
    ):
        with pytest.raises(refusal):
            desk.amend(lone, meeting.id, item.id, change, seen=1)
    desk.amend(town.asked("Lone Ager"), meeting.id, item.id, replace(HERE, reservations=(ALI,)), seen=1)
    with pytest.raises(VersionGone):  # Henrik's form was opened before Lone's correction
        desk.amend(town.asked("Henrik Dahl"), meeting.id, item.id, HERE, seen=1)
    desk.amend(town.asked("Henrik Dahl"), meeting.id, item.id, HERE, seen=2)
    assert town.office.minutes.of_case(town.asked("Lone Ager"), meeting.id, item.id).version == 3


@pytest.mark.rule("A7", "D40")
@pytest.mark.parametrize(
    ("language", "elsewhere"), [("da", "Alt andet skal i udvalget igen"), ("en", "Anything else")]
)
def test_the_form_says_where_everything_else_goes_and_the_note_is_the_minutes_themselves(
    town: OfficeTown, language: str, elsewhere: str
) -> None:
    meeting, item = held(town)
    words, rules = texts(language), town.house.rules.on(meeting.day)
    view = town.office.amendments.form(town.asked("Lone Ager"), meeting.id, item.id)
    form = views.form(words, rules, view, meta="{}")
    assert elsewhere in readable(form)
    assert sum(b["type"] == "input" for b in form["blocks"]) == 5
    found = town.office.minutes.of_case(town.asked("Maja Holm"), meeting.id, item.id)
    paragraphs = minutes_views.case_minutes(words, rules, found)
    note = town.office.amendments.note_of(town.asked("Maja Holm", once=False), meeting.id, item.id)
    (field,) = views.note_form(words, paragraphs, note, presentation=item.id, meta="{}")["blocks"]
    note = field["element"]["initial_value"]
    assert "Ad 1." in note
    assert "*" not in note


@pytest.mark.rule("D40", "R011")
def test_the_note_of_approved_minutes_is_ticked_as_journaled_by_whoever_answers_for_the_case(
    town: OfficeTown,
) -> None:
    meeting, item = held(town)
    desk = town.office.amendments
    assert desk.note_of(town.asked("Maja Holm", once=False), meeting.id, item.id).may_mark
    with pytest.raises(NotForYou):
        desk.journaled(town.asked("Lone Ager"), meeting.id, item.id)
    desk.journaled(town.asked("Maja Holm"), meeting.id, item.id)
    note = desk.note_of(town.asked("Maja Holm", once=False), meeting.id, item.id)
    assert (note.journaled, note.may_mark) == (True, False)
    assert desk.journaled(town.asked("Maja Holm"), meeting.id, item.id).journaled, "twice changes nothing"
    for language, mark in (("da", "Markeret som journaliseret"), ("en", "journaled")):
        form = views.note_form(texts(language), [], note, presentation=item.id, meta="{}")
        assert mark in readable(form["blocks"])
    with town.work() as work:
        assert [e.act for e in work.journal.of_case(item.case_id)].count("note_journaled") == 1

    desk.amend(town.asked("Lone Ager"), meeting.id, item.id, replace(HERE, participation="declined"), seen=1)
    again = desk.note_of(town.asked("Maja Holm", once=False), meeting.id, item.id)
    assert (again.journaled, again.may_mark) == (False, True), "the corrected version is a note of its own"

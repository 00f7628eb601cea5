"""Each place where a use case asks who may: by whom it is asked in vain, and what they meet.

A row is named after its place (`tests/access/sites.py`); whoever writes a new check writes its row here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import time
from typing import Any

from bot.domain.case import CaseNotFound
from bot.domain.committee import SeatKind
from bot.domain.meeting import Disqualified, NotAMember
from bot.domain.people import NoRole, NotForYou, Person, Post, Role
from tests.access.world import (
    ALI,
    ALI_WITH_ALL,
    CHAIR,
    DAY,
    ELSEWHERE,
    JENS,
    LEADER,
    LEADERS,
    LISE,
    MAJA,
    MANAGES,
    NOBODY,
    ONLY_LENT,
    OUTSIDER,
    OWN,
    RUNS,
    World,
    but,
    holding,
)

Ask = Callable[[Any, Any, World], Any]


@dataclass(frozen=True)
class Row:
    place: str
    who: Person
    meets: Any  # a refusal, by its name where it is not imported; or what is answered
    ask: Ask


def row(place: str, who: Person, meets: Any, ask: Ask) -> Row:
    return Row(place, who, meets, ask)


ADMIN, DPO = Role.ADMINISTRATOR, Role.DPO
NO_CASEWORKER_ANY_MORE = holding(Post(Role.EVALUATOR), id=ALI)
READS_NOTHING = holding(Post(Role.CASEWORKER, "youth"))
SOCIAL_COLLEAGUE = holding(Post(Role.CASEWORKER, "social"))
CHAIR_LEADING_ELSEWHERE = holding(Post(Role.CHAIR), Post(Role.AREA_LEADER, "youth"))
NOT_MINE_ANY_MORE = holding(Post(Role.EVALUATOR), id=MAJA)
MANAGER = holding(Post(Role.COMMITTEE_MEMBER), id=MANAGES)
FORMER_AND_LEADER = holding(Post(Role.CASEWORKER, "social"), Post(Role.AREA_LEADER, "social"), id=MAJA)
LENT_CHAIR = holding(lent=(Post(Role.CHAIR),))
HEAD = holding(Post(Role.DEPARTMENT_HEAD, "social"))
SECRETARY = holding(Post(Role.SECRETARY))
OF_ANOTHER = tuple(Post(role, committee="another") for role in RUNS)
RUNS_ANOTHER = holding(*OF_ANOTHER)
OWN_AND_RUNS_ANOTHER = holding(Post(Role.CASEWORKER, "social"), *OF_ANOTHER, id=MAJA)
LISE_LEADS = holding(Post(Role.AREA_LEADER, "youth"), id=LISE)
NUMBER = "S2026-123456"

ROLES = [
    row("absences.Absences.allow_deputies/require", but(ADMIN), NotForYou, lambda o, a, w: o.absences.allow_deputies(a, MAJA, ())),
    row("absences.Absences.allowed_deputies/require", but(ADMIN), NotForYou, lambda o, a, w: o.absences.allowed_deputies(a, MAJA)),
    row("absences._wish_to_answer/require", but(*LEADERS), NotForYou, lambda o, a, w: o.absences.wish(a, "never")),
    row("agendas.Agendas.desk/require", but(*RUNS), NotForYou, lambda o, a, w: o.agendas.desk(a)),
    row("agendas.Agendas.desk_with/require", but(*RUNS), NotForYou, lambda o, a, w: o.agendas.desk_with(a, w.on_item)),
    row("agendas.Agendas._to_arrange/require", OWN_AND_RUNS_ANOTHER, NotForYou, lambda o, a, w: o.agendas.add(a, w.on_item, w.meeting)),
    row("tools.meeting_run_by/NotHere", RUNS_ANOTHER, "NotHere", lambda o, a, w: o.meetings.get(a, w.meeting)),
    row("follow_ups.FollowUps.answer_new_date/require", OWN_AND_RUNS_ANOTHER, NotForYou, lambda o, a, w: o.follow_ups.answer_new_date(a, w.on_item, w.meeting)),
    row("second_thoughts.SecondThoughts.taken_off/require#2", OWN_AND_RUNS_ANOTHER, NotForYou, lambda o, a, w: o.second_thoughts.taken_off(a, w.on_item)),
    row("urgent._brought_to_chair/CaseNotFound", OWN_AND_RUNS_ANOTHER, CaseNotFound, lambda o, a, w: o.urgent.can_wait(a, w.hurried, reason="other")),
    row("amendments._to_amend/require", but(*RUNS), NotForYou, lambda o, a, w: o.amendments.form(a, w.approved, w.item)),
    row("calendars.Calendars._set_token/require", but(*RUNS, ADMIN), NotForYou, lambda o, a, w: o.calendars.give_address(a)),
    row("cases.Cases.register/require", but(Role.CASEWORKER, *LEADERS), NotForYou, lambda o, a, w: o.cases.register(a, reference=NUMBER, band=None, alias="x", area="social")),
    row("closings.Closings.close_by_agreement/require", but(*LEADERS), NotForYou, lambda o, a, w: o.closings.close_by_agreement(a, "never")),
    row("common_practice.CommonPractice.show/NoRole", NOBODY, NoRole, lambda o, a, w: o.common_practice.show(a)),
    row("common_practice.CommonPractice.versions/NoRole", NOBODY, NoRole, lambda o, a, w: o.common_practice.versions(a, "x")),
    row("common_practice.CommonPractice.write/require", but(*RUNS), NotForYou, lambda o, a, w: o.common_practice.write(a, topic="x", text="Vi aftaler mere.")),
    row("emergencies.Emergencies.open/require", holding(Post(DPO), Post(ADMIN), Post(Role.EVALUATOR)), NotForYou, lambda o, a, w: o.emergencies.open(a, w.key, "Ringer fra skadestuen nu, 42 ord")),
    row("emergencies._expect_answers/NotForYou", READS_NOTHING, NotForYou, lambda o, a, w: o.emergencies.list(a)),
    row("looks.Looks.of_case/require", but(DPO), NotForYou, lambda o, a, w: o.looks.of_case(a, w.key)),
    row("meetings.Meetings.coming/require", but(*RUNS), NotForYou, lambda o, a, w: o.meetings.coming(a)),
    row("meetings.Meetings.get/require", but(*RUNS), NotForYou, lambda o, a, w: o.meetings.get(a, w.meeting)),
    row("meetings.Meetings._ahead/require", but(*RUNS), NotForYou, lambda o, a, w: o.meetings.cancel(a, w.meeting, reason="other")),
    row("meetings.Meetings._to_undo/require", but(*RUNS), NotForYou, lambda o, a, w: o.meetings.undo_move(a, w.meeting)),
    row("meetings.extra_meeting/require", but(*RUNS), NotForYou, lambda o, a, w: o.meetings.add_extra(a, day=w.town.today + DAY, starts=time(11), minutes=60)),
    row("minutes._readable/NotForYou", ELSEWHERE, NotForYou, lambda o, a, w: o.minutes.show(a, w.approved)),
    row("minutes._check_approval/NotForYou", OWN, NotForYou, lambda o, a, w: o.minutes.approve(a, w.waiting)),
    row("minutes._check_approval/OwnMinutes", SECRETARY, "OwnMinutes", lambda o, a, w: o.minutes.approve(a, w.waiting)),
    row("outbox.Outbox.place_again/require", but(ADMIN, Role.SECRETARY), NotForYou, lambda o, a, w: o.outbox.place_again(a, "C1")),
    row("outbox.Outbox.seen/require", but(ADMIN, Role.SECRETARY), NotForYou, lambda o, a, w: o.outbox.seen(a)),
    row("outbox.Outbox.take_up/require", but(ADMIN, Role.SECRETARY), NotForYou, lambda o, a, w: o.outbox.take_up(a, "never")),
    row("outbox.Outbox.give_up/require", but(ADMIN, Role.SECRETARY), NotForYou, lambda o, a, w: o.outbox.give_up(a, "never")),
    row("calling.Calling.choices/require", but(Role.CHAIR), NotForYou, lambda o, a, w: o.calling.choices(a)),
    row("calling.Calling.come/NotAMember", READS_NOTHING, "NotAMember", lambda o, a, w: o.calling.come(a, w.meeting)),
    row("leader_conflicts.LeaderConflicts.leave/require", but(*LEADERS), NotForYou, lambda o, a, w: o.leader_conflicts.leave(a, "never")),
    row("people.People.give_posts/require", but(ADMIN), NotForYou, lambda o, a, w: o.people.give_posts(a, (MAJA,), frozenset({Post(Role.CHAIR)}), {MAJA: "Maja Holm"}, keep=True)),
    row("people.People.undo_posts/require", but(ADMIN), NotForYou, lambda o, a, w: o.people.undo_posts(a, a.at)),
    row("people.People.posts_of/require", but(ADMIN), NotForYou, lambda o, a, w: o.people.posts_of(a, MAJA)),
    row("posts.Posts.preview/require", but(*RUNS), NotForYou, lambda o, a, w: o.posts.preview(a, w.meeting)),
    row("posts.Posts.again/require", but(*RUNS), NotForYou, lambda o, a, w: o.posts.again(a, w.meeting)),
    row("referrals.Referrals._to_settle/require", but(*LEADERS), NotForYou, lambda o, a, w: o.referrals.refer(a, "never", collector=None, meeting_id=None)),
    row("reopening._to_reopen/require", but(*LEADERS), NotForYou, lambda o, a, w: o.reopening.open(a, "never")),
    row("second_thoughts.SecondThoughts.taken_off/require", but(*RUNS), NotForYou, lambda o, a, w: o.second_thoughts.taken_off(a, "never")),
    row("reports.Reports.mine/NotForYou", READS_NOTHING, NotForYou, lambda o, a, w: o.reports.mine(a)),
    row("reports.Reports.open/NotForYou", READS_NOTHING, NotForYou, lambda o, a, w: o.reports.open(a, _a_report())),
    row("in_force.InForceNow.settings/require", but(DPO), NotForYou, lambda o, a, w: o.in_force.settings(a)),
    row("in_force.InForceNow.assessment/require", but(DPO), NotForYou, lambda o, a, w: o.in_force.assessment(a)),
    row("retention.Retention.due/require", but(DPO), NotForYou, lambda o, a, w: o.retention.due(a)),
    row("retention.Retention.anonymise/require", but(DPO), NotForYou, lambda o, a, w: o.retention.anonymise(a, (w.case,))),
    row("retention.Retention.hold/require", but(DPO), NotForYou, lambda o, a, w: o.retention.hold(a, w.key, reason="complaint")),
    row("retention.Retention.release/require", but(DPO), NotForYou, lambda o, a, w: o.retention.release(a, w.case)),
    row("sessions.Sessions.reopen/require", but(*RUNS), NotForYou, lambda o, a, w: o.sessions.reopen(a, "never")),
    row("sessions._to_hold/require", but(*RUNS), NotForYou, lambda o, a, w: o.sessions.beginning(a, w.meeting)),
    row("sessions._in_session/require", but(*RUNS), NotForYou, lambda o, a, w: o.sessions.resume(a, w.session)),
    row("setup.Setup.committee/require", but(ADMIN), NotForYou, lambda o, a, w: o.setup.committee(a)),
    row("setup.Setup.save_committee/require", but(ADMIN), NotForYou, lambda o, a, w: o.setup.save_committee(a, None)),
    row("setup.Setup.choose_channel/require", but(ADMIN), NotForYou, lambda o, a, w: o.setup.choose_channel(a, "C1")),
    row("setup.Setup.roster/require", but(ADMIN), NotForYou, lambda o, a, w: o.setup.roster(a)),
    row("setup.Setup.seat/require", but(ADMIN), NotForYou, lambda o, a, w: o.setup.seat(a, MAJA, "Maja Holm", kind=SeatKind.CASEWORKER, area="social", alternate=False)),
    row("setup.Setup.unseat/require", but(ADMIN), NotForYou, lambda o, a, w: o.setup.unseat(a, "never")),
    row("setup.Setup.send_again/require", but(ADMIN, Role.SECRETARY), NotForYou, lambda o, a, w: o.setup.send_again(a)),
    row("substitutes.Substitutes.sick_form/require", but(*LEADERS), NotForYou, lambda o, a, w: o.substitutes.sick_form(a, None)),
    row("substitutes.Substitutes.sick/require", but(*LEADERS), NotForYou, lambda o, a, w: o.substitutes.sick(a, MAJA, substitute=ALI, last=w.town.today)),
    row("trimming.Trimming.due/require", but(DPO), NotForYou, lambda o, a, w: o.trimming.due(a)),
    row("watchkeeping.Watchkeeping.checks/require", but(ADMIN), NotForYou, lambda o, a, w: o.watchkeeping.checks(a)),
    row("urgent.Urgent.undo/require", but(Role.CHAIR), NotForYou, lambda o, a, w: o.urgent.undo(a, "never")),
    row("urgent.Urgent.of/require", but(Role.CHAIR), NotForYou, lambda o, a, w: o.urgent.of(a, w.hurried)),
    row("urgent.Urgent._to_choose/require", but(Role.CHAIR), NotForYou, lambda o, a, w: o.urgent.can_wait(a, w.hurried, reason="other")),
]  # fmt: skip
"""Whoever lacks the role has every other, in every area, so that nothing else stops them."""

HIDDEN = [
    row("adjustments.Adjustments.adjustable/seen_among", ONLY_LENT, [], lambda o, a, w: o.adjustments.adjustable(a)),
    row("adjustments._own_active/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.adjustments.begin(a, w.case)),
    row("advisory.Advisory._to_settle/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.advisory.follow(a, w.item)),
    row("agenda_facts.my_agenda/seen_among", NOT_MINE_ANY_MORE, (), lambda o, a, w: o.agendas.mine(a, w.meeting).lines),
    row("agendas.Agendas.open_item/case_for", ELSEWHERE, CaseNotFound, lambda o, a, w: o.agendas.open_item(a, w.on_item)),
    row("agendas.Agendas.confirm_mandate/case_for", ELSEWHERE, CaseNotFound, lambda o, a, w: o.agendas.confirm_mandate(a, w.on_item)),
    row("agendas.Agendas.declare_conflict/case_for", ELSEWHERE, CaseNotFound, lambda o, a, w: o.agendas.declare_conflict(a, w.on_item)),
    row("agendas.Agendas.undo_conflict/case_for", ELSEWHERE, CaseNotFound, lambda o, a, w: o.agendas.undo_conflict(a, w.on_item)),
    row("agendas.Agendas._to_arrange/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.agendas.add(a, w.item, w.meeting)),
    row("agendas._standing/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.agendas.open_item(a, w.item)),
    row("amendments._note_of/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.amendments.note_of(a, w.approved, w.item)),
    row("amendments._to_amend/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.amendments.form(a, w.approved, w.item)),
    row("anchorings.Anchorings.form/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.anchorings.form(a, w.case)),
    row("anchorings.Anchorings.assess/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.anchorings.assess(a, w.case, chosen=(), area="youth", reason=None)),
    row("ballot_facts.ballots_part/seen_by", MANAGER, None, lambda o, a, w: _part(o, a, w, "ballots")),
    row("ballots.Ballots.form/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.ballots.form(a, w.item)),
    row("ballots.Ballots.approve/case_for", ELSEWHERE, CaseNotFound, lambda o, a, w: o.ballots.approve(a, w.ballot)),
    row("ballots._mine_or_run/case_for", ELSEWHERE, CaseNotFound, lambda o, a, w: o.ballots.open(a, w.ballot)),
    row("briefings.Briefings.read/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.briefings.read(a, w.item)),
    row("cases.Cases.add_reference/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.cases.add_reference(a, w.case, area="social", text=NUMBER)),
    row("cases.Cases.cancel/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.cases.cancel(a, w.case, reason="other")),
    row("cases.Cases.get/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.cases.get(a, w.case)),
    row("cases.Cases.find/found_by", OUTSIDER, [], lambda o, a, w: o.cases.find(a, w.alias)),
    row("cases.Cases.mine/seen_among", NOT_MINE_ANY_MORE, [], lambda o, a, w: o.cases.mine(a)),
    row("cases.Cases.show/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.cases.show(a, w.case)),
    row("cases.Cases.show_number/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.cases.show_number(a, w.case)),
    row("closings.Closings.open/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.closings.open(a, w.case)),
    row("closings.Closings.of/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.closings.of(a, w.item)),
    row("closings.Closings.take_back/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.closings.take_back(a, w.item)),
    row("closings.Closings.close_by_agreement/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.closings.close_by_agreement(a, w.case)),
    row("closings.Closings.answer/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.closings.answer(a, "after-hidden", "holds")),
    row("closings.Closings.asked_after/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.closings.asked_after(a, "after-hidden")),
    row("closings._own_active/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.closings.ask(a, w.case, None)),
    row("conversation.Conversation.meant_use/CaseNotFound", ELSEWHERE, CaseNotFound, lambda o, a, w: o.conversation.meant_use(a, "meant")),
    row("conversation._named/found_by", OUTSIDER, [], lambda o, a, w: _named(w, a, w.alias)),
    row("conversation._named/visible", OUTSIDER, [], lambda o, a, w: _named(w, a, f"{w.alias[:-1]}x")),
    row("decided._outcome/seen_by", OUTSIDER, False, lambda o, a, w: _told(w, a, "decided", w.case, meeting=w.approved, presentation=w.item).facts.items[0].sees),
    row("gatherings._tell_advice/case_of", ELSEWHERE, None, lambda o, a, w: _told(w, a, "advice", w.closed, advice="advice-closed")),
    row("emergencies.Emergencies.looked_through/CaseNotFound", ELSEWHERE, CaseNotFound, lambda o, a, w: o.emergencies.looked_through(a, "door-hidden")),
    row("follow_ups.FollowUps.answer_new_date/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.follow_ups.answer_new_date(a, w.item, w.meeting)),
    row("follow_ups._mine/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.follow_ups.open(a, w.item)),
    row("follow_ups.waiting_wishes/seen_by", ELSEWHERE, [], lambda o, a, w: _waiting_wishes(w, a)),
    row("frames.Frames.usable_called/found_by", ONLY_LENT, [], lambda o, a, w: o.frames.usable_called(a, (w.alias,))[w.alias]),
    row("frames.Frames.show/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.frames.show(a, w.case)),
    row("frames._to_book/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.frames.form(a, w.case)),
    row("frames._found/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.frames.entry(a, w.entry)),
    row("gatherings._to_record/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.gatherings.open(a, "gathering-hidden")),
    row("gatherings._own/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.gatherings.case(a, w.case)),
    row("gatherings._to_answer/CaseNotFound", OWN, CaseNotFound, lambda o, a, w: o.gatherings.open_advice(a, "advice-social")),
    row("gatherings._to_answer/case_for", ELSEWHERE, CaseNotFound, lambda o, a, w: o.gatherings.open_advice(a, "advice-closed")),
    row("habits.Habits.mark/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.habits.mark(a, w.case, None)),
    row("handovers.Handovers.people_form/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.handovers.people_form(a, w.case, group=False)),
    row("handovers.Handovers.set_contacts/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.handovers.set_contacts(a, w.case, ())),
    row("handovers.Handovers.accept/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.handovers.accept(a, w.case)),
    row("handovers.Handovers.card/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.handovers.card(a, w.case)),
    row("handovers.Handovers.people/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.handovers.people(a, w.case)),
    row("handovers._to_bring/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.handovers.change_form(a, w.case)),
    row("item_questions._to_ask/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.item_questions.form(a, w.item)),
    row("item_questions._to_answer/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.item_questions.answer_form(a, w.item)),
    row("looks.Looks.holdings/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.looks.holdings(a, w.key)),
    row("minutes.Minutes.of_case/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.minutes.of_case(a, w.approved, w.item)),
    row("minutes.minutes_view/seen_by", OUTSIDER, (), lambda o, a, w: o.minutes.show(a, w.approved).lines),
    row("minutes.minutes_view/seen_by#2", OUTSIDER, (), lambda o, a, w: o.minutes.show(a, w.approved).ended),
    row("notes.Notes.newest/case_for", ELSEWHERE, CaseNotFound, lambda o, a, w: o.notes.newest(a, w.quiet)),
    row("notes.Notes._opened/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.notes.show(a, w.seq)),
    row("notes.missing_notes/seen_among", NOT_MINE_ANY_MORE, [], lambda o, a, w: o.notes.missing(a)),
    row("passages.Passages.add/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.passages.add(a, w.case, code=None, month=None)),
    row("passages.Passages.save_birth_month/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.passages.save_birth_month(a, w.case, year=None, month=None)),
    row("passages.Passages.case_of/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.passages.case_of(a, w.case)),
    row("passages._found/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.passages.open(a, "transition-hidden")),
    row("plan_sheets.PlanSheets.sheet/found_by", OUTSIDER, CaseNotFound, lambda o, a, w: o.plan_sheets.sheet(a, w.key)),
    row("plans.Plans.show/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.plans.show(a, w.case)),
    row("plans.Plans.add_document/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.plans.add_document(a, w.case, code="plan", area="youth", text=NUMBER)),
    row("plans.Plans.remove_document/case_for", SOCIAL_COLLEAGUE, CaseNotFound, lambda o, a, w: o.plans.remove_document(a, "document-hidden")),
    row("readiness.Readiness.show/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.readiness.show(a, w.item)),
    row("readiness.Readiness.answer_proposal/was_asked", OUTSIDER, CaseNotFound, lambda o, a, w: o.readiness.answer_proposal(a, w.item, yes=True)),
    row("readiness.Readiness._to_edit/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.readiness.mark_ready(a, w.item)),
    row("referrals.Referrals.request/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.referrals.request(a, w.case, None)),
    row("referrals.Referrals.undo/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.referrals.undo(a, w.item)),
    row("referrals.Referrals.answer_missing/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.referrals.answer_missing(a, w.item, answered=())),
    row("referrals.Referrals.withdraw/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.referrals.withdraw(a, w.item, reason="other")),
    row("referrals.Referrals.raise_doubt/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.referrals.raise_doubt(a, w.case)),
    row("referrals.Referrals._to_settle/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.referrals.refer(a, w.requested, collector=None, meeting_id=None)),
    row("referrals._seen/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.referrals.open(a, w.item)),
    row("reopening._to_reopen/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.reopening.open(a, w.case)),
    row("second_thoughts.SecondThoughts.ready/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.second_thoughts.ready(a, w.item)),
    row("second_thoughts.SecondThoughts.proposal/was_asked", OUTSIDER, CaseNotFound, lambda o, a, w: o.second_thoughts.proposal(a, w.item)),
    row("second_thoughts.SecondThoughts.new_date/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.second_thoughts.new_date(a, w.item)),
    row("second_thoughts.SecondThoughts.date_wish/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.second_thoughts.date_wish(a, w.item)),
    row("second_thoughts.SecondThoughts.frame_wish/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.second_thoughts.frame_wish(a, w.item)),
    row("second_thoughts.SecondThoughts.referral/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.second_thoughts.referral(a, w.item)),
    row("second_thoughts.SecondThoughts.taken_off/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.second_thoughts.taken_off(a, w.item)),
    row("second_thoughts.SecondThoughts.missing/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.second_thoughts.missing(a, w.item)),
    row("second_thoughts.SecondThoughts.leader_conflict/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.second_thoughts.leader_conflict(a, w.item)),
    row("second_thoughts.SecondThoughts.consent/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.second_thoughts.consent(a, w.case)),
    row("second_thoughts.SecondThoughts.company/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.second_thoughts.company(a, w.item)),
    row("second_thoughts.SecondThoughts.after_closing/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.second_thoughts.after_closing(a, "after-hidden")),
    row("sessions.Sessions._keep/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.sessions.keep(a, w.session, w.item, None, seen=0)),
    row("sessions.Sessions._overview/case_for", ELSEWHERE, CaseNotFound, lambda o, a, w: _in_the_session(o, w, a, "_overview")),
    row("sessions._jumps/case_for", ELSEWHERE, CaseNotFound, lambda o, a, w: _in_the_session(o, w, a, "_jumps")),
    row("substitutes.Substitutes.end/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.substitutes.end(a, w.case)),
    row("substitutes._to_arrange/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.substitutes.form(a, w.case)),
    row("leader_conflicts.LeaderConflicts.leave/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.leader_conflicts.leave(a, w.requested)),
    row("company.brought_along/seen_among", NO_CASEWORKER_ANY_MORE, None, lambda o, a, w: _part(o, a, w, "along")),
    row("missing_again._to_take/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.missing_again.form(a, w.item)),
    row("company._to_present/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.company.form(a, w.requested)),
    row("target_group._to_choose/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.target_group.no_plan(a, w.case, reason=None, on=w.town.today)),
    row("tasks.Tasks.start/CaseNotFound", ELSEWHERE, CaseNotFound, lambda o, a, w: o.tasks.start(a, "task", None)),
    row("tasks._of_mine/CaseNotFound", ELSEWHERE, CaseNotFound, lambda o, a, w: o.tasks.show(a, "task")),
    row("tools.case_for/seen_by", OUTSIDER, CaseNotFound, lambda o, a, w: o.cases.get(a, w.case)),
    row("tools.was_asked/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.readiness.answer_proposal(a, w.item, yes=True)),
    row("two_chairs.TwoChairs.date_choices/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.two_chairs.date_choices(a, w.case)),
    row("two_chairs.TwoChairs.set_next_date/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.two_chairs.set_next_date(a, w.case, w.meeting)),
    row("two_chairs._to_give_a_payer/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.two_chairs.payer_choices(a, w.case)),
    row("two_chairs.my_alarms/seen_by", HEAD, (), lambda o, a, w: _part(o, a, w, "alarms").lines),
    row("todays.long_overdue/seen_by", LENT_CHAIR, (), lambda o, a, w: _long_overdue(o, a, w)),
    row("urgent.Urgent.ask/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.urgent.ask(a, w.item, reason="housing")),
    row("urgent.Urgent.take_back/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.urgent.take_back(a, w.item)),
    row("urgent._brought_to_chair/case_for", OUTSIDER, CaseNotFound, lambda o, a, w: o.urgent.can_wait(a, w.item, reason="other")),
]  # fmt: skip
"""Whoever may not see the case meets what meets whoever asks for one that is not there."""

NOT_THEIRS = [
    row("absences._wish_to_answer/NotForYou", ELSEWHERE, NotForYou, lambda o, a, w: o.absences.wish(a, w.wish)),
    row("adjustments._own_active/OnlyFixedCaseworker", LEADER, "OnlyFixedCaseworker", lambda o, a, w: o.adjustments.begin(a, w.case)),
    row("advisory.Advisory._to_settle/NotForYou", but(*LEADERS), NotForYou, lambda o, a, w: o.advisory.follow(a, w.on_item)),
    row("advisory.Advisory._to_settle/AlreadySettled", LEADER, "AlreadySettled", lambda o, a, w: o.advisory.follow(a, w.on_item)),
    row("agendas.Agendas.open_item/Disqualified", but(), Disqualified, lambda o, a, w: o.agendas.open_item(a, w.conflicted)),
    row("agendas.Agendas.stand_in/NotAMember", OUTSIDER, NotAMember, lambda o, a, w: o.agendas.stand_in(a, w.meeting, ALI, yes=True)),
    row("agendas.Agendas._confirm/Disqualified", ALI_WITH_ALL, Disqualified, lambda o, a, w: o.agendas.confirm_mandate(a, w.conflicted)),
    row("agendas.Agendas._member/NotAMember", but(), NotAMember, lambda o, a, w: o.agendas.confirm_mandate(a, w.on_item)),
    row("amendments.Amendments.journaled/NotForYou", but(), NotForYou, lambda o, a, w: o.amendments.journaled(a, w.approved, w.item)),
    row("anchorings.Anchorings.assess/NotForYou", CHAIR, NotForYou, lambda o, a, w: o.anchorings.assess(a, w.on, chosen=(), area="youth", reason=None)),
    row("ballots.Ballots.approve/NotForYou", LEADER, NotForYou, lambda o, a, w: o.ballots.approve(a, w.ballot)),
    row("ballots._mine_or_run/NotAsked", LEADER, "NotAsked", lambda o, a, w: o.ballots.open(a, w.ballot)),
    row("ballots._refuse_disqualified/Disqualified", ALI_WITH_ALL, Disqualified, lambda o, a, w: o.ballots.approve(a, w.disqualified_ballot)),
    row("ballots._seat/NotAsked", SECRETARY, "NotAsked", lambda o, a, w: o.ballots.declare_conflict(a, w.ballot)),
    row("briefings.Briefings.read/NotAMember", but(), NotAMember, lambda o, a, w: o.briefings.read(a, w.written_brief)),
    row("cases.Cases.add_reference/AreaMissing", CHAIR, "AreaMissing", lambda o, a, w: o.cases.add_reference(a, w.on, area="social", text=NUMBER)),
    row("cases.Cases.cancel/NotForYou", CHAIR, NotForYou, lambda o, a, w: o.cases.cancel(a, w.on, reason="other")),
    row("closings.Closings.take_back/NotForYou", LEADER, NotForYou, lambda o, a, w: o.closings.take_back(a, w.item)),
    row("closings.Closings.close_by_agreement/NotForYou", LEADER, NotForYou, lambda o, a, w: o.closings.close_by_agreement(a, w.case)),
    row("closings.Closings.answer/NotForYou", CHAIR, NotForYou, lambda o, a, w: o.closings.answer(a, "after-seen", "holds")),
    row("closings._own_active/NotForYou", LEADER, NotForYou, lambda o, a, w: o.closings.ask(a, w.case, None)),
    row("follow_ups._mine/NotForYou", LEADER, NotForYou, lambda o, a, w: o.follow_ups.open(a, w.item)),
    row("frames._to_book/OnlyFixedCaseworker", LEADER, "OnlyFixedCaseworker", lambda o, a, w: o.frames.form(a, w.case)),
    row("gatherings._to_record/NotForYou", LEADER, NotForYou, lambda o, a, w: o.gatherings.open(a, "gathering-hidden")),
    row("gatherings._own/NotForYou", LEADER, NotForYou, lambda o, a, w: o.gatherings.case(a, w.case)),
    row("handovers._to_bring/NotForYou", CHAIR, NotForYou, lambda o, a, w: o.handovers.change_form(a, w.on)),
    row("handovers._own/NotForYou", LEADER, NotForYou, lambda o, a, w: o.handovers.people_form(a, w.case, group=False)),
    row("item_questions._to_ask/Disqualified", ALI_WITH_ALL, Disqualified, lambda o, a, w: o.item_questions.form(a, w.conflicted)),
    row("item_questions._to_ask/NotAMember", CHAIR, NotAMember, lambda o, a, w: o.item_questions.form(a, w.on_item)),
    row("item_questions._to_answer/NotForYou", CHAIR, NotForYou, lambda o, a, w: o.item_questions.answer_form(a, w.on_item)),
    row("looks._own/NotForYou", LISE_LEADS, NotForYou, lambda o, a, w: o.looks.sample(a, "sample")),
    row("passages.Passages.tick/NotForYou", CHAIR, NotForYou, lambda o, a, w: o.passages.tick(a, "transition-seen", ())),
    row("passages.Passages.add/NotForYou", LEADER, NotForYou, lambda o, a, w: o.passages.add(a, w.case, code=None, month=None)),
    row("passages.Passages.save_birth_month/NotForYou", LEADER, NotForYou, lambda o, a, w: o.passages.save_birth_month(a, w.case, year=None, month=None)),
    row("plans.Plans.add_document/AreaMissing", CHAIR, "AreaMissing", lambda o, a, w: o.plans.add_document(a, w.on, code="plan", area="social", text=NUMBER)),
    row("plans.Plans.remove_document/DocumentGone", CHAIR, "DocumentGone", lambda o, a, w: o.plans.remove_document(a, "document-seen")),
    row("readiness.Readiness.answer_proposal/AlreadySettled", LEADER, "AlreadySettled", lambda o, a, w: o.readiness.answer_proposal(a, w.on_item, yes=True)),
    row("readiness.Readiness.yes_on_behalf/NotForYou", OWN, NotForYou, lambda o, a, w: o.readiness.yes_on_behalf(a, w.on_item)),
    row("readiness.Readiness.mark_ready/NotForYou", OWN, NotForYou, lambda o, a, w: o.readiness.mark_ready(a, w.on_item)),
    row("readiness.Readiness._to_edit/NotForYou", CHAIR, NotForYou, lambda o, a, w: o.readiness.save_areas(a, w.on_item, status={}, ticks=())),
    row("referrals.Referrals.undo/TooLateToUndo", LEADER, "TooLateToUndo", lambda o, a, w: o.referrals.undo(a, w.requested)),
    row("referrals.Referrals.request/NotForYou", CHAIR, NotForYou, lambda o, a, w: o.referrals.request(a, w.on, None)),
    row("referrals.Referrals.answer_missing/NotForYou", CHAIR, NotForYou, lambda o, a, w: o.referrals.answer_missing(a, w.on_item, answered=())),
    row("referrals.Referrals.raise_doubt/NotForYou", LEADER, NotForYou, lambda o, a, w: o.referrals.raise_doubt(a, w.case)),
    row("referrals.Referrals._to_settle/NotForYou", CHAIR_LEADING_ELSEWHERE, NotForYou, lambda o, a, w: o.referrals.refer(a, w.on_item, collector=None, meeting_id=None)),
    row("referrals.Referrals._to_settle/OwnRequest", LEADER, "OwnRequest", lambda o, a, w: o.referrals.refer(a, w.own_request, collector=None, meeting_id=None)),
    row("referrals.Referrals._to_settle/LeaderConflicted", LEADER, "LeaderConflicted", lambda o, a, w: o.referrals.refer(a, w.left_request, collector=None, meeting_id=None)),
    row("reopening._to_reopen/NotForYou", CHAIR_LEADING_ELSEWHERE, NotForYou, lambda o, a, w: o.reopening.open(a, w.on)),
    row("reopening.Reopening.reopen/OwnRequest", FORMER_AND_LEADER, "OwnRequest", lambda o, a, w: o.reopening.reopen(a, w.closed, reason="other", presenter=None, wish=None)),
    row("second_thoughts.SecondThoughts.ready/TooLateToUndo", LEADER, "TooLateToUndo", lambda o, a, w: o.second_thoughts.ready(a, w.ready)),
    row("second_thoughts.SecondThoughts.tick/TooLateToUndo", ELSEWHERE, "TooLateToUndo", lambda o, a, w: o.second_thoughts.tick(a, "task")),
    row("second_thoughts.SecondThoughts.new_date/TooLateToUndo", LEADER, "TooLateToUndo", lambda o, a, w: o.second_thoughts.new_date(a, w.on_item)),
    row("second_thoughts.SecondThoughts.stand_in/TooLateToUndo", LEADER, "TooLateToUndo", lambda o, a, w: o.second_thoughts.stand_in(a, w.meeting, ALI)),
    row("second_thoughts.SecondThoughts.after_closing/TooLateToUndo", LEADER, "TooLateToUndo", lambda o, a, w: o.second_thoughts.after_closing(a, "answered-seen")),
    row("second_thoughts.SecondThoughts.date_wish/TooLateToUndo", LEADER, "TooLateToUndo", lambda o, a, w: o.second_thoughts.date_wish(a, w.on_item)),
    row("second_thoughts.SecondThoughts.leader_conflict/NotForYou", CHAIR_LEADING_ELSEWHERE, NotForYou, lambda o, a, w: o.second_thoughts.leader_conflict(a, w.on_item)),
    row("second_thoughts.SecondThoughts.referral/NotForYou", CHAIR, NotForYou, lambda o, a, w: o.second_thoughts.referral(a, w.on_item)),
    row("sessions._expect_qualified/RecorderDisqualified", but(), "RecorderDisqualified", lambda o, a, w: o.sessions.keep(a, w.session, w.conflicted, None, seen=0)),
    row("substitutes.Substitutes.end/NotForYou", CHAIR, NotForYou, lambda o, a, w: o.substitutes.end(a, w.on)),
    row("substitutes._to_arrange/NotForYou", OWN, NotForYou, lambda o, a, w: o.substitutes.form(a, w.case)),
    row("leader_conflicts.LeaderConflicts.leave/NotForYou", CHAIR_LEADING_ELSEWHERE, NotForYou, lambda o, a, w: o.leader_conflicts.leave(a, w.on_item)),
    row("missing_again._to_take/NotForYou", OWN, NotForYou, lambda o, a, w: o.missing_again.form(a, w.item)),
    row("company._to_present/NotForYou", CHAIR, NotForYou, lambda o, a, w: o.company.form(a, w.on_item)),
    row("target_group._to_choose/NotForYou", CHAIR, NotForYou, lambda o, a, w: o.target_group.no_plan(a, w.on, reason=None, on=w.town.today)),
    row("two_chairs._may_mend/NotForYou", OWN, NotForYou, lambda o, a, w: o.two_chairs.date_choices(a, w.case)),
    row("two_chairs._to_give_a_payer/NotForYou", OWN, NotForYou, lambda o, a, w: o.two_chairs.payer_choices(a, w.case)),
    row("urgent.Urgent.ask/NotForYou", CHAIR, NotForYou, lambda o, a, w: o.urgent.ask(a, w.on_item, reason="housing")),
    row("urgent.Urgent.take_back/TooLateToUndo", LEADER, "TooLateToUndo", lambda o, a, w: o.urgent.take_back(a, w.hurried)),
    row("urgent.Urgent.undo/TooLateToUndo", CHAIR, "TooLateToUndo", lambda o, a, w: o.urgent.undo(a, w.chosen)),
    row("withdrawals.check_withdrawal/NotForYou", CHAIR, NotForYou, lambda o, a, w: o.referrals.withdraw(a, w.on_item, reason="other")),
    row("withdrawals.check_withdrawal/OwnDoubt", LEADER, "OwnDoubt", lambda o, a, w: o.referrals.withdraw(a, w.doubt, reason="other")),
]  # fmt: skip
"""Whoever sees the case, and is not the one who may do this."""

HOME = [
    row(f"{place}/home", who, None, lambda o, a, w, part=part: _part(o, a, w, part))
    for place, part, who in (
        ("handover_effect.coming_to_me", "coming", NO_CASEWORKER_ANY_MORE),
        ("homes.my_cases", "cases", NOT_MINE_ANY_MORE),
        ("homes.my_queue", "queue", but(*LEADERS)),
        ("looks.samples_part", "samples", holding(Post(Role.DEPUTY_LEADER, "social"), id=JENS)),
        ("looks.watch_part", "watch", but(DPO)),
        ("minutes.waiting_minutes", "minutes", holding(Post(Role.EVALUATOR), id=MANAGES)),
        ("outbox.unsent", "unsent", ELSEWHERE),
        ("todays.long_overdue", "long_overdue", but(Role.CHAIR)),
        ("passages.births_missing", "births", NOT_MINE_ANY_MORE),
        ("report_homes.frame_figures", "frames", but(Role.CONTROLLER)),
        ("retention.retention_part", "retention", but(DPO)),
        ("sessions.running_meetings", "session", but(*RUNS)),
        ("setup.admin_desk", "admin", but(ADMIN)),
        ("substitutes.standing_in", "standing", NO_CASEWORKER_ANY_MORE),
        ("substitutes.leaders_hands", "hands", but(*LEADERS)),
        ("watchkeeping.guard_part", "guard", but(DPO)),
        ("watchkeeping.pulse_part", "pulse", but(ADMIN)),
        ("two_chairs.my_alarms", "alarms", but(*LEADERS, Role.CHAIR, Role.DEPARTMENT_HEAD)),
    )
]
"""Whose Home has the part not."""

ROWS = (*ROLES, *HIDDEN, *NOT_THEIRS, *HOME)


def _a_report() -> Any:
    from bot.domain.report import ReportCode

    return next(iter(ReportCode))


def _reading(w: World) -> Any:
    return w.town.house.storage.open_reading(at=w.town.clock.at)


def _part(office: Any, asked: Any, w: World, name: str) -> Any:
    from bot.usecases.homes import PartAsked

    with _reading(w) as work:
        return office.homes.parts[name](PartAsked(work, asked, w.town.house.rules.on(w.town.today)))


def _named(w: World, asked: Any, text: str) -> Any:
    from bot.usecases.conversation import _named

    with _reading(w) as work:
        return _named(work, asked, text)


def _told(w: World, asked: Any, kind: str, case: str, **facts: str) -> Any:
    from bot.assembly import TELLERS
    from bot.domain.notices import Notice
    from bot.usecases.delivery import Telling

    with _reading(w) as work:
        notice = Notice("key", kind, asked.by.id, facts, case_id=case)
        return TELLERS[kind](Telling(work, notice, asked.by, asked.at))


def _waiting_wishes(w: World, asked: Any) -> Any:
    from bot.usecases.follow_ups import waiting_wishes

    with _reading(w) as work:
        return waiting_wishes(work, asked.by, asked.at, w.town.house.rules.on(asked.today))


def _long_overdue(office: Any, asked: Any, w: World) -> Any:
    return _part(office, asked, w, "long_overdue")


def _in_the_session(office: Any, w: World, asked: Any, name: str) -> Any:
    """What is drawn of the meeting's items, for somebody whom nothing stopped before it."""
    from bot.usecases import sessions

    with _reading(w) as work:
        meeting = work.meetings.get(w.meeting)
        if name == "_overview":
            return office.sessions._overview(work, asked, meeting)
        return sessions._jumps(work, asked, office.sessions._agenda(work, meeting))
